"""Where the parts of the workspace stand: pictures and tabs above, the timeline below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from mirrorsync.ui.review import texts

if TYPE_CHECKING:
    from mirrorsync.ui.review.workspace import Workspace

__all__ = ["lay_out"]


def lay_out(room: Workspace) -> QWidget:
    """Put the parts of a workspace in their places; return the page of its notes."""
    pictures = QHBoxLayout()
    pictures.setSpacing(10)
    for picture in room.pictures:
        pictures.addWidget(picture, 1)
    film = _card()
    inside = QVBoxLayout(film)
    inside.setContentsMargins(12, 12, 12, 8)
    inside.setSpacing(8)
    inside.addLayout(pictures, 1)
    inside.addWidget(room.transport)
    notes_page = _page(room.notes)
    room.tabs.setDocumentMode(True)
    for page, (name, tooltip) in (
        (_page(room.moments), texts.MOMENTS_TITLE),
        (notes_page, texts.NOTES_TITLE),
        (_page(room.numbers), texts.NUMBERS_TITLE),
    ):
        room.tabs.setTabToolTip(room.tabs.addTab(page, name), tooltip)
    bar = room.tabs.tabBar()
    if bar is not None:
        bar.setAccessibleName(texts.TABS_NAME)
    side = _card()
    beside = QVBoxLayout(side)
    beside.setContentsMargins(0, 0, 0, 0)
    beside.addWidget(room.tabs)
    beside.addWidget(room.reflect)
    upper = QSplitter(Qt.Orientation.Horizontal)
    upper.addWidget(film)
    upper.addWidget(side)
    upper.setStretchFactor(0, 3)
    upper.setStretchFactor(1, 1)
    upper.setSizes([900, 340])
    strip = _card()
    under = QVBoxLayout(strip)
    under.setContentsMargins(6, 8, 10, 4)
    under.addWidget(room.timeline)
    whole = QSplitter(Qt.Orientation.Vertical)
    whole.addWidget(upper)
    whole.addWidget(strip)
    whole.setSizes([470, 330])
    for splitter in (upper, whole):
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(10)
    layout = QVBoxLayout(room)
    layout.setContentsMargins(12, 8, 12, 8)
    layout.setSpacing(8)
    layout.addWidget(room.analysis)
    layout.addWidget(room.notice)
    layout.addWidget(whole, 1)
    return notes_page


def _card() -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    return card


def _page(inside: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(12, 10, 12, 12)
    layout.addWidget(inside)
    return page
