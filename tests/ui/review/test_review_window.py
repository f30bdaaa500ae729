"""A trainee's hour in small, offscreen: a session is opened, played, marked, reflected on, found again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hands import click, press
from made_reviews import REVIEW_SETTINGS, make_review
from made_sessions import snapshots, store
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QListWidget, QPlainTextEdit
from pytestqt.qtbot import QtBot

from mirrorsync.journal import add_check_in
from mirrorsync.synchrony.moments import Moment
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.review.workspace import Workspace


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_review(tmp_path_factory.mktemp("sessions"))


@pytest.fixture
def window(session: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[ReviewWindow]:
    made = ReviewWindow(REVIEW_SETTINGS, JournalModel(tmp_path / "journal.db"), folder=session.parent)
    qtbot.addWidget(made, before_close_func=lambda w: w.close())
    made.show()
    yield made
    made.close()


@pytest.fixture
def workspace(window: ReviewWindow, session: Path, qtbot: QtBot) -> Workspace:
    window.open_session(session)
    opened = window.workspace
    assert opened is not None
    qtbot.waitUntil(lambda: opened.pictures[0].observation is not None, timeout=20_000)
    qtbot.waitUntil(lambda: opened.notes.isEnabled() and window.journal.is_open, timeout=20_000)
    return opened


def shows(workspace: Workspace, t_ns: int) -> Callable[[], bool]:
    def both() -> bool:
        seen = [view.observation for view in workspace.pictures]
        return all(one is not None and one.frame.t_ns == t_ns for one in seen)

    return both


def test_both_pictures_are_those_of_the_time_with_their_lines(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.seek(2.0)
    qtbot.waitUntil(shows(workspace, 2_000_000_000), timeout=20_000)
    seen = workspace.pictures[0].observation
    assert seen is not None
    assert (seen.frame.index, seen.frame.width, seen.landmarks.pose_found) == (50, 64, True)
    red, blue = (view.observation.frame.rgb[-1, 5] for view in workspace.pictures if view.observation)
    assert red[0] > red[2]
    assert blue[2] > blue[0]  # each shows its own part of the picture


def test_keys_step_mark_and_write(window: ReviewWindow, workspace: Workspace, qtbot: QtBot) -> None:
    workspace.seek(1.0)
    qtbot.waitUntil(shows(workspace, 1_000_000_000), timeout=20_000)
    window.activateWindow()
    press(window, Qt.Key.Key_Period)
    qtbot.waitUntil(shows(workspace, 1_040_000_000), timeout=20_000)
    press(window, Qt.Key.Key_Comma)
    qtbot.waitUntil(shows(workspace, 1_000_000_000), timeout=20_000)
    press(window, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: len(workspace.marks.bookmarks) == 1, timeout=20_000)
    assert workspace.marks.bookmarks[0].start_s == pytest.approx(1.0)
    workspace.timeline.set_mark((3.0, 4.0))
    press(window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: workspace.marks.excluded == [(3.0, 4.0)], timeout=20_000)
    workspace.marks.undo()
    qtbot.waitUntil(lambda: workspace.marks.excluded == [], timeout=20_000)
    press(window, Qt.Key.Key_N)
    workspace.notes.editor.type_text("Here we leaned back.")
    workspace.notes.submit()
    window.to_start()
    qtbot.waitUntil(lambda: window.start_page.list.count() >= 1, timeout=20_000)
    window.start_page.search.setText("nothing like it")
    assert window.start_page.list.count() == 0
    window.start_page.search.setText("leaned")
    qtbot.waitUntil(lambda: window.start_page.list.count() == 1, timeout=20_000)
    item = window.start_page.list.item(0)
    assert item is not None
    assert "leaned back" in item.text()


def test_a_session_elsewhere_is_listed_as_long_as_it_is_there(
    window: ReviewWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    outside = store(tmp_path / "elsewhere.mirrorsync", snapshots(10))
    window.open_session(outside)
    opened = window.workspace
    assert opened is not None
    qtbot.waitUntil(lambda: opened.marks.session is not None, timeout=20_000)

    def listed() -> bool:
        items = [window.start_page.list.item(row) for row in range(window.start_page.list.count())]
        return str(outside) in [item.toolTip() for item in items if item is not None]

    window.to_start()
    qtbot.waitUntil(listed, timeout=20_000)
    outside.unlink()
    window.refresh_sessions()
    qtbot.waitUntil(lambda: not listed(), timeout=20_000)


def test_a_check_in_that_is_due_is_marked_where_the_review_begins(window: ReviewWindow, qtbot: QtBot) -> None:
    def marked() -> bool:
        return any(button.text() == texts.CHECK_IN_DUE[0] for button in window.findChildren(QAbstractButton))

    qtbot.waitUntil(marked, timeout=20_000)
    window.journal.ask(lambda journal: add_check_in(journal, [], "Fine."), writes=True)
    qtbot.waitUntil(lambda: not marked(), timeout=20_000)


def test_playback_goes_on_loops_and_stops_to_ask(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.reflection.set_moments([])
    press(workspace, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: workspace.player.position_s > 0.3, timeout=20_000)
    press(workspace, Qt.Key.Key_Space)
    playing = [workspace.player.playing]
    workspace.timeline.set_mark((1.0, 1.2))
    loops = []
    for wanted in (True, False):
        workspace.transport.loop.setChecked(wanted)
        loops.append(workspace.player.clock.loop)
    assert loops == [(1.0, 1.2), None]
    workspace._reflect_on(Moment(2.0, 2.0, "drop", "Attunement fell."))
    assert workspace.reflect.isVisible()
    assert not workspace.tabs.isVisible()
    for editor in workspace.reflect.editors.values():
        editor.type_text("Warmth in the chest.")
    click(workspace.reflect.keep_button)
    qtbot.waitUntil(
        lambda: any(one.kind == "reflection" for one in workspace.marks.bookmarks), timeout=20_000
    )
    assert [*playing, workspace.player.playing] == [False, True]
    workspace.player.pause()


def test_every_control_has_a_name_and_a_tooltip(workspace: Workspace) -> None:
    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QListWidget)
    nameless = [
        type(widget).__name__ + widget.objectName()
        for kind in kinds
        for widget in workspace.findChildren(kind)
        if widget.isVisibleTo(workspace)
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        and not widget.objectName().startswith("qt_")
    ]
    assert nameless == []
