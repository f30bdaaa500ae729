"""Writing the session of two recordings: frames are kept too, so it can be continued and scored again."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mirrorsync.errors import SessionError
from mirrorsync.session.blocks import ROW_COLUMNS, tick_row
from mirrorsync.session.frames import FRAME_COLUMNS, frame_row
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.store import WINDOW_COLUMNS, SessionReader, SessionWriter
from mirrorsync.storage.sqlite import transaction
from mirrorsync.types import Observation, Snapshot

__all__ = ["RecordingWriter"]

_MARKS = {n: ", ".join("?" * n) for n in (len(FRAME_COLUMNS), len(ROW_COLUMNS), len(WINDOW_COLUMNS))}
_INSERT_FRAME = (
    f"INSERT OR REPLACE INTO frames ({', '.join(FRAME_COLUMNS)}) VALUES ({_MARKS[len(FRAME_COLUMNS)]})"  # noqa: S608 - constants of this program
)
_INSERT_TICK = f"INSERT INTO ticks ({', '.join(ROW_COLUMNS)}) VALUES ({_MARKS[len(ROW_COLUMNS)]})"  # noqa: S608 - as above
_QUOTED = ", ".join(f'"{name}"' for name in WINDOW_COLUMNS)
_INSERT_WINDOW = f"INSERT INTO windows ({_QUOTED}) VALUES ({_MARKS[len(WINDOW_COLUMNS)]})"  # noqa: S608 - as above
_INSERT_EVENT = "INSERT INTO events (t_ns, kind, json) VALUES (?, ?, ?)"
_SET_META = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)"
_BATCH = 500


class RecordingWriter(SessionWriter):
    """A `SessionWriter` that keeps each frame's features and lines, and goes on where it stopped.

    Parameters
    ----------
    path : Path
        The session file; made when it is not there.
    meta : SessionMeta
        Of a new session; one that is there keeps its own.
    face_points : sequence of int
        Points of the face that are kept, for drawing.
    """

    def __init__(self, path: Path, meta: SessionMeta, *, face_points: Sequence[int]) -> None:
        again = Path(path).exists()
        if again:
            with SessionReader(path):  # says in a sentence what is wrong with the file
                pass
        super().__init__(path, meta, again=again)
        self._frames: list[tuple[Any, ...]] = []
        self._done_ns = -1 if self._safe_ns is None else self._safe_ns
        self._points: NDArray[np.intp] = np.array(face_points, dtype=np.intp)
        self._set("face_points", [int(point) for point in face_points])

    def add(self, snapshot: Snapshot) -> None:
        """Record one tick; ticks that are there already, from an earlier run, are passed over."""
        if snapshot.pair.t_ns > self._done_ns:
            super().add(snapshot)

    def add_frame(self, side: str, seen: Observation) -> None:
        """Keep what was found in a frame of "a" or "b"; a row of the same time is replaced."""
        row = frame_row(side, seen, self._points)
        with self._lock:
            self._check_open()
            self._frames.append(row)

    def rewrite(self, meta: SessionMeta, snapshots: Iterable[Snapshot]) -> None:
        """Replace all ticks, windows and neutrals by those of `snapshots`: wholly, or not at all.

        Whoever reads meanwhile sees the session as it was. The file counts as cut short until `close`.
        """
        with self._lock:
            self._check_open()
            self._commit()
            link = self._connection
            try:
                with transaction(link):
                    link.execute("DELETE FROM ticks")
                    link.execute("DELETE FROM windows")
                    link.execute("DELETE FROM events WHERE kind = 'neutral'")
                    link.execute("DELETE FROM pyramids")
                    link.execute(_SET_META, ("session", json.dumps(meta.as_dict(), ensure_ascii=False)))
                    rest = iter(snapshots)
                    while batch := list(itertools.islice(rest, _BATCH)):
                        link.executemany(_INSERT_TICK, [tick_row(one) for one in batch])
                        rows = [
                            tuple(getattr(w, n) for n in WINDOW_COLUMNS) for one in batch for w in one.windows
                        ]
                        link.executemany(_INSERT_WINDOW, rows)
                        events = [
                            (e.t_ns, e.kind, json.dumps(dict(e.data))) for one in batch for e in one.events
                        ]
                        link.executemany(_INSERT_EVENT, events)
            except sqlite3.Error as error:
                raise self._explain(error) from error

    def _set(self, name: str, value: object) -> None:
        try:
            self._connection.execute(_SET_META, (name, json.dumps(value)))
        except sqlite3.Error as error:
            self._connection.close()
            raise self._explain(error) from error

    def _commit(self) -> None:
        if self._frames:
            try:
                self._transaction((_INSERT_FRAME, self._frames))
            except sqlite3.Error as error:
                raise self._fail(error) from error
            self._frames = []
        super()._commit()

    def _explain(self, error: sqlite3.Error) -> SessionError:
        said = super()._explain(error)
        return SessionError(str(said).replace("then record again", "then analyse again"))
