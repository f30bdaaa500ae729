"""The user's sessions: what there is, newest first, found by the words in their names and dates."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mirrorsync.capture.feed import parse_feed
from mirrorsync.errors import MirrorSyncError
from mirrorsync.journal import Journal, SessionRef
from mirrorsync.session.identity import session_sha256
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.places import SESSION_SUFFIX, sessions_folder
from mirrorsync.session.reader import SessionReader

__all__ = ["SessionInfo", "info_of", "introduce", "is_live", "list_sessions", "matching", "name_of"]


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """One session in the list.

    Attributes
    ----------
    path : Path
        Its file.
    name : str
        What it is called: the recordings' names, or the people's where it was recorded live.
    started : datetime or None
        When it was recorded or opened.
    duration_s : float
        How much of it there is.
    complete : bool
        Whether it is whole.
    live : bool
        Whether it was recorded live, without recordings to show.
    sha256 : str or None
        What it is known again by; see `session_sha256`.
    """

    path: Path
    name: str
    started: datetime | None
    duration_s: float
    complete: bool
    live: bool
    sha256: str | None = None


def name_of(meta: SessionMeta) -> str:
    """Return what a session is called: the files' names, or who was there."""
    names = []
    for feed in (meta.feed_a, meta.feed_b):
        spec = parse_feed(feed)
        name = Path(spec.target).stem if spec.kind in {"file", "frames"} else spec.base
        if name not in names:
            names.append(name)
    return " + ".join(names)


def info_of(path: Path) -> SessionInfo:
    """Return what the list shows of a session file.

    Raises
    ------
    SessionError
        It cannot be read.
    """
    with SessionReader(path) as reader:
        meta = reader.meta
        started = datetime.fromisoformat(meta.created) if meta.created else None
        live = is_live(meta)
        sha256 = session_sha256(meta)
        return SessionInfo(path, name_of(meta), started, reader.duration_s, reader.complete, live, sha256)


def introduce(journal: Journal, path: Path) -> SessionRef:
    """Return the journal's reference to a session, made if it is a new one; it may have moved.

    Raises
    ------
    SessionError
        The session cannot be read.
    JournalError
        The journal cannot be written.
    """
    info = info_of(path)
    if not path.is_absolute() and any(ref.path == str(path) for ref in journal.sessions()):
        journal.session(path, sha256=info.sha256)  # noted by a version that knew only where it was started
    started = info.started.astimezone(UTC).isoformat() if info.started else None
    return journal.session(
        path.absolute(),
        sha256=info.sha256,
        label=info.name,
        started_utc=started,
        duration_s=info.duration_s,
    )


def is_live(meta: SessionMeta) -> bool:
    """Return whether a session was recorded live, so that there are no recordings to show."""
    return any(parse_feed(feed).kind != "file" for feed in (meta.feed_a, meta.feed_b))


def list_sessions(folder: Path | None = None, also: Sequence[Path] = ()) -> list[SessionInfo]:
    """Return the sessions in a folder (default: the user's), newest first; damaged ones are passed over.

    Parameters
    ----------
    folder : Path, optional
        Where sessions lie.
    also : sequence of Path
        Others that are listed as long as they are there, such as those the journal knows.
    """
    found = []
    inside = list((folder or sessions_folder()).glob(f"*{SESSION_SUFFIX}"))
    there = {path.resolve(): path for path in (*also, *inside) if path.is_file()}
    for path in there.values():
        try:
            found.append(info_of(path))
        except (MirrorSyncError, ValueError):
            continue
    return sorted(
        found, key=lambda one: (one.started.timestamp() if one.started else 0.0, one.path.name), reverse=True
    )


def matching(sessions: Iterable[SessionInfo], typed: str) -> list[SessionInfo]:
    """Return the sessions whose name, date or file name has all the words, whatever case and accents."""
    words = _plain(typed).split()
    out = []
    for one in sessions:
        date = one.started.strftime("%Y-%m-%d %d.%m.%Y %B %A") if one.started else ""
        said = _plain(f"{one.name} {date} {one.path.name}")
        if all(word in said for word in words):
            out.append(one)
    return out


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
