"""The pacer follows a rhythm slowly, never jumps, and says what it does not know."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirrorsync.errors import SettingsError
from mirrorsync.practice.base import as_data
from mirrorsync.practice.breathing_pacer import (
    HIGHEST_PER_MIN,
    LOWEST_PER_MIN,
    BreathingInputs,
    BreathingPacer,
    BreathingState,
)

NAN = math.nan


def run(
    pacer: BreathingPacer, begin_s: float, seconds: float, own: float = NAN, partner: float = NAN
) -> list[BreathingState]:
    """Tick at 20 Hz; return the states."""
    inputs = BreathingInputs(own_per_min=own, partner_per_min=partner)
    return [pacer.tick(begin_s + k / 20, inputs) for k in range(round(seconds * 20))]


def breaths(states: list[BreathingState]) -> int:
    """Return how often breathing in begins."""
    return sum(a.phase == "out" and b.phase == "in" for a, b in pairwise(states))


def test_it_waits_until_there_is_a_rhythm() -> None:
    pacer = BreathingPacer()
    states = run(pacer, 0, 10, own=14)
    assert {(s.phase, s.prompt, s.fullness, s.own_per_min) for s in states} == {
        ("waiting", "breathing.waiting", 0.0, 14.0)
    }
    assert math.isnan(states[-1].rate_per_min)
    assert run(pacer, 10, 1, partner=12)[-1].source == "measured"


@pytest.mark.parametrize("rate", [6.0, 12.0, 18.0])
def test_it_breathes_as_often_as_asked_and_two_to_three(rate: float) -> None:
    states = run(BreathingPacer(rate), 0, 240)
    assert breaths(states) == pytest.approx(rate * 4, abs=1)
    share_in = sum(s.phase == "in" for s in states) / len(states)
    assert share_in == pytest.approx(0.4, abs=0.01)
    assert {s.source for s in states} == {"chosen"}


def test_it_follows_the_partner_slowly() -> None:
    pacer = BreathingPacer(slew_per_min_per_s=0.2)
    run(pacer, 0, 10, partner=16)
    states = run(pacer, 10, 30, partner=12)
    assert states[0].target_per_min == 12
    assert states[0].rate_per_min == pytest.approx(16, abs=0.02)
    assert states[200].rate_per_min == pytest.approx(14, abs=0.05)
    assert states[-1].rate_per_min == pytest.approx(12)


def test_a_rhythm_that_is_lost_is_remembered_and_said_to_be() -> None:
    pacer = BreathingPacer()
    run(pacer, 0, 20, partner=10)
    states = run(pacer, 20, 20)
    assert {(s.source, s.prompt) for s in states} == {("remembered", "breathing.remembered")}
    assert breaths(states) >= 3


def test_a_hasty_partner_is_not_followed_all_the_way() -> None:
    states = run(BreathingPacer(), 0, 5, partner=28)
    assert {(s.target_per_min, s.prompt) for s in states} == {(HIGHEST_PER_MIN, "breathing.limited")}


def test_a_chosen_rhythm_can_be_taken_and_given_back_without_a_jump() -> None:
    pacer = BreathingPacer(8.0)
    run(pacer, 0, 10)
    pacer.choose(None)
    states = run(pacer, 10, 3)
    assert {(s.source, s.prompt, s.rate_per_min) for s in states} == {("none", "breathing.waiting", 8.0)}
    assert run(pacer, 13, 30, partner=11)[-1].rate_per_min == pytest.approx(11)


@pytest.mark.parametrize("rate", [0.0, 3.9, 20.1, NAN])
def test_a_rate_nobody_should_follow_is_refused(rate: float) -> None:
    with pytest.raises(SettingsError, match="4 to 20"):
        BreathingPacer(rate)
    with pytest.raises(ValueError, match="in_share"):
        BreathingPacer(in_share=rate - 10)


@pytest.mark.parametrize(
    ("own", "notice", "difference"),
    [(12.5, "breathing.same", 0.5), (14.0, "breathing.near", 2.0), (7.0, "breathing.apart", -5.0)],
)
def test_it_says_how_close_the_own_breath_is(own: float, notice: str, difference: float) -> None:
    state = run(BreathingPacer(12.0), 0, 2, own=own)[-1]
    assert state.notice == notice
    assert state.difference_per_min == pytest.approx(difference)
    assert state.closeness == pytest.approx(math.exp(-((difference / 3) ** 2)))


def test_an_own_breath_that_cannot_be_measured_is_said() -> None:
    state = run(BreathingPacer(12.0), 0, 2)[-1]
    assert state.notice == "breathing.own_unknown"
    assert math.isnan(state.closeness)


def test_it_reminds_now_and_then_to_breathe_at_will() -> None:
    prompts = [s.prompt for s in run(BreathingPacer(10.0), 0, 121)]
    assert prompts.count("breathing.ease") == pytest.approx(2 * 8 * 20, abs=4)
    assert "breathing.ease" not in prompts[: 50 * 20]


def test_what_is_kept() -> None:
    pacer = BreathingPacer()
    run(pacer, 0, 10, own=15)
    run(pacer, 10, 10, own=12, partner=12)
    run(pacer, 20, 10)
    result = pacer.stop()
    assert result.duration_s == pytest.approx(29.95)
    assert result.paced_s == pytest.approx(20, abs=0.1)
    assert result.own_known_s == pytest.approx(20, abs=0.1)
    assert result.mean_pacer_per_min == pytest.approx(12)
    assert result.mean_own_per_min == pytest.approx(13.5, abs=0.05)
    assert result.mean_closeness == pytest.approx(1.0)
    assert as_data(result)["chosen_per_min"] is None
    assert pacer.tick(31.0, BreathingInputs()).phase == "done"
    assert pacer.stop() == result


TICKS = st.lists(
    st.tuples(
        st.floats(0.0, 5.0),
        st.one_of(st.just(NAN), st.floats(0.0, 60.0)),
        st.one_of(st.none(), st.just("back"), st.floats(LOWEST_PER_MIN, HIGHEST_PER_MIN)),
    ),
    max_size=80,
)


@given(TICKS, st.floats(0.2, 0.8))
def test_it_never_jumps(ticks: list[tuple[float, float, float | str | None]], in_share: float) -> None:
    pacer, now_s = BreathingPacer(in_share=in_share), 0.0
    before = pacer.state
    for passed, partner, choice in ticks:
        now_s += passed
        if choice is not None:
            pacer.choose(None if isinstance(choice, str) else choice)
        state = pacer.tick(now_s, BreathingInputs(partner_per_min=partner))
        assert 0.0 <= state.progress <= 1.0
        assert 0.0 <= state.fullness <= 1.0
        seconds = min(passed, 0.25)
        steepest = math.pi / 2 * HIGHEST_PER_MIN / 60 / min(in_share, 1 - in_share)
        assert abs(state.fullness - before.fullness) <= steepest * seconds + 1e-9
        if math.isfinite(before.rate_per_min):
            assert abs(state.rate_per_min - before.rate_per_min) <= 0.2 * seconds + 1e-9
            assert LOWEST_PER_MIN <= state.rate_per_min <= HIGHEST_PER_MIN
        before = state
