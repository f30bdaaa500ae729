"""The numbers of two series, over the whole session: the height of the mean lag profile, against chance.

Chance are B's windows dealt out anew (see `mirrorsync.synchrony.chance`). With `mirror = "auto"` turns and
tilts of the head are compared in mirror image and anatomically, the higher one counts, and so it does for
every deal: looking twice is paid for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mirrorsync.errors import SeriesError
from mirrorsync.settings import Settings
from mirrorsync.synchrony.chance import (
    MIN_WINDOWS,
    SurrogateTest,
    profile_power,
    synchrony_test,
    window_z,
)
from mirrorsync.synchrony.movement import MIRROR_SIGNS
from mirrorsync.synchrony.peaks import find_peak, leader_shares, mean_over_windows
from mirrorsync.synchrony.synchrony_meter import LEAD_S
from mirrorsync.types import FloatArray

__all__ = ["SERIES_STATISTICS", "forms", "series_statistics"]

SERIES_STATISTICS: tuple[str, ...] = (
    "mean", "chance_mean", "chance_sd", "effect_size", "p_value", "coverage", "peak_lag_s",
    "a_leads_share", "b_leads_share", "surrogate_z", "profile_power",
)  # fmt: skip
"""What is told of each channel of two series."""

_ROUNDING = 1e-9  # differences below this are none


def forms(members: Sequence[int], mirror: str) -> dict[str, FloatArray]:
    """Return by name of the form the signs with which B's signals are compared.

    Parameters
    ----------
    members : sequence of int
        Places in `mirrorsync.synchrony.movement.SIGNALS`; one behind them is a plain series.
    mirror : {"auto", "mirror", "anatomical"}
        As in the settings; "auto" gives both where they differ.

    Examples
    --------
    >>> {name: signs.tolist() for name, signs in forms([0, 1], "auto").items()}
    {'mirror': [1.0, -1.0], 'anatomical': [1.0, 1.0]}
    >>> list(forms([3], "auto"))
    ['mirror']
    """
    every = {"mirror": np.append(MIRROR_SIGNS, 1.0)[list(members)], "anatomical": np.ones(len(members))}
    if mirror != "auto":
        return {mirror: every[mirror]}
    if np.array_equal(every["mirror"], every["anatomical"]):
        del every["anatomical"]
    return every


def series_statistics(
    a: FloatArray,
    b: FloatArray,
    turned: Mapping[str, FloatArray],
    *,
    rate_hz: float,
    settings: Settings,
    chance: bool = True,
) -> tuple[dict[str, float | None], str]:
    """Return the numbers of one channel, and the form that they are of.

    Parameters
    ----------
    a, b : ndarray, shape (n, n_signals)
        NaN where missing.
    turned : mapping of str to ndarray, shape (n_signals,)
        See `forms`.
    rate_hz, settings
        Samples a second; window, lag, coverage and seed.
    chance : bool
        False: only the mean is told.

    Raises
    ------
    SeriesError
        The series hold too few windows.
    """
    window, lag = round(settings.window_s * rate_hz), round(settings.lag_s * rate_hz)
    z = {
        name: window_z(a, b * signs, window=window, lag=lag, min_coverage=settings.min_coverage)
        for name, signs in turned.items()
    }
    if int(np.isfinite(next(iter(z.values()))).any(axis=1).sum()) < MIN_WINDOWS:
        raise SeriesError(
            f"The series hold fewer than {MIN_WINDOWS} windows of {settings.window_s:g} s with movement; "
            "give longer ones, or a shorter window."
        )
    heights = {name: float(np.nanmax(mean_over_windows(of))) for name, of in z.items()}
    form = max(heights, key=heights.__getitem__)
    mean = float(np.tanh(heights[form]))
    power = profile_power(z[form])
    if not chance:
        return _plain({"mean": mean, "profile_power": power}), form
    # The same seed deals the same windows to both forms.
    tests = {
        name: synchrony_test(
            a, b * signs, rate_hz=rate_hz, window_s=settings.window_s, lag_s=settings.lag_s,
            seed=settings.seed, min_coverage=settings.min_coverage,
        )
        for name, signs in turned.items()
    }  # fmt: skip
    return _plain(_against(mean, a, b, z[form], tests, form)), form


def _against(
    mean: float,
    a: FloatArray,
    b: FloatArray,
    z: FloatArray,
    tests: Mapping[str, SurrogateTest],
    form: str,
) -> dict[str, float]:
    """Return all numbers, of the form that fits better and of the better form of each deal."""
    test = tests[form]
    dealt = np.max([of.surrogates for of in tests.values()], axis=0)
    chance = np.tanh(dealt)
    spread = float(dealt.std(ddof=1))
    surrogate_z = (test.observed - float(dealt.mean())) / spread if spread > _ROUNDING else float("nan")
    shares = leader_shares(np.array([find_peak(row, test.lags_s).lag for row in z]), dead_zone=LEAD_S)
    return {
        "mean": mean,
        "chance_mean": float(chance.mean()),
        "chance_sd": float(chance.std(ddof=1)),
        "effect_size": surrogate_z,
        "p_value": float((np.sum(dealt >= test.observed - _ROUNDING) + 1) / (dealt.size + 1)),
        "coverage": float(np.isfinite(a + b).all(axis=1).mean()),
        "peak_lag_s": test.lag_s,
        "a_leads_share": shares.a_leads,
        "b_leads_share": shares.b_leads,
        "surrogate_z": surrogate_z,
        "profile_power": profile_power(z),
        "n_surrogates": float(dealt.size),
    }


def _plain(numbers: Mapping[str, float]) -> dict[str, float | None]:
    return {name: float(value) if np.isfinite(value) else None for name, value in numbers.items()}
