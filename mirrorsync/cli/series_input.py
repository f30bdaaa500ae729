"""Two columns of numbers out of a text file, whatever separates them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mirrorsync.errors import SeriesError
from mirrorsync.types import FloatArray

__all__ = ["SeriesPair", "read_pair"]

_MISSING = {"", "na", "nan", "null", "none", "."}


@dataclass(frozen=True, slots=True)
class SeriesPair:
    """Two series of one length, NaN where missing, with the names of their columns ("" without a header)."""

    a: FloatArray
    b: FloatArray
    names: tuple[str, str]


def read_pair(path: Path, *, columns: tuple[str, str] | None = None) -> SeriesPair:
    """Read A and B from a text file.

    Parameters
    ----------
    path : Path
        UTF-8 text; comma, tab or blanks between the columns; a first line without any number is the header.
        Missing values are empty cells, NA, NaN, null or a full stop.
    columns : (str, str), optional
        Names, or numbers from 1, of the two columns; by default the first two that are numeric.

    Raises
    ------
    SeriesError
        The file cannot be read, its lines differ in length, it has not two numeric columns, or a column
        asked for is not there.
    """
    header, rows = _table(path)
    if not rows:
        raise SeriesError(f"{path} holds no numbers; it must have two columns of them.")
    if columns is None:
        parsed = [_numbers(row[c] for row in rows) for c in range(len(rows[0]))]
        chosen = [c for c, values in enumerate(parsed) if values is not None][:2]
        if len(chosen) < 2:
            raise SeriesError(
                f"{path} has {len(chosen)} numeric {'column' if len(chosen) == 1 else 'columns'}; "
                "two are needed, one for each person."
            )
    else:
        chosen = [_place(name, header, len(rows[0]), path) for name in columns]
    series = []
    for c in chosen:
        values = _numbers(row[c] for row in rows)
        if values is None:
            raise SeriesError(f"Column {c + 1} of {path} is not numeric; choose another.")
        series.append(values)
    a, b = series
    names = (header[chosen[0]], header[chosen[1]]) if header else ("", "")
    return SeriesPair(a=a, b=b, names=names)


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return header ([] without one) and rows, all of one length."""
    if not path.exists():
        raise SeriesError(f"There is no file {path}; check the name.")
    if path.is_dir():
        raise SeriesError(f"{path} is a folder; name the file with the two series in it.")
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SeriesError(f"{path} could not be read as text ({error}); save it as UTF-8 CSV.") from error
    lines = [line for line in text.splitlines() if line.strip()]
    rows = _split(lines)
    numbers = [number for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    for number, row in zip(numbers, rows, strict=True):
        if len(row) != len(rows[0]):
            raise SeriesError(
                f"Line {number} of {path} has {len(row)} columns where the first has {len(rows[0])}; "
                "mark missing values with NA."
            )
    if rows and all(_number(cell) is None or cell.lower() in _MISSING for cell in rows[0]):
        return rows[0], rows[1:]
    return [], rows


def _split(lines: list[str]) -> list[list[str]]:
    """Return the cells of every line; the separator is what the first line has: comma, tab, else blanks."""
    if not lines:
        return []
    separator = next((mark for mark in (",", "\t") if mark in lines[0]), " ")
    if separator == " ":
        lines = [" ".join(line.split()) for line in lines]
    return [
        [cell.strip() for cell in row]
        for row in csv.reader(lines, delimiter=separator, skipinitialspace=True)
    ]


def _number(cell: str) -> float | None:
    """Return the value of a cell, NaN when it is marked missing, None when it is no number."""
    if cell.lower() in _MISSING:
        return float("nan")
    try:
        return float(cell)
    except ValueError:
        return None


def _numbers(cells: Iterable[str]) -> FloatArray | None:
    """Return the column as numbers, or None when a cell is none or all are missing."""
    values = []
    for cell in cells:
        value = _number(cell)
        if value is None:
            return None
        values.append(value)
    column = np.array(values)
    return None if np.isnan(column).all() else column


def _place(name: str, header: list[str], width: int, path: Path) -> int:
    """Return the index of a column named, or numbered from 1."""
    if name in header:
        return header.index(name)
    if name.isdecimal() and 1 <= int(name) <= width:
        return int(name) - 1
    known = ", ".join(header) if header else f"1 to {width}"
    raise SeriesError(f"{path} has no column {name!r}; its columns are: {known}.")
