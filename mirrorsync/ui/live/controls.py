"""The small controls that the live window is made of."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QPushButton, QWidget

from mirrorsync.ui import texts

__all__ = ["label_start", "push_button", "rec_sign", "relabel", "restyle"]


def push_button(text: tuple[str, str], action: Callable[[], object], kind: str = "") -> QPushButton:
    """Return a button with a label and a tooltip that takes the keyboard by Tab alone."""
    button = QPushButton()
    button.setObjectName(kind)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda: action())
    relabel(button, text)
    return button


def relabel(button: QPushButton, text: tuple[str, str]) -> None:
    """Give a button another label and tooltip."""
    button.setText(text[0])
    button.setAccessibleName(text[0])
    button.setToolTip(text[1])


def restyle(widget: QWidget) -> None:
    """Let the style sheet see a changed name or property."""
    style = widget.style()
    if style is not None:
        style.unpolish(widget)
        style.polish(widget)


def label_start(state: str, *buttons: QPushButton) -> None:
    """Let buttons say what they do next: start, stop, or wait until it has stopped."""
    text = {"idle": texts.START, "running": texts.STOP, "stopping": texts.STOPPING}[state]
    for button in buttons:
        relabel(button, text)
        button.setEnabled(state != "stopping")
        button.setProperty("running", "true" if state == "running" else "false")
        restyle(button)


def rec_sign() -> QLabel:
    """Return the recording sign, hidden, which keeps its room."""
    sign = QLabel(f"● {texts.REC}  0:00")
    sign.setObjectName("rec")
    policy = sign.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    sign.setSizePolicy(policy)
    sign.setAccessibleName(texts.REC)
    sign.hide()
    return sign
