"""Recordings and portraits in real time, so that they behave as live feeds do."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from mirrorsync.capture.source import VideoSource, WrappedSource
from mirrorsync.types import Frame

__all__ = ["PacedSource"]

_MOST_SKIPPED = 10
_OVERDUE_NS = 300_000_000
_DEFAULT_FPS = 25.0


class PacedSource(WrappedSource):
    """Delivers each frame when it is due; skips frames when late and counts them in `dropped`.

    A frame's `t_ns` becomes start + its presentation time, on the clock given: when it was due, not when
    it was taken, so that lags between two paced feeds are those of the recordings. A frame that is late
    by more than a nominal interval is skipped, but of eleven in a row one is delivered, unless it is overdue
    by a third of a second: nobody waits for that one any more. A machine that cannot decode in real time
    then delivers nothing, and `notes` says why.

    Parameters
    ----------
    inner : VideoSource
        A recording or portrait; owned and closed by this one.
    clock_ns : callable
        The clock, nanoseconds.
    wait : callable, optional
        ``wait(seconds) -> bool``: sleep, or return True early when the source was closed. For tests.

    Attributes
    ----------
    dropped : int
        Frames skipped so far.
    overtaken : bool
        Whether real time has left the recording behind: for a while every frame has been overdue.
    """

    def __init__(
        self,
        inner: VideoSource,
        *,
        clock_ns: Callable[[], int] = time.monotonic_ns,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        super().__init__(inner)
        self.live = True
        self.dropped = 0
        self.overtaken = False
        self._clock_ns = clock_ns
        self._closed = threading.Event()
        self._wait = wait or self._closed.wait
        self._start_ns: int | None = None
        rate = inner.fps if math.isfinite(inner.fps) and inner.fps > 0 else _DEFAULT_FPS
        self._late_ns = round(1e9 / rate)

    @property
    def notes(self) -> tuple[str, ...]:
        """The inner source's notes, and whether the recording cannot be played in real time here."""
        if not self.overtaken:
            return self.inner.notes
        return (
            *self.inner.notes,
            f"{self.feed} cannot be decoded as fast as it plays here; analyse it instead of playing it.",
        )

    def start_at(self, start_ns: int) -> None:
        """Set when the frame at 0 is due; give both feeds of a pair the same, before reading.

        Without it the first frame is due when it is first asked for.
        """
        self._start_ns = start_ns

    def read(self) -> Frame | None:
        """Wait until the next frame is due and return it; None at the end and after closing."""
        skipped = 0
        while not self._closed.is_set():
            frame = self.inner.read()
            if frame is None:
                return None
            if self._start_ns is None:
                self._start_ns = self._clock_ns() - frame.t_ns
            due_ns = self._start_ns + frame.t_ns
            now_ns = self._clock_ns()
            late_ns = now_ns - due_ns
            self.overtaken = late_ns > _OVERDUE_NS and skipped >= _MOST_SKIPPED
            if self.overtaken or (late_ns > self._late_ns and skipped < _MOST_SKIPPED):
                skipped += 1
                self.dropped += 1
                continue
            if due_ns > now_ns and self._wait((due_ns - now_ns) / 1e9):
                return None
            return Frame(frame.feed, frame.index, due_ns, frame.rgb)
        return None

    def close(self) -> None:
        """Wake a reader that waits, and close the inner source."""
        self._closed.set()
        super().close()
