"""How far the analysis is, with a way to stop it and to go on."""

from __future__ import annotations

import math

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton

from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button

__all__ = ["AnalysisBar"]

_STEPS = 1000


class AnalysisBar(QFrame):
    """A sentence, a bar and one button; hidden while there is nothing to tell.

    Signals
    -------
    stop_wanted(), resume_wanted()
        The user has had enough for now, or wants the rest.
    """

    stop_wanted = pyqtSignal()
    resume_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.label = QLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(texts.PREPARING)
        self.stop_button = button(texts.CANCEL, self.stop_wanted.emit)
        self.resume_button: QPushButton = button(texts.RESUME, self.resume_wanted.emit, "primary")
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 10, 6)
        row.setSpacing(12)
        row.addWidget(self.label)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop_button)
        row.addWidget(self.resume_button)
        self.hide()

    def show_waiting(self) -> None:
        """Say that it begins."""
        self._show(texts.PREPARING, running=True)
        self.bar.setRange(0, 0)

    def show_progress(self, task: str, at_s: float, length_s: float, left_s: float) -> None:
        """Say how far a task is."""
        form = texts.SCORING if task == "offset" else texts.ANALYSING
        known = math.isfinite(length_s) and length_s > 0
        said = (form if known else texts.ANALYSING_UNKNOWN).format(
            at=texts.clock(at_s), of=texts.clock(length_s) if known else ""
        )
        if math.isfinite(left_s):
            said += ", " + texts.TIME_LEFT.format(left=texts.clock(left_s))
        self._show(said, running=True)
        self.bar.setRange(0, _STEPS if known else 0)
        if known:
            self.bar.setValue(round(_STEPS * min(at_s / length_s, 1.0)))
        self.bar.setAccessibleDescription(said)

    def show_stopped(self, at_s: float, trouble: str = "") -> None:
        """Say how much there is, and offer to go on."""
        self.bar.setRange(0, _STEPS)
        self._show(trouble or texts.STOPPED_AT.format(at=texts.clock(at_s)), running=False)

    def _show(self, said: str, *, running: bool) -> None:
        self.label.setText(said)
        self.label.setWordWrap(not running)  # a sentence of trouble may be long, a progress never is
        self._row.setStretch(0, 0 if running else 1)  # or the button grows into the place of the bar
        self.bar.setVisible(running)
        self.stop_button.setVisible(running)
        self.resume_button.setVisible(not running)
        self.show()
