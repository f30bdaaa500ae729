"""Asking for the journal's passphrase; setting, changing and taking it away."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mirrorsync.journal.cipher import HOW_TO_INSTALL, available
from mirrorsync.journal.passphrase import LOSING_IT
from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.parts import button, heading, plain_label

__all__ = ["LockDialog", "UnlockDialog"]


class _PassphraseDialog(QDialog):
    """A column of fields whose letters can be shown, a sentence, and buttons."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.LOCK_TITLE)
        self.setModal(True)
        self.setMinimumWidth(480)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(28, 24, 28, 22)
        self.column.setSpacing(12)
        self.said = plain_label()
        self.fields: list[QLineEdit] = []
        self.show_letters = QCheckBox(texts.LOCK_SHOW[0])
        self.show_letters.setAccessibleName(texts.LOCK_SHOW[0])
        self.show_letters.setToolTip(texts.LOCK_SHOW[1])
        self.show_letters.toggled.connect(self._show_letters)

    def field(self, name: str) -> QLineEdit:
        """Add a field."""
        made = QLineEdit()
        made.setEchoMode(QLineEdit.EchoMode.Password)
        made.setPlaceholderText(name)
        made.setAccessibleName(name)
        made.setToolTip(name)
        self.fields.append(made)
        self.column.addWidget(made)
        return made

    def buttons(self, *widgets: QWidget) -> None:
        """Add the row of buttons."""
        row = QHBoxLayout()
        row.addStretch(1)
        for widget in widgets:
            row.addWidget(widget)
        self.column.addWidget(self.said)
        self.column.addLayout(row)

    def forget(self) -> None:
        """Take what was typed out of the fields."""
        for field in self.fields:
            field.clear()

    def _show_letters(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        for field in self.fields:
            field.setEchoMode(mode)


class UnlockDialog(_PassphraseDialog):
    """Asks for the passphrase until it opens the journal or the user gives up."""

    def __init__(self, model: JournalModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.column.addWidget(heading(texts.LOCK_TITLE))
        self.column.addWidget(plain_label(texts.LOCK_NEEDED))
        self.passphrase = self.field(texts.LOCK_NOW)
        self.column.addWidget(self.show_letters)
        self.open_button = button(texts.LOCK_OPEN, self.try_it, "primary")
        self.open_button.setDefault(True)
        self.buttons(button(texts.LOCK_CANCEL, self.reject), self.open_button)
        model.locked.connect(self._refused)
        model.opened.connect(self.accept)

    def try_it(self) -> None:
        """Open the journal with what was typed."""
        if self.passphrase.text():
            self.open_button.setEnabled(False)
            self.said.setText(texts.LOCK_WORKING)
            self._model.open(self.passphrase.text())

    def _refused(self, sentence: str) -> None:
        self.open_button.setEnabled(True)
        self.said.setText(sentence)
        self.adjustSize()
        self.passphrase.selectAll()
        self.passphrase.setFocus()


class LockDialog(_PassphraseDialog):
    """Sets, changes or takes away the passphrase, after saying what losing it means."""

    done_ = pyqtSignal(str)
    """What was done, as a sentence."""

    def __init__(self, model: JournalModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        sealed = model.encrypted
        self.column.addWidget(heading(texts.LOCK_TITLE))
        self.column.addWidget(plain_label(texts.LOCK_INTRO))
        self.column.addWidget(plain_label(LOSING_IT))
        self.old = self.field(texts.LOCK_OLD)
        self.old.setVisible(sealed)
        self.new = self.field(texts.LOCK_NEW)
        self.again = self.field(texts.LOCK_AGAIN)
        self.column.addWidget(self.show_letters)
        self.understood = QCheckBox(texts.LOCK_UNDERSTOOD[0])
        self.understood.setAccessibleName(texts.LOCK_UNDERSTOOD[0])
        self.understood.setToolTip(texts.LOCK_UNDERSTOOD[1])
        self.column.addWidget(self.understood)
        self.set_button = button(texts.LOCK_CHANGE if sealed else texts.LOCK_SET, self.set_it, "primary")
        self.remove_button = button(texts.LOCK_REMOVE, self.remove_it)
        self.remove_button.setVisible(sealed)
        self.cancel_button = button(texts.LOCK_CANCEL, self.reject)
        self.buttons(self.remove_button, self.cancel_button, self.set_button)
        self.understood.toggled.connect(self._allow)
        for field in self.fields:
            field.textChanged.connect(self._allow)
        if not available():
            self.said.setText(HOW_TO_INSTALL)
        self._allow()

    def set_it(self) -> None:
        """Encrypt with the new passphrase."""
        self._run(self.new.text(), texts.LOCK_CHANGED if self._model.encrypted else texts.LOCK_DONE)

    def remove_it(self) -> None:
        """Take the passphrase away."""
        self._run(None, texts.LOCK_REMOVED)

    def _run(self, new: str | None, done: str) -> None:
        old = self.old.text() if self._model.encrypted else None
        self._busy(True)
        self.said.setText(texts.LOCK_WORKING)
        self._model.set_passphrase(old, new, lambda: self._finish(done), self._failed)

    def _finish(self, done: str) -> None:
        self.forget()
        self.done_.emit(done)
        self.accept()

    def _failed(self, sentence: str) -> None:
        self._busy(False)
        self.said.setText(sentence)

    def _busy(self, busy: bool) -> None:
        for widget in (*self.fields, self.understood, self.cancel_button):
            widget.setEnabled(not busy)
        if busy:
            self.set_button.setEnabled(False)
            self.remove_button.setEnabled(False)
        else:
            self._allow()

    def _allow(self) -> None:
        here = available()
        old_there = bool(self.old.text()) or not self._model.encrypted
        same = self.new.text() == self.again.text()
        self.set_button.setEnabled(
            here and old_there and bool(self.new.text()) and same and self.understood.isChecked()
        )
        self.remove_button.setEnabled(here and old_there)
        if here:
            self.said.setText(texts.LOCK_DIFFER if self.again.text() and not same else "")
