"""Buttons keep their size, and long words their letters."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mirrorsync.journal.entries import Entry, new_id
from mirrorsync.ui.review.analysis_bar import AnalysisBar
from mirrorsync.ui.review.report_dialog import ReportDialog
from mirrorsync.ui.theme import LIGHT

LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 3


def test_go_on_is_as_wide_as_its_words(qtbot: QtBot) -> None:
    bar = AnalysisBar()
    qtbot.addWidget(bar)
    bar.resize(1000, 44)
    for trouble in ("", "The recording is not there any more; put it back and open it again. " * 3):
        bar.show_stopped(61.0, trouble)
        bar.show()
        qtbot.waitExposed(bar)
        button, label = bar.resume_button, bar.label
        assert button.width() <= button.sizeHint().width() + 2
        assert label.geometry().right() < button.geometry().left()
        assert label.heightForWidth(label.width()) <= bar.height()


def test_a_long_word_is_broken_and_not_cut(qtbot: QtBot, tmp_path: Path) -> None:
    entry = Entry(id=new_id(), kind="note", text=LONG, start_s=1.0)
    dialog = ReportDialog(tmp_path / "one.mirrorsync", [entry], LIGHT, name="one")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    (shown,) = (one for one in dialog.findChildren(QLabel) if "Donau" in one.text())
    port = dialog._written.viewport()
    assert port is not None
    page = dialog._written.widget()
    assert page is not None
    assert page.width() <= port.width(), "nothing lies outside what can be seen"
    assert shown.height() >= 2 * shown.fontMetrics().lineSpacing()
    assert LONG in dialog.boxes[0].accessibleName(), "a screen reader hears the word whole"
    assert dialog.ticked == []
