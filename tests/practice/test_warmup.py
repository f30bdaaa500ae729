"""One minute, two questions asked once, both neutrals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirrorsync.practice.base import as_data
from mirrorsync.practice.warmup import Warmup, WarmupAnswers, WarmupInputs, WarmupState

KNOWN = WarmupAnswers(flipped=True, mirror="auto")
BOTH = WarmupInputs(seen_a=True, seen_b=True)


def run(
    warmup: Warmup, seconds: float, inputs: WarmupInputs = BOTH, *, start_s: float = 0.0
) -> list[WarmupState]:
    """Tick at 10 Hz through `seconds`; return the states."""
    return [warmup.tick(start_s + k / 10, inputs) for k in range(round(seconds * 10) + 1)]


def test_both_questions_come_first_and_the_minute_waits_for_them() -> None:
    warmup = Warmup()
    states = run(warmup, 30)
    assert {state.question for state in states} == {"warmup.flipped"}
    assert warmup.answer("not_flipped").question == "warmup.mirror"
    assert warmup.answer("mirror").phase == "posture"
    assert warmup.tick(30.1, BOTH).progress == pytest.approx(0.1 / 60)


def test_what_was_answered_is_kept_and_not_asked_again() -> None:
    first = Warmup()
    run(first, 1)
    first.answer("flipped")
    first.answer("later")
    answers = first.stop().answers
    assert answers == WarmupAnswers(flipped=True, mirror=None)
    second = Warmup(answers)
    assert run(second, 1)[-1].question == "warmup.mirror"
    second.answer("anatomical")
    assert run(Warmup(second.stop().answers), 1)[-1].question == ""


@pytest.mark.parametrize("choice", ["mirror", "", "yes"])
def test_an_answer_to_another_question_is_refused(choice: str) -> None:
    warmup = Warmup()
    run(warmup, 1)
    with pytest.raises(ValueError, match="answer"):
        warmup.answer(choice)


def test_nothing_can_be_answered_when_nothing_was_asked() -> None:
    with pytest.raises(ValueError, match="answer"):
        Warmup(KNOWN).answer("flipped")


def test_posture_settles_then_gaze_while_both_neutrals_are_learnt() -> None:
    warmup = Warmup(KNOWN)
    states = run(warmup, 60.1)
    assert [state.phase for state in (states[10], states[290], states[310], states[590])] == [
        "posture", "posture", "gaze", "gaze",
    ]  # fmt: skip
    assert [state.learning for state in states[:300]] == [False] * 300
    assert sum(state.learning for state in states) == pytest.approx(10 * warmup.learn_s, abs=2)
    holds = ("warmup.now.flipped", "warmup.now.auto")
    assert states[-1] == WarmupState("done", 1.0, "warmup.done", left_s=0.0, outcome=holds)
    assert warmup.result is not None
    assert (warmup.result.completed, warmup.result.learnt_a, warmup.result.learnt_b) == (True, True, True)
    assert as_data(warmup.result)["answers"] == {"flipped": True, "mirror": "auto"}


def test_who_was_not_seen_has_no_neutral_and_it_is_said() -> None:
    warmup = Warmup(KNOWN)
    states = run(warmup, 60.1, WarmupInputs(seen_a=True, seen_b=False))
    assert states[15].notice == ""
    assert states[30].notice == "warmup.unseen_partner"
    assert states[-1].prompt == "warmup.done_you"
    result = warmup.stop()
    assert (result.learnt_a, result.learnt_b, result.seen_b) == (True, False, 0.0)


def test_stopped_early_claims_nothing() -> None:
    warmup = Warmup(KNOWN)
    run(warmup, 45)
    result = warmup.stop()
    assert result.seen_a == pytest.approx(1.0)
    assert (result.completed, result.learnt_a) == (False, False)
    assert warmup.tick(46.0, BOTH).phase == "done"
    assert warmup.stop() == result


def test_a_computer_that_slept_learns_nothing_meanwhile() -> None:
    warmup = Warmup(KNOWN)
    run(warmup, 31)
    warmup.tick(100.0, BOTH)
    assert warmup.result is not None
    assert not warmup.result.learnt_a


@given(st.lists(st.tuples(st.floats(0.0, 3.0), st.booleans(), st.booleans()), max_size=80))
def test_progress_never_goes_back(ticks: list[tuple[float, bool, bool]]) -> None:
    warmup, now_s, before = Warmup(KNOWN), 0.0, 0.0
    for passed, seen_a, seen_b in ticks:
        now_s += passed
        state = warmup.tick(now_s, WarmupInputs(seen_a, seen_b))
        assert before <= state.progress <= 1.0
        before = state.progress


def test_when_both_are_missing_both_are_named() -> None:
    warmup = Warmup(KNOWN)
    nobody = WarmupInputs(seen_a=False, seen_b=False)
    assert run(warmup, 3, nobody)[-1].notice == "warmup.unseen_both"
    assert warmup.tick(3.1, WarmupInputs(seen_a=False, seen_b=True)).notice == "warmup.unseen_you"


def test_without_a_picture_nobody_is_said_to_be_missing() -> None:
    warmup = Warmup(KNOWN)
    states = run(warmup, 60.1, WarmupInputs(seen_a=None, seen_b=None))
    assert {state.notice for state in states} == {""}
    assert states[-1].prompt == "warmup.done_none"
