from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirrorsync.types import FloatArray
from mirrorsync.voice.turns import Turn, conversation_measures, find_turns, floor_states


def seg(*pairs: tuple[float, float]) -> FloatArray:
    return np.array(pairs, np.float64).reshape(-1, 2)


def kinds(turns: tuple[Turn, ...]) -> list[tuple[str, str]]:
    return [(turn.person, turn.kind) for turn in turns]


def test_turns_gaps_and_overlaps() -> None:
    turns = find_turns(seg((0, 3), (3.5, 5), (9, 12)), seg((5.3, 8), (11.9, 15)))
    assert kinds(turns) == [("a", "turn"), ("b", "turn"), ("a", "turn"), ("b", "turn")]
    assert [turn.transition_s for turn in turns[1:]] == pytest.approx([0.3, 1.0, -0.1])
    assert np.isnan(turns[0].transition_s)
    assert (turns[0].start_s, turns[0].end_s) == (0, 5)
    assert turns[0].speech_s == pytest.approx(4.5)


def test_a_short_word_while_the_other_goes_on_is_a_backchannel() -> None:
    assert kinds(find_turns(seg((0, 10)), seg((4, 4.4)))) == [("a", "turn"), ("b", "backchannel")]
    in_a_pause = find_turns(seg((0, 4), (5, 9)), seg((4.2, 4.6)))
    assert kinds(in_a_pause) == [("a", "turn"), ("b", "backchannel")]
    assert in_a_pause[0].end_s == 9


def test_a_short_answer_that_takes_the_floor_is_a_turn() -> None:
    assert kinds(find_turns(seg((0, 4), (9, 12)), seg((4.2, 4.8)))) == [
        ("a", "turn"), ("b", "turn"), ("a", "turn"),
    ]  # fmt: skip
    assert kinds(find_turns(seg((0, 4), (7.0, 9)), seg((4.2, 4.6), (5, 6.8))))[1] == ("b", "turn")
    assert kinds(find_turns(seg((0, 0.5)), seg((0.6, 0.9)))) == [("a", "turn"), ("b", "turn")]


def test_who_cuts_in_and_goes_on_has_interrupted() -> None:
    turns = find_turns(seg((0, 5)), seg((4, 8)))
    assert kinds(turns) == [("a", "turn"), ("b", "interruption")]
    assert turns[1].transition_s == -1


def test_long_speech_under_the_others_is_an_overlap_and_the_floor_stays() -> None:
    turns = find_turns(seg((0, 10), (10.5, 12)), seg((4, 6)))
    assert kinds(turns) == [("a", "turn"), ("b", "overlap")]
    assert turns[0].end_s == 12


def test_people_who_start_together_do_not_interrupt() -> None:
    assert kinds(find_turns(seg((0, 3)), seg((0.1, 6)))) == [("a", "turn"), ("b", "turn")]


times = st.lists(st.floats(0.05, 5), max_size=24)


def as_segments(steps: list[float]) -> FloatArray:
    edges = np.cumsum(steps[: len(steps) // 2 * 2])
    return edges.reshape(-1, 2)


@given(times, times)
def test_swapping_the_people_swaps_the_turns_and_nothing_is_lost(x: list[float], y: list[float]) -> None:
    a, b = as_segments(x), as_segments(y)
    turns = find_turns(a, b)
    swapped = find_turns(b, a)
    other = {"a": "b", "b": "a"}
    if not set(a[:, 0]) & set(b[:, 0]):  # who starts at the very same time as the other has no order
        as_before = sorted(
            (replace(t, person=other[t.person]) for t in swapped), key=lambda t: (t.start_s, t.person)
        )
        assert str(as_before) == str(list(turns))  # NaN equals NaN in words
    for person, segments in (("a", a), ("b", b)):
        assert sum(t.speech_s for t in turns if t.person == person) == pytest.approx(np.diff(segments).sum())


def test_floor_states() -> None:
    states = floor_states(np.array([0.5, 1.5, 2.5, 3.5, 4.5]), seg((0, 2)), seg((1, 3)), seg((4, 5)))
    assert states.tolist() == ["a", "both", "b", "none", "unclear"]


def test_measures_of_a_conversation() -> None:
    a, b = seg((0, 3), (9, 12)), seg((4, 8), (11, 11.4))
    found = conversation_measures(find_turns(a, b), a, b, duration_s=20)
    assert found["talk_share_a"] == pytest.approx(6 / 10.4)
    assert found["talk_share_b"] == pytest.approx(4.4 / 10.4)
    assert found["overlap_share"] == pytest.approx(0.02)
    assert found["silence_share"] == pytest.approx(0.5)
    assert found["transition_b_median_s"] == pytest.approx(1.0)
    assert found["backchannels_b_per_min"] == pytest.approx(3)
    assert found["turn_length_a_median_s"] == pytest.approx(3)
    assert found["pause_share_a"] == 0
    with pytest.raises(ValueError, match="duration_s"):
        conversation_measures((), a, b, duration_s=0)


def test_nobody_speaks() -> None:
    found = conversation_measures((), seg(), seg(), duration_s=5)
    assert found["silence_share"] == 1
    assert np.isnan(found["talk_share_a"])
    assert find_turns(seg(), seg()) == ()


def test_two_hours_take_no_time() -> None:
    rng = np.random.default_rng(2)
    a, b = (as_segments(rng.uniform(0.2, 2.5, 5000).tolist()) for _ in range(2))
    assert len(find_turns(a, b)) > 500  # a quadratic search would take minutes
