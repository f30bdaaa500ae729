"""Making and opening the file of a session, and keeping in it what was worked out of it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from mirrorsync.errors import SessionError
from mirrorsync.storage import sqlite

__all__ = ["connect", "create_private_file", "keep_blob"]

BUSY_S = 10.0


def create_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read; never take one that is there.

    Raises
    ------
    SessionError
        The file exists already or cannot be made.
    """
    try:
        sqlite.make_private(path, new=True)
    except FileExistsError as error:
        raise SessionError(f"{path} exists already; choose another name for the session.") from error
    except OSError as error:
        raise SessionError(
            f"The session {path} cannot be made ({error.strerror}); choose a folder you may write to."
        ) from error


def connect(path: Path, *, writable: bool = False) -> sqlite3.Connection:
    """Open an existing session file; raises sqlite3.Error."""
    return sqlite.connect(path, mode="rw" if writable else "ro", busy_s=BUSY_S)


def keep_blob(path: Path, name: str, data: bytes) -> None:
    """Keep under a name what was worked out of a session, in its file, if that can be written.

    `SessionReader.blob` returns it; whoever changes the session's scores removes it.
    """
    with contextlib.suppress(sqlite3.Error), contextlib.closing(connect(path, writable=True)) as link:
        link.execute("INSERT OR REPLACE INTO pyramids VALUES (?, ?)", (name, data))
