"""Breathing together: a circle that swells and sinks, and both rhythms. Paints a state, decides nothing."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from mirrorsync.practice.breathing_pacer import BreathingState
from mirrorsync.practice.texts import say
from mirrorsync.ui.practice.parts import button, centred_row, exchange, line, on_keys
from mirrorsync.ui.theme import LIGHT, Theme, mix, scaled_font

__all__ = ["BreathingPractice"]

_CHOICES_PER_MIN = (5.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0)
_SCALE_PER_MIN = (4.0, 24.0)  # of the line with both rhythms
_SMALLEST = 0.38  # of the circle's full size, when all breath is out
_LINE_MARGIN = 24.0


class BreathingPractice(QWidget):
    """Shows a `BreathingState` and passes on what is chosen.

    Signals
    -------
    chosen(object)
        Breaths a minute to pace at, or None for the partner's.
    stopped()
        It is to end.
    left()
        It is over, and the page is to be left.
    """

    chosen = pyqtSignal(object)
    stopped = pyqtSignal()
    left = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(say("breathing.title"))
        self.circle = _Circle()
        self.prompt = line(1.2)
        self.notice = line(1.0, soft=True)
        self.pace = QComboBox()
        self.pace.setAccessibleName(say("breathing.pace"))
        self.pace.setToolTip(say("breathing.pace.tip"))
        self.pace.addItem(say("breathing.pace.partner"), None)
        for rate in _CHOICES_PER_MIN:
            self.pace.addItem(say("breathing.rate").format(rate=rate), rate)
        self.pace.currentIndexChanged.connect(lambda: self.chosen.emit(self.pace.currentData()))
        self.stop = button("breathing.stop", self.stopped.emit)
        self.done = button("panel.done", self.left.emit, primary=True)
        on_keys(self, ("Escape",), lambda: (self.done if self.stop.isHidden() else self.stop).click())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 16, 14, 14)
        layout.setSpacing(12)
        layout.addWidget(self.circle, 1)
        layout.addWidget(self.prompt)
        layout.addWidget(self.notice)
        layout.addLayout(centred_row(self.pace, self.stop, self.done))
        self.done.hide()
        self.show_state(BreathingState())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.circle.set_theme(theme)

    def choose(self, per_min: float | None) -> None:
        """Show which rhythm is chosen, None for the partner's; emits nothing."""
        self.pace.blockSignals(True)
        self.pace.setCurrentIndex(max(self.pace.findData(per_min), 0))
        self.pace.blockSignals(False)

    def show_state(self, state: BreathingState) -> None:
        """Show `state`."""
        self.prompt.setText(say(state.prompt))
        self.notice.setText(say(state.notice))
        over = state.phase == "done"
        if over == self.done.isHidden():
            exchange(
                self, (self.done,) if over else (self.pace, self.stop), (self.pace, self.stop, self.done)
            )
        self.circle.show_state(state)


class _Circle(QWidget):
    """The circle, and under it the line with the pacer's and one's own rhythm."""

    def __init__(self) -> None:
        super().__init__()
        self.state = BreathingState()
        self._theme: Theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(say("breathing.title"))
        self.setToolTip(say("breathing.circle.tip"))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_state(self, state: BreathingState) -> None:
        """Show `state`; a screen reader hears of a turn of the breath, not of every step."""
        said = say(f"breathing.{state.phase}") if state.phase in ("in", "out") else say(state.prompt)
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
        self.state = state
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size to be seen from the corner of an eye."""
        return QSize(380, 360)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the smallest useful size."""
        return QSize(260, 220)

    def full_circle(self) -> QRectF:
        """Return the circle when all breath is in."""
        side = min(self.width(), self.line_rect().top() - 2.2 * self.fontMetrics().height()) - 8
        side = max(side, 40.0)
        return QRectF((self.width() - side) / 2, 4, side, side)

    def radius(self) -> float:
        """Return the circle's radius now, pixels."""
        return self.full_circle().width() / 2 * (_SMALLEST + (1 - _SMALLEST) * self.state.fullness)

    def line_rect(self) -> QRectF:
        """Return where the line with both rhythms lies."""
        top = self.height() - 2.0 * self.fontMetrics().height()
        width = min(self.width() - 2 * _LINE_MARGIN, 460.0)
        return QRectF((self.width() - width) / 2, top, width, 6)

    def place_of(self, rate_per_min: float) -> float:
        """Return where a rate stands on the line, pixels from the left; the ends hold what lies outside."""
        low, high = _SCALE_PER_MIN
        line = self.line_rect()
        return line.left() + line.width() * min(max((rate_per_min - low) / (high - low), 0.0), 1.0)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the circle with its word, and the line with the rhythms that are known."""
        theme, state, full = self._theme, self.state, self.full_circle()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.line), 2))
        painter.drawEllipse(full)
        if state.phase in ("in", "out"):
            painter.setPen(QPen(QColor(theme.both), 3))
            painter.setBrush(mix(theme.both, 0.22))
            radius = self.radius()
            painter.drawEllipse(full.center(), radius, radius)
            painter.setFont(scaled_font(self.font(), 1.5, bold=True))
            painter.setPen(QColor(theme.ink))
            painter.drawText(full, Qt.AlignmentFlag.AlignCenter, say(f"breathing.{state.phase}"))
        self._paint_line(painter)
        painter.end()

    def _paint_line(self, painter: QPainter) -> None:
        theme, state, line = self._theme, self.state, self.line_rect()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(line, 3, 3)
        if math.isfinite(state.rate_per_min):
            place = QPointF(self.place_of(state.rate_per_min), line.center().y())
            painter.setBrush(QColor(theme.both))
            painter.drawRect(QRectF(place.x() - 2, place.y() - 11, 4, 22))
            rate = say("breathing.rate").format(rate=state.rate_per_min)
            self._paint_words(painter, place.x(), -1, f"{say('breathing.pacer_mark')}: {rate}")
        if math.isfinite(state.own_per_min):
            place = QPointF(self.place_of(state.own_per_min), line.center().y())
            painter.setPen(QPen(QColor(theme.back), 2))
            painter.setBrush(QColor(theme.you))
            painter.drawEllipse(place, 8, 8)
            rate = say("breathing.rate").format(rate=state.own_per_min)
            self._paint_words(painter, place.x(), 1, f"{say('breathing.own_mark')}: {rate}")

    def _paint_words(self, painter: QPainter, x: float, side: int, words: str) -> None:
        """Write under (side 1) or above (−1) the line at `x`, kept inside the widget."""
        font = scaled_font(self.font(), 0.9)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.soft))
        wide = painter.fontMetrics().horizontalAdvance(words) + 4.0
        high = painter.fontMetrics().height()
        middle = self.line_rect().center().y()
        top = middle + 11 if side > 0 else middle - 13 - high
        left = min(max(x - wide / 2, 0.0), self.width() - wide)
        painter.drawText(QRectF(left, top, wide, high), Qt.AlignmentFlag.AlignCenter, words)
