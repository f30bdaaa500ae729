"""Plain columns of numbers: two people in one file, one person in a file, and motion energy.

Motion energy analysis (MEA, Ramseyer 2020, 10.1037/cou0000407; read by the R package rMEA) writes one
text file per recording, one column per region of interest, as many rows per second as the video had frames:
each number says how many pixels changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mirrorsync.errors import SeriesError
from mirrorsync.readers.row_clock import RowClock, counting_columns, row_clock
from mirrorsync.readers.series_table import MOTION, SeriesTable
from mirrorsync.readers.text_table import TextTable, listed, read_text_table

__all__ = ["read_motion_energy", "read_pair", "read_plain"]


@dataclass(frozen=True, slots=True)
class _Plain:
    """A table with what its columns are: those that count or tell the time, and those that measure."""

    path: Path
    table: TextTable
    counting: dict[int, str]
    clock: RowClock

    @classmethod
    def of(cls, path: Path, rate_hz: float | None, needed: str) -> _Plain:
        table = read_text_table(path)
        if not table.n_rows:
            raise SeriesError(f"{path} holds no numbers; it must have {needed}.")
        counting = counting_columns(table)
        return cls(path, table, counting, row_clock(table, counting, path, rate_hz=rate_hz))

    def measured(self) -> list[int]:
        """Return the places of the columns that measure something, unreadable ones among them."""
        return [at for at in sorted({*self.table.columns, *self.table.unreadable}) if at not in self.counting]

    def series(self, places: Sequence[int]) -> SeriesTable:
        """Return some columns as they are.

        Raises
        ------
        SeriesError
            One of them has a cell that is no number.
        """
        for at in places:
            if at in self.table.unreadable:
                raise SeriesError(self.table.unreadable[at])
        columns = {self.table.name_of(at): self.table.columns[at] for at in places}
        clock = self.clock
        return SeriesTable(
            clock.times_s, columns, clock.rate_hz, "series", str(self.path),
            clock=clock.source, even=clock.even, notes=clock.notes,
        )  # fmt: skip

    def passed_over(self) -> tuple[str, ...]:
        """Return a sentence on the columns that are no person, where there are any."""
        if not self.counting:
            return ()
        names = [self.table.name_of(at) for at in sorted(self.counting)]
        if len(names) == 1:
            return (f"Column {names[0]} of {self.path} counts the rows or tells the time; it was skipped.",)
        return (
            f"Columns {listed(names)} of {self.path} count the rows or tell the time; they were skipped.",
        )


def read_pair(
    path: Path, *, columns: tuple[str, str] | None = None, rate_hz: float | None = None
) -> tuple[SeriesTable, SeriesTable]:
    """Read A and B from one text file.

    Parameters
    ----------
    path : Path
        See `mirrorsync.readers.text_table.read_text_table`.
    columns : (str, str), optional
        Names, or numbers from 1, of the two columns; by default the first two that measure something: a
        column that counts the rows or tells the time is passed over, and `notes` say so.
    rate_hz : float, optional
        Rows per second; see `mirrorsync.readers.row_clock.row_clock`.

    Returns
    -------
    (SeriesTable, SeriesTable)
        One column each, on the same rows.

    Raises
    ------
    SeriesError
        The file cannot be read, its lines differ in length, it has not two columns of numbers, a cell of the
        two is no number, a column asked for is not there, or the clock contradicts the stated rate.
    """
    plain = _Plain.of(path, rate_hz, "two columns of them")
    if columns is None:
        chosen = plain.measured()[:2]
        if len(chosen) < 2:
            passed = " ".join(("", *plain.passed_over()))
            raise SeriesError(
                f"{path} has {len(chosen)} numeric {'column' if len(chosen) == 1 else 'columns'}; "
                f"two are needed, one for each person.{passed}"
            )
        notes = plain.passed_over()
    else:
        chosen = [_place(name, plain.table, path) for name in columns]
        notes = ()
    a, b = (plain.series([at]) for at in chosen)
    return replace(a, notes=(*notes, *a.notes)), b


def read_plain(
    path: Path, *, part: str | None, rate_hz: float | None, which: int | None = None
) -> SeriesTable:
    """Read all columns of numbers that measure something, as they are; those that count give the times.

    Parameters
    ----------
    part : str, optional
        Name or number from 1 of the only column to read, whatever it holds.
    rate_hz : float, optional
        Rows per second; see `mirrorsync.readers.row_clock.row_clock`.

    which : int, optional
        Which of the columns that measure something is read alone, from 0.

    Raises
    ------
    SeriesError
        See `read_pair`.
    """
    plain = _Plain.of(path, rate_hz, "at least one column of them")
    if part is not None:
        return plain.series([_place(part, plain.table, path)])
    if which is not None:
        if which >= len(plain.measured()):
            raise SeriesError(
                f"{path} has {len(plain.measured())} columns that measure something; two are needed."
            )
        return plain.series([plain.measured()[which]])
    readable = [at for at in plain.measured() if at not in plain.table.unreadable]
    measured = plain.measured()
    if measured and measured[0] not in readable:
        raise SeriesError(plain.table.unreadable[measured[0]])
    if not measured and plain.counting:
        raise SeriesError(
            f"{plain.passed_over()[0]} There is no other column of numbers in it; name one to take it "
            f"all the same, as in {path.name}#1."
        )
    table = plain.series(readable)
    return replace(table, notes=(*plain.passed_over(), *table.notes))


def read_motion_energy(
    path: Path, *, part: str | None, rate_hz: float | None, which: int | None = None
) -> SeriesTable:
    """Read one person's motion energy: the column `part` (by default the first) as `motion`.

    Raises
    ------
    SeriesError
        See `read_plain`; motion energy below 0.
    """
    table = read_plain(path, part=part, rate_hz=rate_hz, which=which)
    name, values = next(iter(table.columns.items()), ("", np.empty(0)))
    if not values.size:
        raise SeriesError(f"{path} holds no motion energy; it must have a column of numbers.")
    if np.nanmin(values) < 0:
        raise SeriesError(
            f"Column {name} of {path} goes below 0, so it is not motion energy; name another column, as in "
            f"{path.name}#2, or save it as .csv to have it compared as a plain series."
        )
    return replace(table, columns={**table.columns, MOTION: values}, kind="motion_energy")


def _place(name: str, table: TextTable, path: Path) -> int:
    """Return the place of a numeric column named, or numbered from 1."""
    if name in table.names:
        at = table.names.index(name)
    elif name.isdecimal() and 1 <= int(name) <= table.width:
        at = int(name) - 1
    else:
        known = listed(table.names) if table.names else f"1 to {table.width}"
        raise SeriesError(f"{path} has no column {name!r}; its columns are: {known}.")
    if at in table.unreadable:
        raise SeriesError(table.unreadable[at])
    if at not in table.columns:
        raise SeriesError(f"Column {at + 1} of {path} is not numeric; choose another.")
    return at
