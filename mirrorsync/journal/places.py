"""Where the journal lies, and its backups beside it."""

from __future__ import annotations

from pathlib import Path

from mirrorsync.errors import JournalError
from mirrorsync.places import data_folder
from mirrorsync.storage.sqlite import make_private

__all__ = ["backups_folder", "journal_path", "make_folder", "make_private_file"]


def journal_path() -> Path:
    """Return the file of the user's journal, which may not be there yet."""
    return data_folder() / "journal" / "journal.db"


def backups_folder(path: Path) -> Path:
    """Return the folder of the backups of the journal at `path`."""
    return path.parent / f"{path.stem}-backups"


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter; one that is there stays as it is.

    Raises
    ------
    JournalError
        It cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise JournalError(
            f"The journal's folder {folder} cannot be made ({error.strerror}); make it yourself, or choose "
            "another place for the journal."
        ) from error


def make_private_file(path: Path) -> None:
    """Make sure that there is a file at `path` which only its owner may read.

    Raises
    ------
    JournalError
        It cannot be made.
    """
    try:
        make_private(path, new=False)
    except OSError as error:
        raise JournalError(
            f"The journal {path} cannot be written ({error.strerror}); allow writing to its folder, or "
            "choose another place for the journal. Nothing in it was changed."
        ) from error
