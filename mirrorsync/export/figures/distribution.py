"""Observed scores beside what chance would have given.

Above, the surrogate test of each synchrony channel (B's windows dealt out anew), whose p-value is that of the
summary; below, the effect sizes of the summary (B shifted in time). They are two statistics, and each panel
names its own.
"""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mirrorsync.export.figures.data import FigureData
from mirrorsync.export.figures.style import BAND, CHANNEL_COLOURS, INK, SOFT, new_figure
from mirrorsync.synchrony.chance import SurrogateTest
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS

__all__ = ["alt_distribution", "draw_distribution"]

_BINS = 24


def draw_distribution(data: FigureData) -> Figure:
    """Draw the surrogates of each synchrony channel with the observed value, and all effect sizes."""
    told = _effects(data)
    figure = new_figure(7.2, 3.3 + (0.5 + 0.28 * len(told) if told else 0.0))
    heights = [2.4, 0.5 + 0.28 * len(told)] if told else [2.4]
    grid = figure.add_gridspec(len(heights), len(SYNC_CHANNELS), height_ratios=heights)
    for k, name in enumerate(SYNC_CHANNELS):
        axes = figure.add_subplot(grid[0, k])
        _histogram(axes, name, data.test(name))
        if k == 0:
            axes.set_ylabel("Shuffled copies (count)")
    if told:
        _forest(figure.add_subplot(grid[1, :]), told)
    return figure


def _histogram(axes: Axes, name: str, test: SurrogateTest | None) -> None:
    axes.set_title(CHANNELS[name].title, pad=18)
    axes.set_xlabel("Peak of lag profile (z)")
    if test is None:
        axes.text(0.5, 0.5, "too little to say", transform=axes.transAxes, ha="center", color=SOFT)
        axes.set_yticks([])
        return
    axes.hist(test.surrogates, bins=_BINS, color=BAND, edgecolor="white", linewidth=0.4)
    axes.axvline(test.observed, color=CHANNEL_COLOURS[name], linewidth=2)
    low, high = min(test.surrogates.min(), test.observed), max(test.surrogates.max(), test.observed)
    margin = 0.06 * (high - low)
    axes.set_xlim(low - margin, high + margin)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    # Above the axes, where no line can cross it.
    axes.annotate(
        f"line: {test.observed:.2f}, p = {test.p_value:.3f}", (0, 1), xycoords="axes fraction",
        xytext=(0, 5), textcoords="offset points", va="bottom", fontsize=8, color=INK,
    )  # fmt: skip


def _effects(data: FigureData) -> list[tuple[str, float, float | None]]:
    """Return name, effect size and p-value of every channel that has one; no p-value of other surrogates."""
    out = []
    for name in CHANNELS:
        statistics = data.statistics.get(name, {})
        effect, p_value = statistics.get("effect_size"), statistics.get("p_value")
        if effect is not None and math.isfinite(effect):
            known = p_value is not None and math.isfinite(p_value) and name not in SYNC_CHANNELS
            out.append((name, effect, p_value if known else None))
    return out


def _forest(axes: Axes, told: list[tuple[str, float, float | None]]) -> None:
    axes.axvspan(-2, 2, color=BAND, alpha=0.6, linewidth=0)
    axes.axvline(0, color=SOFT, linewidth=0.7, linestyle=(0, (4, 3)))
    for row, (name, effect, p_value) in enumerate(told):
        colour = CHANNEL_COLOURS.get(name, INK)
        axes.plot([0, effect], [row, row], color=colour, linewidth=1.2)
        axes.plot(effect, row, "o", color=colour, markersize=5)
        text = f"{effect:+.1f}".replace("-", "\N{MINUS SIGN}") + (
            "" if p_value is None else f"  (p = {p_value:.3f})"
        )
        side = 1 if effect >= 0 else -1
        axes.annotate(
            text, (effect, row), xytext=(7 * side, 0), textcoords="offset points", va="center",
            ha="left" if side > 0 else "right", fontsize=7.5,
        )  # fmt: skip
    axes.set_yticks(range(len(told)), [CHANNELS[name].title for name, _, _ in told])
    axes.set_ylim(len(told) - 0.5, -0.5)
    axes.margins(x=0.22)
    axes.set_xlabel("Spreads (SD) above or below the mean of the shifted copies; grey: two either way")
    axes.set_title("Effect sizes: mean scores against the same two people shifted in time")


def alt_distribution(data: FigureData) -> str:
    """Return the figure in a sentence or two."""
    parts = []
    for name in SYNC_CHANNELS:
        test = data.test(name)
        title = CHANNELS[name].title.lower()
        if test is None:
            parts.append(f"{title} too short to say")
        else:
            chance = f"{test.mean:.2f} ± {test.sd:.2f}"
            parts.append(f"{title} {test.observed:.2f} against {chance} (p = {test.p_value:.3f})")
    copies = f"copies with the moments of {data.label_b} shuffled"
    said = f"Peak of the lag profile against {copies}: {'; '.join(parts)}."
    told = [f"{CHANNELS[name].title.lower()} {effect:+.1f}" for name, effect, _ in _effects(data)]
    if told:
        shifted = "in spreads (SD) from copies shifted in time"
        said += f" Effect sizes of the mean scores, {shifted}: {', '.join(told)}."
    return said
