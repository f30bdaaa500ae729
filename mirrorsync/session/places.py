"""Where sessions live and what a new one is called."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from mirrorsync.errors import SessionError, UsageError
from mirrorsync.places import data_folder

__all__ = [
    "SESSION_NAME",
    "SESSION_SUFFIX",
    "held_session",
    "new_session_path",
    "session_file",
    "sessions_folder",
    "video_path",
]

SESSION_SUFFIX = ".mirrorsync"
SESSION_NAME = f"session{SESSION_SUFFIX}"
"""What an analysis calls the session in its folder."""


def sessions_folder() -> Path:
    """Return the folder of the user's sessions, made if need be and readable by its owner only.

    Raises
    ------
    SessionError
        The folder cannot be made.
    """
    folder = data_folder() / "sessions"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SessionError(
            f"The folder for sessions {folder} cannot be made ({error.strerror}); "
            "make it yourself or choose another file for the recording."
        ) from error
    return folder


def new_session_path(started: datetime, folder: Path | None = None) -> Path:
    """Return a free file name by date and time in `folder` (default: the folder of the user's sessions)."""
    place = sessions_folder() if folder is None else folder
    stem = started.strftime("%Y-%m-%d_%H-%M-%S")
    path = place / f"{stem}{SESSION_SUFFIX}"
    number = 2
    while path.exists():
        path = place / f"{stem}_{number}{SESSION_SUFFIX}"
        number += 1
    return path


def video_path(session: Path, side: str) -> Path:
    """Return where the video of "a" or "b" of a session lies: beside it, `NAME.a.mkv`."""
    return session.with_name(f"{session.stem}.{side}.mkv")


def session_file(session: Path) -> Path:
    """Return the session file that is meant: the file itself, or the only one in a folder.

    Raises
    ------
    UsageError
        The folder holds none, or several.
    """
    held = held_session(session)
    if held is not None:
        return held
    found = sorted(session.glob(f"*{SESSION_SUFFIX}"))
    if found:
        raise UsageError(f"{session} holds {len(found)} sessions; name the one you mean, as in {found[0]}.")
    raise UsageError(
        f"{session} holds no session file (*{SESSION_SUFFIX}); name one, or analyse again "
        "with --keep-session."
    )


def held_session(session: Path) -> Path | None:
    """Return the session file itself, or the only one in a folder; None where there is none or several."""
    found = sorted(session.glob(f"*{SESSION_SUFFIX}")) if session.is_dir() else [session]
    return found[0] if len(found) == 1 else None
