"""Making, opening and letting go of the SQLite file of a session."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from pathlib import Path

from mirrorsync.errors import SessionError

__all__ = ["connect", "create_private_file", "let_go", "result_code"]

BUSY_S = 10.0
_one_at_a_time = threading.Lock()  # two that let go at once would each find the other in the way


def create_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read; never take one that is there.

    SQLite gives the files that it lays beside it the same permissions.

    Raises
    ------
    SessionError
        The file exists already or cannot be made.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise SessionError(f"{path} exists already; choose another name for the session.") from error
    except OSError as error:
        raise SessionError(
            f"The session {path} cannot be made ({error.strerror}); choose a folder you may write to."
        ) from error


def connect(path: Path, *, writable: bool = False) -> sqlite3.Connection:
    """Open an existing file in autocommit mode, for one thread at a time; raises sqlite3.Error."""
    uri = f"{path.resolve().as_uri()}?mode={'rw' if writable else 'ro'}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)


def let_go(connection: sqlite3.Connection, path: Path) -> None:
    """Close a connection that only read; whoever is the last to let go of a session leaves one file.

    A connection that only reads cannot fold what SQLite has laid beside the file (`-wal`, `-shm`) back into
    it, so it is opened once more for that. While somebody else has it open that waits for them, and where
    nothing may be written everything stays as it lies.
    """
    connection.close()
    place = path.resolve()  # where SQLite lays the two, also when the session is reached by a link
    with _one_at_a_time:
        if not any(place.with_name(place.name + ending).exists() for ending in ("-wal", "-shm")):
            return
        with contextlib.suppress(sqlite3.Error), contextlib.closing(connect(place, writable=True)) as last:
            last.execute("PRAGMA busy_timeout = 0")
            last.execute("PRAGMA journal_mode = DELETE").fetchone()


def result_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code; 0 when Python's wrapper raised the error itself."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
