"""What the eye is shown: smoothed, steady, and honest about what is not known."""

from __future__ import annotations

import math

import pytest
from scripted_controller import score, snapshot

from mirrorsync.types import NO_SCORE, SyncScore
from mirrorsync.ui import texts
from mirrorsync.ui.live.readout import CHANCE_BAND, EYE_TIME_CONSTANT_S, Reading, Readout

HEAD = "head_synchrony"


def _play(readout: Readout, first: int, count: int, **scores: SyncScore) -> Reading:
    for tick in range(first, first + count):
        reading = readout.update(snapshot(tick, scores))
    return reading


def test_the_first_snapshot_is_shown_as_it_is() -> None:
    reading = Readout().update(snapshot(0, {HEAD: score(0.9, lag_s=0.8)}))
    assert reading.meters[HEAD].level == 0.9
    assert reading.meters[HEAD].words == "your partner follows, 0.8 s behind"
    assert reading.meters[HEAD].leader == "a"


def test_a_step_reaches_63_percent_after_the_time_constant() -> None:
    readout = Readout()
    _play(readout, 0, 10, **{HEAD: score(0.5)})
    ticks = round(EYE_TIME_CONSTANT_S * 25)
    reading = _play(readout, 10, ticks, **{HEAD: score(0.9)})
    reached = (reading.meters[HEAD].level - 0.5) / 0.4
    assert reached == pytest.approx(1 - math.exp(-ticks / 25 / EYE_TIME_CONSTANT_S), abs=1e-9)
    assert reading.levels[HEAD] == 0.9, "the strip gets the level as it was scored"


def test_one_missing_score_changes_no_word_and_a_second_of_them_does() -> None:
    readout = Readout()
    _play(readout, 0, 30, **{HEAD: score(0.8, lag_s=-0.5)})
    blink = _play(readout, 30, 1, **{HEAD: NO_SCORE}).meters[HEAD]
    assert blink.words == "you follow, 0.5 s behind"
    assert blink.level == pytest.approx(0.8)
    assert blink.coverage < 1
    gone = _play(readout, 31, 25, **{HEAD: NO_SCORE}).meters[HEAD]
    assert gone.words == texts.NOT_ENOUGH
    assert math.isnan(gone.level)
    assert gone.coverage < 0.1


def test_a_score_that_is_absent_says_so_from_the_start() -> None:
    for meter in Readout().update(snapshot(0)).meters.values():
        assert math.isnan(meter.level)
        assert meter.words == texts.NOT_ENOUGH
        assert meter.band is None


@pytest.mark.parametrize(
    ("channel", "score", "words"),
    [
        ("posture_alignment", SyncScore(0.9, 1.0), texts.LEARNING),
        ("expression_alignment", SyncScore(0.4, 1.0), texts.LEARNING),
        ("expression_alignment", SyncScore(coverage=1.0), texts.QUIET),
        ("expression_alignment", SyncScore(coverage=0.2), texts.NOT_ENOUGH),
        ("body_synchrony", SyncScore(coverage=1.0, chance_mean=0.0, chance_sd=0.2), texts.STILL),
        ("body_synchrony", SyncScore(coverage=0.2, chance_mean=0.0, chance_sd=0.2), texts.NOT_ENOUGH),
        ("body_synchrony", SyncScore(coverage=1.0), texts.NOT_ENOUGH),
        ("posture_alignment", SyncScore(coverage=0.2), texts.NOT_ENOUGH),
        ("head_synchrony", SyncScore(0.4, 1.0), texts.NOT_ENOUGH),
    ],
)
def test_why_nothing_is_said_is_told_where_it_is_known(channel: str, score: SyncScore, words: str) -> None:
    reading = Readout().update(snapshot(0, {channel: score})).meters[channel]
    assert reading.words == words
    assert math.isnan(reading.level)


def test_the_band_is_one_sd_of_chance_and_only_there_when_chance_is_known() -> None:
    assert pytest.approx((0.5 - 0.5 * math.tanh(1 / 3), 0.5 + 0.5 * math.tanh(1 / 3))) == CHANCE_BAND
    known = Readout().update(snapshot(0, {HEAD: score(0.7)})).meters[HEAD]
    unknown = Readout().update(snapshot(0, {HEAD: SyncScore(0.7, 1.0, level=0.7)})).meters[HEAD]
    assert known.band == CHANCE_BAND
    assert unknown.band is None


@pytest.mark.parametrize(
    ("leader", "lag_s", "words", "shown_leader"),
    [
        ("a", 0.84, "Your partner follows, 0.8 s behind", "a"),
        ("b", -0.5, "You follow, 0.5 s behind", "b"),
        ("none", 0.0, texts.LEAD_TOGETHER, "none"),
        ("none", float("nan"), texts.LEAD_NONE, "none"),
        ("none", 0.9, texts.LEAD_NONE, "none"),
    ],
)
def test_who_leads_in_words(leader: str, lag_s: float, words: str, shown_leader: str) -> None:
    reading = Readout().update(snapshot(0, leader=leader, lag_s=lag_s))
    assert (reading.lead_words, reading.leader) == (words, shown_leader)


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (0.2, "apart"),
        (0.5, "about chance"),
        (0.7, "comfortable"),
        (0.9, "very close"),
        (0.95, "a little exact"),
    ],
)
def test_attunement_zones(level: float, words: str) -> None:
    assert Readout().update(snapshot(0, {"attunement": score(level)})).meters["attunement"].words == words


def test_a_lead_that_flips_at_every_tick_does_not_flicker() -> None:
    readout = Readout()
    shown = {
        readout.update(snapshot(k, {HEAD: score(0.8, lag_s=0.8 if k % 2 else -0.8)})).meters[HEAD].words
        for k in range(100)
    }
    assert len(shown) == 1


def test_going_back_in_time_starts_afresh() -> None:
    readout = Readout()
    _play(readout, 100, 50, **{HEAD: score(0.9)})
    assert readout.update(snapshot(0, {HEAD: score(0.3)})).meters[HEAD].level == 0.3


@pytest.mark.parametrize(
    ("value", "words"), [(0.95, texts.PACE_SAME), (0.7, texts.PACE_NEAR), (0.2, texts.PACE_APART)]
)
def test_pace_is_said_by_how_near_the_two_are(value: float, words: str) -> None:
    shown = Readout().update(snapshot(0, {"pace_match": SyncScore(value, 1.0, math.nan, 0.4, 0.1, 0.6)}))
    assert shown.meters["pace_match"].words == words
    assert shown.meters["pace_match"].band == CHANCE_BAND


def test_postures_are_shown_in_the_form_of_mirroring_that_counts() -> None:
    scores = {"posture_alignment": score(0.2), "posture_alignment_anatomical": score(0.9)}
    readout = Readout()
    mirrored = readout.update(snapshot(0, scores, mirror_mode="mirror"))
    assert mirrored.meters["posture_alignment"].words == "mirrored: below chance"
    assert mirrored.levels["posture_alignment"] == 0.2
    same_side = readout.update(snapshot(1, scores, mirror_mode="anatomical"))
    shown = same_side.meters["posture_alignment"]
    assert (shown.level, shown.words) == (0.9, "same side: above chance"), "at once: it is another measure"
    assert same_side.levels["posture_alignment"] == 0.9, "in the strip, too"
    assert {meter.form for name, meter in same_side.meters.items() if name != "posture_alignment"} == {""}
