"""Correlation by lag: over time as a heat map, and as the session's mean profile against chance."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from mirrorsync.export.figures.data import FigureData
from mirrorsync.export.figures.style import BAND, CHANNEL_COLOURS, INK, SOFT, clock_axis, new_figure
from mirrorsync.synchrony.peaks import find_peak
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS
from mirrorsync.types import FloatArray

__all__ = ["alt_heatmap", "alt_lagprofile", "draw_heatmap", "draw_lagprofile"]

# Purple for negative, white for none, green for positive: apart for colour-blind eyes, and in grey.
_COLOURS = LinearSegmentedColormap.from_list("r", ["#40004B", "#9970AB", "#F7F7F7", "#5AAE61", "#00441B"])
_SHIFTS = 39


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
        1.0, 1.04, "up: B follows A", transform=panels[0].transAxes, ha="right", color=SOFT, fontsize=8
    )
    panels[-1].text(
        1.0, 1.04, "down: A follows B", transform=panels[-1].transAxes, ha="right", color=SOFT, fontsize=8
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


def _profiles(data: FigureData, name: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return lags, the mean correlation at each, and those of pairs shifted in time, (n_shifts, n_lags)."""
    a, b = data.signals()
    _, lags_s, z = data.mean_z(a, b, name)
    margin = 2 * round(data.settings.lag_s * data.settings.rate_hz) + round(data.settings.rate_hz)
    n = a.shape[0]
    shifts = np.unique(np.linspace(margin, n - margin, _SHIFTS if n > 4 * margin else 0).astype(int))
    chance = [_mean(data.mean_z(a, np.roll(b, shift, axis=0), name)[2]) for shift in shifts]
    return lags_s, np.tanh(_mean(z)), np.tanh(np.array(chance).reshape(-1, lags_s.size))


def _mean(z: FloatArray) -> FloatArray:
    count = np.isfinite(z).sum(axis=0)
    return np.where(count > 0, np.nansum(z, axis=0) / np.maximum(count, 1), np.nan)


def draw_lagprofile(data: FigureData) -> Figure:
    """Draw the mean correlation at every lag, with what pairs shifted in time give as a grey band."""
    figure = new_figure(7.2, 3.0)
    panels = figure.subplots(1, len(SYNC_CHANNELS), sharey=True)
    for axes, name in zip(panels, SYNC_CHANNELS, strict=True):
        lags_s, profile, chance = _profiles(data, name)
        if chance.shape[0] > 1:
            low, high = np.quantile(chance, [0.025, 0.975], axis=0)
            axes.fill_between(lags_s, low, high, color=BAND, alpha=0.6, linewidth=0)
            axes.plot(lags_s, chance.mean(axis=0), color=SOFT, linewidth=0.7, linestyle=(0, (4, 3)))
        axes.plot(lags_s, profile, color=CHANNEL_COLOURS[name], linewidth=1.6)
        axes.axvline(0, color=SOFT, linewidth=0.6)
        peak = find_peak(profile, lags_s)
        title = CHANNELS[name].title
        if np.isfinite(peak.lag):
            axes.plot(peak.lag, np.interp(peak.lag, lags_s, profile), "o", color=INK, markersize=4)
            title += f": {peak.lag:+.2f} s"
        axes.set_title(title)
        axes.set_xlabel("Lag (s)")
        axes.set_xlim(float(lags_s[0]), float(lags_s[-1]))
        for x, text in ((0.02, "A follows"), (0.98, "B follows")):
            axes.text(
                x,
                0.02,
                text,
                transform=axes.transAxes,
                ha="left" if x < 0.5 else "right",
                fontsize=7,
                color=SOFT,
            )
    panels[0].set_ylabel("Mean correlation (r)\ngrey: 95 % of shifted pairs")
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
            parts.append(f"{title} peaks in {share:.0%} of the windows, median lag {np.median(known):+.2f} s")
        else:
            parts.append(f"{title} without a clear peak")
    return f"Correlation by time and lag: {'; '.join(parts)} (positive: B follows A)."


def alt_lagprofile(data: FigureData) -> str:
    """Return the figure in one sentence."""
    parts = []
    for name in SYNC_CHANNELS:
        lags_s, profile, chance = _profiles(data, name)
        if not np.isfinite(profile).any():
            parts.append(f"{CHANNELS[name].title.lower()} unknown")
            continue
        top = int(np.nanargmax(profile))
        above = chance.shape[0] > 1 and profile[top] > np.quantile(chance[:, top], 0.975)
        beside = "above" if above else "within"
        parts.append(
            f"{CHANNELS[name].title.lower()} highest at {lags_s[top]:+.2f} s "
            f"(r = {profile[top]:.2f}, {beside} chance)"
        )
    return f"Mean correlation by lag: {'; '.join(parts)} (positive: B follows A)."
