"""One person's half of the window: who it is, where the picture comes from, the picture, its layers."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mirrorsync.ui import texts
from mirrorsync.ui.layer_chip import LayerChip
from mirrorsync.ui.live.feed_picker import FeedPicker
from mirrorsync.ui.live.part_picker import PartPicker
from mirrorsync.ui.theme import LIGHT, Theme, scaled_font
from mirrorsync.ui.video_view import VideoView

__all__ = ["PersonCard"]


class PersonCard(QFrame):
    """Holds a dot in the person's colour, the picker, the chips and the picture."""

    def __init__(self, side: str, picker: FeedPicker) -> None:
        super().__init__()
        self.setObjectName("card")
        self.picker = picker
        self.part = PartPicker(side, picker)
        self.view = VideoView(side)
        whose = texts.PICKER_WHOSE[side]
        self.body_chip = _chip(texts.LAYER_BODY, whose)
        self.face_chip = _chip(texts.LAYER_FACE, whose)
        self._dot = _Dot(side)
        who = QLabel(texts.YOU if side == "a" else texts.PARTNER)
        who.setFont(scaled_font(self.font(), 1.1, bold=True))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._dot)
        head.addWidget(who)
        head.addSpacing(8)
        head.addWidget(picker, 1)
        self._head, self._below = head, QHBoxLayout()
        self._below.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addLayout(self._below)
        layout.addWidget(self.view, 1)
        self._narrow: bool | None = None
        self.set_narrow(False)
        for chip in (self.body_chip, self.face_chip):
            chip.toggled.connect(self._show_layers)
            chip.setEnabled(False)
        self.view.layers_changed.connect(self._enable_chips)

    def let_choose(self, on: bool) -> None:
        """Let the feed be chosen, or not while it is open."""
        self.picker.setEnabled(on)
        self.part.setEnabled(on)

    def set_narrow(self, narrow: bool) -> None:
        """Put the part and the chips below the feed, or beside it."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        row = self._below if narrow else self._head
        for widget in (self.part, self.body_chip, self.face_chip):
            row.addWidget(widget)  # a widget is in one row at a time
        if narrow:
            row.setAlignment(Qt.AlignmentFlag.AlignLeft)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._dot.set_theme(theme)
        self.view.set_theme(theme)

    def _show_layers(self) -> None:
        self.view.show_layers(body=self.body_chip.isChecked(), face=self.face_chip.isChecked())

    def _enable_chips(self, body: bool, face: bool) -> None:
        self.body_chip.setEnabled(body)
        self.face_chip.setEnabled(face)


def _chip(text: tuple[str, str], whose: str) -> LayerChip:
    return LayerChip(text[0], texts.LAYER_NAME.format(layer=text[0], whose=whose), text[1])


class _Dot(QWidget):
    """A dot in the person's colour."""

    def __init__(self, side: str) -> None:
        super().__init__()
        self._side = side
        self._theme: Theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(14, 14)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(self._theme.you if self._side == "a" else self._theme.partner)
        painter.setPen(colour)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(7, 7), 5.5, 5.5)
        painter.end()
