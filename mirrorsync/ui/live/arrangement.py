"""Where the parts of the live window lie: header, scene with the exercises beside it, status line."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mirrorsync.ui import texts
from mirrorsync.ui.theme import scaled_font

__all__ = ["framed_page", "header_row", "program_name", "scene_of"]

_GAP = 12


def program_name() -> QLabel:
    """Return the program's name, with some room after it."""
    name = QLabel(texts.APP)
    name.setFont(scaled_font(name.font(), 1.3, bold=True))
    name.setContentsMargins(0, 0, _GAP, 0)
    return name


def header_row(left: Sequence[QWidget], quiet: Sequence[QWidget], main: Sequence[QWidget]) -> QHBoxLayout:
    """Return the program's name and signs, and on the right the quiet and the main buttons."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in left:
        row.addWidget(widget)
    row.addStretch(1)
    for widget in quiet:
        row.addWidget(widget)
    row.addSpacing(_GAP)
    for widget in main:
        row.addWidget(widget)
    return row


def scene_of(pictures: Sequence[QWidget], cue: QWidget, meters: QWidget, strip: QWidget) -> QVBoxLayout:
    """Return the pictures side by side, the row for cues, the meters and the strip under them."""
    row = QHBoxLayout()
    row.setSpacing(_GAP)
    for picture in pictures:
        row.addWidget(picture, 1)
    scene = QVBoxLayout()
    scene.setSpacing(_GAP)
    scene.addLayout(row, 10)
    scene.addWidget(cue, 0)
    scene.addWidget(meters, 0)
    scene.addWidget(strip, 4)
    return scene


def framed_page(
    header: QHBoxLayout, notice: QWidget, scene: QVBoxLayout, beside: QWidget, status: QWidget
) -> QFrame:
    """Return all of it in a frame that can turn red."""
    middle = QHBoxLayout()
    middle.setSpacing(_GAP)
    middle.addLayout(scene, 1)
    middle.addWidget(beside)
    frame = QFrame()
    frame.setObjectName("frame")
    page = QVBoxLayout(frame)
    page.setContentsMargins(16, _GAP, 16, 8)
    page.setSpacing(_GAP)
    page.addLayout(header)
    page.addWidget(notice)
    page.addLayout(middle, 1)
    page.addWidget(status, 0)
    return frame
