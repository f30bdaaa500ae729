"""Feelings and attunement over weeks, one under the other on one axis of time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QLocale, Qt
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from mirrorsync.journal import Week
from mirrorsync.journal.wheel import WHEEL
from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.emotion_wheel import CORE_COLOURS
from mirrorsync.ui.theme import LIGHT, Theme, mix

__all__ = ["WeeksChart", "day_text", "week_text"]

_LARGEST = 26.0  # a circle's diameter at intensity 1, in pixels; its area says the intensity
_MOST_LABELS = 10
_CHANCE = 0.5


class WeeksChart(QWidget):
    """Upper plot: one row for each of the wheel's eight, a circle a week. Lower plot: attunement."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weeks: tuple[Week, ...] = ()
        self.theme = LIGHT
        self._view: Any = pg.GraphicsLayoutWidget()
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._feelings: Any = self._view.addPlot(row=0, col=0)
        self._attunement: Any = self._view.addPlot(row=1, col=0)
        self._view.ci.layout.setRowStretchFactor(0, 5)
        self._view.ci.layout.setRowStretchFactor(1, 3)
        self._attunement.setXLink(self._feelings)
        for plot in (self._feelings, self._attunement):
            plot.setMouseEnabled(x=False, y=False)
            plot.hideButtons()
            plot.setMenuEnabled(False)
            plot.getAxis("left").setWidth(96)
            plot.getAxis("left").setStyle(tickLength=0)
            plot.getAxis("bottom").setStyle(tickLength=0)
        self._feelings.getAxis("bottom").setStyle(showValues=False, tickLength=0)
        rows = [(-row, texts.feeling(core.word)) for row, core in enumerate(WHEEL)]
        self._feelings.getAxis("left").setTicks([rows])
        self._feelings.setYRange(-len(WHEEL) + 0.3, 0.7, padding=0)
        self._attunement.setYRange(0, 1, padding=0.02)
        self._attunement.getAxis("left").setTicks([[(0, "0"), (_CHANCE, texts.WEEKS_CHANCE), (1, "1")]])
        self._circles: Any = pg.ScatterPlotItem(pxMode=True)
        self._feelings.addItem(self._circles)
        self._rows = [pg.InfiniteLine(-row, angle=0) for row in range(len(WHEEL))]
        for line in self._rows:
            line.setZValue(-10)
            self._feelings.addItem(line)
        self._chance: Any = pg.InfiniteLine(_CHANCE, angle=0)
        self._attunement.addItem(self._chance)
        self._line: Any = pg.PlotDataItem(connect="finite", symbol="o", symbolSize=9)
        self._attunement.addItem(self._line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.setAccessibleName(texts.WEEKS_NAME)
        self.setMinimumHeight(360)
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.theme = theme
        self._view.setBackground(theme.card)
        for plot, title in (
            (self._feelings, texts.WEEKS_FEELINGS),
            (self._attunement, texts.WEEKS_ATTUNEMENT),
        ):
            plot.setTitle(title, color=theme.ink, size="10pt")
            for name in ("left", "bottom"):
                plot.getAxis(name).setPen(pg.mkPen(theme.line))
                plot.getAxis(name).setTextPen(pg.mkPen(theme.soft))
        for line in self._rows:
            line.setPen(pg.mkPen(theme.track))
        self._chance.setPen(pg.mkPen(theme.soft, width=1, style=Qt.PenStyle.DashLine))
        self._line.setPen(pg.mkPen(theme.both, width=2))
        self._line.setSymbolBrush(pg.mkBrush(theme.both))
        self._line.setSymbolPen(pg.mkPen(theme.card, width=1.5))
        self._show()

    def set_weeks(self, weeks: Sequence[Week]) -> None:
        """Show these weeks, oldest first."""
        self._weeks = tuple(weeks)
        self.setAccessibleDescription(" ".join(week_text(week) for week in self._weeks))
        self._show()

    def _show(self) -> None:
        spots = []
        for number, week in enumerate(self._weeks):
            for row, core in enumerate(WHEEL):
                intensity = week.intensity[core.word]
                if intensity > 0:
                    spots.append(
                        {
                            "pos": (number, -row),
                            "size": max(_LARGEST * math.sqrt(intensity), 4.0),
                            "brush": pg.mkBrush(mix(CORE_COLOURS[row], 0.9)),
                            "pen": pg.mkPen(self.theme.ink, width=1),
                        }
                    )
        self._circles.setData(spots)
        levels = np.array([week.attunement for week in self._weeks])
        known = bool(np.isfinite(levels).any())  # of nothing but NaN pyqtgraph cannot tell the range
        self._line.setData(np.arange(levels.size) if known else [], levels if known else [])
        every = max(1, math.ceil(len(self._weeks) / _MOST_LABELS))
        ticks = [(n, day_text(w)) for n, w in enumerate(self._weeks) if n % every == 0]
        self._attunement.getAxis("bottom").setTicks([ticks])
        self._feelings.setXRange(-0.7, max(len(self._weeks), 4) - 0.3, padding=0)


def day_text(week: Week) -> str:
    """Return a week's first day, as people write it here, without the year."""
    return QLocale().toString(week.monday, "d MMM")


def week_text(week: Week) -> str:
    """Return a week as a sentence."""
    felt = [
        f"{texts.feeling(core)} {round(100 * value)} %" for core, value in week.intensity.items() if value > 0
    ]
    attunement = texts.WEEK_NO_SESSION
    if math.isfinite(week.attunement):
        attunement = texts.WEEK_ATTUNEMENT.format(value=week.attunement, n=week.sessions)
    return texts.WEEK_TEXT.format(
        day=day_text(week),
        feelings=", ".join([*felt, *week.own_words]) or texts.WEEK_NO_CHECK_IN,
        attunement=attunement,
    )
