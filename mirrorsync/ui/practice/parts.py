"""The small parts that the exercises' pages are made of."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from mirrorsync.practice.texts import say
from mirrorsync.ui.theme import scaled_font

__all__ = ["button", "centred_row", "line", "on_keys"]


def button(key: str, pressed: Callable[[], object], *, primary: bool = False) -> QPushButton:
    """Return a button with the words at `key` and the tooltip at ``key.tip``, both for screen readers too."""
    made = QPushButton(say(key))
    made.setAccessibleName(say(key))
    made.setToolTip(say(f"{key}.tip"))
    if primary:
        made.setObjectName("primary")
    made.clicked.connect(lambda: pressed())
    return made


def line(size: float, *, soft: bool = False, lines: int = 2) -> QLabel:
    """Return a centred label, `size` times the usual font, that keeps its room while it is empty."""
    label = QLabel()
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setFont(scaled_font(label.font(), size))
    label.setMinimumHeight(lines * label.fontMetrics().lineSpacing())
    if soft:
        label.setObjectName("soft")
    return label


def centred_row(*widgets: QWidget) -> QHBoxLayout:
    """Return the widgets side by side in the middle."""
    row = QHBoxLayout()
    row.addStretch(1)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def on_keys(page: QWidget, keys: tuple[str, ...], pressed: Callable[[], object]) -> None:
    """Call `pressed` when one of the keys is hit anywhere in `page`."""
    for key in keys:
        shortcut = QShortcut(QKeySequence(key), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: pressed())
