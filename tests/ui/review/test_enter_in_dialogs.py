"""Enter does what the tooltips promise, wherever the focus is in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hands import press
from made_videos import make_video
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QDialog, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mirrorsync.journal.entries import Entry, new_id
from mirrorsync.ui.journal.lock_dialog import LockDialog, UnlockDialog
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review.export_dialog import ExportDialog
from mirrorsync.ui.review.report_dialog import ReportDialog
from mirrorsync.ui.review.saving_dialog import SavingDialog
from mirrorsync.ui.review.split_dialog import SplitDialog
from mirrorsync.ui.theme import LIGHT

Make = Callable[[Path], QDialog]


def _split(folder: Path) -> QDialog:
    return SplitDialog([make_video(folder, "mp4v_25_mp4", frames=25, width=128)], LIGHT)


def _split_two(folder: Path) -> QDialog:
    video = make_video(folder, "mp4v_25_mp4", frames=25)
    return SplitDialog([video, make_video(folder, "xvid_24_avi", frames=24)], LIGHT)


def _report(folder: Path) -> QDialog:
    note = Entry(id=new_id(), kind="note", created_utc="2026-01-01T00:00:00+00:00", text="x", start_s=1.0)
    return ReportDialog(folder / "one.mirrorsync", [note], LIGHT, name="one")


def _export(folder: Path) -> QDialog:
    return ExportDialog(folder / "one.mirrorsync", LIGHT)


DIALOGS: dict[str, tuple[Make, str]] = {
    "one recording": (_split, "Analyse"),
    "two recordings": (_split_two, "Analyse"),
    "report": (_report, "Save as…"),
    "export": (_export, "Choose folder…"),
}


def _focusable(dialog: QDialog) -> list[QWidget]:
    return [
        one
        for one in dialog.findChildren(QWidget)
        if one.isVisibleTo(dialog) and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


@pytest.mark.parametrize("name", DIALOGS)
def test_enter_presses_the_button_that_promises_it(name: str, tmp_path: Path, qtbot: QtBot) -> None:
    make, wanted = DIALOGS[name]
    dialog = make(tmp_path)
    qtbot.addWidget(dialog)
    pressed: list[str] = []
    if isinstance(dialog, SavingDialog):
        dialog.save_button.clicked.disconnect()  # it would ask for a file
        dialog.close_button.clicked.disconnect()
    else:
        assert isinstance(dialog, SplitDialog)
        dialog.ok_button.clicked.disconnect()  # it would close the dialog
        before = dialog.feeds
    for one in dialog.findChildren(QAbstractButton):
        one.clicked.connect(lambda _, one=one: pressed.append(one.text()))
    dialog.show()
    qtbot.waitExposed(dialog)
    press(dialog, Qt.Key.Key_Return)  # as it comes up
    fields = _focusable(dialog)
    assert len(fields) > 2
    for field in fields:
        field.setFocus()
        press(field, Qt.Key.Key_Return)
    others = [one for one in fields if isinstance(one, QPushButton) and one.text() != wanted]
    assert set(pressed) == {wanted}, (pressed, [one.text() for one in others])
    assert len(pressed) == 1 + len(fields)
    if isinstance(dialog, SplitDialog):
        assert dialog.feeds == before


def test_enter_closes_once_it_is_written(tmp_path: Path, qtbot: QtBot) -> None:
    dialog = _export(tmp_path)
    assert isinstance(dialog, ExportDialog)
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.saved, timeout=20_000):
        dialog.run(lambda _tell: "There it is.")
    press(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


@pytest.mark.parametrize("name", [*DIALOGS, "unlock", "lock"])
def test_no_dialog_leaves_enter_to_chance(name: str, tmp_path: Path, qtbot: QtBot) -> None:
    if name in DIALOGS:
        dialog = DIALOGS[name][0](tmp_path)
    else:
        model = JournalModel(tmp_path / "journal.db")
        dialog = UnlockDialog(model) if name == "unlock" else LockDialog(model)
    qtbot.addWidget(dialog)
    dialog.show()
    buttons = dialog.findChildren(QPushButton)
    assert not [one.text() for one in buttons if one.autoDefault()]
    assert len([one for one in buttons if one.isDefault()]) <= 1
    assert not dialog.findChildren(QPlainTextEdit)  # Enter would be a new line there
