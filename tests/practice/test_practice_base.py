"""The clock that is handed in, conditions that must hold, and what can be stored."""

from __future__ import annotations

import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from practice_inputs import features

from mirrorsync.practice.base import Hold, Stopwatch, as_data, seen_value
from mirrorsync.practice.breathing_pacer import BreathingPacer
from mirrorsync.practice.cue_table import CUES
from mirrorsync.practice.emotion_labelling import OUTCOMES, PATTERNS
from mirrorsync.practice.texts import TEXTS, say
from mirrorsync.practice.warmup import CHOICES, Warmup

STEPS = st.lists(
    st.tuples(st.floats(0.0, 2.0), st.sampled_from((True, False, None))), min_size=1, max_size=60
)


def test_a_stopwatch_measures_between_ticks() -> None:
    watch = Stopwatch()
    assert [watch.step(now_s) for now_s in (100.0, 100.5, 100.5, 102.0)] == [0.0, 0.5, 0.0, 1.5]


@pytest.mark.parametrize("now_s", [0.9, math.nan, math.inf])
def test_time_does_not_run_back(now_s: float) -> None:
    watch = Stopwatch()
    watch.step(1.0)
    with pytest.raises(ValueError, match="order"):
        watch.step(now_s)


@given(STEPS)
def test_held_is_never_more_than_the_time_since_the_last_no(steps: list[tuple[float, bool | None]]) -> None:
    hold, since_no = Hold(), 0.0
    for passed, condition in steps:
        since_no = 0.0 if condition is False else since_no + passed
        held = hold.update(passed, condition)
        assert 0.0 <= held <= since_no + 1e-9
        if condition is False:
            assert held == 0.0


def test_a_short_gap_stands_still_and_a_long_one_ends_it() -> None:
    hold = Hold(grace_s=0.5)
    for _ in range(11):
        hold.update(0.1, True)
    assert hold.held_s == pytest.approx(1.0)
    for _ in range(4):
        hold.update(0.1, None)
    assert hold.held_s == pytest.approx(1.0)
    for _ in range(2):
        hold.update(0.1, None)
    assert hold.held_s == 0.0


def test_two_ticks_far_apart_prove_nothing() -> None:
    hold = Hold()
    hold.update(0.0, True)
    assert hold.update(30.0, True) == 0.0


def test_what_is_not_seen_well_enough_is_not_a_number() -> None:
    half_seen = features({"openness": 0.7}, visibility=0.4)
    assert seen_value(half_seen, "openness", min_visibility=0.4) == 0.7
    assert math.isnan(seen_value(half_seen, "openness", min_visibility=0.5))
    assert math.isnan(seen_value(half_seen, "head_roll", min_visibility=0.0))
    assert math.isnan(seen_value(None, "openness", min_visibility=0.0))


def test_results_become_json_and_missing_becomes_null() -> None:
    data = as_data(Warmup().stop())
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["seen_a"] is None
    assert data["answers"] == {"flipped": None, "mirror": None}
    assert as_data(BreathingPacer(6.0).stop())["chosen_per_min"] == 6.0
    with pytest.raises(TypeError):
        as_data({"seen_a": 1.0})


def test_every_key_that_is_built_from_parts_has_words() -> None:
    built = [f"cue.{key}{end}" for key in CUES for end in ("", ".about")]
    built += [f"{question}.{choice}" for question, choices in CHOICES.items() for choice in choices]
    built += [*CHOICES, *(f"label.invite.{name}" for name in PATTERNS)]
    built += [f"label.answer.{outcome}" for outcome in OUTCOMES]
    assert [key for key in built if key not in TEXTS] == []
    assert say("") == ""


def test_no_cue_judges_or_commands() -> None:
    judging = re.compile(
        r"\b(good|bad|well|wrong|right|better|worse|too|should|must|try|fail\w*|poor\w*|great|not enough|"
        r"careful|don't|stop|please)\b",
        re.IGNORECASE,
    )
    assert [TEXTS[f"cue.{key}"] for key in CUES if judging.search(TEXTS[f"cue.{key}"])] == []


def test_an_invitation_is_always_a_question_in_the_first_person() -> None:
    invitations = [TEXTS[f"label.invite.{name}"] for name in PATTERNS]
    assert all(words.startswith("I sense some") and words.endswith("?") for words in invitations)
