"""Who is there: a body or a face counts only when more than MediaPipe's own word says so.

What speaks for a person, from strong to weak:

1. body and face found at one head (`likeness.same_head`) – believed at once;
2. a body built like a person's that moves like one (`likeness.BodyCheck`), or a face where no believable
   body contradicts it – believed after `PATIENCE_FRAMES` frames in a row and `PATIENCE_S` seconds.

Whoever is believed is held on to: a body or face that jumps away from them, or swells or shrinks at once, is
somebody else (or nobody) and is not taken, until the one held has been out of sight for `HOLD_S`. Where face
and body contradict each other at the person held, the face is right as long as it has been tracked without a
break since the two agreed; otherwise the body is: a face printed on a shirt is a face.

What this cannot tell: a photograph, a poster or a screen with a person in it is a person to it when nobody
else is there; of two people in one picture it holds the first that face and body agree on, and after
`HOLD_S` out of sight it may take the other (give each their own part of the picture instead); a person
whose face is never seen and whose body lies on its side is not believed. The limits were set on 26 clips,
none of which shows somebody from behind or a face in full profile for long.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mirrorsync.landmarks.likeness import BodyCheck, Head, face_head, pose_head, same_head

__all__ = ["HOLD_S", "PATIENCE_FRAMES", "PATIENCE_S", "Presence"]

Points = NDArray[np.float32]

PATIENCE_S = 0.15
PATIENCE_FRAMES = 5
HOLD_S = 0.5
"""How long the person held may be out of sight before somebody else can take their place, seconds."""

DOUBT_S = 1.0
"""How long a body without a face may look unlike one before it is no longer believed, seconds."""

TAKEOVER_S = 1.0
"""How long a likely body must be seen before it takes over from a face that never had one, seconds."""

_REACH = 0.5  # face sizes that a head may jump between two frames (tracking noise) …
_SPEED = 8.0  # … plus face sizes a second (1.4 m/s) …
_MAX_REACH = 1.5  # … but no further: the next person's head is at least two faces away
_MAX_SIZE_JUMP = math.log(1.7)


class _Streak:
    """How long something has held without a break."""

    def __init__(self) -> None:
        self.frames = 0
        self._since_ns = 0

    def count(self, t_ns: int, goes_on: bool, begins: bool) -> None:
        if begins and (not goes_on or not self.frames):
            self.frames, self._since_ns = 1, t_ns
        elif begins:
            self.frames += 1
        else:
            self.frames = 0

    def lasts(self, t_ns: int, seconds: float) -> bool:
        return self.frames >= PATIENCE_FRAMES and t_ns - self._since_ns >= seconds * 1e9


class Presence:
    """Decides for one feed, frame by frame, whether its body and its face are those of the person in it.

    It looks at landmarks only, at the present frame and those before it: the same frames give the same
    decisions. One object a feed.
    """

    def __init__(self) -> None:
        self._check = BodyCheck()
        self._built = False
        self._size = (0, 0)
        self._forget()

    def _forget(self) -> None:
        self._held: tuple[Head, ...] = ()  # as the body and as the face showed it when last believed
        self._held_ns = 0
        self._had_body = self._own_face = False
        self._doubt_s = 0.0
        self._last_ns = 0
        self._body_before: Head | None = None
        self._face_before: Head | None = None
        self._body_streak, self._face_streak = _Streak(), _Streak()

    def judge(
        self,
        t_ns: int,
        width: int,
        height: int,
        *,
        pose: Points | None,
        world: Points | None,
        face: Points | None,
        held: bool = False,
    ) -> tuple[bool, bool]:
        """Return whether the body and whether the face of this frame are to be believed.

        Parameters
        ----------
        t_ns : int
            The frame's time; rises from call to call.
        width, height : int
            Size of the picture in pixels. Another size is another picture: everybody is forgotten.
        pose, world : ndarray of float32, shape (33, 3), or None
            Body points in image coordinates and in metres; None or NaN: not found.
        face : ndarray of float32, shape (478, 3), or None
            Face mesh in image coordinates; None or NaN: not found.
        held : bool
            The body is that of the frame before: it has been judged, and says nothing of how it moves.

        Returns
        -------
        body, face : bool
        """
        if self._size != (width, height):
            self._size, self._check = (width, height), BodyCheck()
            self._forget()
        pose, world, face = _found(pose), _found(world), _found(face)
        if not held:
            self._built = self._check.update(pose, world, width, height)
        built = self._built
        likely = built and self._check.calm
        body_at = None if pose is None else pose_head(pose, width, height)
        face_at = None if face is None else face_head(face, width, height)
        agree = pose is not None and face is not None and same_head(pose, face, width, height)
        elapsed_s = (t_ns - self._last_ns) * 1e-9
        self._last_ns = t_ns
        self._body_streak.count(t_ns, _near(self._body_before, body_at, elapsed_s), likely)
        self._face_streak.count(t_ns, _near(self._face_before, face_at, elapsed_s), face_at is not None)
        self._body_before, self._face_before = body_at, face_at
        self._own_face = self._own_face and self._face_streak.frames > 1

        if self._held:
            unseen_s = (t_ns - self._held_ns) * 1e-9
            if unseen_s > HOLD_S or self._taken_over(t_ns, body_at):
                self._held = ()
            else:
                body, seen = self._hold(body_at, face_at, built, agree, unseen_s, elapsed_s)
                return self._remember(t_ns, body_at if body else None, face_at if seen else None)
        body, seen = self._meet(t_ns, agree)
        self._doubt_s = 0.0
        self._had_body = body
        return self._remember(t_ns, body_at if body else None, face_at if seen else None)

    def _meet(self, t_ns: int, agree: bool) -> tuple[bool, bool]:
        """Nobody is held: is somebody there now?"""
        if agree:
            self._own_face = True
            return True, True
        if self._body_streak.lasts(t_ns, PATIENCE_S):
            return True, False
        # While a likely body is still being watched, a face elsewhere waits for the outcome.
        return False, not self._body_streak.frames and self._face_streak.lasts(t_ns, PATIENCE_S)

    def _hold(
        self,
        body_at: Head | None,
        face_at: Head | None,
        built: bool,
        agree: bool,
        unseen_s: float,
        elapsed_s: float,
    ) -> tuple[bool, bool]:
        """Somebody is held: which of body and face are theirs?"""
        body = self._at_held(body_at, unseen_s)
        face = self._at_held(face_at, unseen_s)
        if agree and (body or face):
            self._had_body, self._own_face, self._doubt_s = True, True, 0.0
            return True, True
        if face and self._own_face:
            return False, True
        if built:
            self._doubt_s = max(self._doubt_s - 2 * elapsed_s, 0.0)
        elif body:
            self._doubt_s = min(self._doubt_s + elapsed_s, DOUBT_S)
        body = body and self._doubt_s < DOUBT_S and (built or self._had_body)
        self._had_body |= body
        return body, face and not body

    def follows(self, t_ns: int, face: Points, width: int, height: int) -> bool:
        """Return whether `face` goes on from the face that the person held is known by."""
        if not self._held or not self._own_face or self._size != (width, height):
            return False
        return _near(self._face_before, face_head(face, width, height), (t_ns - self._last_ns) * 1e-9)

    def head_of_interest(self, t_ns: int, pose: Points, width: int, height: int) -> Head | None:
        """Return the head that body points show if it may be that of the person held (or of a new one)."""
        head = pose_head(pose, width, height)
        if not self._held or self._size != (width, height):
            return head
        unseen_s = (t_ns - self._held_ns) * 1e-9
        return head if unseen_s > HOLD_S or self._at_held(head, unseen_s) else None

    def _at_held(self, head: Head | None, unseen_s: float) -> bool:
        return any(_near(before, head, unseen_s) for before in self._held)

    def _taken_over(self, t_ns: int, body_at: Head | None) -> bool:
        """Whether a body elsewhere takes over from a face that never had one (a face on the wall)."""
        return not self._had_body and body_at is not None and self._body_streak.lasts(t_ns, TAKEOVER_S)

    def _remember(self, t_ns: int, body_at: Head | None, face_at: Head | None) -> tuple[bool, bool]:
        now = tuple(head for head in (body_at, face_at) if head is not None)
        if now:
            self._held, self._held_ns = now, t_ns
        return body_at is not None, face_at is not None


def _found(points: Points | None) -> Points | None:
    return points if points is not None and math.isfinite(float(points[0, 0])) else None


def _near(before: Head | None, now: Head | None, elapsed_s: float) -> bool:
    """Whether one head can have come from `before` to `now` in that time."""
    if before is None or now is None or not before.size > 0 or not now.size > 0:
        return False
    reach = min(_REACH + _SPEED * elapsed_s, _MAX_REACH) * before.size
    if math.hypot(now.x - before.x, now.y - before.y) > reach:
        return False
    return abs(math.log(now.size / before.size)) <= _MAX_SIZE_JUMP
