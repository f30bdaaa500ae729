"""Which colours the windows wear: the system's, until light or dark is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QWidget

from mirrorsync.ui.theme import DARK, LIGHT, Theme, palette, style_sheet, system_theme

__all__ = ["ThemeSide"]


class _Themed(Protocol):
    def set_theme(self, theme: Theme) -> None: ...


class ThemeSide(QObject):
    """Dresses windows and the parts that paint themselves.

    Attributes
    ----------
    theme : Theme
        The colours worn now.
    """

    def __init__(self, windows: Sequence[QWidget], parts: Sequence[_Themed]) -> None:
        super().__init__()
        self._windows = windows
        self._parts = parts
        self._chosen = False
        self.theme: Theme = LIGHT
        self._apply(system_theme())
        hints = QGuiApplication.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._system_changed)

    def toggle(self) -> None:
        """Change between light and dark; from then on the system's choice is not followed."""
        self._chosen = True
        self._apply(LIGHT if self.theme is DARK else DARK)

    def _system_changed(self) -> None:
        if not self._chosen:
            self._apply(system_theme())

    def _apply(self, theme: Theme) -> None:
        self.theme = theme
        for part in self._parts:
            part.set_theme(theme)
        for window in self._windows:
            window.setPalette(palette(theme))
            window.setStyleSheet(style_sheet(theme))
            window.ensurePolished()  # or a hidden window keeps the first of two style sheets
