"""A dialog that writes something in a thread and then says where it is."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mirrorsync.errors import MirrorSyncError
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button, heading, name_widget, soft_label
from mirrorsync.ui.review.style import review_style
from mirrorsync.ui.theme import Theme, palette

__all__ = ["SavingDialog", "Tell", "Work"]

Tell = Callable[[str], None]
Work = Callable[[Tell], str]
"""Gets a callable for sentences on how far it is; returns the last sentence."""


class SavingDialog(QDialog):
    """Heading, what can be chosen, a sentence, and two buttons; the work is done beside the window.

    Signals
    -------
    saved(str)
        It is written; the sentence says where.
    """

    saved = pyqtSignal(str)
    _told = pyqtSignal(str)
    _ended = pyqtSignal(str, bool)

    def __init__(
        self, title: str, body: str, save: tuple[str, str], theme: Theme, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(540)
        self._worker: threading.Thread | None = None
        self.column = QVBoxLayout()
        self.column.setSpacing(10)
        self.status = soft_label()
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.save_button = button(save, self.choose_place, "primary")
        self.save_button.setDefault(True)
        self.close_button = button(texts.SAVE_CANCEL, self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(heading(title, 1.3))
        layout.addWidget(soft_label(body))
        layout.addLayout(self.column, 1)
        layout.addWidget(self.status)
        layout.addLayout(foot)
        self._told.connect(self.say)
        self._ended.connect(self._finish)
        self.setPalette(palette(theme))
        self.setStyleSheet(review_style(theme))

    @property
    def working(self) -> bool:
        """Whether something is being written."""
        return self._worker is not None

    def choose_place(self) -> None:
        """Ask where to, and write."""
        raise NotImplementedError

    def say(self, sentence: str) -> None:
        """Show a sentence; screen readers hear it as the dialog's description."""
        self.status.setText(sentence)
        self.setAccessibleDescription(sentence)

    def run(self, work: Work) -> None:
        """Do `work` in a thread; one at a time."""
        if self._worker is not None:
            return
        self.save_button.setEnabled(False)
        self._worker = threading.Thread(
            target=self._work, args=(work,), name="mirrorsync-saving", daemon=True
        )
        self._worker.start()

    def wait(self) -> None:
        """Wait until what is being written is written; before the program goes."""
        if self._worker is not None:
            self._worker.join()

    def done(self, result: int) -> None:
        """Close, once nothing is being written any more."""
        if self._worker is None:
            super().done(result)

    def _work(self, work: Work) -> None:
        try:
            self._ended.emit(work(self._told.emit), True)
        except MirrorSyncError as error:
            self._ended.emit(str(error), False)
        except Exception as error:  # noqa: BLE001 - the dialog must not wait for ever
            self._ended.emit(texts.UNEXPECTED.format(error=f"{type(error).__name__}: {error}"), False)

    def _finish(self, sentence: str, well: bool) -> None:
        if self._worker is not None:
            self._worker.join()
        self._worker = None
        self.save_button.setEnabled(True)
        self.say(sentence)
        if well:
            self.close_button.setText(texts.SAVE_CLOSE[0])
            name_widget(self.close_button, texts.SAVE_CLOSE)
            self.close_button.setFocus()
            self.saved.emit(sentence)
