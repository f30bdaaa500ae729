"""The strip: every level over the last two minutes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from mirrorsync.ui import texts
from mirrorsync.ui.live.history import History
from mirrorsync.ui.live.readout import IN_STEP, Reading
from mirrorsync.ui.theme import LIGHT, STRIP_PENS, Theme, mix, scaled_font

__all__ = ["Strip"]

_SPAN_S = 120.0
_REDRAW_EVERY_S = 0.2


class Strip(QWidget):
    """Draws the history of the levels, attunement thick; a gap where there was too little to say."""

    def __init__(self) -> None:
        super().__init__()
        self.history = History(("attunement", *texts.METER_ORDER), span_s=_SPAN_S)
        self._drawn_s = float("-inf")
        self._shown = {"attunement"}
        self._plot: Any = pg.PlotWidget(background=LIGHT.card)
        self._curves: dict[str, Any] = {}
        self._build()
        self.setAccessibleName(texts.STRIP_NAME)
        self.setToolTip(texts.STRIP_TOOLTIP)
        self.set_theme(LIGHT)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setMenuEnabled(False)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.setXRange(-_SPAN_S, 0, padding=0.02)
        self._plot.setYRange(0, 1, padding=0.04)
        self._plot.hideAxis("left")
        axis = self._plot.getAxis("bottom")
        axis.setTicks([[(-t, _clock(t)) for t in (120, 90, 60, 30)] + [(0, texts.NOW)]])
        axis.setStyle(tickLength=0, tickFont=scaled_font(self.font(), 0.85))
        self._comfort = pg.LinearRegionItem(IN_STEP, orientation="horizontal", movable=False)
        self._comfort.setZValue(-10)
        self._chance = pg.InfiniteLine(
            0.5, angle=0, label=texts.MARK_CHANCE, labelOpts={"position": 0.012, "anchors": [(0, 0), (0, 0)]}
        )
        self._plot.addItem(self._comfort)
        self._plot.addItem(self._chance)
        for name in (*texts.METER_ORDER, "attunement"):
            curve = pg.PlotCurveItem(connect="finite")
            curve.setVisible(name in self._shown)
            self._curves[name] = curve
            self._plot.addItem(curve)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._plot.setBackground(theme.card)
        self._chance.setPen(pg.mkPen(theme.soft, width=1, style=Qt.PenStyle.DotLine))
        self._comfort.setBrush(mix(theme.comfort, 0.55))
        for line in self._comfort.lines:
            line.setPen(pg.mkPen(None))
        self._chance.label.setColor(theme.soft)
        self._chance.label.setFont(scaled_font(self.font(), 0.8))
        axis = self._plot.getAxis("bottom")
        axis.setPen(pg.mkPen(theme.line))
        axis.setTextPen(QColor(theme.soft))
        for name, curve in self._curves.items():
            if name == "attunement":
                curve.setPen(pg.mkPen(theme.both, width=2))
            else:
                colour, style = STRIP_PENS[name]
                curve.setPen(pg.mkPen(colour, width=1, style=style))

    def show_channel(self, name: str, shown: bool) -> None:
        """Show or hide one channel's line."""
        (self._shown.add if shown else self._shown.discard)(name)
        self._curves[name].setVisible(shown)
        self._redraw()

    def add(self, reading: Reading) -> None:
        """Take a reading's levels; redraws a few times a second."""
        if not self.history.push(reading.t_s, reading.levels):
            return
        if not 0 <= reading.t_s - self._drawn_s < _REDRAW_EVERY_S:
            self._drawn_s = reading.t_s
            self._redraw()

    def clear(self) -> None:
        """Forget what was drawn."""
        self.history.clear()
        self._drawn_s = -math.inf
        self._redraw()

    def drawn(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the seconds before now and the levels that a channel's line shows."""
        ago_s, levels = self._curves[name].getData()
        return np.asarray(ago_s), np.asarray(levels)

    def _redraw(self) -> None:
        ago_s = self.history.ago_s()
        used = ago_s >= -_SPAN_S
        for name in self._shown:
            self._curves[name].setData(ago_s[used], self.history.levels(name)[used])


def _clock(seconds: int) -> str:
    return f"−{seconds // 60}:{seconds % 60:02d}"
