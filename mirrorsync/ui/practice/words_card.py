"""What was written and is not in the journal yet: it stays on the screen until it is."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QVBoxLayout

from mirrorsync.practice.texts import say
from mirrorsync.ui.practice.own_words import OwnWords
from mirrorsync.ui.practice.parts import button, centred_row

__all__ = ["WordsCard"]

_LINES = 5


class WordsCard(QFrame):
    """Shows the words that wait, why they do, and what can be done; hidden while there are none."""

    def __init__(self, words: OwnWords) -> None:
        super().__init__()
        self._words = words
        self.setAccessibleName(say("words.title"))
        self.why = QLabel()
        self.why.setWordWrap(True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(say("words.text"))
        self.text.setToolTip(say("words.text.tip"))
        self.text.setMaximumHeight((_LINES + 1) * self.text.fontMetrics().lineSpacing())
        self.again = button("words.again", words.try_again, primary=True)
        self.copy = button("words.copy", self._copy)
        self.leave = button("words.leave", words.give_up)
        title = QLabel(say("words.title"))
        title.setObjectName("cue")
        title.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 4)
        for widget in (title, self.why, self.text):
            layout.addWidget(widget)
        layout.addLayout(centred_row(self.again, self.copy, self.leave))
        words.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        """Show what waits; while it is being written for the first time there is nothing to say."""
        waiting = self._words.waiting
        self.why.setText(self._words.trouble)
        self.text.setPlainText(_as_text([one.text for one in waiting]))
        self.setVisible(bool(waiting and self._words.trouble))

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self.text.toPlainText())


def _as_text(texts: Sequence[str]) -> str:
    return "\n\n".join(texts)
