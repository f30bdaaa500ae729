"""Columns of numbers out of a text file, whatever separates them."""

from __future__ import annotations

import csv
import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np

from mirrorsync.errors import SeriesError
from mirrorsync.types import FloatArray

__all__ = ["TextTable", "listed", "read_header", "read_text_table"]

# 0,5 between other separators; where the comma has taken "0,5;1,2" apart, 5;1; and a whole line "0,5 1,2".
_WITH_COMMA = re.compile(r"[+-]?\d+,\d+(e[+-]?\d+)?|\d+\s*;\s*[+-]?\d+", re.IGNORECASE)
_LINE_OF_THESE = re.compile(r"[+-]?\d+,\d+(\s+[+-]?\d+,\d+)+")
_MISSING = {"", "na", "nan", "null", "none", ".", "-nan(ind)", "nan(ind)", "-1.#ind", "1.#qnan"}


@dataclass(frozen=True, slots=True)
class TextTable:
    """Numeric columns of a text file.

    Attributes
    ----------
    names : tuple of str
        Of the columns of the file, in their order; empty when it has no header.
    columns : mapping of int to ndarray, shape (n,)
        By place in the file, from 0: those that were wanted and hold numbers only; NaN where missing.
    n_rows, width : int
        Rows without the header, and columns of the file.
    """

    names: tuple[str, ...]
    columns: dict[int, FloatArray]
    n_rows: int
    width: int

    def named(self) -> dict[str, FloatArray]:
        """Return the columns by name, or by number from 1 where there is no header."""
        return {self.names[at] if self.names else str(at + 1): v for at, v in self.columns.items()}


def read_text_table(path: Path, *, wanted: Callable[[str], bool] | None = None) -> TextTable:
    """Read the numeric columns of a text file.

    Parameters
    ----------
    path : Path
        UTF-8 text; comma, semicolon, tab or blanks between the columns; a first line without any number is
        the header. Missing values are empty cells, NA, NaN, null or a full stop.
    wanted : callable, optional
        Says by its name whether a column is to be read; of files with hundreds of columns this takes a
        fraction of the memory. Not asked without a header.

    Raises
    ------
    SeriesError
        The file cannot be read, its lines differ in length, or its numbers have decimal commas.
    """
    with _opened(path) as file:
        lines = _rows(file)
        first = next(lines, None)
        if first is None:
            return TextTable((), {}, 0, 0)
        width = len(first[1])
        header = _is_header(first[1])
        names = tuple(first[1]) if header else ()
        chosen = [at for at in range(width) if wanted is None or not header or wanted(names[at])]
        cells: list[list[float]] = [[] for _ in chosen]
        numeric = [True] * len(chosen)
        n_rows = 0
        for number, row in lines if header else itertools.chain([first], lines):
            if len(row) != width:
                raise SeriesError(
                    f"Line {number} of {path} has {len(row)} columns where the first has {width}; "
                    "mark missing values with NA."
                )
            n_rows += 1
            if n_rows == 1:
                _refuse_decimal_commas([row[at] for at in chosen], number, path)
            for k, at in enumerate(chosen):
                if numeric[k]:
                    try:
                        cells[k].append(float(row[at]))
                    except ValueError:
                        if row[at].lower() in _MISSING:
                            cells[k].append(math.nan)
                        else:
                            numeric[k], cells[k] = False, []
    found = {at: np.array(cells[k]) for k, at in enumerate(chosen) if numeric[k] and n_rows}
    return TextTable(
        names, {at: v for at, v in found.items() if not np.isnan(v).all()}, n_rows, width
    )  # fmt: skip


def read_header(path: Path) -> tuple[str, ...]:
    """Return the names of a file's columns; empty when its first line holds a number, or nothing.

    Raises
    ------
    SeriesError
        The file cannot be read.
    """
    with _opened(path) as file:
        _, row = next(_rows(file), (0, []))
    return tuple(row) if _is_header(row) else ()


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
        if path.is_dir():
            raise SeriesError(f"{path} is a folder; name the file with the two series in it.")
        if not path.exists():
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


def _rows(file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Yield number and cells of every line that is not blank; the first line's separator counts."""
    lines = ((number, line) for number, line in enumerate(file, 1) if line.strip())
    first = next(lines, None)
    if first is None:
        return
    separator = next((mark for mark in (",", ";", "\t") if mark in first[1]), " ")
    numbers: list[int] = []

    def texts() -> Iterator[str]:
        for number, line in itertools.chain([first], lines):
            numbers[:] = [number]
            yield " ".join(line.split()) if separator == " " else line

    for row in csv.reader(texts(), delimiter=separator, skipinitialspace=True):
        yield numbers[0], [cell.strip() for cell in row]


def _refuse_decimal_commas(row: list[str], number: int, path: Path) -> None:
    """Raise a SeriesError for numbers like 0,5: whole, or taken apart where a comma separates columns."""
    line = ",".join(row)
    found = next((cell for cell in row if _WITH_COMMA.fullmatch(cell)), "")
    if found or _LINE_OF_THESE.fullmatch(line):
        raise SeriesError(
            f"Line {number} of {path} has commas in its numbers ({found or line}); "
            "save the file with decimal points, as in 0.5."
        )


def _is_header(row: list[str]) -> bool:
    """Whether no cell is a number, and at least one is no mark of a missing one either."""
    words = [cell for cell in row if cell.lower() not in _MISSING]
    return bool(words) and not any(_is_number(cell) for cell in words)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
