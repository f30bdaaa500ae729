"""The emotion wheel: eighty words in three rings, for the mouse, the keyboard and screen readers alike.

The wheel paints everything; each word is besides a real, invisible button, so that focus, name and state are
there for assistive technology as they are for any button. Colours only repeat what words and places say.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from PyQt6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QToolTip, QWidget

from mirrorsync.journal import Feeling
from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.wheel_layout import RINGS, SEGMENTS, Segment, inward, outward, segment_at, sideways
from mirrorsync.ui.theme import LIGHT, Theme, scaled_font

__all__ = ["CORE_COLOURS", "EmotionWheel", "segment_colour"]

# Okabe & Ito's eight, which colour-blind eyes tell apart, in the order of the wheel.
CORE_COLOURS = ("#F0E442", "#E69F00", "#CC79A7", "#009E73", "#0072B2", "#8A8F94", "#56B4E9", "#D55E00")
_STRENGTH = {"light": (0.50, 0.32, 0.18), "dark": (0.33, 0.24, 0.15)}
_CHOSEN_STRENGTH = {"light": 0.66, "dark": 0.38}
_FIRST_INTENSITY = 0.5
_STEP = 0.1
_MARGIN = 6.0


def segment_colour(theme: Theme, core: int, ring: int, *, chosen: bool = False) -> QColor:
    """Return the fill of a segment: the core's colour, fainter further out, on the card's."""
    name = "dark" if theme.name == "dark" else "light"
    share = _CHOSEN_STRENGTH[name] if chosen else _STRENGTH[name][ring]
    colour, card = QColor(CORE_COLOURS[core]), QColor(theme.card)
    mixed = [
        round(share * one + (1 - share) * two)
        for one, two in zip(colour.getRgb()[:3], card.getRgb()[:3], strict=True)
    ]
    return QColor(*mixed)


class EmotionWheel(QWidget):
    """Words to choose from, each with an intensity."""

    changed = pyqtSignal()
    """The user chose a word, let one go, or said how strong it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = LIGHT
        self._chosen: dict[str, float] = {}
        self._hovered: Segment | None = None
        self.setAccessibleName(texts.WHEEL_NAME)
        self.setAccessibleDescription(texts.WHEEL_HELP)
        self.setMouseTracking(True)
        self.setMinimumSize(460, 460)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.buttons = {segment.word: SegmentButton(segment, self) for segment in SEGMENTS}
        for button in self.buttons.values():
            self._tell(button)
        self._current = SEGMENTS[0]
        self._make_current(self._current)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Large enough for every word."""
        return QSize(600, 600)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.theme = theme
        self.update()

    def feelings(self) -> tuple[Feeling, ...]:
        """Return what is chosen, in the order of choosing."""
        return tuple(Feeling(word, intensity) for word, intensity in self._chosen.items())

    def set_feelings(self, feelings: Iterable[Feeling]) -> None:
        """Show these as chosen; words that are not on the wheel are passed over."""
        self._chosen = {f.word: f.intensity for f in feelings if f.word in self.buttons}
        for button in self.buttons.values():
            self._tell(button)
        self.update()

    def toggle(self, word: str) -> None:
        """Choose a word, or let it go."""
        if word in self._chosen:
            del self._chosen[word]
        else:
            self._chosen[word] = _FIRST_INTENSITY
        self._changed(word)

    def strengthen(self, word: str, by: float) -> None:
        """Make a word's intensity larger or smaller; choose it if it is not chosen."""
        before = self._chosen.get(word, _FIRST_INTENSITY - by)
        self._chosen[word] = round(min(max(before + by, _STEP), 1.0), 2)
        self._changed(word)

    def go_to(self, segment: Segment) -> None:
        """Move the keyboard's place to a segment."""
        self._make_current(segment)
        self.buttons[segment.word].setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed(self, word: str) -> None:
        self._tell(self.buttons[word])
        self.update()
        self.changed.emit()

    def _tell(self, button: SegmentButton) -> None:
        """Let the button say what its word is, and whether and how strongly it is chosen."""
        segment = button.segment
        word, ring = texts.feeling(segment.word), texts.RING_NAMES[segment.ring]
        name = texts.SEGMENT_NAME.format(word=word, ring=ring)
        if segment.parent:
            name = texts.SEGMENT_IN.format(word=word, ring=ring, parent=texts.feeling(segment.parent))
        intensity = self._chosen.get(segment.word)
        if intensity is not None:
            name = texts.SEGMENT_CHOSEN.format(name=name, percent=round(100 * intensity))
        button.setAccessibleName(name)
        button.setChecked(intensity is not None)

    def _make_current(self, segment: Segment) -> None:
        """Let Tab find this segment, and no other."""
        self.buttons[self._current.word].setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._current = segment
        self.buttons[segment.word].setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFocusProxy(self.buttons[segment.word])

    # Geometry

    def _middle(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    def _radius(self) -> float:
        return min(self.width(), self.height()) / 2 - _MARGIN

    def _path(self, segment: Segment, share: float = 1.0) -> QPainterPath:
        """Return a segment's outline, filled outward up to `share` of its ring."""
        inner, outer = (edge * self._radius() for edge in RINGS[segment.ring])
        outer = inner + share * (outer - inner)
        middle = self._middle()
        start = 90 - segment.start_deg  # Qt counts counter-clockwise from three o'clock
        large = QRectF(middle.x() - outer, middle.y() - outer, 2 * outer, 2 * outer)
        small = QRectF(middle.x() - inner, middle.y() - inner, 2 * inner, 2 * inner)
        path = QPainterPath()
        path.arcMoveTo(large, start)
        path.arcTo(large, start, -segment.span_deg)
        path.arcTo(small, start - segment.span_deg, segment.span_deg)
        path.closeSubpath()
        return path

    def _under(self, position: QPointF) -> Segment | None:
        middle, radius = self._middle(), self._radius()
        return segment_at((position.x() - middle.x()) / radius, (position.y() - middle.y()) / radius)

    # Qt's events

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: ARG002, N802 - Qt's form
        """Put the buttons where their words are painted."""
        for segment in SEGMENTS:
            box = self._path(segment).boundingRect()
            self.buttons[segment.word].setGeometry(
                QRect(round(box.x()), round(box.y()), round(box.width()), round(box.height()))
            )

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Light up what is under the mouse."""
        under = self._under(event.position()) if event is not None else None
        if under is not self._hovered:
            self._hovered = under
            self.setCursor(Qt.CursorShape.PointingHandCursor if under else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent | None) -> None:  # noqa: ARG002, N802 - Qt's form
        """Light up nothing."""
        self._hovered = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Choose the word under the mouse, or let it go."""
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        under = self._under(event.position())
        if under is not None:
            self.go_to(under)
            self.toggle(under.word)

    def event(self, event: QEvent | None) -> bool:
        """Show the tooltip of the word under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            under = self._under(QPointF(event.pos()))
            word = texts.feeling(under.word) if under is not None else ""
            QToolTip.showText(
                event.globalPos(), texts.SEGMENT_TOOLTIP.format(word=word) if word else "", self
            )
            return True
        return super().event(event)

    def handle_key(self, segment: Segment, event: QKeyEvent) -> bool:
        """Do what a key means on a segment; return whether it means anything."""
        key = Qt.Key(event.key())
        moves = {
            Qt.Key.Key_Right: lambda: sideways(segment, 1),
            Qt.Key.Key_Left: lambda: sideways(segment, -1),
            Qt.Key.Key_Up: lambda: outward(segment),
            Qt.Key.Key_Down: lambda: inward(segment),
            Qt.Key.Key_Home: lambda: sideways(segment, -segment.place),
            Qt.Key.Key_End: lambda: sideways(segment, -segment.place - 1),
        }
        if key in moves:
            self.go_to(moves[key]())
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle(segment.word)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.strengthen(segment.word, _STEP)
        elif key == Qt.Key.Key_Minus:
            self.strengthen(segment.word, -_STEP)
        elif event.text().isalpha():
            self._go_to_letter(segment, event.text())
        else:
            return False
        return True

    def _go_to_letter(self, segment: Segment, letter: str) -> None:
        """Go to the next word that begins with a letter."""
        at = SEGMENTS.index(segment)
        for other in (*SEGMENTS[at + 1 :], *SEGMENTS[:at]):
            if texts.feeling(other.word).casefold().startswith(letter.casefold()):
                self.go_to(other)
                return

    # Painting

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: ARG002, N802 - Qt's form
        """Paint the wheel."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for segment in SEGMENTS:
            self._paint_segment(painter, segment)
        self._paint_borders(painter)
        for segment in SEGMENTS:
            if segment.word in self._chosen:
                painter.strokePath(self._path(segment), QPen(QColor(self.theme.ink), 2.4))
        self._paint_focus(painter)
        for segment in SEGMENTS:
            self._paint_word(painter, segment)
        painter.setPen(QColor(self.theme.soft))
        painter.setFont(scaled_font(self.font(), 0.9))
        inner = RINGS[0][0] * self._radius() * 0.92
        middle = self._middle()
        painter.drawText(
            QRectF(middle.x() - inner, middle.y() - inner, 2 * inner, 2 * inner),
            int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap),
            texts.WHEEL_MIDDLE,
        )

    def _paint_segment(self, painter: QPainter, segment: Segment) -> None:
        fill = segment_colour(self.theme, segment.core, segment.ring)
        if segment is self._hovered:
            fill = fill.darker(106) if self.theme.name == "light" else fill.lighter(118)
        painter.fillPath(self._path(segment), fill)
        intensity = self._chosen.get(segment.word)
        if intensity is not None:
            strong = segment_colour(self.theme, segment.core, segment.ring, chosen=True)
            painter.fillPath(self._path(segment, intensity), strong)

    def _paint_borders(self, painter: QPainter) -> None:
        for segment in SEGMENTS:
            painter.strokePath(self._path(segment), QPen(QColor(self.theme.card), 1.2))

    def _paint_focus(self, painter: QPainter) -> None:
        if not self.buttons[self._current.word].hasFocus():
            return
        path = self._path(self._current)
        painter.strokePath(path, QPen(QColor(self.theme.card), 5.0))
        painter.strokePath(path, QPen(QColor(self.theme.both), 3.0))

    def _paint_word(self, painter: QPainter, segment: Segment) -> None:
        word = texts.feeling(segment.word)
        inner, outer = (edge * self._radius() for edge in RINGS[segment.ring])
        chosen = segment.word in self._chosen
        font = scaled_font(self.font(), (1.05, 0.95, 0.88)[segment.ring], bold=chosen or segment.ring == 0)
        room = outer - inner - 8
        wide = QFontMetricsF(font).horizontalAdvance(word)
        if wide > room:
            font = scaled_font(font, room / wide, bold=font.bold())
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(self.theme.ink))
        painter.translate(self._middle())
        angle = segment.middle_deg - 90  # from three o'clock, clockwise
        painter.rotate(angle)
        from_x = inner
        if (
            math.cos(math.radians(angle)) < -1e-9
        ):  # left half: turned over, so that no word stands on its head
            painter.rotate(180)
            from_x = -outer
        painter.drawText(QRectF(from_x, -20, outer - inner, 40), int(Qt.AlignmentFlag.AlignCenter), word)
        painter.restore()


class SegmentButton(QAbstractButton):
    """A word of the wheel as a button that is heard and focused, but not seen: the wheel paints it."""

    def __init__(self, segment: Segment, wheel: EmotionWheel) -> None:
        super().__init__(wheel)
        self.segment = segment
        self._wheel = wheel
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        word = texts.feeling(segment.word)
        self.setToolTip(texts.SEGMENT_TOOLTIP.format(word=word))

    def nextCheckState(self) -> None:  # noqa: N802 - Qt's name
        """Choose through the wheel when assistive technology presses the button."""
        self._wheel.toggle(self.segment.word)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Let the wheel do what the key means."""
        if event is not None and not self._wheel.handle_key(self.segment, event):
            event.ignore()

    def focusInEvent(self, event: QFocusEvent | None) -> None:  # noqa: N802 - Qt's name
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self._wheel.update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:  # noqa: N802 - Qt's name
        """Show that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self._wheel.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint nothing."""
