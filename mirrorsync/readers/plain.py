"""Plain columns of numbers: pairs for `mirrorsync series`, one person's column, and motion energy.

Motion energy analysis (MEA, Ramseyer 2020, 10.1037/cou0000407; read by the R package rMEA) writes one
text file a recording, one column a region of interest, as many rows a second as the video had pictures:
each number says how many pixels changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mirrorsync.errors import SeriesError
from mirrorsync.readers.series_table import MOTION, SeriesTable
from mirrorsync.readers.text_table import TextTable, listed, read_text_table
from mirrorsync.types import FloatArray

__all__ = ["DEFAULT_RATE_HZ", "SeriesPair", "rate_of", "read_motion_energy", "read_pair", "read_plain"]

DEFAULT_RATE_HZ = 25.0
_TIMES = ("time_s", "time", "timestamp", "t_s", "seconds")


@dataclass(frozen=True, slots=True)
class SeriesPair:
    """Two series of one length, NaN where missing, with the names of their columns ("" without a header).

    `clock` is the name of a column before them that was passed over because it says the time; "" for none.
    """

    a: FloatArray
    b: FloatArray
    names: tuple[str, str]
    clock: str = ""


def read_pair(path: Path, *, columns: tuple[str, str] | None = None) -> SeriesPair:
    """Read A and B from a text file.

    Parameters
    ----------
    path : Path
        See `mirrorsync.readers.text_table.read_text_table`.
    columns : (str, str), optional
        Names, or numbers from 1, of the two columns; by default the first two that are numeric. Where there
        are more, a first one is passed over that is named as a clock (see `read_plain`) and rises throughout.

    Raises
    ------
    SeriesError
        The file cannot be read, its lines differ in length, it has not two numeric columns, or a column
        asked for is not there.
    """
    table = _some_rows(path, "two columns of them")
    clock = ""
    if columns is None:
        chosen = sorted(table.columns)
        if len(chosen) > 2 and _is_clock(table, chosen[0]):
            clock = table.names[chosen.pop(0)]
        chosen = chosen[:2]
        if len(chosen) < 2:
            raise SeriesError(
                f"{path} has {len(chosen)} numeric {'column' if len(chosen) == 1 else 'columns'}; "
                "two are needed, one for each person."
            )
    else:
        chosen = [_place(name, table, path) for name in columns]
    names = (table.names[chosen[0]], table.names[chosen[1]]) if table.names else ("", "")
    return SeriesPair(a=table.columns[chosen[0]], b=table.columns[chosen[1]], names=names, clock=clock)


def read_plain(path: Path, *, part: str | None, rate_hz: float | None) -> SeriesTable:
    """Read all numeric columns as they are; one called time_s, time, timestamp, t_s or seconds is the clock.

    Parameters
    ----------
    part : str, optional
        Name or number from 1 of the only column to read.
    rate_hz : float, optional
        Rows a second where the file has no times; 25 by default.

    Raises
    ------
    SeriesError
        See `read_pair`; times that do not rise.
    """
    table = _some_rows(path, "at least one column of them")
    named = table.named()
    clock = next((name for name in named if name.lower() in _TIMES), None)
    if part is not None:
        at = _place(part, table, path)
        named = {(table.names[at] if table.names else str(at + 1)): table.columns[at]} | (
            {clock: named[clock]} if clock else {}
        )
    if clock is None or rate_hz is not None:
        rate = DEFAULT_RATE_HZ if rate_hz is None else rate_hz
        times_s = np.arange(table.n_rows) / rate
    else:
        times_s = named[clock]
        rate = rate_of(times_s, path)
    columns = {name: values for name, values in named.items() if name != clock}
    return SeriesTable(times_s, columns, rate, "series", str(path))


def read_motion_energy(path: Path, *, part: str | None, rate_hz: float | None) -> SeriesTable:
    """Read one person's motion energy: the column `part` (by default the first) as `motion`.

    Raises
    ------
    SeriesError
        See `read_plain`; motion energy below 0.
    """
    table = read_plain(path, part=part, rate_hz=rate_hz)
    name, values = next(iter(table.columns.items()), ("", np.empty(0)))
    if not values.size:
        raise SeriesError(f"{path} holds no motion energy; it must have a column of numbers.")
    if np.nanmin(values) < 0:
        raise SeriesError(
            f"Column {name} of {path} goes below 0, so it is not motion energy; name another column, as in "
            f"{path.name}#2, or save it as .csv to have it compared as a plain series."
        )
    columns = {**table.columns, MOTION: values}
    return SeriesTable(table.times_s, columns, table.rate_hz, "motion_energy", str(path))


def rate_of(times_s: FloatArray, path: Path) -> float:
    """Return the rows a second of rising times: 1 / their median distance.

    Raises
    ------
    SeriesError
        Fewer than two times, or times that are missing or do not rise.
    """
    steps = np.diff(times_s)
    if not steps.size or not (steps > 0).all():
        raise SeriesError(
            f"The times in {path} do not rise from row to row; say how many rows a second it has (--rate)."
        )
    return float(1.0 / np.median(steps))


def _is_clock(table: TextTable, at: int) -> bool:
    """Whether the column at a place says the time: by its name, and by rising from row to row."""
    named = bool(table.names) and table.names[at].lower() in _TIMES
    return named and bool((np.diff(table.columns[at]) > 0).all())


def _some_rows(path: Path, needed: str) -> TextTable:
    table = read_text_table(path)
    if not table.n_rows:
        raise SeriesError(f"{path} holds no numbers; it must have {needed}.")
    return table


def _place(name: str, table: TextTable, path: Path) -> int:
    """Return the place of a numeric column named, or numbered from 1."""
    if name in table.names:
        at = table.names.index(name)
    elif name.isdecimal() and 1 <= int(name) <= table.width:
        at = int(name) - 1
    else:
        known = listed(table.names) if table.names else f"1 to {table.width}"
        raise SeriesError(f"{path} has no column {name!r}; its columns are: {known}.")
    if at not in table.columns:
        raise SeriesError(f"Column {at + 1} of {path} is not numeric; choose another.")
    return at
