"""One entry, to read and to write: its line, its text, its tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mirrorsync.journal import Entry, Journal, feelings_of
from mirrorsync.journal.drafts import Draft
from mirrorsync.journal.entries import clean_tags
from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.editor import DraftKeeper, PlainEditor
from mirrorsync.ui.journal.entry_list import head_of
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.parts import button, heading, name_widget, plain_label

__all__ = ["NEW_DRAFT", "EntryView"]

NEW_DRAFT = "new"


class EntryView(QFrame):
    """Shows an entry, or an empty page for a new note; what is typed is kept as a draft."""

    saved = pyqtSignal(object)
    """The `Entry` that was written."""
    said = pyqtSignal(str)
    """A sentence for the status line."""

    def __init__(self, model: JournalModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._model = model
        self.entry: Entry | None = None
        self.head = heading(texts.NEW_NOTE, 1.1)
        self.more = plain_label(soft=True)
        self.about = QComboBox()
        self.about.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.about.setMinimumContentsLength(24)
        name_widget(self.about, texts.ABOUT)
        self._about_wanted = ""
        self.set_sessions([])
        self.editor = PlainEditor()
        self.editor.setPlaceholderText(texts.TEXT_PLACEHOLDER)
        name_widget(self.editor, texts.TEXT)
        self.tags = QLineEdit()
        self.tags.setPlaceholderText(texts.TAGS_PLACEHOLDER)
        name_widget(self.tags, texts.TAGS)
        self.state = plain_label(soft=True, wrap=False)
        self.save_button = button(texts.SAVE, self.save, "primary")
        self.cancel_button = button(texts.CANCEL, self.cancel)
        self.delete_button = button(texts.DELETE, self.delete, "quiet")
        self._drafts = DraftKeeper(self.editor, model, self._draft_data)
        self._drafts.kept.connect(lambda: self.state.setText(texts.DRAFT_KEPT))
        self.editor.submitted.connect(self.save)
        self.editor.cancelled.connect(self.cancel)
        self.editor.edited.connect(self._show_buttons)
        self.about.activated.connect(self._about_chosen)
        self.tags.textEdited.connect(self._tags_edited)
        self.tags.returnPressed.connect(self.save)
        self._lay_out()
        self.show_entry(None)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.delete_button)
        row.addWidget(self.state, 1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        for widget in (self.head, self.more):
            column.addWidget(widget)
        column.addWidget(self.about)
        column.addWidget(self.editor, 1)
        column.addWidget(self.tags)
        column.addLayout(row)

    @property
    def is_edited(self) -> bool:
        """Whether something was typed that is not saved."""
        tags = self.entry.tags if self.entry is not None else ()
        return self.editor.is_edited or self._tags() != tags

    def set_sessions(self, sessions: Sequence[tuple[str, str]]) -> None:
        """Offer sessions (what they are called, their id) for a new note; what is chosen stays chosen."""
        choices = [(texts.ABOUT_NONE, ""), *sessions]
        if choices != [
            (self.about.itemText(row), self.about.itemData(row)) for row in range(self.about.count())
        ]:
            self.about.clear()
            for label, session in choices:
                self.about.addItem(label, session)
        self._choose_about(self._about_wanted)

    def show_entry(self, entry: Entry | None, label: str = "", *, about: str = "") -> None:
        """Show an entry, or the page for a new note `about` a session; a draft that is kept comes back."""
        self.keep_draft()
        self.entry = entry
        self.head.setText(texts.NEW_NOTE if entry is None else head_of(entry, label))
        self.more.setText("" if entry is None else _more(entry))
        self.more.setVisible(bool(self.more.text()))
        self.about.setVisible(entry is None)
        self._choose_about(about)
        self.editor.show_text("" if entry is None else entry.text)
        self.tags.setText("" if entry is None else ", ".join(entry.tags))
        self.delete_button.setVisible(entry is not None)
        self.state.setText("")
        self._show_buttons()
        self._drafts.open(NEW_DRAFT if entry is None else entry.id, self._restore)

    def keep_draft(self) -> None:
        """Keep what is typed at once."""
        if self.is_edited:
            self._drafts.keep_now(force=True)

    def save(self) -> None:
        """Write what is typed into the journal."""
        entry, text, tags, key = self.entry, self.editor.text(), self._tags(), self._drafts.key
        session = self._about_wanted or None
        if not self.is_edited or (entry is None and not text.strip()):
            return
        self._drafts.forget()

        def write(journal: Journal) -> Entry:
            if entry is None:
                return journal.add("note", text, session=session, tags=tags, draft=key)
            return journal.change(entry.id, text=text, tags=tags, draft=key)

        self._model.ask(write, self._written, writes=True)

    def cancel(self) -> None:
        """Give up what was typed since the last saving."""
        key = self._drafts.key
        self._drafts.forget()
        self._model.ask(lambda journal: journal.drop_draft(key))
        entry, self.entry = self.entry, None
        self.editor.show_text("")
        self.tags.clear()
        self.show_entry(entry)

    def delete(self) -> None:
        """Take the entry out."""
        entry = self.entry
        if entry is None:
            return
        self._drafts.forget()
        self.entry = None
        self.editor.show_text("")
        self.tags.clear()

        def write(journal: Journal) -> None:
            journal.drop_draft(entry.id)
            journal.delete(entry.id)

        self._model.ask(write, lambda _: self.said.emit(texts.DELETED), writes=True)
        self.show_entry(None)

    def _written(self, entry: Entry) -> None:
        self.entry = None
        self.editor.show_text("")
        self.tags.clear()
        self.said.emit(texts.SAVED)
        self.show_entry(None)  # what is typed next is no draft of the entry that was saved
        self.saved.emit(entry)

    def _tags(self) -> tuple[str, ...]:
        return clean_tags(self.tags.text().split(","))

    def _tags_edited(self) -> None:
        self._show_buttons()
        self._drafts.keep_now(force=True)

    def _choose_about(self, session: str) -> None:
        self._about_wanted = session  # also before the list of sessions is there
        self.about.setCurrentIndex(max(self.about.findData(session), 0))

    def _about_chosen(self, row: int) -> None:
        self._about_wanted = self.about.itemData(row)
        if self.is_edited:
            self._drafts.keep_now(force=True)

    def _draft_data(self) -> Mapping[str, Any]:
        about = {"about": self._about_wanted} if self._about_wanted else {}
        return {"tags": list(self._tags()), **about}

    def _restore(self, draft: Draft) -> None:
        self.editor.bring_back(draft.text)
        if self.entry is None:
            self._choose_about(str(draft.data.get("about", "")))
        self.tags.setText(", ".join(str(tag) for tag in draft.data.get("tags", ())))
        self.state.setText(texts.DRAFT_KEPT)
        self._show_buttons()

    def _show_buttons(self) -> None:
        edited = self.is_edited
        self.save_button.setEnabled(edited and (self.entry is not None or bool(self.editor.text().strip())))
        self.cancel_button.setEnabled(edited)
        if not edited:
            self.state.setText("")


def _more(entry: Entry) -> str:
    """Return what an entry carries besides its text, in words."""
    said = [f"{texts.feeling(f.word)} {round(100 * f.intensity)} %" for f in feelings_of(entry)]
    lines = [", ".join(said)] if said else []
    question = entry.data.get("question")
    if isinstance(question, str) and question:
        lines.append(texts.QUESTION.format(question=question))
    return "\n".join(lines)
