"""Playback stops where it should, once, and never where nobody watched."""

from __future__ import annotations

import pytest

from mirrorsync.practice.reflection import QUESTIONS, Reflection, ReflectionMoment
from mirrorsync.practice.texts import say

DROP = ReflectionMoment(10.0, "drop", "Attunement fell.")
SMILE = ReflectionMoment(20.0, "smile", "You smiled together.")
LATE = ReflectionMoment(60.0, "leader", "You took the lead.")


def watch(reflection: Reflection, start_s: float, end_s: float) -> list[float]:
    """Play from start to end in steps of 0.1 s, going on after each stop; return where it stopped."""
    stops = []
    for k in range(round(start_s * 10), round(end_s * 10) + 1):
        if reflection.tick(k / 10, playing=True):
            stops.append(k / 10)
            reflection.skip()
    return stops


def test_it_stops_a_little_after_each_moment_and_rests_in_between() -> None:
    reflection = Reflection([LATE, SMILE, DROP], after_s=1.5, rest_s=30.0)
    assert watch(reflection, 0, 70) == [11.5, 61.5]  # the smile came too soon after the drop
    assert watch(reflection, 0, 15) == []  # asked already


def test_it_does_not_stop_at_what_was_jumped_over_or_stepped_through() -> None:
    reflection = Reflection([DROP])
    reflection.tick(0.0, playing=True)
    assert not reflection.tick(15.0, playing=True)
    for k in range(100, 130):
        assert not reflection.tick(k / 10, playing=False)
    assert not reflection.tick(5.0, playing=True)  # back again
    assert watch(reflection, 5, 12) == [11.5]


def test_it_can_be_switched_off_and_on() -> None:
    reflection = Reflection([DROP, LATE], on=False)
    assert reflection.state.phase == "off"
    assert watch(reflection, 0, 12) == []
    reflection.switch(True)
    assert reflection.state.phase == "watching"
    assert watch(reflection, 12, 65) == [61.5]


def test_answers_are_kept_with_their_moment_and_empty_ones_are_not() -> None:
    reflection = Reflection([DROP], rest_s=0)
    reflection.ask(DROP)
    asking = reflection.state
    assert (asking.phase, asking.moment, asking.questions) == ("asking", DROP, QUESTIONS)
    assert not reflection.tick(30.0, playing=True)  # one question at a time
    result = reflection.answer({"reflect.body": "Warmth.", "reflect.now": "  "})
    assert result is not None
    assert result.answers == (("reflect.body", "Warmth."),)
    reflection.ask(DROP)
    assert reflection.answer({}) is None
    with pytest.raises(ValueError, match="nothing was asked"):
        reflection.answer({})
    reflection.ask(DROP)
    with pytest.raises(ValueError, match="no such questions"):
        reflection.answer({"reflect.weather": "fine"})


def test_every_question_has_words() -> None:
    assert all(say(key).endswith("?") for key in QUESTIONS)
