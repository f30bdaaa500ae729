"""The check-in: the wheel, what was chosen on it, and words of one's own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QSlider, QVBoxLayout, QWidget

from mirrorsync.journal import CheckInState, Entry, Feeling, Journal, add_check_in, check_in_state
from mirrorsync.journal.check_in import LONGEST_WORD
from mirrorsync.journal.drafts import Draft
from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.editor import DraftKeeper, PlainEditor
from mirrorsync.ui.journal.emotion_wheel import EmotionWheel
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.parts import button, heading, name_widget, plain_label
from mirrorsync.ui.theme import Theme

__all__ = ["CheckInPage"]

_DRAFT = "check_in"
_SIDE_WIDTH = 380


class CheckInPage(QWidget):
    """One check-in, kept as a draft until it is saved."""

    state_changed = pyqtSignal(object)
    """The `CheckInState` after the journal was asked."""
    said = pyqtSignal(str)
    """A sentence for the status line."""

    def __init__(self, model: JournalModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._own: dict[str, float] = {}
        self.wheel = EmotionWheel()
        self.state = plain_label(soft=True)
        self.rows = _Rows()
        self.own_word = QLineEdit()
        self.own_word.setPlaceholderText(texts.OWN_WORD_PLACEHOLDER)
        self.own_word.setMaxLength(LONGEST_WORD)
        name_widget(self.own_word, texts.OWN_WORD)
        self.own_add = button(texts.OWN_ADD, self.add_own_word)
        self.words = PlainEditor()
        self.words.setPlaceholderText(texts.WORDS_PLACEHOLDER)
        name_widget(self.words, texts.WORDS)
        self.save_button = button(texts.CHECK_IN_SAVE, self.save, "primary")
        self._drafts = DraftKeeper(self.words, model, self._draft_data)
        self._drafts.key = _DRAFT
        self._lay_out()
        self.wheel.changed.connect(self._chosen_changed)
        self.rows.intensity_changed.connect(self._set_intensity)
        self.rows.removed.connect(self._remove)
        self.own_word.returnPressed.connect(self.add_own_word)
        self.words.submitted.connect(self.save)
        self.words.edited.connect(self._show_chosen)
        model.opened.connect(self._restore_draft)
        model.changed.connect(self.refresh)
        self._show_chosen()

    def _lay_out(self) -> None:
        own = QHBoxLayout()
        own.addWidget(self.own_word, 1)
        own.addWidget(self.own_add)
        side = QFrame()
        side.setObjectName("card")
        side.setFixedWidth(_SIDE_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(22, 20, 22, 20)
        column.setSpacing(12)
        column.addWidget(heading(texts.CHECK_IN_TITLE))
        column.addWidget(self.state)
        column.addWidget(plain_label(texts.CHECK_IN_HINT, soft=True))
        column.addWidget(self.rows, 3)
        column.addLayout(own)
        column.addWidget(self.words, 2)
        column.addWidget(self.save_button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self.wheel, 1)
        layout.addWidget(side)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.wheel.set_theme(theme)

    def feelings(self) -> tuple[Feeling, ...]:
        """Return what is chosen: words of the wheel, then one's own."""
        return (*self.wheel.feelings(), *(Feeling(word, value) for word, value in self._own.items()))

    def refresh(self) -> None:
        """Ask whether a check-in is due."""
        if self._model.is_open:
            self._model.ask(check_in_state, self._show_state)

    def add_own_word(self) -> None:
        """Choose the word that was typed; one that is on the wheel is chosen there."""
        word = " ".join(self.own_word.text().split())
        self.own_word.clear()
        if not word:
            return
        known = next((w for w in self.wheel.buttons if texts.feeling(w).casefold() == word.casefold()), None)
        if known is None:
            self._own.setdefault(word, 0.5)
            self._chosen_changed()
        elif known not in {feeling.word for feeling in self.wheel.feelings()}:
            self.wheel.toggle(known)

    def save(self) -> None:
        """Keep the check-in in the journal."""
        feelings, words = self.feelings(), self.words.text()
        if not feelings and not words.strip():
            return

        def write(journal: Journal) -> Entry:
            return add_check_in(journal, feelings, words, draft=_DRAFT)

        self._drafts.forget()
        self._model.ask(write, self._saved, writes=True)

    def keep_draft(self) -> None:
        """Keep what is chosen and typed at once; call it before the window closes."""
        if self.feelings() or self.words.text():
            self._drafts.keep_now(force=True)

    def _saved(self, _: Entry) -> None:
        self._own.clear()
        self.wheel.set_feelings(())
        self.words.show_text("")
        self._show_chosen()
        self.said.emit(texts.CHECK_IN_SAVED)

    def _chosen_changed(self) -> None:
        self._show_chosen()
        if self.feelings() or self.words.text():
            self.keep_draft()
        else:
            self._model.ask(lambda journal: journal.drop_draft(_DRAFT))

    def _show_chosen(self) -> None:
        self.rows.show_feelings(self.feelings())
        self.save_button.setEnabled(bool(self.feelings() or self.words.text().strip()))

    def _set_intensity(self, word: str, intensity: float) -> None:
        if word in self._own:
            self._own[word] = intensity
        else:
            self.wheel.set_feelings(
                Feeling(f.word, intensity if f.word == word else f.intensity) for f in self.wheel.feelings()
            )
        self._chosen_changed()

    def _remove(self, word: str) -> None:
        if self._own.pop(word, None) is not None:
            self._chosen_changed()
        else:
            self.wheel.toggle(word)

    def _show_state(self, state: CheckInState) -> None:
        if state.days is None:
            said = texts.CHECK_IN_DUE_FIRST
        elif state.days == 0:
            said = texts.CHECK_IN_TODAY
        else:
            days = texts.DAYS_ONE if state.days == 1 else texts.DAYS.format(n=state.days)
            said = (texts.CHECK_IN_DUE if state.due else texts.CHECK_IN_NOT_DUE).format(days=days)
        self.state.setText(said)
        self.state_changed.emit(state)

    def _draft_data(self) -> Mapping[str, Any]:
        return {"choices": [{"word": f.word, "intensity": f.intensity} for f in self.feelings()]}

    def _restore_draft(self) -> None:
        self._model.ask(lambda j: next((d for d in j.drafts() if d.key == _DRAFT), None), self._restore)

    def _restore(self, draft: Draft | None) -> None:
        if draft is None or self.feelings() or self.words.is_edited:
            return
        chosen = [Feeling(str(c["word"]), float(c["intensity"])) for c in draft.data.get("choices", ())]
        self.wheel.set_feelings(chosen)
        self._own = {f.word: f.intensity for f in chosen if f.word not in self.wheel.buttons}
        if draft.text:
            self.words.type_text(draft.text)
        self._show_chosen()


class _Rows(QScrollArea):
    """What is chosen, each with how strong it is."""

    intensity_changed = pyqtSignal(str, float)
    removed = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(120)
        inside = QWidget()
        inside.setObjectName("clear")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(6)
        self._nothing = plain_label(texts.NOTHING_CHOSEN, soft=True)
        self._column.addWidget(self._nothing)
        self._column.addStretch(1)
        self.setWidget(inside)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.shown: dict[str, _Row] = {}

    def show_feelings(self, feelings: Iterable[Feeling]) -> None:
        """Show these; rows that stay keep the keyboard."""
        wanted = {feeling.word: feeling.intensity for feeling in feelings}
        for word in [word for word in self.shown if word not in wanted]:
            row = self.shown.pop(word)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for word, intensity in wanted.items():
            if word not in self.shown:
                row = self.shown[word] = _Row(word)
                row.slider.valueChanged.connect(lambda v, w=word: self.intensity_changed.emit(w, v / 10))
                row.remove.clicked.connect(lambda _=False, w=word: self.removed.emit(w))
                self._column.insertWidget(self._column.count() - 1, row)
            self.shown[word].show_intensity(intensity)
        self._nothing.setVisible(not wanted)


class _Row(QWidget):
    def __init__(self, word: str) -> None:
        super().__init__()
        name = texts.feeling(word)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(1, 10)
        self.slider.setPageStep(2)
        self.slider.setMinimumHeight(22)
        name_widget(self.slider, (texts.INTENSITY.format(word=name), texts.INTENSITY_TOOLTIP))
        self._strength = plain_label(soft=True, wrap=False)
        self._strength.setMinimumWidth(
            max(self._strength.fontMetrics().horizontalAdvance(word) for word in texts.INTENSITY_WORDS) + 4
        )
        self.remove = button(("×", texts.REMOVE[1]), lambda: None, "quiet")
        self.remove.setAccessibleName(f"{texts.REMOVE[0]}: {name}")
        label = plain_label(name, wrap=False)
        label.setFixedWidth(110)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.slider, 1)
        row.addWidget(self._strength)
        row.addWidget(self.remove)

    def show_intensity(self, intensity: float) -> None:
        """Show 0–1 on the slider and as a word."""
        self.slider.blockSignals(True)
        self.slider.setValue(max(1, round(10 * intensity)))
        self.slider.blockSignals(False)
        at = math.ceil(round(intensity * len(texts.INTENSITY_WORDS), 6)) - 1
        self._strength.setText(texts.INTENSITY_WORDS[max(at, 0)])
