"""Pause and reflect: three questions about the moment at which playback has stopped."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from mirrorsync.practice.reflection import ReflectionState
from mirrorsync.practice.texts import say
from mirrorsync.ui.journal.editor import PlainEditor
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button, heading, name_widget, soft_label

__all__ = ["ReflectPanel"]


class ReflectPanel(QFrame):
    """Shows a state of `mirrorsync.practice.reflection.Reflection` and takes the answers.

    Signals
    -------
    answered(dict)
        Answers by question key; may all be empty.
    skipped()
        No answer this time.
    switched_off()
        No answer, and no more stops.
    """

    answered = pyqtSignal(dict)
    skipped = pyqtSignal()
    switched_off = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(texts.REFLECT_TITLE)
        self._when = heading(texts.REFLECT_TITLE)
        self._about = soft_label()
        self.editors: dict[str, PlainEditor] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 12, 16, 12)
        self._layout.setSpacing(6)
        self._layout.addWidget(self._when)
        self._layout.addWidget(self._about)
        self._questions = QVBoxLayout()
        self._questions.setSpacing(4)
        self._layout.addLayout(self._questions, 1)
        row = QHBoxLayout()
        self.off_button = button(texts.REFLECT_OFF, self.switched_off.emit, "quiet")
        self.skip_button = button(texts.REFLECT_SKIP, self.skipped.emit)
        self.keep_button = button(texts.REFLECT_KEEP, self._keep, "primary")
        row.addWidget(self.off_button)
        row.addStretch(1)
        row.addWidget(self.skip_button)
        row.addWidget(self.keep_button)
        self._layout.addLayout(row)
        self.hide()

    def show_state(self, state: ReflectionState) -> None:
        """Ask, or go away."""
        if state.moment is None:
            self.hide()
            return
        name, sign = texts.KINDS.get(state.moment.kind, ("", ""))
        self._when.setText(f"{sign}  {texts.REFLECT_TITLE} · {texts.clock(state.moment.time_s)}")
        self._about.setText(f"{name}. {state.moment.sentence}" if name else state.moment.sentence)
        if tuple(self.editors) != state.questions:
            self._build(state.questions)
        for editor in self.editors.values():
            editor.show_text("")
        self.show()
        next(iter(self.editors.values())).setFocus()

    def answers(self) -> dict[str, str]:
        """Return what is written, by question key."""
        return {key: editor.text() for key, editor in self.editors.items()}

    def _build(self, questions: tuple[str, ...]) -> None:
        for key in questions:
            editor = PlainEditor()
            name_widget(editor, (texts.REFLECT_ANSWER.format(question=say(key)), texts.REFLECT_ANSWER_TIP))
            editor.setTabChangesFocus(True)
            editor.setMinimumHeight(round(2.9 * editor.fontMetrics().lineSpacing()))
            editor.submitted.connect(self._keep)
            editor.cancelled.connect(self.skipped.emit)
            self.editors[key] = editor
            self._questions.addWidget(QLabel(say(key)))
            self._questions.addWidget(editor, 1)

    def _keep(self) -> None:
        self.answered.emit(self.answers())
