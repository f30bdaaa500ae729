"""The review window: the start page, and the workspace of the session that is open, with its menus."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import QSettings, Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PyQt6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QMenuBar,
    QStackedWidget,
    QWidget,
)

from mirrorsync.errors import MirrorSyncError
from mirrorsync.journal import Hit, SessionRef
from mirrorsync.review.library import SessionInfo, list_sessions, name_of
from mirrorsync.review.recording import new_recording
from mirrorsync.session.places import SESSION_SUFFIX
from mirrorsync.settings import Settings
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.parts import relabel
from mirrorsync.ui.journal.unkept_dialog import must_wait
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.journal_door import JournalDoor
from mirrorsync.ui.review.keys_dialog import KeysDialog
from mirrorsync.ui.review.parts import action, button
from mirrorsync.ui.review.sharing import Sharing
from mirrorsync.ui.review.split_dialog import SplitDialog
from mirrorsync.ui.review.start_page import StartPage
from mirrorsync.ui.review.style import review_style
from mirrorsync.ui.review.window_menus import ENTRIES
from mirrorsync.ui.review.workspace import Workspace
from mirrorsync.ui.screen_room import resize_within
from mirrorsync.ui.theme import DARK, LIGHT, Theme, palette, system_theme

__all__ = ["ReviewWindow"]

_LEAST = (1000, 600)  # what a session needs
_STOPPING = "review/stop_at_moments"


class ReviewWindow(QMainWindow):
    """Opens recordings and sessions.

    Parameters
    ----------
    settings : Settings
        For recordings that are opened.
    journal : JournalModel
        The window opens it and closes it.
    models_dir : Path, optional
        Folder of the model files.
    folder : Path, optional
        Where sessions lie (default: the user's).
    store : QSettings, optional
        Remembers whether playback stops at moments.
    """

    _listed = pyqtSignal(list)

    def __init__(
        self,
        settings: Settings,
        journal: JournalModel,
        *,
        models_dir: Path | None = None,
        folder: Path | None = None,
        store: QSettings | None = None,
    ) -> None:
        super().__init__()
        self._settings, self.journal = settings, journal
        self._models_dir, self._folder, self._store = models_dir, folder, store
        self._lister: threading.Thread | None = None
        self._closing = self._list_again = False
        self._also: list[Path] = []
        self.workspace: Workspace | None = None
        self.start_page = StartPage()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.start_page)
        self._pages.setMinimumSize(*_LEAST)  # or the window grows when a session opens
        self.setCentralWidget(self._pages)
        self.setWindowTitle(texts.TITLE)
        resize_within(self, 1280, 860)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.dialog: QDialog | None = None
        self.door = JournalDoor(journal, self, theme=lambda: self.theme, sessions=folder)
        self.sharing = Sharing(self, journal)
        self._build_menus()
        page = self.start_page
        page.open_wanted.connect(self.choose_recording)
        page.open_session_wanted.connect(self.choose_session)
        page.files_dropped.connect(self.open_files)
        page.session_chosen.connect(self.open_session)
        page.searched.connect(self._search_notes)
        self._listed.connect(self._show_sessions)
        for one in (self.door, self.sharing):
            one.said.connect(self.say)
        self.theme: Theme = LIGHT
        self._theme_is_chosen = False
        self.apply_theme(system_theme())
        hints = QGuiApplication.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._system_theme_changed)
        journal.opened.connect(self.refresh_sessions)
        journal.open()
        self.refresh_sessions()

    # Opening

    def choose_recording(self) -> None:
        """Ask for one or two video files."""
        paths, _ = QFileDialog.getOpenFileNames(self, texts.FILE_DIALOG, "", texts.FILE_FILTER)
        if paths:
            self.open_files([Path(path) for path in paths])

    def choose_session(self) -> None:
        """Ask for a session file."""
        path, _ = QFileDialog.getOpenFileName(self, texts.OPEN_SESSION[0], "", texts.SESSION_FILTER)
        if path:
            self.open_session(Path(path))

    def open_files(self, paths: Sequence[Path]) -> None:
        """Open a session, one recording of both people, or two recordings."""
        if not paths:
            self.say(texts.NOT_LOCAL)
        elif len(paths) == 1 and paths[0].suffix == SESSION_SUFFIX:
            self.open_session(paths[0])
        elif len(paths) > 2:
            self.say(texts.TOO_MANY.format(n=len(paths)))
        else:
            self._ask_who(paths)

    def _ask_who(self, paths: Sequence[Path]) -> None:
        try:
            dialog = SplitDialog(paths, self.theme, self)
        except MirrorSyncError as error:
            self.say(str(error))
            return
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.open_feeds(*dialog.feeds))
        self.dialog = dialog
        dialog.open()

    def open_feeds(self, feed_a: str, feed_b: str) -> None:
        """Make a session of two feeds and begin to analyse it."""
        try:
            path = new_recording(feed_a, feed_b, self._settings, folder=self._folder)
        except MirrorSyncError as error:
            self.say(str(error))
            return
        self.open_session(path)
        if self.workspace is not None:
            self.workspace.view.analyse()

    def open_session(self, path: Path) -> None:
        """Open a session file."""
        self._close_workspace()
        stopping = self._store is None or self._store.value(_STOPPING, True, bool)
        try:
            workspace = Workspace(path, self.journal, models_dir=self._models_dir, stopping=stopping)
        except MirrorSyncError as error:
            self.say(str(error))
            return
        self.workspace = workspace
        workspace.said.connect(self.say)
        workspace.moments.stopping_changed.connect(self._remember_stopping)
        workspace.set_theme(self.theme)
        self._pages.addWidget(workspace)
        self._pages.setCurrentWidget(workspace)
        self.setWindowTitle(texts.WINDOW_TITLE.format(name=name_of(workspace.view.meta)))
        self._enable(True)
        self.say("")
        workspace._show_job()
        self.setFocus()

    def to_start(self) -> None:
        """Close the session and go back to the list."""
        self._close_workspace()
        self.say("")
        self.refresh_sessions()

    def refresh_sessions(self) -> None:
        """Look anew which sessions there are: in the folder, and wherever the journal knows one."""
        if self.journal.is_open:
            self.journal.ask(
                lambda journal: [Path(ref.path) for ref in journal.sessions()],
                self._list,
                failed=self._list_folder,
            )
        else:
            self._list_folder()

    def _list_folder(self, _: str = "") -> None:
        self._list([])

    def _list(self, also: list[Path]) -> None:
        self._also = also
        if self._closing:
            return
        if self._lister is not None and self._lister.is_alive():
            self._list_again = True  # it may have passed over what is asked for now
            return
        self._lister = threading.Thread(
            target=lambda: self._listed.emit(list_sessions(self._folder, also)),
            name="mirrorsync-library",
            daemon=True,
        )
        self._lister.start()

    def _show_sessions(self, found: list[SessionInfo]) -> None:
        self.start_page.set_sessions(found)
        if self._list_again and self._lister is not None:
            self._lister.join()
            self._list_again = False
            self._list(self._also)

    def say(self, sentence: str) -> None:
        """Show a sentence at the bottom."""
        bar = self.statusBar()
        if bar is not None:
            bar.showMessage(sentence)
        if self.workspace is None:
            self.start_page.say(sentence)

    # Menus and keys

    def _build_menus(self) -> None:
        bar = QMenuBar()
        top = QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 2, 8, 2)
        row.setSpacing(2)
        row.addWidget(bar, 1)
        self.setMenuWidget(top)
        names = texts.MENU_FILE, texts.MENU_PLAY, texts.MENU_MARK, texts.MENU_VIEW, texts.MENU_HELP
        self._menus = {name: bar.addMenu(name) for name in names}
        self._add(texts.MENU_FILE, texts.OPEN_VIDEO, self.choose_recording, "Ctrl+O")
        self._add(texts.MENU_FILE, texts.OPEN_SESSION, self.choose_session, "Ctrl+Shift+O")
        self._in_session = [
            self._add(texts.MENU_FILE, texts.BACK_TO_START, self.to_start, "Ctrl+L"),
            self._add(
                texts.MENU_PLAY, (f"{texts.PLAY[0]}\tSpace", texts.PLAY[1]), self._on("toggle_playing")
            ),
        ]
        self._in_session += [
            self._add(texts.MENU_FILE, texts.REPORT, self._with(self.sharing.report), "Ctrl+R"),
            self._add(texts.MENU_FILE, texts.EXPORT, self._with(self.sharing.export), "Ctrl+E"),
        ]
        self._add(texts.MENU_FILE, texts.JOURNAL, self.door.show_journal, "Ctrl+J")
        self._add(texts.MENU_FILE, texts.CHECK_IN, self.door.show_check_in, "Ctrl+Shift+J")
        self._add(texts.MENU_FILE, texts.CLOSE, self.close, "Ctrl+Q")
        for menu, entries in ENTRIES.items():
            for text, done, keys in entries:
                self._in_session.append(self._add(menu, text, self._with(done), *keys))
        self._add(texts.MENU_VIEW, texts.THEME, self.toggle_theme, "Ctrl+T")
        self._add(texts.MENU_HELP, texts.KEYS, self.show_keys, "F1")
        self._session_buttons = [
            button(texts.REPORT, self._with(self.sharing.report), "quiet"),
            button(texts.EXPORT, self._with(self.sharing.export), "quiet"),
        ]
        check_in = button(texts.CHECK_IN, self.door.show_check_in, "quiet")
        self.door.due.connect(lambda due: relabel(check_in, texts.CHECK_IN_DUE if due else texts.CHECK_IN))
        for made in (
            *self._session_buttons,
            button(texts.JOURNAL, self.door.show_journal, "quiet"),
            check_in,
        ):
            row.addWidget(made)
        self._enable(False)

    def _add(self, menu: str, text: tuple[str, str], done: Callable[[], object], *keys: str) -> object:
        made = action(self, text, done, *keys)
        place = self._menus[menu]
        if isinstance(place, QMenu):
            place.addAction(made)
        return made

    def _on(self, name: str) -> Callable[[], object]:
        return self._with(lambda workspace: getattr(workspace, name)())

    def _with(self, done: Callable[[Workspace], object]) -> Callable[[], object]:
        return lambda: None if self.workspace is None else done(self.workspace)

    def _enable(self, on: bool) -> None:
        for made in self._in_session:
            made.setEnabled(on)  # type: ignore[attr-defined]  # a QAction
        for one in self._session_buttons:
            one.setVisible(on)

    def show_keys(self) -> None:
        """Show what the keys do."""
        dialog = KeysDialog(self.actions(), self.theme, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog = dialog
        dialog.open()

    # Theme

    def toggle_theme(self) -> None:
        """Change between light and dark."""
        self._theme_is_chosen = True
        self.apply_theme(LIGHT if self.theme is DARK else DARK)

    def apply_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.theme = theme
        self.setPalette(palette(theme))
        self.setStyleSheet(review_style(theme))
        if self.workspace is not None:
            self.workspace.set_theme(theme)
        self.door.set_theme(theme)

    def _system_theme_changed(self) -> None:
        if not self._theme_is_chosen:
            self.apply_theme(system_theme())

    # Qt's events, and the rest

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Play or pause with Space, unless a field or a button has taken it for itself."""
        if event is not None and event.key() == Qt.Key.Key_Space and self.workspace is not None:
            self.workspace.toggle_playing()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Stop everything; what was written is kept, or shown if the journal does not take it."""
        if self.workspace is not None:
            self.workspace.keep_drafts()
        self.door.keep_drafts()
        if event is not None and must_wait(self.journal, self, self.close):
            event.ignore()
            return
        self.sharing.wait()
        self.door.close()
        self._close_workspace()
        self._closing = True
        if self._lister is not None:
            self._lister.join()
        self.journal.close()
        super().closeEvent(event)

    def _close_workspace(self) -> None:
        workspace, self.workspace = self.workspace, None
        if workspace is None:
            return
        workspace.close_session()
        self._pages.removeWidget(workspace)
        workspace.deleteLater()
        self._enable(False)
        self._pages.setCurrentWidget(self.start_page)
        self.setWindowTitle(texts.TITLE)

    def _search_notes(self, typed: str) -> None:
        if typed:
            self.journal.ask(lambda journal: (journal.search(typed), journal.sessions()), self._noted)

    def _noted(self, answer: tuple[list[Hit], list[SessionRef]]) -> None:
        hits, sessions = answer
        paths = {ref.id: ref.path for ref in sessions}
        noted: dict[str, str] = {}
        for hit in hits:
            path = paths.get(hit.entry.session or "")
            if path is not None:
                noted.setdefault(path, " ".join(hit.snippet.split()))
        self.start_page.set_noted(noted)

    def _remember_stopping(self, on: bool) -> None:
        if self._store is not None:
            self._store.setValue(_STOPPING, on)
