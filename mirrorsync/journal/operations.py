"""What was done in this sitting, so that it can be undone and done again.

A step may touch many entries (an import does); it is undone as a whole. Undo never overwrites what another
program has changed since.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from mirrorsync.errors import JournalError
from mirrorsync.journal.entries import Entry, utc_text
from mirrorsync.journal.rows import delete_entry, get_entry, put_entry

__all__ = ["Change", "forget", "next_step", "peek", "record", "take_step"]

MOST_STEPS = 200
Change = tuple[Entry | None, Entry | None]
"""An entry before and after: None before it was made, None after it was deleted."""


def record(connection: sqlite3.Connection, sitting: str, what: str, changes: Sequence[Change]) -> None:
    """Note a step; what had been undone can then no longer be done again."""
    connection.execute("DELETE FROM operations WHERE sitting = ? AND undone = 1", (sitting,))
    step = next_step(connection, sitting)
    at = utc_text()
    connection.executemany(
        "INSERT INTO operations (sitting, step, what, entry, before, after, undone, at_utc) "
        "VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
        [(sitting, step, what, _id(change), _text(change[0]), _text(change[1]), at) for change in changes],
    )
    connection.execute("DELETE FROM operations WHERE sitting = ? AND step <= ?", (sitting, step - MOST_STEPS))


def next_step(connection: sqlite3.Connection, sitting: str) -> int:
    """Return the number of the next step of a sitting."""
    row = connection.execute("SELECT max(step) FROM operations WHERE sitting = ?", (sitting,)).fetchone()
    return int(row[0] or 0) + 1


def peek(connection: sqlite3.Connection, sitting: str, *, redo: bool = False) -> str:
    """Return what the next undo (or redo) is about, as `record` was told; empty when there is none."""
    step = _step(connection, sitting, redo=redo)
    if step is None:
        return ""
    (what,) = connection.execute(
        "SELECT what FROM operations WHERE sitting = ? AND step = ? LIMIT 1", (sitting, step)
    ).fetchone()
    return str(what)


def take_step(connection: sqlite3.Connection, sitting: str, *, redo: bool = False) -> str:
    """Undo the last step, or do again the last one undone; return what it was, empty when there is none.

    Raises
    ------
    JournalError
        An entry is no longer what the step left, since another program changed it.
    """
    step = _step(connection, sitting, redo=redo)
    if step is None:
        return ""
    rows = connection.execute(
        "SELECT what, entry, before, after FROM operations WHERE sitting = ? AND step = ? ORDER BY number",
        (sitting, step),
    ).fetchall()
    for _, steps in groupby(sorted(rows, key=lambda row: row[1]), key=lambda row: row[1]):
        ours = list(steps)
        first, last = _entry(ours[0][2]), _entry(ours[-1][3])
        expected, wanted = (first, last) if redo else (last, first)
        now = get_entry(connection, ours[0][1])
        if not _same(now, expected):
            raise JournalError(
                "Another program has changed this entry since, so the step stays as it is; change the entry "
                "by hand."
            )
        if wanted is None:
            delete_entry(connection, ours[0][1])
        else:
            put_entry(connection, replace(wanted, updated_utc=utc_text()))
    connection.execute(
        "UPDATE operations SET undone = ? WHERE sitting = ? AND step = ?", (not redo, sitting, step)
    )
    return str(rows[0][0])


def forget(connection: sqlite3.Connection, sitting: str, *, before_utc: str) -> None:
    """Forget a sitting's steps, and those that a program which was killed left before `before_utc`."""
    connection.execute("DELETE FROM operations WHERE sitting = ? OR at_utc < ?", (sitting, before_utc))


def _step(connection: sqlite3.Connection, sitting: str, *, redo: bool) -> int | None:
    pick = "min" if redo else "max"
    (step,) = connection.execute(
        f"SELECT {pick}(step) FROM operations WHERE sitting = ? AND undone = ?",  # noqa: S608 - one of two words
        (sitting, redo),
    ).fetchone()
    return None if step is None else int(step)


def _id(change: Change) -> str:
    entry = change[0] or change[1]
    if entry is None:
        raise ValueError("a change needs an entry before or after")
    return entry.id


def _text(entry: Entry | None) -> str | None:
    return None if entry is None else json.dumps(entry.as_dict(), ensure_ascii=False)


def _entry(text: str | None) -> Entry | None:
    return None if text is None else Entry.from_dict(json.loads(text))


def _same(one: Entry | None, other: Entry | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.same_content(other)
