"""When the rows of a table were measured: clocks and counters, known by what they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mirrorsync.errors import SeriesError
from mirrorsync.readers.text_table import TextTable
from mirrorsync.types import FloatArray

__all__ = [
    "DEFAULT_RATE_HZ",
    "RowClock",
    "check_length",
    "check_rate",
    "counting_columns",
    "rate_of",
    "row_clock",
]

DEFAULT_RATE_HZ = 25.0
_CLOCK_WORDS = {
    "time", "times", "timestamp", "timestamps", "stamp", "ts", "t", "sec", "secs", "second", "seconds", "s",
    "ms", "msec", "msecs", "millis", "millisecond", "milliseconds", "us", "usec", "microseconds", "ns",
    "nanoseconds", "clock", "lsl", "utc", "unix", "epoch", "datetime", "elapsed",
}  # fmt: skip
_COUNTER_WORDS = {"frame", "frames", "index", "row", "rows", "sample", "samples", "nr", "no", "unnamed"}
_UNITS = (
    (1e-3, {"ms", "msec", "msecs", "millis", "millisecond", "milliseconds"}),
    (1e-6, {"us", "usec", "microseconds"}),
    (1e-9, {"ns", "nanoseconds"}),
    (1.0, {"s", "sec", "secs", "second", "seconds"}),
)
_UNIT_NAMES = {1e-3: "milliseconds", 1e-6: "microseconds", 1e-9: "nanoseconds"}
_FEW = 8  # rows below which a column is known by its name alone
_MANY = 50  # rows above which nothing measured rises from each to the next
_EVEN = 0.05  # share by which the steps of a counter or an even clock may differ
_AGREE = 0.02  # share by which a stated rate may differ from the clock's
_MOST_TICKS = 50  # ticks per row, above which the clock jumps


@dataclass(frozen=True, slots=True)
class RowClock:
    """When each row was measured.

    Attributes
    ----------
    times_s : ndarray, shape (n,)
        Seconds, rising.
    rate_hz : float
        Rows per second; where some are missing, of those beside each other.
    source : str
        Where that is from: the name of a column, "stated" or "assumed".
    even : bool
        Whether every row is one step after the last: then no tick of a common clock lies between rows.
    notes : tuple of str
        Sentences worth telling.
    """

    times_s: FloatArray
    rate_hz: float
    source: str
    even: bool
    notes: tuple[str, ...] = ()


def counting_columns(table: TextTable) -> dict[int, str]:
    """Return the columns that count or tell the time, and which of the two: "counter" or "clock".

    A column counts when its steps are all alike, or when it rises from each of many rows to the next; nobody
    moves so. In short tables, and where rows repeat, only its name tells.
    """
    found = {}
    for at, values in table.columns.items():
        words = set(re.findall(r"[a-z]+", table.names[at].lower())) if table.names else set()
        named = "clock" if words & _CLOCK_WORDS else "counter" if words & _COUNTER_WORDS else ""
        if at in table.stamps or (words <= _CLOCK_WORDS and max(map(len, words), default=0) > 1):
            found[at] = "clock"
        elif _counts(values) or (named and _never_falls(values)):
            found[at] = named or ("clock" if _says_time(values) and _never_falls(values) else "counter")
    return found


def row_clock(
    table: TextTable, counting: dict[int, str], path: Path, *, rate_hz: float | None = None
) -> RowClock:
    """Return when the rows of a table were measured: by its clock, by its frame numbers, or by a rate.

    Parameters
    ----------
    table : TextTable
        The table.
    counting : mapping of int to str
        From `counting_columns`.
    path : Path
        The file, for messages.
    rate_hz : float, optional
        What the user says: rows per second, or frames per second where frame numbers stand in the file. It
        must agree with a clock in the file.

    Raises
    ------
    SeriesError
        A clock does not rise and no rate is stated, or the two contradict each other, or the clock jumps so
        far that it cannot be one.
    """
    clock = next((at for at, kind in counting.items() if kind == "clock"), None)
    notes: list[str] = []
    if clock is not None:
        name = table.name_of(clock)
        stamps = _unwrapped(table.columns[clock]) if clock in table.stamps else table.columns[clock]
        steps = np.diff(stamps)
        if steps.size and (steps > 0).all():
            unit = 1.0 if clock in table.stamps else _unit(name if table.names else "", stamps, rate_hz)
            if unit != 1.0:
                notes.append(f"{name} of {path} is taken for {_UNIT_NAMES[unit]}.")
            times_s = (stamps - stamps[0]) * unit + stamps[0] * unit
            rate = rate_of(times_s, path)
            check_rate(rate, rate_hz, name, path)
            stated = rate_hz is not None and abs(rate / rate_hz - 1.0) < 1e-3
            even = _is_even(times_s, rate)
            rate = rate_hz if stated and rate_hz is not None else rate
            return _checked(RowClock(times_s, rate, name, even, tuple(notes)), path)
        if rate_hz is None:
            rate_of(stamps, path)  # says what is wrong
        notes.append(f"{name} of {path} does not rise from row to row; the stated rate counts.")
    source = "stated" if rate_hz is not None else "assumed"
    rate = DEFAULT_RATE_HZ if rate_hz is None else rate_hz
    numbers = next((table.columns[at] for at, kind in counting.items() if kind == "counter"), None)
    if numbers is not None and not np.isnan(numbers).any() and (np.diff(numbers) > 0).all():
        times_s = (numbers - numbers[0]) / rate
        if numbers.size > 1 and not np.allclose(np.diff(numbers), 1.0):
            between = float(np.median(np.diff(numbers)))
            skipped = "" if between <= 1 else f", one row in {between:g}"
            notes.append(f"{path} has no row for some of its frame numbers{skipped}; the gaps are kept.")
            own = rate_of(times_s, path)
            return _checked(RowClock(times_s, own, source, _is_even(times_s, own), tuple(notes)), path)
    return RowClock(np.arange(table.n_rows) / rate, rate, source, True, tuple(notes))


def rate_of(times_s: FloatArray, path: Path) -> float:
    """Return the rows per second of rising times, by the steps between rows beside each other.

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
    beside = steps[steps < 1.5 * np.median(steps)]
    rate = float(1.0 / beside.mean())
    printed = round(rate, 2)  # stamps are rounded, and so is their mean step
    return printed if abs(printed / rate - 1.0) < 1e-5 else rate


def check_rate(own_hz: float, stated_hz: float | None, clock: str, path: Path) -> None:
    """Refuse a stated rate that contradicts the clock in the file.

    Raises
    ------
    SeriesError
        They differ by more than 2 %.
    """
    if stated_hz is not None and abs(own_hz / stated_hz - 1.0) > _AGREE:
        raise SeriesError(
            f"{clock} of {path} says {own_hz:.4g} rows per second, and {stated_hz:g} were stated; leave the "
            "rate away (--rate), or take the column out of the file."
        )


def check_length(times_s: FloatArray, rate_hz: float, path: str) -> None:
    """Refuse times that reach so much further than there are rows that the clock must jump.

    Raises
    ------
    SeriesError
        They do.
    """
    if not times_s.size:
        return
    reach = float(times_s[-1] - times_s[0])
    if reach * rate_hz > _MOST_TICKS * times_s.size + 1000:
        at = int(np.argmax(np.diff(times_s)))
        raise SeriesError(
            f"The clock of {path} jumps by {np.diff(times_s)[at]:.4g} s after row {at + 1}, and its "
            f"{times_s.size} rows reach over {reach:.4g} s; correct the times, or state the rate (--rate) of "
            "a file without them."
        )


def _checked(clock: RowClock, path: Path) -> RowClock:
    check_length(clock.times_s, clock.rate_hz, str(path))
    return clock


def _is_even(times_s: FloatArray, rate_hz: float) -> bool:
    """Whether every row lies within a quarter of a step of where an even clock has it."""
    ideal = times_s[0] + np.arange(times_s.size) / rate_hz
    return bool(np.abs(times_s - ideal).max() < 0.25 / rate_hz)


def _counts(values: FloatArray) -> bool:
    """Whether a column's steps are all alike, or it rises from each of many rows to the next."""
    there = np.flatnonzero(np.isfinite(values))
    if there.size < _FEW:
        return False
    steps = np.diff(values[there]) / np.diff(there)
    middle = float(np.median(steps))
    alike = middle != 0 and bool((np.abs(steps - middle) <= _EVEN * abs(middle)).all())
    return alike or (there.size >= _MANY and bool((steps > 0).all()))


def _never_falls(values: FloatArray) -> bool:
    there = values[np.isfinite(values)]
    return there.size > 1 and bool((np.diff(there) >= 0).all()) and there[-1] > there[0]


def _says_time(values: FloatArray) -> bool:
    """Whether a column without a telling name is a clock: fractions, or as large as times since 1970."""
    there = values[np.isfinite(values)]
    whole = bool((there == np.rint(there)).all())
    return not whole or abs(float(there[0])) >= 1e9


def _unit(name: str, stamps: FloatArray, rate_hz: float | None) -> float:
    """Return the seconds of one unit of a clock: by its name, its size, a stated rate, or its steps."""
    words = set(re.findall(r"[a-z]+", name.lower()))
    for unit, names in _UNITS:
        if words & names:
            return unit
    first, step = abs(float(stamps[0])), float(np.median(np.diff(stamps)))
    for least, unit in ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3)):
        if first >= least:
            return unit
    if rate_hz is not None:
        for unit in (1.0, 1e-3, 1e-6, 1e-9):
            if abs(step * unit * rate_hz - 1.0) < 5 * _AGREE:
                return unit
    return 1e-3 if step >= 5.0 else 1.0  # nobody is measured once in five seconds


def _unwrapped(times_s: FloatArray) -> FloatArray:
    """Return times of day that go on after midnight."""
    falls: NDArray[np.bool_] = np.diff(times_s, prepend=times_s[:1]) < -43_200.0
    return times_s + 86_400.0 * np.cumsum(falls)
