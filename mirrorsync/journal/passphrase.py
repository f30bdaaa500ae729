"""Setting, changing and taking away the journal's passphrase.

The journal is copied into a new file under the new key; the copy is checked, and only then takes the old
one's place. Backups under the old key are deleted after a new one was taken: they would open with a
passphrase that was given up, or with none.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from mirrorsync.errors import JournalBusyError, JournalError, PassphraseError
from mirrorsync.journal.backups import back_up, remove_backups, sync_folder
from mirrorsync.journal.cipher import HOW_TO_INSTALL, available, connect_sealed, database_errors, key_of
from mirrorsync.journal.database import check_whole, connect, explained, file_state
from mirrorsync.journal.opening import open_database
from mirrorsync.journal.places import make_private_file
from mirrorsync.storage.sqlite import trouble

__all__ = ["LOSING_IT", "set_passphrase"]

LOSING_IT = (
    "There is no way back without the passphrase: nobody can open the journal or its backups for you, and "
    "nothing in the program can find it out. Write it down and keep it where you keep what matters. Exports "
    "are not encrypted, so an export kept in a safe place is another way back."
)
_SIZES = tuple(
    f"SELECT count(*), coalesce(sum(length(quote({column}))), 0) FROM {table}"  # noqa: S608 - names of this program
    for table, column in (
        ("sessions", "path"),
        ("entries", "text"),
        ("entry_tags", "tag"),
        ("drafts", "text"),
    )
)


def set_passphrase(path: Path, old: str | None, new: str | None, *, busy_s: float = 2.0) -> None:
    """Encrypt the journal at `path` with `new`, or change its passphrase, or (new is None) take it away.

    Nothing may have the journal open. Until the last moment the journal stays as it was.

    Parameters
    ----------
    path : path
        The journal.
    old : str or None
        Its passphrase now.
    new : str or None
        Its passphrase from now on; None leaves it readable.
    busy_s : float
        How long to wait, in seconds, for another program.

    Raises
    ------
    PassphraseError
        `old` is wrong, `new` is empty, or encryption is not installed.
    JournalBusyError
        The journal is open elsewhere.
    JournalError
        It cannot be written; it is then as it was.
    """
    if not available():
        raise PassphraseError(HOW_TO_INSTALL)
    old_key = key_of(old) if old is not None else None
    new_key = key_of(new) if new is not None else None
    if file_state(path) in ("missing", "empty"):
        raise JournalError(f"There is no journal at {path} yet; write something first.")
    now = datetime.now(UTC)
    # Opened as ever: the passphrase is tried, damage is found, an old journal is brought up to date.
    open_database(path, old_key, busy_s=busy_s, now=now)[0].close()
    fresh = path.with_name(f"{path.stem}-rekeyed.partial")
    try:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        make_private_file(fresh)
        with explained(path):
            _copy_under(path, old_key, fresh, new_key, busy_s)
        _replace(fresh, path)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    with explained(path), closing(connect(path, new_key, busy_s=busy_s)) as connection:
        newest = back_up(connection, path, new_key, now=now, reason="rekeyed")
    remove_backups(path, but=[newest])


def _copy_under(path: Path, old_key: bytes | None, fresh: Path, new_key: bytes | None, busy_s: float) -> None:
    """Copy the journal into `fresh` under the new key while nobody else can open it."""
    with ExitStack() as held:
        if old_key is None:
            # SQLCipher reads plain files too, but is another SQLite than Python's own: of what that has open
            # in this very process it would see no lock.
            _take_alone(held.enter_context(closing(connect(path, busy_s=busy_s))))
        connection = held.enter_context(closing(connect_sealed(path, old_key or b"", busy_s=busy_s)))
        _take_alone(connection)
        before = _sizes(connection)
        identity = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in _PRAGMAS]
        connection.execute("ATTACH DATABASE ? AS fresh KEY ?", (str(fresh), new_key or b""))
        connection.execute("SELECT sqlcipher_export('fresh')")
        for name, value in zip(_PRAGMAS, identity, strict=True):
            connection.execute(f"PRAGMA fresh.{name} = {int(value)}")
        connection.execute("DETACH DATABASE fresh")
        with closing(connect(fresh, new_key)) as copy:
            damage = check_whole(copy)
            if damage or _sizes(copy) != before:
                raise JournalError(
                    "The copy under the new passphrase is not whole; the "
                    "journal is as it was. See that the disk is sound and has room."
                )


_PRAGMAS = ("application_id", "user_version")


def _take_alone(connection: sqlite3.Connection) -> None:
    """Hold the file for this connection alone until it is closed."""
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode != "delete":
            raise _open_elsewhere()
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except database_errors() as error:
        if trouble(error) == "busy":
            raise _open_elsewhere() from error
        raise


def _open_elsewhere() -> JournalBusyError:
    return JournalBusyError(
        "Another program has the journal open; close it, then change the passphrase. The journal is "
        "as it was."
    )


def _sizes(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    return [connection.execute(statement).fetchone() for statement in _SIZES]


def _replace(fresh: Path, path: Path) -> None:
    try:
        with fresh.open("rb+") as stream:
            os.fsync(stream.fileno())
        fresh.replace(path)
        for ending in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise JournalError(
            f"The journal {path} could not be replaced by its copy ({error.strerror}); close other programs "
            "that have it open. It is as it was."
        ) from error
