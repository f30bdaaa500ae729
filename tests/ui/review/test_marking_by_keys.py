"""A stretch is marked, looped and left out without a mouse, and the keys are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import press
from made_reviews import REVIEW_SETTINGS, make_review
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.keys_dialog import KeysDialog
from mirrorsync.ui.review.stretch import Stretch
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.review.workspace import Workspace

TRAINEE = Path(__file__).parents[3] / "docs" / "first-steps" / "trainee.md"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_review(tmp_path_factory.mktemp("sessions"))


@pytest.fixture
def window(session: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[ReviewWindow]:
    made = ReviewWindow(REVIEW_SETTINGS, JournalModel(tmp_path / "journal.db"), folder=session.parent)
    qtbot.addWidget(made, before_close_func=lambda w: w.close())
    made.show()
    made.open_session(session)
    with qtbot.waitActive(made):
        made.activateWindow()
    yield made
    made.close()


@pytest.fixture
def room(window: ReviewWindow, qtbot: QtBot) -> Workspace:
    opened = window.workspace
    assert opened is not None
    qtbot.waitUntil(lambda: opened.marks.session is not None, timeout=20_000)
    qtbot.waitUntil(lambda: opened.view.numbers is not None, timeout=20_000)
    return opened


Range = tuple[float, float] | None


def marked(room: Workspace) -> Range:
    return room.timeline.mark


def looped(room: Workspace) -> Range:
    return room.player.clock.loop


def test_a_stretch_is_looped_and_left_out_by_keys(
    window: ReviewWindow, room: Workspace, qtbot: QtBot
) -> None:
    bar = window.statusBar()
    assert bar is not None
    room.player.seek(1.0)
    press(window, Qt.Key.Key_BracketLeft)
    assert marked(room) is None
    assert room.timeline._marked.isVisible(), "where it begins is seen"
    assert bar.currentMessage() == texts.STRETCH_BEGINS.format(at="0:01")
    press(window, Qt.Key.Key_L)
    assert not room.transport.loop.isChecked()
    assert "]" in bar.currentMessage(), "says how to mark a stretch"
    room.player.seek(3.0)
    press(window, Qt.Key.Key_BracketRight)
    assert marked(room) == (1.0, 3.0)
    press(window, Qt.Key.Key_L)
    assert looped(room) == (1.0, 3.0)
    room.player.seek(2.0)
    press(window, Qt.Key.Key_BracketRight)
    assert looped(room) == (1.0, 2.0), "the loop goes on with the new end"
    press(window, Qt.Key.Key_L)
    assert looped(room) is None
    press(window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: room.marks.excluded == [(1.0, 2.0)], timeout=20_000)
    assert marked(room) is None
    assert not room.timeline._marked.isVisible()


def test_a_stretch_from_the_mouse_can_be_changed_by_keys(window: ReviewWindow, room: Workspace) -> None:
    room.timeline._dragged(2.0, 4.0)
    room.player.seek(5.0)
    press(window, Qt.Key.Key_BracketRight)
    assert marked(room) == (2.0, 5.0)
    room.timeline._dragged(3.0, 3.0)
    assert marked(room) is None
    press(window, Qt.Key.Key_BracketRight)
    assert marked(room) is None, "the old beginning is forgotten"


def test_ends_that_do_not_fit_are_forgotten() -> None:
    stretch = Stretch()
    assert stretch.end(4.0) == texts.STRETCH_ENDS.format(at="0:04")
    assert stretch.begin(5.0) == texts.STRETCH_BEGINS.format(at="0:05")
    assert stretch.known_s == 5.0
    stretch.end(9.0)
    assert stretch.mark == (5.0, 9.0)
    stretch.end(2.0)
    assert (stretch.start_s, stretch.end_s) == (None, 2.0)


def test_every_key_is_told_in_the_window_and_in_the_guide(window: ReviewWindow, room: Workspace) -> None:
    press(window, Qt.Key.Key_F1)
    dialog = window.dialog
    assert isinstance(dialog, KeysDialog)
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    keys = {key for key, _ in dialog.rows}
    assert keys <= shown
    assert {"Space", "[", "]", "L", "E", "B", "N", ",", ".", "Left", "F1"} <= keys
    assert all(does for _, does in dialog.rows)
    press(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    guide = TRAINEE.read_text(encoding="utf-8")
    for key in "[]LEBN":
        assert f"`{key}`" in guide
