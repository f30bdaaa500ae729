"""The journal behind the review window: its passphrase, and the window that shows all of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog, QWidget

from mirrorsync.journal import CheckInState, check_in_state
from mirrorsync.ui.journal.damage_dialog import DamageDialog
from mirrorsync.ui.journal.lock_dialog import UnlockDialog
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.window import JournalWindow
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.style import review_style
from mirrorsync.ui.theme import Theme, palette

__all__ = ["JournalDoor"]


class JournalDoor(QObject):
    """Opens the journal for the review window, and the journal's own window on the same journal.

    Parameters
    ----------
    model : JournalModel
        The journal; whoever made it closes it.
    over : QWidget
        The window that dialogs stand over.
    theme : callable
        Gives the colours of now.
    sessions : Path, optional
        Folder of the sessions (default: the user's).

    Signals
    -------
    said(str)
        A sentence for the status line.
    due(bool)
        Whether a check-in is due.
    """

    said = pyqtSignal(str)
    due = pyqtSignal(bool)

    def __init__(
        self,
        model: JournalModel,
        over: QWidget,
        *,
        theme: Callable[[], Theme],
        sessions: Path | None = None,
    ) -> None:
        super().__init__(over)
        self._model, self._over, self._theme, self._sessions = model, over, theme, sessions
        self.dialog: QDialog | None = None
        self.window: JournalWindow | None = None
        model.locked.connect(self._ask_passphrase)
        model.failed.connect(self.said)
        model.damaged.connect(self._offer_backup)
        model.changed.connect(self._ask_due)

    def show_journal(self) -> None:
        """Show all entries."""
        self._shown()

    def show_check_in(self) -> None:
        """Show the check-in."""
        self._shown().show_check_in()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        if self.window is not None:
            self.window.set_theme(theme)

    def keep_drafts(self) -> None:
        """Keep what is being typed in the journal's window at once."""
        if self.window is not None:
            self.window.keep_drafts()

    def close(self) -> None:
        """Close what is open; what is being typed is kept."""
        if self.dialog is not None:
            self.dialog.reject()
        if self.window is not None:
            self.window.close()

    def _shown(self) -> JournalWindow:
        if self.window is None:
            self.window = JournalWindow(sessions=self._sessions, theme=self._theme(), model=self._model)
            self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.window.destroyed.connect(self._gone)
            self.window.show()
            self.window.open()
        self.window.showNormal() if self.window.isMinimized() else self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        return self.window

    def _ask_due(self) -> None:
        if self._model.is_open:
            self._model.ask(check_in_state, self._tell_due, failed=lambda _: None)

    def _tell_due(self, state: CheckInState) -> None:
        self.due.emit(state.due)

    def _gone(self) -> None:
        self.window = None

    def _ask_passphrase(self, _: str) -> None:
        if self.dialog is not None or self.window is not None:
            return  # somebody asks already
        self._open(UnlockDialog(self._model, self._over), texts.JOURNAL_LOCKED)

    def _offer_backup(self, sentence: str, there_is_one: bool) -> None:
        if self.dialog is not None or self.window is not None:
            return  # somebody asks already
        dialog = DamageDialog(self._model, sentence, there_is_one, self._over)
        dialog.said.connect(self.said)
        self._open(dialog, texts.JOURNAL_DAMAGED)

    def _open(self, dialog: QDialog, left_so: str) -> None:
        """Open a dialog; `left_so` is what to say when it is given up."""

        def closed(result: int) -> None:
            self.dialog = None
            if result == QDialog.DialogCode.Rejected:
                self.said.emit(left_so)

        dialog.setPalette(palette(self._theme()))
        dialog.setStyleSheet(review_style(self._theme()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(closed)
        self.dialog = dialog
        dialog.open()
