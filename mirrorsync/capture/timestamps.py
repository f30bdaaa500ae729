"""From the times a container states to times that rise."""

from __future__ import annotations

import math

__all__ = ["JUMP_S", "RisingClock"]

JUMP_S = 1800.0
"""Step forward that is no pause of the recording but a jump of its clock, s; of broadcast streams less."""
_DEFAULT_FPS = 25.0
_RESTART_NS = 1_000_000_000


class RisingClock:
    """Turns a recording's stated times into nanoseconds from its start, strictly rising.

    * Times count from the start of the recording, be it that of the pictures or of the sound.
    * A frame without a stated time (raw H.264; the last frames of an AVI with B-frames) comes one nominal
      interval after the one before.
    * A clock that jumps back by more than a second has started again (joined recordings), and one that jumps
      forward by more than `jump_s` has jumped: it goes on one nominal interval after the last frame. A
      single frame whose time lies more than a second back while the next goes on is placed like one without.
    * A frame that is not later than the one before is dropped and counted: two frames cannot be shown at
      one time, and a made-up time would make a made-up movement.

    Parameters
    ----------
    fps : float
        Nominal rate; NaN when unknown (25 is assumed where an interval is needed).
    origin_ms : float, optional
        Start of the recording; by default the first frame's time.
    jump_s : float
        Longest step forward that counts as a pause.

    Attributes
    ----------
    dropped, guessed : int
        Frames that were dropped, and that were placed at the nominal rate.
    jumps : list of (float, float)
        When the clock jumped forward, s, and by how much.
    """

    def __init__(self, fps: float, *, origin_ms: float = math.nan, jump_s: float = JUMP_S) -> None:
        rate = fps if math.isfinite(fps) and fps > 0 else _DEFAULT_FPS
        self._interval_ns = round(1e9 / rate)
        self._jump_ns = round(jump_s * 1e9)
        self._origin_ns: int | None = round(origin_ms * 1e6) if math.isfinite(origin_ms) else None
        self._last_ns: int | None = None
        self.dropped = 0
        self.guessed = 0
        self.jumps: list[tuple[float, float]] = []

    def tick(self, stated_ms: float, *, next_ms: float = math.nan) -> int | None:
        """Return the time of the next frame in nanoseconds; None: drop this frame.

        Parameters
        ----------
        stated_ms : float
            The presentation time the container states, milliseconds; NaN when it states none.
        next_ms : float
            That of the frame after it, which tells an odd time from a clock that starts again.
        """
        if not math.isfinite(stated_ms):
            self.guessed += 1
            return self._place(0 if self._last_ns is None else self._last_ns + self._interval_ns)
        stated_ns = round(stated_ms * 1e6)
        if self._origin_ns is None:
            self._origin_ns = stated_ns
        t_ns = stated_ns - self._origin_ns
        if self._last_ns is None:
            return self._place(max(t_ns, 0))
        if t_ns <= self._last_ns - _RESTART_NS:
            follows_ns = self._last_ns + self._interval_ns
            if math.isfinite(next_ms) and round(next_ms * 1e6) - self._origin_ns > self._last_ns:
                self.guessed += 1  # the next frame goes on: this one's time is odd
            else:
                self._origin_ns = stated_ns - follows_ns
            return self._place(follows_ns)
        if t_ns <= self._last_ns:
            self.dropped += 1
            return None
        if t_ns - self._last_ns > self._jump_ns:
            follows_ns = self._last_ns + self._interval_ns
            self.jumps.append((follows_ns * 1e-9, (t_ns - follows_ns) * 1e-9))
            self._origin_ns = stated_ns - follows_ns
            t_ns = follows_ns
        return self._place(t_ns)

    def _place(self, t_ns: int) -> int:
        self._last_ns = t_ns
        return t_ns
