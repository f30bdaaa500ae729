"""Cross-recurrence: when B was in a state that A was in, at whatever other time.

Both people's states are their head angles, smile, jaw and brows, five times a second, each standardised over
the session; two states recur when they lie among the nearest tenth of all pairs of states. The profile below
is the share of recurring states at each delay (Coco & Dale 2014, 10.3389/fpsyg.2014.00510).
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from mirrorsync.export.figures.data import FigureData
from mirrorsync.export.figures.style import BAND, BOTH, INK, SOFT, clock_axis, new_figure
from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import FloatArray

__all__ = ["alt_recurrence", "draw_recurrence"]

_NEAREST = 0.1
_POINTS = 500
_STATE_HZ = 5.0
_MAX_DELAY_S = 10.0
_PARTS = (
    ("head_pitch",), ("head_yaw",), ("head_roll",), ("mouthSmileLeft", "mouthSmileRight"), ("jawOpen",),
    ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"), ("browDownLeft", "browDownRight"),
)  # fmt: skip
_LATERAL = (1, 2)


def draw_recurrence(data: FigureData) -> Figure:
    """Draw the cross-recurrence plot (A's time across, B's time up) and the share at each delay."""
    figure = new_figure(5.4, 6.6)
    above, below = figure.subplots(2, 1, height_ratios=[3.2, 1.0])
    a, b, radius = _states(data)
    step = max(-(-a.shape[0] // _POINTS), 1)
    matrix = _recurs(a[::step], b[::step], radius)
    start_s = float(data.time_s[0]) if data.time_s.size else 0.0
    end_s = start_s + data.duration_s
    image = np.where(np.isnan(matrix), 0.85, 1.0 - matrix)  # light grey where one was not seen
    above.imshow(
        image.T, cmap="gray", vmin=0, vmax=1, origin="lower", extent=(start_s, end_s, start_s, end_s),
        interpolation="nearest", aspect="equal",
    )  # fmt: skip
    above.plot([start_s, end_s], [start_s, end_s], color=BOTH, linewidth=1.2)
    clock_axis(above, data.duration_s, start_s=start_s)
    above.set_yticks(above.get_xticks(), [tick.get_text() for tick in above.get_xticklabels()])
    above.set_ylim(start_s, end_s)
    above.set_xlabel(above.get_xlabel().replace("Time", f"Time of {data.label_a}"))
    above.set_ylabel(above.get_xlabel().replace(data.label_a, data.label_b, 1))
    above.set_title("Where the two were in the same state")
    delays_s, shares = _profile(a, b, radius)
    below.axhline(_NEAREST, color=SOFT, linewidth=0.7, linestyle=(0, (4, 3)))
    below.plot(delays_s, shares, color=BOTH, linewidth=1.6)
    below.axvline(0, color=BAND, linewidth=0.8)
    if np.isfinite(shares).any():
        top = int(np.nanargmax(shares))
        below.plot(delays_s[top], shares[top], "o", color=INK, markersize=4)
    below.set_xlim(float(delays_s[0]), float(delays_s[-1]))
    below.set_ylim(bottom=0)
    below.set_xlabel("Delay of B against A (s); dashed: all pairs of states")
    below.set_ylabel("Share recurring")
    return figure


def _states(data: FigureData) -> tuple[FloatArray, FloatArray, float]:
    """Return both people's states at 5 Hz, (n, 7), and the distance below which states recur."""
    every = max(round(data.settings.rate_hz / _STATE_HZ), 1)
    both = []
    for values in (data.features_a, data.features_b):
        columns = [values[:, [FEATURE_INDEX[name] for name in part]].mean(axis=1) for part in _PARTS]
        state = np.column_stack([_smoothed(column, every) for column in columns])
        both.append((state - _middle(state)) / _spread(state))
    a, b = both
    if data.anatomical.mean() <= 0.5:  # in the mirror image turning left answers turning right
        b[:, _LATERAL] *= -1
    rng = np.random.default_rng(data.settings.seed)
    pairs = rng.integers(0, max(a.shape[0], 1), (20_000, 2))
    distance = np.linalg.norm(a[pairs[:, 0]] - b[pairs[:, 1]], axis=1) if a.shape[0] else np.empty(0)
    known = distance[np.isfinite(distance)]
    return a, b, float(np.quantile(known, _NEAREST)) if known.size else float("nan")


def _smoothed(values: FloatArray, every: int) -> FloatArray:
    """Return the means of blocks of `every` ticks; NaN where a tick of the block is missing."""
    n = values.size // every
    means: FloatArray = values[: n * every].reshape(n, every).mean(axis=1)
    return means


def _middle(state: FloatArray) -> FloatArray:
    there = np.isfinite(state)
    middle: FloatArray = np.where(there, state, 0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    return middle


def _spread(state: FloatArray) -> FloatArray:
    there = np.isfinite(state)
    squares = np.where(there, (state - _middle(state)) ** 2, 0).sum(axis=0)
    spread = np.sqrt(squares / np.maximum(there.sum(axis=0), 1))
    return np.where(spread > 0, spread, 1.0)


def _recurs(a: FloatArray, b: FloatArray, radius: float) -> FloatArray:
    """Return 1 where A's state (rows) and B's (columns) recur, 0 where not, NaN where one is missing."""
    distance = np.linalg.norm(a[:, None, :] - b[None, :, :], axis=2)
    return np.where(np.isnan(distance), np.nan, (distance <= radius).astype(float))


def _profile(a: FloatArray, b: FloatArray, radius: float) -> tuple[FloatArray, FloatArray]:
    """Return delays in s (positive: B later) and the share of recurring states at each."""
    reach = min(round(_MAX_DELAY_S * _STATE_HZ), max(a.shape[0] // 2, 1))
    delays: NDArray[np.int64] = np.arange(-reach, reach + 1)
    shares = np.full(delays.size, np.nan)
    for k, delay in enumerate(delays):
        early, late = (a[: a.shape[0] - delay], b[delay:]) if delay >= 0 else (a[-delay:], b[:delay])
        distance = np.linalg.norm(early - late, axis=1)
        known = np.isfinite(distance)
        if known.any():
            shares[k] = float((distance[known] <= radius).mean())
    return delays / _STATE_HZ, shares


def alt_recurrence(data: FigureData) -> str:
    """Return the figure in one sentence."""
    a, b, radius = _states(data)
    delays_s, shares = _profile(a, b, radius)
    if not np.isfinite(shares).any():
        return "Cross-recurrence plot without a moment in which both people were seen."
    top = int(np.nanargmax(shares))
    return (
        f"Cross-recurrence plot: the two share a state most often, {shares[top]:.0%} of the time, when B is "
        f"taken {delays_s[top]:+.1f} s later ({_NEAREST:.0%} over all pairs of moments)."
    )
