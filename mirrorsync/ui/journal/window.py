"""The journal's window: entries, check-in, weeks."""

from __future__ import annotations

import signal
from pathlib import Path

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QCloseEvent, QGuiApplication
from PyQt6.QtWidgets import QDialog, QMainWindow, QTabWidget, QVBoxLayout, QWidget

from mirrorsync.journal import CheckInState
from mirrorsync.ui.application import application
from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.check_in_page import CheckInPage
from mirrorsync.ui.journal.damage_dialog import DamageDialog
from mirrorsync.ui.journal.journal_page import JournalPage
from mirrorsync.ui.journal.lock_dialog import UnlockDialog
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.parts import plain_label
from mirrorsync.ui.journal.unkept_dialog import must_wait
from mirrorsync.ui.journal.weeks_page import WeeksPage
from mirrorsync.ui.screen_room import resize_within
from mirrorsync.ui.theme import LIGHT, Theme, palette, style_sheet, system_theme

__all__ = ["JournalWindow", "run_journal_window"]

_CTRL_C_MS = 300


class JournalWindow(QMainWindow):
    """Shows one journal; `open` opens it.

    Parameters
    ----------
    path : path, optional
        The journal (default: the user's).
    sessions : path, optional
        Folder of the sessions whose attunement stands in the weeks (default: the user's).
    theme : Theme, optional
        Colours (default: those that fit the system).
    model : JournalModel, optional
        A journal that another window shows as well, and closes; `path` is then not looked at.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        sessions: Path | None = None,
        theme: Theme | None = None,
        model: JournalModel | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle(texts.TITLE)
        resize_within(self, 1100, 780)
        self._shared = model is not None
        self.model = model or JournalModel(path, parent=self)
        self.entries = JournalPage(self.model)
        self.check_in = CheckInPage(self.model)
        self.weeks = WeeksPage(self.model, sessions=sessions)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        bar = self.tabs.tabBar()
        if bar is not None:
            bar.setDrawBase(False)
            bar.setAccessibleName(texts.TITLE)
        self.tabs.setAccessibleName(texts.TITLE)
        for page, name in (
            (self.entries, texts.TAB_ENTRIES),
            (self.check_in, texts.TAB_CHECK_IN),
            (self.weeks, texts.TAB_WEEKS),
        ):
            page.setObjectName("page")
            self.tabs.setTabToolTip(self.tabs.addTab(page, name[0]), name[1])
        self.status = plain_label(soft=True)
        self.status.setContentsMargins(20, 0, 20, 10)
        self._dialog: QDialog | None = None
        centre = QWidget()
        centre.setObjectName("page")
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.status)
        self.setCentralWidget(centre)
        for page in (self.entries, self.check_in):
            page.said.connect(self.say)
        self.check_in.state_changed.connect(self._show_due)
        self.model.failed.connect(self.say)
        self.model.locked.connect(self._ask_passphrase)
        self.model.damaged.connect(self._offer_backup)
        self.model.opened.connect(self.check_in.refresh)
        self._chosen_theme = theme
        self.theme = LIGHT
        self.set_theme(theme or system_theme())
        hints = QGuiApplication.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._system_theme_changed)

    def open(self) -> None:
        """Open the journal; a passphrase is asked for when it has one."""
        self.model.open()

    def say(self, sentence: str) -> None:
        """Show a sentence in the status line."""
        self.status.setText(sentence)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.theme = theme
        self.setPalette(palette(theme))
        self.setStyleSheet(style_sheet(theme))
        for page in (self.entries, self.check_in, self.weeks):
            page.set_theme(theme)

    def show_check_in(self) -> None:
        """Go to the check-in."""
        self.tabs.setCurrentWidget(self.check_in)

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Keep what is being typed, and close the journal unless another window shows it as well."""
        self.keep_drafts()
        if not self._shared:
            if event is not None and must_wait(self.model, self, self.close):
                event.ignore()
                return
            self.model.close()
        super().closeEvent(event)

    def keep_drafts(self) -> None:
        """Keep what is being typed at once."""
        self.entries.view.keep_draft()
        self.check_in.keep_draft()

    def _system_theme_changed(self) -> None:
        if self._chosen_theme is None:
            self.set_theme(system_theme())

    def _show_due(self, state: CheckInState) -> None:
        at = self.tabs.indexOf(self.check_in)
        name, tooltip = texts.TAB_CHECK_IN_DUE if state.due else texts.TAB_CHECK_IN
        self.tabs.setTabText(at, name)
        self.tabs.setTabToolTip(at, tooltip)

    def _ask_passphrase(self, _: str) -> None:
        if self._dialog is None:
            self._show_dialog(UnlockDialog(self.model, self))

    def _offer_backup(self, sentence: str, there_is_one: bool) -> None:
        dialog = DamageDialog(self.model, sentence, there_is_one, self)
        dialog.said.connect(self.say)
        self._show_dialog(dialog)

    def _show_dialog(self, dialog: QDialog) -> None:
        self._dialog = dialog
        dialog.setPalette(palette(self.theme))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._dialog_closed)
        dialog.open()

    def _dialog_closed(self) -> None:
        self._dialog = None


def run_journal_window(path: Path | None = None) -> int:
    """Open the journal's window and return Qt's exit code when it is closed."""
    app = application()
    window = JournalWindow(path)
    before = signal.signal(signal.SIGINT, lambda *_: window.close())
    listening = QTimer()
    listening.timeout.connect(lambda: None)  # Python sees Ctrl-C only when it gets to run
    listening.start(_CTRL_C_MS)
    window.show()
    window.open()
    try:
        return app.exec()
    finally:
        listening.stop()
        signal.signal(signal.SIGINT, before)
