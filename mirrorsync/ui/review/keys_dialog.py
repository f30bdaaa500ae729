"""All keys of the review, read off its menus, so that the list cannot differ from what they do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button, heading, name_widget, soft_label
from mirrorsync.ui.review.style import review_style
from mirrorsync.ui.screen_room import resize_within
from mirrorsync.ui.theme import Theme, palette

__all__ = ["KeysDialog"]

_PARENTHESIS = re.compile(r" \([^()]*\)\.$")  # the keys again, at the end of a tooltip
_NATIVE = QKeySequence.SequenceFormat.NativeText


class KeysDialog(QDialog):
    """Keys and what they do.

    Parameters
    ----------
    actions : sequence of QAction
        The window's.
    """

    def __init__(self, actions: Sequence[QAction], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.KEYS_TITLE)
        self.rows = [
            (
                " / ".join(key.toString(_NATIVE) for key in one.shortcuts()),
                _PARENTHESIS.sub(".", one.toolTip()),
            )
            for one in actions
            if one.shortcuts()
        ]
        self.rows[:0] = [("Space", _PARENTHESIS.sub(".", texts.PLAY[1]))]
        page = QWidget()
        page.setObjectName("clear")
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(18)
        grid.setColumnStretch(1, 1)
        for row, (keys, does) in enumerate(self.rows):
            key = QLabel(keys)
            key.setTextFormat(Qt.TextFormat.PlainText)
            grid.addWidget(key, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(soft_label(does), row, 1)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        name_widget(area, (texts.KEYS_TITLE, texts.NUMBERS_PAGE[1]))
        self.close_button = button(texts.KEYS_CLOSE, self.accept, "primary")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(heading(texts.KEYS_TITLE, 1.3))
        layout.addWidget(area, 1)
        layout.addLayout(foot)
        self.close_button.setDefault(True)
        self.setPalette(palette(theme))
        self.setStyleSheet(review_style(theme))
        resize_within(self, 620, 640)
