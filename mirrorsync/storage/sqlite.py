"""SQLite files of our own: made private, opened, brought up to date under the lock, let go as one file.

Sessions and the journal are such files. What their tables hold, and in which sentence a trouble is told, is
their own business; `trouble` only says what kind it is. SQLCipher's connections and errors do as well as
sqlite3's.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

__all__ = [
    "Migration",
    "Trouble",
    "connect",
    "identity",
    "let_go",
    "make_private",
    "migrate",
    "transaction",
    "trouble",
    "write_ahead",
]

Migration = Callable[[sqlite3.Connection], None]
"""Brings an open file from one version of its tables to the next."""

Trouble = Literal["full", "busy", "forbidden", "disk", "not a database", "damaged", "other"]

_TROUBLES: dict[int, Trouble] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_READONLY: "forbidden",
    sqlite3.SQLITE_CANTOPEN: "forbidden",
    sqlite3.SQLITE_PERM: "forbidden",
    sqlite3.SQLITE_IOERR: "disk",
    sqlite3.SQLITE_NOTADB: "not a database",
    sqlite3.SQLITE_CORRUPT: "damaged",
}
_TRIES, _PAUSE_S = 30, 0.05  # while another program turns on write-ahead logging
_one_at_a_time = threading.Lock()  # two that let go at once would each find the other in the way


def trouble(error: BaseException) -> Trouble:
    """Return what kind of trouble a database error tells of.

    Returns
    -------
    str
        "full" (the disk), "busy" (another program holds the file), "forbidden" (to open or to write), "disk"
        (it did not take or give), "not a database" (or a wrong key), "damaged", or "other", also when
        Python's wrapper raised the error itself.
    """
    return _TROUBLES.get(int(getattr(error, "sqlite_errorcode", 0)) & 0xFF, "other")


def make_private(path: Path, *, new: bool) -> None:
    """Make a file that only its owner may read. SQLite gives those that it lays beside it the same rights.

    Parameters
    ----------
    path : Path
        In a folder that is there.
    new : bool
        True: there must be no such file yet. False: one that is there is kept, and made private.

    Raises
    ------
    OSError
        It cannot be made; FileExistsError when it is there and must not be.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | (os.O_EXCL if new else 0), 0o600))
    if not new and path.stat().st_mode & 0o077:
        path.chmod(0o600)


def connect(path: Path, *, mode: Literal["ro", "rw"], busy_s: float) -> sqlite3.Connection:
    """Open an existing file in autocommit mode, for one thread at a time.

    Raises
    ------
    sqlite3.Error
        It does not open.
    """
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=busy_s, isolation_level=None, check_same_thread=False)


def write_ahead(connection: sqlite3.Connection) -> None:
    """Turn on write-ahead logging; while another program does the same, SQLite does not wait by itself."""
    for left in reversed(range(_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except Exception as error:  # sqlite3's or SQLCipher's
            if not left or trouble(error) != "busy":
                raise
            time.sleep(_PAUSE_S)
        else:
            return


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the file for writing; what is done inside is kept whole or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself may have rolled back
            connection.execute("ROLLBACK")
        raise


def identity(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return (application id, version of the tables) of an open file; (0, 0) of an empty one."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(application), int(version)


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Bring an open file to the version `len(migrations)`, each step whole or not at all.

    Two programs may do this at once: each step looks again once it holds the file.

    Parameters
    ----------
    connection : sqlite3.Connection
        In autocommit mode.
    migrations : sequence of callable
        The n-th turns version n into version n + 1; version 0 is an empty file.
    """
    while identity(connection)[1] < len(migrations):
        with transaction(connection):
            version = identity(connection)[1]
            if version < len(migrations):
                migrations[version](connection)
                connection.execute(f"PRAGMA user_version = {version + 1}")


def _keeps_a_log(place: Path) -> bool:
    """Whether the file's header says that it is written with a log beside it (byte 18 of SQLite's format)."""
    with contextlib.suppress(OSError), place.open("rb") as file:
        return file.read(19)[18:] == b"\x02"
    return False


def let_go(connection: sqlite3.Connection, path: Path) -> None:
    """Close a connection that only read; whoever is the last to let go of a file leaves one file.

    A connection that only reads cannot fold what SQLite has laid beside the file (`-wal`, `-shm`) back into
    it, so it is opened once more for that. While somebody else has it open that waits for them, and where
    nothing may be written everything stays as it lies.
    """
    connection.close()
    place = path.resolve()  # where SQLite lays the two, also when the file is reached by a link
    with _one_at_a_time:
        beside = any(place.with_name(place.name + ending).exists() for ending in ("-wal", "-shm"))
        if not beside and not _keeps_a_log(place):
            return
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(connect(place, mode="rw", busy_s=0.0)) as last,
        ):
            last.execute("PRAGMA journal_mode = DELETE").fetchone()
