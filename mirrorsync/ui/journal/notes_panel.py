"""Notes and bookmarks beside a recording that is watched: written at its time, and leading back there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from mirrorsync.journal import Entry, Hit, Journal
from mirrorsync.journal.drafts import Draft
from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.editor import DraftKeeper, PlainEditor
from mirrorsync.ui.journal.entry_list import EntryList
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.parts import button, name_widget, plain_label, relabel
from mirrorsync.ui.theme import Theme

__all__ = ["NotesPanel"]

_SHOWN = ("note", "bookmark", "reflection", "exclusion", "emotion_label")


class NotesPanel(QWidget):
    """A field to write in, and what was written about this session in the order of its time.

    A note belongs to the moment at which one began to write it, however far the recording has played since;
    or, with the tick, to the session as a whole.

    Parameters
    ----------
    model : JournalModel
        An open journal (or one that opens later).
    now_s : callable
        Gives the time in the session in seconds; None: notes are about the session as a whole.
    """

    jump = pyqtSignal(float)
    """The user wants to go to this time, in seconds."""

    def __init__(
        self, model: JournalModel, now_s: Callable[[], float | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._now_s = model, now_s
        self._session: str | None = None
        self._editing: Entry | None = None
        self._start_s: float | None = None
        self.setAccessibleName(texts.PANEL_NAME)
        self.editor = PlainEditor()
        name_widget(self.editor, (texts.PANEL_PLACEHOLDER, texts.TEXT[1]))
        self.editor.setMaximumHeight(5 * self.editor.fontMetrics().lineSpacing())
        self.when = plain_label(soft=True, wrap=False)
        self.whole = QCheckBox(texts.PANEL_WHOLE_CHECK[0])
        name_widget(self.whole, texts.PANEL_WHOLE_CHECK)
        self.add_button = button(texts.PANEL_ADD, self.submit, "primary")
        self.cancel_button = button(texts.PANEL_CANCEL, self.cancel, "quiet")
        self.bookmark_button = button(texts.PANEL_BOOKMARK, self.bookmark)
        self.list = EntryList()
        name_widget(self.list, texts.PANEL_LIST)
        self.empty = plain_label(texts.PANEL_EMPTY, soft=True)
        self._drafts = DraftKeeper(self.editor, model, self._draft_data)
        self._lay_out()
        self.editor.edited.connect(self._began)
        self.whole.clicked.connect(self._whole_ticked)
        self.editor.submitted.connect(self.submit)
        self.editor.cancelled.connect(self.cancel)
        self.list.opened.connect(self._open)
        self.list.edit_wanted.connect(self.edit)
        self.list.delete_wanted.connect(self._delete)
        model.changed.connect(self.refresh)
        self.setEnabled(False)  # what was written about no session could be kept nowhere
        self.editor.setPlaceholderText(texts.PANEL_CLOSED)
        self._show_mode()

    def _lay_out(self) -> None:
        about = QHBoxLayout()
        about.addWidget(self.when, 1)
        about.addWidget(self.whole)
        row = QHBoxLayout()
        row.addStretch(1)
        for widget in (self.cancel_button, self.bookmark_button, self.add_button):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.editor)
        layout.addLayout(about)
        layout.addLayout(row)
        layout.addWidget(self.empty)
        layout.addWidget(self.list, 1)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.list.set_theme(theme)

    def set_session(self, session: str | None) -> None:
        """Show the notes of a session, by its `SessionRef.id`; None: of none."""
        if session == self._session:
            return
        self.keep_draft()
        self._session = session
        self._editing = self._start_s = None
        self.whole.setChecked(False)
        self.editor.show_text("")
        self.setEnabled(session is not None)
        self.editor.setPlaceholderText(texts.PANEL_PLACEHOLDER if session else texts.PANEL_CLOSED)
        self._show_mode()
        self.refresh()
        self._open_draft()

    def keep_draft(self) -> None:
        """Keep what is being typed at once; call it before the window closes."""
        self._drafts.keep_now()

    def refresh(self) -> None:
        """Show what the journal says now."""
        session = self._session
        if session is None or not self._model.is_open:
            self._show([])
            return
        self._model.ask(lambda journal: journal.entries(session=session, kinds=_SHOWN), self._show)

    def bookmark(self) -> None:
        """Mark this moment."""
        session, at_s = self._session, self._now_s()
        if session is not None:
            self._model.ask(
                lambda journal: journal.add("bookmark", session=session, start_s=at_s),
                self._choose,
                writes=True,
            )

    def submit(self) -> None:
        """Keep what is written: a new note, or a change."""
        text, key, session = self.editor.text(), self._drafts.key, self._session
        if session is None or not text.strip():
            return
        self._drafts.forget()
        self.editor.setReadOnly(True)  # what was typed now would be in neither the note nor a draft
        editing, start_s = self._editing, self._start_s

        def write(journal: Journal) -> Entry:
            if editing is not None:
                return journal.change(editing.id, text=text, draft=key)
            return journal.add("note", text, session=session, start_s=start_s, draft=key)

        self._model.ask(write, self._written, writes=True, failed=self._not_written)

    def cancel(self) -> None:
        """Give up what is being typed."""
        key = self._drafts.key
        self._drafts.forget()
        if key:
            self._model.ask(lambda journal: journal.drop_draft(key))
        self._done()

    def edit(self, entry: Entry) -> None:
        """Change the text of an entry."""
        self.keep_draft()
        self._editing, self._start_s = entry, entry.start_s
        self.whole.setChecked(False)
        self.editor.show_text(entry.text)
        self._show_mode()
        self.editor.setFocus()
        self._open_draft()

    def _began(self) -> None:
        """Take the time when the first letter is typed."""
        if self.whole.isChecked():
            self._start_s = None
        elif self._editing is None and self._start_s is None and self.editor.text():
            self._start_s = self._now_s()
        elif self._editing is None and not self.editor.text():
            self._start_s = None
        self._show_mode()

    def _whole_ticked(self, whole: bool) -> None:
        """Take the moment out of the note, or the one of now in."""
        written = bool(self.editor.text())
        self._start_s = None if whole or not written else self._now_s()
        self._show_mode()
        if self.editor.is_edited:
            self._drafts.keep_now()

    def _written(self, entry: Entry) -> None:
        self.editor.setReadOnly(False)
        self._done()
        self._choose(entry)

    def _not_written(self, sentence: str) -> None:
        self.editor.setReadOnly(False)
        self._drafts.keep_now()
        self._model.failed.emit(sentence)

    def _done(self) -> None:
        self._editing = self._start_s = None
        self.whole.setChecked(False)
        self.editor.show_text("")
        self._show_mode()
        self._open_draft()  # the note that was begun before this change

    def _choose(self, entry: Entry) -> None:
        if self._session is not None:
            session = self._session
            self._model.ask(
                lambda journal: journal.entries(session=session, kinds=_SHOWN),
                partial(self._show, choose=entry.id),
            )

    def _open(self, entry: Entry) -> None:
        if entry.start_s is not None:
            self.jump.emit(entry.start_s)

    def _delete(self, entry: Entry) -> None:
        self._model.ask(lambda journal: journal.delete(entry.id), writes=True)

    def _show(self, entries: list[Entry], *, choose: str = "") -> None:
        self.list.show_hits([Hit(entry, entry.text[:300]) for entry in entries], {}, in_session=True)
        if choose:
            self.list.choose(choose)
        self.list.setVisible(bool(entries))
        self.empty.setVisible(not entries)

    def _show_mode(self) -> None:
        changing = self._editing is not None
        relabel(self.add_button, texts.PANEL_SAVE if changing else texts.PANEL_ADD)
        typed = bool(self.editor.text().strip())
        self.add_button.setEnabled(typed)
        self.cancel_button.setVisible(changing or typed)
        self.bookmark_button.setVisible(not changing)
        self.whole.setVisible(not changing)
        at = (
            texts.PANEL_WHOLE
            if self._start_s is None
            else texts.PANEL_AT.format(time=texts.clock(self._start_s))
        )
        self.when.setText(at if changing or (typed and not self.whole.isChecked()) else "")

    def _draft_data(self) -> Mapping[str, Any]:
        return {"session": self._session, "start_s": self._start_s}

    def _open_draft(self) -> None:
        key = f"panel {self._session}" if self._session else ""
        self._drafts.open(self._editing.id if self._editing else key, self._restore)

    def _restore(self, draft: Draft) -> None:
        self.editor.bring_back(draft.text)  # counts as typed: it is not saved yet
        if self._editing is None:
            start_s = draft.data.get("start_s")
            self._start_s = float(start_s) if isinstance(start_s, int | float) else None
            self.whole.setChecked(self._start_s is None)
        self._show_mode()
