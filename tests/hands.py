"""Mouse and keyboard, for tests."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget

_TEST: Any = QTest  # PyQt6 annotates its static functions as methods


def click(widget: QWidget) -> None:
    """Click into the middle of a widget."""
    _TEST.mouseClick(widget, Qt.MouseButton.LeftButton)


def press(
    widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press and release a key."""
    _TEST.keyClick(widget, key, modifier)


def type_text(widget: QWidget, text: str) -> None:
    """Type a text."""
    _TEST.keyClicks(widget, text)
