"""What must not be missed: a notice across the window that stays until it is put away."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from mirrorsync.ui import trouble_texts
from mirrorsync.ui.live.controls import push_button
from mirrorsync.ui.theme import Theme, scaled_font

__all__ = ["Banner"]


class Banner(QFrame):
    """A heading, the sentence in full below it, and one button; hidden while there is nothing to say.

    Signals
    -------
    changed(str, str)
        The heading and the sentence that are shown now; empty when it was put away.
    """

    changed = pyqtSignal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setAccessibleName(trouble_texts.BANNER)
        self.heading = QLabel()
        self.heading.setFont(scaled_font(self.font(), 1.15, bold=True))
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.dismiss = push_button(trouble_texts.BANNER_DISMISS, self.put_away)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.heading)
        words.addWidget(self.sentence)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 8, 12, 8)
        layout.setSpacing(18)
        layout.addLayout(words, 1)
        layout.addWidget(self.dismiss)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.setStyleSheet(
            f"#banner {{ background: {theme.card}; border: 1px solid {theme.band}; "
            f"border-left: 8px solid {theme.rec}; border-radius: 7px; "
            "border-top-left-radius: 0; border-bottom-left-radius: 0; }"
        )

    def say(self, heading: str, sentence: str) -> None:
        """Show a notice until it is dismissed."""
        self.heading.setText(heading)
        self.sentence.setText(sentence)
        self.setAccessibleDescription(f"{heading} {sentence}")
        self.show()
        self.changed.emit(heading, sentence)

    def put_away(self) -> None:
        """Take the notice away."""
        if not self.isHidden():
            self.hide()
            self.changed.emit("", "")
