"""Live feeds that do what a test tells them, and sessions on them as their owner sees them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
from fake_landmarks import FakeLandmarker, Person
from fakes import FakeSource
from made_sessions import META
from numpy.typing import NDArray
from patience import patient_s

from mirrorsync.capture.pacing import PacedSource
from mirrorsync.capture.source import VideoSource
from mirrorsync.engine.live import LiveSession
from mirrorsync.errors import SourceError
from mirrorsync.settings import Settings
from mirrorsync.types import Frame, Snapshot

SETTINGS = Settings(rate_hz=25.0, window_s=1.0, lag_s=0.2, step_s=0.2, surrogates=2, baseline_s=0.0)
DEADLINE_S = patient_s(20.0)
FPS = 25.0
GREY = np.full((480, 640, 3), 128, np.uint8)


def until(condition: Callable[[], bool], *, watch: Callable[[], object] = lambda: None) -> None:
    """Wait for a condition, looking at it again and again; fail after the deadline."""
    deadline = time.monotonic() + DEADLINE_S
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        watch()
        pause.wait(0.005)


def recording(seconds: float, *, fail_at: int | None = None) -> Callable[[], VideoSource]:
    """A recording played in real time."""
    times = [k / FPS for k in range(round(seconds * FPS))]
    return lambda: PacedSource(FakeSource(times, fail_at=fail_at))


class Gated(FakeSource):
    """A camera that delivers `free` frames and then waits until it is closed (or the test lets it go)."""

    def __init__(self, free: int, *, heeds_close: bool = True) -> None:
        super().__init__(range(1_000_000), live=True)
        self.gate = threading.Event()
        self.waits = threading.Event()
        self._free, self._heeds_close, self._count = free, heeds_close, 0

    def read(self) -> Frame | None:
        if self._count >= self._free:
            self.waits.set()
            self.gate.wait(30)
            return None
        self._count += 1
        return Frame(self.feed, self._count, time.monotonic_ns(), np.zeros((4, 4, 3), np.uint8))

    def close(self) -> None:
        super().close()
        if self._heeds_close:
            self.gate.set()


class Camera(FakeSource):
    """A camera of 50 pictures a second for as long as the test lets it.

    Attributes
    ----------
    flows : threading.Event
        While it is not set, no picture comes.
    unplugged : threading.Event
        Once it is set, the next read raises SourceError.
    picture : ndarray
        What it shows.
    """

    def __init__(self, *, unplugged: bool = False) -> None:
        super().__init__(range(1_000_000), live=True, fps=50.0)
        self.flows, self.unplugged = threading.Event(), threading.Event()
        self.flows.set()
        if unplugged:
            self.unplugged.set()
        self.picture: NDArray[np.uint8] = GREY
        self._gone = threading.Event()
        self._number = 0

    def read(self) -> Frame | None:
        self._gone.wait(0.02)
        while not (self.flows.is_set() or self._gone.is_set()):
            self.flows.wait(0.02)
        if self._gone.is_set():
            return None
        if self.unplugged.is_set():
            raise SourceError("Camera 1 stopped delivering pictures; check its connection.")
        self._number += 1
        return Frame(self.feed, self._number, time.monotonic_ns(), self.picture)

    def close(self) -> None:
        super().close()
        self._gone.set()


def turning() -> FakeLandmarker:
    """Somebody whose head turns one degree a frame."""
    return FakeLandmarker(lambda frame: Person(yaw_deg=float(frame.index)))


def session(
    open_a: Callable[[], VideoSource],
    open_b: Callable[[], VideoSource],
    settings: Settings = SETTINGS,
    make: Callable[[], FakeLandmarker] = turning,
) -> LiveSession:
    return LiveSession(open_a, open_b, settings, make_landmarker=make, make_meta=lambda: META)


class Watch:
    """Takes every snapshot that a window would have got to see."""

    def __init__(self, running: LiveSession) -> None:
        self.running = running
        self.got: list[Snapshot] = []

    def look(self) -> None:
        """Take the newest, if there is one."""
        newest = self.running.latest()
        if newest is not None:
            self.got.append(newest)

    def until(self, condition: Callable[[], bool]) -> None:
        """Watch until something is so."""
        until(condition, watch=self.look)

    @property
    def last(self) -> Snapshot:
        """The newest."""
        return self.got[-1]


def watched(running: LiveSession) -> list[Snapshot]:
    """Everything a window would have got to see until the session was over."""
    watch = Watch(running)
    watch.until(lambda: not running.status().running)
    watch.look()
    return watch.got
