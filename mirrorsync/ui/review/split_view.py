"""A picture with a frame for each person, moved with the mouse or the keyboard."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mirrorsync.ui.review import texts
from mirrorsync.ui.theme import LIGHT, Theme, mix, scaled_font

__all__ = ["SplitView"]

_SMALLEST = 32  # pixels of the picture
_CORNER = 14.0  # pixels of the screen
_STEP = 8


class SplitView(QWidget):
    """Holds two rectangles in pixels of the picture.

    Signals
    -------
    frames_changed()
        The user has moved or resized a frame.
    """

    frames_changed = pyqtSignal()

    def __init__(self, picture: NDArray[np.uint8]) -> None:
        super().__init__()
        height, width = picture.shape[:2]
        self._pixels = np.ascontiguousarray(picture)
        self._image = QImage(
            self._pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888
        ).copy()
        self.frames = {
            "a": QRect(0, 0, width // 2, height),
            "b": QRect(width // 2, 0, width - width // 2, height),
        }
        self._theme: Theme = LIGHT
        self._chosen = "a"
        self._grip: tuple[str, QPointF, QRect] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(texts.SPLIT_PICTURE)
        self.setToolTip(texts.SPLIT_PICTURE_TIP)

    def set_frames(self, a: QRect, b: QRect) -> None:
        """Put the frames somewhere, without a signal."""
        self.frames = {"a": a, "b": b}
        self._tell()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def picture_size(self) -> QSize:
        """Return the size of the picture in its own pixels."""
        return self._image.size()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size at which a face can be made out."""
        return self._image.size().scaled(760, 440, Qt.AspectRatioMode.KeepAspectRatio)

    def picture_rect(self) -> QRectF:
        """Return where the picture lies in the widget."""
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(
            (self.width() - size.width()) / 2,
            (self.height() - size.height()) / 2,
            size.width(),
            size.height(),
        )

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the picture and both frames."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        place = self.picture_rect()
        painter.drawImage(place, self._image)
        for side, colour in (("a", self._theme.you_line), ("b", self._theme.partner_line)):
            if self.frames[side].isEmpty():
                continue
            frame = self._on_screen(side)
            painter.setBrush(mix(colour, 0.10))
            painter.setPen(QPen(QColor(colour), 3.5 if side == self._chosen else 2.0))
            painter.drawRect(frame.adjusted(2, 2, -2, -2))
            painter.setBrush(QColor(colour))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRect(QRectF(frame.right() - 12, frame.bottom() - 12, 10, 10))
            painter.setFont(scaled_font(self.font(), 1.1, bold=True))
            label = QRectF(frame.left() + 8, frame.top() + 8, 86, 26)
            painter.drawRoundedRect(label, 6, 6)
            painter.setPen(QColor("#101214"))
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, texts.SPLIT_FRAME[side])
        painter.end()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take hold of a frame or of its corner."""
        if event is None:
            return
        for side in (self._chosen, "b" if self._chosen == "a" else "a"):
            frame = self._on_screen(side)
            corner = QRectF(frame.right() - _CORNER, frame.bottom() - _CORNER, 2 * _CORNER, 2 * _CORNER)
            if corner.contains(event.position()) or frame.contains(event.position()):
                self._chosen = side
                how = "size" if corner.contains(event.position()) else "move"
                self._grip = (how, event.position(), QRect(self.frames[side]))
                self._tell()
                self.update()
                return

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Move or resize what is held."""
        if event is None or self._grip is None:
            return
        how, from_at, frame = self._grip
        scale = self._image.width() / max(self.picture_rect().width(), 1.0)
        moved = (event.position() - from_at) * scale
        self._change(how, frame, round(moved.x()), round(moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        """Let go."""
        self._grip = None

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Move the chosen frame with the arrow keys, resize it with Shift; Tab goes on."""
        steps = {
            Qt.Key.Key_Left: (-_STEP, 0), Qt.Key.Key_Right: (_STEP, 0),
            Qt.Key.Key_Up: (0, -_STEP), Qt.Key.Key_Down: (0, _STEP),
        }  # fmt: skip
        if event is None:
            return
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            how = "size" if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else "move"
            self._change(how, QRect(self.frames[self._chosen]), *step)
        elif event.key() in (Qt.Key.Key_A, Qt.Key.Key_B):
            self._chosen = "a" if event.key() == Qt.Key.Key_A else "b"
            self._tell()
            self.update()
        else:
            super().keyPressEvent(event)

    def _change(self, how: str, frame: QRect, x: int, y: int) -> None:
        width, height = self._image.width(), self._image.height()
        if how == "move":
            frame.moveTo(
                min(max(frame.x() + x, 0), width - frame.width()),
                min(max(frame.y() + y, 0), height - frame.height()),
            )
        else:
            frame.setWidth(min(max(frame.width() + x, _SMALLEST), width - frame.x()))
            frame.setHeight(min(max(frame.height() + y, _SMALLEST), height - frame.y()))
        self.frames[self._chosen] = frame
        self._tell()
        self.update()
        self.frames_changed.emit()

    def _tell(self) -> None:
        frame = self.frames[self._chosen]
        name = texts.SPLIT_FRAME[self._chosen]
        self.setAccessibleDescription(f"{name}: {frame.x()}, {frame.y()}, {frame.width()} × {frame.height()}")

    def _on_screen(self, side: str) -> QRectF:
        place, frame = self.picture_rect(), self.frames[side]
        scale = place.width() / max(self._image.width(), 1)
        return QRectF(
            place.left() + frame.x() * scale,
            place.top() + frame.y() * scale,
            frame.width() * scale,
            frame.height() * scale,
        )
