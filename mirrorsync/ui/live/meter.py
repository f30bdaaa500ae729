"""One meter: a name, a bar that starts at chance, and a few words."""

from __future__ import annotations

import math

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mirrorsync.tables import CHANNELS, SYNC_CHANNELS
from mirrorsync.ui import texts
from mirrorsync.ui.live.readout import NO_READING, MeterReading
from mirrorsync.ui.theme import LIGHT, Theme, mix, scaled_font

__all__ = ["Meter", "meaning_of", "same_to_the_eye", "strength"]

_TRACK_HEIGHT = 12.0
_GAP = 14.0
_SHORTEST_BAR = 60.0
_FEWEST_WORDS = 0.6  # of the longest words' width: narrower, they are shortened
# The longest words of a synchrony meter (who leads) and of the others.
_LONGEST_LEAD = texts.PARTNER_FOLLOWS.format(lag=0.8)
_LONGEST_OTHER = texts.GAZE_BOTH
_LONGEST_POSTURE = max(
    (words.format(words=texts.ABOUT_CHANCE) for _, words, _ in texts.POSTURE_FORMS.values()), key=len
)


class Meter(QWidget):
    """Paints one `MeterReading`; computes nothing."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self.channel = channel
        self.title = CHANNELS[channel].title
        self.reading = NO_READING
        in_time = channel in SYNC_CHANNELS
        self._leads = in_time
        self._names = [CHANNELS[c].title for c in texts.METER_ORDER if (c in SYNC_CHANNELS) == in_time]
        self._widths: tuple[float, float] | None = None
        self._theme: Theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.title)
        self.setAccessibleDescription(texts.NOT_ENOUGH)
        self.setToolTip(texts.MEANINGS[channel])

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def set_reading(self, reading: MeterReading) -> None:
        """Show `reading`; repaints only when the eye could tell."""
        if reading.form != self.reading.form:
            self.setToolTip(meaning_of(self.channel, reading.form))
        if same_to_the_eye(self.reading, reading):
            return
        if reading.words != self.reading.words:
            self.setAccessibleDescription(reading.words)
        self.reading = reading
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size that holds the name, a bar of a useful length and the longest words."""
        names, words = self._columns()
        return QSize(round(names + words + 2 * _GAP + 150), round(self.fontMetrics().height() * 1.8))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the smallest useful size."""
        names, words = self._columns()
        width = names + _FEWEST_WORDS * words + 2 * _GAP + _SHORTEST_BAR
        return QSize(round(width), round(self.fontMetrics().height() * 1.5))

    def track_rect(self) -> QRectF:
        """Return where the bar lies."""
        names, words = self._columns()
        left = names + _GAP
        width = max(_SHORTEST_BAR, self.width() - left - words - _GAP)
        return QRectF(left, (self.height() - _TRACK_HEIGHT) / 2, width, _TRACK_HEIGHT)

    def _columns(self) -> tuple[float, float]:
        """Return the widths of the names and of the words, the same for every meter of a kind."""
        if self._widths is None:
            self._widths = self._measured()
        return self._widths

    def _measured(self) -> tuple[float, float]:
        names = QFontMetricsF(scaled_font(self.font(), 1.0, bold=True))
        words = QFontMetricsF(scaled_font(self.font(), 0.92))
        longest = (_LONGEST_LEAD,) if self._leads else (_LONGEST_OTHER, _LONGEST_POSTURE)
        return (
            max(names.horizontalAdvance(name) for name in self._names) + 2,
            max(words.horizontalAdvance(each) for each in longest) + (18 if self._leads else 4),
        )

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Measure the words anew for another font."""
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._widths = None
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint name, track, chance band, bar and words."""
        theme, reading, track = self._theme, self.reading, self.track_rect()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(scaled_font(self.font(), 1.0, bold=True))
        painter.setPen(QColor(theme.ink))
        painter.drawText(QRectF(0, 0, track.left(), self.height()), Qt.AlignmentFlag.AlignVCenter, self.title)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(track, _TRACK_HEIGHT / 2, _TRACK_HEIGHT / 2)
        if reading.band is not None:
            low, high = reading.band
            band = QRectF(track.left() + low * track.width(), track.top(), (high - low) * track.width(), 12)
            painter.fillRect(band, QColor(theme.band))
        if math.isfinite(reading.level):
            self._paint_bar(painter, track)
        self._paint_words(painter, track)
        painter.end()

    def _paint_bar(self, painter: QPainter, track: QRectF) -> None:
        colour = mix(self._theme.both, strength(self.reading.coverage))
        middle = track.center().x()
        tip = track.left() + self.reading.level * track.width()
        bar = QRectF(min(middle, tip), track.top() + 2.5, abs(tip - middle), _TRACK_HEIGHT - 5)
        painter.fillRect(bar, colour)
        painter.fillRect(QRectF(middle - 1, track.top() - 2, 2, _TRACK_HEIGHT + 4), QColor(self._theme.soft))
        painter.setBrush(QColor(self._theme.card))
        painter.drawEllipse(QPointF(tip, track.center().y()), 9, 9)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(tip, track.center().y()), 7, 7)

    def _paint_words(self, painter: QPainter, track: QRectF) -> None:
        left = track.right() + _GAP
        if self.reading.leader != "none":
            leads = self._theme.you if self.reading.leader == "a" else self._theme.partner
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(leads))
            painter.drawEllipse(QPointF(left + 4, self.height() / 2), 4, 4)
        font = scaled_font(self.font(), 0.92)
        font.setItalic(math.isnan(self.reading.level))
        painter.setFont(font)
        painter.setPen(QColor(self._theme.soft))
        left += 14 if self._leads else 0
        room = QRectF(left, 0, self.width() - left, self.height())
        words = self.reading.words
        if room.width() < QFontMetricsF(font).horizontalAdvance(words):
            words = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)


def meaning_of(channel: str, form: str) -> str:
    """Return what a meter shows, in a sentence; of postures, in the form of mirroring that counts."""
    return texts.POSTURE_FORMS[form][2] if form else texts.MEANINGS[channel]


def strength(coverage: float) -> float:
    """Return the opacity of something with this `coverage` (0–1): faint, but there, when it is small."""
    return 0.25 + 0.75 * min(max(coverage, 0.0), 1.0)


def same_to_the_eye(old: MeterReading, new: MeterReading) -> bool:
    """Return whether two readings would be painted alike (half a pixel of a bar)."""
    if (old.words, old.leader, old.band, old.form) != (new.words, new.leader, new.band, new.form):
        return False
    if math.isnan(old.level) or math.isnan(new.level):
        return math.isnan(old.level) and math.isnan(new.level)
    return abs(old.level - new.level) < 0.003 and abs(old.coverage - new.coverage) < 0.03
