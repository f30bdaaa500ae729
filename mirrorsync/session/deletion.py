"""Deleting a session: every file of it."""

from __future__ import annotations

from pathlib import Path

from mirrorsync.errors import SessionError
from mirrorsync.session.places import SESSION_SUFFIX, video_path

__all__ = ["delete_session", "session_files"]

_MAGIC = b"SQLite format 3\x00"


def session_files(path: Path) -> list[Path]:
    """Return the files of a session that are there: videos, what SQLite lays beside it, and itself last."""
    beside = [path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal")]
    videos = [video_path(path, side) for side in ("a", "b")]
    return [file for file in (*videos, *beside, path) if file.is_file()]


def delete_session(path: Path) -> list[Path]:
    """Delete a session, its videos and all that belongs to it; notes in the journal stay.

    The files are removed, not overwritten: on an unencrypted disk their contents can be recovered by experts
    until the room is used again, and copies in backups stay.

    Returns
    -------
    list of Path
        What was deleted.

    Raises
    ------
    SessionError
        It is no session, or a file cannot be deleted; the sentence names what is left.
    """
    path = Path(path)
    files = session_files(path)
    if not files:
        raise SessionError(f"There is no session file {path}; check the name.")
    if path.is_file() and path.suffix != SESSION_SUFFIX:
        with path.open("rb") as opened:
            if opened.read(len(_MAGIC)) != _MAGIC:
                raise SessionError(f"{path} is not a MirrorSync session; nothing was deleted.")
    for done, file in enumerate(files):
        try:
            file.unlink()
        except OSError as error:
            left = ", ".join(str(one) for one in files[done:])
            raise SessionError(
                f"{file} cannot be deleted ({error.strerror}); close whatever uses it and delete again. "
                f"Still there: {left}."
            ) from error
    return files
