"""Two series that were measured already to the numbers of a dyad: no video, the same synchrony code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mirrorsync.analysis.peers import peer_numbers
from mirrorsync.batches.series_statistics import forms, series_statistics
from mirrorsync.errors import SeriesError
from mirrorsync.readers import SeriesTable, read
from mirrorsync.readers.series_table import LEVELS, MOTION, PLACES
from mirrorsync.readers.text_table import listed
from mirrorsync.settings import Settings
from mirrorsync.synchrony.clock import resample
from mirrorsync.synchrony.movement import SIGNAL_CHANNEL, SIGNALS, movement
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import FloatArray

__all__ = ["SERIES_CHANNELS", "score_series"]

_CHANNELS = (
    *(name.replace("_synchrony", "_series_synchrony") for name in SIGNAL_CHANNEL),
    "series_synchrony",
)

SERIES_CHANNELS: tuple[str, ...] = tuple(dict.fromkeys(_CHANNELS))
"""What series are scored on: head, body, expression, and whatever plain columns measure.

They have names of their own, because their numbers are others than those of films: a film is scored at
every moment against its own past, series over the whole session by the height of the mean lag profile.
"""

_BODY, _PLAIN = SIGNALS.index("body_speed"), len(SIGNALS)
_COUNTERS = {"frame", "index", "row", "sample"}  # columns that number the rows: nothing was measured
_FEATURES_OF = {
    "smile": ("mouthSmileLeft", "mouthSmileRight"),
    "jaw": ("jawOpen",),
    "brow_up": ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    "brow_down": ("browDownLeft", "browDownRight"),
}


def score_series(
    a: str, b: str, rates_hz: Sequence[float | None], settings: Settings, *, chance: bool = True
) -> dict[str, Any]:
    """Score A's series against B's.

    Motion energy and plain series are correlated as they are; angles, expression and places (OpenFace,
    Py-feat, MirrorSync's own features) become movement first, as in an analysis. For the numbers see
    `mirrorsync.batches.series_statistics`.

    Parameters
    ----------
    a, b : str
        Files, with `#COLUMN` behind them where that is meant; of one and the same file the first two columns.
    rates_hz : sequence of (float or None)
        Rows a second of A's and of B's file; None where the file says it.
    settings : Settings
        Clock, window, lag, seed, offset and preset.
    chance : bool
        False: only the mean is told.

    Returns
    -------
    dict
        `channels` (some of `SERIES_CHANNELS`), `duration_s`, `ticks`, `mirror` (which form was taken of two
        that were tried), and the numbers of the preset.

    Raises
    ------
    SeriesError
        A file cannot be read, the two measure different things, or are too short.
    """
    if a == b and "#" not in a:
        a, b = f"{a}#1", f"{b}#2"
    tables = [read(one, rate_hz=rate_hz) for one, rate_hz in zip((a, b), rates_hz, strict=True)]
    rate = tables[0].rate_hz if _share_clock(tables, settings) else settings.rate_hz
    signals = [
        _signals(t, rate, settings, late_s)
        for t, late_s in zip(tables, (0.0, settings.offset_s), strict=True)
    ]
    n = min(len(one) for one in signals)
    pair = signals[0][:n], signals[1][:n]
    known = [np.atleast_1d(np.isfinite(one).any(axis=0)) for one in pair]
    content: dict[str, Any] = {"channels": {}, "ticks": n, "duration_s": n / rate}
    for name in SERIES_CHANNELS:
        members = [
            k for k, channel in enumerate(_CHANNELS) if channel == name and known[0][k] and known[1][k]
        ]
        if members:
            moved = [one[:, members] for one in pair]
            turned = forms(members, settings.mirror)
            content["channels"][name], form = series_statistics(
                moved[0], moved[1], turned, rate_hz=rate, settings=settings, chance=chance
            )
            if len(turned) > 1:
                content["mirror"] = form
            if chance and settings.preset != "none":
                amounts = [np.sqrt(np.mean(np.square(one), axis=1)) for one in moved]
                numbers = peer_numbers(amounts[0], amounts[1], settings, rate_hz=rate)
                content.setdefault("preset", {"method": settings.preset})[name] = numbers
    if not content["channels"]:
        raise SeriesError(
            f"{_holds(tables[0])} and {_holds(tables[1])} share nothing that can be compared; give two files "
            "of one kind, or name a column of each, as in FILE.csv#COLUMN."
        )
    return content


def _holds(table: SeriesTable) -> str:
    """Return a file and what it has, for a message."""
    if not table.sure_share:
        return f"{table.name} ({table.kind}, which was sure of no row)"
    return f"{table.name} ({table.kind}: {listed(table.scored or tuple(table.columns), most=4)})"


def _share_clock(tables: Sequence[SeriesTable], settings: Settings) -> bool:
    """Whether both are plain columns, sample beside sample: then nothing needs to be interpolated."""
    a, b = tables
    plain = not any(name in t.columns for t in tables for name in (*LEVELS, *PLACES))
    return (
        plain
        and settings.offset_s == 0
        and abs(a.rate_hz - b.rate_hz) < 1e-6
        and abs(float(a.times_s[0]) - float(b.times_s[0])) < 1e-6
    )


def _signals(table: SeriesTable, rate_hz: float, settings: Settings, late_s: float) -> FloatArray:
    """Return the movement signals and, last, the plain series, shape (n, 9); NaN where there is none."""

    def clocked(values: FloatArray) -> FloatArray:
        if rate_hz == table.rate_hz and late_s == 0:
            return values
        gap_s = max(settings.max_gap_s, 1.5 / table.rate_hz)
        return resample(table.times_s - late_s, values, rate_hz=rate_hz, max_gap_s=gap_s)

    levels = [name for name in (*LEVELS, *PLACES) if name in table.columns]
    if levels:
        stacked = clocked(np.column_stack([table.columns[name] for name in levels]))
        values = np.full((stacked.shape[0], N_FEATURES), np.nan)
        for k, name in enumerate(levels):
            for feature in _FEATURES_OF.get(name, (name,)):
                values[:, FEATURE_INDEX[feature]] = stacked[:, k]
        moved = movement(values, rate_hz=rate_hz, smooth_s=settings.smooth_s)
        return np.column_stack([moved, np.full(moved.shape[0], np.nan)])
    at = _BODY if MOTION in table.columns else _PLAIN
    counted = [name for name in table.columns if name.lower() not in _COUNTERS] or list(table.columns)
    name = MOTION if MOTION in table.columns else counted[0]
    series = clocked(table.columns[name])
    out = np.full((series.size, len(_CHANNELS)), np.nan)
    out[:, at] = series
    return out
