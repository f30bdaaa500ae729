"""Two recordings on one clock: unequal rates, late starts, offsets, and no say for thread timing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from mirrorsync.engine.pairing import Pairing, file_pairs
from mirrorsync.engine.prefetch import Prefetch
from mirrorsync.features.posture import BODY_FEATURES
from mirrorsync.settings import Settings
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import Features, Frame, Landmarks, Observation, Pair

SETTINGS = Settings(rate_hz=25.0, max_gap_s=0.2)
ROLL = FEATURE_INDEX["shoulder_roll"]
FOUND = [FEATURE_INDEX["pose_found"], FEATURE_INDEX["face_found"]]
PICTURE = np.zeros((2, 2, 3), np.uint8)


def seen(t_s: float, value: float, index: int = 0) -> Observation:
    t_ns = round(t_s * 1e9)
    values = np.full(N_FEATURES, value)
    values[FOUND] = 1.0
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


def without_body(t_s: float, index: int = 0) -> Observation:
    """A frame in which nobody was found."""
    t_ns = round(t_s * 1e9)
    values = np.full(N_FEATURES, np.nan)
    values[FOUND] = 0.0
    return Observation(
        Frame("fake:", index, t_ns, PICTURE),
        Landmarks(t_ns, 2, 2),
        Features(t_ns, values, np.where(np.isnan(values), 0.0, 1.0)),
    )


def dropouts(fps: float, seconds: float, gone: Callable[[float], bool]) -> list[Observation]:
    times = (np.arange(round(fps * seconds)) / fps).tolist()
    return [without_body(t, k) if gone(t) else seen(t, t, k) for k, t in enumerate(times)]


def test_a_short_dropout_is_bridged_and_as_well_seen_as_what_is_around_it() -> None:
    """Found in every frame but two in a row, 67 ms, as a landmarker does that loses a person for a moment."""
    a, b = (dropouts(30, 4, lambda t: t % 0.5 > 0.42) for _ in "ab")
    together = pairs(a, b)
    assert len(together) == 100
    for pair in together[:-3]:
        assert told(pair) == pytest.approx((pair.t_ns / 1e9, pair.t_ns / 1e9), abs=1e-9)
        assert pair.a is not None
        assert pair.a.visibility[ROLL] == pytest.approx(1.0)


def test_what_was_found_is_told_as_found_whatever_is_bridged() -> None:
    together = pairs(dropouts(25, 2, lambda t: 0.99 < t < 1.1), feed(25, 2))
    flags = [bool((pair.a.values[FOUND] > 0.5).all()) for pair in together if pair.a is not None]
    assert np.flatnonzero(~np.array(flags)).tolist() == [25, 26, 27]
    assert np.isfinite([told(pair)[0] for pair in together]).all()


def test_somebody_half_gone_is_not_seen_where_missing() -> None:
    """A feature that does not come back in time is missing, with no visibility, from its last sample on."""
    together = pairs([seen(0.0, 1.0), *(without_body(k * 0.08, k) for k in range(1, 4)), seen(0.32, 2.0)], [])
    assert [bool(np.isfinite(told(pair)[0])) for pair in together] == [True, *[False] * 7, True]
    for pair in together[1:-1]:
        assert pair.a is not None
        assert pair.a.visibility[ROLL] == 0.0


def test_a_picture_in_which_the_body_is_held_is_no_dropout() -> None:
    """Its features lack the body; ticks wait for the next body, and not until a gap would be too long."""
    pairing = Pairing(SETTINGS)
    for k, observation in enumerate(feed(30, 1)):
        if k % 2:
            values = observation.features.values.copy()
            values[[FEATURE_INDEX[name] for name in BODY_FEATURES]] = np.nan
            held = replace(observation.landmarks, body_held=True)
            held_features = Features(held.t_ns, values, np.where(np.isnan(values), 0.0, 1.0))
            observation = replace(observation, landmarks=held, features=held_features)
        for side in range(2):
            pairing.push(side, observation)
        assert pairing.until_ns == (round((k - k % 2) * 1e9 / 30),) * 2  # the newest body


def test_a_session_waits_for_a_dropout_but_not_for_somebody_who_is_out_of_the_picture() -> None:
    pairing = Pairing(SETTINGS)
    behind_s: list[float] = []
    for k, t in enumerate((np.arange(50) / 25).tolist()):
        pairing.push(0, seen(t, t, k))
        pairing.push(1, seen(t, t, k) if t < 0.99 else without_body(t, k))
        given = [pair.t_ns for pair in pairing.ready()]
        behind_s.append(t - (given[-1] / 1e9 if given else t - behind_s[-1] - 0.04))
    np.testing.assert_allclose(np.flatnonzero(np.array(behind_s) > 1e-6), [25, 26, 27, 28])


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
