"""Which part of the picture is meant, where two people are in one."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtWidgets import QComboBox

from mirrorsync.capture.feed import Crop, FeedSpec, parse_feed
from mirrorsync.errors import UsageError
from mirrorsync.ui import texts
from mirrorsync.ui.live.feed_picker import FeedPicker

__all__ = ["PartPicker"]


class PartPicker(QComboBox):
    """Shows the part that the feed beside it names after `#`, and changes it.

    Parameters
    ----------
    side : str
        "a" or "b".
    picker : FeedPicker
        Where the feed is chosen.
    """

    def __init__(self, side: str, picker: FeedPicker) -> None:
        super().__init__()
        self._picker = picker
        name = texts.PART_NAME.format(whose=texts.PICKER_WHOSE[side])
        self.setAccessibleName(name)
        self.setToolTip(f"{name}. {texts.PART_TOOLTIP}")
        for part, label in texts.PARTS.items():
            self.addItem(label, part)
        # A rectangle that was typed may be long, and must not widen the window.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        picker.chosen.connect(self._show)
        self.activated.connect(self._picked)
        self._show(picker.feed())

    def _spec(self) -> FeedSpec | None:
        try:
            return parse_feed(self._picker.feed())
        except UsageError:  # nothing chosen yet, or a slip of the hand: Start says which
            return None

    def _show(self, _feed: str) -> None:
        spec = self._spec()
        part = "" if spec is None or spec.crop is None else str(spec.crop)
        if self.count() > len(texts.PARTS):
            self.removeItem(len(texts.PARTS))
        if part not in texts.PARTS:
            self.addItem(part, part)  # a rectangle of one's own, typed
        self.setCurrentIndex(self.findData(part))

    def _picked(self, row: int) -> None:
        spec, part = self._spec(), str(self.itemData(row))
        if spec is None:
            self.setCurrentIndex(0)
        elif part in texts.PARTS:
            self._picker.set_feed(str(replace(spec, crop=Crop(part) if part else None)))
