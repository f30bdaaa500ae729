"""The large gauge and the eight meters, alignment apart from synchrony."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPoint, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from mirrorsync.settings import Settings
from mirrorsync.tables import CHANNELS
from mirrorsync.ui import texts
from mirrorsync.ui.live.attunement_gauge import AttunementGauge
from mirrorsync.ui.live.compact_meters import WideBar
from mirrorsync.ui.live.meter import Meter
from mirrorsync.ui.live.readout import NO_READING, Reading
from mirrorsync.ui.theme import LIGHT, Theme, scaled_font

__all__ = ["MeterPanel"]

# The meters of each column, and the setting that weighs each channel in attunement.
_ALIKE = ("posture_alignment", "expression_alignment", "breathing_match", "pace_match", "mutual_gaze")
_IN_TIME = ("head_synchrony", "body_synchrony", "expression_synchrony")
_WEIGHTS = {
    "posture_alignment": "weight_posture",
    "expression_alignment": "weight_expression",
    "breathing_match": "weight_breathing",
    "pace_match": "weight_pace",
    "mutual_gaze": "weight_gaze",
    "head_synchrony": "weight_head",
    "body_synchrony": "weight_body",
    "expression_synchrony": "weight_face",
}


class MeterPanel(QFrame):
    """Passes readings on to the gauge and to the meters."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("card")
        self._settings = settings
        self._reading: Reading | None = None
        self.gauge = AttunementGauge()
        self.gauge.asked.connect(self._show_parts)
        self.line = _AttunementLine()
        self.line.hide()
        self.meters = {name: Meter(name) for name in (*_ALIKE, *_IN_TIME)}
        self._legend = _ChanceLegend()
        grid = QGridLayout()
        grid.setHorizontalSpacing(36)
        grid.setVerticalSpacing(2)
        for column, (heading, names) in enumerate(
            ((texts.GROUP_ALIKE, _ALIKE), (texts.GROUP_TOGETHER, _IN_TIME))
        ):
            label = QLabel(heading)
            label.setObjectName("soft")
            label.setFont(scaled_font(self.font(), 0.92))
            grid.addWidget(label, 0, column)
            for row, name in enumerate(names):
                grid.addWidget(self.meters[name], row + 1, column)
            # Widths in this proportion leave bars of equal length in both columns.
            grid.setColumnStretch(column, self.meters[names[0]].sizeHint().width())
        grid.addWidget(self._legend, len(_ALIKE), 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 22, 10)
        layout.setSpacing(24)
        layout.addWidget(self.gauge)
        beside = QVBoxLayout()
        beside.addWidget(self.line)
        beside.addLayout(grid)
        layout.addLayout(beside, 1)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.gauge.set_theme(theme)
        self.line.set_theme(theme)
        self._legend.set_theme(theme)
        for meter in self.meters.values():
            meter.set_theme(theme)

    def set_reading(self, reading: Reading) -> None:
        """Show a reading."""
        self._reading = reading
        for name, meter in self.meters.items():
            meter.set_reading(reading.meters[name])
        self.gauge.set_reading(reading.meters["attunement"], reading.lead_words, reading.leader)
        self.line.set_reading(reading)

    def set_narrow(self, narrow: bool) -> None:
        """Show attunement as one line above the meters, or as the gauge beside them."""
        self.gauge.setHidden(narrow)
        self.line.setVisible(narrow)

    def parts(self) -> str:
        """Return what attunement is made of now, a line for each channel."""
        lines = [texts.MADE_OF]
        for name, weight in _WEIGHTS.items():
            reading = self._reading.meters[name] if self._reading else NO_READING
            level, title = reading.level, CHANNELS[name].title
            if reading.form:
                title = texts.POSTURE_FORMS[reading.form][0]
            shown = f"{level:.2f}" if math.isfinite(level) else texts.NOT_ENOUGH
            lines.append(
                texts.MADE_OF_LINE.format(title=title, level=shown, weight=getattr(self._settings, weight))
            )
        return "\n".join(lines)

    def _show_parts(self) -> None:
        corner = self.gauge.mapToGlobal(QPoint(self.gauge.width() - 20, 30))
        QToolTip.showText(corner, self.parts(), self.gauge, self.gauge.rect(), 20_000)


class _AttunementLine(QWidget):
    """Attunement where there is no room for the gauge: the bar of the strip, its word and who leads."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = WideBar()
        self.word = QLabel(texts.NOT_ENOUGH)
        self.word.setFont(scaled_font(self.font(), 1.15, bold=True))
        self.lead = QLabel("")
        self.lead.setObjectName("soft")
        title = QLabel(texts.ATTUNEMENT_TITLE)
        title.setFont(scaled_font(self.font(), 1.0, bold=True))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(12)
        for widget in (title, self.bar, self.word, self.lead):
            layout.addWidget(widget)
        # The words keep their places when they change.
        longest = max((texts.ZONE_LISTENING, texts.ZONE_UNKNOWN, texts.ZONE_APART, texts.ZONE_CLOSE), key=len)
        self.word.setMinimumWidth(self.word.fontMetrics().horizontalAdvance(longest))
        lead = texts.LEAD_PARTNER_FOLLOWS.format(lag=0.8)
        self.lead.setMinimumWidth(self.lead.fontMetrics().horizontalAdvance(lead))

    def set_theme(self, theme: Theme) -> None:
        self.bar.theme = theme
        self.bar.update()

    def set_reading(self, reading: Reading) -> None:
        attunement = reading.meters["attunement"]
        self.bar.set_reading(attunement)
        self.word.setText(attunement.words)
        self.lead.setText(reading.lead_words if math.isfinite(attunement.level) else "")


class _ChanceLegend(QWidget):
    """Says what the grey band of the meters is."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(texts.LEGEND_CHANCE)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        metrics = self.fontMetrics()
        return QSize(60 + metrics.horizontalAdvance(texts.LEGEND_CHANCE), round(metrics.height() * 1.5))

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        painter = QPainter(self)
        middle = self.height() / 2
        painter.fillRect(QRectF(0, middle - 6, 34, 12), QColor(self._theme.band))
        painter.fillRect(QRectF(16, middle - 8, 2, 16), QColor(self._theme.soft))
        painter.setFont(scaled_font(self.font(), 0.92))
        painter.setPen(QColor(self._theme.soft))
        room = QRectF(46, 0, self.width() - 46, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, texts.LEGEND_CHANCE)
        painter.end()
