"""Stated times become rising ones."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirrorsync.capture.timestamps import RisingClock


def _ticks(clock: RisingClock, stated_ms: list[float]) -> list[int | None]:
    return [clock.tick(value) for value in stated_ms]


@given(
    st.lists(st.floats() | st.floats(0, 1e7) | st.just(math.nan), min_size=1),
    st.floats(1, 240) | st.just(math.nan),
)
def test_whatever_is_stated_times_rise_from_zero(stated_ms: list[float], fps: float) -> None:
    finite = [value if abs(value) < 1e12 else math.nan for value in stated_ms]
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
    nothing = math.nan
    assert _ticks(clock, [nothing, nothing, nothing]) == [0, 20_000_000, 40_000_000]
    assert clock.guessed == 3
    assert _ticks(RisingClock(math.nan), [0.0, nothing]) == [0, 40_000_000]


def test_a_clock_that_starts_again_goes_on() -> None:
    clock = RisingClock(25.0)
    assert _ticks(clock, [40.0, 5040.0, 60.0, 100.0]) == [0, 5_000_000_000, 5_040_000_000, 5_080_000_000]


def test_the_start_of_the_recording_is_the_origin() -> None:
    clock = RisingClock(25.0, origin_ms=1000.0)
    assert _ticks(clock, [3000.0, 3040.0]) == [2_000_000_000, 2_040_000_000]


def test_one_odd_time_does_not_move_the_others() -> None:
    clock = RisingClock(25.0)
    stated = [10_000.0 + 40 * k for k in range(6)]
    stated[3] = 0.0
    ticks = [
        clock.tick(value, next_ms=after)
        for value, after in itertools.zip_longest(stated, stated[1:], fillvalue=math.nan)
    ]
    assert ticks == [40_000_000 * k for k in range(6)]
    assert (clock.guessed, clock.dropped) == (1, 0)


def test_a_jump_forward_is_no_pause() -> None:
    clock = RisingClock(25.0, jump_s=10.0)
    assert _ticks(clock, [0.0, 9_000.0, 30_000.0, 30_040.0]) == [
        0, 9_000_000_000, 9_040_000_000, 9_080_000_000,
    ]  # fmt: skip
    [(at_s, by_s)] = clock.jumps
    assert (at_s, by_s) == pytest.approx((9.04, 20.96))
