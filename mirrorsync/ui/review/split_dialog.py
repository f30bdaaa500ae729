"""Who is where: the two parts of one recording, or which of two recordings shows you."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRect
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mirrorsync.capture.exact import ExactVideo
from mirrorsync.capture.feed import Crop
from mirrorsync.review.seam import find_seam
from mirrorsync.ui.layer_chip import LayerChip
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button, heading, soft_label
from mirrorsync.ui.review.split_view import SplitView
from mirrorsync.ui.theme import Theme, palette, style_sheet

__all__ = ["SplitDialog"]

_SIDE_BY_SIDE = ("left", "right")
_STACKED = ("top", "bottom")
_LATER_S = 0.4  # of the second picture in which a seam must still be
_NEAR_MIDDLE = 0.02  # of the side: halves are meant


class SplitDialog(QDialog):
    """Asks who is where; `feeds` has the answer.

    Parameters
    ----------
    files : sequence of Path
        One recording of both, or two recordings: yours and the partner's, unless they are swapped.

    Raises
    ------
    SourceError
        A file is no recording.
    """

    def __init__(self, files: Sequence[Path], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files = [str(path) for path in files]
        self._mode = _SIDE_BY_SIDE
        self._swapped = False
        self.views: list[SplitView] = []
        pictures, later = [], []
        for file in self._files:
            with ExactVideo(file) as video:
                pictures.append(video.read_at(0.0).rgb)
                if len(files) == 1:
                    later.append(video.read_at(_LATER_S).rgb)
        self.setWindowTitle(texts.SPLIT_TITLE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(heading(texts.SPLIT_TITLE, 1.3))
        self.chips: dict[tuple[str, str], LayerChip] = {}
        if len(self._files) == 1:
            layout.addWidget(soft_label(texts.SPLIT_BODY))
            self.view: SplitView | None = SplitView(pictures[0])
            self._height, self._width = pictures[0].shape[:2]
            layout.addLayout(self._modes())
            layout.addWidget(self.view, 1)
            self.view.set_theme(theme)
            self.view.frames_changed.connect(self._moved)
            self._suggest([pictures[0], later[0]])
        else:
            self.view = None
            layout.addWidget(soft_label(texts.SPLIT_TWO_BODY))
            row = QHBoxLayout()
            for picture in pictures:
                view = SplitView(picture)
                view.setEnabled(False)
                self.views.append(view)
                row.addWidget(view)
            layout.addLayout(row, 1)
            self._show_two()
        self.swap_button = button(texts.SPLIT_SWAP, self.swap)
        self.ok_button = button(texts.SPLIT_OK, self.accept, "primary")
        foot = QHBoxLayout()
        foot.addWidget(self.swap_button)
        foot.addStretch(1)
        foot.addWidget(button(texts.SPLIT_CANCEL, self.reject))
        foot.addWidget(self.ok_button)
        layout.addLayout(foot)
        self.ok_button.setDefault(True)  # a dialog only knows a default that is already in it
        QShortcut(QKeySequence("S"), self).activated.connect(self.swap)
        self.setPalette(palette(theme))
        self.setStyleSheet(style_sheet(theme))

    @property
    def feeds(self) -> tuple[str, str]:
        """Your feed string and the partner's."""
        if self.view is None:
            first, second = self._files[::-1] if self._swapped else self._files
            return first, second
        if self._mode[0]:
            sides = self._mode[::-1] if self._swapped else self._mode
            return f"{self._files[0]}#{sides[0]}", f"{self._files[0]}#{sides[1]}"
        frames = [self.view.frames[side] for side in "ab"]
        crops = [Crop("", frame.x(), frame.y(), frame.width(), frame.height()) for frame in frames]
        return f"{self._files[0]}#{crops[0]}", f"{self._files[0]}#{crops[1]}"

    def choose(self, mode: tuple[str, str]) -> None:
        """Split the picture in halves, or leave it to the frames (two empty words)."""
        self._mode = mode
        for key, chip in self.chips.items():
            chip.setChecked(key == mode)
        if mode[0] and self.view is not None:
            boxes = [Crop(side).box(self._width, self._height) for side in mode]
            frames = [QRect(*box) for box in (boxes[::-1] if self._swapped else boxes)]
            self.view.set_frames(frames[0], frames[1])

    def _suggest(self, pictures: list[NDArray[np.uint8]]) -> None:
        """Begin with the parts that the picture itself shows, else with halves."""
        stacked = self._height > 1.1 * self._width
        seam = find_seam(pictures, upright=not stacked)
        width, height = self._width, self._height
        side = height if stacked else width
        if seam is None or self.view is None or abs(seam - side / 2) <= _NEAR_MIDDLE * side:
            self.choose(_STACKED if stacked else _SIDE_BY_SIDE)
            return
        self.choose(("", ""))
        if stacked:
            self.view.set_frames(QRect(0, 0, width, seam), QRect(0, seam, width, height - seam))
        else:
            self.view.set_frames(QRect(0, 0, seam, height), QRect(seam, 0, width - seam, height))

    def swap(self) -> None:
        """Change who is who."""
        self._swapped = not self._swapped
        if self.view is None:
            self._show_two()
            return
        self.view.set_frames(self.view.frames["b"], self.view.frames["a"])

    def _modes(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        for mode, text in (
            (_SIDE_BY_SIDE, texts.SPLIT_HALVES),
            (_STACKED, texts.SPLIT_STACKED),
            (("", ""), texts.SPLIT_FREE),
        ):
            chip = LayerChip(text[0], text[0], text[1], checked=False)
            chip.clicked.connect(lambda _, mode=mode: self.choose(mode))
            self.chips[mode] = chip
            row.addWidget(chip)
        row.addStretch(1)
        return row

    def _moved(self) -> None:
        """A frame was moved by hand: the halves do not hold any more."""
        self._mode = ("", "")
        for key, chip in self.chips.items():
            chip.setChecked(key == self._mode)

    def _show_two(self) -> None:
        for at, view in enumerate(self.views):
            side = "ab"[at ^ int(self._swapped)]
            whole, nothing = QRect(0, 0, view.picture_size().width(), view.picture_size().height()), QRect()
            view.set_frames(*((whole, nothing) if side == "a" else (nothing, whole)))
