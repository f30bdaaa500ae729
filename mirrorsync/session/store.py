"""One session is one SQLite file, written while it happens and good after a crash.

Write-ahead logging with a commit at least each second: whatever ends the program, at most the last second is
lost. While a session is recorded, `-wal` and `-shm` files lie beside it and belong to it. Whoever is the last
to close it, writer or reader, leaves one file that can be copied by itself.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from mirrorsync.errors import SessionError
from mirrorsync.session.blocks import CHANNEL_NAMES, ROW_COLUMNS, SCORE_FIELDS, tick_row
from mirrorsync.session.consent import Consent, allowed, check_consents
from mirrorsync.session.files import connect, create_private_file
from mirrorsync.session.landmark_rows import pack_landmarks
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.places import video_path
from mirrorsync.session.reader import WINDOW_COLUMNS, SessionReader
from mirrorsync.session.schema import upgrade
from mirrorsync.storage.sqlite import transaction, trouble, write_ahead
from mirrorsync.tables import FEATURE_NAMES
from mirrorsync.types import Landmarks, SessionEvent, Snapshot

__all__ = ["WINDOW_COLUMNS", "SessionReader", "SessionWriter"]

COMMIT_S = 0.8  # oldest uncommitted tick, by data time and by wall time: stays below a second at any rate

# Column names are constants of this program, values are bound: nothing from outside enters the text.
_QUOTED_WINDOW_COLUMNS = ", ".join(f'"{name}"' for name in WINDOW_COLUMNS)
_INSERT_TICK = f"INSERT INTO ticks ({', '.join(ROW_COLUMNS)}) VALUES ({', '.join('?' * len(ROW_COLUMNS))})"  # noqa: S608
_INSERT_WINDOW = f"INSERT INTO windows ({_QUOTED_WINDOW_COLUMNS}) VALUES ({', '.join('?' * 10)})"  # noqa: S608
_INSERT_EVENT = "INSERT INTO events (t_ns, kind, json) VALUES (?, ?, ?)"
_INSERT_CONSENT = "INSERT INTO consents (person, asked_at, scores, landmarks, video) VALUES (?, ?, ?, ?, ?)"
_INSERT_LANDMARKS = "INSERT OR REPLACE INTO landmarks (side, t_ns, data) VALUES (?, ?, ?)"
_INSERT_VIDEO = "INSERT INTO videos (side, start_ns) VALUES (?, ?)"
_SET_META = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)"


class SessionWriter:
    """Records snapshots into a new session file, readable by its owner only.

    May be used and closed from another thread than the one that made it; calls from several are safe.

    Parameters
    ----------
    path : path
        A file that does not exist yet (suffix `.mirrorsync`), in a folder that does.
    meta : SessionMeta
        Stored at once; `update_meta` replaces it when more is known.
    again : bool
        Go on with a session that is there already; its metadata stays.
    consents : sequence of Consent
        What the people have agreed to; landmarks and video of somebody are kept only with theirs.
    durable : bool
        False: nothing waits for the disk; a session that is thrown away after a moment needs no more.

    Raises
    ------
    SessionError
        From every method: the file exists already or cannot be written, or the disk is full. What was
        committed before stays good.
    """

    def __init__(
        self,
        path: Path,
        meta: SessionMeta,
        *,
        again: bool = False,
        consents: Sequence[Consent] = (),
        durable: bool = True,
    ) -> None:
        check_consents(consents)
        self.path = Path(path)
        self.consents = tuple(consents)
        self._lock = threading.Lock()
        self._ticks: list[tuple[Any, ...]] = []
        self._windows: list[tuple[Any, ...]] = []
        self._events: list[tuple[Any, ...]] = []
        self._landmarks: list[tuple[Any, ...]] = []
        self._oldest_s = 0.0
        self._safe_ns: int | None = None
        self._failure: SessionError | None = None
        self._closed = False
        if not again:
            create_private_file(self.path)
        try:
            self._connection = connect(self.path, writable=True)
        except sqlite3.Error as error:
            raise self._explain(error) from error
        try:
            write_ahead(self._connection)
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
            upgrade(self._connection)
            if again:
                (self._safe_ns,) = self._connection.execute("SELECT max(t_ns) FROM ticks").fetchone()
            else:
                self._store_meta(meta)
            self._transaction((_INSERT_CONSENT, [astuple(one) for one in self.consents]))
        except sqlite3.Error as error:
            self._connection.close()
            raise self._explain(error) from error

    def add(self, snapshot: Snapshot) -> None:
        """Record one tick; its time must lie after the one before."""
        row = tick_row(snapshot)
        with self._lock:
            self._check_open()
            now_s = time.monotonic()
            if not self._ticks:
                self._oldest_s = now_s
            self._ticks.append(row)
            self._windows += [tuple(getattr(w, name) for name in WINDOW_COLUMNS) for w in snapshot.windows]
            self._events += [(e.t_ns, e.kind, json.dumps(dict(e.data))) for e in snapshot.events]
            waited_s = max(now_s - self._oldest_s, (row[0] - self._ticks[0][0]) / 1e9)
            if waited_s >= COMMIT_S:
                self._commit()

    def add_event(self, event: SessionEvent) -> None:
        """Record an event that is no tick's own, such as a practice's result; the next commit has it."""
        with self._lock:
            self._check_open()
            self._events.append((event.t_ns, event.kind, json.dumps(dict(event.data))))

    def add_landmarks(self, side: str, found: Landmarks, t_ns: int) -> None:
        """Keep the landmarks of "a" or "b" in a frame at a time of the session; refused without consent."""
        self._check_consent(side, "landmarks")
        row = (side, t_ns, pack_landmarks(found))
        with self._lock:
            self._check_open()
            self._landmarks.append(row)

    def begin_video(self, side: str, start_ns: int) -> Path:
        """Note that a video of "a" or "b" begins at a time of the session; return where it is to be written.

        Refused without that person's consent.
        """
        self._check_consent(side, "video")
        with self._lock:
            self._check_open()
            try:
                self._transaction((_INSERT_VIDEO, [(side, start_ns)]))
            except sqlite3.Error as error:
                raise self._fail(error) from error
        return video_path(self.path, side)

    def flush(self) -> None:
        """Commit what was added; needed only by who stops adding for a while without closing."""
        with self._lock:
            self._check_open()
            self._commit()

    def update_meta(self, meta: SessionMeta) -> None:
        """Replace the stored metadata, for instance when the number of frames is known at the end."""
        with self._lock:
            self._check_open()
            try:
                self._store_meta(meta)
            except sqlite3.Error as error:
                raise self._fail(error) from error

    def close(self, complete: bool = True) -> None:
        """Commit the rest and make the session one file; `complete=False` marks it as cut short.

        A second call does nothing. After a failed write the session stays marked as cut short.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                if self._failure is None:
                    self._commit()
                    if complete:
                        self._connection.execute(_SET_META, ("complete", "true"))
                    # With a reader at work the log cannot be folded in: it then stays beside the file,
                    # which is as good, until the last one closes and does it.
                    with contextlib.suppress(sqlite3.OperationalError):
                        self._connection.execute("PRAGMA busy_timeout = 0")
                        self._connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            except sqlite3.Error as error:
                raise self._explain(error) from error
            finally:
                self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            with contextlib.suppress(SessionError):  # the first error is the one to tell
                self.close(complete=False)

    def _store_meta(self, meta: SessionMeta) -> None:
        blobs = {"feature_names": FEATURE_NAMES, "channel_names": CHANNEL_NAMES, "score_fields": SCORE_FIELDS}
        values = {"complete": False, "session": meta.as_dict(), **blobs}
        self._transaction(
            (_SET_META, [(name, json.dumps(value, ensure_ascii=False)) for name, value in values.items()])
        )

    def _transaction(self, *statements: tuple[str, list[tuple[Any, ...]]]) -> None:
        with transaction(self._connection):
            for text, rows in statements:
                self._connection.executemany(text, rows)

    def _commit(self) -> None:
        if not (self._ticks or self._events or self._landmarks):
            return
        try:
            self._transaction(
                (_INSERT_TICK, self._ticks),
                (_INSERT_WINDOW, self._windows),
                (_INSERT_EVENT, self._events),
                (_INSERT_LANDMARKS, self._landmarks),
            )
        except sqlite3.Error as error:
            raise self._fail(error) from error
        if self._ticks:
            self._safe_ns = self._ticks[-1][0]
        self._ticks, self._windows, self._events, self._landmarks = [], [], [], []

    def _check_consent(self, side: str, what: Literal["landmarks", "video"]) -> None:
        if not allowed(self.consents, side, what):
            raise SessionError(
                f"{side.upper()} has not agreed that {what} of them may be kept, so none is; "
                "ask them, and record again."
            )

    def _check_open(self) -> None:
        if self._failure is not None:
            raise self._failure
        if self._closed:
            raise SessionError(f"The session {self.path} is closed already; start a new recording.")

    def _fail(self, error: sqlite3.Error) -> SessionError:
        self._failure = self._explain(error)
        return self._failure

    def _explain(self, error: sqlite3.Error) -> SessionError:
        reason = "the disk is full" if trouble(error) == "full" else str(error)
        kept = "nothing was recorded"
        if self._safe_ns is not None:
            kept = f"what was recorded up to {self._safe_ns / 1e9:.1f} s is safe"
        return SessionError(
            f"The session {self.path} cannot be written ({reason}); {kept}. "
            "Make room or choose another folder, then record again."
        )
