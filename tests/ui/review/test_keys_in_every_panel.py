"""The documented keys work wherever one has clicked: real key events to whatever has the focus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hands import press
from made_reviews import REVIEW_SETTINGS, make_review
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QAbstractItemView, QWidget
from pytestqt.qtbot import QtBot

from mirrorsync.synchrony.moments import Moment
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.review.workspace import Workspace

_TEST: Any = QTest  # PyQt6 annotates its static functions as methods


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_review(tmp_path_factory.mktemp("sessions"))


@pytest.fixture
def window(session: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[ReviewWindow]:
    made = ReviewWindow(REVIEW_SETTINGS, JournalModel(tmp_path / "journal.db"), folder=session.parent)
    qtbot.addWidget(made, before_close_func=lambda w: w.close())
    made.show()
    made.open_session(session)
    room = made.workspace
    assert room is not None
    qtbot.waitUntil(lambda: room.pictures[0].observation is not None, timeout=20_000)
    qtbot.waitUntil(lambda: room.marks.session is not None, timeout=20_000)
    qtbot.waitUntil(lambda: room.view.numbers is not None, timeout=20_000)
    room.marks.bookmark(4.0)
    qtbot.waitUntil(lambda: room.notes.list.count() == 1, timeout=20_000)
    room.reflection.set_moments([])
    with qtbot.waitActive(made):
        made.activateWindow()
    yield made
    made.close()


def _click(widget: QWidget, at: QPoint | None = None) -> None:
    _TEST.mouseClick(
        widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at or widget.rect().center()
    )


def _row(view: QAbstractItemView) -> None:
    port, model = view.viewport(), view.model()
    assert port is not None
    assert model is not None
    _click(port, view.visualRect(model.index(0, 0)).center())


def _moments(room: Workspace) -> None:
    room.tabs.setCurrentIndex(0)
    room.moments.set_moments([Moment(1.0, 1.0, "drop", "Attunement fell.")], waiting=False)
    _row(room.moments.list)
    assert room.moments.list.hasFocus()


def _notes(room: Workspace) -> None:
    room.tabs.setCurrentIndex(1)
    _row(room.notes.list)
    assert room.notes.list.hasFocus()


def _numbers(room: Workspace) -> None:
    room.tabs.setCurrentIndex(2)
    room.numbers.channel.setCurrentIndex(1)
    _click(room.numbers)


def _chosen_channel(room: Workspace) -> None:
    """As after a choice with the mouse: Qt gives the field the focus if it takes it by clicks."""
    room.tabs.setCurrentIndex(2)
    if room.numbers.channel.focusPolicy() & Qt.FocusPolicy.ClickFocus:
        room.numbers.channel.setFocus(Qt.FocusReason.MouseFocusReason)


def _chosen_speed(room: Workspace) -> None:
    for field in (room.transport.sound, room.transport.speed):
        if field.focusPolicy() & Qt.FocusPolicy.ClickFocus:
            field.setFocus(Qt.FocusReason.MouseFocusReason)


def _ticked(room: Workspace) -> None:
    room.tabs.setCurrentIndex(0)
    _click(room.moments.stopping, QPoint(8, room.moments.stopping.height() // 2))


def _timeline(room: Workspace) -> None:
    _click(room.timeline._plot.viewport(), QPoint(400, 40))
    room.timeline.setFocus(Qt.FocusReason.MouseFocusReason)


PLACES: dict[str, Callable[[Workspace], None]] = {
    "moments": _moments,
    "notes": _notes,
    "session": _numbers,
    "channel": _chosen_channel,
    "speed and sound": _chosen_speed,
    "pause and reflect": _ticked,
    "timeline": _timeline,
}


@pytest.mark.parametrize("place", PLACES)
def test_the_keys_work_after_a_click(place: str, window: ReviewWindow, qtbot: QtBot) -> None:
    room = window.workspace
    assert room is not None

    def key(key: Qt.Key) -> None:
        press(window.focusWidget() or window, key)

    PLACES[place](room)
    ticked = room.moments.stopping.isChecked()
    room.reflection.set_moments([])
    playing = []
    for _ in range(2):
        key(Qt.Key.Key_Space)
        playing.append(room.player.playing)
    assert playing == [True, False]
    assert room.moments.stopping.isChecked() == ticked
    room.player.seek(1.0)
    key(Qt.Key.Key_Period)
    assert room.player.position_s == pytest.approx(1.04)
    key(Qt.Key.Key_Comma)
    assert room.player.position_s == pytest.approx(1.0)
    key(Qt.Key.Key_Right)
    assert room.player.position_s == pytest.approx(2.0 if place == "timeline" else 6.0)
    key(Qt.Key.Key_Left)
    assert room.player.position_s == pytest.approx(1.0)
    marked = len(room.marks.bookmarks)
    key(Qt.Key.Key_B)
    qtbot.waitUntil(lambda: len(room.marks.bookmarks) == marked + 1, timeout=20_000)
    room.timeline.set_mark((3.0, 4.0))
    key(Qt.Key.Key_E)
    qtbot.waitUntil(lambda: room.marks.excluded == [(3.0, 4.0)], timeout=20_000)
    key(Qt.Key.Key_N)
    assert room.notes.editor.hasFocus()


def test_rows_are_chosen_and_gone_to_with_the_keys(window: ReviewWindow, qtbot: QtBot) -> None:
    room = window.workspace
    assert room is not None
    rows = room.moments.list
    moments = [Moment(at, at, "drop", "Attunement fell.") for at in (1.0, 2.0)]
    room.moments.set_moments(moments, waiting=False)
    rows.setFocus()
    rows.setCurrentRow(0)
    press(rows, Qt.Key.Key_Down)
    press(rows, Qt.Key.Key_Return)
    assert room.player.position_s == pytest.approx(2.0)
