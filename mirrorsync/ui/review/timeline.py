"""The timeline: every meter over the whole session, who leads, and what was marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFocusEvent, QKeyEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from mirrorsync.session.pyramid import Pyramid, Step
from mirrorsync.synchrony.moments import Moment
from mirrorsync.tables import CHANNELS
from mirrorsync.ui import texts as window_texts
from mirrorsync.ui.live.readout import CHANCE_BAND
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.timeline_box import TimelineBox
from mirrorsync.ui.review.timeline_ribbon import RIBBON_HEIGHT, Ribbon
from mirrorsync.ui.theme import LIGHT, STRIP_PENS, Theme, mix, scaled_font

__all__ = ["ROWS", "Timeline"]

ROWS: tuple[str, ...] = ("attunement", *window_texts.METER_ORDER)
_FILL = 0.86  # of a row's height
_LEADER = -0.1 - RIBBON_HEIGHT / 2  # the middle of the ribbon, under the rows
_MARKS = _LEADER - RIBBON_HEIGHT / 2 - 0.5
_LEGEND = 0.4  # from the ribbon's middle to each of its two names
_SPAN_MIN_S = 2.0
_LEAST_HEIGHT = 200  # at which the rows' names do not touch
_STEPS_S = (1.0, 10.0)  # of an arrow key, without and with Shift
_FOLLOW_AT = 0.85  # of the width: playing further turns the page


class Timeline(QWidget):
    """Draws a pyramid's rows one under the other, on one axis of time.

    Parameters
    ----------
    longest_lag_s : float
        The longest lag that was looked for: the edge of the ribbon.

    Signals
    -------
    sought(float)
        The user wants to go to this time, seconds since the start of the session.
    scrubbed(float)
        The user is dragging the line and is here now; `sought` follows where it is let go.
    marked(float, float)
        The user has marked a stretch, or unmarked it: then both are the same.
    view_changed(float, float)
        The range of time that is shown.
    """

    sought = pyqtSignal(float)
    scrubbed = pyqtSignal(float)
    marked = pyqtSignal(float, float)
    view_changed = pyqtSignal(float, float)

    def __init__(self, *, longest_lag_s: float = 2.0) -> None:
        super().__init__()
        self._longest_lag_s = longest_lag_s
        self._theme: Theme = LIGHT
        self._pyramid: Pyramid | None = None
        self._duration_s = 1.0
        self._excluded: Sequence[tuple[float, float]] = ()
        self._moments: Sequence[Moment] = ()
        self._mark: tuple[float, float] | None = None
        self.box = TimelineBox()
        self._plot: Any = pg.PlotWidget(viewBox=self.box, background=LIGHT.card)
        self._curves: dict[str, Any] = {}
        self._ranges: dict[str, Any] = {}
        self._bands: list[Any] = []
        self._overlays: list[Any] = []
        self._build()
        self.setAccessibleName(texts.TIMELINE_NAME)
        self.setToolTip(texts.TIMELINE_TOOLTIP.format(lag=longest_lag_s))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._describe()
        self.set_theme(LIGHT)

    # What it shows

    @property
    def shown_s(self) -> tuple[float, float]:
        """The range of time that is shown."""
        start, end = self.box.viewRange()[0]
        return float(start), float(end)

    @property
    def mark(self) -> tuple[float, float] | None:
        """The marked stretch."""
        return self._mark

    def set_pyramid(self, pyramid: Pyramid, duration_s: float) -> None:
        """Show a session, or the same one grown longer; the range that is shown stays."""
        whole = self._pyramid is None or self.shown_s[1] >= 0.98 * self._duration_s
        self._pyramid, self._duration_s = pyramid, max(duration_s, 1.0)
        self._plot.setLimits(xMin=0, xMax=self._duration_s, minXRange=_SPAN_MIN_S)
        self._now.setBounds((0.0, self._duration_s))
        if whole:
            self.show_range(0.0, self._duration_s)
        self._redraw()

    def set_position(self, time_s: float, *, follow: bool = False) -> None:
        """Move the line; with `follow` the page turns when it leaves what is shown."""
        self._now.setValue(time_s)
        self.ribbon.point_at(time_s, self.shown_s)
        if not follow or not self.hasFocus():
            self._describe()
        start, end = self.shown_s
        span = end - start
        if follow and span < 0.98 * self._duration_s and not start <= time_s <= start + _FOLLOW_AT * span:
            self.show_range(time_s - 0.1 * span, time_s + 0.9 * span)

    def show_range(self, start_s: float, end_s: float) -> None:
        """Show a range of time, brought inside the session."""
        span = min(max(end_s - start_s, _SPAN_MIN_S), self._duration_s)
        start_s = min(max(start_s, 0.0), self._duration_s - span)
        self.box.setXRange(start_s, start_s + span, padding=0)

    def zoom(self, factor: float) -> None:
        """Show `factor` times as much, around the line."""
        start, end = self.shown_s
        at = float(self._now.value())
        at = at if start <= at <= end else (start + end) / 2
        self.show_range(at - (at - start) * factor, at + (end - at) * factor)

    def set_mark(self, mark: tuple[float, float] | None, *, known_s: float | None = None) -> None:
        """Show a marked stretch, or the one end that is known, or none."""
        self._mark = mark
        shown = (known_s, known_s) if mark is None and known_s is not None else mark
        self._marked.setVisible(shown is not None)
        if shown is not None:
            self._marked.setRegion(shown)

    def set_marks(self, excluded: Sequence[tuple[float, float]], moments: Sequence[Moment]) -> None:
        """Show excluded ranges and moments in their lanes."""
        self._excluded, self._moments = excluded, moments
        self._draw_marks()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self._plot.setBackground(theme.card)
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setPen(pg.mkPen(theme.line))
            axis.setTextPen(QColor(theme.ink if name == "left" else theme.soft))
        for band in self._bands:
            band.setBrush(mix(theme.band, 0.45))
        for name in ROWS:
            colour = theme.both if name == "attunement" else STRIP_PENS[name][0]
            self._curves[name].setPen(pg.mkPen(colour, width=2 if name == "attunement" else 1.5))
            self._ranges[name].setPen(pg.mkPen(mix(colour, 0.35), width=1))
        self.ribbon.set_theme(theme, self.font())
        self._now.setPen(pg.mkPen(theme.ink, width=1.5))
        self._now.setHoverPen(pg.mkPen(theme.both, width=3))
        self._marked.setBrush(mix(theme.both, 0.18))
        for line in self._marked.lines:
            line.setPen(pg.mkPen(theme.both, width=1))
        self._ring()
        self._draw_marks()

    # How it is made

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.setMouseEnabled(x=True, y=False)
        self._plot.setYRange(_MARKS - 0.45, len(ROWS), padding=0)
        left = self._plot.getAxis("left")
        names = [(len(ROWS) - 1 - k + 0.5, CHANNELS[name].title) for k, name in enumerate(ROWS)]
        left.setTicks(
            [
                [
                    *names,
                    (_LEADER + _LEGEND, texts.LEADER_ROW),
                    (_LEADER - _LEGEND, texts.LAG_ROW.format(lag=self._longest_lag_s)),
                    (_MARKS, texts.MARKS_ROW),
                ]
            ]
        )
        left.setStyle(tickLength=0, tickFont=scaled_font(self.font(), 0.9))
        left.setWidth(92)
        bottom = self._plot.getAxis("bottom")
        bottom.tickStrings = lambda values, _scale, _spacing: [texts.clock(v) for v in values]
        bottom.setStyle(tickFont=scaled_font(self.font(), 0.85))
        for k, name in enumerate(ROWS):
            base = self._base(k)
            band = pg.LinearRegionItem(
                tuple(base + _FILL * level for level in CHANCE_BAND), orientation="horizontal", movable=False
            )
            band.setZValue(-20)
            for line in band.lines:
                line.setPen(pg.mkPen(None))
            self._bands.append(band)
            self._ranges[name] = pg.PlotCurveItem()
            self._curves[name] = pg.PlotCurveItem(connect="finite", antialias=True)
            for item in (band, self._ranges[name], self._curves[name]):
                self._plot.addItem(item)
        self.ribbon = Ribbon(self._plot, _LEADER, self._longest_lag_s)
        self._marked = pg.LinearRegionItem((0, 1), movable=False)
        self._marked.setZValue(20)
        self._marked.hide()
        self._now = pg.InfiniteLine(0.0, angle=90, movable=True)
        self._now.addMarker("v", position=1.0, size=14)
        self._now.sigDragged.connect(lambda line: self.scrubbed.emit(float(line.value())))
        self._now.sigPositionChangeFinished.connect(lambda line: self.sought.emit(float(line.value())))
        self._now.setZValue(30)
        for item in (self._marked, self._now):
            self._plot.addItem(item, ignoreBounds=True)
        self.box.clicked_at.connect(lambda at: self.sought.emit(min(max(at, 0.0), self._duration_s)))
        self.box.dragged_over.connect(self._dragged)
        self.box.sigXRangeChanged.connect(self._range_changed)

    def _base(self, row: int) -> float:
        return len(ROWS) - 1 - row + (1 - _FILL) / 2

    def _dragged(self, start_s: float, end_s: float) -> None:
        start_s, end_s = max(min(start_s, end_s), 0.0), min(max(start_s, end_s), self._duration_s)
        if end_s - start_s < 0.05:
            start_s = end_s  # a click with Shift: no stretch any more
            self.set_mark(None)
        else:
            self.set_mark((start_s, end_s))
        self.marked.emit(start_s, end_s)

    def _range_changed(self, *_: object) -> None:
        self._redraw()
        self.view_changed.emit(*self.shown_s)

    def _redraw(self) -> None:
        if self._pyramid is None:
            return
        start, end = self.shown_s
        points = max(self._plot.width() - 100, 200)
        for k, name in enumerate(ROWS):
            step = self._pyramid.step(f"{name}.level", start, end, points=points)
            base = self._base(k)
            at = step.time_s + step.width_s / 2
            self._curves[name].setData(at, base + _FILL * step.mean)
            self._draw_ranges(self._ranges[name], at, base, step)
        self.ribbon.draw(self._pyramid, start, end, points=points)
        self.ribbon.point_at(float(self._now.value()), (start, end))

    def _draw_ranges(self, item: Any, at: np.ndarray, base: float, step: Step) -> None:
        """Draw a step's range from low to high as one upright stroke, where there is one."""
        there = np.isfinite(step.low)
        x = np.repeat(at[there], 2)
        y = base + _FILL * np.column_stack([step.low[there], step.high[there]]).ravel()
        item.setData(x, y, connect="pairs")

    def _draw_marks(self) -> None:
        for item in self._overlays:
            self._plot.removeItem(item)
        self._overlays = []
        for start_s, end_s in self._excluded:
            region = pg.LinearRegionItem((start_s, end_s), movable=False, brush=mix(self._theme.rec, 0.16))
            region.setZValue(10)
            for line in region.lines:
                line.setPen(pg.mkPen(mix(self._theme.rec, 0.6), width=1))
            self._add_overlay(region)
        for kind in dict.fromkeys(moment.kind for moment in self._moments):
            sign = texts.KINDS[kind][1]
            for moment in (one for one in self._moments if one.kind == kind):
                text = pg.TextItem(sign, color=QColor(self._theme.ink), anchor=(0.5, 0.5))
                text.setFont(scaled_font(self.font(), 1.1))
                text.setPos(moment.start_s, _MARKS)
                text.setZValue(15)
                self._add_overlay(text)

    def _describe(self) -> None:
        """Tell a screen reader where the line is and what the keys do."""
        at, of = texts.clock(float(self._now.value())), texts.clock(self._duration_s)
        said = " ".join(
            [self.ribbon.said(float(self._now.value())), texts.TIMELINE_KEYS.format(at=at, of=of)]
        )
        said = said.strip()
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)

    def _add_overlay(self, item: Any) -> None:
        self._plot.addItem(item, ignoreBounds=True)
        self._overlays.append(item)

    def event(self, event: QEvent | None) -> bool:
        """Take its own keys before the window's shortcuts do."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
            return super().event(event)
        if self._done_by(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Move the line or zoom; what it does not know is the window's."""
        done = None if event is None else self._done_by(event)
        if done is None:
            super().keyPressEvent(event)
        else:
            done()

    def _done_by(self, event: QKeyEvent) -> Callable[[], None] | None:
        """Return what a key does here, if anything."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return None
        at, step = float(self._now.value()), _STEPS_S[shift]
        goes = {
            Qt.Key.Key_Left: at - step, Qt.Key.Key_Right: at + step,
            Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: self._duration_s,
        }  # fmt: skip
        zooms = {Qt.Key.Key_Plus: 0.5, Qt.Key.Key_Equal: 0.5, Qt.Key.Key_Minus: 2.0}
        key = Qt.Key(event.key())
        if key in goes:
            return lambda: self.sought.emit(min(max(goes[key], 0.0), self._duration_s))
        if key in zooms:
            return lambda: self.zoom(zooms[key])
        return None

    def focusInEvent(self, event: QFocusEvent | None) -> None:  # noqa: N802 - Qt's name
        """Show that the keys go here."""
        super().focusInEvent(event)
        self._ring()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:  # noqa: N802 - Qt's name
        """Show it no longer."""
        super().focusOutEvent(event)
        self._ring()

    @property
    def ring(self) -> str:
        """The colour of the frame around it, which tells whether the keys go here."""
        return self._theme.both if self.hasFocus() else self._theme.card

    def _ring(self) -> None:
        colour = self.ring
        self._plot.setStyleSheet(f"border: 2px solid {colour}; border-radius: 0px;")

    def resizeEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Draw as many steps as there are pixels now."""
        super().resizeEvent(event)
        self._redraw()

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Follow the user's font size."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.FontChange and self._bands:
            self._draw_marks()
