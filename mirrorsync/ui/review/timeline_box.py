"""What the mouse does on the timeline: click goes there, drag moves, Shift-drag marks, the wheel zooms."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import Qt, pyqtSignal

__all__ = ["TimelineBox"]


class TimelineBox(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph has no types
    """A view of one axis of time.

    Signals
    -------
    clicked_at(float)
        A click, in seconds.
    dragged_over(float, float)
        A drag with Shift, while it goes on: from where to where, in seconds.
    """

    clicked_at = pyqtSignal(float)
    dragged_over = pyqtSignal(float, float)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)

    def mouseClickEvent(self, event: Any) -> None:  # noqa: N802 - pyqtgraph's name
        """Go there."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.clicked_at.emit(float(self.mapSceneToView(event.scenePos()).x()))

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:  # noqa: N802 - pyqtgraph's name
        """Mark with Shift, move without."""
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            event.accept()
            start, end = (
                float(self.mapSceneToView(pos).x()) for pos in (event.buttonDownScenePos(), event.scenePos())
            )
            self.dragged_over.emit(start, end)
            return
        super().mouseDragEvent(event, axis)

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:  # noqa: N802, ARG002 - pyqtgraph's name
        """Zoom time around the mouse; sideways wheels move."""
        super().wheelEvent(event, 0)
