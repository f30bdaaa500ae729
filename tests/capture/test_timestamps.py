"""Stated times become rising ones."""

from __future__ import annotations

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from mirrorsync.capture.timestamps import RisingClock


def _ticks(clock: RisingClock, stated_ms: list[float]) -> list[int | None]:
    return [clock.tick(value) for value in stated_ms]


@given(
    st.lists(st.floats() | st.floats(0, 1e7) | st.just(0.0), min_size=1),
    st.floats(1, 240) | st.just(math.nan),
)
def test_whatever_is_stated_times_rise_from_zero(stated_ms: list[float], fps: float) -> None:
    finite = [value if not math.isfinite(value) or abs(value) < 1e12 else 0.0 for value in stated_ms]
    clock = RisingClock(fps)
    ticks = [tick for tick in _ticks(clock, finite) if tick is not None]
    assert ticks[0] == 0
    assert all(b > a for a, b in itertools.pairwise(ticks))
    assert len(ticks) + clock.dropped == len(finite)


@given(st.lists(st.integers(1, 500), max_size=50), st.integers(0, 100_000))
def test_good_times_are_only_moved_to_zero(steps_ms: list[int], start_ms: int) -> None:
    stated = [float(start_ms + offset) for offset in itertools.accumulate(steps_ms, initial=0)]
    clock = RisingClock(25.0)
    assert _ticks(clock, stated) == [round((value - start_ms) * 1e6) for value in stated]
    assert clock.dropped == clock.guessed == 0


def test_a_frame_that_is_not_later_is_dropped() -> None:
    clock = RisingClock(25.0)
    assert _ticks(clock, [40.0, 80.0, 80.0, 70.0, 120.0]) == [0, 40_000_000, None, None, 80_000_000]
    assert clock.dropped == 2


def test_frames_without_times_follow_the_nominal_rate() -> None:
    clock = RisingClock(50.0)
    assert _ticks(clock, [0.0, 0.0, 0.0]) == [0, 20_000_000, 40_000_000]
    assert clock.guessed == 2
    assert _ticks(RisingClock(math.nan), [0.0, 0.0]) == [0, 40_000_000]


def test_a_clock_that_starts_again_goes_on() -> None:
    clock = RisingClock(25.0)
    assert _ticks(clock, [40.0, 5040.0, 60.0, 100.0]) == [0, 5_000_000_000, 5_040_000_000, 5_080_000_000]
