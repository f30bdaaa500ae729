"""The compact strip: it says what is wrong, cuts no sentence short, and can be read without being seen."""

from __future__ import annotations

import math

import pytest
from PyQt6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from scripted_controller import score, snapshot

from mirrorsync.engine.status import FeedStatus, LiveStatus
from mirrorsync.practice.texts import TEXTS
from mirrorsync.ui import texts, trouble_texts
from mirrorsync.ui.live.compact import CompactStrip, fitted
from mirrorsync.ui.live.readout import BANDS, Readout

LIVE = FeedStatus("live", fps=30.0)
LOST = FeedStatus("lost", "Camera 2 stopped delivering pictures.", conditions=("reconnecting",))
TOO_DARK = FeedStatus("live", fps=30.0, conditions=("too_dark",))


@pytest.fixture
def strip(qtbot: QtBot) -> CompactStrip:
    made = CompactStrip(QPushButton("Expand"), QPushButton("Stop"))
    qtbot.addWidget(made)
    return made


def _read(strip: CompactStrip, lead: str = "a", **scores: float) -> None:
    levels = {name: score(level) for name, level in {"attunement": 0.7, **scores}.items()}
    readout = Readout()
    for tick in range(0, 25 * 40, 20):  # long enough for something to be claimed
        reading = readout.update(snapshot(tick, levels, leader=lead, lag_s=0.8))
    strip.set_reading(reading)


def _shown(strip: CompactStrip) -> str:
    assert strip.lead.accessibleName() == strip.lead.toolTip()
    return strip.lead.toolTip()


def test_a_lost_feed_is_said_with_whose_it_is(strip: CompactStrip) -> None:
    _read(strip)
    strip.show_sentence("Their shoulders have closed.")
    strip.show_status(LiveStatus(running=True, a=LIVE, b=LOST))
    said = "Partner: Camera 2 stopped delivering pictures. Trying to reconnect…"
    assert _shown(strip) == said
    assert strip.lead.text() == said
    strip.show_status(LiveStatus(running=True, a=LIVE, b=LIVE))
    assert _shown(strip) == "Their shoulders have closed."


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (TOO_DARK, LIVE, trouble_texts.CONDITIONS["too_dark"]["a"]),
        (TOO_DARK, LOST, "Partner: Camera 2 stopped delivering pictures. Trying to reconnect…"),
        (FeedStatus("stalled", "No new picture for a while.", conditions=("stalled",)), TOO_DARK,
         "You: No new picture for a while."),
        (LIVE, FeedStatus("live", "", 0.0, 0, ("still",)), trouble_texts.CONDITIONS["still"]["b"]),
        (FeedStatus("ended", "The video has ended."), LIVE, "You: The video has ended."),
        (FeedStatus("opening", "Opening…"), LIVE, "Your partner follows, 0.8 s behind"),
    ],
)  # fmt: skip
def test_the_side_that_is_worse_off_is_told(
    strip: CompactStrip, a: FeedStatus, b: FeedStatus, said: str
) -> None:
    _read(strip)
    strip.show_status(LiveStatus(running=True, a=a, b=b))
    assert _shown(strip) == said


def test_what_is_said_gives_way_to_what_weighs_more_and_comes_back(strip: CompactStrip) -> None:
    _read(strip)
    assert _shown(strip) == "Your partner follows, 0.8 s behind"
    strip.show_status(LiveStatus(running=True, a=LIVE, b=LIVE, reduced="body_second"))
    assert _shown(strip) == " ".join(trouble_texts.REDUCED["body_second"])
    strip.show_message("Your neutral is learnt.")
    assert _shown(strip) == "Your neutral is learnt."
    strip.show_status(LiveStatus(running=True, a=LIVE, b=TOO_DARK))
    assert _shown(strip) == trouble_texts.CONDITIONS["too_dark"]["b"]
    strip.show_sentence("Their pace has slowed.")
    assert _shown(strip) == "Their pace has slowed."
    strip.show_notice(trouble_texts.RECORDING_STOPPED, "The disk is full.")
    strip.fit_into(1024)
    assert strip.lead.text() == "Recording has stopped. Press X to put this away."
    assert _shown(strip).endswith("The disk is full.")
    strip.show_notice("", "")
    strip.show_sentence("")
    strip.show_status(LiveStatus(running=True, a=LIVE, b=LIVE))
    assert _shown(strip) == "Your neutral is learnt."
    strip._message_timer.timeout.emit()
    assert _shown(strip) == "Your partner follows, 0.8 s behind"


SENTENCES = [
    *(words for key, words in TEXTS.items() if key.startswith("label.invite.")),
    *(words for key, words in TEXTS.items() if key.startswith("cue.") and key.count(".") == 1),
    *(words for sides in trouble_texts.CONDITIONS.values() for words in sides.values()),
    *(short for short, _ in trouble_texts.REDUCED.values()),
]


@pytest.mark.parametrize("width", [1024, 1920])
def test_no_cue_invitation_or_condition_is_cut(strip: CompactStrip, width: int) -> None:
    strip.fit_into(width)
    assert strip.width() <= width
    assert len(SENTENCES) > 30
    for sentence in filter(None, SENTENCES):
        assert fitted(sentence, strip._metrics(), strip.lead.width(), 2) == sentence


def test_a_sentence_that_is_too_long_ends_in_an_ellipsis(strip: CompactStrip) -> None:
    long = "The file of this session is in another place than it was. " * 9
    strip.show_message(long)
    assert strip.lead.text().endswith("…")
    assert len(strip.lead.text()) > 50
    assert _shown(strip) == long.strip()


def test_nothing_moves_when_words_change(qtbot: QtBot, strip: CompactStrip) -> None:
    strip.show_at_bottom()
    qtbot.waitExposed(strip)
    before = strip.size(), strip.bar.geometry(), strip.minis.geometry()
    _read(strip)
    strip.show_sentence(
        "A sentence of many words that goes over two lines when it is in the strip, or three."
    )
    strip.grab()
    assert (strip.size(), strip.bar.geometry(), strip.minis.geometry()) == before


def test_a_narrow_screen_takes_the_small_meters_away_at_last(strip: CompactStrip) -> None:
    strip.fit_into(700)
    assert strip.minis.isHidden()
    assert strip.width() <= 700
    strip.fit_into(1920)
    assert not strip.minis.isHidden()


def test_the_small_meters_are_explained_and_can_be_heard(strip: CompactStrip) -> None:
    _read(strip, posture_alignment=0.9, pace_match=0.6)
    posture = strip.minis.meters["posture_alignment"]
    assert posture.accessibleName() == "Posture"
    assert posture.accessibleDescription() == "mirrored: above chance"
    assert texts.POSTURE_FORMS["mirror"][2] in posture.toolTip()
    gaze = strip.minis.meters["mutual_gaze"]
    assert gaze.accessibleDescription() == texts.LISTENING
    assert texts.MEANINGS["mutual_gaze"] in gaze.toolTip()
    assert strip.bar.accessibleDescription() == texts.ZONE_IN_STEP
    assert texts.MEANINGS["attunement"] in strip.bar.toolTip()


def test_the_small_meters_show_the_chance_band(strip: CompactStrip) -> None:
    meter = strip.minis.meters["head_synchrony"]
    meter.resize(meter.sizeHint())
    empty = meter.grab().toImage()
    _read(strip, head_synchrony=0.5)
    assert meter.reading.band == BANDS["head_synchrony"]
    assert math.isfinite(meter.reading.level)
    banded = meter.grab().toImage()
    height = 38 - 2
    at = meter.width() // 2 - 4, round(1 + (1 - 0.6) * height)
    assert banded.pixelColor(*at).name() == meter.theme.band.lower()
    assert empty.pixelColor(*at).name() == meter.theme.track.lower()
