"""The keys that work wherever the keyboard is in a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QWidget

__all__ = ["join_keys"]


def join_keys(windows: Sequence[QWidget], keys: Mapping[str, Callable[[], object]]) -> None:
    """Join each key to what it does, in each of the windows."""
    for window in windows:
        for key, action in keys.items():
            QShortcut(QKeySequence(key), window).activated.connect(action)
