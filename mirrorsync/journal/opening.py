"""From a path and perhaps a passphrase to an open, whole, up-to-date journal."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from mirrorsync.errors import DamagedJournalError, JournalError, PassphraseError
from mirrorsync.journal.backups import back_up, backups, due, good_backup, is_good, taken_at
from mirrorsync.journal.cipher import database_errors
from mirrorsync.journal.database import check_whole, connect, explained, file_state, identify
from mirrorsync.journal.places import make_folder, make_private_file
from mirrorsync.journal.rows import rebuild_search
from mirrorsync.journal.schema import schema_version, upgrade
from mirrorsync.storage.sqlite import transaction, trouble, write_ahead

__all__ = ["open_database"]

_TRIED_BACKUPS = 3  # with a passphrase each takes a quarter of a second


def open_database(
    path: Path, key: bytes | None, *, busy_s: float, now: datetime
) -> tuple[sqlite3.Connection, str]:
    """Open the journal, made if there is none; return it, and a warning (empty: all is well).

    Raises
    ------
    PassphraseError
        It needs a passphrase, or another one, or encryption is not installed.
    DamagedJournalError
        It is damaged; the error names the newest good backup.
    JournalError
        It cannot be written, another program holds it, or it is from a newer program.
    """
    make_folder(path.parent)
    state = file_state(path)
    if state == "sealed" and key is None:
        raise _sealed(path)
    if state == "plain" and key is not None:
        raise PassphraseError(f"The journal {path} has no passphrase; open it without one.")
    make_private_file(path)
    with explained(path):
        connection = connect(path, key, busy_s=busy_s)
    try:
        return connection, _make_ready(connection, path, key, now)
    except BaseException:
        connection.close()
        raise


def _make_ready(connection: sqlite3.Connection, path: Path, key: bytes | None, now: datetime) -> str:
    with explained(path):
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        version = _checked_version(connection, path, key)
        write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
    warning = ""
    if 0 < version < schema_version():
        back_up(connection, path, key, now=now, reason=f"before-v{schema_version()}")
    with explained(path):
        upgrade(connection)
        _check_search(connection)
    if version > 0 and due(path, now):
        try:
            back_up(connection, path, key, now=now, reason="daily")
        except JournalError as error:
            warning = str(error)
    return warning


def _checked_version(connection: sqlite3.Connection, path: Path, key: bytes | None) -> int:
    try:
        version = identify(connection, path)
        damage = check_whole(connection)
    except database_errors() as error:
        if trouble(error) not in ("damaged", "not a database"):
            raise
        # A wrong passphrase and a damaged first page look alike; a backup that opens tells them apart.
        unreadable = key is not None and trouble(error) == "not a database"
        if unreadable and not any(is_good(backup, key) for backup in backups(path)[:_TRIED_BACKUPS]):
            raise PassphraseError(
                f"The passphrase does not open the journal {path}; try again, and mind capitals and the "
                "keyboard's language. Nothing in it was changed."
            ) from error
        raise _damaged(path, key) from error
    if damage:
        raise _damaged(path, key)
    return version


def _check_search(connection: sqlite3.Connection) -> None:
    """Write the search index anew when it does not fit the entries."""
    try:
        connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        (missing,) = connection.execute(
            "SELECT count(*) FROM (SELECT number FROM entries EXCEPT SELECT rowid FROM search)"
        ).fetchone()
    except database_errors() as error:
        if trouble(error) != "damaged":
            raise
        missing = 1
    if missing:
        with transaction(connection):
            rebuild_search(connection)


def _sealed(path: Path) -> JournalError:
    """Return why a file without SQLite's head does not open without a passphrase."""
    newest = next(iter(backups(path)), None)
    if newest is not None and file_state(newest) == "plain":
        return _damaged(path, None)
    return PassphraseError(
        f"The journal {path} needs its passphrase (if it never had one, it is damaged: bring back a copy)."
    )


def _damaged(path: Path, key: bytes | None) -> DamagedJournalError:
    backup = good_backup(path, key)
    taken = taken_at(backup) if backup is not None else None
    if backup is None or taken is None:
        return DamagedJournalError(
            f"The journal {path} is damaged and there is no good backup; put a copy of yours in its "
            "place, or move the file away to begin a new one. Nothing in it was changed."
        )
    return DamagedJournalError(
        f"The journal {path} is damaged; the backup of {taken:%Y-%m-%d %H:%M} UTC is good. Restore it, in "
        "the window or with mirrorsync journal restore; the damaged file will be kept beside it.",
        backup,
    )
