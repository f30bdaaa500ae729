"""Recordings in real time: due times, skipping when late, and an end to waiting."""

from __future__ import annotations

import itertools
import threading

import numpy as np
from fakes import FakeSource, ManualClock
from patience import patient_s

from mirrorsync.capture.pacing import PacedSource

DEADLINE_S = patient_s(20.0)


def test_frames_come_when_they_are_due() -> None:
    clock = ManualClock(5_000_000_000)
    times_s = [0.0, 0.03, 0.1, 0.5]
    paced = PacedSource(FakeSource(times_s), clock_ns=clock, wait=clock.wait)
    for time_s in times_s:
        frame = paced.read()
        assert frame is not None
        assert frame.t_ns == 5_000_000_000 + round(time_s * 1e9) == clock.now_ns
    assert paced.read() is None
    assert paced.dropped == 0
    assert paced.live


def test_a_common_start_keeps_the_lag_between_two_recordings() -> None:
    clock = ManualClock()
    sources = [PacedSource(FakeSource([0.0, 0.04]), clock_ns=clock, wait=clock.wait) for _ in "ab"]
    for source in sources:
        source.start_at(clock.now_ns + 1_000_000_000)
    first = [source.read() for source in sources]
    assert [frame.t_ns for frame in first if frame] == [2_000_000_000, 2_000_000_000]


def test_a_slow_reader_skips_and_counts() -> None:
    clock = ManualClock()
    paced = PacedSource(FakeSource([i / 25 for i in range(50)]), clock_ns=clock, wait=clock.wait)
    seen = []
    for frame in paced:
        late_ns = clock.now_ns - frame.t_ns
        assert 0 <= late_ns <= 40_000_000  # never older than one interval
        seen.append(frame.index)
        clock.advance(0.1)
    assert len(seen) + paced.dropped >= 49  # at the end a few may be too late for anybody
    assert 18 <= len(seen) <= 22
    assert all(b - a in {2, 3} for a, b in itertools.pairwise(seen))


def test_what_is_long_overdue_is_dropped_and_said() -> None:
    """A machine that cannot decode in real time: nobody waits for such pictures any more."""
    clock = ManualClock()
    inner = FakeSource([i / 25 for i in range(100)], on_read=lambda: clock.advance(0.2))
    paced = PacedSource(inner, clock_ns=clock, wait=clock.wait)
    frames = list(paced)
    assert [frame.index for frame in frames] == [0]
    assert paced.dropped == 99
    assert paced.overtaken
    assert "analyse it" in paced.notes[-1]


def test_after_a_pause_it_catches_up() -> None:
    clock = ManualClock()
    reads = itertools.count()
    pause = range(20, 60)
    inner = FakeSource(
        [i / 25 for i in range(400)], on_read=lambda: clock.advance(0.2 if next(reads) in pause else 0.002)
    )
    paced = PacedSource(inner, clock_ns=clock, wait=clock.wait)
    seen = []
    for frame in paced:
        assert clock.now_ns - frame.t_ns <= 300_000_000  # later ones are given up by the pairing
        assert not paced.overtaken
        seen.append(frame.index)
    assert seen[:20] == list(range(20))
    assert seen[-100:] == list(range(300, 400))
    assert len(seen) + paced.dropped == 400
    assert paced.notes == ()


def test_closing_ends_a_wait() -> None:
    paced = PacedSource(FakeSource([3600.0]))
    paced.start_at(10**18)
    got: list[object] = ["nothing yet"]

    def read() -> None:
        got[0] = paced.read()

    thread = threading.Thread(target=read, name="reader")
    thread.start()
    paced.close()
    thread.join(DEADLINE_S)
    assert got == [None]


def test_the_real_clock_is_used_by_default() -> None:
    paced = PacedSource(FakeSource([0.0, 0.02]))
    frames = list(paced)
    assert frames[1].t_ns - frames[0].t_ns == 20_000_000
    np.testing.assert_array_equal(frames[0].rgb, FakeSource([0.0]).read().rgb)  # type: ignore[union-attr] # there is a frame
