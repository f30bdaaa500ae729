"""Looking at each other: the ring, its keys, and the question afterwards. Paints a state, decides nothing."""

from __future__ import annotations

import math

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from mirrorsync.practice.mutual_gaze import MutualGazeState
from mirrorsync.practice.texts import say
from mirrorsync.ui.practice.parts import button, centred_row, exchange, line, on_keys
from mirrorsync.ui.theme import LIGHT, Theme, mix, scaled_font

__all__ = ["GazePractice"]

_THICK = 18.0
_BUTTONS = {
    "ready": ("begin", "stop"),
    "calibrating": ("stop",),
    "unmeasured": ("again", "go_on", "stop"),
    "looking": ("ground", "stop"),
    "grounding": ("resume", "stop"),
    "question": ("keep", "leave"),
    "done": ("done",),
}
_DESCRIBED_EVERY = 10  # per cent: how often a screen reader hears of the ring


class GazePractice(QWidget):
    """Shows a `MutualGazeState` and passes on what is pressed.

    Signals
    -------
    begun(), retried(), gone_on(), grounded(), resumed(), stopped()
        The methods of `MutualGaze` that are meant.
    answered(str)
        The question was answered, with an empty text when it was left alone.
    left()
        It is over, and the page is to be left.
    """

    begun = pyqtSignal()
    retried = pyqtSignal()
    gone_on = pyqtSignal()
    grounded = pyqtSignal()
    resumed = pyqtSignal()
    stopped = pyqtSignal()
    answered = pyqtSignal(str)
    left = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(say("gaze.title"))
        self.state = MutualGazeState(phase="")
        self.ring = _Ring()
        self.words = line(1.2, lines=3)
        self.notice = line(1.0, soft=True, lines=3)
        self.answer = QPlainTextEdit()
        self.answer.setAccessibleName(say("gaze.answer"))
        self.answer.setToolTip(say("gaze.answer.tip"))
        self.answer.setPlaceholderText(say("gaze.answer"))
        self.answer.setTabChangesFocus(True)
        self.answer.setMaximumHeight(6 * self.answer.fontMetrics().lineSpacing())
        self.buttons = {
            "begin": button("gaze.begin", self.begun.emit, primary=True),
            "again": button("gaze.again", self.retried.emit, primary=True),
            "go_on": button("gaze.go_on", self.gone_on.emit),
            "ground": button("gaze.ground", self.grounded.emit),
            "resume": button("gaze.resume", self.resumed.emit),
            "keep": button("gaze.keep", lambda: self.answered.emit(self.answer.toPlainText()), primary=True),
            "leave": button("gaze.leave", lambda: self.answered.emit("")),
            "stop": button("gaze.stop", self.stopped.emit),
            "done": button("panel.done", self.left.emit, primary=True),
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 16, 14, 14)
        layout.setSpacing(16)
        layout.addWidget(self.ring, 1)
        for widget in (self.words, self.notice, self.answer):
            layout.addWidget(widget)
        layout.addLayout(centred_row(*self.buttons.values()))
        on_keys(self, ("Return", "Enter"), self._enter)
        on_keys(self, ("G",), lambda: self._press("ground", "resume"))
        on_keys(self, ("Ctrl+Return", "Ctrl+Enter"), lambda: self._press("keep"))
        on_keys(self, ("Escape",), lambda: self._press("stop", "leave", "done"))
        self.show_state(MutualGazeState())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.ring.set_theme(theme)
        self.answer.setStyleSheet(
            f"QPlainTextEdit {{ background: {theme.card}; color: {theme.ink}; padding: 4px; "
            f"border: 1px solid {theme.line}; border-radius: 7px; "
            f"placeholder-text-color: {theme.soft}; }} "
            f"QPlainTextEdit:focus {{ border: 1px solid {theme.both}; }}"
        )

    def show_state(self, state: MutualGazeState) -> None:
        """Show `state`."""
        changed = state.phase != self.state.phase
        self.state = state
        self.words.setText(say(state.question or state.prompt))
        self.notice.setText(say(state.notice))
        self.notice.setVisible(bool(state.notice))
        self.ring.show_state(state)
        if changed:
            self._arrange(state.phase)

    def _arrange(self, phase: str) -> None:
        """Show the buttons that mean something now, and put the keyboard where it is needed."""
        shown: list[QWidget] = [self.buttons[key] for key in _BUTTONS[phase]]
        if phase == "question":
            self.answer.clear()
            shown.insert(0, self.answer)
        exchange(self, shown, (self.answer, *self.buttons.values()))

    def _enter(self) -> None:
        """Press the button that has the keyboard, or else the one that leads on."""
        for one in self.buttons.values():
            if one.hasFocus():
                one.click()
                return
        self._press("begin", "again", "done")

    def _press(self, *names: str) -> None:
        """Press the one of these buttons that is there."""
        for name in names:
            if not self.buttons[name].isHidden():
                self.buttons[name].click()
                return


class _Ring(QWidget):
    """The ring: full when the time is looked, lit while both look."""

    def __init__(self) -> None:
        super().__init__()
        self.state = MutualGazeState()
        self._theme: Theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(say("gaze.title"))
        self.setToolTip(say("gaze.ring.tip"))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_state(self, state: MutualGazeState) -> None:
        """Show `state`."""
        percent = int(100 * state.progress) // _DESCRIBED_EVERY * _DESCRIBED_EVERY
        described = say("gaze.ring.described").format(
            prompt=say(state.question or state.prompt), percent=percent
        )
        if described != self.accessibleDescription():
            self.setAccessibleDescription(described)
        self.state = state
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size to be seen from the corner of an eye."""
        return QSize(300, 300)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the smallest useful size."""
        return QSize(160, 160)

    def circle(self) -> QRectF:
        """Return the circle along which the ring runs."""
        side = min(self.width(), self.height()) - _THICK - 6
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the track, the ring from the top clockwise, and the seconds that are left."""
        theme, state, circle = self._theme, self.state, self.circle()
        calibrating = state.phase == "calibrating"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if state.together:
            # Lit by a disc inside as well, not by the colour of the ring alone.
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.comfort))
            painter.drawEllipse(circle.adjusted(_THICK, _THICK, -_THICK, -_THICK))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.track), _THICK))
        painter.drawEllipse(circle)
        lit = state.together or state.phase in ("question", "done")
        colour = QColor(theme.soft) if calibrating else mix(theme.both, 1.0 if lit else 0.45)
        pen = QPen(colour, _THICK - 6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        if state.progress > 0:
            painter.drawArc(circle, 90 * 16, round(-360 * 16 * min(state.progress, 1.0)))
        if state.phase in ("ready", "looking") and math.isfinite(state.left_s):
            painter.setPen(QColor(theme.ink))
            painter.setFont(scaled_font(self.font(), 2.0))
            left = say("gaze.left").format(left=math.ceil(state.left_s - 1e-6))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, left)
        painter.end()
