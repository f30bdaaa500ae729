"""Telling the journal of the user's sessions: when they were, and how attuned they were on average."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from mirrorsync.errors import SessionError
from mirrorsync.journal import Journal, SessionRef
from mirrorsync.session.identity import session_sha256
from mirrorsync.session.places import SESSION_SUFFIX, sessions_folder
from mirrorsync.session.store import SessionReader

__all__ = ["known_session", "mean_attunement", "note_sessions"]


def known_session(journal: Journal, path: Path) -> str | None:
    """Return the journal's id of a session, also when its file was moved; None when it does not know it.

    Raises
    ------
    SessionError
        The session cannot be read.
    """
    with SessionReader(path) as reader:
        sha256 = session_sha256(reader.meta)
    refs, place = journal.sessions(), path.resolve()
    moved = (ref.id for ref in refs if sha256 is not None and ref.sha256 == sha256)
    here = (ref.id for ref in refs if None in (ref.sha256, sha256) and Path(ref.path).resolve() == place)
    return next(moved, None) or next(here, None)


def note_sessions(
    journal: Journal,
    folder: Path | None = None,
    *,
    most: int | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Note every session of a folder, and those the journal knows elsewhere; return how many were read.

    Noted is the mean attunement. A session is read only when it, or what is excluded from it, has changed
    since the last time. Files that are no whole sessions, and copies, are passed over.

    Parameters
    ----------
    journal : Journal
        Where they are noted.
    folder : path, optional
        Where they lie (default: the user's sessions).
    most : int, optional
        Read at most so many.
    stopped : callable
        Asked before each session; True ends the work early.
    """
    known = journal.sessions()
    inside = sorted((folder or sessions_folder()).glob(f"*{SESSION_SUFFIX}"))
    elsewhere = {Path(ref.path) for ref in known if ref.path.endswith(SESSION_SUFFIX)} - set(inside)
    count = 0
    for path in (*inside, *sorted(one for one in elsewhere if one.is_absolute())):
        if stopped() or count == most:
            break
        with suppress(SessionError, OSError):
            if _note(journal, path, known):
                known = journal.sessions()
                count += 1
    return count


def _note(journal: Journal, path: Path, known: Sequence[SessionRef]) -> bool:
    """Note one session; False when it is noted already, or is a copy of one that is."""
    state = path.stat()
    refs = [ref for ref in known if ref.path == str(path)]
    if any(ref.scored == _scored(state, journal.excluded(ref.id)) for ref in refs):
        return False
    with SessionReader(path) as reader:
        meta = reader.meta
        sha256 = session_sha256(meta)
        twin = next((ref for ref in known if sha256 is not None and ref.sha256 == sha256), None)
        dated = any(ref.started_utc for ref in (*refs, *((twin,) if twin else ())))
        if twin is not None and twin.path != str(path) and Path(twin.path).is_file():
            return False
        ref = journal.session(
            path,
            sha256=sha256,
            started_utc=_utc(meta.created) or (None if dated else _utc_of_file(state.st_mtime)),
            duration_s=reader.duration_s,
        )
        excluded = journal.excluded(ref.id)
        mean, coverage = mean_attunement(reader, excluded)
    journal.note_attunement(ref.id, mean, coverage, _scored(state, excluded))
    return True


def _scored(state: os.stat_result, excluded: Sequence[tuple[float, float]]) -> str:
    return f"{state.st_size} {state.st_mtime_ns} {excluded}"


def mean_attunement(
    reader: SessionReader, excluded: Sequence[tuple[float, float]] = ()
) -> tuple[float | None, float]:
    """Return a session's mean attunement (0–1, None: not enough to say) and the share of it that has one.

    Parameters
    ----------
    reader : SessionReader
        The session.
    excluded : sequence of (float, float)
        Stretches to leave out, in seconds from its start.
    """
    total, scored, ticks = 0.0, 0, 0
    for block in reader.timeline():
        t_s = block.t_ns / 1e9
        kept = np.ones(len(block), dtype=bool)
        for start_s, end_s in excluded:
            kept &= ~((t_s >= start_s) & (t_s < end_s))
        values = block.scores["attunement"].value[kept]
        said = np.isfinite(values)
        total += float(values[said].sum())
        scored += int(said.sum())
        ticks += int(kept.sum())
    return (total / scored if scored else None), (scored / ticks if ticks else 0.0)


def _utc(created: str | None) -> str | None:
    if created is None:
        return None
    with suppress(ValueError):
        return datetime.fromisoformat(created).astimezone(UTC).isoformat(timespec="seconds")
    return None


def _utc_of_file(mtime_s: float) -> str:
    return datetime.fromtimestamp(mtime_s, UTC).isoformat(timespec="seconds")
