"""The tables of the journal, and how an older journal becomes a newer one.

`MIGRATIONS[n]` turns version n into version n + 1; version 0 is an empty file. A step that has been
released is never edited.
"""

from __future__ import annotations

import sqlite3

from mirrorsync.storage.sqlite import Migration, migrate

__all__ = ["APPLICATION_ID", "MIGRATIONS", "schema_version", "upgrade"]

APPLICATION_ID = 0x4D534A4C  # "MSJL"; what `file` and SQLite's tools show


def _create(connection: sqlite3.Connection) -> None:
    """From nothing to version 1.

    entries.data and the two sides of an operation are JSON. Times in UTC are ISO 8601 text, times in a
    session are seconds from its start. `search` repeats what can be searched for; `operations` is what undo
    and redo go by, and is emptied when the sitting ends; `drafts` holds what is being typed.
    """
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(
        """
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT, label TEXT NOT NULL,
            started_utc TEXT, duration_s REAL
        ) WITHOUT ROWID
        """
    )
    connection.execute("CREATE INDEX sessions_by_path ON sessions (path)")
    connection.execute("CREATE INDEX sessions_by_sha256 ON sessions (sha256)")
    connection.execute(
        """
        CREATE TABLE entries (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, text TEXT NOT NULL,
            session TEXT REFERENCES sessions (id), start_s REAL, end_s REAL, data TEXT NOT NULL,
            created_utc TEXT NOT NULL, updated_utc TEXT NOT NULL
        )
        """
    )
    connection.execute("CREATE INDEX entries_by_session ON entries (session, start_s)")
    connection.execute("CREATE INDEX entries_by_time ON entries (created_utc)")
    connection.execute(
        """
        CREATE TABLE entry_tags (
            entry INTEGER NOT NULL REFERENCES entries (number) ON DELETE CASCADE, tag TEXT NOT NULL,
            PRIMARY KEY (entry, tag)
        ) WITHOUT ROWID
        """
    )
    connection.execute("CREATE INDEX entry_tags_by_tag ON entry_tags (tag)")
    connection.execute(
        "CREATE TABLE drafts (key TEXT PRIMARY KEY, text TEXT NOT NULL, data TEXT NOT NULL, "
        "updated_utc TEXT NOT NULL) WITHOUT ROWID"
    )
    connection.execute(
        """
        CREATE TABLE operations (
            number INTEGER PRIMARY KEY, sitting TEXT NOT NULL, step INTEGER NOT NULL, what TEXT NOT NULL,
            entry TEXT NOT NULL, before TEXT, after TEXT, undone INTEGER NOT NULL, at_utc TEXT NOT NULL
        )
        """
    )
    connection.execute(
        "CREATE VIRTUAL TABLE search USING fts5 (text, more, tokenize = 'unicode61 remove_diacritics 2', "
        "prefix = '2 3')"
    )


def _add_attunement(connection: sqlite3.Connection) -> None:
    """From version 1 to 2: a session's mean attunement stands beside the check-ins.

    scored says which state of the session file and which excluded ranges the mean belongs to.
    """
    for column in ("attunement REAL", "attunement_coverage REAL", "scored TEXT"):
        connection.execute(f"ALTER TABLE sessions ADD COLUMN {column}")


MIGRATIONS: tuple[Migration, ...] = (_create, _add_attunement)


def schema_version() -> int:
    """Return the version that this program writes."""
    return len(MIGRATIONS)


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring an open file (autocommit mode) to the current version, as `mirrorsync.storage.sqlite` does."""
    migrate(connection, MIGRATIONS)
