"""What is wrong with the pictures of one feed, as keys: too few, dark, small, nobody or several in them.

Each is said once it has held for a second, and taken back once it has been over for a second, so that a hand
before the face or a turn of the head is not commented on.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from mirrorsync.engine.status import CONDITIONS, Condition
from mirrorsync.types import Frame, Landmarks, Observation

__all__ = ["PictureConditions"]

_HOLD_NS = 1_000_000_000
_OVER = 5  # pictures: whether they come often enough
_LIGHT_EVERY_NS = 250_000_000
_GRID = 8  # every so many pixels are looked at
_DARK = 60.0  # 0–255: a picture whose brightest twentieth stays below it is dark whatever it shows
_BRIGHTEST_PERCENT = 95.0
_LUMA = np.array([0.299, 0.587, 0.114])
_MIN_FACE_PX = 70.0  # wide; much below it faces are missed, and a small one has to be told from nobody
_FACE_HEIGHT = 1.25  # of a face of the mesh, in widths
_MIN_SHOULDERS_PX = 128.0  # of somebody whose face was not found: with these it is smaller than that
_L_SHOULDER, _R_SHOULDER = 11, 12
_MIN_VISIBILITY = 0.5
_CHEEKS = [234, 454]  # of the mesh, at the ears
_TOP, _CHIN = 10, 152


class PictureConditions:
    """Judges the observations of one feed, in order of time.

    Parameters
    ----------
    max_gap_s : float
        Pictures that are on average further apart than this leave gaps instead of scores.

    Attributes
    ----------
    now : tuple of str
        What holds, in the order of `CONDITIONS`; may be read from any thread.
    """

    def __init__(self, *, max_gap_s: float) -> None:
        self.now: tuple[Condition, ...] = ()
        self._max_gap_ns = max_gap_s * 1e9
        self._times = deque[int](maxlen=_OVER)
        self._changing: dict[Condition, int] = {}  # since when a key is not as it is said
        self._light_ns = -_LIGHT_EVERY_NS
        self._dark = False
        self._people = 1

    def update(self, observation: Observation, people: int | None = None) -> tuple[Condition, ...]:
        """Add one observation; return what holds.

        Parameters
        ----------
        observation : Observation
            The newest.
        people : int, optional
            How many people were counted in its picture, where they were counted.
        """
        t_ns = observation.frame.t_ns
        if t_ns - self._light_ns >= _LIGHT_EVERY_NS:
            self._light_ns = t_ns
            self._dark = brightness(observation.frame) < _DARK
        if people is not None:
            self._people = people
        raw = _seen(observation.landmarks)
        self._times.append(t_ns)
        if len(self._times) == _OVER and t_ns - self._times[0] > (_OVER - 1) * self._max_gap_ns:
            raw.add("too_few_pictures")
        if self._dark:
            raw.add("too_dark")
        if self._people > 1:
            raw.add("more_than_one_person")
        for key in CONDITIONS:
            if (key in raw) == (key in self.now):
                self._changing.pop(key, None)
            else:
                self._changing.setdefault(key, t_ns)
        due = {key for key, since_ns in self._changing.items() if t_ns - since_ns >= _HOLD_NS}
        if due:
            for key in due:
                del self._changing[key]
            self.now = tuple(key for key in CONDITIONS if (key in self.now) != (key in due))
        return self.now


def brightness(frame: Frame) -> float:
    """Return the luma, 0–255, that a twentieth of the picture exceeds (on a coarse grid)."""
    pixels = frame.rgb[_GRID // 2 :: _GRID, _GRID // 2 :: _GRID]
    if not pixels.size:
        pixels = frame.rgb
    return float(np.percentile(pixels @ _LUMA, _BRIGHTEST_PERCENT))


def _seen(found: Landmarks) -> set[Condition]:
    """Return what one frame's landmarks say, without regard to how long it has held."""
    face, body = found.face_found, found.pose_found
    if not face and not body:
        return {"nobody"}
    keys: set[Condition] = set()
    size = np.array([found.width, found.height])
    if face:
        across = np.linalg.norm(np.subtract(*(found.face[_CHEEKS, :2] * size)))
        down = np.linalg.norm((found.face[_TOP, :2] - found.face[_CHIN, :2]) * size)
        # A turned face is narrow, a bowed one short.
        small = bool(max(across, down / _FACE_HEIGHT) < _MIN_FACE_PX)
    else:
        keys.add("out_of_frame_face")
        small = False
    if not body:
        keys.add("out_of_frame_body")
    else:
        shoulders = found.pose[[_L_SHOULDER, _R_SHOULDER], :2]
        visible = found.visibility[[_L_SHOULDER, _R_SHOULDER]].min() >= _MIN_VISIBILITY
        inside = bool(((shoulders >= 0.0) & (shoulders <= 1.0)).all())
        if not (visible and inside):
            keys.add("out_of_frame_body")
        elif not face:
            small = bool(np.linalg.norm(np.subtract(*(shoulders * size))) < _MIN_SHOULDERS_PX)
    if small:
        keys.add("too_small")
    return keys
