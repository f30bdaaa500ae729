"""A reader of its own: the newest picture under its own time, whatever the one who looks at it is doing."""

from __future__ import annotations

import threading
import time

import pytest
from fakes import FakeSource, colours
from patience import patient_s

from mirrorsync.capture.newest import NewestSource
from mirrorsync.errors import SourceError
from mirrorsync.types import Frame

DEADLINE_S = patient_s(10.0)


class Stepped(FakeSource):
    """A camera that has one more picture each time the test says so."""

    def __init__(self) -> None:
        super().__init__(range(1000), live=True)
        self.more = threading.Semaphore(0)
        self.asked = threading.Semaphore(0)
        self.closed_by_reader = False
        self._gone = False
        self._count = 0

    def read(self) -> Frame | None:
        self.asked.release()
        self.more.acquire()
        if self._gone:
            return None
        self._count += 1
        return Frame(self.feed, self._count, time.monotonic_ns(), colours(self._count))

    def close(self) -> None:
        super().close()
        self._gone = True
        self.more.release()

    def deliver(self, pictures: int) -> None:
        """Return once the reader has taken so many, and asks for the next."""
        for _ in range(pictures):
            self.more.release()
            assert self.asked.acquire(timeout=DEADLINE_S)


def test_whoever_is_late_gets_the_newest_under_its_own_time() -> None:
    camera = Stepped()
    with NewestSource(camera, name="reading") as source:
        assert camera.asked.acquire(timeout=DEADLINE_S)
        camera.deliver(4)
        delivered_ns = time.monotonic_ns()
        frame = source.read()
        assert frame is not None
        assert frame.index == 4
        assert frame.t_ns <= delivered_ns  # when it came, not when it was asked for
        assert source.dropped == 3
        camera.deliver(1)
        again = source.read()
        assert again is not None
        assert (again.index, source.dropped) == (5, 3)


def test_closing_wakes_who_waits_and_ends_the_thread() -> None:
    camera = Stepped()
    source = NewestSource(camera, name="reading")
    got: list[Frame | None] = []
    waiting = threading.Thread(target=lambda: got.append(source.read()))
    waiting.start()
    source.close()
    source.close()
    waiting.join(DEADLINE_S)
    assert got == [None]
    assert camera.closed
    assert source.read() is None
    assert all(thread.name != "reading" for thread in threading.enumerate())


def test_a_feed_that_breaks_off_delivers_what_it_had_and_then_says_so() -> None:
    with NewestSource(FakeSource([0.0, 0.04, 0.08], fail_at=2, live=True), name="reading") as source:
        frames = [source.read()]
        while not frames[-1] or frames[-1].index < 1:
            frames.append(source.read())
        with pytest.raises(SourceError):
            source.read()
        with pytest.raises(SourceError):
            source.read()


def test_it_ends_when_the_feed_does() -> None:
    with NewestSource(FakeSource([0.0, 0.04, 0.08]), name="reading") as source:
        indices = [frame.index for frame in source]
        assert indices[-1] == 2  # the last one always comes
        assert len(indices) + source.dropped == 3
        assert source.read() is None
        assert source.notes == ()
        assert not source.still
