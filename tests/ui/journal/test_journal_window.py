"""The journal's window: opening, passphrases, damage, closing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hands import click, type_text
from journal_hands import asked
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mirrorsync.journal import Feeling, Journal, add_check_in, journal_path
from mirrorsync.journal.backups import backups
from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.lock_dialog import LockDialog, UnlockDialog
from mirrorsync.ui.journal.window import JournalWindow, run_journal_window
from mirrorsync.ui.theme import DARK, LIGHT

W = TypeVar("W", bound=QWidget)
_KEY_MS = 30_000  # making a key takes half a second of an idle machine, on purpose


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], JournalWindow]]:
    made: list[JournalWindow] = []

    def new() -> JournalWindow:
        window = JournalWindow(tmp_path / "journal.db", sessions=tmp_path, theme=LIGHT)
        made.append(window)
        qtbot.addWidget(window)
        window.show()
        window.open()
        return window

    yield new
    for window in made:
        window.close()


def _dialog(qtbot: QtBot, kind: type[W]) -> W:
    def found() -> list[W]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]

    qtbot.waitUntil(lambda: bool(found()), timeout=_KEY_MS)
    return found()[0]


def test_it_opens_says_what_is_due_and_keeps_what_is_typed(
    qtbot: QtBot, make: Callable[[], JournalWindow]
) -> None:
    window = make()
    at = window.tabs.indexOf(window.check_in)
    qtbot.waitUntil(lambda: window.tabs.tabText(at) == texts.TAB_CHECK_IN_DUE[0])
    asked(qtbot, window.model, lambda j: add_check_in(j, [Feeling("calm", 0.5)]))
    window.model.changed.emit()
    qtbot.waitUntil(lambda: window.tabs.tabText(at) == texts.TAB_CHECK_IN[0])
    type_text(window.entries.view.editor, "in the midst of")
    window.show_check_in()
    window.check_in.wheel.toggle("warm")
    window.set_theme(DARK)
    window.close()
    again = make()
    qtbot.waitUntil(lambda: again.entries.view.editor.text() == "in the midst of")
    qtbot.waitUntil(lambda: again.check_in.feelings() == (Feeling("warm", 0.5),))


def test_set_a_passphrase_and_open_with_it(
    qtbot: QtBot, make: Callable[[], JournalWindow], tmp_path: Path
) -> None:
    pytest.importorskip("sqlcipher3", reason="the extra 'passphrase' is not installed")
    window = make()
    qtbot.waitUntil(lambda: window.model.is_open, timeout=_KEY_MS)
    asked(qtbot, window.model, lambda j: j.add("note", "secret matter"))
    window.entries.passphrase()
    dialog = _dialog(qtbot, LockDialog)
    assert not dialog.set_button.isEnabled()
    dialog.new.setText("open sesame")
    dialog.again.setText("open Sesame")
    dialog.understood.setChecked(True)
    assert dialog.said.text() == texts.LOCK_DIFFER
    assert not dialog.set_button.isEnabled()
    dialog.again.setText("open sesame")
    click(dialog.set_button)
    qtbot.waitUntil(lambda: window.status.text() == texts.LOCK_DONE, timeout=_KEY_MS)
    assert b"secret matter" not in (tmp_path / "journal.db").read_bytes()
    assert asked(qtbot, window.model, lambda j: len(j.entries())) == 1, "it is open as before"
    window.close()
    again = make()
    unlock = _dialog(qtbot, UnlockDialog)
    unlock.passphrase.setText("wrong")
    click(unlock.open_button)
    qtbot.waitUntil(lambda: "does not open" in unlock.said.text(), timeout=_KEY_MS)
    unlock.passphrase.setText("open sesame")
    click(unlock.open_button)
    qtbot.waitUntil(lambda: again.entries.list.count() == 1, timeout=_KEY_MS)
    qtbot.waitUntil(lambda: again._dialog is None)
    again.entries.passphrase()
    change = _dialog(qtbot, LockDialog)
    change.old.setText("wrong")
    click(change.remove_button)
    qtbot.waitUntil(lambda: change.said.text() == texts.LOCK_WRONG, timeout=_KEY_MS)
    assert asked(qtbot, again.model, lambda j: len(j.entries())) == 1, "it stays open"
    change.old.setText("open sesame")
    click(change.remove_button)
    qtbot.waitUntil(lambda: again.status.text() == texts.LOCK_REMOVED, timeout=_KEY_MS)
    assert (tmp_path / "journal.db").read_bytes().startswith(b"SQLite format 3")


def test_a_damaged_journal_is_brought_back(
    qtbot: QtBot, make: Callable[[], JournalWindow], tmp_path: Path
) -> None:
    path = tmp_path / "journal.db"
    for _ in range(2):  # the second opening takes the backup
        with Journal(path) as journal:
            journal.add("note", "kept")
    assert backups(path)
    path.write_bytes(path.read_bytes()[:4096] + b"\xa5" * 9000)
    window = make()
    qtbot.waitUntil(lambda: window._dialog is not None)
    dialog = window._dialog
    assert dialog is not None
    [restore] = [b for b in dialog.findChildren(QPushButton) if b.text() == texts.DAMAGE_RESTORE[0]]
    click(restore)
    qtbot.waitUntil(lambda: window.entries.list.count() == 1)
    assert "damaged file is kept" in window.status.text()
    assert list(tmp_path.glob("journal-damaged-*.db"))


def test_the_command_runs_until_the_window_is_closed(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(tmp_path))

    def close() -> None:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, JournalWindow) and window.isVisible():
                window.close()

    QTimer.singleShot(400, close)
    assert run_journal_window() == 0
    assert journal_path().is_file()
