"""What was before: sessions, review, journal, check-in; one button with a menu, and keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PyQt6 import sip
from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QDialog, QMenu, QWidget

from mirrorsync.errors import MirrorSyncError
from mirrorsync.session.places import sessions_folder
from mirrorsync.ui import texts
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.window import JournalWindow
from mirrorsync.ui.live.bridge import LiveBridge
from mirrorsync.ui.live.controls import push_button
from mirrorsync.ui.live.sessions_dialog import SessionsDialog
from mirrorsync.ui.theme import LIGHT, Theme

__all__ = ["LookBack"]


class LookBack(QObject):
    """The button, its menu, and the windows behind it.

    The review runs as a program of its own, so that what it decodes and analyses never slows a call down.
    The journal's window belongs to this program; closing the live window leaves it open.

    Parameters
    ----------
    bridge : LiveBridge
        Asked which session is being recorded.
    sessions : Path or None
        Folder of the sessions (None: the user's).
    journal : Path or None
        The journal (None: the user's).
    open_dialog : callable
        Shows a dialog in front of the window.
    front : callable
        Returns the window that is in front now.
    run : callable
        Starts this program with other arguments, and returns whether it started.

    Signals
    -------
    told(str)
        A sentence for the status line.
    opened(JournalModel)
        The journal is open in its window.
    """

    told = pyqtSignal(str)
    opened = pyqtSignal(object)

    def __init__(
        self,
        bridge: LiveBridge,
        sessions: Path | None,
        journal: Path | None,
        *,
        open_dialog: Callable[[QDialog], None],
        front: Callable[[], QWidget],
        run: Callable[[list[str]], bool],
    ) -> None:
        super().__init__()
        self._bridge, self._sessions, self._journal = bridge, sessions, journal
        self._open, self._front, self._run = open_dialog, front, run
        self._window: JournalWindow | None = None
        self._theme = LIGHT
        self.button = push_button(texts.LOOK_BACK, lambda: None, "quiet")
        self.button.setText(f"{texts.LOOK_BACK[0]} ▾")
        self.menu = QMenu(self.button)
        self.menu.setAccessibleName(texts.LOOK_BACK[0])
        self.menu.setToolTipsVisible(True)
        self.actions = tuple(
            self._action(text, done, key)
            for text, done, key in (
                (texts.SESSIONS, self.show_sessions, "Ctrl+O"),
                (texts.REVIEW, self.review, "Ctrl+R"),
                (texts.JOURNAL, self.show_journal, "Ctrl+J"),
                (texts.CHECK_IN, self.check_in, "Ctrl+K"),
            )
        )
        self.button.setMenu(self.menu)

    @property
    def journal(self) -> JournalWindow | None:
        """The journal's window while it is open."""
        window = self._window
        return None if window is None or sip.isdeleted(window) or not window.isVisible() else window

    @property
    def model(self) -> JournalModel | None:
        """The journal in that window."""
        return None if (window := self.journal) is None else window.model

    def join(self, *windows: QWidget) -> None:
        """Let the keys work in these windows, too."""
        for window in windows:
            window.addActions(self.actions)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        if self.journal is not None:
            self.journal.set_theme(theme)

    def show_sessions(self) -> None:
        """List what was recorded."""
        try:
            folder = sessions_folder() if self._sessions is None else self._sessions
        except MirrorSyncError as error:
            self.told.emit(str(error))
            return
        self._open(SessionsDialog(self._front(), folder, busy=self._bridge.status.recording))

    def review(self) -> None:
        """Open the review, in which a recording or a session can be chosen."""
        self.told.emit(texts.REVIEW_OPENS if self._run(["review"]) else texts.NOT_STARTED)

    def show_journal(self) -> None:
        """Open the journal, or bring it to the front."""
        self._journal_window()

    def check_in(self) -> None:
        """Open the journal at the check-in."""
        self._journal_window().show_check_in()

    def _journal_window(self) -> JournalWindow:
        window = self.journal
        if window is None:
            window = JournalWindow(self._journal, sessions=self._sessions, theme=self._theme)
            self._window = window
            window.model.opened.connect(partial(self.opened.emit, window.model))
            window.show()
            window.open()
        window.raise_()
        window.activateWindow()
        return window

    def _action(self, text: tuple[str, str], done: Callable[[], None], key: str) -> QAction:
        made = QAction(text[0], self)
        made.setToolTip(text[1])
        made.setShortcut(QKeySequence(key))
        made.triggered.connect(lambda: done())
        self.menu.addAction(made)
        return made
