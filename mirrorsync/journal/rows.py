"""Entries and sessions as rows; the search index is written here, and nowhere else."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mirrorsync.journal.entries import Entry, SessionRef

__all__ = [
    "SELECT_ENTRIES",
    "delete_entry",
    "entries_of",
    "get_entry",
    "get_session",
    "put_entry",
    "put_session",
    "rebuild_search",
    "searchable",
    "sessions_of",
]

SELECT_ENTRIES = (
    "SELECT e.id, e.kind, e.text, e.session, e.start_s, e.end_s, e.data, e.created_utc, e.updated_utc, "
    "(SELECT json_group_array(tag) FROM (SELECT tag FROM entry_tags WHERE entry = e.number)) FROM entries e"
)
_SESSION_COLUMNS = tuple(SessionRef.__dataclass_fields__)
_SELECT_SESSIONS = f"SELECT {', '.join(_SESSION_COLUMNS)} FROM sessions"  # noqa: S608 - names of this program
_PUT_SESSION = (
    f"INSERT INTO sessions ({', '.join(_SESSION_COLUMNS)}) "  # noqa: S608 - names of this program
    f"VALUES ({', '.join('?' * len(_SESSION_COLUMNS))}) ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _SESSION_COLUMNS[1:])
)


def entries_of(
    connection: sqlite3.Connection, where: str = "", values: Sequence[Any] = ()
) -> Iterator[Entry]:
    """Yield the entries that a condition of this program picks, whose values are bound."""
    for row in connection.execute(f"{SELECT_ENTRIES} {where}", values):
        yield entry_of(row)


def entry_of(row: Sequence[Any]) -> Entry:
    """Return the entry in a row of `SELECT_ENTRIES`."""
    tags = sorted(json.loads(row[9]), key=str.casefold)
    return Entry(
        id=row[0], kind=row[1], text=row[2], session=row[3], start_s=row[4], end_s=row[5], tags=tuple(tags),
        data=json.loads(row[6]), created_utc=row[7], updated_utc=row[8],
    )  # fmt: skip


def get_entry(connection: sqlite3.Connection, entry_id: str) -> Entry | None:
    """Return an entry by its id, or None."""
    return next(entries_of(connection, "WHERE e.id = ?", (entry_id,)), None)


def put_entry(connection: sqlite3.Connection, entry: Entry) -> None:
    """Write an entry, in place of the one with its id if there is one."""
    values = (
        entry.kind, entry.text, entry.session, entry.start_s, entry.end_s,
        json.dumps(dict(entry.data), ensure_ascii=False), entry.created_utc, entry.updated_utc, entry.id,
    )  # fmt: skip
    known = connection.execute("SELECT number FROM entries WHERE id = ?", (entry.id,)).fetchone()
    if known is None:
        number = connection.execute(
            "INSERT INTO entries (kind, text, session, start_s, end_s, data, created_utc, updated_utc, id) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        ).lastrowid
    else:
        number = known[0]
        connection.execute(
            "UPDATE entries SET kind = ?, text = ?, session = ?, start_s = ?, end_s = ?, data = ?, "
            "created_utc = ?, updated_utc = ? WHERE id = ?",
            values,
        )
        connection.execute("DELETE FROM entry_tags WHERE entry = ?", (number,))
        connection.execute("DELETE FROM search WHERE rowid = ?", (number,))
    connection.executemany(
        "INSERT INTO entry_tags (entry, tag) VALUES (?, ?)", [(number, tag) for tag in entry.tags]
    )
    connection.execute(
        "INSERT INTO search (rowid, text, more) VALUES (?, ?, ?)", (number, *searchable(entry))
    )


def delete_entry(connection: sqlite3.Connection, entry_id: str) -> None:
    """Take an entry out; one that is not there is no matter."""
    known = connection.execute("SELECT number FROM entries WHERE id = ?", (entry_id,)).fetchone()
    if known is not None:
        connection.execute("DELETE FROM search WHERE rowid = ?", known)
        connection.execute("DELETE FROM entries WHERE number = ?", known)


def searchable(entry: Entry) -> tuple[str, str]:
    """Return what of an entry can be searched: its text, and the words of its tags and data."""
    return entry.text, "\n".join((*entry.tags, *_words(entry.data)))


def rebuild_search(connection: sqlite3.Connection) -> None:
    """Write the search index anew from the entries, whatever state it is in."""
    (made_by,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'search'").fetchone()
    connection.execute("DROP TABLE search")
    connection.execute(made_by)
    numbers = dict(connection.execute("SELECT id, number FROM entries"))
    connection.executemany(
        "INSERT INTO search (rowid, text, more) VALUES (?, ?, ?)",
        ((numbers[entry.id], *searchable(entry)) for entry in list(entries_of(connection))),
    )


def sessions_of(
    connection: sqlite3.Connection, where: str = "", values: Sequence[Any] = ()
) -> Iterator[SessionRef]:
    """Yield the sessions that a condition of this program picks, whose values are bound."""
    for row in connection.execute(f"{_SELECT_SESSIONS} {where}", values):
        yield SessionRef(**dict(zip(_SESSION_COLUMNS, row, strict=True)))


def get_session(connection: sqlite3.Connection, session_id: str) -> SessionRef | None:
    """Return a session by its id, or None."""
    return next(sessions_of(connection, "WHERE id = ?", (session_id,)), None)


def put_session(connection: sqlite3.Connection, session: SessionRef) -> None:
    """Write a session, in place of the one with its id if there is one."""
    connection.execute(_PUT_SESSION, [getattr(session, name) for name in _SESSION_COLUMNS])


def _words(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _words(item)
