"""Observed scores beside what chance would have given.

Above, the surrogate test of each synchrony channel (B's windows dealt out anew); below, the effect sizes of
summary.json (B shifted in time): two kinds of surrogates and two statistics, so that the numbers differ.
"""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mirrorsync.errors import SeriesError
from mirrorsync.export.figures.data import FigureData
from mirrorsync.export.figures.style import BAND, CHANNEL_COLOURS, INK, SOFT, new_figure
from mirrorsync.synchrony.chance import SurrogateTest, synchrony_test
from mirrorsync.synchrony.movement import MIRROR_SIGNS, SIGNAL_CHANNEL
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS

__all__ = ["alt_distribution", "draw_distribution"]

_BINS = 24


def draw_distribution(data: FigureData) -> Figure:
    """Draw the surrogates of each synchrony channel with the observed value, and all effect sizes."""
    told = _effects(data)
    figure = new_figure(7.2, 3.1 + (0.5 + 0.28 * len(told) if told else 0.0))
    heights = [2.4, 0.5 + 0.28 * len(told)] if told else [2.4]
    grid = figure.add_gridspec(len(heights), len(SYNC_CHANNELS), height_ratios=heights)
    for k, name in enumerate(SYNC_CHANNELS):
        axes = figure.add_subplot(grid[0, k])
        _histogram(axes, name, _test(data, name))
        if k == 0:
            axes.set_ylabel("Dealt-out surrogates (count)")
    if told:
        _forest(figure.add_subplot(grid[1, :]), told)
    return figure


def _test(data: FigureData, name: str) -> SurrogateTest | None:
    """Return the surrogate test of a channel; None when the session is too short for one."""
    a, b = data.signals()
    members = [k for k, channel in enumerate(SIGNAL_CHANNEL) if channel == name]
    signs = np.where(data.anatomical[:, None], 1.0, MIRROR_SIGNS[members])
    settings = data.settings
    try:
        return synchrony_test(
            a[:, members], b[:, members] * signs, rate_hz=settings.rate_hz, window_s=settings.window_s,
            lag_s=settings.lag_s, seed=settings.seed, min_coverage=settings.min_coverage,
        )  # fmt: skip
    except SeriesError:
        return None


def _histogram(axes: Axes, name: str, test: SurrogateTest | None) -> None:
    axes.set_title(CHANNELS[name].title)
    axes.set_xlabel("Peak of mean profile (z)")
    if test is None:
        axes.text(0.5, 0.5, "too little to say", transform=axes.transAxes, ha="center", color=SOFT)
        axes.set_yticks([])
        return
    axes.hist(test.surrogates, bins=_BINS, color=BAND, edgecolor="white", linewidth=0.4)
    top = axes.get_ylim()[1] * 1.25
    axes.set_ylim(0, top)
    axes.axvline(test.observed, color=CHANNEL_COLOURS[name], linewidth=2)
    low, high = min(test.surrogates.min(), test.observed), max(test.surrogates.max(), test.observed)
    margin = 0.06 * (high - low)
    axes.set_xlim(low - margin, high + margin)
    right = test.observed < (low + high) / 2
    axes.text(
        0.98 if right else 0.5,
        0.97,
        f"observed {test.observed:.2f}\nES {test.effect_size:.1f}, p = {test.p_value:.3f}",
        transform=axes.transAxes,
        ha="right" if right else "center",
        va="top",
        fontsize=8,
    )


def _effects(data: FigureData) -> list[tuple[str, float, float | None]]:
    """Return title, effect size and p-value of every channel that has one."""
    out = []
    for name in CHANNELS:
        statistics = data.statistics.get(name, {})
        effect, p_value = statistics.get("effect_size"), statistics.get("p_value")
        if effect is not None and math.isfinite(effect):
            known = p_value is not None and math.isfinite(p_value)
            out.append((name, effect, p_value if known else None))
    return out


def _forest(axes: Axes, told: list[tuple[str, float, float | None]]) -> None:
    axes.axvspan(-1.96, 1.96, color=BAND, alpha=0.6, linewidth=0)
    axes.axvline(0, color=SOFT, linewidth=0.7, linestyle=(0, (4, 3)))
    for row, (name, effect, p_value) in enumerate(told):
        colour = CHANNEL_COLOURS.get(name, INK)
        axes.plot([0, effect], [row, row], color=colour, linewidth=1.2)
        axes.plot(effect, row, "o", color=colour, markersize=5)
        text = f"{effect:+.1f}" + ("" if p_value is None else f"  (p = {p_value:.3f})")
        side = 1 if effect >= 0 else -1
        axes.annotate(
            text, (effect, row), xytext=(7 * side, 0), textcoords="offset points", va="center",
            ha="left" if side > 0 else "right", fontsize=7.5,
        )  # fmt: skip
    axes.set_yticks(range(len(told)), [CHANNELS[name].title for name, _, _ in told])
    axes.set_ylim(len(told) - 0.5, -0.5)
    axes.margins(x=0.22)
    axes.set_xlabel("Effect size: (observed − mean of chance) / SD of chance; grey: ±1.96")
    axes.set_title("Mean scores against the same two people shifted in time")


def alt_distribution(data: FigureData) -> str:
    """Return the figure in one sentence."""
    parts = []
    for name in SYNC_CHANNELS:
        test = _test(data, name)
        title = CHANNELS[name].title.lower()
        parts.append(
            f"{title} too short to say"
            if test is None
            else f"{title} {test.observed:.2f} against {test.mean:.2f} ± {test.sd:.2f} "
            f"(effect size {test.effect_size:.1f}, p = {test.p_value:.3f})"
        )
    return f"Observed synchrony against surrogates: {'; '.join(parts)}."
