"""The whole session in numbers: who follows at which distance, and where it stands against chance."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from mirrorsync.review.numbers import SessionNumbers
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS
from mirrorsync.ui import texts as window_texts
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import by_tab, heading, name_widget, soft_label
from mirrorsync.ui.theme import LIGHT, Theme, mix, scaled_font

__all__ = ["NumbersPanel"]

_ROWS = tuple(name for name in window_texts.METER_ORDER if name != "mutual_gaze")
_FARTHEST_SD = 6.0


class NumbersPanel(QWidget):
    """Lag profile of a channel with its chance range, its lags over time, and effect sizes.

    Signals
    -------
    jump(float)
        The user wants to go to this time.
    """

    jump = pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme = LIGHT
        self._numbers: SessionNumbers | None = None
        self.channel = QComboBox()
        for name in SYNC_CHANNELS:
            self.channel.addItem(CHANNELS[name].title, name)
        name_widget(self.channel, (texts.CHANNEL_NAME, texts.CHANNEL_TOOLTIP))
        by_tab(self.channel)
        self.said = soft_label(texts.NUMBERS_WAIT)
        self._profile = _plot(texts.PROFILE_NAME)
        self._heat = _plot(texts.HEATMAP_NAME)
        self._effects = _plot(texts.DISTRIBUTION_NAME)
        self._curves: dict[str, Any] = {}
        self._build()
        self.channel.activated.connect(lambda _: self._show())
        self.set_numbers(None, waiting=True)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.channel)
        layout.addWidget(self.said)
        self._parts: list[QWidget] = []
        for title, plot, share in (
            (texts.PROFILE_TITLE, self._profile, 3),
            (texts.HEATMAP_TITLE, self._heat, 3),
            (texts.DISTRIBUTION_TITLE, self._effects, 4),
        ):
            label = heading(title, 1.0)
            layout.addWidget(label)
            layout.addWidget(plot, share)
            self._parts += [label, plot]
        low, high = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._band = pg.FillBetweenItem(low, high)
        self._zero = pg.InfiniteLine(0.0, angle=90)
        self._curves = {"low": low, "high": high, "mean": pg.PlotCurveItem(connect="finite", antialias=True)}
        for item in (self._band, self._zero, *self._curves.values()):
            self._profile.addItem(item)
        self._profile.setLabel("bottom", texts.PROFILE_X)
        self._image = pg.ImageItem()
        self._heat.addItem(self._image)
        self._heat.getAxis("bottom").tickStrings = lambda values, _s, _p: [texts.clock(v) for v in values]
        self._heat.scene().sigMouseClicked.connect(self._clicked)
        self._chance_line = pg.InfiniteLine(0.0, angle=90)
        self._dots = pg.ScatterPlotItem(size=11)
        self._effect_band = pg.LinearRegionItem((-1, 1), movable=False)
        self._effect_band.setZValue(-10)
        for item in (self._effect_band, self._chance_line, self._dots):
            self._effects.addItem(item)
        names = [(len(_ROWS) - 1 - k, CHANNELS[name].title) for k, name in enumerate(_ROWS)]
        self._effects.getAxis("left").setTicks([names])
        self._effects.getAxis("left").setWidth(78)
        self._effects.setYRange(-0.6, len(_ROWS) - 0.4, padding=0)
        self._effects.setLabel("bottom", texts.EFFECT_X)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        for plot in (self._profile, self._heat, self._effects):
            plot.setBackground(theme.card)
            for name in ("left", "bottom"):
                axis = plot.getAxis(name)
                axis.setPen(pg.mkPen(theme.line))
                axis.setTextPen(QColor(theme.soft))
        self._curves["mean"].setPen(pg.mkPen(theme.both, width=2))
        for name in ("low", "high"):
            self._curves[name].setPen(pg.mkPen(None))
        self._band.setBrush(mix(theme.band, 0.6))
        self._zero.setPen(pg.mkPen(theme.line, style=Qt.PenStyle.DashLine))
        self._chance_line.setPen(pg.mkPen(theme.soft, style=Qt.PenStyle.DotLine))
        self._dots.setBrush(QColor(theme.both))
        self._dots.setPen(pg.mkPen(theme.card, width=1.5))
        self._effect_band.setBrush(mix(theme.band, 0.4))
        for line in self._effect_band.lines:
            line.setPen(pg.mkPen(None))

    def set_numbers(self, numbers: SessionNumbers | None, *, waiting: bool) -> None:
        """Show numbers; without any, say whether they are being worked out."""
        self._numbers = numbers
        for part in (self.channel, *self._parts):
            part.setVisible(numbers is not None)
        if numbers is None:
            self.said.setText(texts.NUMBERS_WAIT if waiting else texts.NUMBERS_NONE)
        else:
            self._show()

    def _show(self) -> None:
        if self._numbers is None:
            return
        name = str(self.channel.currentData())
        profile, statistics = self._numbers.profiles[name], self._numbers.statistics[name]
        for part, values in (("low", profile.low), ("high", profile.high), ("mean", profile.mean)):
            known = values if part == "mean" else np.nan_to_num(values)
            self._curves[part].setData(profile.lags_s, known)
        self.said.setText(_said(name, statistics))
        windows = profile.windows
        if windows.size:
            self._image.setImage(np.nan_to_num(windows), levels=(-0.8, 0.8))
            self._image.setLookupTable(_colours(self._theme))
            start, end = float(profile.ends_s[0]), float(profile.ends_s[-1]) + 1.0
            low, high = float(profile.lags_s[0]), float(profile.lags_s[-1])
            self._image.setRect(QRectF(start, low, end - start, high - low))
        places, effects = [], []
        for k, row in enumerate(_ROWS):
            effect = self._numbers.statistics[row].get("effect_size", math.nan)
            if effect is not None and math.isfinite(effect):
                effects.append(min(max(effect, -_FARTHEST_SD), _FARTHEST_SD))
                places.append(len(_ROWS) - 1 - k)
        self._dots.setData(effects, places)
        farthest = max([3.0, *(abs(effect) for effect in effects)]) + 0.5
        self._effects.setXRange(-farthest, farthest, padding=0)

    def _clicked(self, event: Any) -> None:
        if self._numbers is not None:
            at = self._heat.getViewBox().mapSceneToView(event.scenePos())
            self.jump.emit(max(float(at.x()), 0.0))


def _plot(name: str) -> Any:
    plot = pg.PlotWidget()
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.setMenuEnabled(False)
    plot.setMouseEnabled(x=False, y=False)
    plot.hideButtons()
    plot.setMinimumHeight(110)
    plot.setAccessibleName(name)
    plot.setToolTip(name)
    for axis in ("left", "bottom"):
        plot.getAxis(axis).setStyle(tickFont=scaled_font(plot.font(), 0.8))
    return plot


def _said(name: str, statistics: Any) -> str:
    """Return in words where a channel stands."""
    effect, p = (statistics.get(key, math.nan) for key in ("effect_size", "p_value"))
    if effect is None or not math.isfinite(effect):
        return texts.NUMBERS_NONE
    title = CHANNELS[name].title
    words = texts.EFFECT_ABOVE if effect > 0 else texts.EFFECT_BELOW
    said = words.format(title=title, effect=abs(effect))
    if p is not None and math.isfinite(p):
        said += " " + (texts.EFFECT_P.format(p=p) if p >= 0.01 else texts.EFFECT_P_SMALL)
    lag = statistics.get("peak_lag_s", math.nan)
    if p is not None and p < 0.05 and math.isfinite(lag):
        follows = texts.FOLLOWS_B if lag > 0 else texts.FOLLOWS_A
        said += " " + follows.format(lag=abs(lag))
    return said


def _colours(theme: Theme) -> Any:
    """Return a table from negative (grey) over the card to positive (both's colour)."""
    ends = [QColor(colour) for colour in (theme.soft, theme.card, theme.both)]
    stops = np.array([[c.red(), c.green(), c.blue()] for c in ends], dtype=float)
    at = np.linspace(0, 2, 256)
    return np.column_stack([np.interp(at, [0, 1, 2], stops[:, k]) for k in range(3)]).astype(np.uint8)
