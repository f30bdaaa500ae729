"""The timeline's ribbon: who leads, by how much, and in words at the place where playback is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QFont, QPainterPath
from PyQt6.QtWidgets import QGraphicsPathItem

from mirrorsync.session.pyramid import Pyramid, Step
from mirrorsync.ui.review import texts
from mirrorsync.ui.theme import Theme, mix, scaled_font

__all__ = ["RIBBON_HEIGHT", "Ribbon"]

RIBBON_HEIGHT = 1.6  # in rows of the timeline
_REACH = 0.45 * RIBBON_HEIGHT  # from the middle to where everything is A's or B's, or the longest lag
_TOGETHER_S = 0.05


class Ribbon:
    """Bars above the middle where A leads, below it where B does, and the lag as a line across them.

    A positive lag means that B follows A: it lies above the middle too, so that bars and line agree.

    Parameters
    ----------
    plot : PlotWidget
        The timeline's.
    middle : float
        Where the ribbon's middle lies on the plot.
    longest_s : float
        The lag that reaches the ribbon's edge.
    """

    def __init__(self, plot: Any, middle: float, longest_s: float) -> None:
        self._middle, self.longest_s = middle, longest_s
        self._pyramid: Pyramid | None = None
        self._bars = {side: QGraphicsPathItem() for side in "ab"}
        for item in self._bars.values():
            item.setPen(pg.mkPen(None))
            plot.addItem(item, ignoreBounds=True)
        self._zero = pg.InfiniteLine(middle, angle=0)
        self.lag = pg.PlotCurveItem(connect="finite", antialias=True)
        self.words = pg.TextItem("")
        self.words.setZValue(25)
        for item in (self._zero, self.lag, self.words):
            plot.addItem(item, ignoreBounds=True)

    def set_theme(self, theme: Theme, font: QFont) -> None:
        """Take the colours of `theme`."""
        self._bars["a"].setBrush(mix(theme.you, 0.75))
        self._bars["b"].setBrush(mix(theme.partner, 0.75))
        self._zero.setPen(pg.mkPen(theme.line))
        self.lag.setPen(pg.mkPen(theme.ink, width=1.5))
        self.words.setColor(QColor(theme.ink))
        self.words.fill = pg.mkBrush(mix(theme.card, 0.85))
        self.words.setFont(scaled_font(font, 0.85))

    def draw(self, pyramid: Pyramid, start_s: float, end_s: float, *, points: int) -> None:
        """Draw a range of time."""
        self._pyramid = pyramid
        for side, bars in self._bars.items():
            bars.setPath(self._path(side, pyramid.step(f"{side}_leads", start_s, end_s, points=points)))
        step = pyramid.step("lag_s", start_s, end_s, points=points)
        scale = _REACH / max(self.longest_s, 1e-9)
        # A step's whole width is its own: one that stands alone between gaps is seen, too.
        times = np.column_stack([step.time_s, step.time_s + step.width_s]).ravel()
        lags = np.repeat(np.clip(step.mean, -self.longest_s, self.longest_s), 2)
        self.lag.setData(times, self._middle + scale * lags)

    def said(self, time_s: float) -> str:
        """Return in words who leads at a time, and by how much; nothing where nobody does."""
        if self._pyramid is None or not 0 <= time_s < self._pyramid.duration_s:
            return ""
        lag_s = _first(self._pyramid.step("lag_s", time_s, time_s, points=1))
        if not math.isfinite(lag_s) or not (self._leads("a", time_s) or self._leads("b", time_s)):
            return ""
        if abs(lag_s) < _TOGETHER_S:
            return texts.LEAD_TOGETHER
        return (texts.LEAD_A if lag_s > 0 else texts.LEAD_B).format(lag=abs(lag_s))

    def point_at(self, time_s: float, shown_s: tuple[float, float]) -> None:
        """Put the words beside the line of playback."""
        said = self.said(time_s)
        start, end = shown_s
        self.words.setVisible(bool(said) and start <= time_s <= end)
        if said:
            left = time_s > (start + end) / 2
            self.words.setText(said)
            free = 1.0 if self._leads("b", time_s) else 0.0  # the half without a bar there
            self.words.setAnchor((1.05 if left else -0.05, free))
            self.words.setPos(time_s, self._middle)

    def _leads(self, side: str, time_s: float) -> bool:
        if self._pyramid is None:
            return False
        return _first(self._pyramid.step(f"{side}_leads", time_s, time_s, points=1)) > 0

    def _path(self, side: str, step: Step) -> QPainterPath:
        """Return bars as high as the share of the time in which one leads."""
        path = QPainterPath()
        for at, share in zip(step.time_s.tolist(), step.mean.tolist(), strict=True):
            if share > 0:
                height = _REACH * share
                top = self._middle if side == "a" else self._middle - height
                path.addRect(QRectF(at, top, step.width_s, height))
        return path


def _first(step: Step) -> float:
    return float(step.mean[0]) if step.mean.size else math.nan
