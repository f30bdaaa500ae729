"""An invitation comes only when asked for, only for a pattern that held, and one at a time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from practice_inputs import Pattern

from mirrorsync.practice.base import as_data
from mirrorsync.practice.emotion_labelling import PATTERNS, EmotionLabelling, LabellingState

SAD = Pattern("sad", "a sad-looking pattern", 0.7)


class Run:
    """Ticks at 10 Hz on a clock of its own."""

    def __init__(self, *, on: bool = True) -> None:
        self.labelling = EmotionLabelling()
        self.now_s = 0.0
        if on:
            self.labelling.switch_on(explained=True)

    def on(self, seconds: float, pattern: Pattern | None) -> list[LabellingState]:
        states = []
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            states.append(self.labelling.tick(self.now_s, pattern))
        return states


def test_it_is_off_until_it_was_explained() -> None:
    run = Run(on=False)
    assert {(s.phase, s.prompt) for s in run.on(60, SAD)} == {("off", "label.explanation")}
    with pytest.raises(ValueError, match="explanation"):
        run.labelling.switch_on(explained=False)
    assert run.labelling.state.phase == "off"
    assert run.labelling.switch_on(explained=True).phase == "listening"


def test_a_pattern_that_holds_brings_one_invitation() -> None:
    run = Run()
    assert run.on(2.9, SAD)[-1].question == ""
    state = run.on(0.5, SAD)[-1]
    assert (state.phase, state.question, state.seen) == (
        "inviting",
        "label.invite.sad",
        "a sad-looking pattern",
    )
    assert run.labelling.log == (), "nothing is logged before it is over"


def test_a_pattern_that_comes_and_goes_brings_none() -> None:
    run = Run()
    for _ in range(10):
        run.on(2.5, SAD)
        run.on(0.1, None)
    for _ in range(10):
        run.on(2.5, SAD)
        run.on(2.5, Pattern("happy"))
    assert run.labelling.state.phase == "listening"


@pytest.mark.parametrize("pattern", [Pattern("sad", strength=0.4), Pattern("bored"), Pattern(""), None])
def test_weak_and_unknown_patterns_bring_none(pattern: Pattern | None) -> None:
    assert {s.phase for s in Run().on(30, pattern)} == {"listening"}


@pytest.mark.parametrize(("outcome", "words"), [("confirmed", ""), ("clarified", "tired"), ("passed", "")])
def test_the_answer_is_logged_with_time_and_pattern(outcome: str, words: str) -> None:
    run = Run()
    run.on(5, SAD)
    entry = run.labelling.answer(outcome, words)
    assert (entry.outcome, entry.clarified_as, entry.pattern) == (outcome, words, "sad")
    assert entry.at_s == pytest.approx(3.1, abs=0.11)
    assert entry.answered_s == pytest.approx(5.0)
    assert entry.held_s >= 3.0
    assert run.labelling.log == (entry,)
    assert as_data(run.labelling.stop())["entries"][0]["strength"] == 0.7


@pytest.mark.parametrize(
    ("outcome", "words"), [("clarified", " "), ("confirmed", "tired"), ("right", ""), ("unanswered", "")]
)
def test_other_answers_are_refused_and_the_invitation_stays(outcome: str, words: str) -> None:
    run = Run()
    run.on(5, SAD)
    with pytest.raises(ValueError, match="invitation"):
        run.labelling.answer(outcome, words)
    assert run.labelling.state.phase == "inviting"


def test_nothing_can_be_answered_unasked() -> None:
    with pytest.raises(ValueError, match="no open"):
        Run().labelling.answer("confirmed")


def test_after_an_answer_it_rests() -> None:
    run = Run()
    run.on(5, SAD)
    run.labelling.answer("passed")
    assert run.labelling.state.phase == "resting"
    states = run.on(89, SAD)
    assert {s.phase for s in states} == {"resting"}
    assert [s.progress for s in states] == sorted(s.progress for s in states)
    assert run.on(5, SAD)[-1].phase == "inviting"


def test_an_invitation_nobody_took_up_goes_away_and_is_logged_so() -> None:
    run = Run()
    run.on(40, SAD)
    assert run.labelling.state.phase == "resting"
    assert [entry.outcome for entry in run.labelling.log] == ["unanswered"]


def test_stop_keeps_the_open_one_and_switches_off() -> None:
    run = Run()
    run.on(5, SAD)
    result = run.labelling.stop()
    assert [entry.outcome for entry in result.entries] == ["unanswered"]
    assert as_data(result)["entries"][0]["answered_s"] is None
    assert run.on(60, SAD)[-1].phase == "off"


def test_ticks_far_apart_do_not_count_as_holding() -> None:
    labelling = EmotionLabelling()
    labelling.switch_on(explained=True)
    assert {labelling.tick(float(now_s), SAD).phase for now_s in range(100)} == {"listening"}


TICKS = st.lists(
    st.tuples(
        st.sampled_from((0.05, 0.2, 0.4, 1.0)),
        st.none() | st.builds(Pattern, st.sampled_from((*PATTERNS[:3], "bored")), strength=st.floats(0.3, 1)),
        st.integers(1, 40),
        st.sampled_from(("", "", "confirmed", "passed")),
    ),
    max_size=30,
)


@settings(deadline=None)
@given(TICKS)
def test_it_never_invites_without_a_pattern_held(
    ticks: list[tuple[float, Pattern | None, int, str]],
) -> None:
    labelling, now_s = EmotionLabelling(cooldown_s=5.0), 0.0
    labelling.switch_on(explained=True)
    run_name, run_s, invited = "", 0.0, 0
    ended_s = -1e9
    for passed, pattern, repeats, answer in ticks:
        for _ in range(repeats):
            now_s += passed
            name = pattern.name if pattern and pattern.strength >= 0.5 else ""
            run_s = run_s + passed if name == run_name else 0.0
            run_name = name
            before = labelling.state.phase
            state = labelling.tick(now_s, pattern)
            if before == "inviting" != state.phase:
                ended_s = now_s
            if before != "inviting" == state.phase:
                invited += 1
                assert name in PATTERNS
                assert run_s >= 3.0 - 1e-9
                assert state.question == f"label.invite.{name}"
                assert now_s - ended_s >= 5.0
        if answer and labelling.state.phase == "inviting":
            labelling.answer(answer)
            ended_s = now_s
    assert len(labelling.stop().entries) == invited
