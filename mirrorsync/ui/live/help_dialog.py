"""What the meters mean, and the keys."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mirrorsync.tables import CHANNELS
from mirrorsync.ui import texts
from mirrorsync.ui.live.screen_fit import available
from mirrorsync.ui.theme import scaled_font

__all__ = ["HelpDialog"]

_SCROLL_BAR = 10  # of the style sheet
_AROUND = QSize(8, 60)  # the frame of the dialog, and a little air


class HelpDialog(QDialog):
    """One page, made from the meters' meanings and the list of keys."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.HELP_TITLE)
        heading = QLabel(texts.HELP_TITLE)
        heading.setFont(scaled_font(self.font(), 1.35, bold=True))
        meters = QLabel(_rows((CHANNELS[n].title, texts.MEANINGS[n]) for n in _CHANNELS))
        keys_heading = QLabel(texts.HELP_KEYS_TITLE)
        keys_heading.setFont(scaled_font(self.font(), 1.1, bold=True))
        keys = QLabel(_rows(texts.HELP_KEYS))
        intro = QLabel(texts.HELP_INTRO)
        self.close_button = QPushButton(texts.HELP_CLOSE[0])
        self.close_button.setAccessibleName(texts.HELP_CLOSE[0])
        self.close_button.setToolTip(texts.HELP_CLOSE[1])
        self.close_button.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        page = QWidget()
        page.setObjectName("page")
        words = QVBoxLayout(page)
        words.setContentsMargins(28, 24, 28, 14)
        words.setSpacing(14)
        for label in (heading, intro, meters, keys_heading, keys):
            label.setWordWrap(True)
            label.setMinimumWidth(520)
            words.addWidget(label)
        words.addStretch(1)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(texts.HELP_TITLE)
        self.area.setToolTip(texts.HELP_SCROLL)
        self.area.setWidget(page)
        buttons.setContentsMargins(28, 0, 28, 22)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area, 1)
        layout.addLayout(buttons)
        self.close_button.setDefault(True)
        width = page.sizeHint().width() + _SCROLL_BAR
        wanted = QSize(width, page.heightForWidth(width) + buttons.sizeHint().height() + _SCROLL_BAR)
        self.resize(wanted.boundedTo(available(parent).size() - _AROUND))
        self.area.setMinimumWidth(width)


_CHANNELS = ("attunement", *texts.METER_ORDER)


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    """Return two columns as the rich text of a label."""
    cells = "".join(
        f'<tr><td style="padding-right:16px"><b>{escape(name)}</b></td><td>{escape(meaning)}</td></tr>'
        for name, meaning in rows
    )
    return f'<table cellpadding="3">{cells}</table>'
