"""The strip with its title and a chip for each line."""

from __future__ import annotations

from functools import partial

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPaintEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from mirrorsync.tables import CHANNELS
from mirrorsync.ui import texts
from mirrorsync.ui.layer_chip import LayerChip
from mirrorsync.ui.live.strip import Strip
from mirrorsync.ui.theme import STRIP_PENS, Theme

__all__ = ["StripCard"]


class _Title(QLabel):
    """Words that are there in full or not at all."""

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint the words where they have room."""
        if self.width() >= self.sizeHint().width():
            super().paintEvent(event)


class StripCard(QFrame):
    """Holds the strip and the chips that switch its lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.strip = Strip()
        self.chips: dict[str, LayerChip] = {}
        head = QHBoxLayout()
        head.setSpacing(6)
        title = _Title(texts.STRIP_TITLE)
        title.setObjectName("soft")
        # In a narrow window the chips need all of the room.
        title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head.addWidget(title, 1)
        for name in ("attunement", *texts.METER_ORDER):
            label = CHANNELS[name].title
            chip = LayerChip(
                label,
                texts.STRIP_CHIP_NAME.format(title=label),
                texts.STRIP_CHIP_TOOLTIP.format(title=label),
                checked=name == "attunement",
            )
            chip.toggled.connect(partial(self.strip.show_channel, name))
            self.chips[name] = chip
            head.addWidget(chip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 14, 6)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.strip, 1)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.strip.set_theme(theme)
        for name, chip in self.chips.items():
            if name == "attunement":
                chip.set_sample(theme.both, 3, Qt.PenStyle.SolidLine)
            else:
                colour, style = STRIP_PENS[name]
                chip.set_sample(colour, 2, style)
