"""The ring fills only while both look, never empties, and can be left at any moment."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirrorsync.errors import SettingsError
from mirrorsync.practice.base import as_data
from mirrorsync.practice.mutual_gaze import MutualGaze, MutualGazeState

NAN = math.nan
LOOK, AWAY = 1.0, 0.0


class Run:
    """Ticks at 20 Hz on a clock of its own."""

    def __init__(self, gaze: MutualGaze) -> None:
        self.gaze = gaze
        self.tick = 0

    def on(self, seconds: float, mutual: float) -> list[MutualGazeState]:
        states = []
        for _ in range(round(seconds * 20)):
            states.append(self.gaze.tick(self.tick / 20, mutual))
            self.tick += 1
        return states


def begun(seconds: float = 30.0, **more: float) -> Run:
    gaze = MutualGaze(seconds, **more)  # type: ignore[arg-type]  # the numbers among its keywords
    gaze.begin()
    return Run(gaze)


def test_it_waits_for_begin() -> None:
    run = Run(MutualGaze())
    assert {(s.phase, s.progress) for s in run.on(40, LOOK)} == {("ready", 0.0)}
    assert run.gaze.begin().phase == "looking"


def test_it_is_full_after_the_time_that_both_looked() -> None:
    run = begun(30)
    assert run.on(29.9, LOOK)[-1].phase == "looking"
    state = run.on(0.3, LOOK)[-1]
    assert (state.phase, state.progress, state.question) == ("question", 1.0, "gaze.reflect")
    result = run.gaze.answer("  Warmth, then a flutter. ")
    assert result.completed
    assert (result.filled_s, result.longest_s, result.groundings) == (30.0, 30.0, 0)
    assert (result.question, result.answer) == ("gaze.reflect", "Warmth, then a flutter.")
    assert as_data(result)["wanted_s"] == 30.0
    assert run.gaze.state.phase == "done"


@pytest.mark.parametrize("other", [AWAY, NAN])
def test_looking_away_and_not_knowing_pause_it(other: float) -> None:
    run = begun()
    filled = run.on(10, LOOK)[-1].filled_s
    states = run.on(10, other)
    assert {s.filled_s for s in states} == {filled}
    assert not states[-1].together
    assert states[-1].prompt == ("gaze.unknown" if math.isnan(other) else "gaze.waiting")
    assert run.on(5, LOOK)[-1].filled_s == pytest.approx(filled + 5, abs=0.11)


def test_a_blink_leaves_it_lit_and_the_stretch_whole() -> None:
    run = begun()
    run.on(5, LOOK)
    assert all(s.together for s in run.on(0.3, AWAY))
    run.on(5, LOOK)
    run.on(2, AWAY)
    run.on(3, LOOK)
    run.gaze.stop()
    result = run.gaze.answer("")
    assert result.longest_s == pytest.approx(10, abs=0.2)
    assert result.filled_s == pytest.approx(13, abs=0.3)


def test_it_became_much() -> None:
    run = begun()
    run.on(5, LOOK)
    assert run.gaze.ground().prompt == "gaze.grounding"
    states = run.on(20, LOOK)
    assert {s.phase for s in states} == {"grounding"}
    assert [s.filled_s for s in states] == pytest.approx([4.95] * len(states))
    assert run.gaze.resume().phase == "looking"
    run.on(1, LOOK)
    run.gaze.ground()
    assert run.gaze.stop().question == "gaze.reflect"
    result = run.gaze.answer("It was a lot.")
    assert (result.groundings, result.completed) == (2, False)
    assert result.duration_s < 6.1
    assert result.filled_s == pytest.approx(5.9, abs=0.06)


def test_it_can_be_stopped_in_every_phase() -> None:
    ready = MutualGaze()
    assert ready.stop().phase == "done"
    calibrating = MutualGaze(calibrate=True)
    calibrating.begin()
    assert calibrating.stop().phase == "done"
    asked = begun().gaze
    assert [asked.stop().phase, asked.stop().phase, asked.stop().phase] == ["question", "done", "done"]
    assert asked.result is not None
    assert asked.result.answer == ""
    with pytest.raises(ValueError, match="no question"):
        asked.answer("too late")


def test_keys_do_nothing_where_they_have_no_meaning() -> None:
    gaze = MutualGaze()
    assert [gaze.ground().phase, gaze.resume().phase] == ["ready", "ready"]
    assert [gaze.again().phase, gaze.go_on().phase] == ["ready", "ready"]
    assert gaze.measured(you=True, partner=True).phase == "ready"
    gaze.begin()
    assert [gaze.begin().phase, gaze.resume().phase] == ["looking", "looking"]


def test_calibration_measures_both_directions_first() -> None:
    gaze = MutualGaze(calibrate=True, calibrate_s=3.0)
    gaze.begin()
    run = Run(gaze)
    states = run.on(4.5, LOOK) + run.on(0.2, LOOK)
    assert states[-1].progress == 1.0
    assert gaze.measured(you=True, partner=True).phase == "calibrating"
    states += run.on(4.6, LOOK)
    assert gaze.measured(you=False, partner=True).phase == "looking", "the camera is only compared with"
    assert gaze.calibrated
    asked = [s.prompt for s in states if s.phase == "calibrating"]
    measured = [s.calibrating for s in states if s.calibrating]
    assert list(dict.fromkeys(asked)) == ["gaze.calibrate_partner", "gaze.calibrate_camera"]
    assert list(dict.fromkeys(measured)) == ["partner", "camera"]
    assert measured.count("partner") == pytest.approx(64, abs=1), "until it is known"
    assert states[10].calibrating == "", "the eyes are still on their way"


@pytest.mark.parametrize(
    ("you", "partner", "prompt"),
    [(False, True, "you"), (True, False, "partner"), (False, False, "both")],
)
def test_calibration_that_fails_is_said_and_tried_again_or_done_without(
    you: bool, partner: bool, prompt: str
) -> None:
    gaze = MutualGaze(calibrate=True)
    gaze.begin()
    run = Run(gaze)
    run.on(4.6, LOOK)
    state = gaze.measured(you=you, partner=partner)
    assert (state.phase, state.prompt) == ("unmeasured", f"gaze.unmeasured_{prompt}")
    assert run.on(20, LOOK)[-1] == state, "it waits"
    assert gaze.again().phase == "calibrating"
    assert run.on(1, LOOK)[-1].calibrating == "", "the eyes are on their way again"
    run.on(3.6, LOOK)
    gaze.measured(you=you, partner=partner)
    assert gaze.go_on().phase == "looking"
    assert not gaze.calibrated


def test_without_measuring_it_is_a_clock_that_claims_nothing() -> None:
    gaze = MutualGaze(timer=True)
    gaze.begin()
    states = Run(gaze).on(29, AWAY)
    assert not any(state.together for state in states)
    assert {state.prompt for state in states} == {"gaze.timer"}
    assert states[-1].filled_s == pytest.approx(29, abs=0.2)
    assert gaze.stop().phase == "question"
    assert not gaze.answer("Calm").measured


def test_calibration_that_is_never_answered_has_failed() -> None:
    gaze = MutualGaze(calibrate=True)
    gaze.begin()
    assert Run(gaze).on(10, LOOK)[-1].phase == "unmeasured"
    assert gaze.stop().phase == "done"


@pytest.mark.parametrize("seconds", [4.9, 300.1, NAN])
def test_a_length_out_of_range_is_refused(seconds: float) -> None:
    with pytest.raises(SettingsError, match="5 to 300"):
        MutualGaze(seconds)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from((0.0, 0.04, 0.1, 0.3, 0.6, 3.0)),
        st.sampled_from((LOOK, LOOK, LOOK, AWAY, NAN)),
        st.sampled_from(("", "", "", "", "", "ground", "resume", "begin")),
        st.integers(1, 30),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(EVENTS)
def test_the_ring_is_monotone_and_full_only_after_both_looked(
    events: list[tuple[float, float, str, int]],
) -> None:
    gaze = MutualGaze(5.0)
    gaze.begin()
    now_s = looked_s = before = 0.0
    for passed, mutual, key, repeats in events:
        if key:
            getattr(gaze, key)()
        for _ in range(repeats):
            now_s += passed
            looking = gaze.state.phase == "looking"
            state = gaze.tick(now_s, mutual)
            looked_s += passed if looking and mutual == LOOK else 0.0
            assert before <= state.progress <= 1.0
            assert state.filled_s <= looked_s + 1e-9
            assert mutual == LOOK or state.progress == before
            assert (state.progress == 1.0) == (state.phase == "question")
            before = state.progress
