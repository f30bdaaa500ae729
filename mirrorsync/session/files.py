"""Making and opening the file of a session, and keeping in it what was worked out of it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from mirrorsync.errors import SessionError
from mirrorsync.storage import sqlite

__all__ = ["connect", "copy_session", "create_private_file", "keep_blob"]

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


def copy_session(path: Path, copy: Path) -> None:
    """Write a session into a new file, whole or not at all; one that is being recorded as far as it is.

    Raises
    ------
    SessionError
        The copy exists already or cannot be written, or the session cannot be read.
    """
    create_private_file(copy)
    try:
        with (
            contextlib.closing(connect(path)) as source,
            contextlib.closing(connect(copy, writable=True)) as to,
        ):
            source.backup(to)
    except (sqlite3.Error, OSError) as error:
        copy.unlink(missing_ok=True)
        raise SessionError(
            f"{path} cannot be copied to {copy} ({error}); is there room, and is it readable?"
        ) from error
