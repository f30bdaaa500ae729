"""Windows that fit the screen they open on."""

from __future__ import annotations

from PyQt6.QtWidgets import QWidget

__all__ = ["resize_within"]

_FRAME = (4, 40)  # what a window manager puts around a window: edges, title bar


def resize_within(window: QWidget, width: int, height: int) -> None:
    """Give a window its usual size, or as much of it as its screen has room for.

    Parameters
    ----------
    window : QWidget
        Not shown yet; what it needs at least is its own affair.
    width, height : int
        In pixels, without the frame.
    """
    screen = window.screen()
    if screen is not None:
        room = screen.availableGeometry()
        width, height = min(width, room.width() - _FRAME[0]), min(height, room.height() - _FRAME[1])
    window.resize(width, height)
