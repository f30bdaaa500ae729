"""A field for plain text that gives back exactly what was written, and keeps drafts of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol, cast

from PyQt6.QtCore import QMimeData, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QTextOption
from PyQt6.QtWidgets import QPlainTextEdit, QWidget

from mirrorsync.journal import Journal
from mirrorsync.journal.drafts import Draft
from mirrorsync.ui.journal.model import JournalModel

__all__ = ["DraftKeeper", "PlainEditor", "Typed"]

DRAFT_EVERY_MS = 500
# Qt needs seconds to find the breaks of a "word" of 100,000 letters, unless it may break anywhere.
_ENDLESS_WORD = re.compile(r"\S{2000}")


class PlainEditor(QPlainTextEdit):
    """Plain text only: pasted HTML arrives as its text, and nothing in it is ever a link or a picture.

    What was shown and not edited comes back to the letter, even where Qt cannot show it (a carriage return).
    """

    submitted = pyqtSignal()
    """Ctrl+Enter was pressed."""
    cancelled = pyqtSignal()
    """Esc was pressed."""
    edited = pyqtSignal()
    """The user changed the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self._given = ""
        self._given_raw = ""
        self._showing = False
        self.textChanged.connect(self._changed)

    def show_text(self, text: str) -> None:
        """Show `text`; that is no edit."""
        self._showing = True
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._allow_for(text)
        self.setPlainText(text)
        self._showing = False
        self._given, self._given_raw = text, self._raw()

    def type_text(self, text: str) -> None:
        """Put `text` in at the cursor, as if it was typed."""
        self._allow_for(text)
        self.insertPlainText(text)

    def bring_back(self, text: str) -> None:
        """Put a draft in the place of what is shown, as typed; what was typed before it came stands below."""
        typed = self.text() if self.is_edited else ""
        self.selectAll()
        self.type_text(f"{text}\n{typed}" if typed and typed != text else text)

    def text(self) -> str:
        """Return what is written."""
        raw = self._raw()
        return self._given if raw == self._given_raw else raw

    @property
    def is_edited(self) -> bool:
        """Whether it says something else than what was shown."""
        return self._raw() != self._given_raw

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Submit with Ctrl+Enter, cancel with Esc; everything else types."""
        if event is None:
            return
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData | None) -> None:  # noqa: N802 - Qt's name
        """Take text only, never a file or a picture."""
        if source is not None and source.hasText():
            self.type_text(source.text())

    def _allow_for(self, text: str) -> None:
        if _ENDLESS_WORD.search(text):
            self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)

    def _raw(self) -> str:
        document = self.document()
        # toPlainText would turn no-break spaces into spaces.
        return "" if document is None else document.toRawText().replace("\u2029", "\n")

    def _changed(self) -> None:
        if not self._showing:
            self.edited.emit()


class Typed(Protocol):
    """Something that is typed in: a field, or a widget with several."""

    edited: Any
    """Signal: the user changed the text."""

    @property
    def is_edited(self) -> bool:
        """Whether it says something else than what was shown."""

    def text(self) -> str:
        """Return what is written."""


class DraftKeeper(QObject):
    """Keeps what is typed half a second after it was, however long somebody types without a pause.

    Parameters
    ----------
    editor : Typed
        The widget in which it is typed.
    model : JournalModel
        Where it is kept.
    data : callable
        Gives what belongs to the draft besides its text.
    """

    kept = pyqtSignal()
    """A draft is on the disk."""

    def __init__(
        self, editor: Typed, model: JournalModel, data: Callable[[], Mapping[str, Any]] = dict
    ) -> None:
        super().__init__(cast("QObject", editor))
        self.key = ""
        self._opened = 0
        self._unread = False
        self._editor, self._model, self._data = editor, model, data
        self._timer = QTimer(self)
        self._timer.setInterval(DRAFT_EVERY_MS)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.keep_now)
        editor.edited.connect(self._edited)

    def keep_now(self, *, force: bool = False) -> None:
        """Keep what is typed, if it was changed since it was shown (or `force`: what belongs to it was)."""
        self._timer.stop()
        key, text, data, unread = self.key, self._editor.text(), dict(self._data()), self._unread
        if not key:
            return
        unkept = self._model.unkept
        if self._editor.is_edited or force:
            draft = unkept[key] = Draft(key, text, data, "")

            def write(journal: Journal) -> None:
                _save(journal, key, text, data, unread=unread)
                if unkept.get(key) is draft:
                    unkept.pop(key, None)

            self._model.ask(write, self._told)
        elif not unread:  # nothing is shown because nothing is meant to stay, not because it is on its way
            unkept.pop(key, None)
            self._model.ask(lambda journal: journal.drop_draft(key))

    def open(self, key: str, restore: Callable[[Draft], object]) -> None:
        """Keep drafts under another key from now on, and have `restore` called with the one that is there.

        What was typed before goes under the key from before; call `keep_now` first.
        """
        self._timer.stop()
        self.key = key
        self._opened += 1
        self._unread = bool(key) and self._model.is_open
        answer = partial(self._answer, self._opened, restore)
        if self._unread:
            refused = partial(self._refused, answer)
            self._model.ask(lambda journal: _read(journal, key), answer, failed=refused)
        else:
            answer(None)

    def _refused(self, answer: Callable[[None], object], sentence: str) -> None:
        self._model.failed.emit(sentence)
        answer(None)

    def _answer(self, opened: int, restore: Callable[[Draft], object], draft: Draft | None) -> None:
        if opened == self._opened:  # else it was opened again, or something else, meanwhile
            self._unread = False
            draft = self._model.unkept.get(self.key, draft)  # what the disk did not take is newer
            if draft is not None:
                restore(draft)

    def _told(self, _: None) -> None:
        self.kept.emit()

    def forget(self) -> None:
        """Do not keep what is typed now: it was saved or given up."""
        self._timer.stop()
        self._model.unkept.pop(self.key, None)

    def _edited(self) -> None:
        if not self._timer.isActive():  # never put off: who types on and on is kept too
            self._timer.start()


def _read(journal: Journal, key: str) -> Draft | None:
    return next((draft for draft in journal.drafts() if draft.key == key), None)


def _save(journal: Journal, key: str, text: str, data: Mapping[str, Any], *, unread: bool) -> None:
    """Keep a draft; `unread`: the one that is there was not shown yet, so it stays above the new one."""
    before = _read(journal, key) if unread else None
    if before is not None and before.text not in text:
        text = f"{before.text}\n{text}"
    journal.save_draft(key, text, data)
