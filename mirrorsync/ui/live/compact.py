"""The compact strip: attunement, the single meters small, who leads; it stays on top of the call.

One place holds what is said, two lines of it: what must not be missed, a feed that is gone, a cue, what else
is wrong, the newest message, and who leads, in this order.
"""

from __future__ import annotations

import math

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QFontMetrics, QKeyEvent, QMouseEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mirrorsync.engine.status import LiveStatus
from mirrorsync.ui import texts, trouble_texts
from mirrorsync.ui.live.compact_meters import MiniMeters, WideBar
from mirrorsync.ui.live.controls import restyle
from mirrorsync.ui.live.readout import Reading
from mirrorsync.ui.live.screen_fit import available
from mirrorsync.ui.theme import Theme, scaled_font
from mirrorsync.ui.troubles import NO_TROUBLE, worst_of

__all__ = ["CompactStrip", "fitted"]

_LINES = 2
_WIDE_EM, _TIGHT_EM = 30, 24  # widths of the place for words, in widths of an M
_MESSAGE_MS = 10_000
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
        self._notice = ("", "")
        self._trouble = NO_TROUBLE
        self._cue = self._message = self._lead = self._words = ""
        self._reduced = ("", "")
        self._message_is_new = False
        self._message_timer = QTimer(self)
        self._message_timer.setSingleShot(True)
        self._message_timer.setInterval(_MESSAGE_MS)
        self._message_timer.timeout.connect(self._message_over)
        self.setObjectName("compact")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(texts.COMPACT_NAME)
        self.setAccessibleName(texts.COMPACT_NAME)
        self.setToolTip(texts.COMPACT_TOOLTIP)
        self.bar = WideBar()
        self.minis = MiniMeters()
        self.word = QLabel(texts.NOT_ENOUGH)
        self.word.setFont(scaled_font(self.font(), 1.3, bold=True))
        self.word.setToolTip(texts.MEANINGS["attunement"])
        self.lead = QLabel("")
        self.lead.setObjectName("soft")
        self.lead.setWordWrap(True)
        self.lead.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
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
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 12, 8)
        self._row.addLayout(words)
        self._row.addWidget(self.bar, 1)
        self._row.addWidget(self.minis)
        for widget in (self.rec, stop, expand):
            self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._set_width(tight=False)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.bar.theme = theme
        self.minis.set_theme(theme)
        self.update()

    def set_reading(self, reading: Reading) -> None:
        """Show a reading."""
        attunement = reading.meters["attunement"]
        self.bar.set_reading(attunement)
        self.minis.set_readings(reading.meters)
        known = math.isfinite(attunement.level)
        self.word.setText(attunement.words)
        self._lead = reading.lead_words if known else ""
        self._say()

    def show_sentence(self, sentence: str) -> None:
        """Show a cue or an invitation; an empty one takes it away."""
        self._cue = sentence
        self._say()

    def show_notice(self, heading: str, sentence: str) -> None:
        """Show what must not be missed until it is put away, by an empty heading."""
        self._notice = (trouble_texts.STRIP_NOTICE.format(heading=heading), sentence) if heading else ("", "")
        self._say()

    def show_message(self, message: str) -> None:
        """Show a sentence for a while, and longer where there is nothing else to show."""
        self._message, self._message_is_new = message, True
        self._message_timer.start()
        self._say()

    def show_status(self, status: LiveStatus) -> None:
        """Show what is wrong with the pictures, or with the machine."""
        self._trouble = worst_of(status)
        self._reduced = trouble_texts.REDUCED.get(status.reduced, ("", ""))
        self._say()

    def _message_over(self) -> None:
        self._message_is_new = False
        self._say()

    def _say(self) -> None:
        """Show what weighs most; its whole is in the tooltip."""
        trouble = self._trouble
        choices = (
            (*self._notice, "cue"),
            (trouble.sentence if trouble.grave else "", "", "cue"),
            (self._cue, "", "cue"),
            (trouble.sentence, "", "cue"),
            (self._message if self._message_is_new else "", "", "soft"),
            (*self._reduced, "soft"),
            (self._lead, "", "soft"),
            (self._message, "", "soft"),
        )
        words, more, kind = next((choice for choice in choices if choice[0]), ("", "", "soft"))
        whole = f"{words} {more}".strip()
        if (whole, kind) == (self.lead.accessibleName(), self.lead.objectName()):
            return
        self._words = words
        self._fit_words()
        self.lead.setToolTip(whole)
        self.lead.setAccessibleName(whole)
        if kind != self.lead.objectName():
            self.lead.setObjectName(kind)
            restyle(self.lead)

    def _fit_words(self) -> None:
        self.lead.setText(fitted(self._words, self._metrics(), self.lead.maximumWidth(), _LINES))

    def _metrics(self) -> QFontMetrics:
        """Return the measures of the widest that is written: cues are bold."""
        return QFontMetrics(scaled_font(self.lead.font(), 1.0, bold=True))

    def _set_width(self, *, tight: bool) -> None:
        """Give words their place; it keeps its size, so that nothing moves when they change."""
        metrics = self._metrics()
        self.lead.setFixedWidth((_TIGHT_EM if tight else _WIDE_EM) * metrics.horizontalAdvance("M"))
        self.lead.setFixedHeight(_LINES * metrics.lineSpacing() + 2)
        self._row.setSpacing(8 if tight else 18)
        self.bar.setMinimumWidth(self.bar.minimumSizeHint().width() if tight else self.bar.sizeHint().width())

    def show_at_bottom(self) -> None:
        """Show the strip; the first time in the middle of the screen's lower edge, always inside it."""
        room = available(self)
        self.fit_into(room.width())
        if not self._placed:
            self.move(room.center().x() - self.width() // 2, room.bottom() - self.height() - 24)
        self._placed = True
        self.move(
            max(room.left(), min(self.x(), room.right() + 1 - self.width())),
            max(room.top(), min(self.y(), room.bottom() + 1 - self.height())),
        )
        self.show()

    def fit_into(self, width: int) -> None:
        """Take no more than `width`: closer together, and at last without the small meters."""
        self.minis.show()
        for tight in (False, True):
            self._set_width(tight=tight)
            if self._needed() <= width:
                break
        self.minis.setHidden(self._needed() > width)
        self.resize(self._needed(), self.sizeHint().height())
        self._fit_words()

    def _needed(self) -> int:
        """Return the width that everything needs as it is now."""
        self._row.invalidate()
        self._row.activate()
        return self.minimumSizeHint().width()

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


def fitted(words: str, metrics: QFontMetrics, width: int, lines: int) -> str:
    """Return `words`, or as many of them as go into so many lines of a width, and an ellipsis."""

    def fits(text: str) -> bool:
        room = metrics.boundingRect(0, 0, width, 10_000, int(Qt.TextFlag.TextWordWrap), text)
        return room.height() <= lines * metrics.lineSpacing() and room.width() <= width

    if fits(words):
        return words
    kept = words.split()
    while len(kept) > 1 and not fits(" ".join(kept) + "…"):
        kept.pop()
    return " ".join(kept).rstrip(",;:.") + "…"
