"""Before a window closes: what was typed and could not be kept is shown, to be copied or kept after all."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QCoreApplication, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.parts import button, heading, plain_label

__all__ = ["UnkeptDialog", "must_wait"]


class UnkeptDialog(QDialog):
    """Shows what the journal did not take; accepted when the window may close without it.

    Parameters
    ----------
    typed : str
        All of it.
    parent : QWidget
        The window that is to close.
    """

    def __init__(self, typed: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.UNKEPT_TITLE)
        self.setModal(True)
        self.setMinimumWidth(480)
        self.field = QPlainTextEdit(typed)
        self.field.setReadOnly(True)
        self.field.setTabChangesFocus(True)
        self.field.setAccessibleName(texts.UNKEPT_TEXT[0])
        self.field.setToolTip(texts.UNKEPT_TEXT[1])
        self.back_button = button(texts.UNKEPT_BACK, self.reject, "primary")
        self.copy_button = button(texts.UNKEPT_COPY, self._copy)
        self.close_button = button(texts.UNKEPT_CLOSE, self.accept)
        row = QHBoxLayout()
        row.addWidget(self.close_button)
        row.addStretch(1)
        row.addWidget(self.copy_button)
        row.addWidget(self.back_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 22)
        column.setSpacing(14)
        column.addWidget(heading(texts.UNKEPT_TITLE))
        column.addWidget(plain_label(texts.UNKEPT))
        column.addWidget(self.field)
        column.addLayout(row)
        self.back_button.setDefault(True)
        self.back_button.setFocus()

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self.field.toPlainText())


def must_wait(model: JournalModel, window: QWidget, close: Callable[[], object]) -> bool:
    """Return whether something typed would be lost; it is then shown in a dialog, and asked for.

    Parameters
    ----------
    model : JournalModel
        Has been asked to keep all drafts.
    window : QWidget
        The one that is to close.
    close : callable
        Called when it may close without what was typed.
    """
    if model.gives_up:
        return False
    for _ in range(2):  # what was refused comes back to where it was typed, and is tried once more
        model.wait()
        QCoreApplication.sendPostedEvents()
    typed = [draft.text for draft in model.unkept.values() if draft.text.strip()]
    if not typed:
        return False
    dialog = UnkeptDialog("\n\n".join(typed), window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def closed() -> None:
        model.gives_up = True
        close()

    dialog.accepted.connect(closed)
    dialog.open()
    return True
