"""Opening the journal's file, whole or with a sentence that says what is wrong with it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from mirrorsync.errors import DamagedJournalError, JournalBusyError, JournalError, PassphraseError
from mirrorsync.journal.cipher import connect_sealed, database_errors
from mirrorsync.journal.schema import APPLICATION_ID, schema_version
from mirrorsync.storage import sqlite

__all__ = ["BUSY_S", "check_whole", "connect", "explained", "file_state", "identify"]

BUSY_S = 5.0
_PLAIN_HEAD = b"SQLite format 3\0"


def file_state(path: Path) -> str:
    """Return "missing", "empty", "plain", or "sealed" (encrypted, or damaged at its very beginning).

    Raises
    ------
    JournalError
        The file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(len(_PLAIN_HEAD))
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        raise JournalError(
            f"The journal {path} cannot be read ({error.strerror}); allow reading it, or choose another."
        ) from error
    if not head:
        return "empty"
    return "plain" if head == _PLAIN_HEAD else "sealed"


def connect(
    path: Path, key: bytes | None = None, *, busy_s: float = BUSY_S, mode: Literal["ro", "rw"] = "rw"
) -> sqlite3.Connection:
    """Open an existing file in autocommit mode, encrypted when there is a key.

    Raises
    ------
    PassphraseError
        There is a key, but encryption is not installed.
    Exception
        One of `database_errors`.
    """
    if key is not None:
        return connect_sealed(path, key, busy_s=busy_s, mode=mode)
    return sqlite.connect(path, mode=mode, busy_s=busy_s)


def identify(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema version of an open journal, 0 for an empty file.

    Raises
    ------
    JournalError
        It is something else, or from a newer program.
    Exception
        One of `database_errors`; with a wrong key it has the code SQLITE_NOTADB.
    """
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    application, version = sqlite.identity(connection)
    if tables == 0 and (application, version) == (0, 0):
        return 0
    if application != APPLICATION_ID:
        raise JournalError(f"{path} is not a MirrorSync journal; choose another file for the journal.")
    if version > schema_version():
        raise JournalError(
            f"The journal {path} was written by a newer MirrorSync; update MirrorSync to open it. "
            "Nothing in it was changed."
        )
    return version


def check_whole(connection: sqlite3.Connection) -> str:
    """Return what is damaged in an open file, empty for nothing.

    Raises
    ------
    Exception
        One of `database_errors`: the damage is such that SQLite cannot even look.
    """
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        return "; ".join(found)
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    return "" if broken is None else f"a row of {broken[0]} speaks of what is not there"


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what a statement raises into a JournalError that says what to do."""
    try:
        yield
    except database_errors() as error:
        raise _explain(path, error) from error


def _explain(path: Path, error: BaseException) -> JournalError:
    kind = sqlite.trouble(error)
    if kind == "full":
        return JournalError(
            "The disk is full, so this was not saved; what stood in the journal before is safe. "
            "Make room, then save again."
        )
    if kind == "busy":
        return JournalBusyError(
            "Another program is using the journal, so this was not done; what stands in it is safe. "
            "Wait a moment or close the other program, then try again."
        )
    if kind == "forbidden":
        return JournalError(
            f"The journal {path} cannot be written; allow writing to its folder, or choose another "
            "place for the journal. Nothing in it was changed."
        )
    if kind == "disk":
        return JournalError(
            f"The disk did not take or give what belongs to the journal {path}; see that the disk "
            "is there and has room, then try again. What was saved before is safe."
        )
    if kind == "not a database":
        return PassphraseError(f"The passphrase does not open the journal {path}; try again.")
    if kind == "damaged":
        return DamagedJournalError(
            f"The journal {path} is damaged; close it and open it again to bring back a backup."
        )
    if "fts5" in str(error):
        return JournalError(
            "This Python's SQLite cannot search texts (FTS5 is missing); use the Python from python.org or "
            "of your system."
        )
    return JournalError(f"The journal {path} could not do this ({error}); nothing was changed.")
