"""From the times a container states to times that rise."""

from __future__ import annotations

import math

__all__ = ["RisingClock"]

_DEFAULT_FPS = 25.0
_RESTART_NS = 1_000_000_000


class RisingClock:
    """Turns a recording's stated times into nanoseconds from 0, strictly rising.

    * The first frame is at 0, wherever the recording's own clock starts.
    * A frame without a stated time (raw H.264; the last frames of an AVI with B-frames; FFmpeg reports
      0) comes one nominal interval after the one before.
    * A clock that jumps back by more than a second has started again (joined recordings): it goes on
      one nominal interval after the last frame.
    * A frame that is not later than the one before is dropped and counted: two pictures cannot be
      shown at one time, and a made-up time would make a made-up movement.

    Parameters
    ----------
    fps : float
        Nominal rate; NaN when unknown (25 is assumed where an interval is needed).
    """

    def __init__(self, fps: float) -> None:
        rate = fps if math.isfinite(fps) and fps > 0 else _DEFAULT_FPS
        self._interval_ns = round(1e9 / rate)
        self._origin_ns = 0
        self._last_ns: int | None = None
        self.dropped = 0
        self.guessed = 0

    def tick(self, stated_ms: float) -> int | None:
        """Return the time of the next frame in nanoseconds; None: drop this frame.

        Parameters
        ----------
        stated_ms : float
            The presentation time the container states, milliseconds.
        """
        stated_ns = round(stated_ms * 1e6) if math.isfinite(stated_ms) else 0
        if self._last_ns is None:
            self._origin_ns = stated_ns
            self._last_ns = 0
            return 0
        t_ns = stated_ns - self._origin_ns
        if stated_ns == 0:
            self.guessed += 1
            t_ns = self._last_ns + self._interval_ns
        elif t_ns <= self._last_ns - _RESTART_NS:
            t_ns = self._last_ns + self._interval_ns
            self._origin_ns = stated_ns - t_ns
        elif t_ns <= self._last_ns:
            self.dropped += 1
            return None
        self._last_ns = t_ns
        return t_ns
