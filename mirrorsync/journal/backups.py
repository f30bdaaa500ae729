"""Copies of the journal beside it: before each migration, once a day, and back again.

A copy is made through SQLite's backup interface, so it is whole whatever is being written meanwhile, and as
encrypted as the journal itself. It is checked before it counts.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from mirrorsync.errors import JournalError
from mirrorsync.journal.cipher import database_errors
from mirrorsync.journal.database import check_whole, connect, file_state, identify
from mirrorsync.journal.places import backups_folder, make_folder, make_private_file

__all__ = [
    "back_up",
    "backups",
    "due",
    "good_backup",
    "is_good",
    "remove_backups",
    "restore",
    "rotate",
    "taken_at",
]

KEEP_DAYS = 7
KEEP_WEEKS = 8
_STAMP = "%Y%m%dT%H%M%SZ"


def backups(path: Path) -> list[Path]:
    """Return the backups of the journal at `path`, newest first."""
    found = [file for file in backups_folder(path).glob("*.db") if taken_at(file) is not None]
    return sorted(found, key=lambda file: file.name, reverse=True)


def taken_at(backup: Path) -> datetime | None:
    """Return when a backup was taken, in UTC; None when the file is no backup."""
    try:
        return datetime.strptime(backup.stem.split("-")[0], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def due(path: Path, now: datetime) -> bool:
    """Return whether today's backup is still to be taken."""
    newest = next(iter(backups(path)), None)
    taken = taken_at(newest) if newest is not None else None
    return taken is None or taken.date() != now.astimezone(UTC).date()


def back_up(
    connection: sqlite3.Connection, path: Path, key: bytes | None, *, now: datetime, reason: str
) -> Path:
    """Copy the open journal to its folder of backups; return the copy.

    Parameters
    ----------
    connection : sqlite3.Connection
        The open journal.
    path : path
        Its file.
    key : bytes or None
        Its key.
    now : datetime
        Goes into the name.
    reason : str
        One word that goes into the name: "daily", "before-v2".

    Raises
    ------
    JournalError
        The copy cannot be written, or is not whole; no half copy is left.
    """
    folder = backups_folder(path)
    make_folder(folder)
    target = folder / f"{now.astimezone(UTC).strftime(_STAMP)}-{reason}.db"
    partial = target.with_suffix(".partial")
    try:
        partial.unlink(missing_ok=True)
        make_private_file(partial)
        with closing(connect(partial, key)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            damage = check_whole(copy)
        if damage:
            raise JournalError(
                "The backup of the journal is not whole; see that the disk is sound. "
                "The journal itself is safe."
            )
        partial.replace(target)
        sync_folder(folder)
    except _trouble() as error:
        reason = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
        raise JournalError(
            f"A backup of the journal could not be written to {folder}{reason}; make room there. "
            "The journal itself is safe."
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    rotate(path)
    return target


def rotate(path: Path) -> None:
    """Delete old backups: kept are the newest of each of the last days with one, and of the last weeks."""
    kept: set[Path] = set()
    for most, period in ((KEEP_DAYS, "%Y-%m-%d"), (KEEP_WEEKS, "%G-%V")):
        seen: dict[str, Path] = {}
        for backup in backups(path):
            taken = taken_at(backup)
            if taken is not None:
                seen.setdefault(taken.strftime(period), backup)
        kept |= set(list(seen.values())[:most])
    newest_migration = next((b for b in backups(path) if "-before-" in b.name), None)
    for backup in backups(path):
        if backup not in kept and backup != newest_migration:
            backup.unlink(missing_ok=True)


def remove_backups(path: Path, *, but: Sequence[Path] = ()) -> None:
    """Delete the backups of the journal at `path` but those named."""
    for backup in backups(path):
        if backup not in but:
            backup.unlink(missing_ok=True)


def is_good(backup: Path, key: bytes | None) -> bool:
    """Return whether a backup opens and is whole; False also when it needs another passphrase."""
    sealed = file_state(backup) == "sealed"
    if sealed and key is None:
        return False
    try:
        with closing(connect(backup, key if sealed else None, mode="ro")) as connection:
            return identify(connection, backup) > 0 and not check_whole(connection)
    except JournalError:
        return False
    except _trouble():
        return False


def good_backup(path: Path, key: bytes | None) -> Path | None:
    """Return the newest backup that opens with `key` (or needs none) and is whole."""
    return next((backup for backup in backups(path) if is_good(backup, key)), None)


def restore(path: Path, backup: Path, *, now: datetime | None = None) -> Path | None:
    """Put a copy of `backup` in the journal's place; return where the journal's own file was put aside.

    Nothing may have the journal open. Whatever lay at `path` is kept under another name, never deleted.

    Raises
    ------
    JournalError
        A file cannot be copied or moved; the journal is then as it was.
    """
    stamp = (now or datetime.now(UTC)).astimezone(UTC).strftime(_STAMP)
    aside = _free(path.with_name(f"{path.stem}-damaged-{stamp}.db"))
    fresh = path.with_name(f"{path.stem}-restored.partial")
    moved: list[tuple[Path, Path]] = []
    try:
        fresh.unlink(missing_ok=True)
        make_private_file(fresh)
        fresh.write_bytes(backup.read_bytes())
        with fresh.open("rb") as stream:
            os.fsync(stream.fileno())
        for ending in ("", "-wal", "-shm"):
            old = path.with_name(path.name + ending)
            if old.exists():
                new = aside.with_name(aside.name + ending)
                old.replace(new)
                moved.append((old, new))
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        for old, new in reversed(moved):
            with contextlib.suppress(OSError):
                new.replace(old)
        raise JournalError(
            f"The backup {backup} could not be put in place ({error.strerror}); make room and allow writing "
            f"to {path.parent}. The journal and its backups are as they were."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
    return aside if moved else None


def sync_folder(folder: Path) -> None:
    """See that names in a folder are on the disk, where the system can be asked for that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _trouble() -> tuple[type[Exception], ...]:
    return OSError, *database_errors()


def _free(path: Path) -> Path:
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free
