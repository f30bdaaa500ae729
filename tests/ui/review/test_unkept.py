"""A journal that cannot be written: what was typed outlives the page, and is shown before it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import click
from journal_hands import asked, fill_disk, make_room, opened
from made_reviews import REVIEW_SETTINGS, make_review
from PyQt6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from mirrorsync.journal import Journal
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.unkept_dialog import UnkeptDialog
from mirrorsync.ui.journal.window import JournalWindow
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.review.workspace import Workspace

TIMEOUT = 20_000
LONG = "precious " * 20_000


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_review(tmp_path_factory.mktemp("sessions"))


@pytest.fixture
def window(session: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[ReviewWindow]:
    made = ReviewWindow(REVIEW_SETTINGS, JournalModel(tmp_path / "journal.db"), folder=session.parent)
    qtbot.addWidget(made, before_close_func=lambda w: w.journal.unkept.clear())
    made.show()
    yield made
    made.journal.unkept.clear()
    made.close()


def typed_on_a_full_disk(window: ReviewWindow, session: Path, qtbot: QtBot) -> Workspace:
    workspace = open_it(window, session, qtbot)
    asked(qtbot, window.journal, fill_disk)
    with qtbot.waitSignal(window.journal.failed, timeout=TIMEOUT):
        workspace.notes.editor.type_text(LONG)
    return workspace


def open_it(window: ReviewWindow, session: Path, qtbot: QtBot) -> Workspace:
    window.open_session(session)
    workspace = window.workspace
    assert workspace is not None
    qtbot.waitUntil(lambda: workspace.notes.isEnabled() and window.journal.is_open, timeout=TIMEOUT)
    return workspace


def dialog_of(window: ReviewWindow | JournalWindow) -> UnkeptDialog:
    [dialog] = [one for one in window.findChildren(UnkeptDialog) if one.isVisible()]
    return dialog


def test_it_is_there_again_when_the_session_is_opened_again(
    window: ReviewWindow, session: Path, qtbot: QtBot
) -> None:
    typed_on_a_full_disk(window, session, qtbot)
    window.to_start()
    asked(qtbot, window.journal, make_room)  # room was made meanwhile
    workspace = open_it(window, session, qtbot)
    qtbot.waitUntil(lambda: workspace.notes.editor.text() == LONG, timeout=TIMEOUT)
    workspace.notes.keep_draft()
    asked(qtbot, window.journal, lambda _: None)
    assert window.journal.unkept == {}
    [draft] = asked(qtbot, window.journal, lambda journal: journal.drafts())
    assert draft.text == LONG


def test_the_window_stays_until_it_was_seen(window: ReviewWindow, session: Path, qtbot: QtBot) -> None:
    workspace = typed_on_a_full_disk(window, session, qtbot)
    window.close()
    assert window.isVisible()
    dialog = dialog_of(window)
    assert dialog.field.toPlainText() == LONG
    click(dialog.copy_button)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == LONG
    click(dialog.back_button)
    assert window.isVisible()
    assert workspace.notes.editor.text() == LONG
    window.close()
    click(dialog_of(window).close_button)
    assert not window.isVisible()


def test_the_window_closes_at_once_when_all_was_kept(
    window: ReviewWindow, session: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    workspace = open_it(window, session, qtbot)
    workspace.notes.editor.type_text("precious")
    window.close()
    assert not window.isVisible()
    with Journal(tmp_path / "journal.db") as journal:
        assert [draft.text for draft in journal.drafts()] == ["precious"]


def test_the_journals_own_window_stays_too(tmp_path: Path, qtbot: QtBot) -> None:
    window = JournalWindow(tmp_path / "journal.db")
    qtbot.addWidget(window, before_close_func=lambda w: w.model.unkept.clear())
    window.show()
    opened(qtbot, window.model)
    asked(qtbot, window.model, fill_disk)
    window.show_check_in()
    qtbot.waitUntil(lambda: window.check_in._drafts.key != "", timeout=TIMEOUT)
    window.check_in.words.type_text(LONG)
    window.close()
    assert window.isVisible()
    click(dialog_of(window).close_button)
    assert not window.isVisible()
