"""What two unrelated people would have scored: surrogates, effect sizes, p-values.

Three kinds of surrogates, all against the same null hypothesis (nothing that B does depends on A), all
leaving every window's own movement as it was:

* **segments** (the default): B's windows are dealt out to A's windows at random, after SUSY's segments
  (Tschacher & Meier 2020, 10.1080/10503307.2019.1612114). It needs no second dyad, and even one minute holds
  far more different deals than are drawn. Only windows that hold data of both are dealt: a gap that both
  share would otherwise meet movement, and chance would rest on more windows than the pair does.
* **circular**: B is shifted in a circle by more than the longest lag (Andrzejak et al. 2003,
  10.1103/PhysRevE.68.066202). It keeps the order of B's windows, but the shifts overlap: one minute with lags
  of ±2 s has only about 15 that differ, so that an unrelated pair beats them all, however many are drawn,
  once in 15 times or so. For long recordings without long gaps.
* **re-paired**: A with other dyads' B and the other way round (Ramseyer & Tschacher 2010,
  10.1007/978-3-642-12397-9_15). The strictest when there are many dyads in the same situation: it also
  removes what the situation makes everybody do.

The statistic is the height of the mean lag profile, max over lags of the mean Fisher z over windows. A grand
mean of |z| spreads one lag's evidence over all lags: it finds far less, and rises with the
autocorrelation of either series. Because the maximum is taken for every surrogate too, looking at many
lags is paid for. Windows do not overlap, so that dealing them out anew treats them as what they nearly are,
exchangeable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mirrorsync.errors import SeriesError
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.synchrony.dealing import dealt_profiles
from mirrorsync.synchrony.effect import effect_interval
from mirrorsync.synchrony.peaks import find_peak, mean_over_windows
from mirrorsync.types import FloatArray

__all__ = [
    "MIN_WINDOWS",
    "Kind",
    "Statistic",
    "SurrogateTest",
    "profile_power",
    "repaired_tests",
    "synchrony_test",
    "window_z",
]

Kind = Literal["segments", "circular", "re-paired"]
Statistic = Literal["peak", "mean_absolute"]

_ROUNDING = 1e-9  # differences below this are none

MIN_WINDOWS = 5  # fewer windows can be dealt out in fewer than 120 ways: too few for a p-value


@dataclass(frozen=True, slots=True)
class SurrogateTest:
    """How far a pair stands above chance.

    Attributes
    ----------
    observed, mean, sd : float
        The statistic (Fisher z) of the pair, and its mean and SD over the surrogates.
    effect_size : float
        The surrogate z, (observed − mean) / sd; NaN where the surrogates do not scatter. It grows with the
        length of the recording: it says how sure synchrony is, not how strong.
    effect_ci : (float, float)
        95 % interval of `effect_size`, see `mirrorsync.synchrony.effect.effect_interval`.
    p_value : float
        (k + 1) / (n + 1), where k of the n surrogates reach the observed value (Davison & Hinkley 1997);
        what differs by rounding alone is a tie, and a tie speaks for chance.
    lag_s : float
        Lag of the mean lag profile's peak, seconds, between samples; positive: B follows A. NaN where the
        profile is highest at its border.
    lags_s, profile, chance_profile : ndarray, shape (n_lags,)
        Lags, the pair's mean Fisher z over windows, and its mean over the surrogates.
    surrogates : ndarray, shape (n,)
        The statistic of each surrogate.
    profile_power : float
        What the windows' lag profiles have in common, in z² (see `profile_power`): the measure to compare
        between dyads.
    n, windows : int
        Surrogates drawn; windows of the pair with a correlation.
    kind, statistic : str
        As asked for.
    seed : int
        Seed of the draw; with the same seed the same numbers come out.
    """

    observed: float
    mean: float
    sd: float
    effect_size: float
    effect_ci: tuple[float, float]
    p_value: float
    lag_s: float
    lags_s: FloatArray
    profile: FloatArray
    chance_profile: FloatArray
    surrogates: FloatArray
    profile_power: float
    n: int
    windows: int
    kind: Kind
    statistic: Statistic
    seed: int


def synchrony_test(
    a: ArrayLike,
    b: ArrayLike,
    *,
    rate_hz: float,
    window_s: float = 5.0,
    lag_s: float = 2.0,
    kind: Literal["segments", "circular"] = "segments",
    statistic: Statistic = "peak",
    n: int = 199,
    seed: int = 1,
    min_coverage: float = 0.6,
) -> SurrogateTest:
    """Test whether B's movement goes with A's at some lag, beyond chance.

    Parameters
    ----------
    a, b : array_like, shape (n_samples,) or (n_samples, n_signals)
        One channel of A and of B at `rate_hz`; NaN where missing. Signals of a channel are compared one with
        one and combined by their mean Fisher z.
    window_s, lag_s : float
        Length of the windows, which do not overlap, and longest lag each way; seconds. Short windows leave
        more to be dealt out and follow changes of lag; 5 s suit movement.
    kind : {"segments", "circular"}
        How the surrogates are made; the module's text says why "segments" is the default.
    statistic : {"peak", "mean_absolute"}
        The largest mean z over the lags, or the mean |z| over all windows and lags, as rMEA and SUSY use it.
    n, seed : int
        How many surrogates, and the seed of the draw.
    min_coverage : float
        Share of a window's samples that both must have.

    Raises
    ------
    SeriesError
        Fewer than five windows with a correlation; series that do not fit together.
    """
    a, b = _columns(a), _columns(b)
    if a.shape != b.shape:
        raise SeriesError(
            f"Both people need the same samples and signals; got shapes {a.shape} and {b.shape}."
        )
    window, lag = round(window_s * rate_hz), round(lag_s * rate_hz)
    rng = np.random.default_rng(seed)
    z = window_z(a, b, window=window, lag=lag, min_coverage=min_coverage)
    _demand_windows(z, window_s, lag_s)
    if kind == "segments":
        windows = np.flatnonzero(np.isfinite(z).any(axis=1))
        deals = rng.permuted(np.tile(np.arange(windows.size), (n, 1)), axis=1)
        profiles, magnitudes = dealt_profiles(a, b, window, lag, min_coverage, windows, deals)
        surrogates = np.array(
            [_height(row, statistic) for row in (profiles if statistic == "peak" else magnitudes)]
        )
    else:
        reach = 2 * lag + 1
        if len(a) <= 2 * reach:
            raise SeriesError(
                "The series are too short to be shifted beyond the longest lag; shorten the lag."
            )
        shifted = [
            window_z(a, np.roll(b, shift, axis=0), window=window, lag=lag, min_coverage=min_coverage)
            for shift in rng.integers(reach, len(a) - reach, n)
        ]
        profiles = np.stack([mean_over_windows(each) for each in shifted])
        surrogates = np.array([_statistic(each, statistic) for each in shifted])
    return _verdict(z, surrogates, mean_over_windows(profiles), rate_hz, kind, statistic, seed)


def repaired_tests(
    a: Sequence[ArrayLike],
    b: Sequence[ArrayLike],
    *,
    rate_hz: float,
    window_s: float = 5.0,
    lag_s: float = 2.0,
    statistic: Statistic = "peak",
    min_coverage: float = 0.6,
) -> list[SurrogateTest]:
    """Test each dyad against A with every other dyad's B, and every other dyad's A with B.

    Parameters
    ----------
    a, b : sequences of array_like
        a[i] and b[i] are dyad i, as in `synchrony_test`; dyads may differ in length (the shorter of two
        series counts). All re-pairings are used, so that nothing is drawn at random (seed 0).

    Raises
    ------
    SeriesError
        Fewer than two dyads, or one with fewer than five windows.
    """
    if len(a) != len(b) or len(a) < 2:
        raise SeriesError("Re-pairing takes two dyads or more, each with an A and a B.")
    people_a, people_b = [_columns(x) for x in a], [_columns(x) for x in b]
    window, lag = round(window_s * rate_hz), round(lag_s * rate_hz)

    def scores(i: int, j: int) -> FloatArray:
        both = min(len(people_a[i]), len(people_b[j]))
        pair = people_a[i][:both], people_b[j][:both]
        z = window_z(*pair, window=window, lag=lag, min_coverage=min_coverage)
        _demand_windows(z, window_s, lag_s)
        return z

    dyads = range(len(a))
    z = {(i, j): scores(i, j) for i in dyads for j in dyads}
    tests = []
    for i in dyads:
        others = [z[i, j] for j in dyads if j != i] + [z[j, i] for j in dyads if j != i]
        surrogates = np.array([_statistic(each, statistic) for each in others])
        chance = mean_over_windows(np.stack([mean_over_windows(each) for each in others]))
        tests.append(_verdict(z[i, i], surrogates, chance, rate_hz, "re-paired", statistic, 0))
    return tests


def _columns(series: ArrayLike) -> FloatArray:
    """Return (n_samples, n_signals)."""
    values = np.asarray(series, dtype=np.float64)
    if values.ndim not in (1, 2):
        raise SeriesError("A channel is one series, or a table with one column for each of its signals.")
    return values[:, None] if values.ndim == 1 else values


def _demand_windows(z: FloatArray, window_s: float, lag_s: float) -> None:
    known = int(np.isfinite(z).any(axis=1).sum())
    if known < MIN_WINDOWS:
        raise SeriesError(
            f"Only {known} windows of {window_s:g} s (with lags to {lag_s:g} s) hold enough movement; a test "
            f"against chance takes {MIN_WINDOWS} or more."
        )


def window_z(a: FloatArray, b: FloatArray, *, window: int, lag: int, min_coverage: float = 0.6) -> FloatArray:
    """Return the Fisher z of windows that do not overlap, (n_windows, n_lags): the mean over the signals.

    Parameters
    ----------
    a, b : ndarray, shape (n_samples, n_signals)
        NaN where missing.
    window, lag : int
        Samples in a window, and the longest lag each way.
    min_coverage : float
        Share of a window's samples that both must have.
    """
    grids = [
        windowed_correlation(
            a[:, k], b[:, k], window=window, max_lag=lag, step=window, min_coverage=min_coverage
        ).z
        for k in range(a.shape[1])
    ]
    return grids[0] if len(grids) == 1 else mean_over_windows(np.stack(grids))


def profile_power(z: FloatArray) -> float:
    """Return what the lag profiles of different windows have in common, in z².

    Mean over lags, and over all pairs of different windows k ≠ l, of z_k(lag) · z_l(lag): the power of the
    mean lag profile without that of chance (a U-statistic; Hoeffding 1948, 10.1214/aoms/1177730196). Its
    expectation is 0 for unrelated people, and for the same coupling the same, however long the recording is
    and however smoothly people move; the peak of the mean profile is not and grows as recordings get
    shorter or smoother.

    Parameters
    ----------
    z : ndarray, shape (n_windows, n_lags)
        Fisher z; NaN where missing.

    Returns
    -------
    float
        NaN with fewer than two windows at every lag.
    """
    there = np.isfinite(z)
    count = there.sum(axis=0)
    known = np.where(there, z, 0.0)
    enough = count > 1
    if not enough.any():
        return float("nan")
    total, squares = known.sum(axis=0)[enough], (known**2).sum(axis=0)[enough]
    pairs = count[enough] * (count[enough] - 1.0)
    return float(((total**2 - squares) / pairs).mean())


def _statistic(z: FloatArray, statistic: Statistic) -> float:
    return _height(mean_over_windows(z if statistic == "peak" else np.abs(z)), statistic)


def _height(profile: FloatArray, statistic: Statistic) -> float:
    """Return the statistic of a lag profile (of z, or of |z| for "mean_absolute"); NaN when it is empty."""
    profile = profile[np.isfinite(profile)]
    if not profile.size:
        return float("nan")
    return float(profile.max() if statistic == "peak" else profile.mean())


def _verdict(
    z: FloatArray,
    surrogates: FloatArray,
    chance: FloatArray,
    rate_hz: float,
    kind: Kind,
    statistic: Statistic,
    seed: int,
) -> SurrogateTest:
    """Compare a pair's windows (n_windows, n_lags) with its surrogates."""
    surrogates = surrogates[np.isfinite(surrogates)]
    if surrogates.size < 2:
        raise SeriesError("There are too few surrogates with enough movement; use a longer recording.")
    profile = mean_over_windows(z)
    lags_s = np.arange(-(z.shape[1] // 2), z.shape[1] // 2 + 1) / rate_hz
    observed = _statistic(z, statistic)
    n, mean, sd = surrogates.size, float(surrogates.mean()), float(surrogates.std(ddof=1))
    effect = (observed - mean) / sd if sd > _ROUNDING else float("nan")
    for array in (lags_s, profile, chance, surrogates):
        array.flags.writeable = False
    return SurrogateTest(
        observed=observed,
        mean=mean,
        sd=sd,
        effect_size=effect,
        effect_ci=effect_interval(effect, moments=n),
        p_value=float((np.sum(surrogates >= observed - _ROUNDING) + 1) / (n + 1)),
        lag_s=find_peak(profile, lags_s).lag,
        lags_s=lags_s,
        profile=profile,
        chance_profile=chance,
        surrogates=surrogates,
        profile_power=profile_power(z),
        n=n,
        windows=int(np.isfinite(z).any(axis=1).sum()),
        kind=kind,
        statistic=statistic,
        seed=seed,
    )
