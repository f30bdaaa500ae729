"""The meters of the compact strip: attunement as one wide bar, the others as small upright ones."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from mirrorsync.tables import CHANNELS
from mirrorsync.ui import texts
from mirrorsync.ui.live.meter import meaning_of, same_to_the_eye, strength
from mirrorsync.ui.live.readout import IN_STEP, NO_READING, MeterReading
from mirrorsync.ui.theme import LIGHT, Theme, mix, scaled_font

__all__ = ["MiniMeter", "MiniMeters", "WideBar"]

_TRACK = 38  # pixels that an upright bar is high


class _StripMeter(QWidget):
    """Holds a reading, and says it to whoever cannot see it."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self.channel = channel
        self.theme: Theme = LIGHT
        self.reading = NO_READING
        self.setAccessibleName(CHANNELS[channel].title)
        self._describe()

    def set_reading(self, reading: MeterReading) -> None:
        """Show a reading; repaints only when the eye could tell."""
        if not same_to_the_eye(self.reading, reading):
            self.reading = reading
            self._describe()
            self.update()

    def _describe(self) -> None:
        reading = self.reading
        if self.accessibleDescription() != reading.words:
            self.setAccessibleDescription(reading.words)
        meaning = meaning_of(self.channel, reading.form)
        self.setToolTip(f"{CHANNELS[self.channel].title}: {reading.words}. {meaning}")


class WideBar(_StripMeter):
    """Attunement as one wide bar that starts at chance, with the zones of the gauge."""

    def __init__(self) -> None:
        super().__init__("attunement")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size for the corner of an eye."""
        return QSize(200, 34)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the smallest useful size."""
        return QSize(110, 34)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the zones and the bar."""
        theme = self.theme
        track = QRectF(self.rect()).adjusted(12, 6, -12, -6)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(track.adjusted(-8, 0, 8, 0), 11, 11)
        low, high = (track.left() + level * track.width() for level in IN_STEP)
        painter.fillRect(QRectF(low, track.top(), high - low, track.height()), QColor(theme.comfort))
        middle = track.center().x()
        painter.fillRect(QRectF(middle - 1, track.top() - 3, 2, track.height() + 6), QColor(theme.soft))
        if math.isfinite(self.reading.level):
            colour = mix(theme.both, strength(self.reading.coverage))
            tip = track.left() + self.reading.level * track.width()
            bar = QRectF(min(middle, tip), track.top() + 5, abs(tip - middle), track.height() - 10)
            painter.fillRect(bar, colour)
            painter.setBrush(QColor(theme.back))
            painter.drawEllipse(QPointF(tip, track.center().y()), 14, 14)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(tip, track.center().y()), 11, 11)
        painter.end()


class MiniMeter(_StripMeter):
    """One meter as a small upright bar: chance in the middle, its band behind."""

    def __init__(self, channel: str) -> None:
        super().__init__(channel)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size that holds the longest of the short names."""
        metrics = QFontMetrics(scaled_font(self.font(), 0.8))
        width = max(metrics.horizontalAdvance(title) for title in texts.SHORT_TITLES.values()) + 4
        return QSize(width, _TRACK + self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint track, chance band, bar and name."""
        theme, reading = self.theme, self.reading
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, height = self.width() / 2, self.height() - self.fontMetrics().height() - 2
        track = QRectF(middle - 5, 1, 10, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(track, 4, 4)
        if reading.band is not None:
            low, high = (track.bottom() - level * track.height() for level in reading.band)
            painter.fillRect(QRectF(track.left(), high, track.width(), low - high), QColor(theme.band))
        if math.isfinite(reading.level):
            tip = track.bottom() - reading.level * track.height()
            top, bottom = min(tip, track.center().y()), max(tip, track.center().y())
            bar = QRectF(track.left() + 1.5, top, track.width() - 3, bottom - top)
            painter.fillRect(bar, mix(theme.both, strength(reading.coverage)))
        painter.fillRect(QRectF(middle - 7, track.center().y() - 0.5, 14, 1.5), QColor(theme.soft))
        painter.setFont(scaled_font(self.font(), 0.8))
        painter.setPen(QColor(theme.soft))
        label = QRectF(0, height + 2, self.width(), self.height() - height - 2)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, texts.SHORT_TITLES[self.channel])
        painter.end()


class MiniMeters(QWidget):
    """All of the small meters, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(texts.COMPACT_METERS)
        self.meters = {name: MiniMeter(name) for name in texts.METER_ORDER}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for meter in self.meters.values():
            layout.addWidget(meter)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        for meter in self.meters.values():
            meter.theme = theme
            meter.update()

    def set_readings(self, readings: Mapping[str, MeterReading]) -> None:
        """Show a reading of each."""
        for name, meter in self.meters.items():
            meter.set_reading(readings[name])
