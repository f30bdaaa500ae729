"""The part of a picture, chosen beside its feed."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from mirrorsync.capture.cameras import Camera
from mirrorsync.ui import texts
from mirrorsync.ui.live.feed_picker import FeedPicker
from mirrorsync.ui.live.part_picker import PartPicker
from mirrorsync.ui.recent import RecentFiles


@pytest.fixture
def picker(qtbot: QtBot) -> FeedPicker:
    made = FeedPicker("b", "camera:0", RecentFiles(None), cameras=(Camera(0, "Webcam"),))
    qtbot.addWidget(made)
    return made


@pytest.fixture
def part(qtbot: QtBot, picker: FeedPicker) -> PartPicker:
    made = PartPicker("b", picker)
    qtbot.addWidget(made)
    return made


def _choose(part: PartPicker, label: str) -> None:
    row = part.findText(label)
    part.setCurrentIndex(row)
    part.activated.emit(row)


@pytest.mark.parametrize("key", ["left", "right", "top", "bottom"])
def test_a_half_goes_into_the_feed_and_out_again(picker: FeedPicker, part: PartPicker, key: str) -> None:
    assert part.currentText() == texts.PARTS[""]
    _choose(part, texts.PARTS[key])
    assert picker.feed() == f"camera:0#{key}"
    _choose(part, texts.PARTS[""])
    assert picker.feed() == "camera:0"


def test_what_is_typed_is_shown(picker: FeedPicker, part: PartPicker) -> None:
    picker.set_feed("call.mp4#right")
    assert part.currentText() == texts.PARTS["right"]
    picker.set_feed("call.mp4#0,0,64,48")
    assert part.currentText() == "0,0,64,48"
    _choose(part, texts.PARTS["left"])
    assert picker.feed() == "call.mp4#left"
    assert part.count() == len(texts.PARTS), "the rectangle is gone from the list"


def test_without_a_feed_there_is_no_part(picker: FeedPicker, part: PartPicker) -> None:
    picker.set_feed("")
    _choose(part, texts.PARTS["left"])
    assert picker.feed() == ""
    assert part.currentText() == texts.PARTS[""]
