"""The report's sentences say what the numbers allow, and no more."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirrorsync.report.content import LISTED
from mirrorsync.report.words import (
    MEANINGS,
    ChannelNumbers,
    clock,
    coverage_words,
    feed_words,
    in_names,
    lead_words,
    verdict,
)
from mirrorsync.synchrony.moments import leader_changes, shared_smiles


def _numbers(name: str = "posture_alignment", /, **more: float) -> ChannelNumbers:
    given_ = {
        "mean": 0.6, "chance_mean": 0.5, "chance_sd": 0.05, "effect_size": 2.0, "effect_low": 1.1,
        "effect_high": 2.9, "p_value": 0.01, "coverage": 0.9, "n_surrogates": 99.0,
    }  # fmt: skip
    return ChannelNumbers(name, **{**given_, **more})


def test_a_clear_effect() -> None:
    said = verdict(_numbers())
    assert said == (
        "Above chance: 2.0 spreads above it (95 % interval +1.1 to +2.9). "
        "Unrelated moments reach as much in at most 1 of 100 cases."
    )


@pytest.mark.parametrize(
    ("more", "begins"),
    [
        ({"p_value": 0.3, "effect_low": -0.2}, "Not told apart from chance: "),
        ({"p_value": 0.03, "effect_low": -0.2}, "Above chance: "),
        (
            {"p_value": 0.99, "effect_size": -2.0, "effect_low": -3.0, "effect_high": -1.0},
            "Below chance: 2.0",
        ),
        ({"p_value": math.nan}, "Above chance: "),
        ({"p_value": math.nan, "effect_low": -0.1}, "Not told apart from chance: "),
        (
            {"p_value": math.nan, "effect_low": math.nan, "effect_high": math.nan},
            "Too short to be told from chance: 2.0",
        ),
        ({"effect_size": math.nan}, "The recording is too short, or too uniform"),
        ({"mean": math.nan}, "What was seen did not allow a measurement."),
        ({"coverage": 0.05}, "Not enough was seen to say anything (seen in 5 % of the time)."),
        ({"coverage": math.nan}, "Not enough was seen to say anything (never seen)."),
    ],
)
def test_what_is_not_clear_is_not_claimed(more: dict[str, float], begins: str) -> None:
    assert verdict(_numbers(**more)).startswith(begins)


@given(
    st.fixed_dictionaries(
        {
            name: st.floats(-50, 50) | st.just(math.nan)
            for name in ("mean", "effect_size", "effect_low", "effect_high", "peak_lag_s")
        }
    ),
    st.floats(0, 1) | st.just(math.nan),
    st.floats(0, 1) | st.just(math.nan),
)
def test_no_sentence_shows_what_is_missing(numbers: dict[str, float], p: float, coverage: float) -> None:
    said = verdict(_numbers(**{**numbers, "p_value": p, "coverage": coverage}))
    assert "nan" not in said
    assert said.endswith(".")


def test_one_statistic_says_how_sure_and_how_far() -> None:
    sure = _numbers("head_synchrony", effect_low=0.2)
    assert verdict(sure) == (
        "Above chance: 2.0 spreads above it (95 % interval +0.2 to +2.9). With the moments of one of them "
        "shuffled, they move together as much in at most 1 of 100 cases."
    )
    unsure = _numbers("head_synchrony", p_value=0.74, effect_size=1.0)
    assert verdict(unsure).startswith("Not told apart from chance: 1.0 spreads above it")
    wide = _numbers("head_synchrony", effect_low=-117.0, effect_high=122.0)
    assert "interval" not in verdict(wide)


def test_what_counts_is_corrected_for_all_channels() -> None:
    assert verdict(_numbers(p_value=0.02, p_family=0.12)).startswith("Not told apart from chance")
    assert not _numbers(p_value=0.02, p_family=0.12).above
    assert verdict(_numbers(p_value=0.98, p_family=1.0, p_family_below=0.04)).startswith("Below chance")


def test_who_led() -> None:
    def led(**more: float) -> str:
        shares = {"a_leads_share": 0.5, "b_leads_share": 0.2}
        return lead_words(_numbers("head_synchrony", **{**shares, **more}), a="Ann", b="Ben")

    assert led(peak_lag_s=0.62) == (
        "Ann led in 50 % of the moments, Ben in 20 %; 30 % had no clear leader. "
        "Over the whole session Ben came 0.6 s after Ann."
    )
    assert led(peak_lag_s=-0.62).endswith("Ann came 0.6 s after Ben.")
    assert led(peak_lag_s=0.01).endswith("they moved at the same time.")
    assert lead_words(_numbers("head_synchrony"), a="Ann", b="Ben") == ""


def test_the_border_is_on_one_side_in_words() -> None:
    assert verdict(_numbers(p_value=0.0494)).endswith(
        "Unrelated moments reach as much in fewer than 5 of 100 cases."
    )
    assert verdict(_numbers(p_value=0.0504)).endswith("Unrelated moments reach as much in 5 of 100 cases.")
    assert verdict(_numbers(p_value=0.0504)).startswith("Not told apart from chance")


@pytest.mark.parametrize("p", [0.05, 0.74, math.nan])
def test_nobody_leads_where_following_is_not_told_apart_from_chance(p: float) -> None:
    numbers = _numbers("head_synchrony", p_value=p, peak_lag_s=1.8, a_leads_share=0.3, b_leads_share=0.2)
    assert lead_words(numbers, a="Ann", b="Ben") == ""
    assert math.isnan(numbers.told_lag_s)


def test_every_measure_of_the_report_has_plain_words() -> None:
    assert set(MEANINGS) == set(LISTED)


def test_feeds_are_named_without_what_is_nobodys_business() -> None:
    assert [feed_words(feed) for feed in (
        "/home/ann/clients/Jane Doe/call 3.mp4#left", r"C:\Users\ann\b.mp4", "camera:0", "portrait:you",
        "rtsp://ann:secret@10.0.0.7/cam", "window:Call with Jane Doe", "screen:0,0,640,480",
        "call.mp4#0,0,9,9",
    )] == [
        "call 3.mp4 (left part)", "b.mp4", "camera:0", "portrait:you",
        "a video stream", "a window on the screen", "the screen", "call.mp4 (a part of it)",
    ]  # fmt: skip


def test_times_and_coverage() -> None:
    assert [clock(t) for t in (0, 59.6, 61, 3723, math.nan)] == ["0:00", "0:59", "1:01", "1:02:03", "–"]
    assert coverage_words(0.456) == "seen in 46 % of the time"


def test_moments_are_told_of_named_people() -> None:
    """All that the window says to one of the two."""
    smiles = shared_smiles(np.array([10, 100, 200]), np.array([10, 106, 190]), rate_hz=10.0, within_s=2.0)
    leads = leader_changes(np.arange(30.0), ["a"] * 10 + ["b"] * 10 + ["a"] * 10)
    assert [in_names(one.sentence, a="You Li", b="Ben") for one in [*smiles, *leads]] == [
        "You Li and Ben smiled together.",
        "You Li smiled, Ben joined in 0.6 s later.",
        "Ben smiled, You Li joined in 1.0 s later.",
        "Ben took the lead.",
        "You Li took the lead.",
    ]
