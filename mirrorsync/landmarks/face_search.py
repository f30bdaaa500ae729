"""Where to look for the face: in the whole picture, or closer around the head that the body points show.

One face inference a frame is the rule. The whole picture is looked at first; a closer look follows when it
shows no face at the body's head. Once the closer look has found the face it takes over from the whole picture
(MediaPipe tracks inside the box as it does in a picture), which is tried again every `RECHECK_FRAMES` frames.
Closer looks in vain become rare: after 3, 6, 12 and then every 24 frames.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mirrorsync.landmarks.closer import Box, box_around, carry_head, carry_points
from mirrorsync.landmarks.likeness import Head, same_head
from mirrorsync.landmarks.presence import Presence
from mirrorsync.types import Frame

__all__ = ["RECHECK_FRAMES", "Body", "Detect", "FaceSearch", "Found"]

Found = dict[str, NDArray[np.float32]]
"""What a face landmarker found, by field of `Landmarks`: face, blendshapes, head; empty: nothing."""

Detect = Callable[[NDArray[np.uint8], int], Found]
"""Find a face in a picture (RGB) at a time in milliseconds, which rises from call to call."""

Body = Callable[[], NDArray[np.float32] | None]
"""Return the body's points in this frame, None where no body was found; may wait for them."""

RECHECK_FRAMES = 30
_FIRST_WAIT, _LONGEST_WAIT = 3, 24


class FaceSearch:
    """Finds the face of the person that `presence` holds, in the frames of one feed.

    Parameters
    ----------
    presence : Presence
        Asked whose head to look at; told nothing.
    whole, closer : callable
        Two landmarkers of their own, because each tracks: one sees whole pictures, one the boxes.
        ``whole(at_ms)`` looks at the picture that is searched.
    """

    def __init__(self, presence: Presence, whole: Callable[[int], Found], closer: Detect) -> None:
        self._presence = presence
        self._whole, self._closer = whole, closer
        self._box: Box | None = None
        self._is_close = False
        self._close_frames = 0
        self._wait = 0
        self._next_wait = _FIRST_WAIT

    def find(self, frame: Frame, at_ms: int, body: Body) -> Found:
        """Return the face of `frame`; `body` is asked only once its points are needed."""
        self._wait = max(self._wait - 1, 0)
        self._close_frames += 1
        looked = False
        if self._is_close and self._close_frames % RECHECK_FRAMES:
            pose, head = self._head(frame, body)
            if pose is not None and head is not None:
                found = self._look(frame, at_ms, pose, head)
                if found:
                    return found
                self._is_close, looked = False, True
        found = self._whole(at_ms)
        pose, head = self._head(frame, body)
        if self._will_do(found, frame, pose):
            self._is_close, self._wait, self._next_wait = False, 0, _FIRST_WAIT
            return found
        if looked or self._wait or pose is None or head is None:
            return found
        closer = self._look(frame, at_ms, pose, head)
        if closer:
            self._is_close, self._next_wait = True, _FIRST_WAIT
            return closer
        self._is_close = False
        self._wait, self._next_wait = self._next_wait, min(2 * self._next_wait, _LONGEST_WAIT)
        return found

    def _head(self, frame: Frame, body: Body) -> tuple[NDArray[np.float32] | None, Head | None]:
        """Return the body's points and where its head is, None where no body was found."""
        pose = body()
        if pose is None:
            return None, None
        return pose, self._presence.head_of_interest(frame.t_ns, pose, frame.width, frame.height)

    def _will_do(self, found: Found, frame: Frame, pose: NDArray[np.float32] | None) -> bool:
        if not found:
            return False
        face, size = found["face"], (frame.width, frame.height)
        if pose is not None and same_head(pose, face, *size):
            return True
        return self._presence.follows(frame.t_ns, face, *size)

    def _look(self, frame: Frame, at_ms: int, pose: NDArray[np.float32], head: Head) -> Found:
        """Return the face in the box around `head`, carried to the whole picture, if it is of that head."""
        size = (frame.width, frame.height)
        self._box = box = box_around(head, *size, self._box)
        if box is None:
            return {}
        found = self._closer(frame.rgb[box.y : box.y + box.side, box.x : box.x + box.side], at_ms)
        if not found:
            return {}
        face = carry_points(found["face"], box, *size)
        if not same_head(pose, face, *size):
            return {}
        matrix = carry_head(found["head"], found["face"], box, *size)
        return {"face": face, "blendshapes": found["blendshapes"], "head": matrix}
