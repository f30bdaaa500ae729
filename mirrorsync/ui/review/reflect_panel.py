"""Pause and reflect: three questions about the moment at which playback has stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from mirrorsync.journal.drafts import Draft
from mirrorsync.practice.reflection import ReflectionMoment, ReflectionState
from mirrorsync.practice.texts import say
from mirrorsync.ui.journal.editor import DraftKeeper, PlainEditor
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button, heading, name_widget, soft_label
from mirrorsync.ui.review.unfinished import draft_key, draft_of, words_of

__all__ = ["ReflectPanel"]


class ReflectPanel(QFrame):
    """Shows a state of `mirrorsync.practice.reflection.Reflection` and takes the answers.

    What is written is kept as a draft of its moment, half a second after it was typed, and comes back with
    the next question about that moment.

    Parameters
    ----------
    model : JournalModel
        Where drafts are kept.

    Signals
    -------
    answered(dict)
        Answers by question key; may all be empty. They stay in the panel until `show_state` is told.
    skipped()
        No answer this time.
    switched_off()
        No answer, and no more stops.
    edited()
        Somebody types.
    """

    answered = pyqtSignal(dict)
    skipped = pyqtSignal()
    switched_off = pyqtSignal()
    edited = pyqtSignal()

    def __init__(self, model: JournalModel) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(texts.REFLECT_TITLE)
        self._model = model
        self._session: str | None = None
        self._moment: ReflectionMoment | None = None
        self._when = heading(texts.REFLECT_TITLE)
        self._about = soft_label()
        self.trouble = soft_label()
        self.editors: dict[str, PlainEditor] = {}
        self._drafts = DraftKeeper(self, model, self._draft_data)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 12, 16, 12)
        self._layout.setSpacing(6)
        self._layout.addWidget(self._when)
        self._layout.addWidget(self._about)
        self._questions = QVBoxLayout()
        self._questions.setSpacing(4)
        self._layout.addLayout(self._questions, 1)
        self._layout.addWidget(self.trouble)
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

    @property
    def draft_key(self) -> str:
        """The name of the draft; empty when the journal does not know the session, or nothing is asked."""
        return draft_key(self._session, self._moment) if self._session and self._moment else ""

    @property
    def is_edited(self) -> bool:
        """Whether something is written."""
        return any(editor.is_edited for editor in self.editors.values())

    def set_session(self, session: str) -> None:
        """Take the journal's id of the session; what was written before it was known is kept from now on."""
        self._session = session
        self._open_draft()

    def show_state(self, state: ReflectionState) -> None:
        """Ask, or go away; what is written and not kept in the journal stays as a draft."""
        self.keep_draft()
        self._moment = state.moment
        self.set_busy(False)
        self.say("")
        if state.moment is None:
            self._drafts.open("", self._restore)
            self.hide()
            self._clear()
            return
        name, sign = texts.KINDS.get(state.moment.kind, ("", ""))
        self._when.setText(f"{sign}  {texts.REFLECT_TITLE} · {texts.clock(state.moment.time_s)}")
        self._about.setText(f"{name}. {state.moment.sentence}" if name else state.moment.sentence)
        if tuple(self.editors) != state.questions:
            self._build(state.questions)
        self._clear()
        self._open_draft()
        self.show()
        next(iter(self.editors.values())).setFocus()

    def answers(self) -> dict[str, str]:
        """Return what is written, by question key."""
        return {key: editor.text() for key, editor in self.editors.items()}

    def text(self) -> str:
        """Return what is written with its questions, as one text."""
        return words_of((key, answer) for key, answer in self.answers().items() if answer.strip())

    def keep_draft(self) -> None:
        """Keep what is written at once, as a draft; call it before the session closes."""
        self._drafts.keep_now()

    def forget_draft(self) -> None:
        """Keep no draft of what is written now: it is in the journal."""
        self._drafts.forget()
        self._clear()
        self._drafts.open("", self._restore)

    def set_busy(self, busy: bool) -> None:
        """Wait for the journal: what was typed now would be in neither the entry nor a draft."""
        for editor in self.editors.values():
            editor.setReadOnly(busy)
        self.keep_button.setEnabled(not busy)

    def say(self, sentence: str) -> None:
        """Say why the answers were not kept, or nothing."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))

    def _open_draft(self) -> None:
        self._drafts.open(self.draft_key, self._restore)
        if self.is_edited:
            self._drafts.keep_now()

    def _restore(self, draft: Draft) -> None:
        for key, answer in draft_of(draft).answers.items():
            if key in self.editors and answer:
                self.editors[key].bring_back(answer)

    def _draft_data(self) -> Mapping[str, Any]:
        moment = self._moment
        if moment is None:
            return {}
        return {
            "session": self._session,
            "start_s": moment.time_s,
            "moment": moment.kind,
            "sentence": moment.sentence,
            "answers": self.answers(),
        }

    def _clear(self) -> None:
        for editor in self.editors.values():
            editor.show_text("")

    def _build(self, questions: tuple[str, ...]) -> None:
        for key in questions:
            editor = PlainEditor()
            name_widget(editor, (texts.REFLECT_ANSWER.format(question=say(key)), texts.REFLECT_ANSWER_TIP))
            editor.setTabChangesFocus(True)
            editor.setMinimumHeight(round(2.9 * editor.fontMetrics().lineSpacing()))
            editor.submitted.connect(self._keep)
            editor.cancelled.connect(self.skipped.emit)
            editor.edited.connect(self.edited.emit)
            self.editors[key] = editor
            self._questions.addWidget(QLabel(say(key)))
            self._questions.addWidget(editor, 1)

    def _keep(self) -> None:
        if self.keep_button.isEnabled():
            self.answered.emit(self.answers())
