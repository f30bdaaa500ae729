"""Putting it into words: the explanation, or one invitation with its three answers. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from mirrorsync.practice.emotion_labelling import OUTCOMES, LabelEntry, LabellingState
from mirrorsync.practice.texts import say
from mirrorsync.ui.practice.parts import button, centred_row, exchange, line, on_keys
from mirrorsync.ui.theme import Theme

__all__ = ["LabellingPractice"]

_LOG_LINES = 4


class LabellingPractice(QWidget):
    """Shows a `LabellingState` and passes on what is answered.

    Without a session (`set_running`) it cannot be switched on.

    Signals
    -------
    switched_on()
        The explanation was there and has been accepted.
    answered(str, str)
        One of `OUTCOMES`, and the partner's words with "clarified".
    stopped()
        It is to be switched off.
    """

    switched_on = pyqtSignal()
    answered = pyqtSignal(str, str)
    stopped = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(say("label.title"))
        self.words = line(1.2, lines=3)
        self.seen = line(1.0, soft=True, lines=1)
        self.log = line(0.92, soft=True, lines=_LOG_LINES)
        self.log.setAccessibleName(say("label.log"))
        self.log.setToolTip(say("label.log.tip"))
        self.clarified_as = QLineEdit()
        self.clarified_as.setAccessibleName(say("label.clarified_as"))
        self.clarified_as.setPlaceholderText(say("label.clarified_as"))
        self.clarified_as.setToolTip(say("label.clarified_as.tip"))
        self.clarified_as.textChanged.connect(self._words_changed)
        self.clarified_as.returnPressed.connect(lambda: self._answer("clarified"))
        self.on = button("label.on", self.switched_on.emit, primary=True)
        self.stop = button("label.stop", self.stopped.emit)
        self.answers = {
            "confirmed": button("label.answer.confirmed", lambda: self._answer("confirmed")),
            "clarified": button("label.answer.clarified", lambda: self._answer("clarified")),
            "passed": button("label.answer.passed", lambda: self._answer("passed")),
        }
        for number, outcome in enumerate(OUTCOMES, start=1):
            on_keys(self, (str(number),), self.answers[outcome].click)
        on_keys(self, ("Escape",), self.stop.click)
        self._phase = ""
        self._state = LabellingState()
        self._running, self._seen = True, True
        answering = (self.answers["confirmed"], self.clarified_as, *list(self.answers.values())[1:])
        for control in (self.on, self.stop, *answering):
            control.setParent(self)  # in the order in which Tab goes on, whatever window they come into
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 16, 14, 14)
        layout.setSpacing(12)
        layout.addStretch(1)
        # One under the other, as wide as the page: side by side they do not fit, least of all in large type.
        for widget in (self.words, self.seen, *answering):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self.log)
        layout.addLayout(centred_row(self.on, self.stop))
        self.show_state(LabellingState())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.clarified_as.setStyleSheet(
            f"QLineEdit {{ background: {theme.card}; color: {theme.ink}; border: 1px solid {theme.line}; "
            f"border-radius: 7px; padding: 5px; placeholder-text-color: {theme.soft}; }} "
            f"QLineEdit:focus {{ border: 1px solid {theme.both}; }}"
        )

    def show_state(self, state: LabellingState) -> None:
        """Show `state`; an invitation takes the keyboard from nobody."""
        self.words.setText(say(state.question or state.prompt))
        self._note(state)
        if state.phase == self._phase:
            return
        self._phase = state.phase
        inviting = state.phase == "inviting"
        across = Qt.AlignmentFlag.AlignLeft if state.phase == "off" else Qt.AlignmentFlag.AlignHCenter
        self.words.setAlignment(across | Qt.AlignmentFlag.AlignVCenter)  # a paragraph reads from the left
        if not inviting:
            exchange(
                self, (self.on if state.phase == "off" else self.stop,), (self.on, self.stop), idle=False
            )
        self.clarified_as.clear()
        for widget in (self.clarified_as, *self.answers.values()):
            widget.setVisible(inviting)
        self._words_changed()

    def set_running(self, *, running: bool) -> None:
        """Let it be switched on while a session runs."""
        self._running = running
        if not running and self.on.hasFocus():
            self.setFocus()
        self.on.setEnabled(running)
        self._note(self._state)

    def show_seen(self, *, seen: bool) -> None:
        """Say when the partner's face cannot be read."""
        if seen != self._seen:
            self._seen = seen
            self._note(self._state)

    def _note(self, state: LabellingState) -> None:
        """Write the line under the sentence: what it goes by, or why none can come."""
        self._state = state
        words = say("label.seen").format(seen=state.seen) if state.seen else ""
        if state.phase == "off" and not self._running:
            words = say("panel.first")
        elif state.phase == "listening" and not self._seen:
            words = say("label.unseen")
        self.seen.setText(words)

    def show_log(self, entries: Sequence[LabelEntry]) -> None:
        """Show what became of the newest sentences."""
        self.log.setText(
            "\n".join(
                say("label.log.line").format(
                    minutes=int(entry.at_s // 60),
                    seconds=int(entry.at_s % 60),
                    seen=entry.seen,
                    outcome=say(f"label.outcome.{entry.outcome}").format(words=entry.clarified_as),
                )
                for entry in entries[-_LOG_LINES:]
            )
        )

    def _words_changed(self) -> None:
        """Words make it clarified; without any it is not."""
        written = bool(self.clarified_as.text().strip())
        for outcome, made in self.answers.items():
            made.setEnabled((outcome == "clarified") == written or outcome == "passed")

    def _answer(self, outcome: str) -> None:
        words = self.clarified_as.text().strip() if outcome == "clarified" else ""
        if outcome != "clarified" or words:
            self.answered.emit(outcome, words)
