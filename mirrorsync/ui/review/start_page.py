"""Where a review begins: drop a recording, or choose a session that is there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import QMimeData, Qt, pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mirrorsync.review.library import SessionInfo, matching
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button, heading, name_widget, soft_label

__all__ = ["StartPage", "dropped_files"]

_PATH = int(Qt.ItemDataRole.UserRole)


def dropped_files(data: QMimeData | None) -> list[Path]:
    """Return the local files of something that is dragged here."""
    if data is None or not data.hasUrls():
        return []
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class StartPage(QWidget):
    """Takes files and shows sessions.

    Signals
    -------
    open_wanted(), open_session_wanted()
        The user wants a file dialog.
    files_dropped(list)
        Paths that were dropped.
    session_chosen(object)
        The path of a session.
    searched(str)
        What is being looked for; `set_noted` tells which sessions have it in their notes.
    """

    open_wanted = pyqtSignal()
    open_session_wanted = pyqtSignal()
    files_dropped = pyqtSignal(list)
    session_chosen = pyqtSignal(object)
    searched = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAcceptDrops(True)
        self._sessions: Sequence[SessionInfo] = ()
        self._noted: dict[str, str] = {}
        self.open_button = button(texts.OPEN_VIDEO, self.open_wanted.emit, "primary")
        self.session_button = button(texts.OPEN_SESSION, self.open_session_wanted.emit)
        self.search = QLineEdit()
        self.search.setPlaceholderText(texts.SEARCH_PLACEHOLDER)
        self.search.setClearButtonEnabled(True)
        name_widget(self.search, (texts.SEARCH_NAME, texts.SEARCH_TOOLTIP))
        self.list = QListWidget()
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        name_widget(self.list, (texts.RECENT_NAME, texts.RECENT_TOOLTIP))
        self.said = soft_label()
        self.empty = soft_label(texts.RECENT_NONE)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self.search.textChanged.connect(self._search)
        self.list.itemActivated.connect(lambda item: self.session_chosen.emit(item.data(_PATH)))
        self._show()

    def _lay_out(self) -> None:
        zone = QFrame()
        zone.setObjectName("drop")
        inside = QVBoxLayout(zone)
        inside.setContentsMargins(32, 28, 32, 28)
        inside.setSpacing(12)
        title = heading(texts.START_TITLE, 1.7)
        body = QLabel(texts.START_BODY)
        body.setObjectName("soft")
        for label in (title, body):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(label)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.open_button)
        row.addWidget(self.session_button)
        row.addStretch(1)
        inside.addSpacing(6)
        inside.addLayout(row)
        card = QFrame()
        card.setObjectName("card")
        listed = QVBoxLayout(card)
        listed.setContentsMargins(18, 14, 18, 14)
        listed.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(heading(texts.RECENT_TITLE))
        head.addSpacing(16)
        head.addWidget(self.search, 1)
        listed.addLayout(head)
        listed.addWidget(self.empty)
        listed.addWidget(self.list, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 32, 48, 24)
        layout.setSpacing(18)
        layout.addWidget(zone)
        layout.addWidget(self.said)
        layout.addWidget(card, 1)
        self.said.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence, or take it away."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def set_sessions(self, sessions: Sequence[SessionInfo]) -> None:
        """Show what sessions there are."""
        self._sessions = sessions
        self._show()

    def set_noted(self, noted: dict[str, str]) -> None:
        """Say which sessions (by path) have what is looked for in their notes, and where."""
        self._noted = noted
        self._show()

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:  # noqa: N802 - Qt's name
        """Accept files."""
        if event is not None and event.mimeData() is not None and dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take files."""
        if event is not None:
            event.acceptProposedAction()
            self.files_dropped.emit(dropped_files(event.mimeData()))

    def _search(self, typed: str) -> None:
        self._noted = {}
        self._show()
        self.searched.emit(typed.strip())

    def _show(self) -> None:
        typed = self.search.text()
        named = {one.path for one in matching(self._sessions, typed)}
        self.list.clear()
        for one in self._sessions:
            noted = self._noted.get(str(one.path), "")
            if one.path not in named and not noted:
                continue
            date = one.started.strftime("%d %b %Y, %H:%M") if one.started else ""
            facts = [date, texts.clock(one.duration_s)]
            facts += [texts.UNFINISHED] if not one.complete else []
            facts += [texts.LIVE_SESSION] if one.live else []
            lines = [one.name, "   ".join(fact for fact in facts if fact)]
            lines += [f"✎ {noted}"] if noted else []
            item = QListWidgetItem("\n".join(lines))
            item.setData(_PATH, one.path)
            item.setToolTip(str(one.path))
            self.list.addItem(item)
        there = self.list.count() > 0
        self.list.setVisible(there)
        self.empty.setVisible(not there)
        self.empty.setText(texts.RECENT_NO_MATCH if self._sessions else texts.RECENT_NONE)
