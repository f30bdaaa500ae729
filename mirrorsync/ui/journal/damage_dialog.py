"""Saying that the journal is damaged, and bringing back its newest good backup."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.parts import button, heading, plain_label

__all__ = ["DamageDialog"]


class DamageDialog(QDialog):
    """Says what is damaged, and offers the newest good backup; the journal is opened again with it.

    Parameters
    ----------
    model : JournalModel
        The journal that did not open.
    sentence : str
        What is wrong and what to do.
    there_is_one : bool
        Whether there is a good backup.
    parent : QWidget
        The window it stands over.
    """

    said = pyqtSignal(str)
    """Where the damaged file is kept now, or why the backup could not be put in place."""

    def __init__(self, model: JournalModel, sentence: str, there_is_one: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.DAMAGE_TITLE)
        self.setModal(True)
        self.setMinimumWidth(480)
        self._model = model
        self.sentence = plain_label(sentence)
        self.restore_button = button(texts.DAMAGE_RESTORE, self._restore, "primary")
        self.restore_button.setVisible(there_is_one)
        self.close_button = button(texts.DAMAGE_CLOSE, self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.restore_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 22)
        column.setSpacing(14)
        column.addWidget(heading(texts.DAMAGE_TITLE))
        column.addWidget(self.sentence)
        column.addLayout(row)

    def _restore(self) -> None:
        for made in (self.restore_button, self.close_button):
            made.setEnabled(False)
        self._model.restore(self._restored, self._not_restored)

    def _restored(self, aside: Path | None) -> None:
        self.said.emit(texts.DAMAGE_RESTORED.format(path=aside))
        self._model.open()
        self.accept()

    def _not_restored(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.adjustSize()
        for made in (self.restore_button, self.close_button):
            made.setEnabled(True)
