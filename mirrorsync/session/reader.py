"""Reading a session file: finished, cut short, or still being recorded."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mirrorsync.errors import SessionError
from mirrorsync.session.blocks import ROW_COLUMNS, TIMELINE_COLUMNS, TickBlock, TimelineBlock
from mirrorsync.session.consent import Consent
from mirrorsync.session.files import connect
from mirrorsync.session.landmark_rows import unpack_landmarks
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.places import video_path
from mirrorsync.session.schema import APPLICATION_ID, schema_version, upgrade
from mirrorsync.storage.sqlite import identity, let_go, trouble
from mirrorsync.types import Landmarks, SessionEvent, WindowRow

__all__ = ["WINDOW_COLUMNS", "KeptVideo", "SessionReader"]

BLOCK_ROWS = 5_000

WINDOW_COLUMNS = (
    "channel", "window", "start_s", "end_s", "r_zero", "z_mean_abs", "peak_r", "peak_lag_s", "leader",
    "coverage",
)  # fmt: skip
# Column names are constants of this program, values are bound: nothing from outside enters the text.
_SELECT_TICKS = (
    f"SELECT {', '.join(ROW_COLUMNS)} FROM ticks WHERE t_ns >= ? AND t_ns < ? ORDER BY t_ns LIMIT ?"  # noqa: S608
)
_SELECT_TIMELINE = _SELECT_TICKS.replace(", ".join(ROW_COLUMNS), ", ".join(TIMELINE_COLUMNS))
_QUOTED_WINDOW_COLUMNS = ", ".join(f'"{name}"' for name in WINDOW_COLUMNS)
_SELECT_WINDOWS = f"SELECT {_QUOTED_WINDOW_COLUMNS} FROM windows ORDER BY id"  # noqa: S608
_SELECT_EVENTS = "SELECT t_ns, kind, json FROM events ORDER BY t_ns, id"
_SELECT_CONSENTS = "SELECT person, asked_at, scores, landmarks, video FROM consents ORDER BY id"
_SELECT_LANDMARKS = "SELECT t_ns, data FROM landmarks WHERE side = ? ORDER BY t_ns"
_END_OF_TIME = 2**63 - 1


@dataclass(frozen=True, slots=True)
class KeptVideo:
    """The video of one side: where it lies, and at what time of the session its first picture was taken."""

    path: Path
    start_ns: int


class SessionReader:
    """Reads a session file: finished, cut short, or still being recorded. One thread at a time.

    Raises
    ------
    SessionError
        From every method: there is no such file, it is not a session, it is damaged, or it was written by
        a newer MirrorSync.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        if not self.path.is_file():
            raise SessionError(f"There is no session file {self.path}; check the name.")
        with self._explained():
            self._connection = connect(self.path)
        try:
            with self._explained():
                self._identify()
        except SessionError:
            self._connection.close()
            raise

    def _identify(self) -> None:
        """Check that the file is a session of a version known here, and read what its blobs hold."""
        application, version = identity(self._connection)
        if application != APPLICATION_ID:
            raise SessionError(f"{self.path} is not a MirrorSync session; choose a .mirrorsync file.")
        if version > schema_version():
            raise SessionError(
                f"The session {self.path} was written by a newer MirrorSync; update MirrorSync to open it."
            )
        if version < schema_version():
            with contextlib.closing(connect(self.path, writable=True)) as writable:
                upgrade(writable)
        stored = self._stored_meta()
        self._names = {
            name: tuple(stored[name]) for name in ("feature_names", "channel_names", "score_fields")
        }

    def _stored_meta(self) -> dict[str, Any]:
        rows = self._connection.execute("SELECT name, value FROM meta").fetchall()
        return {name: json.loads(value) for name, value in rows}

    @property
    def meta(self) -> SessionMeta:
        """What the session says about itself, as stored now."""
        with self._explained():
            return SessionMeta.from_dict(self._stored_meta()["session"])

    @property
    def complete(self) -> bool:
        """Whether the session was closed in good order; False: cut short, or still being recorded."""
        with self._explained():
            return self._stored_meta()["complete"] is True

    @property
    def ticks(self) -> int:
        """Number of ticks stored now."""
        with self._explained():
            return int(self._connection.execute("SELECT count(*) FROM ticks").fetchone()[0])

    @property
    def duration_s(self) -> float:
        """Seconds from the first tick to the end of the last; 0 when there is none."""
        with self._explained():
            # Each by itself is one look at the index; both in one question would read every tick.
            (first,) = self._connection.execute("SELECT min(t_ns) FROM ticks").fetchone()
            (last,) = self._connection.execute("SELECT max(t_ns) FROM ticks").fetchone()
        if first is None:
            return 0.0
        rate_hz = self.meta.parameters.get("rate_hz")
        return float((last - first) / 1e9 + (1.0 / rate_hz if rate_hz else 0.0))

    def read(self, start_s: float | None = None, end_s: float | None = None) -> TickBlock:
        """Return the ticks from `start_s` up to, not including, `end_s` (default: all) in one block."""
        with self._explained():
            return self._block(_ns(start_s, 0), _ns(end_s, _END_OF_TIME), -1)

    def blocks(
        self, start_s: float | None = None, end_s: float | None = None, *, rows: int = BLOCK_ROWS
    ) -> Iterator[TickBlock]:
        """Yield the same ticks as `read` in blocks of at most `rows`: a long session fits in memory."""
        at_ns, end_ns = _ns(start_s, 0), _ns(end_s, _END_OF_TIME)
        while True:
            with self._explained():
                block = self._block(at_ns, end_ns, rows)
            if len(block) == 0:
                return
            yield block
            at_ns = int(block.t_ns[-1]) + 1

    def timeline(self, start_s: float | None = None, end_s: float | None = None) -> Iterator[TimelineBlock]:
        """Yield the same ticks as `blocks` without their features, which is many times quicker."""
        at_ns, end_ns = _ns(start_s, 0), _ns(end_s, _END_OF_TIME)
        names = {name: self._names[name] for name in ("channel_names", "score_fields")}
        while True:
            with self._explained():
                rows = self._connection.execute(_SELECT_TIMELINE, (at_ns, end_ns, BLOCK_ROWS)).fetchall()
                block = TimelineBlock.from_rows(rows, **names)
            if len(block) == 0:
                return
            yield block
            at_ns = int(block.t_ns[-1]) + 1

    def blob(self, name: str) -> bytes | None:
        """Return what was worked out of the session and kept under this name; None when nothing was."""
        with self._explained():
            row = self._connection.execute("SELECT data FROM pyramids WHERE name = ?", (name,)).fetchone()
        return None if row is None else bytes(row[0])

    def windows(self) -> Iterator[WindowRow]:
        """Yield the windows of the synchrony channels in the order in which they were completed."""
        with self._explained():
            for row in self._connection.execute(_SELECT_WINDOWS):
                values: list[Any] = [float("nan") if value is None else value for value in row]
                yield WindowRow(*values)

    def events(self, kind: str | None = None) -> Iterator[SessionEvent]:
        """Yield what happened during the session, in order of time; all kinds, or one."""
        with self._explained():
            for t_ns, name, text in self._connection.execute(_SELECT_EVENTS):
                if kind is None or name == kind:
                    yield SessionEvent(t_ns, name, json.loads(text))

    @property
    def consents(self) -> tuple[Consent, ...]:
        """Who was asked, and what they agreed to; empty when nobody was, as in older sessions."""
        with self._explained():
            rows = self._connection.execute(_SELECT_CONSENTS).fetchall()
            return tuple(Consent(who, at, *(bool(answer) for answer in rest)) for who, at, *rest in rows)

    @property
    def videos(self) -> dict[str, KeptVideo]:
        """The videos beside the session that are there, by side ("a", "b")."""
        with self._explained():
            rows = self._connection.execute("SELECT side, start_ns FROM videos ORDER BY side").fetchall()
        kept = {side: KeptVideo(video_path(self.path, side), start_ns) for side, start_ns in rows}
        return {side: one for side, one in kept.items() if one.path.is_file()}

    def landmarks(self, side: str) -> Iterator[Landmarks]:
        """Yield the landmarks that were kept of "a" or "b", in order; `t_ns` is time of the session."""
        with self._explained():
            for t_ns, data in self._connection.execute(_SELECT_LANDMARKS, (side,)):
                yield unpack_landmarks(data, t_ns)

    def close(self) -> None:
        """Let go of the file; the last one to do so leaves it alone, without a log beside it."""
        let_go(self._connection, self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _block(self, start_ns: int, end_ns: int, limit: int) -> TickBlock:
        rows = self._connection.execute(_SELECT_TICKS, (start_ns, end_ns, limit)).fetchall()
        return TickBlock.from_rows(rows, **self._names)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            kind = trouble(error)
            if kind == "not a database":
                text = f"{self.path} is not a MirrorSync session; choose a .mirrorsync file."
            elif kind == "busy":
                text = (
                    f"Another program is using the session {self.path}; wait a moment or close the other "
                    "program, then open it again."
                )
            elif kind == "forbidden":
                text = (
                    f"The session {self.path} cannot be opened ({error}); check that you may read it, or "
                    "copy it (with the -wal file beside it, if there is one) to a folder of your own."
                )
            else:
                text = f"The session {self.path} is damaged ({error}); use a copy of it if you have one."
            raise SessionError(text) from error
        except (KeyError, TypeError, ValueError) as error:
            raise SessionError(
                f"The session {self.path} is damaged ({error}); use a copy of it if you have one."
            ) from error


def _ns(time_s: float | None, default: int) -> int:
    return default if time_s is None else round(time_s * 1e9)
