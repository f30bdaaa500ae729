"""Two recordings on one clock: unequal rates, late starts, offsets, and no say for thread timing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from mirrorsync.engine.pairing import Pairing, file_pairs
from mirrorsync.engine.prefetch import Prefetch
from mirrorsync.settings import Settings
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import Features, Frame, Landmarks, Observation, Pair

SETTINGS = Settings(rate_hz=25.0, max_gap_s=0.2)
ROLL = FEATURE_INDEX["shoulder_roll"]
PICTURE = np.zeros((2, 2, 3), np.uint8)


def seen(t_s: float, value: float, index: int = 0) -> Observation:
    t_ns = round(t_s * 1e9)
    values = np.full(N_FEATURES, value)
    return Observation(
        Frame("fake:", index, t_ns, PICTURE),
        Landmarks(t_ns, 2, 2),
        Features(t_ns, values, np.ones(N_FEATURES)),
    )


def feed(fps: float, seconds: float, *, start_s: float = 0.0) -> list[Observation]:
    """The shoulder line says what time it is."""
    times = start_s + np.arange(round(fps * seconds)) / fps
    return [seen(t, t, k) for k, t in enumerate(times.tolist())]


def pairs(a: list[Observation], b: list[Observation], settings: Settings = SETTINGS) -> list[Pair]:
    return list(file_pairs(iter(a), iter(b), settings))


def told(pair: Pair) -> tuple[float, float]:
    a, b = (float("nan") if side is None else float(side.values[ROLL]) for side in (pair.a, pair.b))
    return a, b


def bytes_of(pair: Pair) -> tuple[object, ...]:
    sides = [
        None if side is None else (side.values.tobytes(), side.visibility.tobytes())
        for side in (pair.a, pair.b)
    ]
    drawn_on = [None if o is None else o.frame.index for o in (pair.seen_a, pair.seen_b)]
    return pair.tick, pair.t_ns, *sides, *drawn_on


@pytest.mark.parametrize(("fps_a", "fps_b"), [(25, 25), (24, 30), (30000 / 1001, 60000 / 1001), (15, 50)])
def test_unequal_rates_meet_on_the_clock(fps_a: float, fps_b: float) -> None:
    together = pairs(feed(fps_a, 4), feed(fps_b, 4))
    assert [pair.tick for pair in together] == list(range(len(together)))
    for pair in together[:-5]:
        assert pair.t_ns == pair.tick * 40_000_000
        assert told(pair) == pytest.approx((pair.t_ns / 1e9, pair.t_ns / 1e9), abs=1e-9)
        assert pair.a is not None
        assert pair.a.t_ns == pair.t_ns


def test_a_late_start_and_an_early_end_are_missing_on_that_side_only() -> None:
    together = pairs(feed(25, 4), feed(25, 1, start_s=1.0))
    there = [pair.tick for pair in together if pair.b is not None]
    assert there == list(range(25, 50))
    assert all(pair.a is not None for pair in together)
    assert len(together) == 100


@pytest.mark.parametrize("offset_s", [0.4, -0.4])
def test_the_offset_says_how_late_b_is(offset_s: float) -> None:
    together = pairs(feed(25, 3), feed(25, 3), SETTINGS.with_(offset_s=offset_s))
    both = [told(pair) for pair in together if pair.a is not None and pair.b is not None]
    assert len(both) == 75 - 10
    for a, b in both:
        assert b - a == pytest.approx(offset_s)


def test_a_gap_stays_a_gap_and_a_short_one_is_bridged() -> None:
    a = feed(25, 2)
    together = pairs(a[:20] + a[23:30] + a[40:], a)
    assert [pair.tick for pair in together if pair.a is None] == list(range(30, 40))


def test_somebody_half_gone_is_not_seen_where_missing() -> None:
    """Between a sample with and one without a value the nearer one counts, with no visibility of its own."""
    gone = Observation(
        Frame("fake:", 1, 80_000_000, PICTURE),
        Landmarks(80_000_000, 2, 2),
        Features(80_000_000, np.full(N_FEATURES, np.nan), np.zeros(N_FEATURES)),
    )
    middle = pairs([seen(0.0, 1.0), gone], [])[1]
    assert middle.a is not None
    assert np.isnan(middle.a.values).all()
    assert not middle.a.visibility.any()


def test_nothing_on_one_side_or_on_both() -> None:
    assert all(pair.b is None and pair.seen_b is None for pair in pairs(feed(25, 1), []))
    assert len(pairs(feed(25, 1), [])) == 25
    assert pairs([], []) == []


def test_each_pair_shows_the_newest_pictures_and_none_from_later_than_the_next() -> None:
    for pair in pairs(feed(25, 2), feed(30, 2)):
        for one, fps in ((pair.seen_a, 25), (pair.seen_b, 30)):
            assert one is not None
            assert abs(one.frame.t_ns - pair.t_ns) <= 1e9 / fps + 1


def slowly(items: list[Observation], wait: Callable[[int], None]) -> Iterator[Observation]:
    for k, item in enumerate(items):
        wait(k)
        yield item


@pytest.mark.parametrize("first", ["a", "b"])
def test_which_thread_is_faster_does_not_matter(first: str) -> None:
    """One feed runs as far ahead as it may before the other one delivers anything at all."""
    a, b = feed(24, 2), feed(30, 2)
    far_ahead = threading.Event()

    def ahead(k: int) -> None:
        if k == 3:
            far_ahead.set()

    def behind(_: int) -> None:
        assert far_ahead.wait(10)

    waits = (ahead, behind) if first == "a" else (behind, ahead)
    with Prefetch(slowly(a, waits[0]), name="a") as one, Prefetch(slowly(b, waits[1]), name="b") as two:
        threaded = [bytes_of(pair) for pair in file_pairs(one, two, SETTINGS)]
    assert threaded == [bytes_of(pair) for pair in pairs(a, b)]


def test_a_late_feed_is_missing_when_patience_ends_and_joins_again() -> None:
    pairing = Pairing(SETTINGS)
    for observation in feed(25, 1):
        pairing.push(0, observation)
    assert not list(pairing.ready())  # nobody knows yet what B will say
    early = list(pairing.ready(not_after_ns=400_000_000))
    assert [pair.tick for pair in early] == list(range(11))
    assert all(pair.b is None and pair.a is not None for pair in early)
    for observation in feed(25, 1):
        pairing.push(1, observation)
    rest = list(pairing.ready())
    assert [pair.tick for pair in rest] == list(range(11, 25))
    assert all(pair.b is not None for pair in rest)
