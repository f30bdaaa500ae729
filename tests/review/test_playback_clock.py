"""The clock of the player, turned by hand."""

from __future__ import annotations

import pytest

from mirrorsync.review.clock import PlaybackClock


class Hand:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def clock(hand: Hand) -> PlaybackClock:
    return PlaybackClock(60.0, now_s=hand)


def test_it_stands_until_it_plays_and_goes_at_its_speed(hand: Hand, clock: PlaybackClock) -> None:
    hand.now_s += 5
    assert (clock.position_s, clock.playing) == (0.0, False)
    clock.play()
    hand.now_s += 4
    assert clock.position_s == pytest.approx(4.0)
    clock.speed = 0.25
    hand.now_s += 4
    assert clock.position_s == pytest.approx(5.0)
    clock.pause()
    hand.now_s += 4
    assert clock.position_s == pytest.approx(5.0)
    with pytest.raises(ValueError, match="speed"):
        clock.speed = 0.0


def test_it_stops_at_the_end_and_begins_again(hand: Hand, clock: PlaybackClock) -> None:
    clock.seek(59.0)
    clock.play()
    hand.now_s += 2
    assert (clock.playing, clock.position_s) == (False, 60.0)
    clock.play()
    hand.now_s += 1
    assert clock.position_s == pytest.approx(1.0)


def test_seeking_stays_inside_and_keeps_playing(hand: Hand, clock: PlaybackClock) -> None:
    clock.play()
    clock.seek(30.0)
    hand.now_s += 1
    assert clock.position_s == pytest.approx(31.0)
    clock.seek(-4)
    assert clock.position_s == 0.0
    clock.seek(float("nan"))
    assert clock.position_s == 0.0
    clock.seek(1e9)
    assert clock.position_s == 60.0


def test_a_loop_goes_round_and_ends_when_one_goes_elsewhere(hand: Hand, clock: PlaybackClock) -> None:
    clock.set_loop(10.0, 12.0)
    assert clock.position_s == 10.0
    clock.play()
    hand.now_s += 5
    assert clock.position_s == pytest.approx(11.0)
    clock.seek(11.5)
    loops = [clock.loop]
    clock.seek(40.0)
    assert [*loops, clock.loop] == [(10.0, 12.0), None]
    hand.now_s += 1
    assert clock.position_s == pytest.approx(41.0)
    with pytest.raises(ValueError, match="loop"):
        clock.set_loop(5.0, 5.0)


def test_a_session_that_grows_can_be_watched_further(hand: Hand, clock: PlaybackClock) -> None:
    clock.play()
    hand.now_s += 61
    assert (clock.playing, clock.position_s) == (False, 60.0)
    clock.duration_s = 90.0
    clock.play()
    hand.now_s += 5
    assert clock.position_s == pytest.approx(65.0)
