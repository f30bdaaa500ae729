"""Telling the journal of the user's sessions: when they were, and how attuned they were on average."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from mirrorsync.errors import SessionError
from mirrorsync.journal import Journal
from mirrorsync.session.places import SESSION_SUFFIX, sessions_folder
from mirrorsync.session.store import SessionReader

__all__ = ["mean_attunement", "note_sessions"]


def note_sessions(
    journal: Journal,
    folder: Path | None = None,
    *,
    most: int | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Note every session of a folder with its mean attunement; return how many were read.

    A session is read only when it, or what is excluded from it, has changed since the last time. Files that
    are no whole sessions are passed over.

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
    known = {ref.path: ref for ref in journal.sessions()}
    count = 0
    for path in sorted((folder or sessions_folder()).glob(f"*{SESSION_SUFFIX}")):
        if stopped() or count == most:
            break
        ref = known.get(str(path))
        excluded = journal.excluded(ref.id) if ref is not None else []
        with suppress(SessionError, OSError):
            state = path.stat()
            scored = f"{state.st_size} {state.st_mtime_ns} {excluded}"
            if ref is not None and ref.scored == scored:
                continue
            with SessionReader(path) as reader:
                ref = journal.session(
                    path,
                    started_utc=_utc(reader.meta.created) or _utc_of_file(state.st_mtime),
                    duration_s=reader.duration_s,
                )
                mean, coverage = mean_attunement(reader, journal.excluded(ref.id))
            journal.note_attunement(ref.id, mean, coverage, scored)
            count += 1
    return count


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
