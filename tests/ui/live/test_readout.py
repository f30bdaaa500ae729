"""What the eye is shown: smoothed, steady, and honest about what is not known."""

from __future__ import annotations

import math

import pytest
from scripted_controller import score, snapshot

from mirrorsync.synchrony.claims import MEMORY_S
from mirrorsync.types import NO_SCORE, SyncScore
from mirrorsync.ui import texts
from mirrorsync.ui.live.readout import BANDS, IN_STEP, Reading, Readout

HEAD = "head_synchrony"


def _play(readout: Readout, first: int, count: int, **scores: SyncScore) -> Reading:
    for tick in range(first, first + count):
        reading = readout.update(snapshot(tick, scores))
    return reading


def test_nothing_is_claimed_before_there_is_evidence() -> None:
    readout = Readout()
    early = _play(readout, 0, 200, **{HEAD: score(0.9, lag_s=0.8)}).meters[HEAD]
    assert early.words == texts.LISTENING
    assert math.isnan(early.level)
    later = _play(readout, 200, 75, **{HEAD: score(0.9, lag_s=0.8)}).meters[HEAD]
    assert later.words == "your partner follows, 0.8 s behind"
    assert later.leader == "a"
    assert later.level == pytest.approx(0.9, abs=0.05)


def test_a_meter_shows_what_the_last_seconds_say() -> None:
    readout = Readout()
    _play(readout, 0, 1500, **{HEAD: score(0.5)})
    ticks = round(MEMORY_S * 25)
    reading = _play(readout, 1500, ticks, **{HEAD: score(0.8)})
    reached = math.atanh(2 * reading.meters[HEAD].level - 1) / math.atanh(2 * 0.8 - 1)
    assert reached == pytest.approx(1 - math.exp(-1), abs=0.05)
    assert reading.levels[HEAD] == 0.8, "the strip gets the level as it was scored"


def test_a_gap_fades_and_takes_the_words_away_late() -> None:
    readout = Readout()
    _play(readout, 0, 500, **{HEAD: score(0.9, lag_s=-0.5)})
    gone = _play(readout, 500, 25, **{HEAD: NO_SCORE}).meters[HEAD]
    assert gone.words == texts.ABOVE_CHANCE  # the last state stays a while, and fades
    assert gone.coverage < 0.1
    late = _play(readout, 525, 600, **{HEAD: NO_SCORE}).meters[HEAD]
    assert late.words == texts.NOT_ENOUGH
    assert math.isnan(late.level)


def test_a_score_that_is_absent_says_so_from_the_start() -> None:
    meters = Readout().update(snapshot(0)).meters
    assert meters["attunement"].words == texts.ZONE_LISTENING
    for name, meter in meters.items():
        assert math.isnan(meter.level)
        assert meter.band is None
        if name != "attunement":
            assert meter.words == texts.LISTENING


@pytest.mark.parametrize(
    ("channel", "score", "words"),
    [
        ("posture_alignment", SyncScore(0.9, 1.0), texts.LEARNING),
        ("expression_alignment", SyncScore(0.4, 1.0), texts.LEARNING),
        ("expression_alignment", SyncScore(coverage=1.0), texts.QUIET),
        ("expression_alignment", SyncScore(coverage=0.2), texts.LISTENING),
        ("body_synchrony", SyncScore(coverage=1.0, chance_mean=0.0, chance_sd=0.2), texts.STILL),
        ("body_synchrony", SyncScore(coverage=0.2, chance_mean=0.0, chance_sd=0.2), texts.LISTENING),
        ("body_synchrony", SyncScore(coverage=1.0), texts.LISTENING),
        ("posture_alignment", SyncScore(coverage=0.2), texts.LISTENING),
        ("head_synchrony", SyncScore(0.4, 1.0), texts.LISTENING),
    ],
)
def test_why_nothing_is_said_is_told_where_it_is_known(channel: str, score: SyncScore, words: str) -> None:
    reading = Readout().update(snapshot(0, {channel: score})).meters[channel]
    assert reading.words == words
    assert math.isnan(reading.level)


def test_the_band_is_where_nothing_is_claimed() -> None:
    low, high = BANDS["expression_alignment"]
    for level, words in (
        (high + 0.02, texts.ABOVE_CHANCE), (high - 0.02, texts.ABOUT_CHANCE),
        (low + 0.02, texts.ABOUT_CHANCE), (low - 0.02, texts.BELOW_CHANCE),
    ):  # fmt: skip
        shown = _play(Readout(), 0, 1000, expression_alignment=score(level)).meters["expression_alignment"]
        assert shown.words == words
        assert shown.band == (low, high)


@pytest.mark.parametrize("channel", ["pace_match", "breathing_match"])
def test_of_pace_and_breathing_nothing_is_claimed(channel: str) -> None:
    shown = _play(Readout(), 0, 1000, **{channel: score(0.95)}).meters[channel]
    assert shown.words == texts.ABOUT_CHANCE
    assert shown.band is None


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
    ("level", "lag_s", "words"),
    [
        (0.2, math.nan, texts.ZONE_APART),
        (0.5, math.nan, texts.ZONE_NEUTRAL),
        (0.6, math.nan, texts.ZONE_NEUTRAL),
        (0.75, math.nan, texts.ZONE_IN_STEP),
        (0.95, 0.9, texts.ZONE_IN_STEP),
        (0.95, 0.04, texts.ZONE_CLOSE),
    ],
)
def test_attunement_zones(level: float, lag_s: float, words: str) -> None:
    readout = Readout()
    for tick in range(1000):
        shown = readout.update(snapshot(tick, {"attunement": score(level)}, lag_s=lag_s)).meters["attunement"]
        in_zone = shown.level >= IN_STEP[0]
        assert in_zone == (shown.words in {texts.ZONE_IN_STEP, texts.ZONE_CLOSE}) or math.isnan(shown.level)
    assert shown.words == words


def test_a_lead_that_flips_at_every_tick_does_not_flicker() -> None:
    readout = Readout()
    shown = {
        readout.update(snapshot(k, {HEAD: score(0.8, lag_s=0.8 if k % 2 else -0.8)})).meters[HEAD].words
        for k in range(400)
    }
    assert len(shown) == 1


def test_going_back_in_time_starts_afresh() -> None:
    readout = Readout()
    _play(readout, 1000, 500, **{HEAD: score(0.9)})
    assert readout.update(snapshot(0, {HEAD: score(0.3)})).meters[HEAD].words == texts.LISTENING


def test_postures_are_shown_in_the_form_of_mirroring_that_counts() -> None:
    scores = {"posture_alignment": score(0.1), "posture_alignment_anatomical": score(0.9)}
    readout = Readout()
    for tick in range(500):
        mirrored = readout.update(snapshot(tick, scores, mirror_mode="mirror"))
    assert mirrored.meters["posture_alignment"].words == f"mirrored: {texts.BELOW_CHANCE}"
    assert mirrored.levels["posture_alignment"] == 0.1
    same_side = readout.update(snapshot(500, scores, mirror_mode="anatomical"))
    shown = same_side.meters["posture_alignment"]
    assert shown.words == f"same side: {texts.ABOVE_CHANCE}", "at once: it is another measure"
    assert shown.level == pytest.approx(0.88, abs=0.03)
    assert same_side.levels["posture_alignment"] == 0.9, "in the strip, too"
    assert {meter.form for name, meter in same_side.meters.items() if name != "posture_alignment"} == {""}
