"""What the models found in each frame of a recording, as rows of the session.

From these rows an analysis goes on where it stopped, and is scored again with another offset, without the
models; and the lines over the pictures are drawn from them. Features are kept as float32, as
everything that is scored from a recording is; see `as_kept`.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mirrorsync.errors import SessionError
from mirrorsync.session.files import connect
from mirrorsync.storage.sqlite import let_go
from mirrorsync.tables import FEATURE_INDEX, FEATURE_NAMES, N_FEATURES
from mirrorsync.types import N_FACE, N_POSE, Features, Landmarks, Observation

__all__ = ["FRAME_COLUMNS", "KeptFrame", "KeptFrames", "as_kept", "frame_row"]

FRAME_COLUMNS: tuple[str, ...] = (
    "side", "t_ns", "number", "width", "height", "features", "seen", "body", "face",
)  # fmt: skip
_SELECT = f"SELECT {', '.join(FRAME_COLUMNS)} FROM frames WHERE side = ? AND "  # noqa: S608 - constants of this program
_BODY = 25  # down to the hips
_STEPS = 16_384.0  # of the picture's width and height; room for one of them on the left and two on the right
_BLOCK = 2_000


def as_kept(features: Features) -> Features:
    """Return features as a row gives them back: rounded to float32."""
    values, seen = (one.astype("<f4").astype(np.float64) for one in (features.values, features.visibility))
    return Features(features.t_ns, values, seen)


def frame_row(side: str, seen: Observation, face_points: NDArray[np.intp]) -> tuple[Any, ...]:
    """Return an observation of "a" or "b" as one row, in the order of `FRAME_COLUMNS`.

    Parameters
    ----------
    side : str
        "a" or "b".
    seen : Observation
        The frame and what was found in it.
    face_points : ndarray of int
        Points of the face that are kept, for drawing.
    """
    found, features = seen.landmarks, seen.features
    body = face = None
    if found.pose_found:
        body = np.column_stack([found.pose[:_BODY, :2], found.visibility[:_BODY]]).astype("<f4").tobytes()
    if found.face_found:
        placed = np.clip((found.face[face_points, :2] + 1.0) * _STEPS, 0, 2**16 - 1)
        face = np.rint(placed).astype("<u2").tobytes()
    return (
        side, found.t_ns, seen.frame.index, found.width, found.height,
        features.values.astype("<f4").tobytes(), features.visibility.astype("<f4").tobytes(), body, face,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeptFrame:
    """One frame as it was kept: its number in the feed, features, and landmarks enough to draw.

    Of the body there are the points down to the hips (image coordinates without z), of the face those of its
    contours; the rest is NaN.
    """

    number: int
    features: Features
    landmarks: Landmarks


class KeptFrames:
    """Reads the frames of a session, also while they are written; for one thread at a time.

    Parameters
    ----------
    path : Path
        A session file that a `SessionReader` or `SessionWriter` has opened (and so brought up to date).

    Raises
    ------
    SessionError
        From every method: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._explained():
            self._connection = connect(path)
            stored = dict(
                self._connection.execute(
                    "SELECT name, value FROM meta WHERE name IN ('feature_names', 'face_points')"
                )
            )
            self._names = json.loads(stored["feature_names"])
            self._points = np.array(json.loads(stored.get("face_points", "[]")), dtype=np.intp)

    def last_ns(self, side: str) -> int:
        """Return the time of a side's last frame; −1 when there is none."""
        with self._explained():
            (last,) = self._connection.execute("SELECT max(t_ns) FROM frames WHERE side = ?", side).fetchone()
        return -1 if last is None else int(last)

    def extent(self, side: str) -> tuple[int, int, int]:
        """Return how many frames of a side there are, and the first and last one's time (0 without any)."""
        with self._explained():
            row = self._connection.execute(
                "SELECT count(*), min(t_ns), max(t_ns) FROM frames WHERE side = ?", side
            ).fetchone()
        return int(row[0]), int(row[1] or 0), int(row[2] or 0)

    def at(self, side: str, t_ns: int) -> KeptFrame | None:
        """Return the last frame of a side at or before a time of its feed; None when there is none."""
        with self._explained():
            row = self._connection.execute(
                _SELECT + "t_ns <= ? ORDER BY t_ns DESC LIMIT 1", (side, t_ns)
            ).fetchone()
        return None if row is None else self._kept(row)

    def before(self, side: str, t_ns: int) -> Iterator[KeptFrame]:
        """Yield the frames of a side before a time of its feed, in order."""
        from_ns = -1
        while True:
            with self._explained():
                rows = self._connection.execute(
                    _SELECT + "t_ns > ? AND t_ns < ? ORDER BY t_ns LIMIT ?", (side, from_ns, t_ns, _BLOCK)
                ).fetchall()
            if not rows:
                return
            yield from map(self._kept, rows)
            from_ns = int(rows[-1][1])

    def close(self) -> None:
        """Let go of the file; the last one to do so leaves it alone, without a log beside it."""
        let_go(self._connection, self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _kept(self, row: tuple[Any, ...]) -> KeptFrame:
        _, t_ns, number, width, height, values, seen, body, face = row
        found: dict[str, NDArray[np.float32]] = {}
        if body is not None:
            stored = np.frombuffer(body, "<f4").reshape(_BODY, 3)
            pose, visibility = np.full((N_POSE, 3), np.nan), np.full(N_POSE, np.nan)
            pose[:_BODY, :2], visibility[:_BODY] = stored[:, :2], stored[:, 2]
            found |= {"pose": pose.astype(np.float32), "visibility": visibility.astype(np.float32)}
        if face is not None:
            points = np.full((N_FACE, 3), np.nan, dtype=np.float32)
            points[self._points, :2] = np.frombuffer(face, "<u2").reshape(-1, 2) / _STEPS - 1.0
            # A face that was found has every point: the ones that are not kept lie where the first one does.
            points[np.isnan(points[:, 0])] = points[self._points[0]]
            found["face"] = points
        return KeptFrame(number, self._features(t_ns, values, seen), Landmarks(t_ns, width, height, **found))  # type: ignore[arg-type]  # by name

    def _features(self, t_ns: int, values: bytes, seen: bytes) -> Features:
        stored = [np.frombuffer(blob, "<f4").astype(np.float64) for blob in (values, seen)]
        if tuple(self._names) != FEATURE_NAMES:  # kept by a program with another table
            at = [k for k, name in enumerate(self._names) if name in FEATURE_INDEX]
            to = [FEATURE_INDEX[self._names[k]] for k in at]
            out = [np.full(N_FEATURES, np.nan), np.zeros(N_FEATURES)]
            for blank, one in zip(out, stored, strict=True):
                blank[to] = one[at]
            stored = out
        return Features(t_ns, stored[0], stored[1])

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, KeyError, ValueError) as error:
            raise SessionError(
                f"The frames kept in {self._path} cannot be read ({error}); analyse the recording again."
            ) from error
