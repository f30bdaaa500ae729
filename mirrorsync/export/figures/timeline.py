"""All meters over the session, each with its chance level, and who leads."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from mirrorsync.export.figures.data import FigureData
from mirrorsync.export.figures.style import BAND, CHANNEL_COLOURS, PARTNER, SOFT, YOU, clock_axis, new_figure
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS
from mirrorsync.types import FloatArray

__all__ = ["ROWS", "alt_timeline", "draw_timeline"]

ROWS = (
    "attunement", "posture_alignment", "expression_alignment", "head_synchrony", "body_synchrony",
    "expression_synchrony", "breathing_match", "mutual_gaze",
)  # fmt: skip
_MAX_POINTS = 4000  # more are no finer in print
_MIN_GAP_S = 1.0


def draw_timeline(data: FigureData) -> Figure:
    """Draw one row a channel over time; grey is what chance would score, hatched is too little to say."""
    rows = [name for name in ROWS if name in data.scores]
    figure = new_figure(7.2, 1.2 + 0.78 * len(rows))
    heights = [2.0, 0.32, *[1.0] * (len(rows) - 1)]
    grid = figure.add_gridspec(len(heights), 1, height_ratios=heights, hspace=0.04)
    first = figure.add_subplot(grid[0])
    axes = [first] + [figure.add_subplot(grid[k], sharex=first) for k in range(1, len(heights))]
    for name, place in zip(rows, (axes[0], *axes[2:]), strict=True):
        _row(place, data, name)
    _ribbon(axes[1], data)
    for place in axes[:-1]:
        place.tick_params(labelbottom=False)
    clock_axis(axes[-1], data.duration_s, start_s=_start(data))
    axes[0].set_title("Attunement and its channels over the session")
    nothing = "too little to say, or left out" if data.settings.exclude else "too little to say"
    handles = [
        Patch(color=BAND, label="chance of the mean (± 1 SD)"),
        Patch(facecolor="white", edgecolor=BAND, hatch="////", label=nothing),
        Patch(color=YOU, label=f"{data.label_a} leads"),
        Patch(color=PARTNER, label=f"{data.label_b} leads"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
    return figure


def _start(data: FigureData) -> float:
    return float(data.time_s[0]) if data.time_s.size else 0.0


def _row(axes: Axes, data: FigureData, name: str) -> None:
    channel = CHANNELS[name]
    values = data.scores[name]
    stride = max(values.size // _MAX_POINTS, 1)
    low = _lowest(values) if channel.kind == "synchrony" else 0.0
    axes.set_ylim(low - 0.05 * (low < 0), 1.05)
    axes.set_yticks(np.arange(low, 1.01, 0.5 if low > -1.0 else 1.0))
    _chance(axes, data, name)
    _gaps(axes, data, ~np.isfinite(values))
    thick = 1.6 if name == "attunement" else 0.9
    axes.plot(data.time_s[::stride], values[::stride], color=CHANNEL_COLOURS[name], linewidth=thick)
    unit = "(r above\nchance)" if channel.kind == "synchrony" else "(0–1)"
    axes.set_ylabel(f"{channel.title}\n{unit}", rotation=0, ha="right", va="center", fontsize=8)


def _lowest(values: FloatArray) -> float:
    """Return where the axis of a synchrony channel begins: at -0.5, or lower where the score goes there."""
    known = values[np.isfinite(values)]
    return float(min(-0.5, np.floor(2 * known.min()) / 2)) if known.size else -0.5


def _chance(axes: Axes, data: FigureData, name: str) -> None:
    """Shade what chance scores: from the session's statistics, or by definition (0.5 and 0)."""
    statistics = data.statistics.get(name, {})
    mean, sd = statistics.get("chance_mean"), statistics.get("chance_sd")
    if name == "attunement":
        mean = 0.5
    if mean is None or not math.isfinite(mean):
        return
    if sd is not None and math.isfinite(sd) and sd > 0:
        axes.axhspan(mean - sd, mean + sd, color=BAND, alpha=0.6, linewidth=0, zorder=0)
    axes.axhline(mean, color=SOFT, linewidth=0.7, linestyle=(0, (4, 3)), zorder=1)


def _gaps(axes: Axes, data: FigureData, missing: NDArray[np.bool_]) -> None:
    for start_s, end_s in _stretches(data, missing):
        if end_s - start_s < _MIN_GAP_S:
            continue  # the broken line says it; hatching would be noise
        axes.axvspan(start_s, end_s, facecolor="none", edgecolor=BAND, hatch="////", linewidth=0, zorder=0)


def _stretches(data: FigureData, which: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Return start and end, seconds, of the runs in which `which` holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], which, [False]]).astype(int)))
    times_s = np.append(data.time_s, _start(data) + data.duration_s)
    return [(float(times_s[a]), float(times_s[b])) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _ribbon(axes: Axes, data: FigureData) -> None:
    for side, colour in (("a", YOU), ("b", PARTNER)):
        spans = [(start_s, end_s - start_s) for start_s, end_s in _stretches(data, data.leader == side)]
        # A stands above, B below: the ribbon can be read without its colours.
        axes.broken_barh(spans, (0.5 if side == "a" else 0.0, 0.5), facecolors=colour, linewidth=0)
    axes.set_ylim(0, 1)
    axes.set_yticks([0.25, 0.75], ["B", "A"])
    axes.tick_params(axis="y", length=0, labelsize=7)
    axes.set_ylabel("Leader", rotation=0, ha="right", va="center", fontsize=8)


def alt_timeline(data: FigureData) -> str:
    """Return the figure in one sentence."""
    values = data.scores.get("attunement", np.empty(0))
    known = values[np.isfinite(values)]
    whole_s = math.floor(data.duration_s + 1e-6)  # as clocks count
    lead = {side: float((data.leader == side).mean()) if data.leader.size else 0.0 for side in "ab"}
    if not known.size:
        return f"Timeline of {whole_s} s in which there was too little to say about attunement."
    led = (
        f"{data.label_a} leads {lead['a']:.0%} and {data.label_b} {lead['b']:.0%} of the time"
        if any(data.sure(name) for name in SYNC_CHANNELS)
        else "who leads cannot be told from chance"
    )
    return (
        f"Timeline of {whole_s} s: attunement averages {known.mean():.2f} (0.50 is chance), "
        f"{(known > 0.5).mean():.0%} of the known time above it; {led}."
    )
