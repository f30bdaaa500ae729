"""The warm-up: one sentence, what is left of the minute, and its two questions. Decides nothing."""

from __future__ import annotations

import math

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from mirrorsync.practice.texts import say
from mirrorsync.practice.warmup import CHOICES, WarmupState
from mirrorsync.ui.practice.parts import button, centred_row, line, on_keys
from mirrorsync.ui.theme import Theme

__all__ = ["WarmupPractice"]

_STEPS = 600


class WarmupPractice(QWidget):
    """Shows a `WarmupState` and passes on the answers.

    Signals
    -------
    answered(str)
        One of the choices of the open question.
    stopped()
        It is to end.
    """

    answered = pyqtSignal(str)
    stopped = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(say("warmup.title"))
        self.words = line(1.5, lines=3)
        self.notice = line(1.0, soft=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setAccessibleName(say("warmup.progress"))
        self.bar.setToolTip(say("warmup.progress.tip"))
        self.bar.setFormat("")
        self.choices: dict[tuple[str, str], QPushButton] = {
            (question, choice): self._choice(question, choice)
            for question, choices in CHOICES.items()
            for choice in choices
        }
        self.stop = button("warmup.stop", self.stopped.emit)
        on_keys(self, ("Escape",), self.stop.click)
        self._question: str | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 16, 14, 14)
        layout.setSpacing(14)
        layout.addStretch(1)
        layout.addWidget(self.words)
        for made in self.choices.values():
            layout.addWidget(made, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.bar)
        layout.addWidget(self.notice)
        layout.addStretch(1)
        layout.addLayout(centred_row(self.stop))
        self.show_state(WarmupState())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.bar.setStyleSheet(
            f"QProgressBar {{ background: {theme.track}; color: {theme.ink}; border: none; "
            f"border-radius: 7px; min-height: 22px; text-align: center; }} "
            f"QProgressBar::chunk {{ background: {theme.comfort}; border-radius: 7px; }}"
        )

    def show_state(self, state: WarmupState) -> None:
        """Show `state`."""
        self.words.setText(say(state.question or state.prompt))
        self.notice.setText(say(state.notice))
        self.bar.setValue(round(_STEPS * state.progress))
        if math.isfinite(state.left_s):
            self.bar.setFormat(say("warmup.left").format(left=math.ceil(state.left_s - 1e-6)))
        self.bar.setVisible(not state.question)
        self.stop.setEnabled(state.phase != "done")
        if state.question != self._question:
            self._ask(state.question)

    def _choice(self, question: str, choice: str) -> QPushButton:
        return button(f"{question}.{choice}", lambda: self.answered.emit(choice))

    def _ask(self, question: str) -> None:
        """Show the answers of `question`, none when it is empty."""
        self._question = question
        for (of, _), made in self.choices.items():
            made.setVisible(of == question)
        first = next((made for (of, _), made in self.choices.items() if of == question), self.stop)
        first.setFocus()
