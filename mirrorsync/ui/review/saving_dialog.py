"""A dialog that writes something in a thread and then says where it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from mirrorsync.errors import MirrorSyncError
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button, heading, name_widget, soft_label
from mirrorsync.ui.review.style import review_style
from mirrorsync.ui.theme import Theme, palette

__all__ = ["SavingDialog", "Stopped", "Tell", "Work"]

_STEPS = 1000  # of the bar


class Tell(Protocol):
    """Shows a sentence on what is being done, and the part of the whole (0–1) that is done."""

    def __call__(self, sentence: str, done: float = 0.0) -> None:
        """Show both; raises `Stopped` when the user does not want it any more."""


Work = Callable[[Tell], str]
"""Gets what tells how far it is, which ends it when it is to stop; returns the last sentence."""


class Stopped(Exception):  # noqa: N818 - no error: the user wanted it
    """What was to be written is not wanted any more."""


class SavingDialog(QDialog):
    """Heading, what can be chosen, a sentence, and two buttons; the work is done beside the window.

    Signals
    -------
    saved(str)
        It is written; the sentence says where.

    Attributes
    ----------
    stopped_text : str
        Said when the user has stopped it.
    """

    saved = pyqtSignal(str)
    _told = pyqtSignal(str, float)
    _ended = pyqtSignal(str, bool)

    def __init__(
        self, title: str, body: str, save: tuple[str, str], theme: Theme, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(540)
        self.stopped_text = ""
        self._worker: threading.Thread | None = None
        self._stopping = threading.Event()
        self._leaving = False
        self.column = QVBoxLayout()
        self.column.setSpacing(10)
        self.status = soft_label()
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.save_button = button(save, self.choose_place, "primary")
        self.close_button = button(texts.SAVE_CANCEL, self._close_pressed)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(texts.SAVE_PROGRESS)
        self.bar.hide()
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
        layout.addWidget(self.bar)
        layout.addLayout(foot)
        self.save_button.setDefault(True)  # a dialog only knows a default that is already in it
        self._told.connect(self._show_progress)
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
        self._stopping.clear()
        self._leaving = False
        self.save_button.setEnabled(False)
        self._name_close(texts.SAVE_STOP)
        self.bar.setValue(0)
        self.bar.show()
        self._worker = threading.Thread(
            target=self._work, args=(work,), name="mirrorsync-saving", daemon=True
        )
        self._worker.start()

    def stop(self) -> None:
        """Give up what is being written; `working` until it has ended."""
        if self._worker is None or self._stopping.is_set():
            return
        self._stopping.set()
        self.close_button.setEnabled(False)
        self.say(texts.SAVE_STOPPING)
        self.interrupt()

    def interrupt(self) -> None:
        """Make the work end soon; without this it ends when it next tells how far it is."""

    def wait(self) -> None:
        """Wait until what is being written is written; before the program goes."""
        if self._worker is not None:
            self._worker.join()

    def done(self, result: int) -> None:
        """Close; what is still being written is given up first."""
        if self._worker is None:
            super().done(result)
            return
        self._leaving = True
        self.stop()

    def _close_pressed(self) -> None:
        if self._worker is None:
            self.reject()
        else:
            self.stop()

    def _name_close(self, text: tuple[str, str]) -> None:
        self.close_button.setText(text[0])
        name_widget(self.close_button, text)

    def _show_progress(self, sentence: str, done: float) -> None:
        if not self._stopping.is_set():
            self.say(sentence)
            self.bar.setValue(round(_STEPS * done))

    def _tell(self, sentence: str, done: float = 0.0) -> None:
        if self._stopping.is_set():
            raise Stopped
        self._told.emit(sentence, done)

    def _work(self, work: Work) -> None:
        try:
            sentence = work(self._tell)
            self._ended.emit(sentence, True)
        except Stopped:
            self._ended.emit(self.stopped_text, False)
        except MirrorSyncError as error:
            self._ended.emit(str(error), False)
        except Exception as error:  # noqa: BLE001 - the dialog must not wait for ever
            self._ended.emit(texts.UNEXPECTED.format(error=f"{type(error).__name__}: {error}"), False)

    def _finish(self, sentence: str, well: bool) -> None:
        if self._worker is not None:
            self._worker.join()
        self._worker = None
        self.bar.hide()
        self.save_button.setEnabled(True)
        self.close_button.setEnabled(True)
        self._name_close(texts.SAVE_CLOSE if well else texts.SAVE_CANCEL)
        self.say(sentence)
        (self.close_button if well else self.save_button).setDefault(True)
        if well:
            self.close_button.setFocus()
            self.saved.emit(sentence)
        if self._leaving:
            self.reject()
