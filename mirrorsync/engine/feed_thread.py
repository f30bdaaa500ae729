"""The thread of one live feed: it opens, captures, detects and leaves the newest result in a mailbox.

A second thread reads ahead: the next picture arrives while the landmarkers look at the one before.

A live feed that breaks off is opened again, after half a second, then one, two, four and at last every eight,
until the session ends. What was not seen meanwhile stays a gap: times go on on the same clock.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable

from mirrorsync.capture.mailbox import Mailbox
from mirrorsync.capture.newest import NewestSource
from mirrorsync.capture.pacing import PacedSource
from mirrorsync.capture.source import VideoSource
from mirrorsync.engine import texts
from mirrorsync.engine.conditions import PictureConditions
from mirrorsync.engine.observe import MakeLandmarker, Observer
from mirrorsync.engine.status import FeedStatus
from mirrorsync.engine.step_down import StepDown
from mirrorsync.engine.turns import let_others_first
from mirrorsync.errors import CaptureError, MirrorSyncError
from mirrorsync.types import Frame, Observation

__all__ = ["FeedThread", "Starter"]

_STALL_S = 0.8
_RATE_OVER = 45  # frames
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 8.0
_COUNT_EVERY_S = 2.0  # how often people are counted
_COUNT_RARELY = 3  # times that, on a slow machine: it takes as long as two pictures


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
    """Captures and detects one feed until it ends or is released, and opens it again when it breaks off.

    Parameters
    ----------
    name : str
        "a" or "b".
    opening : callable
        Opens the feed; called again when a live feed broke off.
    make_landmarker : callable
        Makes its landmarker.
    mailbox : Mailbox
        Where observations are left; closed at the end.
    starter : Starter
        Shared with the other feed.
    step_down : StepDown
        Shared with the other feed: what to leave out on a slow machine.
    max_gap_s : float
        As in `Settings`: pictures further apart are too few.
    """

    def __init__(
        self,
        name: str,
        opening: Callable[[], VideoSource],
        make_landmarker: MakeLandmarker,
        mailbox: Mailbox[Observation],
        starter: Starter,
        step_down: StepDown,
        *,
        max_gap_s: float,
    ) -> None:
        self.thread = threading.Thread(target=self._run, name=f"mirrorsync-feed-{name}", daemon=True)
        self.opening_error: BaseException | None = None
        self._name = name
        self._opening = opening
        self._make_landmarker = make_landmarker
        self._mailbox = mailbox
        self._starter = starter
        self._step_down = step_down
        self._lock = threading.Lock()
        self._source: VideoSource | None = None
        self._broke_off = ""  # why, as long as it is being opened again
        self._wait_s = _FIRST_WAIT_S
        self._lost: str | None = None
        self._over = False
        self._ended = ""  # how, where it ended by itself and not with the session
        self._dropped_before = self._dropped_here = 0
        self._times: deque[float] = deque(maxlen=_RATE_OVER)
        self._conditions = PictureConditions(max_gap_s=max_gap_s)

    def start(self) -> None:
        """Start the thread."""
        self.thread.start()

    @property
    def over(self) -> bool:
        """Whether the feed has ended or broken off for good and left all it had."""
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
        dropped = self._dropped
        if self.opening_error is not None:
            return FeedStatus("lost", str(self.opening_error), float("nan"), dropped)
        if self._lost is not None:
            return FeedStatus("lost", self._lost, float("nan"), dropped)
        if self._over:
            return FeedStatus("ended", self._ended, float("nan"), dropped)
        if sentence := self._broke_off:
            return FeedStatus("lost", sentence, float("nan"), dropped, ("reconnecting",))
        if not times:
            return FeedStatus("opening", texts.OPENING, float("nan"), dropped)
        if time.monotonic() - times[-1] > _STALL_S:
            return self._stalled(dropped)
        span = times[-1] - times[0]
        fps = (len(times) - 1) / span if len(times) > 2 and span > 0 else float("nan")
        return FeedStatus("live", "", fps, dropped, self._conditions.now)

    def _stalled(self, dropped: int) -> FeedStatus:
        with self._lock:
            source = self._source
        if source is not None and source.still:
            return FeedStatus("live", texts.STANDS_STILL, 0.0, dropped, ("still",))
        notes = source.notes if isinstance(source, PacedSource) and source.overtaken else ()
        sentence = notes[-1] if notes else texts.NO_PICTURE
        return FeedStatus("stalled", sentence, 0.0, dropped, ("stalled",))

    @property
    def _dropped(self) -> int:
        return self._dropped_before + self._dropped_here + self._mailbox.dropped

    def _run(self) -> None:
        let_others_first()
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
        first = self._opening()
        self._take(first)
        try:
            with self._make_landmarker() as landmarker:
                start_ns = self._starter.wait()
                if isinstance(first, PacedSource) and start_ns:
                    first.start_at(start_ns)
                self._watch_on(first, Observer(landmarker))
        finally:
            first.close()

    def _watch_on(self, source: VideoSource, observer: Observer) -> None:
        """Observe a source, and open it again when it breaks off, to its end or until the session is over."""
        while True:
            try:
                with NewestSource(source, name=f"mirrorsync-reading-{self._name}") as newest:
                    self._watch(newest, observer)
            except CaptureError as error:
                if not _comes_back(source) or self._starter.stopping.is_set():
                    raise
                self._broke_off = str(error)
            else:
                return
            again = self._open_again()
            if again is None:
                return
            source = again

    def _take(self, source: VideoSource) -> None:
        """Make a source the one that `release` closes; it is closed at once when that was called before."""
        with self._lock:
            self._source = source
        if self._starter.stopping.is_set():
            source.close()

    def _open_again(self) -> VideoSource | None:
        """Try until the feed opens; None: the session is over."""
        while not self._starter.stopping.wait(self._wait_s):
            self._wait_s = min(2 * self._wait_s, _LONGEST_WAIT_S)
            try:
                source = self._opening()
            except CaptureError:  # why it broke off says more than that it is not back yet
                continue
            self._take(source)
            return source
        return None

    def _watch(self, source: NewestSource, observer: Observer) -> None:
        """Observe a source to its end, or until the session is over."""
        self._dropped_before, self._dropped_here = self._dropped_before + self._dropped_here, 0
        counted_ns = 0
        while not self._starter.stopping.is_set():
            frame = source.read()
            if frame is None:
                if not self._starter.stopping.is_set():
                    played = isinstance(source.inner, PacedSource)
                    self._ended = texts.VIDEO_ENDED if played else texts.LIVE_ENDED
                return
            paced = source.inner
            self._dropped_here = source.dropped + (paced.dropped if isinstance(paced, PacedSource) else 0)
            every_s = _COUNT_EVERY_S * (_COUNT_RARELY if self._step_down.reduced else 1)
            counting = frame.t_ns - counted_ns >= every_s * 1e9
            if counting:
                counted_ns = frame.t_ns
            self._observe(frame, observer, source.fps, counting=counting)

    def _observe(self, frame: Frame, observer: Observer, fps: float, *, counting: bool) -> None:
        plan = self._step_down.plan(self._name, frame.t_ns)
        began_ns = time.monotonic_ns()
        observation = observer.observe(frame, captured_ns=frame.t_ns, dropped=self._dropped, plan=plan)
        self._mailbox.put(observation)
        now_ns = time.monotonic_ns()
        self._step_down.note(
            self._name, frame.t_ns, done_ns=now_ns, busy_ns=now_ns - began_ns, body=plan.body, fps=fps
        )
        self._broke_off, self._wait_s = "", _FIRST_WAIT_S
        self._times.append(now_ns / 1e9)
        people = observer.count_people(frame) if counting else None
        self._conditions.update(observation, people)


def _comes_back(source: VideoSource) -> bool:
    """Whether a source that broke off may be opened again: a recording would begin anew."""
    return source.live and not isinstance(source, PacedSource)
