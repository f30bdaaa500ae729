"""The line at the bottom: what is going on, how fast, how late, what was dropped."""

from __future__ import annotations

import math

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from mirrorsync.engine.status import LiveStatus
from mirrorsync.ui import texts, trouble_texts

__all__ = ["StatusBar"]


class StatusBar(QWidget):
    """A sentence on the left, three figures on the right whose places never move."""

    def __init__(self) -> None:
        super().__init__()
        self._sentence = ""
        self._message = QLabel()
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.reduced = QLabel("")
        self.reduced.setObjectName("warning")
        self.reduced.hide()
        self.rate = _figure(texts.STATUS_RATE.format(a="00", b="00"), texts.STATUS_RATE_TOOLTIP)
        self.latency = _figure(texts.STATUS_LATENCY.format(ms=9999), texts.STATUS_LATENCY_TOOLTIP)
        self.drops = _figure(texts.STATUS_DROPS.format(n=99999), texts.STATUS_DROPS_TOOLTIP)
        self.sending = QLabel()
        self.sending.setToolTip(texts.STATUS_SENDING_TOOLTIP)
        self.sending.setAccessibleDescription(texts.STATUS_SENDING_TOOLTIP)
        self.sending.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(24)
        layout.addWidget(self._message, 1)
        layout.addWidget(self.reduced)
        for label in (self.sending, self.rate, self.latency, self.drops):
            layout.addWidget(label)
        self.say(texts.STATUS_IDLE)
        self.clear_figures()

    @property
    def sentence(self) -> str:
        """The sentence on the left, in full."""
        return self._sentence

    def say(self, sentence: str) -> None:
        """Show a sentence; too long a one is shortened and stands in full in the tooltip."""
        if sentence != self._sentence:
            self._sentence = sentence
            self._message.setToolTip(sentence)
            self._message.setAccessibleName(sentence)
            self._fit()

    def show_figures(self, status: LiveStatus, latency_ms: float) -> None:
        """Show frame rates, the latency and the drops."""
        self._show_reduced(status.reduced)
        self.rate.setText(texts.STATUS_RATE.format(a=_whole(status.a.fps), b=_whole(status.b.fps)))
        known = math.isfinite(latency_ms)
        self.latency.setText(texts.STATUS_LATENCY.format(ms=latency_ms) if known else texts.STATUS_NO_LATENCY)
        self.drops.setText(texts.STATUS_DROPS.format(n=status.a.dropped + status.b.dropped))
        self.sending.setText(texts.STATUS_SENDING.format(to=status.sending))
        self.sending.setVisible(bool(status.sending))

    def clear_figures(self) -> None:
        """Empty the figures while nothing runs."""
        self._show_reduced("")
        for label in (self.rate, self.latency, self.drops):
            label.setText("")
        self.sending.hide()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Shorten the sentence to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _show_reduced(self, reduced: str) -> None:
        """Say for as long as it lasts that less is measured because this machine is slow."""
        label, tooltip = trouble_texts.REDUCED.get(reduced, ("", ""))
        if label != self.reduced.text():
            self.reduced.setText(label)
            self.reduced.setToolTip(tooltip)
            self.reduced.setVisible(bool(label))

    def _fit(self) -> None:
        room = max(self._message.width(), 40)
        self._message.setText(
            self.fontMetrics().elidedText(self._sentence, Qt.TextElideMode.ElideRight, room)
        )


def _figure(longest: str, tooltip: str) -> QLabel:
    label = QLabel(longest)
    label.setObjectName("soft")
    label.setToolTip(tooltip)
    label.setMinimumWidth(label.sizeHint().width())
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


def _whole(number: float) -> str:
    return f"{number:.0f}" if math.isfinite(number) else "–"
