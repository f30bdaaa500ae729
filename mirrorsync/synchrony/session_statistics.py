"""What a whole session says of each channel, and what chance would have said.

Chance is the same person A against the same person B at another moment: B's features are shifted in a
circle by more than twice the longest lag, as often as the session is long enough for (at most
`MAX_SURROGATES` times), and scored in the same way.

People hold a posture for a while, so that shifts by a few seconds more or less say nearly the same: a
session holds as many independent moments as the memory of the channel fits into it, however many shifts are
scored. The p-value of a channel without windows is therefore Student's t of a new moment against so many
(or the rank of the session among the shifts, whichever says less).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mirrorsync.errors import SeriesError
from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment import (
    MIN_EXPRESSION,
    MIN_POSTURE,
    Form,
    both_forms,
    expression_of_forms,
    form,
    posture_of_forms,
)
from mirrorsync.synchrony.alignment_meter import HELD_S
from mirrorsync.synchrony.chance import synchrony_test
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.synchrony.effect import corrected, effect_interval
from mirrorsync.synchrony.movement import MIRROR_SIGNS, SIGNAL_CHANNEL
from mirrorsync.synchrony.pace import pace_match
from mirrorsync.synchrony.scorer import BREATH_CHANCE_MEAN, BREATH_CHANCE_SD
from mirrorsync.synchrony.session_scores import THIN, SessionScores, Thinned
from mirrorsync.synchrony.synchrony_meter import peak_lag, shared_lags
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS
from mirrorsync.types import FloatArray

__all__ = ["EVERY_S", "MAX_SURROGATES", "MIN_SURROGATES", "session_statistics", "shifts", "window_profiles"]

MAX_SURROGATES = 99
MIN_SURROGATES = 9
"""With fewer, chance is not told: their scatter would be a guess."""

_MEMORY_S = {
    "posture_alignment": HELD_S,
    "posture_alignment_anatomical": HELD_S,
    "expression_alignment": HELD_S,
    "mutual_gaze": 5.0,
    "pace_match": 10.0,
}
EVERY_S = 1.0
"""Windows of the whole session are looked at once a second."""
_ROUNDING = 1e-9  # differences below this are none
_ROWS = 2048  # forms compared at a time: the memory this takes does not grow with the session


def shifts(n_ticks: int, *, settings: Settings) -> NDArray[np.intp]:
    """Return by how many ticks B is shifted in a circle: evenly spread, a second apart at least.

    Empty when the session is too short for `MIN_SURROGATES` of them, and when `settings.chance` is off. All
    of them are used when there are few, because small samples of surrogates are unstable.
    """
    if not settings.chance:
        return np.empty(0, dtype=np.intp)
    margin = 2 * round(settings.lag_s * settings.rate_hz) + round(settings.rate_hz)
    room = n_ticks - 2 * margin
    n = min(MAX_SURROGATES, int(room / settings.rate_hz) + 1 if room > 0 else 0)
    if n < MIN_SURROGATES:
        return np.empty(0, dtype=np.intp)
    return np.linspace(margin, n_ticks - margin, n).astype(np.intp)


def session_statistics(session: SessionScores, settings: Settings) -> dict[str, dict[str, float]]:
    """Return the statistics of each channel of `mirrorsync.tables.CHANNELS`.

    Returns
    -------
    dict
        By channel: `mean`, `chance_mean`, `chance_sd`; `surrogate_z` (also as `effect_size`) = (observed −
        mean of the surrogates) / their SD, its 95 % interval `effect_low` to `effect_high`, and `p_value`
        (one-sided: how often surrogates reach what was observed), of one and the same set of surrogates: of
        synchrony channels `synchrony_test`'s, of the others the mean score of shifted copies; `coverage`,
        `n_surrogates`; for synchrony channels also `peak_lag_s` of the mean lag profile (positive: B
        follows A), `profile_power` (see `mirrorsync.synchrony.chance`), `a_leads_share` and `b_leads_share`
        of all windows. NaN where there was too little to say.

    Notes
    -----
    The p-value of a synchrony channel is that of `mirrorsync.synchrony.chance.synchrony_test`, which
    deals B's windows out anew.
    """
    moved = shifts(session.ticks, settings=settings)
    out = {name: _observed(session, name) for name in CHANNELS}
    against = _alignment_surrogates(session, moved)
    if session.pace_a is not None and session.pace_b is not None:
        paces = [_mean(pace_match(session.pace_a, np.roll(session.pace_b, shift))) for shift in moved]
        against["pace_match"] = np.array(paces)
    moments = {
        name: float(np.isfinite(session.values[name]).sum()) / settings.rate_hz / memory_s
        for name, memory_s in _MEMORY_S.items()
    }
    for name, surrogates in against.items():
        _against(out[name], surrogates, moments=moments[name])
    for name in SYNC_CHANNELS:
        _synchrony(session, name, moved, settings, out[name])
    if settings.chance:
        breathing = out["breathing_match"]
        breathing.update(chance_mean=BREATH_CHANCE_MEAN, chance_sd=BREATH_CHANCE_SD)
        breathing["effect_size"] = (breathing["mean"] - BREATH_CHANCE_MEAN) / BREATH_CHANCE_SD
        if np.isfinite(out["attunement"]["mean"]):
            out["attunement"]["chance_mean"] = 0.5
    for name, of in out.items():
        of["effect_low"], of["effect_high"] = effect_interval(
            of["effect_size"], moments=min(of.get("n_surrogates", math.nan), moments.get(name, math.inf))
        )
        of["surrogate_z"] = of["effect_size"]
    p_values = [of["p_value"] for of in out.values()]
    families = corrected(p_values, "holm"), corrected([1.0 - p for p in p_values], "holm")
    for of, above, below in zip(out.values(), *families, strict=True):
        of["p_family"], of["p_family_below"] = above, below
    return out


def _observed(session: SessionScores, name: str) -> dict[str, float]:
    value, coverage = session.values[name], session.coverages[name]
    if session.kept is not None:
        coverage = coverage[session.kept]
    nan = float("nan")
    return {
        "mean": _mean(value),
        "chance_mean": nan,
        "chance_sd": nan,
        "effect_size": nan,
        "surrogate_z": nan,
        "p_value": nan,
        "coverage": float(coverage.mean()) if coverage.size else nan,
    }


def _mean(values: FloatArray) -> float:
    there = values[np.isfinite(values)]
    return float(there.mean()) if there.size else float("nan")


def _against(statistics: dict[str, float], surrogates: FloatArray, *, moments: float = math.nan) -> None:
    """Add chance and effect size when there are surrogates enough, and the p-value of so many moments."""
    surrogates = surrogates[np.isfinite(surrogates)]
    observed = statistics["mean"]
    if surrogates.size < MIN_SURROGATES or not np.isfinite(observed):
        return
    mean, sd = float(surrogates.mean()), float(surrogates.std(ddof=1))
    statistics["chance_mean"], statistics["chance_sd"] = mean, sd
    # A scatter of nothing but rounding (both always look, say) makes no effect.
    statistics["effect_size"] = (observed - mean) / sd if sd > _ROUNDING else float("nan")
    statistics["p_value"] = _p_value(observed, surrogates, moments)
    statistics["n_surrogates"] = float(surrogates.size)


def _p_value(observed: float, surrogates: FloatArray, moments: float) -> float:
    """Return how often a moment like the others reaches `observed`; NaN for fewer than two moments."""
    # What differs by rounding alone is a tie, and a tie speaks for chance.
    rank = float(1 + (surrogates >= observed - _ROUNDING).sum()) / (1 + surrogates.size)
    sd = float(surrogates.std(ddof=1))
    if sd <= _ROUNDING:
        return rank
    freedom = min(moments, surrogates.size) - 1.0
    if not freedom >= 1.0:
        return float("nan")
    from scipy.special import stdtr  # not loaded by whoever only correlates

    # Of n moments the SD² falls short by (n - 1) / n; a new one scatters around their mean by 1 + 1 / n.
    t = (observed - float(surrogates.mean())) / sd * math.sqrt(freedom / (freedom + 2.0))
    return min(rank, float(stdtr(freedom, -t)), key=lambda p: abs(p - 0.5))


def _alignment_surrogates(session: SessionScores, moved: NDArray[np.intp]) -> dict[str, FloatArray]:
    """Return by channel the mean score of each surrogate, shape (n_shifts,)."""
    names = ("posture_alignment", "posture_alignment_anatomical", "expression_alignment")
    total, count = np.zeros((len(names), moved.size)), np.zeros((len(names), moved.size))
    a, b = session.thin_a, session.thin_b
    n = a.values.shape[0]
    for first in range(0, n if moved.size else 0, _ROWS):
        rows = np.arange(first, min(first + _ROWS, n))
        of_a = form(_wide(a.values[rows]), _wide(a.seen[rows]), _wide(a.neutral[rows]))
        anatomical = session.anatomical[rows * THIN]
        for k, shift in enumerate(np.rint(moved / THIN).astype(np.intp)):
            for c, values in enumerate(_alignments(of_a, b, rows, int(shift), anatomical)):
                there = values[np.isfinite(values)]
                total[c, k] += there.sum()
                count[c, k] += there.size
    with np.errstate(invalid="ignore"):
        means = total / count
    gaze = [_mean(session.looking_a * np.roll(session.looking_b, shift)) for shift in moved]
    return {**dict(zip(names, means, strict=True)), "mutual_gaze": np.array(gaze)}


def _alignments(
    of_a: Form, b: Thinned, rows: NDArray[np.intp], shift: int, anatomical: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return posture (mirror image, anatomical) and expression of A's `rows` with B `shift` rows earlier."""
    then = (rows - shift) % b.values.shape[0]
    # The neutral stays: the one in force favours neither the moment nor the other moments.
    of_b = both_forms(_wide(b.values[then]), _wide(b.seen[then]), _wide(b.neutral[rows]))
    sides = (of_b.as_is, of_b.flipped)
    as_is, flipped = (posture_of_forms(of_a, side, min_coverage=MIN_POSTURE).value for side in sides)
    faces = [expression_of_forms(of_a, side, min_coverage=MIN_EXPRESSION).value for side in sides]
    return flipped, as_is, np.where(anatomical, *faces)


def _wide(values: NDArray[np.floating]) -> FloatArray:
    return np.asarray(values, dtype=np.float64)


def _synchrony(
    session: SessionScores,
    name: str,
    moved: NDArray[np.intp],
    settings: Settings,
    statistics: dict[str, float],
) -> None:
    """Add lag, leaders and chance to the statistics of one synchrony channel."""
    signals_a, signals_b = session.signals_a, session.signals_b
    leaders = session.leaders[name]
    nan = float("nan")
    statistics["a_leads_share"] = leaders.a / leaders.windows if leaders.windows else nan
    statistics["b_leads_share"] = leaders.b / leaders.windows if leaders.windows else nan
    profile, peaks, ends = window_profiles(name, signals_a, signals_b, session.anatomical, settings)
    statistics["peak_lag_s"] = peak_lag(_nan_mean(profile)) / settings.rate_hz
    value = session.values[name]
    if not moved.size or not ends.size:
        return
    members = [k for k, channel in enumerate(SIGNAL_CHANNEL) if channel == name]
    signs = np.where(session.anatomical[:, None], 1.0, MIRROR_SIGNS[members])
    try:
        test = synchrony_test(
            signals_a[:, members],
            signals_b[:, members] * signs,
            rate_hz=settings.rate_hz,
            window_s=settings.window_s,
            lag_s=settings.lag_s,
            seed=settings.seed,
            min_coverage=settings.min_coverage,
        )
    except SeriesError:
        return  # too few windows: chance is not told
    # The live score is (peak − chance) / (1 − chance); take back the chance that was in force.
    with np.errstate(invalid="ignore", divide="ignore"):
        chance = (peaks - value[ends]) / (1.0 - value[ends])
        surrogates = []
        for shift in moved:
            shifted = np.roll(signals_b, shift, axis=0)
            _, peaks, _ = window_profiles(name, signals_a, shifted, session.anatomical, settings)
            surrogates.append(_mean((peaks - chance) / (1.0 - chance)))
    _against(statistics, np.array(surrogates))
    # One set of surrogates for the effect and its p-value: those of the test.
    statistics.update(
        effect_size=test.effect_size,
        p_value=test.p_value,
        n_surrogates=float(test.n),
        profile_power=test.profile_power,
    )


def window_profiles(
    name: str,
    signals_a: FloatArray,
    signals_b: FloatArray,
    anatomical: NDArray[np.bool_],
    settings: Settings,
) -> tuple[FloatArray, FloatArray, NDArray[np.intp]]:
    """Return lag profiles (n_windows, n_lags) in z, their peaks as r, and the last tick of each window."""
    rate = settings.rate_hz
    step = max(round(settings.step_s * rate), 1)
    window = max(round(round(settings.window_s * rate) / step), 1) * step
    every = max(round(EVERY_S * rate / step), 1) * step
    lag = round(settings.lag_s * rate)
    total: FloatArray | None = None
    count: FloatArray | None = None
    seen: list[FloatArray] = []
    ends = np.empty(0, dtype=np.intp)
    for k in (i for i, channel in enumerate(SIGNAL_CHANNEL) if channel == name):
        # Live windows end with a full step: leave out what comes before the first that does.
        skip = (-(lag + window)) % step
        grid = windowed_correlation(
            signals_a[skip:, k],
            signals_b[skip:, k],
            window=window,
            max_lag=lag,
            step=every,
            framing="causal",
            min_coverage=settings.min_coverage,
        )
        ends = grid.starts.astype(np.intp) + skip + window - 1
        sign = np.where(anatomical[ends], 1.0, MIRROR_SIGNS[k])[:, None]
        z = grid.z * sign
        seen.append(grid.coverage[:, lag])
        there = np.isfinite(z)
        z = np.where(there, z, 0.0)
        total = z if total is None else total + z
        count = there.astype(float) if count is None else count + there
    if total is None or count is None:
        raise ValueError(f"{name} is not a synchrony channel")
    with np.errstate(invalid="ignore"):
        profile = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    # As live: at the edge of a gap a few far lags are still covered, and the best of those is no peak.
    profile[np.mean(seen, axis=0) < settings.min_coverage] = np.nan
    peaks = np.tanh(np.fmax.reduce(profile[:, shared_lags(settings)], axis=1))
    return profile, peaks, ends


def _nan_mean(profile: FloatArray) -> FloatArray:
    there = np.isfinite(profile)
    count = there.sum(axis=0)
    total = np.where(there, profile, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
