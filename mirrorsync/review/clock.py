"""The clock of the player: where playback is, at any speed, looped or not; it knows no pictures."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

__all__ = ["SPEEDS", "PlaybackClock"]

SPEEDS: tuple[float, ...] = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


class PlaybackClock:
    """Position in a session, driven by a monotonic clock.

    Parameters
    ----------
    duration_s : float
        Length of the session.
    now_s : callable
        The monotonic clock.

    Attributes
    ----------
    loop : (float, float) or None
        The range that is played over and over.
    """

    def __init__(self, duration_s: float, *, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._duration_s = max(duration_s, 0.0)
        self._at_s = 0.0
        self._since_s = 0.0
        self._speed = 1.0
        self._playing = False
        self.loop: tuple[float, float] | None = None

    @property
    def duration_s(self) -> float:
        """Length of the session; it may grow."""
        return self._duration_s

    @duration_s.setter
    def duration_s(self, value: float) -> None:
        self._settle()
        self._duration_s = max(value, 0.0)

    @property
    def playing(self) -> bool:
        """Whether time goes on; it stops by itself at the end."""
        self._settle()
        return self._playing

    @property
    def speed(self) -> float:
        """Seconds of the session a second."""
        return self._speed

    @speed.setter
    def speed(self, value: float) -> None:
        if not 0.1 <= value <= 4.0:
            raise ValueError(f"a speed lies between 0.1 and 4, not at {value}")
        self._settle()
        self._speed = value

    @property
    def position_s(self) -> float:
        """Where playback is now, in seconds since the start of the session."""
        self._settle()
        return self._at_s

    def play(self) -> None:
        """Go on; from the start when it is at the end."""
        self._settle()
        if self.loop is None and self._at_s >= self._duration_s:
            self._at_s = 0.0
        self._since_s, self._playing = self._now_s(), True

    def pause(self) -> None:
        """Stand still."""
        self._settle()
        self._playing = False

    def seek(self, time_s: float) -> None:
        """Go to a time, playing or not; times outside the session are brought inside."""
        self._settle()
        self._at_s = min(max(time_s, 0.0), self._duration_s) if math.isfinite(time_s) else self._at_s
        if self.loop is not None and not self.loop[0] <= self._at_s < self.loop[1]:
            self.loop = None  # whoever goes elsewhere has had enough of the loop

    def set_loop(self, start_s: float, end_s: float) -> None:
        """Play a range over and over, from its start."""
        if not 0 <= start_s < end_s:
            raise ValueError(f"a loop ends after it starts, not {start_s}–{end_s}")
        self._settle()
        self.loop = (start_s, min(end_s, self._duration_s))
        if not self.loop[0] <= self._at_s < self.loop[1]:
            self._at_s = self.loop[0]

    def _settle(self) -> None:
        """Take over what has passed since the last look."""
        if not self._playing:
            return
        now_s = self._now_s()
        self._at_s += (now_s - self._since_s) * self._speed
        self._since_s = now_s
        if self.loop is not None:
            start_s, end_s = self.loop
            if self._at_s >= end_s:
                self._at_s = start_s + (self._at_s - start_s) % (end_s - start_s)
        elif self._at_s >= self._duration_s:
            self._at_s, self._playing = self._duration_s, False
