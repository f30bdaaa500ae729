"""The compact strip: attunement, the single meters small, who leads; it stays on top of the call."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QBrush,
    QCloseEvent,
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mirrorsync.ui import texts
from mirrorsync.ui.live.meter import same_to_the_eye, strength
from mirrorsync.ui.live.readout import COMFORTABLE, NO_READING, TOO_EXACT, MeterReading, Reading
from mirrorsync.ui.theme import LIGHT, Theme, mix, scaled_font

__all__ = ["CompactStrip"]


_FLAGS = Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint


class CompactStrip(QWidget):
    """A small window of its own that stays above the others.

    Signals
    -------
    closed()
        Its window was closed: the program is to end.
    space_pressed()
        Start or stop.
    """

    closed = pyqtSignal()
    space_pressed = pyqtSignal()

    def __init__(self, expand: QPushButton, stop: QPushButton) -> None:
        super().__init__(None, _FLAGS)
        self._placed = False
        self._sentence = self._lead = ""
        self.setObjectName("compact")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(texts.COMPACT_NAME)
        self.setAccessibleName(texts.COMPACT_NAME)
        self.setToolTip(texts.COMPACT_TOOLTIP)
        self.bar = _WideBar()
        self.minis = _Minis()
        self.word = QLabel(texts.NOT_ENOUGH)
        self.word.setFont(scaled_font(self.font(), 1.3, bold=True))
        self.lead = QLabel("")
        self.lead.setObjectName("soft")
        self.rec = QLabel(f"● {texts.REC}")
        self.rec.setObjectName("rec")
        policy = self.rec.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.rec.setSizePolicy(policy)
        self.rec.hide()
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.word)
        words.addWidget(self.lead)
        widest = texts.LEAD_PARTNER_FOLLOWS.format(lag=0.8)
        # Cues and who leads share one place of one width: nothing moves when they change.
        self.lead.setFixedWidth(self.lead.fontMetrics().horizontalAdvance(widest) + 46)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 10, 12, 10)
        layout.setSpacing(18)
        layout.addLayout(words)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.minis)
        for widget in (self.rec, stop, expand):
            layout.addWidget(widget)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.bar.theme = self.minis.theme = theme
        self.update()

    def set_reading(self, reading: Reading) -> None:
        """Show a reading."""
        attunement = reading.meters["attunement"]
        self.bar.set_reading(attunement)
        self.minis.set_readings(tuple(reading.meters[name] for name in texts.METER_ORDER))
        known = math.isfinite(attunement.level)
        self.word.setText(attunement.words)
        self._lead = reading.lead_words if known else ""
        if not self._sentence:
            self.lead.setText(self._lead)

    def show_sentence(self, sentence: str) -> None:
        """Show a cue in the place of who leads; an empty one takes it away."""
        self._sentence = sentence
        room = self.lead.maximumWidth()
        self.lead.setText(
            self.lead.fontMetrics().elidedText(sentence, Qt.TextElideMode.ElideRight, room) or self._lead
        )
        self.lead.setToolTip(sentence)
        self.lead.setObjectName("cue" if sentence else "soft")
        style = self.lead.style()
        if style is not None:
            style.polish(self.lead)

    def show_at_bottom(self) -> None:
        """Show the strip; the first time in the middle of the screen's lower edge."""
        self.resize(self.sizeHint())
        screen = self.screen()
        if not self._placed and screen is not None:
            room = screen.availableGeometry()
            self.move(room.center().x() - self.width() // 2, room.bottom() - self.height() - 24)
        self._placed = True
        self.show()

    def set_recording(self, recording: bool) -> None:
        """Show or hide the recording sign."""
        self.rec.setVisible(recording)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Let the strip be dragged by its face."""
        handle = self.windowHandle()
        if event is not None and event.button() == Qt.MouseButton.LeftButton and handle is not None:
            handle.startSystemMove()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Start or stop with Space, as in the full window."""
        if event is not None and event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.space_pressed.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Tell the main window that the user is done."""
        super().closeEvent(event)
        self.closed.emit()


class _WideBar(QWidget):
    """Attunement as one wide bar that starts at chance, with the zones of the gauge."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.reading = NO_READING
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(texts.ATTUNEMENT_TITLE)
        self.setToolTip(texts.COMPACT_TOOLTIP)

    def set_reading(self, reading: MeterReading) -> None:
        if not same_to_the_eye(self.reading, reading):
            self.reading = reading
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(240, 34)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        theme = self.theme
        track = QRectF(self.rect()).adjusted(12, 6, -12, -6)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(track.adjusted(-8, 0, 8, 0), 11, 11)
        low, high = (track.left() + level * track.width() for level in COMFORTABLE)
        painter.fillRect(QRectF(low, track.top(), high - low, track.height()), QColor(theme.comfort))
        exact = QRectF(track)
        exact.setLeft(track.left() + TOO_EXACT * track.width())
        painter.setBrush(QBrush(QColor(theme.soft), Qt.BrushStyle.BDiagPattern))
        painter.drawRect(exact)
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


class _Minis(QWidget):
    """The single meters as small upright bars, chance in the middle."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self._readings = (NO_READING,) * len(texts.METER_ORDER)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(texts.COMPACT_METERS)
        self.setToolTip(texts.COMPACT_TOOLTIP)

    def set_readings(self, readings: tuple[MeterReading, ...]) -> None:
        if not all(map(same_to_the_eye, self._readings, readings)):
            self._readings = readings
            self.update()

    def _column(self) -> int:
        metrics = QFontMetrics(scaled_font(self.font(), 0.8))
        return max(metrics.horizontalAdvance(title) for title in texts.SHORT_TITLES.values()) + 4

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(len(texts.METER_ORDER) * self._column(), 38 + self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(scaled_font(self.font(), 0.8))
        column = self._column()
        height = self.height() - self.fontMetrics().height() - 2
        for place, (name, reading) in enumerate(zip(texts.METER_ORDER, self._readings, strict=True)):
            middle = place * column + column / 2
            track = QRectF(middle - 5, 1, 10, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.track))
            painter.drawRoundedRect(track, 4, 4)
            if math.isfinite(reading.level):
                tip = track.bottom() - reading.level * track.height()
                bar = QRectF(track.left(), min(tip, track.center().y()), 10, abs(tip - track.center().y()))
                painter.fillRect(bar, mix(self.theme.both, strength(reading.coverage)))
            painter.fillRect(QRectF(middle - 7, track.center().y() - 0.5, 14, 1.5), QColor(self.theme.soft))
            painter.setPen(QColor(self.theme.soft))
            label = QRectF(place * column, height + 2, column, self.height() - height - 2)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, texts.SHORT_TITLES[name])
        painter.end()
