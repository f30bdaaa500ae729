"""A trainee's hour on a real screen: FOLDER CALL YOU PARTNER PICTURES THEME.

Everything is done with keys and the mouse, and every step waits on what a person would see.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from patience import patient_s
from PyQt6.QtCore import QPoint, Qt, QTimer
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QWidget,
)

from mirrorsync.settings import Settings
from mirrorsync.ui.application import application
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review.split_dialog import SplitDialog
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.review.workspace import Workspace
from mirrorsync.ui.theme import DARK, LIGHT

_TEST: Any = QTest  # PyQt6 annotates its static functions as methods
_DEADLINE_S = patient_s(40.0)
_FEW_MS = 150  # for what was asked for to be painted, before a picture is taken
_NO = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
NOTE = "We both leaned in here, and I did not notice until now."
FELT = "Warmth in the chest."


class Hour:
    """The window, driven as a trainee would."""

    def __init__(self, folder: Path, pictures: Path, theme: str) -> None:
        self.folder, self._pictures = folder, pictures
        self._shot = 0
        self._dark = theme == "dark"
        self.window = self.open_window()

    def open_window(self) -> ReviewWindow:
        """Open the window on what was kept."""
        window = ReviewWindow(
            Settings(), JournalModel(self.folder / "journal.db"), folder=self.folder / "sessions"
        )
        window.apply_theme(DARK if self._dark else LIGHT)
        window.show()
        window.activateWindow()
        self.window = window
        self.until(window.isActiveWindow, "the window")
        return window

    @property
    def room(self) -> Workspace:
        """The session that is open."""
        assert self.window.workspace is not None
        return self.window.workspace

    # Hands and eyes

    def until(self, happens: Callable[[], object], what: str) -> None:
        """Wait until something happens."""
        deadline = time.monotonic() + _DEADLINE_S
        while not happens():
            if time.monotonic() > deadline:
                self.picture("stuck")
                bar = self.window.statusBar()
                raise TimeoutError(f"{what} did not come: {bar.currentMessage() if bar else ''}")
            _TEST.qWait(20)

    def picture(self, name: str) -> None:
        """Keep a picture of the whole screen."""
        _TEST.qWait(_FEW_MS)
        self._shot += 1
        screen = QGuiApplication.primaryScreen()
        assert screen is not None
        screen.grabWindow(0).save(str(self._pictures / f"{self._shot:02d}-{name}.png"))  # type: ignore[arg-type]  # 0: all of it

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = _NO, at: QWidget | None = None) -> None:
        """Press a key where the keys go."""
        _TEST.keyClick(at or QApplication.focusWidget() or self.window, key, held)

    def shortcut(self, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
        """Press a key of the window, once no dialog stands before it any more."""
        self.until(self.window.isActiveWindow, "the window in front")
        self.press(key, held, at=self.window)

    def type(self, text: str, into: QWidget) -> None:
        """Type a text into the field that has the keys."""
        self.until(into.hasFocus, f"the keys in {into.accessibleName()}")
        _TEST.keyClicks(into, text)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click on something that is seen."""
        self.until(
            lambda: widget.isVisible() and widget.isEnabled(), f"what to click ({widget.accessibleName()})"
        )
        _TEST.mouseClick(widget, Qt.MouseButton.LeftButton, _NO, at or widget.rect().center())

    def click_row(self, view: QAbstractItemView, row: int, *, twice: bool = False) -> None:
        """Click on a row of a list."""
        model, port = view.model(), view.viewport()
        assert model is not None
        assert port is not None
        at = view.visualRect(model.index(row, 0)).center()
        _TEST.mouseClick(port, Qt.MouseButton.LeftButton, _NO, at)
        if twice:
            _TEST.mouseDClick(port, Qt.MouseButton.LeftButton, _NO, at)

    def file_dialog(self, path: str, opens: Callable[[], None], name: str = "") -> None:
        """Do what opens a dialog for files, and type a path into it."""
        timer = QTimer()

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog) or not dialog.isVisible():
                return
            timer.stop()
            if name:
                self.picture(name)
            field = dialog.findChild(QLineEdit)
            assert field is not None
            field.setText(path)  # letter by letter Qt's suggestions would come in between
            _TEST.keyClick(field, Qt.Key.Key_Return)

        timer.timeout.connect(answer)
        timer.start(30)
        opens()
        self.until(
            lambda: not isinstance(QApplication.activeModalWidget(), QFileDialog), "the end of the files"
        )

    # The hour

    def open_and_split(self, call: Path) -> None:
        """Open a recording of both, and say who is where."""
        self.picture("start")
        self.file_dialog(str(call), lambda: self.press(Qt.Key.Key_O, _CTRL), "choose")
        self.until(lambda: isinstance(self.window.dialog, SplitDialog), "who is where")
        dialog = self.window.dialog
        assert isinstance(dialog, SplitDialog)
        self.until(dialog.isVisible, "who is where")
        self.picture("split")
        self.press(Qt.Key.Key_Return, at=dialog)
        self.until(lambda: self.window.workspace is not None, "the session")

    def watch_while_it_is_analysed(self) -> None:
        """Play, step and wait."""
        room = self.room
        self.until(lambda: room.pictures[0].observation is not None, "the first picture")
        self.press(Qt.Key.Key_Space)
        self.until(lambda: room.player.position_s > 1.0, "playback")
        self.press(Qt.Key.Key_Space)
        before = room.player.position_s
        self.press(Qt.Key.Key_Period)
        assert before < room.player.position_s < before + 0.2
        self.until(lambda: room.view.duration_s > 3.0, "the first scores")
        self.picture("analysing")
        self.until(lambda: room.view.complete and not room.view.job.task, "the analysis")
        self.until(lambda: room.view.numbers is not None, "the numbers")
        self.picture("analysed")
        self.press(Qt.Key.Key_H)
        self.picture("session")
        bar = room.numbers.page.verticalScrollBar()
        assert bar is not None
        for part in ("copies", "lags", "meters"):
            bar.setValue(bar.value() + bar.maximum() // 3 + 1)
            self.picture(f"session-{part}")
        room.tabs.setCurrentIndex(0)

    def jump_and_reflect(self) -> None:
        """Go to a moment, answer what it asks, and go on."""
        room = self.room
        self.click_row(room.moments.list, 0)
        first = room.moments.moments[0]
        assert abs(room.player.position_s - first.start_s) < 1e-6
        self.press(Qt.Key.Key_Space)
        self.until(lambda: room.player.playing, "playback after a click on a moment")
        self.press(Qt.Key.Key_Space)
        self.click(room.moments.reflect)
        self.until(room.reflect.isVisible, "the questions")
        self.type(FELT, next(iter(room.reflect.editors.values())))
        self.picture("reflect")
        self.press(Qt.Key.Key_Return, _CTRL)
        self.until(lambda: any(one.kind == "reflection" for one in room.marks.bookmarks), "the reflection")
        self.until(lambda: room.player.playing, "playback after the answer")
        self.press(Qt.Key.Key_Space)

    def write_and_mark(self) -> None:
        """Write a note, set a bookmark, loop a stretch and leave it out."""
        room = self.room
        self.click(room.timeline, QPoint(room.timeline.width() // 2, 60))
        self.press(Qt.Key.Key_N)
        self.type(NOTE, room.notes.editor)
        self.picture("note")
        self.press(Qt.Key.Key_Return, _CTRL)
        self.until(lambda: NOTE in [entry.text for entry in room.notes.list.entries()], "the note")
        self.press(Qt.Key.Key_Escape)
        self.window.setFocus()
        self.press(Qt.Key.Key_B)
        self.until(lambda: any(one.kind == "bookmark" for one in room.marks.bookmarks), "the bookmark")
        room.player.seek(4.0)
        self.press(Qt.Key.Key_BracketLeft)
        self.press(Qt.Key.Key_Right, _SHIFT)
        self.press(Qt.Key.Key_Right, _SHIFT)
        self.press(Qt.Key.Key_BracketRight)
        assert room.timeline.mark == (4.0, 6.0)
        self.press(Qt.Key.Key_L)
        assert room.player.clock.loop == (4.0, 6.0)
        self.picture("loop")
        self.press(Qt.Key.Key_L)
        self.press(Qt.Key.Key_E)
        self.until(lambda: room.marks.excluded == [(4.0, 6.0)], "the stretch that is left out")
        self.until(lambda: room.view.numbers is not None and not room.view.job.task, "the numbers without it")
        room.tabs.setCurrentIndex(0)
        self.picture("marked")
        self.press(Qt.Key.Key_F1)
        self.picture("keys")
        assert self.window.dialog is not None
        self.press(Qt.Key.Key_Escape, at=self.window.dialog)

    def check_in(self) -> None:
        """Say how the week was."""
        self.shortcut(Qt.Key.Key_J, _CTRL | _SHIFT)
        self.until(lambda: self.window.door.window is not None, "the journal's window")
        journal = self.window.door.window
        assert journal is not None
        page = journal.check_in
        self.until(lambda: page.isVisible() and journal.isActiveWindow(), "the check-in")
        entry = next(
            one for one in page.wheel.buttons.values() if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        )
        entry.setFocus()
        self.press(Qt.Key.Key_Space, at=entry)
        self.until(page.feelings, "the feeling")
        page.words.setFocus()
        self.type("Calmer than last week.", page.words)
        self.picture("check-in")
        self.press(Qt.Key.Key_Return, _CTRL)
        self.until(lambda: not page.feelings(), "the check-in that is kept")
        journal.tabs.setCurrentWidget(journal.weeks)
        self.until(lambda: journal.weeks.pages.currentWidget() is not journal.weeks.empty, "the weeks")
        self.picture("weeks")
        journal.tabs.setCurrentWidget(journal.entries)
        self.picture("journal")
        journal.close()
        self.until(lambda: self.window.door.window is None, "the end of the journal's window")
        self.window.activateWindow()

    def report_and_export(self) -> None:
        """Write both."""
        self.shortcut(Qt.Key.Key_R, _CTRL)
        dialog = self._saving_dialog("the report's questions")
        self.click(next(one for one in self._buttons(dialog) if one.accessibleName() == "Tick all"))
        self.picture("report")
        page = self.folder / "report.html"
        self.file_dialog(str(page), lambda: self.press(Qt.Key.Key_Return, at=dialog))
        self.until(lambda: page.is_file() and dialog.isVisible() and not dialog.working, "the report")
        self.picture("report-written")
        self.press(Qt.Key.Key_Return, at=dialog)
        self.until(lambda: self.window.sharing.dialog is None, "the end of the report")
        self.shortcut(Qt.Key.Key_E, _CTRL)
        dialog = self._saving_dialog("the formats")
        self.picture("export")
        out = self.folder / "export"
        out.mkdir()
        self.file_dialog(str(out), lambda: self.press(Qt.Key.Key_Return, at=dialog))
        self.until(lambda: any(out.rglob("*.csv")) and not dialog.working, "the tables")
        self.press(Qt.Key.Key_Escape, at=dialog)
        self.until(lambda: self.window.sharing.dialog is None, "the end of the export")

    def search(self) -> None:
        """Find the session by a word of the note, and open it again."""
        self.shortcut(Qt.Key.Key_L, _CTRL)
        page = self.window.start_page
        self.until(lambda: page.list.count() == 1, "the list of sessions")
        self.click(page.search)
        self.type("notice until", page.search)

        def found() -> bool:
            row = page.list.item(0)
            return page.list.count() == 1 and row is not None and "notice" in row.text()

        self.until(found, "what was searched")
        self.picture("search")
        self.click_row(page.list, 0, twice=True)
        self.until(lambda: self.window.workspace is not None, "the session that was found")
        self.until(lambda: self.room.marks.excluded == [(4.0, 6.0)], "its marks")

    def line_up(self, you: Path, partner: Path) -> None:
        """Open two files, and move one against the other."""
        self.file_dialog(f'"{you}" "{partner}"', lambda: self.shortcut(Qt.Key.Key_O, _CTRL))
        self.until(lambda: isinstance(self.window.dialog, SplitDialog), "which one is you")
        dialog = self.window.dialog
        assert isinstance(dialog, QDialog)
        self.until(dialog.isVisible, "which one is you")
        self.picture("two-files")
        before = self.window.workspace
        self.press(Qt.Key.Key_Return, at=dialog)
        self.until(lambda: self.window.workspace not in (None, before), "the second session")
        room = self.room
        self.until(lambda: room.pictures[1].observation is not None, "the partner's picture")
        self.click(room.transport.estimate)
        bar = self.window.statusBar()
        assert bar is not None
        self.until(lambda: bar.currentMessage() and not room.offset_finder.running, "the sound's offset")
        self.picture("offset")
        estimated = room.view.offset_s
        self.shortcut(Qt.Key.Key_Right, _ALT)
        assert abs(room.view.offset_s - estimated - 0.01) < 1e-6
        room.view.stop()
        self.until(lambda: not room.view.job.task, "the analysis that was stopped")
        self.picture("stopped")

    def reopen(self, path: Path) -> None:
        """Close everything, and find all of it again."""
        self.window.close()
        self.open_window()
        page = self.window.start_page
        self.until(lambda: page.list.count() == 2, "both sessions")
        self.window.open_session(path)
        self.until(lambda: self.room.marks.excluded == [(4.0, 6.0)], "the marks of before")
        self.until(lambda: self.room.pictures[0].observation is not None, "the picture of before")
        self.until(lambda: self.room.view.numbers is not None, "the numbers of before")
        kinds = {one.kind for one in self.room.marks.bookmarks}
        assert {"bookmark", "reflection"} <= kinds, kinds
        self.picture("reopened")
        self.window.close()

    def _saving_dialog(self, what: str) -> Any:
        self.until(lambda: self.window.sharing.dialog is not None, what)
        dialog = self.window.sharing.dialog
        assert dialog is not None
        self.until(dialog.isVisible, what)
        return dialog

    @staticmethod
    def _buttons(dialog: QWidget) -> list[QPushButton]:
        return dialog.findChildren(QPushButton)


def main() -> None:
    """Spend the hour and say where the session lies."""
    application()
    folder, call, you, partner, pictures = map(Path, sys.argv[1:6])
    (folder / "sessions").mkdir()
    pictures.mkdir(parents=True, exist_ok=True)
    hour = Hour(folder, pictures, sys.argv[6])
    hour.open_and_split(call)
    hour.watch_while_it_is_analysed()
    hour.jump_and_reflect()
    hour.write_and_mark()
    hour.check_in()
    hour.report_and_export()
    path = hour.room.view.path
    hour.search()
    hour.line_up(you, partner)
    hour.reopen(path)
    sys.stdout.write(json.dumps({"session": str(path)}) + "\n")


if __name__ == "__main__":
    main()
