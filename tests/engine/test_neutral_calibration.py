"""Neutrals that are learnt and set: said when it happens, kept with the session, and never for the past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_sessions import META

from mirrorsync.analysis import statistics_of
from mirrorsync.engine.engine import Engine
from mirrorsync.session.store import SessionReader, SessionWriter
from mirrorsync.settings import Settings
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES, feature_slice
from mirrorsync.types import Features, FloatArray, Pair, SessionEvent, Snapshot

SETTINGS = Settings(rate_hz=10.0, window_s=2.0, lag_s=0.5, step_s=0.5, surrogates=2, baseline_s=6.0)
SMILE, YAW = FEATURE_INDEX["mouthSmileLeft"], FEATURE_INDEX["gaze_yaw"]
OPENNESS = FEATURE_INDEX["openness"]
FOUND = [FEATURE_INDEX["pose_found"], FEATURE_INDEX["face_found"]]


def somebody(tick: int, seed: int) -> FloatArray:
    values = 0.5 + 0.1 * np.random.default_rng((seed, tick)).normal(size=N_FEATURES)
    values[FOUND] = 1.0
    return values


def run(
    engine: Engine,
    ticks: range,
    change: Callable[[FloatArray], None] = lambda _: None,
    *,
    offset: float = 0.0,
) -> list[Snapshot]:
    """Step through ticks; `change` alters A's values in place."""
    out = []
    for tick in ticks:
        a, b = somebody(tick, 1) + offset, somebody(tick, 2)
        change(a)
        people = [Features(tick, v, np.where(np.isnan(v), 0.0, 1.0)) for v in (a, b)]
        out.append(engine.step(Pair(tick, tick * 100_000_000, people[0], people[1])))
    return out


def events(snapshots: list[Snapshot], side: str = "a") -> list[SessionEvent]:
    return [e for one in snapshots for e in one.events if e.data["side"] == side]


def said(snapshots: list[Snapshot]) -> list[str]:
    return [message for one in snapshots for message in one.messages]


def test_learning_is_kept_step_by_step_and_its_end_is_said_once() -> None:
    ran = run(Engine(SETTINGS), range(100))
    assert said(ran) == [
        "Your neutral is learnt and stands still from now on.",
        "Your partner's neutral is learnt and stands still from now on.",
    ]
    kept = events(ran)
    assert [e.t_ns / 1e9 for e in kept] == pytest.approx([1.9, 2.9, 3.9, 4.9, 5.9], abs=0.11)
    assert {e.data["cause"] for e in kept} == {"learnt"}
    assert kept[-1].data["values"]["mouthSmileLeft"] == pytest.approx(0.5, abs=0.1)


def test_what_is_learnt_late_is_said_when_it_counts() -> None:
    """The face comes into sight when the rest has been learnt: with these settings it counts after 6 s."""
    face = feature_slice("expression")

    def faceless(values: FloatArray) -> None:
        values[face] = np.nan

    engine = Engine(SETTINGS)
    first = said(run(engine, range(100), faceless))
    assert (
        first[0]
        == "Your neutral is learnt and stands still from now on, but for what was hardly seen so far."
    )
    assert first[1:] == ["Your partner's neutral is learnt and stands still from now on."]
    late = run(engine, range(100, 300))
    (event,) = events(late)
    (words,) = said(late)
    assert words.startswith(
        "Your neutral has grown by what was hardly seen of the face before. Scores from now on"
    )
    assert [one.messages for one in late if one.events] == [(words,)]
    assert event.data["cause"] == "learnt"
    assert event.data["values"]["mouthSmileLeft"] == pytest.approx(0.5, abs=0.1)


def test_a_calibrated_neutral_counts_from_its_end_on_and_says_so() -> None:
    engine, plain = Engine(SETTINGS), Engine(SETTINGS)
    before = run(engine, range(100))
    for one, other in zip(before, run(plain, range(100)), strict=True):
        assert one.scores == pytest.approx(other.scores) or str(one.scores) == str(other.scores)
    engine.calibrate("a", seconds=2.0)
    ran = run(engine, range(100, 140), offset=1.0)
    (event,) = events(ran)
    assert event.t_ns == 119 * 100_000_000  # the twentieth tick
    assert event.data["cause"] == "set"
    assert event.data["values"]["mouthSmileLeft"] == pytest.approx(1.5, abs=0.1)
    assert event.data["values"]["gaze_yaw"] == pytest.approx(0.5, abs=0.1)  # gaze has its own calibration
    assert said(ran) == [
        "Your neutral was set. Scores from now on are compared with it; earlier ones stay as they were."
    ]
    assert events(ran, "b") == []
    uncalibrated = run(plain, range(100, 140), offset=1.0)
    values = [[one.scores["expression_alignment"].value for one in two] for two in (ran, uncalibrated)]
    assert values[0][:19] == values[1][:19]
    assert values[0][25] != values[1][25]


def test_nothing_is_set_when_nobody_is_seen() -> None:
    engine = Engine(SETTINGS)
    run(engine, range(80))

    def leave(values: FloatArray) -> None:
        values[:] = np.nan

    engine.calibrate("a")
    ran = run(engine, range(80, 120), leave)
    assert events(ran) == []
    assert "nobody was seen" in said(ran)[0]


def test_gaze_is_calibrated_by_itself_and_makes_the_direction_of_looking() -> None:
    engine = Engine(SETTINGS)
    run(engine, range(80))

    def aside(values: FloatArray) -> None:
        values[YAW] += 40.0

    engine.calibrate_gaze("a", target="camera")
    ran = run(engine, range(80, 120), aside)
    (event,) = events(ran)
    assert event.data["cause"] == "gaze"
    assert event.data["values"]["gaze_yaw"] == pytest.approx(40.5, abs=0.3)
    assert ran[0].scores["mutual_gaze"].value == 0.0
    assert ran[-1].scores["mutual_gaze"].value == 1.0
    engine.calibrate_gaze("a", target="partner")
    again = run(engine, range(120, 160), aside)
    assert said(again)[-1] == "Looking at the picture and at the camera cannot be told apart here."
    with pytest.raises(ValueError, match="partner"):
        engine.calibrate_gaze("a", target="ceiling")


def test_a_gaze_that_wanders_calibrates_nothing() -> None:
    engine = Engine(SETTINGS)
    run(engine, range(80))
    rng = np.random.default_rng(1)

    def wander(values: FloatArray) -> None:
        values[YAW] += 30 * rng.normal()

    engine.calibrate_gaze("a")
    assert engine.gaze_target("a") is None
    ran = run(engine, range(80, 120), wander)
    found = engine.gaze_target("a")
    assert found is not None
    assert not found.useful
    engine.calibrate_gaze("a")
    assert engine.gaze_target("a") is None, "it goes on"
    assert events(ran) == []
    assert said(ran)[0].startswith("Your gaze was not calibrated.")


def test_a_neutral_from_elsewhere_is_taken_at_the_next_tick() -> None:
    engine = Engine(SETTINGS)
    mine = np.full(N_FEATURES, np.nan)
    mine[SMILE] = 0.9
    engine.set_neutral("b", mine)
    ran = run(engine, range(80))
    first = events(ran, "b")[0]
    assert (first.t_ns, first.data["values"]) == (0, {"mouthSmileLeft": 0.9})
    last = events(ran, "b")[-1].data["values"]
    assert last["mouthSmileLeft"] == 0.9  # what was set goes before what is learnt
    assert last["openness"] == pytest.approx(0.5, abs=0.1)


def test_expression_words_come_out_of_the_engine() -> None:
    engine = Engine(SETTINGS)
    run(engine, range(80))

    def smile(values: FloatArray) -> None:
        values[[SMILE, FEATURE_INDEX["mouthSmileRight"]]] += 0.5

    run(engine, range(80, 110), smile)
    assert "a smile" in [one.words for one in engine.expression("a").words]
    assert "a smile" not in [one.words for one in engine.expression("b").words]


def _stored(path: Path, snapshots: list[Snapshot]) -> Path:
    with SessionWriter(path, replace(META, parameters=SETTINGS.as_dict(scores_only=True))) as writer:
        for one in snapshots:
            writer.add(one)
    return path


def test_the_statistics_use_the_neutral_that_was_in_force(tmp_path: Path) -> None:
    def calibrated() -> list[Snapshot]:
        engine = Engine(SETTINGS)
        first = run(engine, range(200))
        engine.calibrate("a")
        return first + run(engine, range(200, 400), offset=1.0)

    ran = calibrated()
    whole = _stored(tmp_path / "whole.mirrorsync", ran)
    with SessionReader(whole) as reader:
        stored = list(reader.events("neutral"))
        assert [dict(e.data) for e in stored] == [dict(e.data) for one in ran for e in one.events]
        assert list(reader.events("journal")) == []
        with_events = statistics_of(reader)["expression_alignment"]["chance_mean"]
    lost = _stored(tmp_path / "lost.mirrorsync", [replace(one, events=()) for one in ran])
    with SessionReader(lost) as reader:
        learnt_again = statistics_of(reader)["expression_alignment"]["chance_mean"]
    assert np.isfinite(with_events)
    assert with_events != pytest.approx(learnt_again, abs=1e-3)


def test_learning_again_gives_what_was_stored(tmp_path: Path) -> None:
    ran = run(Engine(SETTINGS), range(300))
    results = []
    for name, snapshots in (("kept", ran), ("bare", [replace(one, events=()) for one in ran])):
        with SessionReader(_stored(tmp_path / f"{name}.mirrorsync", snapshots)) as reader:
            results.append(statistics_of(reader))
    for name, statistics in results[0].items():
        for key, value in statistics.items():
            assert value == pytest.approx(results[1][name][key], abs=1e-5, nan_ok=True)


def test_a_recording_that_begins_late_can_start_from_the_neutrals_in_force() -> None:
    engine = Engine(SETTINGS)
    run(engine, range(100))
    both = engine.neutrals(5)
    assert [e.data["side"] for e in both] == ["a", "b"]
    assert {e.data["cause"] for e in both} == {"recording"}
    assert all(len(e.data["values"]) == N_FEATURES for e in both)
