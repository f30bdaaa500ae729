"""Recordings through the whole pipeline, with a landmarker that knows the truth."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from fake_landmarks import FakeLandmarker, Person
from fakes import FakeSource

from mirrorsync.engine.engine import Engine
from mirrorsync.engine.observe import Observer, observations
from mirrorsync.engine.offline import analyse
from mirrorsync.errors import LandmarkerError, SourceError
from mirrorsync.settings import Settings
from mirrorsync.tables import CHANNELS, FEATURE_INDEX
from mirrorsync.types import Frame, Landmarks, Pair, Snapshot

SETTINGS = Settings(rate_hz=10.0, window_s=3.0, lag_s=1.0, step_s=0.5, surrogates=2, baseline_s=2.0)
PITCH, CHEST = FEATURE_INDEX["head_pitch"], FEATURE_INDEX["chest_velocity"]


def times(seconds: float, fps: float = 10.0) -> list[float]:
    return [k / fps for k in range(round(seconds * fps))]


def nodding(late_s: float = 0.0, breath_hz: float = 0.25) -> FakeLandmarker:
    """Nods in a way that never repeats, and breathes."""

    def at(frame: Frame) -> Person:
        t = frame.t_ns / 1e9 - late_s
        pitch = 8 * np.sin(3.1 * t + 2 * np.sin(0.7 * t)) + 4 * np.sin(1.9 * t * (1 + 0.02 * t))
        return Person(pitch_deg=float(pitch), chest_flow=0.01 * float(np.cos(2 * np.pi * breath_hz * t)))

    return FakeLandmarker(at)


def run(seconds: float, *, late_s: float = 0.0) -> list[Snapshot]:
    makers = {"mirrorsync-analyse-a": lambda: nodding(), "mirrorsync-analyse-b": lambda: nodding(late_s)}

    def make() -> FakeLandmarker:
        return makers[threading.current_thread().name]()

    a, b = FakeSource(times(seconds)), FakeSource(times(seconds))
    out = list(analyse(a, b, SETTINGS, make))
    assert a.closed
    assert b.closed
    return out


def test_a_partner_who_nods_later_is_found_to_follow() -> None:
    out = run(40, late_s=0.5)
    assert [one.pair.tick for one in out] == list(range(400))
    end = out[-1]
    assert set(end.scores) == set(CHANNELS)
    assert end.leader == "a"
    assert end.scores["head_synchrony"].lag_s == pytest.approx(0.5, abs=0.06)
    assert end.scores["head_synchrony"].value > 0.8
    # Both breathe 15 a minute and sit still.
    assert end.scores["breathing_match"].value == pytest.approx(1.0, abs=0.1)
    assert np.isnan(end.latency_ms)
    shown = end.pair.seen_a
    assert shown is not None
    assert shown.frame.t_ns == shown.landmarks.t_ns == shown.features.t_ns


def test_the_same_input_gives_the_same_scores() -> None:
    one, two = run(8, late_s=0.3), run(8, late_s=0.3)
    assert str([s.scores for s in one]) == str([s.scores for s in two])
    assert str([s.windows for s in one]) == str([s.windows for s in two])


def test_sources_are_closed_and_threads_joined_when_the_caller_has_had_enough() -> None:
    a, b = FakeSource(times(60)), FakeSource(times(60))
    landmarkers: list[FakeLandmarker] = []

    def make() -> FakeLandmarker:
        landmarkers.append(FakeLandmarker())
        return landmarkers[-1]

    running = analyse(a, b, SETTINGS, make)
    next(iter(running))
    running.close()  # type: ignore[attr-defined]  # a generator
    assert a.closed
    assert b.closed
    assert [one.closed for one in landmarkers] == [1, 1]


def test_a_feed_that_breaks_off_ends_the_analysis_with_its_error() -> None:
    a, b = FakeSource(times(4)), FakeSource(times(4), fail_at=20)
    with pytest.raises(SourceError, match="broke off"):
        list(analyse(a, b, SETTINGS, FakeLandmarker))
    assert a.closed
    assert b.closed


def test_a_model_that_fails_or_does_not_load_too() -> None:
    with pytest.raises(LandmarkerError, match="frame 7"):
        list(analyse(FakeSource(times(4)), FakeSource(times(4)), SETTINGS, lambda: FakeLandmarker(fail_at=7)))

    def none() -> FakeLandmarker:
        raise LandmarkerError("no model")

    with pytest.raises(LandmarkerError, match="no model"):
        list(analyse(FakeSource(times(4)), FakeSource(times(4)), SETTINGS, none))


def test_observations_carry_frame_landmarks_and_features_of_one_time() -> None:
    source = FakeSource([0.0, 0.5, 0.7])
    out = list(observations(source, nodding))
    assert [one.frame.index for one in out] == [0, 1, 2]
    for one in out:
        assert one.frame.t_ns == one.landmarks.t_ns == one.features.t_ns
    assert not source.closed  # the caller's
    observed = Observer(nodding()).observe(out[0].frame, captured_ns=7, dropped=3)
    assert (observed.captured_ns, observed.dropped) == (7, 3)


def test_an_engine_without_anybody_scores_nothing_and_does_not_break() -> None:
    engine = Engine(SETTINGS)
    for tick in range(60):
        snapshot = engine.step(Pair(tick, tick * 100_000_000, None, None))
        assert all(np.isnan(score.value) for score in snapshot.scores.values())
        assert snapshot.leader == "none"
    assert len(list(engine.run([Pair(60, 6_000_000_000, None, None)]))) == 1


def test_the_body_of_the_next_frame_is_begun_and_no_frame_is_lost_to_an_error_after_it() -> None:
    told: list[str] = []

    class Told(FakeLandmarker):
        def expect(self, frame: Frame) -> None:
            told.append(f"expect {frame.index}")
            super().expect(frame)

        def detect(self, frame: Frame, *, body: bool = True) -> Landmarks:
            told.append(f"detect {frame.index}")
            return super().detect(frame, body=body)

    def breaking() -> Iterator[Frame]:
        for k in range(3):
            yield Frame("fake:", k, k * 40_000_000, np.zeros((4, 4, 3), np.uint8))
        raise SourceError("The file ends in the middle of a picture.")

    seen = observations(breaking(), Told)
    assert [next(seen).frame.index for _ in range(3)] == [0, 1, 2]
    with pytest.raises(SourceError):
        next(seen)
    assert told == ["expect 0", "expect 1", "detect 0", "expect 2", "detect 1", "detect 2"]


def test_a_landmarker_is_asked_to_begin_on_nothing_of_the_next_piece() -> None:
    told: list[list[int]] = []

    class Told(FakeLandmarker):
        def __init__(self) -> None:
            super().__init__()
            self.expected: list[int] = []
            told.append(self.expected)

        def expect(self, frame: Frame) -> None:
            self.expected.append(frame.index)

    picture = np.zeros((4, 4, 3), np.uint8)
    source = (Frame("fake:", k, k * 500_000_000, picture) for k in range(300))  # 150 s: a piece and a quarter
    assert len(list(observations(source, Told))) == 300
    assert told == [list(range(240)), list(range(240, 300))]
