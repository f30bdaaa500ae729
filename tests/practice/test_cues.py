"""Cues say what changed, seldom, and only on data that is there."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from practice_inputs import STEP_S, features, snapshot

from mirrorsync.practice.base import as_data
from mirrorsync.practice.cue_table import CUES
from mirrorsync.practice.cues import CueInputs, Cues
from mirrorsync.types import SyncScore

NAN = float("nan")
STILL = {"openness": 0.9, "lean_forward": -4.0, "mouthSmileLeft": 0.05, "mouthSmileRight": 0.05}


def score(level: float, *, coverage: float = 1.0, lag_s: float = NAN, value: float = NAN) -> SyncScore:
    return SyncScore(value=value, coverage=coverage, lag_s=lag_s, level=level)


def calm(**changes: float) -> CueInputs:
    """Return two people of whom nothing is to be said, B changed."""
    return CueInputs(snapshot(features(STILL), features(STILL | changes)), pace_a=0.3, pace_b=0.3)


def shown(cues: Cues, seconds: float, inputs: CueInputs | Callable[[float], CueInputs]) -> list[str]:
    """Feed `inputs` at 25 Hz; return the keys shown on the way, in order, each once."""
    begin = 0.0 if math.isnan(cues._watch.now_s) else cues._watch.now_s + STEP_S
    out: list[str] = []
    for k in range(round(seconds / STEP_S)):
        given_inputs = inputs if isinstance(inputs, CueInputs) else inputs(k * STEP_S)
        state = cues.tick(begin + k * STEP_S, given_inputs)
        if state.prompt and (not out or out[-1] != state.prompt):
            out.append(state.prompt)
    return out


CHANGES = {
    "partner_closed": calm(openness=0.5),
    "own_closed": CueInputs(snapshot(features(STILL | {"openness": 0.4}), features(STILL))),
    "partner_leaned_back": calm(lean_forward=-4.2),
    "partner_leaned_in": calm(lean_forward=-3.8),
    "partner_slowed": CueInputs(snapshot(), pace_a=0.1, pace_b=0.1),
    "partner_quickened": CueInputs(snapshot(), pace_a=0.9, pace_b=0.9),
    "own_faster": CueInputs(snapshot(), pace_a=0.9, pace_b=0.3),
    "partner_smiles": calm(mouthSmileLeft=0.6, mouthSmileRight=0.6),
    "eyes_apart": CueInputs(snapshot(scores={"mutual_gaze": score(0.1, value=0.0)})),
    "postures_apart": CueInputs(snapshot(scores={"posture_alignment": score(0.1)})),
    "too_exact": CueInputs(snapshot(scores={"attunement": score(0.95)}, lag_s=0.04)),
}


def test_every_cue_is_tried() -> None:
    assert set(CHANGES) == set(CUES)


@pytest.mark.parametrize("key", CHANGES)
def test_a_change_that_holds_is_told_once(key: str) -> None:
    cues = Cues()
    assert shown(cues, 30, calm()) == []
    claimed = key in {"too_exact", "eyes_apart", "postures_apart"}  # these wait for evidence first
    assert shown(cues, CUES[key].hold_s + (12 if claimed else 1), CHANGES[key]) == [f"cue.{key}"]
    assert [one.key for one in cues.stop().shown] == [key]


@pytest.mark.parametrize("key", CHANGES)
def test_a_change_that_passes_is_not_told(key: str) -> None:
    cues = Cues()
    shown(cues, 30, calm())
    assert shown(cues, CUES[key].hold_s - 0.5, CHANGES[key]) == []
    assert shown(cues, 0.2, CueInputs(snapshot())) == [], "not knowing adds nothing"


@pytest.mark.parametrize("key", CHANGES)
def test_what_is_switched_off_is_silent(key: str) -> None:
    cues = Cues([key])
    shown(cues, 30, calm())
    assert shown(cues, 25, CHANGES[key]) == []
    assert cues.stop().off == (key,)
    assert not cues.is_on(key)


def test_switching_off_takes_it_away_and_on_again_brings_it_back() -> None:
    cues = Cues(cooldown_s=20.0)
    exact = CHANGES["too_exact"]
    shown(cues, 15, exact)
    assert cues.state.prompt == "cue.too_exact"
    cues.switch("too_exact", on=False)
    assert cues.state.prompt == ""
    assert shown(cues, 30, exact) == []
    cues.switch("too_exact", on=True)
    assert shown(cues, 1, exact) == ["cue.too_exact"]
    with pytest.raises(ValueError, match="no cue"):
        cues.switch("nonsense", on=False)


def test_missing_and_badly_covered_data_say_nothing() -> None:
    nothing = CueInputs(snapshot())
    assert shown(Cues(), 60, nothing) == []
    weak = {"attunement": score(0.99, coverage=0.5), "mutual_gaze": score(0.1, coverage=0.3, value=0.0)}
    assert shown(Cues(), 60, CueInputs(snapshot(scores=weak, lag_s=0.0))) == []
    cues = Cues()
    shown(cues, 30, calm())
    hidden = CueInputs(snapshot(features(STILL), features(STILL | {"openness": 0.2}, visibility=0.1)))
    assert shown(cues, 30, hidden) == []


@pytest.mark.parametrize(
    ("scores", "lag_s", "told"),
    [
        ({"attunement": score(0.95)}, 0.05, True),
        ({"attunement": score(0.95)}, -0.05, True),
        ({"attunement": score(0.95)}, 0.4, False),
        ({"attunement": score(0.95)}, NAN, False),
        ({"attunement": score(0.6)}, 0.0, False),
        ({"head_synchrony": score(0.95, lag_s=0.04)}, 0.04, False),
    ],
)
def test_too_exact_needs_both_being_in_step_and_no_delay(
    scores: dict[str, SyncScore], lag_s: float, told: bool
) -> None:
    inputs = CueInputs(snapshot(scores=scores, lag_s=lag_s))
    assert shown(Cues(), 20, inputs) == (["cue.too_exact"] if told else [])


@pytest.mark.parametrize(("level", "told"), [(0.1, True), (0.3, False)])
def test_apart_is_said_only_where_strangers_hardly_are(level: float, told: bool) -> None:
    inputs = CueInputs(snapshot(scores={"posture_alignment": score(level)}))
    assert shown(Cues(), 60, inputs) == (["cue.postures_apart"] if told else [])


def test_a_smile_that_is_answered_is_no_cue() -> None:
    smile = STILL | {"mouthSmileLeft": 0.6, "mouthSmileRight": 0.6}
    cues = Cues()
    shown(cues, 30, calm())
    assert shown(cues, 5, CueInputs(snapshot(features(smile), features(smile)))) == []


def test_who_hardly_moved_neither_slows_nor_quickens() -> None:
    cues = Cues(["own_faster"])
    shown(cues, 30, CueInputs(snapshot(), pace_a=0.05, pace_b=0.05))
    assert shown(cues, 10, CueInputs(snapshot(), pace_a=0.01, pace_b=0.01)) == []
    assert shown(cues, 10, CueInputs(snapshot(), pace_a=0.08, pace_b=0.085)) == []


def test_a_new_way_to_sit_becomes_the_usual_one() -> None:
    cues = Cues()
    shown(cues, 60, calm())
    assert shown(cues, 400, calm(openness=0.5)) == ["cue.partner_closed"]


def test_a_cue_leaves_and_progress_runs_with_it() -> None:
    cues = Cues(show_s=8.0)
    states = [cues.tick(k * STEP_S, CHANGES["too_exact"]) for k in range(700)]
    progress = [state.progress for state in states if state.phase == "showing"]
    assert len(progress) == pytest.approx(8.0 / STEP_S, abs=2)
    assert progress == sorted(progress)
    assert progress[-1] <= 1.0
    assert states[-1].phase == "quiet"
    with pytest.raises(ValueError, match="cannot stay"):
        Cues(gap_s=5.0, show_s=6.0)


def test_a_dismissed_cue_brings_the_next_no_sooner() -> None:
    many = {"attunement": score(0.95), "mutual_gaze": score(0.1, value=0.0)}
    cues = Cues()
    inputs = CueInputs(snapshot(scores=many, lag_s=0.0))
    shown(cues, 15, inputs)
    assert cues.dismiss().prompt == ""
    assert shown(cues, 60, inputs) == ["cue.eyes_apart"]
    first, second = cues.stop().shown
    assert second.at_s - first.at_s >= 20.0
    assert as_data(cues.stop())["shown"][0]["key"] == "too_exact"


FLOATS = st.one_of(st.just(NAN), st.floats(-5.0, 5.0))
PEOPLE = st.none() | st.builds(
    features,
    st.fixed_dictionaries(dict.fromkeys(STILL, FLOATS)),
    visibility=st.floats(0.0, 1.0),
)
SCORES = st.dictionaries(
    st.sampled_from(("attunement", "posture_alignment", "mutual_gaze", "head_synchrony")),
    st.builds(SyncScore, value=FLOATS, coverage=st.floats(0.0, 1.0), lag_s=FLOATS, level=FLOATS),
)
TICKS = st.tuples(
    st.floats(0.0, 40.0),
    st.integers(1, 200),
    st.builds(
        CueInputs,
        st.builds(snapshot, PEOPLE, PEOPLE, SCORES, lag_s=FLOATS),
        pace_a=FLOATS,
        pace_b=FLOATS,
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(TICKS, max_size=12))
def test_cues_are_never_closer_than_twenty_seconds(ticks: list[tuple[float, int, CueInputs]]) -> None:
    cues, now_s = Cues(cooldown_s=20.0), 0.0
    starts: list[float] = []
    for pause_s, repeats, inputs in ticks:
        now_s += pause_s
        for _ in range(repeats):
            now_s += 0.1
            before = cues.state.prompt
            state = cues.tick(now_s, inputs)
            assert (state.phase == "showing") == bool(state.prompt)
            if state.prompt and state.prompt != before:
                starts.append(now_s)
    result = cues.stop()
    assert [one.at_s for one in result.shown] == starts
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert all(gap >= 20.0 for gap in gaps)
