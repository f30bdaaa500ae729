"""What one should know about a recording before believing its numbers, in one line over the workspace."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtWidgets import QFrame, QHBoxLayout

from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button, soft_label

__all__ = ["Notice"]


class Notice(QFrame):
    """Sentences, and a button that puts them away; hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.label = soft_label()
        self.label.setObjectName("")
        self.hide_button = button(texts.NOTICE_HIDE, self._put_away, "quiet")
        self._away = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 10, 4)
        row.setSpacing(12)
        row.addWidget(self.label, 1)
        row.addWidget(self.hide_button)
        self.hide()

    def tell(self, sentences: Iterable[str]) -> None:
        """Show sentences; the same ones do not come back once they are put away."""
        said = " ".join(sentence for sentence in sentences if sentence)
        self.label.setText(f"⚠  {said}")
        self.setAccessibleDescription(said)
        self.setVisible(bool(said) and said != self._away)
        self._said = said

    def _put_away(self) -> None:
        self._away = self._said
        self.hide()
