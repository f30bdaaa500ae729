"""A small switch, such as "Body" on a picture or a line of the strip."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QPushButton

__all__ = ["LayerChip"]

_SAMPLE = 16


class LayerChip(QPushButton):
    """A checkable chip; grey while there is no data; with a sample of its line where it has one."""

    def __init__(self, label: str, name: str, tooltip: str, *, checked: bool = True) -> None:
        super().__init__(label)
        self._sample: QPen | None = None
        self.setObjectName("chip")
        self.setAutoDefault(False)  # Enter is for the button that a dialog promises it to
        self.setCheckable(True)
        self.setChecked(checked)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setToolTip(tooltip)

    def set_sample(self, colour: str, width: float, style: Qt.PenStyle) -> None:
        """Show a short piece of the line that the chip switches."""
        self._sample = QPen(QColor(colour), width, style)
        self.setProperty("sample", "true")  # the style sheet leaves room for it
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint the chip and the sample of its line."""
        super().paintEvent(event)
        if self._sample is None:
            return
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isChecked() else 0.45)
        painter.setPen(self._sample)
        middle = self.height() / 2
        painter.drawLine(QPointF(10, middle), QPointF(10 + _SAMPLE, middle))
        painter.end()
