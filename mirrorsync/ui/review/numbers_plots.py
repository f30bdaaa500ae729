"""The drawings of the session's numbers: each shows one thing, with its axes named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from mirrorsync.review.deals import Deals
from mirrorsync.synchrony.lag_profile import LagProfile
from mirrorsync.ui.review import texts
from mirrorsync.ui.theme import LIGHT, Theme, mix, scaled_font

__all__ = ["ColourKey", "DealsPlot", "EffectsPlot", "HeatPlot", "ProfilePlot"]

_STRONGEST = 0.8  # correlation at the ends of the colours
_FARTHEST_SD = 6.0
_BINS = 24
_LEFT = 46  # pixels of an axis with numbers


class _Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A plot that is looked at: no menu, no zoom, and the wheel scrolls what it stands in."""

    def __init__(self, name: str, height: int) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setFixedHeight(height)
        self.setAccessibleName(name)
        self.setToolTip(name)
        for axis in ("left", "bottom"):
            self.getAxis(axis).setStyle(tickFont=scaled_font(self.font(), 0.8), autoExpandTextSpace=False)
            self.getAxis(axis).enableAutoSIPrefix(False)  # 0.2 stays 0.2, and no "×0.001"
        self.getAxis("left").setWidth(_LEFT)
        self.getAxis("bottom").setHeight(round(3.1 * self.fontMetrics().lineSpacing()))

    def wheelEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the page."""
        event.ignore()

    def name_axes(self, left: str, bottom: str) -> None:
        """Say what the axes are."""
        self.setLabel("bottom", bottom, **{"font-size": "9pt"})
        if left:
            self.setLabel("left", left, **{"font-size": "9pt"})

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.theme = theme
        self.setBackground(theme.card)
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(pg.mkPen(theme.line))
            axis.setTextPen(QColor(theme.soft))


class ProfilePlot(_Plot):
    """Mean correlation at every lag, with the range of shifted copies."""

    def __init__(self) -> None:
        super().__init__(texts.PROFILE_NAME, 150)
        self._low, self._high = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._mean = pg.PlotCurveItem(connect="finite", antialias=True)
        self._band = pg.FillBetweenItem(self._low, self._high)
        self._zero = pg.InfiniteLine(0.0, angle=90)
        for item in (self._band, self._zero, self._low, self._high, self._mean):
            self.addItem(item)
        self.name_axes(texts.CORRELATION, texts.PROFILE_X)

    def show_profile(self, profile: LagProfile) -> None:
        """Draw a channel's profile."""
        for curve, values in ((self._low, profile.low), (self._high, profile.high)):
            curve.setData(profile.lags_s, np.nan_to_num(values))
        self._mean.setData(profile.lags_s, profile.mean)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme)
        self._mean.setPen(pg.mkPen(theme.both, width=2))
        for curve in (self._low, self._high):
            curve.setPen(pg.mkPen(None))
        self._band.setBrush(mix(theme.band, 0.6))
        self._zero.setPen(pg.mkPen(theme.line, style=Qt.PenStyle.DashLine))


class DealsPlot(_Plot):
    """How many deals score how high, and where the session stands among them."""

    def __init__(self) -> None:
        super().__init__(texts.DEALS_NAME, 150)
        self._bars = pg.BarGraphItem(x=[], height=[], width=1.0)
        self._observed = pg.InfiniteLine(0.0, angle=90)
        for item in (self._bars, self._observed):
            self.addItem(item)
        self.name_axes(texts.DEALS_Y, texts.DEALS_X)

    def show_deals(self, deals: Deals) -> None:
        """Draw a channel's deals; they are known."""
        counts, edges = np.histogram(deals.surrogates, bins=_BINS)
        self._bars.setOpts(x0=edges[:-1], x1=edges[1:], y0=0, height=counts, x=None, width=None)
        observed = float(deals.observed[0])
        self._observed.setValue(observed)
        low, high = min(float(edges[0]), observed), max(float(edges[-1]), observed)
        margin = 0.06 * max(high - low, 1e-3)
        self.setXRange(low - margin, high + margin, padding=0)
        self.setYRange(0, 1.1 * float(counts.max()), padding=0)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme)
        self._bars.setOpts(brush=QColor(theme.band), pen=pg.mkPen(theme.card))
        self._observed.setPen(pg.mkPen(theme.both, width=3))


class HeatPlot(_Plot):
    """Correlation at every lag over time.

    Signals
    -------
    jump(float)
        The user has clicked at this time.
    """

    jump = pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__(texts.HEATMAP_NAME, 160)
        self._image = pg.ImageItem()
        self.addItem(self._image)
        bottom = self.getAxis("bottom")
        bottom.tickStrings = lambda values, _scale, _spacing: [texts.clock(v) for v in values]
        self.scene().sigMouseClicked.connect(self._clicked)
        self.name_axes(texts.LAG_AXIS, texts.TIME_AXIS)

    def show_windows(self, profile: LagProfile) -> None:
        """Draw a channel's windows."""
        if not profile.windows.size:
            self._image.clear()
            return
        self._image.setImage(np.nan_to_num(profile.windows), levels=(-_STRONGEST, _STRONGEST))
        start, end = float(profile.ends_s[0]), float(profile.ends_s[-1]) + 1.0
        low, high = float(profile.lags_s[0]), float(profile.lags_s[-1])
        self._image.setRect(QRectF(start, low, end - start, high - low))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme)
        self._image.setLookupTable(_colours(theme))

    def _clicked(self, event: Any) -> None:
        at = self.getViewBox().mapSceneToView(event.scenePos())
        self.jump.emit(max(float(at.x()), 0.0))


class EffectsPlot(_Plot):
    """The effect size of every meter, in SD of chance.

    Parameters
    ----------
    titles : sequence of str
        Of the meters, from top to bottom.
    """

    def __init__(self, titles: list[str]) -> None:
        self._band = pg.LinearRegionItem((-1, 1), movable=False)
        super().__init__(texts.DISTRIBUTION_NAME, 60 + 24 * len(titles))
        self._rows = len(titles)
        self._chance = pg.InfiniteLine(0.0, angle=90)
        self._dots = pg.ScatterPlotItem(size=11)
        self._band.setZValue(-10)
        for item in (self._band, self._chance, self._dots):
            self.addItem(item)
        left = self.getAxis("left")
        left.setTicks([[(self._rows - 1 - k, title) for k, title in enumerate(titles)]])
        left.setWidth(max(QFontMetricsF(left.style["tickFont"]).horizontalAdvance(t) for t in titles) + 16)
        left.setStyle(tickLength=0)
        self.setYRange(-0.6, self._rows - 0.4, padding=0)
        self.name_axes("", texts.EFFECT_X)

    def show_effects(self, effects: list[float]) -> None:
        """Draw an effect for every row; NaN where there is none."""
        shown = [(k, e) for k, e in enumerate(effects) if np.isfinite(e)]
        places = [min(max(e, -_FARTHEST_SD), _FARTHEST_SD) for _, e in shown]
        self._dots.setData(places, [self._rows - 1 - k for k, _ in shown])
        farthest = max([3.0, *(abs(place) for place in places)]) + 0.5
        self.setXRange(-farthest, farthest, padding=0)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme)
        self._chance.setPen(pg.mkPen(theme.soft, style=Qt.PenStyle.DotLine))
        self._dots.setBrush(QColor(theme.both))
        self._dots.setPen(pg.mkPen(theme.card, width=1.5))
        self._band.setBrush(mix(theme.band, 0.4))
        for line in self._band.lines:
            line.setPen(pg.mkPen(None))


class ColourKey(QWidget):
    """What the colours of `HeatPlot` mean, as a strip with three numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.setAccessibleName(texts.COLOUR_KEY.format(ends=_STRONGEST))
        self.setToolTip(texts.COLOUR_KEY.format(ends=_STRONGEST))
        self.setFixedHeight(14 + round(self.fontMetrics().lineSpacing()))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the strip and its numbers."""
        table = np.ascontiguousarray(_colours(self.theme))
        strip = QImage(table.tobytes(), len(table), 1, 3 * len(table), QImage.Format.Format_RGB888)
        place = QRectF(_LEFT, 2, self.width() - _LEFT - 10, 8)
        painter = QPainter(self)
        painter.drawImage(place, strip)
        painter.setPen(QColor(self.theme.line))
        painter.drawRect(place)
        painter.setPen(QColor(self.theme.soft))
        painter.setFont(scaled_font(self.font(), 0.8))
        under = QRectF(place.left(), 11, place.width(), self.height() - 11)
        for text, side in (
            (f"−{_STRONGEST:g}", Qt.AlignmentFlag.AlignLeft),
            (texts.CORRELATION, Qt.AlignmentFlag.AlignHCenter),
            (f"+{_STRONGEST:g}", Qt.AlignmentFlag.AlignRight),
        ):
            painter.drawText(under, side, text)
        painter.end()


def _colours(theme: Theme) -> NDArray[np.uint8]:
    """Return a table from negative (grey) over the card to positive (both's colour)."""
    ends = [QColor(colour) for colour in (theme.soft, theme.card, theme.both)]
    stops = np.array([[c.red(), c.green(), c.blue()] for c in ends], dtype=float)
    at = np.linspace(0, 2, 256)
    return np.column_stack([np.interp(at, [0, 1, 2], stops[:, k]) for k in range(3)]).astype(np.uint8)
