"""Two series that were measured already to the numbers of a dyad: no video, the same synchrony code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mirrorsync.analysis.peers import peer_numbers
from mirrorsync.analysis.series_clock import paired
from mirrorsync.batches.series_statistics import forms, series_statistics
from mirrorsync.errors import SeriesError
from mirrorsync.readers import SeriesTable, kind_of, read, split_part
from mirrorsync.readers.series_table import LEVELS, MOTION, PLACES
from mirrorsync.readers.text_table import listed
from mirrorsync.settings import Settings
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
_FEATURES_OF = {
    "smile": ("mouthSmileLeft", "mouthSmileRight"),
    "jaw": ("jawOpen",),
    "brow_up": ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    "brow_down": ("browDownLeft", "browDownRight"),
}


def score_series(
    a: str,
    b: str,
    rates_hz: Sequence[float | None],
    settings: Settings,
    *,
    which: Sequence[int | None] | None = None,
    chance: bool = True,
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
    which : sequence of (int or None), optional
        For each of the two, which measured column of a plain file is meant, from 0; None: the first.
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
    tables = _on_one_clock(*_read_both(a, b, rates_hz, which), settings)
    rate, n = tables[0].rate_hz, tables[0].times_s.size
    pair = _signals(tables[0], settings), _signals(tables[1], settings)
    known = [np.atleast_1d(np.isfinite(one).any(axis=0)) for one in pair]
    content: dict[str, Any] = {
        "channels": {},
        "ticks": n,
        "duration_s": n / rate,
        "rate_hz": rate,
        "columns": {side: _compared(table) for side, table in zip("ab", tables, strict=True)},
        "notes": list(tables[0].notes),
        "seen": {
            side: float(np.isfinite(one).any(axis=1).mean()) if n else 0.0
            for side, one in zip("ab", pair, strict=True)
        },
    }
    for name in SERIES_CHANNELS:
        members = [
            k for k, channel in enumerate(_CHANNELS) if channel == name and known[0][k] and known[1][k]
        ]
        if members:
            moved = [one[:, members] for one in pair]
            turned = forms(members, settings.mirror)
            try:
                content["channels"][name], form = series_statistics(
                    moved[0], moved[1], turned, rate_hz=rate, settings=settings, chance=chance
                )
            except SeriesError as error:
                raise SeriesError(" ".join([str(error), *content["notes"]])) from error
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


def _read_both(
    a: str, b: str, rates_hz: Sequence[float | None], which: Sequence[int | None] | None
) -> tuple[SeriesTable, SeriesTable]:
    """Return both people's series; of one and the same plain file the first two columns that measure."""
    if a == b and which is None and split_part(Path(a))[1] is None:
        if kind_of(a) not in {"series", "motion_energy"}:
            raise SeriesError(f"{a} holds one person, and was given for both; name B's own file.")
        which = (0, 1)
    first, second = (
        read(one, rate_hz=rate_hz, which=place)
        for one, rate_hz, place in zip((a, b), rates_hz, which or (None, None), strict=True)
    )
    return first, second


def _on_one_clock(a: SeriesTable, b: SeriesTable, settings: Settings) -> tuple[SeriesTable, SeriesTable]:
    """Return both on one clock: plain columns at their own rate, faces and places at the settings' rate."""
    if any(name in table.columns for table in (a, b) for name in (*LEVELS, *PLACES)):
        sparse = [table.rate_hz for table in (a, b) if table.rate_hz < settings.rate_hz / 2]
        return paired(a, b, rate_hz=min([settings.rate_hz, *sparse]), offset_s=settings.offset_s)
    return paired(a, b, offset_s=settings.offset_s)


def _compared(table: SeriesTable) -> list[str]:
    """Return the columns that are scored."""
    levels = [name for name in table.scored if name != MOTION]
    return levels or [next(iter(table.columns), "")]


def _signals(table: SeriesTable, settings: Settings) -> FloatArray:
    """Return the movement signals and, last, the plain series, shape (n, 9); NaN where there is none."""
    levels = [name for name in (*LEVELS, *PLACES) if name in table.columns]
    n = table.times_s.size
    if levels:
        values = np.full((n, N_FEATURES), np.nan)
        for name in levels:
            for feature in _FEATURES_OF.get(name, (name,)):
                values[:, FEATURE_INDEX[feature]] = table.columns[name]
        moved = movement(values, rate_hz=table.rate_hz, smooth_s=settings.smooth_s)
        return np.column_stack([moved, np.full(n, np.nan)])
    at = _BODY if MOTION in table.columns else _PLAIN
    out = np.full((n, len(_CHANNELS)), np.nan)
    out[:, at] = table.columns[MOTION] if MOTION in table.columns else next(iter(table.columns.values()))
    return out
