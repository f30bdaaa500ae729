"""Correlation by lag: over time as a heat map, and as the session's mean profile against chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from mirrorsync.export.figures.data import SURE, FigureData
from mirrorsync.export.figures.style import BAND, CHANNEL_COLOURS, INK, SOFT, clock_axis, new_figure
from mirrorsync.synchrony.chance import SurrogateTest
from mirrorsync.synchrony.peaks import find_peak
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS
from mirrorsync.types import FloatArray

__all__ = ["alt_heatmap", "alt_lagprofile", "draw_heatmap", "draw_lagprofile"]

# Purple for negative, white for none, green for positive: apart for colour-blind eyes, and in grey.
_COLOURS = LinearSegmentedColormap.from_list("r", ["#40004B", "#9970AB", "#F7F7F7", "#5AAE61", "#00441B"])
_LONGEST_NAME = 9  # letters of a name that fit beside another one


def draw_heatmap(data: FigureData) -> Figure:
    """Draw windowed correlation over time (x) and lag (y), one panel a synchrony channel."""
    figure = new_figure(7.2, 6.2)
    panels = figure.subplots(len(SYNC_CHANNELS), 1, sharex=True, sharey=True)
    a, b = data.signals()
    image = None
    for axes, name in zip(panels, SYNC_CHANNELS, strict=True):
        middles_s, lags_s, z = data.mean_z(a, b, name)
        axes.set_facecolor("white")
        axes.patch.set(hatch="////", edgecolor=BAND)
        if middles_s.size > 1:
            image = axes.pcolormesh(
                middles_s, lags_s, np.tanh(z).T, cmap=_COLOURS, vmin=-1, vmax=1, shading="nearest",
                rasterized=True,
            )  # fmt: skip
            peaks_s = _clear_peaks(z, lags_s)
            axes.plot(middles_s, peaks_s, ".", color=INK, markersize=2.2, label="highest correlation")
        axes.axhline(0, color=SOFT, linewidth=0.7, linestyle=(0, (4, 3)))
        axes.set_title(CHANNELS[name].title)
        axes.set_ylabel("Lag (s)")
    panels[0].text(
        1.0,
        1.04,
        f"up: {data.label_b} follows",
        transform=panels[0].transAxes,
        ha="right",
        color=SOFT,
        fontsize=8,
    )
    panels[-1].text(
        1.0,
        1.04,
        f"down: {data.label_a} follows",
        transform=panels[-1].transAxes,
        ha="right",
        color=SOFT,
        fontsize=8,
    )
    clock_axis(panels[-1], data.duration_s, start_s=float(data.time_s[0]) if data.time_s.size else 0.0)
    if image is not None:
        bar = figure.colorbar(image, ax=list(panels), shrink=0.6, aspect=30, pad=0.02)
        bar.set_label("Correlation (r); dots: highest, hatched: too little to say")
        bar.outline.set_linewidth(0)
    return figure


def _clear_peaks(z: FloatArray, lags_s: FloatArray) -> FloatArray:
    """Return each window's lag of the highest correlation, NaN at the border or below r = 0.3."""
    out = np.full(z.shape[0], np.nan)
    for k, row in enumerate(z):
        if np.isfinite(row).any() and np.nanmax(row) > np.arctanh(0.3):
            out[k] = find_peak(row, lags_s).lag
    return out


@dataclass(frozen=True, slots=True)
class _Profile:
    """A channel's lag profile as correlations; `reach` is how high chance comes anywhere, NaN: not known."""

    lags_s: FloatArray
    r: FloatArray
    chance: FloatArray
    reach: float
    p_value: float
    lag_s: float

    @property
    def top(self) -> float:
        return float(np.nanmax(self.r)) if np.isfinite(self.r).any() else float("nan")


def _profile(data: FigureData, name: str) -> _Profile:
    """Return the profile that the channel's test rests on, and how high its surrogates' own peaks come."""
    test = data.test(name)
    if test is None:
        a, b = data.signals()
        _, lags_s, z = data.mean_z(a, b, name)
        count = np.isfinite(z).sum(axis=0)
        mean = np.where(count > 0, np.nansum(z, axis=0) / np.maximum(count, 1), np.nan)
        nothing = np.full(lags_s.size, np.nan)
        return _Profile(lags_s, np.tanh(mean), nothing, float("nan"), float("nan"), float("nan"))
    lag_s = data.statistics.get(name, {}).get("peak_lag_s")  # as in the summary, where that is known
    if lag_s is None or not np.isfinite(lag_s):
        lag_s = test.lag_s
    return _Profile(
        test.lags_s, np.tanh(test.profile), np.tanh(test.chance_profile), float(np.tanh(_reach(test))),
        test.p_value, lag_s,
    )  # fmt: skip


def _reach(test: SurrogateTest) -> float:
    """Return the height above which a profile's peak has a p-value below `SURE`, Fisher z.

    It is one height for all lags: whoever looks for the highest of many lags has to be held against the
    highest of as many. A band drawn lag by lag would be left somewhere by most pairs of strangers.
    """
    fewer = math.ceil(SURE * (test.n + 1)) - 1  # so many surrogates, less one, may be as high
    return float(np.sort(test.surrogates)[-fewer]) if fewer > 0 else float("inf")


def draw_lagprofile(data: FigureData) -> Figure:
    """Draw the mean correlation at every lag; grey is as high as chance comes at any lag."""
    figure = new_figure(7.2, 3.0)
    panels = figure.subplots(1, len(SYNC_CHANNELS), sharey=True)
    profiles = {name: _profile(data, name) for name in SYNC_CHANNELS}
    drawn = np.concatenate([np.append(one.r, one.reach) for one in profiles.values()])
    drawn = drawn[np.isfinite(drawn)]
    low, high = (float(drawn.min()), float(drawn.max())) if drawn.size else (-1.0, 1.0)
    room = 0.08 * max(high - low, 0.1)
    panels[0].set_ylim(low - 2.5 * room, high + room)
    for axes, (name, one) in zip(panels, profiles.items(), strict=True):
        if np.isfinite(one.reach):
            axes.axhspan(-1.5, one.reach, color=BAND, alpha=0.5, linewidth=0)
            axes.plot(one.lags_s, one.chance, color=SOFT, linewidth=0.7, linestyle=(0, (4, 3)))
        axes.plot(one.lags_s, one.r, color=CHANNEL_COLOURS[name], linewidth=1.6)
        axes.axvline(0, color=SOFT, linewidth=0.6)
        title = CHANNELS[name].title
        if data.sure(name) and np.isfinite(one.lag_s):
            axes.plot(one.lag_s, np.interp(one.lag_s, one.lags_s, one.r), "o", color=INK, markersize=4)
            title += f": {one.lag_s:+.2f} s"
        axes.set_title(title, pad=18)
        told = "too short to say" if np.isnan(one.p_value) else f"p = {one.p_value:.3f}"
        if one.p_value >= SURE:
            told = f"no more than chance, {told}"
        axes.annotate(
            told, (0, 1), xycoords="axes fraction", xytext=(0, 5), textcoords="offset points", va="bottom",
            fontsize=8, color=INK,
        )  # fmt: skip
        axes.set_xlabel("Lag (s)")
        axes.set_xlim(float(one.lags_s[0]), float(one.lags_s[-1]))
        for x, who, side in ((0.02, data.label_a, "left"), (0.98, data.label_b, "right")):
            short = who if len(who) <= _LONGEST_NAME else "AB"[x > 0.5]
            axes.text(x, 0.02, f"{short} follows", transform=axes.transAxes, ha=side, fontsize=7, color=SOFT)
    panels[0].set_ylabel("Mean correlation (r)\ngrey: no higher than chance")
    return figure


def alt_heatmap(data: FigureData) -> str:
    """Return the figure in one sentence."""
    a, b = data.signals()
    parts = []
    for name in SYNC_CHANNELS:
        _, lags_s, z = data.mean_z(a, b, name)
        peaks_s = _clear_peaks(z, lags_s)
        known = peaks_s[np.isfinite(peaks_s)]
        title, share = CHANNELS[name].title.lower(), known.size / max(peaks_s.size, 1)
        if known.size:
            sure = "" if data.sure(name) else ", no more than chance over all"
            lag = f"median lag {np.median(known):+.2f} s"
            parts.append(f"{title} peaks in {share:.0%} of the windows, {lag}{sure}")
        else:
            parts.append(f"{title} without a clear peak")
    return f"Correlation by time and lag: {'; '.join(parts)} (positive: B follows A)."


def alt_lagprofile(data: FigureData) -> str:
    """Return the figure in one sentence."""
    parts = []
    for name in SYNC_CHANNELS:
        one, title = _profile(data, name), CHANNELS[name].title.lower()
        if not np.isfinite(one.r).any():
            parts.append(f"{title} unknown")
        elif np.isnan(one.p_value):
            parts.append(f"{title} too short to hold against chance")
        elif data.sure(name):
            where = f", highest at {one.lag_s:+.2f} s" if np.isfinite(one.lag_s) else ""
            parts.append(f"{title} above chance{where} (r = {one.top:.2f}, p = {one.p_value:.3f})")
        else:
            parts.append(f"{title} no more than chance (p = {one.p_value:.3f})")
    sign = f"a positive lag: {data.label_b} follows {data.label_a}"
    return f"Mean correlation by lag: {'; '.join(parts)} ({sign})."
