"""What is wrong with a picture is said by the picture, in plain words; a slow machine is told for as long."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from mirrorsync.engine.status import CONDITIONS, Condition, FeedStatus, LiveStatus, Reduced
from mirrorsync.ui import trouble_texts
from mirrorsync.ui.live.status_bar import StatusBar
from mirrorsync.ui.video_view import VideoView


@pytest.mark.parametrize("side", ["a", "b"])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_has_words_for_both(qtbot: QtBot, side: str, condition: Condition) -> None:
    view = VideoView(side)
    qtbot.addWidget(view)
    view.set_status(FeedStatus("live", "Camera 2 stopped.", 0.0, 0, (condition,)))
    assert view.sentence.endswith((".", "…", "?"))
    assert view.accessibleDescription() == view.sentence
    view.set_status(FeedStatus("live", "", 30.0))
    assert view.sentence == ""


def test_what_weighs_most_is_said(qtbot: QtBot) -> None:
    view = VideoView("b")
    qtbot.addWidget(view)
    view.set_status(FeedStatus("live", "", 30.0, 0, ("too_dark", "out_of_frame_body")))
    assert view.sentence == trouble_texts.CONDITIONS["too_dark"]["b"]


def test_a_camera_that_is_opened_again_says_why(qtbot: QtBot) -> None:
    view = VideoView("a")
    qtbot.addWidget(view)
    view.set_status(FeedStatus("lost", "Camera 1 was unplugged.", 0.0, 0, ("reconnecting",)))
    assert view.sentence == f"Camera 1 was unplugged. {trouble_texts.CONDITIONS['reconnecting']['a']}"


@pytest.mark.parametrize("reduced", ["body_second", "body_third"])
def test_a_slow_machine_is_told_for_as_long_as_it_lasts(qtbot: QtBot, reduced: Reduced) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show_figures(LiveStatus(running=True, reduced=reduced), 50.0)
    assert not bar.reduced.isHidden()
    assert bar.reduced.text() == trouble_texts.REDUCED[reduced][0]
    bar.show_figures(LiveStatus(running=True), 50.0)
    assert bar.reduced.isHidden()
