"""The CSV files of `mirrorsync analyze`: UTF-8, comma, point, LF, fixed digits, missing is an empty cell.

The same input gives the same bytes, in one go from a session file or block by block while it happens.
No cell holds text from outside (labels and feeds stay in the session and in summary.json), so no cell
can be taken for a formula by a spreadsheet.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mirrorsync.export.dictionary import (
    COLUMNS,
    DICTIONARY_HEADER,
    FRAME_COLUMNS,
    TURN_COLUMNS,
    WINDOW_COLUMNS,
    Column,
    dictionary_rows,
)
from mirrorsync.session.blocks import TickBlock
from mirrorsync.session.store import SessionReader
from mirrorsync.types import FloatArray, WindowRow
from mirrorsync.voice.conversation import Conversation, SpokenTurn

__all__ = ["TableWriter", "format_rows", "write_tables"]


def format_rows(values: ArrayLike, columns: Iterable[Column]) -> str:
    """Return numbers as CSV lines, each ended by LF.

    Parameters
    ----------
    values : array_like, shape (n, n_columns)
        What is not finite becomes an empty cell; a rounded −0 is written as 0.
    columns : iterable of Column
        Their digits.
    """
    digits = [column.digits for column in columns]
    scale = 10.0 ** np.array(digits)
    numbers = np.asarray(values, dtype=np.float64)
    rounded = np.where(np.isfinite(numbers), np.rint(numbers * scale) / scale + 0.0, np.nan)
    # One format string over all rows is the fastest plain way: about a second for 45,000 × 75 numbers.
    line = ",".join(f"%.{count}f" for count in digits) + "\n"
    text: str = line * rounded.shape[0] % tuple(rounded.ravel().tolist())
    return text.replace("nan", "")


def _frames(block: TickBlock, floor: NDArray[np.str_]) -> FloatArray:
    given = {
        "tick": block.tick,
        "time_s": block.time_s,
        "pose_a": block.pose_a,
        "pose_b": block.pose_b,
        "face_a": block.face_a,
        "face_b": block.face_b,
        "lag_s": block.lag_s,
        "coverage": block.scores["attunement"].coverage,
        **{name: scores.value for name, scores in block.scores.items()},
        **{f"voice_{side}": _speaks(floor, side) for side in ("a", "b")},
    }
    return np.column_stack([np.asarray(given[column.name], dtype=np.float64) for column in _NUMBERS])


_NUMBERS = tuple(column for column in FRAME_COLUMNS if column.name != "floor")


def _speaks(floor: NDArray[np.str_], side: str) -> FloatArray:
    """Return 1 where somebody speaks, 0 where not, NaN where it is not known, shape (n,)."""
    return np.where(np.isin(floor, ["", "unclear"]), np.nan, np.isin(floor, [side, "both"]))


def _cell(value: float | str, digits: int) -> str:
    if isinstance(value, str):
        return value
    return f"{round(value, digits) + 0.0:.{digits}f}" if math.isfinite(value) else ""


def _line(row: WindowRow | SpokenTurn, columns: Iterable[Column]) -> str:
    return ",".join(_cell(getattr(row, column.name), column.digits) for column in columns) + "\n"


class TableWriter:
    """Writes the CSV files into a folder as rows come; use as a context manager.

    Parameters
    ----------
    folder : Path
        An existing folder.
    conversation : Conversation, optional
        Who spoke; without it the columns of the voice stay empty, and turns.csv has no rows.

    Raises
    ------
    OSError
        From every method, when the folder cannot be written (`output_folder` turns it into a sentence).
    """

    def __init__(self, folder: Path, conversation: Conversation | None = None) -> None:
        self._conversation = conversation
        with ExitStack() as stack:
            self._files: dict[str, TextIO] = {
                name: stack.enter_context((folder / name).open("w", encoding="utf-8", newline=""))
                for name in (*COLUMNS, "columns.csv")
            }
            for name, columns in COLUMNS.items():
                self._files[name].write(",".join(column.name for column in columns) + "\n")
            if conversation is not None:
                self._files["turns.csv"].writelines(_line(turn, TURN_COLUMNS) for turn in conversation.turns)
            dictionary = csv.writer(self._files["columns.csv"], lineterminator="\n")
            dictionary.writerow(DICTIONARY_HEADER)
            dictionary.writerows(dictionary_rows())
            self._stack = stack.pop_all()

    def add(self, block: TickBlock) -> None:
        """Write ticks to frames.csv, features_a.csv and features_b.csv."""
        floor = (
            np.full(len(block), "") if self._conversation is None else self._conversation.floor(block.time_s)
        )
        lines = format_rows(_frames(block, floor), _NUMBERS).splitlines()
        self._files["frames.csv"].writelines(
            f"{line},{who}\n" for line, who in zip(lines, floor.tolist(), strict=True)
        )
        for name, features in (("features_a.csv", block.features_a), ("features_b.csv", block.features_b)):
            self._files[name].write(format_rows(np.column_stack([block.time_s, features]), COLUMNS[name]))

    def add_windows(self, rows: Iterable[WindowRow]) -> None:
        """Write windows to windows.csv."""
        self._files["windows.csv"].writelines(_line(row, WINDOW_COLUMNS) for row in rows)

    def close(self) -> None:
        """Finish the files."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)


def write_tables(reader: SessionReader, folder: Path, conversation: Conversation | None = None) -> None:
    """Write frames.csv, features_a.csv, features_b.csv, windows.csv, turns.csv and columns.csv of a session.

    Raises
    ------
    OSError
        The folder cannot be written (`output_folder` turns it into a sentence).
    SessionError
        The session is damaged.
    """
    with TableWriter(folder, conversation) as tables:
        for block in reader.blocks():
            tables.add(block)
        tables.add_windows(reader.windows())
