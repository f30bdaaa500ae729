"""Sessions, review, journal and check-in: by menu, by key, from both windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import press
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted_controller import ScriptedController, factory

from mirrorsync.settings import Settings
from mirrorsync.ui import texts
from mirrorsync.ui.journal.window import JournalWindow
from mirrorsync.ui.live.main_window import MainWindow
from mirrorsync.ui.live.sessions_dialog import SessionsDialog

_CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def started() -> list[list[str]]:
    """Return what other programs were started with; only the first starts."""
    return []


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, started: list[list[str]]) -> Iterator[MainWindow]:
    def run(arguments: list[str]) -> bool:
        started.append(arguments)
        return len(started) == 1

    made = MainWindow(
        "portrait:you",
        "portrait:partner",
        Settings(),
        factory(ScriptedController()),
        recordings=tmp_path,
        journal=tmp_path / "journal.db",
        run=run,
    )
    with qtbot.waitExposed(made):
        made.show()
    yield made
    if made.look_back.journal is not None:
        made.look_back.journal.close()
    made.close()
    made.compact.deleteLater()
    made.deleteLater()


def _opened(qtbot: QtBot, window: MainWindow) -> JournalWindow:
    journal = window.look_back.journal
    assert journal is not None
    qtbot.waitUntil(lambda: journal.model.is_open)
    return journal


def test_the_journal_opens_once_and_takes_the_theme(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    press(window, Qt.Key.Key_J, _CONTROL)
    journal = _opened(qtbot, window)
    assert (tmp_path / "journal.db").exists()
    assert journal.theme == window.theme
    window.toggle_theme()
    assert journal.theme == window.theme
    press(window, Qt.Key.Key_J, _CONTROL)
    assert window.look_back.journal is journal
    journal.close()
    window.look_back.show_journal()
    assert _opened(qtbot, window) is not journal


def test_the_check_in_is_one_key_away(qtbot: QtBot, window: MainWindow) -> None:
    press(window, Qt.Key.Key_K, _CONTROL)
    journal = _opened(qtbot, window)
    assert journal.tabs.currentWidget() is journal.check_in


def test_the_review_is_a_program_of_its_own(
    qtbot: QtBot, window: MainWindow, started: list[list[str]]
) -> None:
    press(window, Qt.Key.Key_R, _CONTROL)
    assert started == [["review"]]
    assert window.status_bar.sentence == texts.REVIEW_OPENS
    press(window, Qt.Key.Key_R, _CONTROL)
    assert window.status_bar.sentence == texts.NOT_STARTED, "when it could not be started"


def test_the_keys_work_in_the_strip(qtbot: QtBot, window: MainWindow) -> None:
    window.toggle_compact()
    qtbot.waitUntil(window.compact.isActiveWindow)
    press(window.compact, Qt.Key.Key_K, _CONTROL)
    _opened(qtbot, window)


def test_the_menu_opens_by_keyboard_and_says_what_each_entry_does(qtbot: QtBot, window: MainWindow) -> None:
    menu, button = window.look_back.menu, window.look_back.button
    assert button.menu() is menu
    assert all(action.toolTip() and not action.shortcut().isEmpty() for action in menu.actions())
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
    press(menu, Qt.Key.Key_Down)
    press(menu, Qt.Key.Key_Return)
    dialogs = [one for one in QApplication.topLevelWidgets() if isinstance(one, SessionsDialog)]
    assert any(one.isVisible() for one in dialogs)
    for one in dialogs:
        one.close()
