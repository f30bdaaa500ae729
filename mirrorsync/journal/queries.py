"""Finding entries, sessions and tags."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mirrorsync.journal.entries import Entry, SessionRef, clean_tags
from mirrorsync.journal.rows import entries_of, entry_of, sessions_of
from mirrorsync.journal.searching import CLOSE, OPEN, Hit, Question, ask, beginning, read_snippet

__all__ = ["Filter", "all_sessions", "all_tags", "find_session", "merged", "search", "select"]

# The words around what matched; FTS5 counts words, so a text without spaces is cut by `beginning`.
_SNIPPET_WORDS = 18
_LONGEST_SNIPPET = 400


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are meant; what is empty or None says nothing."""

    session: str | None = None
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    since_utc: str | None = None
    until_utc: str | None = None

    def conditions(self) -> tuple[list[str], list[Any]]:
        """Return conditions on a table `e` of entries, and the values bound in them."""
        texts: list[str] = []
        values: list[Any] = []
        if self.session is not None:
            texts.append("e.session = ?")
            values.append(self.session)
        if self.kinds:
            texts.append(f"e.kind IN ({', '.join('?' * len(self.kinds))})")
            values += self.kinds
        for tag in clean_tags(self.tags):
            texts.append("e.number IN (SELECT entry FROM entry_tags WHERE tag = ?)")
            values.append(tag)
        if self.since_utc is not None:
            texts.append("e.created_utc >= ?")
            values.append(self.since_utc)
        if self.until_utc is not None:
            texts.append("e.created_utc < ?")
            values.append(self.until_utc)
        return texts, values


def select(connection: sqlite3.Connection, wanted: Filter, limit: int | None) -> list[Entry]:
    """Return entries: of one session in the order of its time, otherwise the newest first."""
    texts, values = wanted.conditions()
    order = "e.start_s, e.created_utc, e.number" if wanted.session else "e.created_utc DESC, e.number DESC"
    where = f"WHERE {' AND '.join(texts)} " if texts else ""
    return list(
        entries_of(connection, f"{where}ORDER BY {order} LIMIT ?", [*values, -1 if limit is None else limit])
    )


def search(connection: sqlite3.Connection, typed: str, wanted: Filter, limit: int) -> list[Hit]:
    """Return entries in which all that was typed stands, best first."""
    question = ask(typed)
    texts, values = wanted.conditions()
    for words in question.contains:
        texts.append("(instr(e.text, ?) OR EXISTS (SELECT 1 FROM search WHERE rowid = e.number "
                     "AND instr(more, ?)))")  # fmt: skip
        values += [words, words]
    if not question.match:
        where = f"WHERE {' AND '.join(texts)} " if texts else ""
        order = f"{where}ORDER BY e.created_utc DESC, e.number DESC LIMIT ?"
        found = entries_of(connection, order, [*values, limit])
        return [_hit_without_index(entry, question) for entry in found]
    picked = " AND ".join(["search MATCH ?", *texts])
    # The conditions are written here, every value is bound.
    statement = f"""
        SELECT e.id, e.kind, e.text, e.session, e.start_s, e.end_s, e.data, e.created_utc, e.updated_utc,
               (SELECT json_group_array(tag) FROM entry_tags WHERE entry = e.number),
               snippet(search, 0, ?, ?, '…', {_SNIPPET_WORDS})
        FROM search JOIN entries e ON e.number = search.rowid
        WHERE {picked} ORDER BY bm25(search), e.created_utc DESC LIMIT ?
        """  # noqa: S608
    rows = connection.execute(statement, [OPEN, CLOSE, question.match, *values, limit])
    return [_hit(row) for row in rows]


def all_sessions(connection: sqlite3.Connection) -> list[SessionRef]:
    """Return every session, newest first."""
    return list(sessions_of(connection, "ORDER BY started_utc DESC, path"))


def find_session(connection: sqlite3.Connection, path: str, sha256: str | None) -> SessionRef | None:
    """Return the session with this fingerprint, or else the one at this path that has none of its own."""
    if sha256 is not None:
        known = next(sessions_of(connection, "WHERE sha256 = ? LIMIT 1", (sha256,)), None)
        if known is not None:
            return known
        return next(sessions_of(connection, "WHERE path = ? AND sha256 IS NULL LIMIT 1", (path,)), None)
    return next(sessions_of(connection, "WHERE path = ? LIMIT 1", (path,)), None)


def all_tags(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Return every tag with the number of its entries, in alphabetical order."""
    rows = connection.execute("SELECT tag, count(*) FROM entry_tags GROUP BY tag").fetchall()
    return sorted(((str(tag), int(count)) for tag, count in rows), key=lambda pair: pair[0].casefold())


def merged(ranges: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the ranges in order, those that touch or overlap as one."""
    out: list[tuple[float, float]] = []
    for start, end in sorted(ranges):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def _hit(row: tuple[Any, ...]) -> Hit:
    entry = entry_of(row)
    snippet, matched = read_snippet(str(row[10]))
    if len(snippet) > _LONGEST_SNIPPET:  # a "word" of thousands of letters
        word = snippet[matched[0][0] : matched[0][1]][: _LONGEST_SNIPPET // 4] if matched else ""
        snippet, matched = beginning(entry.text, word)
    return Hit(entry, snippet, matched)


def _hit_without_index(entry: Entry, question: Question) -> Hit:
    return Hit(entry, *beginning(entry.text, question.contains[0] if question.contains else ""))
