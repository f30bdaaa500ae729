"""Dragging a rectangle over the partner's picture: a dimmed overlay on every screen."""

from __future__ import annotations

from PyQt6.QtCore import QEventLoop, QObject, QPoint, QRect, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QCloseEvent,
    QColor,
    QCursor,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QScreen,
)
from PyQt6.QtWidgets import QWidget

from mirrorsync.ui import texts
from mirrorsync.ui.theme import scaled_font

__all__ = ["RegionPicker", "ScreenOverlay", "choose_region"]

# The window needs a moment to go before the screen is looked at.
_HIDING_MS = 300
_LEAST_SIDE = 48
_STEP = 10
_MARGIN = 14
_DIM = QColor(0, 0, 0, 130)
_BARELY_THERE = QColor(0, 0, 0, 1)  # where nothing is painted a click would fall through
_ARROWS = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}


def choose_region(parent: QWidget) -> str:
    """Let a rectangle be dragged, with the parent's window out of the way; empty when none was taken."""
    window = parent.window()
    assert window is not None
    screen = window.screen()
    answer: list[str] = []
    loop = QEventLoop()

    def take(feed: str) -> None:
        answer.append(feed)
        loop.quit()

    window.hide()
    pickers: list[RegionPicker] = []

    def begin() -> None:
        picker = RegionPicker(screen)
        picker.chosen.connect(take)
        pickers.append(picker)
        picker.show()

    QTimer.singleShot(_HIDING_MS, begin)
    try:
        loop.exec()
    finally:
        for picker in pickers:
            picker.close()
        window.show()
        window.activateWindow()
        window.setFocus()  # not the line of a picker: the next key is for the window
    return answer[0] if answer else ""


class RegionPicker(QObject):
    """An overlay on every screen, of which one has the rectangle.

    Signals
    -------
    chosen(str)
        The feed string ``screen:X,Y,W,H`` in device-independent pixels of the virtual desktop; empty
        when the choice was cancelled.
    """

    chosen = pyqtSignal(str)

    def __init__(self, first: QScreen | None = None) -> None:
        super().__init__()
        screens = QGuiApplication.screens()
        first = first or QGuiApplication.screenAt(QCursor.pos())
        self._open = True
        self._at = screens.index(first) if first in screens else 0
        self.overlays = [ScreenOverlay(screen) for screen in screens]
        for overlay in self.overlays:
            overlay.taken.connect(self._take)
            overlay.cancelled.connect(lambda: self._end(""))
            overlay.begun.connect(self._move_to)
            overlay.passed_on.connect(self._pass_on)

    def show(self) -> None:
        """Cover the screens; the rectangle begins in the middle of the first."""
        for overlay in self.overlays:
            overlay.cover()
        self._give(self._at)

    def close(self) -> None:
        """Take the overlays away without choosing."""
        self._open = False
        for overlay in self.overlays:
            overlay.close()
            overlay.deleteLater()
        self.overlays = []

    def _give(self, index: int) -> None:
        self._at = index % len(self.overlays)
        overlay = self.overlays[self._at]
        overlay.suggest()
        overlay.raise_()
        overlay.activateWindow()
        overlay.setFocus()

    def _pass_on(self, step: int) -> None:
        self.overlays[self._at].clear()
        self._give(self._at + step)

    def _move_to(self) -> None:
        for index, overlay in enumerate(self.overlays):
            if overlay is self.sender():
                self._at = index
            else:
                overlay.clear()

    def _take(self, region: QRect) -> None:
        self._end(f"screen:{region.x()},{region.y()},{region.width()},{region.height()}")

    def _end(self, feed: str) -> None:
        if self._open:
            self.close()
            self.chosen.emit(feed)


class ScreenOverlay(QWidget):
    """One screen, dimmed but for the rectangle.

    What was on the screen is painted from a copy taken at the beginning; where the system gives none the
    overlay is translucent.

    Signals
    -------
    taken(QRect)
        The rectangle, in device-independent pixels of the virtual desktop.
    cancelled()
        Esc, or the overlay was closed.
    begun()
        A rectangle was begun here with the mouse.
    passed_on(int)
        The keyboard goes to the next (+1) or previous (−1) screen.
    """

    taken = pyqtSignal(QRect)
    cancelled = pyqtSignal()
    begun = pyqtSignal()
    passed_on = pyqtSignal(int)

    def __init__(self, screen: QScreen) -> None:
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags)
        self.region = QRect()
        self._before = QRect()
        self._corner: QPoint | None = None
        self._place = screen.geometry()
        self._behind = screen.grabWindow()
        self.setScreen(screen)
        self.setGeometry(self._place)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, self._behind.isNull())
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWindowTitle(texts.REGION_NAME)
        self.setAccessibleName(texts.REGION_NAME)
        self.setAccessibleDescription(texts.REGION_HELP)

    def cover(self) -> None:
        """Show the overlay over all of its screen."""
        self.showFullScreen()

    def suggest(self) -> None:
        """Put a rectangle of half the screen's sides into its middle."""
        size = self._place.size() / 2
        corner = QPoint(
            (self._place.width() - size.width()) // 2, (self._place.height() - size.height()) // 2
        )
        self._set_region(QRect(corner, size))

    def clear(self) -> None:
        """Take the rectangle away: it is on another screen now."""
        self._set_region(QRect())

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Begin a rectangle."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._corner, self._before = event.position().toPoint(), self.region
            self.begun.emit()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Draw the rectangle out to the mouse, not beyond the screen."""
        if event is not None and self._corner is not None:
            self._set_region(_between(self._corner, event.position().toPoint()) & self._bounds())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take the rectangle; one too small to show a person was a slip and is forgotten."""
        if event is None or self._corner is None or event.button() != Qt.MouseButton.LeftButton:
            return
        drawn = _between(self._corner, event.position().toPoint()) & self._bounds()
        self._corner = None
        if min(drawn.width(), drawn.height()) < _LEAST_SIDE:
            self._set_region(self._before)
            return
        self._set_region(drawn)
        self._take()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Enter takes, Esc cancels, arrows move, with Shift resize, with Ctrl by single pixels."""
        if event is None:
            return
        key, held = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif key in _ARROWS:
            step = _ARROWS[key] * (1 if held & Qt.KeyboardModifier.ControlModifier else _STEP)
            self._nudge(step, resize=bool(held & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, N802 - Qt's names
        """Tab and Shift+Tab go to the next and the previous screen."""
        self.passed_on.emit(1 if next else -1)
        return True

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Closing by the system is cancelling."""
        super().closeEvent(event)
        self.cancelled.emit()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the screen as it was, dimmed outside the rectangle, and what to do."""
        painter = QPainter(self)
        painter.drawPixmap(self.rect(), self._behind)
        painter.setClipRegion(QRegion(self.rect()).subtracted(QRegion(self.region)))
        painter.fillRect(self.rect(), _DIM)
        painter.setClipping(False)
        if not self.region.isNull():
            painter.fillRect(self.region, _BARELY_THERE)
            for colour, width in ((Qt.GlobalColor.black, 4), (Qt.GlobalColor.white, 2)):
                painter.setPen(QPen(colour, width))
                painter.drawRect(self.region)
            size = texts.REGION_SIZE.format(width=self.region.width(), height=self.region.height())
            _write(painter, size, self.region.center().x(), self.region.bottom() + 8)
            width = min(560, self.width() - 2 * _MARGIN)
            painter.setFont(scaled_font(self.font(), 1.15))
            _write(painter, texts.REGION_HELP, self.width() // 2, _MARGIN, width)
        painter.end()

    def _bounds(self) -> QRect:
        return QRect(QPoint(0, 0), self._place.size())

    def _set_region(self, region: QRect) -> None:
        self.region = region
        place = region.translated(self._place.topLeft())
        said = texts.REGION_WHERE.format(x=place.x(), y=place.y(), width=place.width(), height=place.height())
        self.setAccessibleDescription(
            f"{said} {texts.REGION_HELP}" if region.isValid() else texts.REGION_HELP
        )
        self.update()

    def _nudge(self, step: QPoint, *, resize: bool) -> None:
        if not self.region.isValid():
            return
        bounds, region = self._bounds(), QRect(self.region)
        if resize:
            size = QSize(region.width() + step.x(), region.height() + step.y())
            most = QSize(bounds.width() - region.x(), bounds.height() - region.y())
            region.setSize(size.expandedTo(QSize(_LEAST_SIDE, _LEAST_SIDE)).boundedTo(most))
        else:
            left = min(max(region.x() + step.x(), 0), bounds.width() - region.width())
            top = min(max(region.y() + step.y(), 0), bounds.height() - region.height())
            region.moveTo(left, top)
        self._set_region(region)

    def _take(self) -> None:
        if self.region.isValid():
            self.taken.emit(self.region.translated(self._place.topLeft()))


def _between(a: QPoint, b: QPoint) -> QRect:
    left, top = min(a.x(), b.x()), min(a.y(), b.y())
    return QRect(left, top, abs(a.x() - b.x()), abs(a.y() - b.y()))


def _write(painter: QPainter, text: str, middle: int, top: int, width: int = 120) -> None:
    """Write white on dark, centred below a point, moved so far that all of it is on the screen."""
    flags = int((Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter).value)
    room = painter.boundingRect(QRect(0, 0, width, 1000), flags, text)
    box = QRect(0, 0, room.width() + _MARGIN, room.height() + _MARGIN)
    edge = painter.viewport()
    box.moveLeft(min(max(middle - box.width() // 2, 0), edge.width() - box.width()))
    box.moveTop(min(top, edge.height() - box.height()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 200))
    painter.drawRoundedRect(box, 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(box, flags, text)
