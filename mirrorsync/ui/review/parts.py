"""The small parts that the review workspace is made of."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QAction, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QLabel, QPushButton, QWidget

from mirrorsync.ui.theme import scaled_font

__all__ = ["SpaceForWindow", "action", "button", "by_tab", "heading", "name_widget", "soft_label"]


def name_widget(widget: QWidget, text: tuple[str, str]) -> None:
    """Give a widget its accessible name and its tooltip."""
    widget.setAccessibleName(text[0])
    widget.setToolTip(text[1])


class SpaceForWindow(QObject):
    """Lets Space through a list to the window, which plays: rows are chosen with the arrow keys and Enter.

    Parameters
    ----------
    lists : QWidget
        Those that would take Space for choosing a row that is chosen already.
    """

    def __init__(self, *lists: QWidget) -> None:
        super().__init__()
        for one in lists:
            one.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """Hand Space on to the parent."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() != Qt.Key.Key_Space or event.modifiers() != Qt.KeyboardModifier.NoModifier:
            return super().eventFilter(watched, event)
        event.ignore()  # a key that nobody took goes to the parent
        return True


def by_tab(*controls: QWidget) -> None:
    """Let controls have the keys when one tabs to them, not when one clicks: Space still plays then."""
    for control in controls:
        control.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def button(text: tuple[str, str], pressed: Callable[[], object], kind: str = "") -> QPushButton:
    """Return a button; `kind` is its name in the style sheet ("primary", "quiet", "chip")."""
    made = QPushButton(text[0])
    made.setObjectName(kind)
    made.setAutoDefault(False)  # or Enter presses whichever button a dialog finds first
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    name_widget(made, text)
    made.clicked.connect(lambda: pressed())
    return made


def heading(text: str, size: float = 1.15) -> QLabel:
    """Return a bold label."""
    label = QLabel(text)
    label.setFont(scaled_font(label.font(), size, bold=True))
    return label


def soft_label(text: str = "") -> QLabel:
    """Return a label in the soft colour that wraps and takes nothing for mark-up."""
    label = QLabel(text)
    label.setObjectName("soft")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def action(owner: QWidget, text: tuple[str, str], done: Callable[[], object], *keys: str) -> QAction:
    """Return an entry of a menu, with its keys; they work wherever the focus is in the window."""
    made = QAction(text[0], owner)
    made.setToolTip(text[1])
    made.setStatusTip(text[1])
    made.setShortcuts([QKeySequence(key) for key in keys])
    made.triggered.connect(lambda: done())
    owner.addAction(made)
    return made
