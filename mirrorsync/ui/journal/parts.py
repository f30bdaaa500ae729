"""Small parts of the journal's pages: buttons and labels that never take a person's words for markup."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from mirrorsync.ui.theme import scaled_font

__all__ = ["button", "heading", "name_widget", "plain_label", "relabel", "restyle"]


def button(text: tuple[str, str], pressed: Callable[[], object], kind: str = "") -> QPushButton:
    """Return a button with (label, tooltip), named for screen readers, styled as `kind`."""
    made = QPushButton()
    made.setObjectName(kind)
    made.setAutoDefault(False)
    made.clicked.connect(lambda: pressed())
    relabel(made, text)
    return made


def relabel(made: QPushButton, text: tuple[str, str]) -> None:
    """Give a button other words."""
    made.setText(text[0])
    made.setAccessibleName(text[0])
    made.setToolTip(text[1])


def name_widget(widget: QWidget, text: tuple[str, str]) -> None:
    """Give a field its name for screen readers and its tooltip."""
    widget.setAccessibleName(text[0])
    widget.setToolTip(text[1])


def plain_label(text: str = "", *, soft: bool = False, wrap: bool = True) -> QLabel:
    """Return a label that shows any text as it is."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if soft:
        label.setObjectName("soft")
    return label


def heading(text: str, size: float = 1.35) -> QLabel:
    """Return a heading, `size` times the usual font."""
    label = plain_label(text)
    label.setFont(scaled_font(label.font(), size, bold=True))
    return label


def restyle(widget: QWidget) -> None:
    """Let the style sheet see a changed name or property."""
    style = widget.style()
    if style is not None:
        style.unpolish(widget)
        style.polish(widget)
        QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))  # or padding and frame stay as before
