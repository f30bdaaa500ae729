"""Columns of numbers out of a text file, whatever separates them."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TextIO

import numpy as np

from mirrorsync.errors import SeriesError
from mirrorsync.types import FloatArray

__all__ = ["TextTable", "listed", "read_header", "read_text_table"]

_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+(e[+-]?\d+)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")
_LINE_OF_COMMA_NUMBERS = re.compile(r"[+-]?\d+,\d+(\s+[+-]?\d+,\d+)+")
_CLOCK_TEXT = re.compile(r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]?\d(?:[.,]\d+)?)")
_DATE_TEXT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_MISSING = {
    "", "na", "n/a", "nan", "null", "none", ".", "-", "--", "–", "—", "?", "missing", "<na>", "-nan",
    "-nan(ind)", "nan(ind)", "-1.#ind", "1.#qnan", "#n/a", "#na", "#n/a n/a", "#null!", "#div/0!", "#num!",
    "#value!", "#ref!",
}  # fmt: skip
_EXCELS = re.compile(r"#(n/a|na\b|null!|div/0!|num!|value!|ref!)", re.IGNORECASE)
_COMMENTS = ("#", "%", "//")
_SAMPLE = 50  # lines that are looked at to find what separates the columns


@dataclass(frozen=True, slots=True)
class TextTable:
    """Numeric columns of a text file.

    Attributes
    ----------
    names : tuple of str
        Of the columns of the file, in their order; empty when it has no header.
    columns : mapping of int to ndarray, shape (n,)
        By place in the file, from 0: those that were wanted and hold numbers only; NaN where missing. Times
        of day and dates with a time are seconds.
    n_rows, width : int
        Rows without the header, and columns of the file.
    stamps : frozenset of int
        Places of the columns that are written as times of day (12:00:01.5) or as dates with a time.
    unreadable : mapping of int to str
        By place, a sentence on the first cell of a column of numbers that is no number.
    """

    names: tuple[str, ...]
    columns: dict[int, FloatArray]
    n_rows: int
    width: int
    stamps: frozenset[int] = frozenset()
    unreadable: dict[int, str] = field(default_factory=dict)

    def name_of(self, at: int) -> str:
        """Return the name of a column, or its number from 1 where there is no header or no name."""
        return (self.names[at] if self.names else "") or str(at + 1)

    def named(self) -> dict[str, FloatArray]:
        """Return the columns by name, or by number from 1 where there is no header."""
        return {self.name_of(at): values for at, values in self.columns.items()}


def read_text_table(path: Path, *, wanted: Callable[[str], bool] | None = None) -> TextTable:
    """Read the numeric columns of a text file.

    Parameters
    ----------
    path : Path
        UTF-8 text; comma, semicolon, tab or blanks between the columns; a first line without any number is
        the header. Lines that begin with #, % or // are comments (one that names the columns right before the
        numbers is the header), and a first line like sep=; says what separates. Missing values are empty
        cells, NA, n/a, NaN, null, -, ?, a full stop, or what Excel writes for them (#N/A). Numbers may have
        decimal commas where something else separates the columns.
    wanted : callable, optional
        Says by its name whether a column is to be read; of files with hundreds of columns this takes a
        fraction of the memory. Not asked without a header.

    Raises
    ------
    SeriesError
        The file cannot be read, its lines differ in length, or its numbers have commas that may be decimal
        commas or separate thousands.
    """
    with _opened(path) as file:
        names, lines = _rows(file)
        first = next(lines, None)
        if first is None:
            return TextTable(names, {}, 0, len(names))
        width = len(names) or len(first[1])
        chosen = [at for at in range(width) if wanted is None or not names or wanted(names[at])]
        readers = [_Column(at) for at in chosen]
        n_rows = 0
        for number, row in itertools.chain([first], lines):
            if len(row) != width:
                raise SeriesError(
                    f"Line {number} of {path} has {len(row)} columns where the first has {width}; "
                    "mark missing values with NA."
                )
            n_rows += 1
            for column in readers:
                column.add(row[column.at], number)
    commas = _commas(readers, path)
    for column in readers:
        column.finish(path, names, commas=commas)
    found = {one.at: np.array(one.values) for one in readers if one.is_numeric}
    return TextTable(
        names,
        {at: values for at, values in found.items() if not np.isnan(values).all()},
        n_rows,
        width,
        frozenset(one.at for one in readers if one.is_stamp),
        {one.at: one.sentence for one in readers if one.sentence},
    )


class _Column:
    """The cells of a column, as numbers as long as they are some."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.values: list[float] = []
        self.odd: list[tuple[int, int, str]] = []  # row, line and text of cells that are no plain number
        self.points = False
        self.is_stamp = False
        self.sentence = ""

    @property
    def is_numeric(self) -> bool:
        return not self.sentence and not self.odd

    def add(self, cell: str, line: int) -> None:
        if _is_number(cell):
            self.values.append(float(cell))
            self.points = self.points or "." in cell
            return
        if cell.lower() not in _MISSING:
            self.odd.append((len(self.values), line, cell))
        self.values.append(math.nan)

    def finish(self, path: Path, names: tuple[str, ...], *, commas: bool) -> None:
        """Read what is no plain number as a time or with a decimal comma, or say what is wrong."""
        if not self.odd:
            return
        if commas:
            self._read(lambda cell: float(cell.replace(",", ".")) if _COMMA_NUMBER.fullmatch(cell) else None)
        numbers = sum(not math.isnan(value) for value in self.values)
        if not numbers and len(self.odd) >= 2:
            self._read(_seconds)
            self.is_stamp = not self.odd
        if self.odd and numbers > len(self.odd) / 4:  # words with a number here and there are words
            _, line, cell = self.odd[0]
            name = f" ({names[self.at]})" if names and names[self.at] else ""
            self.sentence = (
                f"Line {line} of {path} has {cell!r} in column {self.at + 1}{name}, which is no number; "
                "correct it, or mark it as missing with NA."
            )

    def _read(self, parse: Callable[[str], float | None]) -> None:
        """Take the cells that `parse` reads as numbers, if it reads all of them or the rest stays odd."""
        left = []
        for row, line, cell in self.odd:
            value = parse(cell)
            if value is None:
                left.append((row, line, cell))
            else:
                self.values[row] = value
        self.odd = left


def _commas(columns: Sequence[_Column], path: Path) -> bool:
    """Whether the file's numbers have decimal commas; a SeriesError where that cannot be told."""
    found = [(line, cell) for one in columns for _, line, cell in one.odd if _is_comma_number(cell)]
    if not found:
        return False
    line, cell = min(found, key=itemgetter(0))
    points = any(one.points for one in columns)
    if points or all(_THOUSANDS.fullmatch(cell) for _, cell in found):
        raise SeriesError(
            f"Line {line} of {path} has commas in its numbers ({cell}), and it cannot be told whether they "
            "are decimal commas or separate thousands; save the file with decimal points, as in 0.5."
        )
    return True


def _is_comma_number(cell: str) -> bool:
    return bool(_COMMA_NUMBER.fullmatch(cell) or _THOUSANDS.fullmatch(cell))


def _seconds(cell: str) -> float | None:
    """Return a time of day or a date with a time in s; None where it is neither.

    Examples
    --------
    >>> _seconds("01:00:02.5"), _seconds("2:03"), _seconds("noon")
    (3602.5, 123.0, None)
    """
    clock = _CLOCK_TEXT.fullmatch(cell)
    if clock is not None:
        hours, minutes, seconds = clock.groups()
        return 3600.0 * int(hours or 0) + 60.0 * int(minutes) + float(seconds.replace(",", "."))
    if _DATE_TEXT.match(cell):
        try:
            moment = dt.datetime.fromisoformat(cell)
        except ValueError:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
    return None


def read_header(path: Path) -> tuple[str, ...]:
    """Return the names of a file's columns; empty when its first line holds a number, or nothing.

    Raises
    ------
    SeriesError
        The file cannot be read.
    """
    with _opened(path) as file:
        return _rows(file)[0]


def listed(names: Sequence[str], *, most: int = 12) -> str:
    """Return names with commas between, for a message; of many only the first ones and how many there are.

    Examples
    --------
    >>> listed(["x", "y", "z"], most=2)
    'x, y and 1 more'
    """
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


class _opened:  # noqa: N801 - reads as a verb in a with statement
    """Opens a text file, and turns what may go wrong meanwhile into a sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            is_folder, is_there = path.is_dir(), path.exists()
        except OSError:  # the name is too long for this system
            is_folder = is_there = False
        if is_folder:
            raise SeriesError(f"{path} is a folder; name the file with the two series in it.")
        if not is_there:
            raise SeriesError(f"There is no file {path}; check the name.")
        try:
            self._file = path.open(encoding="utf-8-sig", newline="")
        except OSError as error:
            raise self._sentence(error) from error

    def __enter__(self) -> TextIO:
        return self._file

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._file.close()
        if isinstance(error, (OSError, UnicodeDecodeError, csv.Error)):
            raise self._sentence(error) from error

    def _sentence(self, error: Exception) -> SeriesError:
        return SeriesError(f"{self._path} could not be read as text ({error}); save it as UTF-8 CSV.")


def _rows(file: TextIO) -> tuple[tuple[str, ...], Iterator[tuple[int, list[str]]]]:
    """Return the header (empty where there is none), and number and cells of every line that follows."""
    numbered = ((number, line) for number, line in enumerate(file, 1) if line.strip())
    told, comment = "", ""
    sample: list[tuple[int, str]] = []
    for number, line in numbered:
        if not sample and not told and line.lower().startswith("sep=") and len(line.rstrip("\r\n")) == 5:
            told = line[4]
        elif _is_comment(line):
            comment = line if not sample else comment
        else:
            sample.append((number, line))
        if len(sample) == _SAMPLE:
            break
    separator = told or _separator([line for _, line in sample])
    rows = _cells(
        itertools.chain(sample, ((n, line) for n, line in numbered if not _is_comment(line))), separator
    )
    first = next(rows, None)
    if first is None:
        return (), iter(())
    if _is_header(first[1]):
        return tuple(first[1]), rows
    if comment:
        (_, names), *_ = _cells(iter([(0, comment.lstrip("#%/ \t"))]), separator)
        if len(names) == len(first[1]) and _is_header(names):
            return tuple(names), itertools.chain([first], rows)
    return (), itertools.chain([first], rows)


def _is_comment(line: str) -> bool:
    return line.startswith(_COMMENTS) and not _EXCELS.match(line)


def _separator(lines: Sequence[str]) -> str:
    """Return what separates the columns of some lines: what divides them all into equally many."""
    if not lines:
        return " "
    if all(_LINE_OF_COMMA_NUMBERS.fullmatch(line.strip()) for line in lines[1:] or lines):
        return " "
    for mark in ("\t", ";", ","):
        widths = {len(row) for row in csv.reader(lines, delimiter=mark, skipinitialspace=True)}
        if len(widths) == 1 and widths.pop() > 1:
            return mark
    blanks = {len(line.split()) for line in lines}
    if len(blanks) == 1 and blanks.pop() > 1:
        return " "
    return next((mark for mark in (",", ";", "\t") if mark in lines[0]), " ")


def _cells(lines: Iterator[tuple[int, str]], separator: str) -> Iterator[tuple[int, list[str]]]:
    numbers: list[int] = []

    def texts() -> Iterator[str]:
        for number, line in lines:
            numbers[:] = [number]
            yield " ".join(line.split()) if separator == " " else line

    for row in csv.reader(texts(), delimiter=separator, skipinitialspace=True):
        yield numbers[0], [cell.strip() for cell in row]


def _is_header(row: list[str]) -> bool:
    """Whether no cell is a number, and at least one is no mark of a missing one either.

    A table that pandas wrote without names of its own has the header ",0,1,2".
    """
    if len(row) > 1 and row == ["", *map(str, range(len(row) - 1))]:
        return True
    words = [cell for cell in row if cell.lower() not in _MISSING]
    return bool(words) and not any(
        _is_number(cell) or _is_comma_number(cell) or _seconds(cell) is not None for cell in words
    )


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell  # Python takes 1_000 for a number
