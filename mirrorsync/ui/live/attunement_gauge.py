"""The one large gauge: attunement as an arc that starts at chance, with its zones, and who leads."""

from __future__ import annotations

import math

from PyQt6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QBrush,
    QColor,
    QEnterEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mirrorsync.ui import texts
from mirrorsync.ui.live.meter import same_to_the_eye, strength
from mirrorsync.ui.live.readout import IN_STEP, NO_READING, MeterReading
from mirrorsync.ui.theme import LIGHT, Theme, mix, scaled_font

__all__ = ["AttunementGauge"]

_START_DEG = 200.0  # where level 0 lies, counter-clockwise from three o'clock
_SWEEP_DEG = -220.0
_THICK = 20.0


class AttunementGauge(QWidget):
    """Paints the attunement reading and the words about who leads.

    Signals
    -------
    asked()
        Somebody clicked it or pressed Enter: show what it is made of.
    """

    asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.reading = NO_READING
        self.lead_words = ""
        self._leader = "none"
        self._theme: Theme = LIGHT
        self._dial = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(texts.ATTUNEMENT_TITLE)
        self.setAccessibleDescription(texts.NOT_ENOUGH)
        self.setToolTip(f"{texts.MEANINGS['attunement']} {texts.GAUGE_GOOD_FOR} {texts.GAUGE_MORE}")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self._dial = QPixmap()
        self.update()

    def set_reading(self, reading: MeterReading, lead_words: str, leader: str) -> None:
        """Show attunement and who leads; repaints only when the eye could tell."""
        known = math.isfinite(reading.level)
        lead_words, leader = (lead_words, leader) if known else ("", "none")
        if same_to_the_eye(self.reading, reading) and lead_words == self.lead_words:
            return
        if (reading.words, lead_words) != (self.reading.words, self.lead_words):
            self.setAccessibleDescription(f"{reading.words}. {lead_words}")
        self.reading, self.lead_words, self._leader = reading, lead_words, leader
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size that holds the dial and the words under it."""
        words = QFontMetricsF(self.font()).horizontalAdvance(texts.LEAD_PARTNER_FOLLOWS.format(lag=0.8))
        return QSize(round(max(240.0, words + 70) + self._mark_width()), 190)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the smallest useful size."""
        return QSize(self.sizeHint().width(), 160)

    def _mark_width(self) -> float:
        """Return the room that the zones' names need on the right of the arc."""
        metrics = QFontMetricsF(scaled_font(self.font(), 0.8))
        return metrics.horizontalAdvance(texts.MARK_IN_STEP) - 6

    def arc_rect(self) -> QRectF:
        """Return the circle along which the arc runs."""
        line = self.fontMetrics().height()
        width = self.width() - self._mark_width()
        room_x = width - 2 * _THICK
        room_y = (self.height() - 2.4 * line - _THICK) / (1 + math.sin(math.radians(20)))
        radius = max(20.0, min(room_x / 2, room_y))
        return QRectF(width / 2 - radius, 1.1 * line + _THICK / 2, 2 * radius, 2 * radius)

    def point_at(self, level: float, outward: float = 0.0) -> QPointF:
        """Return the point of the arc at `level`, moved `outward` by some pixels."""
        arc = self.arc_rect()
        angle = math.radians(_START_DEG + level * _SWEEP_DEG)
        radius = arc.width() / 2 + outward
        return QPointF(
            arc.center().x() + radius * math.cos(angle), arc.center().y() - radius * math.sin(angle)
        )

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the dial, the value and the words."""
        if self._dial.isNull():
            self._dial = self._painted_dial()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(QPoint(0, 0), self._dial)
        if math.isfinite(self.reading.level):
            self._paint_value(painter)
        self._paint_words(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.both), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    def _paint_value(self, painter: QPainter) -> None:
        level = min(max(self.reading.level, 0.0), 1.0)
        colour = mix(self._theme.both, strength(self.reading.coverage))
        painter.setPen(_arc_pen(QBrush(colour), _THICK - 8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _draw_arc(painter, self.arc_rect(), 0.5, level)
        tip = self.point_at(level)
        painter.setPen(QPen(QColor(self._theme.card), 3))
        painter.setBrush(QColor(self._theme.card))
        painter.drawEllipse(tip, 13, 13)
        painter.setBrush(colour)
        painter.drawEllipse(tip, 12, 12)

    def _paint_words(self, painter: QPainter) -> None:
        arc, line = self.arc_rect(), self.fontMetrics().height()
        inner = QRectF(arc.left() + _THICK, arc.top() + _THICK, arc.width() - 2 * _THICK, arc.height() / 2)
        known = math.isfinite(self.reading.level)
        painter.setFont(scaled_font(self.font(), 0.95))
        painter.setPen(QColor(self._theme.soft))
        middle = arc.center().y() - 0.35 * line
        title = QRectF(inner.left(), middle - 2.4 * line, inner.width(), line * 1.2)
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, texts.ATTUNEMENT_TITLE)
        font = scaled_font(self.font(), 1.5 if known else 1.1, bold=known)
        font.setItalic(not known)
        wide = QFontMetricsF(font).horizontalAdvance(self.reading.words)
        if wide > inner.width():
            font = scaled_font(font, inner.width() / wide, bold=known)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.ink if known else self._theme.soft))
        word = QRectF(inner.left(), middle - 1.2 * line, inner.width(), 2 * line)
        painter.drawText(word, Qt.AlignmentFlag.AlignCenter, self.reading.words)
        self._paint_lead(painter, QRectF(0, self.height() - 1.5 * line, 2 * arc.center().x(), 1.4 * line))

    def _paint_lead(self, painter: QPainter, room: QRectF) -> None:
        painter.setFont(scaled_font(self.font(), 1.05))
        painter.setPen(QColor(self._theme.ink))
        place = painter.boundingRect(room, Qt.AlignmentFlag.AlignCenter, self.lead_words)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.lead_words)
        if self._leader != "none":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.you if self._leader == "a" else self._theme.partner))
            painter.drawEllipse(QPointF(place.left() - 12, place.center().y()), 5, 5)

    def _painted_dial(self) -> QPixmap:
        """Return everything that does not move, painted once for each size and theme."""
        ratio = self.devicePixelRatioF()
        dial = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        dial.setDevicePixelRatio(ratio)
        dial.fill(Qt.GlobalColor.transparent)
        theme, arc = self._theme, self.arc_rect()
        painter = QPainter(dial)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(_arc_pen(QBrush(QColor(theme.track)), _THICK, round_ends=True))
        _draw_arc(painter, arc, 0.0, 1.0)
        painter.setPen(_arc_pen(QBrush(QColor(theme.comfort)), _THICK))
        _draw_arc(painter, arc, *IN_STEP)
        painter.setPen(QPen(QColor(theme.soft), 2))
        painter.drawLine(self.point_at(0.5, -_THICK / 2 - 2), self.point_at(0.5, _THICK / 2 + 3))
        painter.setFont(scaled_font(self.font(), 0.8))
        painter.setPen(QColor(theme.soft))
        metrics = QFontMetricsF(painter.font())
        for level, mark in (
            (0.5, texts.MARK_CHANCE),
            (sum(IN_STEP) / 2, texts.MARK_IN_STEP),
        ):
            _draw_mark(painter, metrics, self.point_at(level, _THICK / 2 + 6), level, mark)
        painter.end()
        return dial

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint the dial anew for the new size."""
        self._dial = QPixmap()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint the dial anew for another font."""
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._dial = QPixmap()
        super().changeEvent(event)

    def enterEvent(self, event: QEnterEvent | None) -> None:  # noqa: N802 - Qt's name
        """Show that it can be clicked."""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        super().enterEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        """Ask for what attunement is made of."""
        self.asked.emit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Ask for what attunement is made of, on Enter."""
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit()
        else:
            super().keyPressEvent(event)


def _arc_pen(brush: QBrush, width: float, *, round_ends: bool = False) -> QPen:
    cap = Qt.PenCapStyle.RoundCap if round_ends else Qt.PenCapStyle.FlatCap
    return QPen(brush, width, Qt.PenStyle.SolidLine, cap)


def _draw_arc(painter: QPainter, arc: QRectF, low: float, high: float) -> None:
    start = _START_DEG + low * _SWEEP_DEG
    painter.drawArc(arc, round(16 * start), round(16 * (high - low) * _SWEEP_DEG))


def _draw_mark(painter: QPainter, metrics: QFontMetricsF, at: QPointF, level: float, mark: str) -> None:
    """Write a zone's name outside the arc: centred at the top, to the right on the right."""
    width = metrics.horizontalAdvance(mark)
    left = at.x() - width / 2 if level == 0.5 else at.x()
    painter.drawText(QPointF(left, at.y() - 1 if level == 0.5 else at.y() + metrics.ascent() / 2), mark)
