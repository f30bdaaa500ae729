"""The page of entries: search, filters, the list, one entry beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from mirrorsync.journal import (
    KINDS,
    Entry,
    Hit,
    Imported,
    Journal,
    SessionRef,
    export_journal,
    import_journal,
)
from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.entry_list import EntryList
from mirrorsync.ui.journal.entry_view import EntryView
from mirrorsync.ui.journal.lock_dialog import LockDialog
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.parts import button, name_widget, plain_label, relabel
from mirrorsync.ui.theme import Theme

__all__ = ["JournalPage"]

_SEARCH_AFTER_MS = 150
_MOST = 300


@dataclass(frozen=True, slots=True)
class _Found:
    """What one look into the journal gave."""

    hits: list[Hit]
    tags: list[tuple[str, int]]
    sessions: list[SessionRef]
    undo: str
    redo: str


class JournalPage(QWidget):
    """Everything that was written, found again."""

    said = pyqtSignal(str)
    """A sentence for the status line."""

    def __init__(self, model: JournalModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._labels: dict[str, str] = {}
        self._choose_next = ""
        self.search = QLineEdit()
        self.search.setPlaceholderText(texts.SEARCH_PLACEHOLDER)
        self.search.setClearButtonEnabled(True)
        name_widget(self.search, texts.SEARCH)
        self.kind = _filter(texts.FILTER_KIND)
        self.tag = _filter(texts.FILTER_TAG)
        self.session = _filter(texts.FILTER_SESSION)
        _fill(self.kind, texts.ALL_KINDS, [(texts.KINDS[kind], kind) for kind in KINDS])
        _fill(self.tag, texts.ALL_TAGS, [])
        _fill(self.session, texts.ALL_SESSIONS, [])
        self.list = EntryList()
        name_widget(self.list, texts.LIST)
        self.count = plain_label(texts.NOTHING_YET, soft=True)
        self.view = EntryView(model)
        self.new_button = button(texts.NEW, self.new_note, "primary")
        self.undo_button = button(texts.UNDO, self.undo, "quiet")
        self.redo_button = button(texts.REDO, self.redo, "quiet")
        self.export_button = button(texts.EXPORT, self.export, "quiet")
        self.import_button = button(texts.IMPORT, self.import_, "quiet")
        self.lock_button = button(texts.PASSPHRASE, self.passphrase, "quiet")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SEARCH_AFTER_MS)
        self._lay_out()
        self._connect()
        self.undo_button.setEnabled(False)
        self.redo_button.setEnabled(False)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        for widget in (self.kind, self.tag, self.session):
            top.addWidget(widget)
        top.addWidget(self.new_button)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        column.addWidget(self.list, 1)
        column.addWidget(self.count)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.addWidget(left)
        halves.addWidget(self.view)
        halves.setSizes([420, 560])
        bottom = QHBoxLayout()
        bottom.setSpacing(4)
        bottom.addWidget(self.undo_button)
        bottom.addWidget(self.redo_button)
        bottom.addStretch(1)
        for made in (self.import_button, self.export_button, self.lock_button):
            bottom.addWidget(made)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 8)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(halves, 1)
        layout.addLayout(bottom)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda: self._timer.start())
        self._timer.timeout.connect(self.refresh)
        for box in (self.kind, self.tag, self.session):
            box.currentIndexChanged.connect(self.refresh)
        self.list.chosen.connect(self._chosen)
        self.list.opened.connect(lambda _: self.view.editor.setFocus())
        self.list.edit_wanted.connect(lambda _: self.view.editor.setFocus())
        self.list.delete_wanted.connect(lambda _: self.view.delete())
        self.view.saved.connect(self._saved)
        self.view.said.connect(self.said)
        self._model.changed.connect(self.refresh)
        self._model.opened.connect(lambda: self.view.show_entry(None))
        for key, action in (
            ("Ctrl+F", self.search.setFocus),
            ("Ctrl+N", self.new_note),
            ("Ctrl+Z", self.undo),
            ("Ctrl+Y", self.redo),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.list.set_theme(theme)

    def refresh(self) -> None:
        """Look into the journal again."""
        if not self._model.is_open:
            return
        typed, kind, tag, session = (
            self.search.text(), self.kind.currentData(), self.tag.currentData(), self.session.currentData(),
        )  # fmt: skip

        def look(journal: Journal) -> _Found:
            hits = journal.search(
                typed,
                session=session or None,
                kinds=[kind] if kind else (),
                tags=[tag] if tag else (),
                limit=_MOST,
            )
            return _Found(hits, journal.tags(), journal.sessions(), journal.next_undo(), journal.next_redo())

        self._model.ask(look, self._show)

    def new_note(self) -> None:
        """Begin a note; about the session that the list is narrowed to, if it is."""
        self.list.setCurrentItem(None)
        self.view.show_entry(None, about=self.session.currentData() or "")
        self.view.editor.setFocus()

    def undo(self) -> None:
        """Undo the last step."""
        self._model.ask(
            lambda journal: journal.undo(), lambda what: self._told(texts.UNDONE, what), writes=True
        )

    def redo(self) -> None:
        """Do again what was undone."""
        self._model.ask(
            lambda journal: journal.redo(), lambda what: self._told(texts.REDONE, what), writes=True
        )

    def export(self) -> None:
        """Ask where to, and write everything there."""
        proposal = texts.EXPORT_NAME.format(day=datetime.now().astimezone().date().isoformat())
        chosen = QFileDialog.getSaveFileName(self, texts.EXPORT_DIALOG, proposal, texts.ZIP_FILTER)[0]
        if chosen:
            self.export_to(Path(chosen))

    def export_to(self, path: Path) -> None:
        """Write everything to a zip."""
        place = path if path.suffix else path.with_suffix(".zip")
        text = texts.EXPORTED_OPENLY if self._model.encrypted else texts.EXPORTED
        self._model.ask(
            lambda journal: export_journal(journal, place),
            lambda n: self.said.emit(text.format(n=n, path=place)),
        )

    def import_(self) -> None:
        """Ask for an export, and bring it in."""
        chosen = QFileDialog.getOpenFileName(self, texts.IMPORT_DIALOG, "", texts.ZIP_FILTER)[0]
        if chosen:
            self.import_from(Path(chosen))

    def import_from(self, path: Path) -> None:
        """Bring in an export."""
        self._model.ask(lambda journal: import_journal(journal, path), self._imported, writes=True)

    def passphrase(self) -> None:
        """Set, change or take away the passphrase."""
        self.view.keep_draft()
        dialog = LockDialog(self._model, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.done_.connect(self.said)
        dialog.open()

    def _imported(self, done: Imported) -> None:
        self.said.emit(
            texts.IMPORTED.format(added=done.added, changed=done.changed, kept=done.kept, same=done.same)
        )

    def _told(self, sentence: str, what: str) -> None:
        if what:
            self.view.show_entry(None)
            self.said.emit(sentence.format(what=texts.step(what)))

    def _chosen(self, entry: Entry | None) -> None:
        if entry is not None and (self.view.entry is None or self.view.entry.id != entry.id):
            self.view.show_entry(entry, self._labels.get(entry.session or "", ""))

    def _saved(self, entry: Entry) -> None:
        self._choose_next = entry.id

    def _show(self, found: _Found) -> None:
        self._labels = {ref.id: ref.label or Path(ref.path).name for ref in found.sessions}
        _fill(self.tag, texts.ALL_TAGS, [(f"{tag}  ({count})", tag) for tag, count in found.tags])
        sessions = [(self._labels[ref.id], ref.id) for ref in found.sessions]
        _fill(self.session, texts.ALL_SESSIONS, sessions)
        self.view.set_sessions([(_dated(ref, self._labels[ref.id]), ref.id) for ref in found.sessions])
        self.list.show_hits(found.hits, self._labels)
        if self._choose_next:
            self.list.choose(self._choose_next)
            self._choose_next = ""
        self._show_count(found.hits)
        for made, words, more, what in (
            (self.undo_button, texts.UNDO, texts.UNDO_WHAT, found.undo),
            (self.redo_button, texts.REDO, texts.REDO_WHAT, found.redo),
        ):
            relabel(made, (words[0], more.format(what=texts.step(what)) if what else words[1]))
            made.setEnabled(bool(what))

    def _show_count(self, hits: Sequence[Hit]) -> None:
        asked = bool(
            self.search.text().strip()
            or self.kind.currentData()
            or self.tag.currentData()
            or self.session.currentData()
        )
        if not hits:
            self.count.setText(texts.NOTHING_FOUND if asked else texts.NOTHING_YET)
        elif len(hits) == 1:
            self.count.setText(texts.COUNT_ONE)
        else:
            text = texts.COUNT_MANY if len(hits) == _MOST else texts.COUNT
            self.count.setText(text.format(n=len(hits)))


def _dated(ref: SessionRef, label: str) -> str:
    """Return what a session is called and when it was; sessions analysed into folders are called alike."""
    return f"{label}   {ref.started_utc[:10]}" if ref.started_utc else label


def _filter(text: tuple[str, str]) -> QComboBox:
    box = QComboBox()
    name_widget(box, text)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setMaximumWidth(200)
    return box


def _fill(box: QComboBox, everything: str, choices: Sequence[tuple[str, str]]) -> None:
    """Offer these choices; what was chosen stays chosen while it is among them."""
    wanted = [(everything, ""), *choices]
    shown = [(box.itemText(row), box.itemData(row)) for row in range(box.count())]
    if wanted == shown:
        return
    before = box.currentData()
    box.blockSignals(True)
    box.clear()
    for text, value in wanted:
        box.addItem(text, value)
    box.setCurrentIndex(max(box.findData(before), 0))
    box.blockSignals(False)
