"""The thread of one live feed: it opens, captures, detects and leaves the newest result in a mailbox."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable

from mirrorsync.capture.mailbox import Mailbox
from mirrorsync.capture.pacing import PacedSource
from mirrorsync.capture.source import VideoSource
from mirrorsync.engine.observe import MakeLandmarker, Observer
from mirrorsync.engine.status import FeedStatus
from mirrorsync.errors import MirrorSyncError
from mirrorsync.types import Observation

__all__ = ["FeedThread", "Starter"]

_STALL_S = 1.0
_RATE_OVER = 45  # frames


class Starter:
    """Lets two recordings played in real time start at the same moment, once both are ready.

    Parameters
    ----------
    stopping : threading.Event
        Set when the session ends, so that nobody waits for a feed that never opens.
    """

    def __init__(self, stopping: threading.Event) -> None:
        self.stopping = stopping
        self._barrier = threading.Barrier(2, action=self._set)
        self._start_ns = 0

    def _set(self) -> None:
        self._start_ns = time.monotonic_ns() + 50_000_000

    def wait(self) -> int:
        """Wait for the other feed; return the common start on `time.monotonic_ns`."""
        with contextlib.suppress(threading.BrokenBarrierError):
            self._barrier.wait()
        return self._start_ns

    def give_up(self) -> None:
        """Let everybody go who waits: one feed will not come."""
        self._barrier.abort()


class FeedThread:
    """Captures and detects one feed until it ends, breaks off or is released.

    Parameters
    ----------
    name : str
        "a" or "b".
    opening : callable
        Opens the feed.
    make_landmarker : callable
        Makes its landmarker.
    mailbox : Mailbox
        Where observations are left; closed at the end.
    starter : Starter
        Shared with the other feed.
    """

    def __init__(
        self,
        name: str,
        opening: Callable[[], VideoSource],
        make_landmarker: MakeLandmarker,
        mailbox: Mailbox[Observation],
        starter: Starter,
    ) -> None:
        self.thread = threading.Thread(target=self._run, name=f"mirrorsync-feed-{name}", daemon=True)
        self.opening_error: BaseException | None = None
        self._opening = opening
        self._make_landmarker = make_landmarker
        self._mailbox = mailbox
        self._starter = starter
        self._lock = threading.Lock()
        self._source: VideoSource | None = None
        self._lost: str | None = None
        self._over = False
        self._dropped_before = 0
        self._times: deque[float] = deque(maxlen=_RATE_OVER)

    def start(self) -> None:
        """Start the thread."""
        self.thread.start()

    @property
    def over(self) -> bool:
        """Whether the feed has ended or broken off and left all it had."""
        return self._over

    def release(self) -> None:
        """Let go of the device or file and wake the thread; may be called again, from any thread."""
        self._starter.give_up()
        with self._lock:
            source = self._source
        if source is not None:
            source.close()

    def status(self) -> FeedStatus:
        """Return how the feed is doing; sentences are for the practitioner."""
        times = tuple(self._times)
        fps = (
            (len(times) - 1) / (times[-1] - times[0])
            if len(times) > 2 and times[-1] > times[0]
            else float("nan")
        )
        dropped = self._dropped_before + self._mailbox.dropped
        if self.opening_error is not None:
            return FeedStatus("lost", str(self.opening_error), float("nan"), dropped)
        if self._lost is not None:
            return FeedStatus("lost", self._lost, float("nan"), dropped)
        if self._over:
            return FeedStatus("ended", "The recording is over.", float("nan"), dropped)
        if not times:
            return FeedStatus("opening", "Opening…", fps, dropped)
        if time.monotonic() - times[-1] > _STALL_S:
            with self._lock:
                source = self._source
            if source is not None and source.still:
                return FeedStatus("live", "The picture on the screen stands still.", 0.0, dropped, ("still",))
            return FeedStatus("stalled", "No new picture for more than a second.", 0.0, dropped, ("stalled",))
        return FeedStatus("live", "", fps, dropped)

    def _run(self) -> None:
        try:
            self._capture()
        except BaseException as error:  # noqa: BLE001 - carried to whoever asks for the status
            if self._times and isinstance(error, MirrorSyncError):
                self._lost = str(error)
            elif not self._starter.stopping.is_set():
                self.opening_error = error
        finally:
            self._starter.give_up()
            self._mailbox.close()
            self._over = True

    def _capture(self) -> None:
        with self._opening() as source, self._make_landmarker() as landmarker:
            with self._lock:
                self._source = source
            start_ns = self._starter.wait()
            if isinstance(source, PacedSource) and start_ns:
                source.start_at(start_ns)
            observer = Observer(landmarker)
            while not self._starter.stopping.is_set():
                frame = source.read()
                if frame is None:
                    return
                if isinstance(source, PacedSource):
                    self._dropped_before = source.dropped
                dropped = self._dropped_before + self._mailbox.dropped
                observation = observer.observe(frame, captured_ns=frame.t_ns, dropped=dropped)
                self._times.append(time.monotonic())
                self._mailbox.put(observation)
