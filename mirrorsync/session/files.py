"""Making and opening the SQLite file of a session."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from mirrorsync.errors import SessionError

__all__ = ["connect", "create_private_file", "result_code"]

BUSY_S = 10.0


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


def result_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code; 0 when Python's wrapper raised the error itself."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
