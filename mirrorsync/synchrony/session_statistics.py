"""What a whole session says of each channel, and what chance would have said.

Chance is the same person A against the same person B at another moment: B's features are shifted in a
circle by more than twice the longest lag, as often as the session is long enough for (at most
`MAX_SURROGATES` times), and scored in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.errors import SeriesError
from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment import both_forms, expression_of_forms, form, posture_of_forms
from mirrorsync.synchrony.chance import synchrony_test
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.synchrony.gaze import Looking
from mirrorsync.synchrony.movement import MIRROR_SIGNS, SIGNAL_CHANNEL, movement
from mirrorsync.synchrony.pace import pace_match
from mirrorsync.synchrony.scorer import BREATH_CHANCE_MEAN, BREATH_CHANCE_SD
from mirrorsync.synchrony.synchrony_meter import peak_lag, shared_lags
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS
from mirrorsync.types import FloatArray, WindowRow

__all__ = ["MAX_SURROGATES", "MIN_SURROGATES", "SessionScores", "session_statistics", "shifts"]

MAX_SURROGATES = 99
MIN_SURROGATES = 9
"""With fewer, chance is not told: their scatter would be a guess."""

_EVERY_S = 1.0  # surrogate windows are scored once a second
_ROUNDING = 1e-9  # differences below this are none


@dataclass(frozen=True, slots=True)
class SessionScores:
    """A session as it was scored, tick by tick.

    Attributes
    ----------
    a, b : ndarray, shape (n, n_features)
        Features, NaN where missing.
    seen_a, seen_b : ndarray, shape (n, n_features)
        Visibilities, 0–1.
    neutral_a, neutral_b : ndarray, shape (n, n_features)
        The neutrals in force at each tick.
    values, coverages : mapping of str to ndarray, shape (n,)
        By channel.
    windows : sequence of WindowRow
        All windows of all synchrony channels.
    anatomical : ndarray of bool, shape (n,)
        Where posture was compared anatomically.
    pace_a, pace_b : ndarray, shape (n,), optional
        Speeds of moving as the pace meter had them; without them pace has no chance level.
    """

    a: FloatArray
    b: FloatArray
    seen_a: FloatArray
    seen_b: FloatArray
    neutral_a: FloatArray
    neutral_b: FloatArray
    values: Mapping[str, FloatArray]
    coverages: Mapping[str, FloatArray]
    windows: Sequence[WindowRow]
    anatomical: NDArray[np.bool_]
    pace_a: FloatArray | None = None
    pace_b: FloatArray | None = None


def shifts(n_ticks: int, *, settings: Settings) -> NDArray[np.intp]:
    """Return by how many ticks B is shifted in a circle: evenly spread, a second apart at least.

    Empty when the session is too short for `MIN_SURROGATES` of them. All of them are used when there
    are few, because small samples of surrogates are unstable.
    """
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
        By channel: `mean`, `chance_mean`, `chance_sd`, `effect_size` = (mean − chance_mean) / chance_sd,
        `p_value` = (1 + surrogates at least as high) / (1 + surrogates), `coverage`, `n_surrogates`; for
        synchrony channels also `peak_lag_s` of the mean lag profile (positive: B follows A),
        `a_leads_share` and `b_leads_share` of all windows. NaN where there was too little to say.

    Notes
    -----
    The p-value of a synchrony channel is that of `mirrorsync.synchrony.chance.synchrony_test`, which
    deals B's windows out anew: of the shifts of a short session only a few differ, too few for a p-value.
    """
    moved = shifts(session.a.shape[0], settings=settings)
    out = {name: _observed(session, name) for name in CHANNELS}
    for name, surrogates in _alignment_surrogates(session, moved).items():
        _against(out[name], surrogates)
    if session.pace_a is not None and session.pace_b is not None:
        paces = [_mean(pace_match(session.pace_a, np.roll(session.pace_b, shift))) for shift in moved]
        _against(out["pace_match"], np.array(paces))
    signals = [
        movement(values, rate_hz=settings.rate_hz, smooth_s=settings.smooth_s)
        for values in (session.a, session.b)
    ]
    for name in SYNC_CHANNELS:
        _synchrony(session, name, signals[0], signals[1], moved, settings, out[name])
    breathing = out["breathing_match"]
    breathing.update(chance_mean=BREATH_CHANCE_MEAN, chance_sd=BREATH_CHANCE_SD)
    breathing["effect_size"] = (breathing["mean"] - BREATH_CHANCE_MEAN) / BREATH_CHANCE_SD
    if np.isfinite(out["attunement"]["mean"]):
        out["attunement"]["chance_mean"] = 0.5
    return out


def _observed(session: SessionScores, name: str) -> dict[str, float]:
    coverage = session.coverages[name]
    nan = float("nan")
    return {
        "mean": _mean(session.values[name]),
        "chance_mean": nan,
        "chance_sd": nan,
        "effect_size": nan,
        "p_value": nan,
        "coverage": float(coverage.mean()) if coverage.size else nan,
    }


def _mean(values: FloatArray) -> float:
    there = values[np.isfinite(values)]
    return float(there.mean()) if there.size else float("nan")


def _against(statistics: dict[str, float], surrogates: FloatArray) -> None:
    """Add chance, effect size and p-value, when there are surrogates enough."""
    surrogates = surrogates[np.isfinite(surrogates)]
    observed = statistics["mean"]
    if surrogates.size < MIN_SURROGATES or not np.isfinite(observed):
        return
    mean, sd = float(surrogates.mean()), float(surrogates.std(ddof=1))
    statistics["chance_mean"], statistics["chance_sd"] = mean, sd
    # A scatter of nothing but rounding (both always look, say) makes no effect.
    statistics["effect_size"] = (observed - mean) / sd if sd > _ROUNDING else float("nan")
    # What differs by rounding alone is a tie, and a tie speaks for chance.
    as_high = surrogates >= observed - _ROUNDING
    statistics["p_value"] = float(1 + as_high.sum()) / (1 + surrogates.size)
    statistics["n_surrogates"] = float(surrogates.size)


def _alignment_surrogates(session: SessionScores, moved: NDArray[np.intp]) -> dict[str, FloatArray]:
    """Return by channel the mean score of each surrogate, shape (n_shifts,)."""
    looking_a = _looking(session.a, session.neutral_a)
    looking_b = _looking(session.b, session.neutral_b)
    out: dict[str, list[float]] = {
        name: []
        for name in (
            "posture_alignment", "posture_alignment_anatomical", "expression_alignment", "mutual_gaze",
        )
    }  # fmt: skip
    # Once every few ticks is enough: neighbouring ticks say the same.
    pick = slice(None, None, 5)
    of_a = form(session.a[pick], session.seen_a[pick], session.neutral_a[pick])
    anatomical = session.anatomical[pick]
    for shift in moved:
        b, seen_b = (np.roll(values, shift, axis=0)[pick] for values in (session.b, session.seen_b))
        # The neutral stays: the one in force favours neither the moment nor the other moments.
        of_b = both_forms(b, seen_b, session.neutral_b[pick])
        out["posture_alignment"].append(_mean(posture_of_forms(of_a, of_b.flipped).value))
        out["posture_alignment_anatomical"].append(_mean(posture_of_forms(of_a, of_b.as_is).value))
        faces = [expression_of_forms(of_a, side).value for side in (of_b.as_is, of_b.flipped)]
        out["expression_alignment"].append(_mean(np.where(anatomical, *faces)))
        out["mutual_gaze"].append(_mean(looking_a * np.roll(looking_b, shift)))
    return {name: np.array(values) for name, values in out.items()}


def _looking(values: FloatArray, toward: FloatArray) -> FloatArray:
    looking = Looking()
    return np.array([looking.update(v, t) for v, t in zip(values, toward, strict=True)])


def _synchrony(
    session: SessionScores,
    name: str,
    signals_a: FloatArray,
    signals_b: FloatArray,
    moved: NDArray[np.intp],
    settings: Settings,
    statistics: dict[str, float],
) -> None:
    """Add lag, leaders and chance to the statistics of one synchrony channel."""
    rows = [row for row in session.windows if row.channel == name]
    n = max(len(rows), 1)
    statistics["a_leads_share"] = sum(row.leader == "a" for row in rows) / n if rows else float("nan")
    statistics["b_leads_share"] = sum(row.leader == "b" for row in rows) / n if rows else float("nan")
    profile, peaks, ends = _profiles(name, signals_a, signals_b, session.anatomical, settings)
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
            _, peaks, _ = _profiles(name, signals_a, shifted, session.anatomical, settings)
            surrogates.append(_mean((peaks - chance) / (1.0 - chance)))
    _against(statistics, np.array(surrogates))
    statistics["p_value"] = test.p_value


def _profiles(
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
    every = max(round(_EVERY_S * rate / step), 1) * step
    lag = round(settings.lag_s * rate)
    total: FloatArray | None = None
    count: FloatArray | None = None
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
        there = np.isfinite(z)
        z = np.where(there, z, 0.0)
        total = z if total is None else total + z
        count = there.astype(float) if count is None else count + there
    if total is None or count is None:
        raise ValueError(f"{name} is not a synchrony channel")
    with np.errstate(invalid="ignore"):
        profile = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    peaks = np.tanh(np.fmax.reduce(profile[:, shared_lags(settings)], axis=1))
    return profile, peaks, ends


def _nan_mean(profile: FloatArray) -> FloatArray:
    there = np.isfinite(profile)
    count = there.sum(axis=0)
    total = np.where(there, profile, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
