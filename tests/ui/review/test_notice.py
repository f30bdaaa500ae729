"""The window says when nobody was found, and when a recording is damaged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_landmarks import FakeLandmarker, Person
from hands import click
from made_reviews import REVIEW_SETTINGS, make_review, nodding
from made_videos import make_video
from pytestqt.qtbot import QtBot

from mirrorsync.review.numbers import work_out
from mirrorsync.review.recording import analyse_recording, new_recording
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.review.workspace import Workspace

TIMEOUT = 20_000


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> Iterator[ReviewWindow]:
    made = ReviewWindow(REVIEW_SETTINGS, JournalModel(tmp_path / "journal.db"), folder=tmp_path)
    qtbot.addWidget(made, before_close_func=lambda w: w.close())
    made.show()
    yield made
    made.close()


def opened(window: ReviewWindow, path: Path, qtbot: QtBot) -> Workspace:
    window.open_session(path)
    room = window.workspace
    assert room is not None
    qtbot.waitUntil(lambda: room.view.numbers is not None, timeout=TIMEOUT)
    return room


def test_nobody_in_the_picture_is_not_called_too_short(
    window: ReviewWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    video = make_video(tmp_path, "mp4v_25_mp4", frames=150, width=128)
    path = new_recording(f"{video}#left", f"{video}#right", REVIEW_SETTINGS, folder=tmp_path)

    def nobody() -> FakeLandmarker:
        return FakeLandmarker(lambda _frame: Person(body=False, face=False))

    analyse_recording(path, make_landmarker=nobody, progress=lambda _at, _of: True)
    work_out(path)
    room = opened(window, path, qtbot)
    qtbot.waitUntil(room.notice.isVisible, timeout=TIMEOUT)
    for said in (room.notice.label.text(), room.numbers.said.text(), room.moments.empty.text()):
        assert "Nobody was found in either picture" in said
    assert texts.NUMBERS_NONE not in room.numbers.said.text()
    click(room.notice.hide_button)
    assert not room.notice.isVisible()
    room._show_scores()
    assert not room.notice.isVisible(), "put away is put away"


def test_two_people_need_no_notice(window: ReviewWindow, tmp_path: Path, qtbot: QtBot) -> None:
    room = opened(window, make_review(tmp_path), qtbot)
    assert not room.notice.isVisible()


@pytest.mark.media
def test_a_damaged_recording_is_told(
    window: ReviewWindow, shared_media: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    clip = shared_media / "bad_corrupted.mp4"
    path = new_recording(f"{clip}#left", f"{clip}#right", REVIEW_SETTINGS, folder=tmp_path)
    analyse_recording(path, make_landmarker=nodding, progress=lambda _at, _of: True)
    work_out(path)
    room = opened(window, path, qtbot)
    qtbot.waitUntil(room.notice.isVisible, timeout=TIMEOUT)
    assert "bad_corrupted.mp4 promises 50 frames, but 30 could be decoded" in room.notice.label.text()
