"""The warm-up: one sentence, what is left of the minute, and its two questions. Decides nothing."""

from __future__ import annotations

import math

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from mirrorsync.practice.texts import say
from mirrorsync.practice.warmup import CHOICES, WarmupState
from mirrorsync.ui.practice.parts import button, centred_row, exchange, line, on_keys
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
    left()
        It is over, and the page is to be left.
    """

    answered = pyqtSignal(str)
    stopped = pyqtSignal()
    left = pyqtSignal()

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
        self.done = button("panel.done", self.left.emit, primary=True)
        on_keys(self, ("Escape",), lambda: (self.done if self.stop.isHidden() else self.stop).click())
        self._arranged: tuple[str, bool] | None = None
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
        layout.addLayout(centred_row(self.stop, self.done))
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
        self.notice.setText(say(state.notice) or "\n".join(map(say, state.outcome)))
        self.bar.setValue(round(_STEPS * state.progress))
        if math.isfinite(state.left_s):
            self.bar.setFormat(say("warmup.left").format(left=math.ceil(state.left_s - 1e-6)))
        over = state.phase == "done"
        self.bar.setVisible(not (state.question or over))
        if (state.question, over) != self._arranged:
            self._arrange(state.question, over=over)

    def _choice(self, question: str, choice: str) -> QPushButton:
        return button(f"{question}.{choice}", lambda: self.answered.emit(choice))

    def _arrange(self, question: str, *, over: bool) -> None:
        """Show the answers of `question`, none when it is empty, and the way out."""
        self._arranged = question, over
        answers = [made for (of, _), made in self.choices.items() if of == question]
        exchange(
            self, [*answers, self.done if over else self.stop], (*self.choices.values(), self.stop, self.done)
        )
