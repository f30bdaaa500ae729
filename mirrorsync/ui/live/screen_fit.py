"""The window never takes more of the screen than there is: its parts give way one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QObject, QRect, QSize, QTimer
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QMainWindow, QWidget

__all__ = ["ScreenFit", "available"]

_FRAME = QSize(4, 38)  # what a window manager puts around a window, as long as it is not known
_FRAMED_MS = 200
_NO_SCREEN = QRect(0, 0, 1920, 1080)

Squeeze = Callable[[bool], object]


def available(window: QWidget) -> QRect:
    """Return the part of the window's screen that windows may take; offscreen nothing is in the way."""
    screen = window.screen()
    if screen is None or QGuiApplication.platformName() == "offscreen":
        return _NO_SCREEN
    return screen.availableGeometry()


class ScreenFit(QObject):
    """Keeps a window inside its screen, and gives room back that was taken for a panel beside.

    Parameters
    ----------
    window : QMainWindow
        Its central widget says how much it needs.
    wanted : QSize
        Its size at first, where the screen has room for it.
    for_width, for_height : sequence of callable
        Called with True to make a part smaller, and with False to undo it; those that come first give way
        first. What is in `for_height` gives way when the window is too wide as well, last of all.
    """

    def __init__(
        self, window: QMainWindow, wanted: QSize, for_width: Sequence[Squeeze], for_height: Sequence[Squeeze]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._for_width = for_width
        self._for_height = for_height
        self._before = wanted.width()
        self._widened = 0
        self._follows = False
        self._framed = QTimer(self)
        self._framed.setSingleShot(True)
        self._framed.setInterval(_FRAMED_MS)
        self._framed.timeout.connect(self.fit)
        window.resize(wanted)

    def shown(self) -> None:
        """Fit the window that is being shown, again once it has its frame, and on every other screen."""
        self.fit()
        self._framed.start()
        handle = self._window.windowHandle()
        if handle is not None and not self._follows:
            self._follows = True
            handle.screenChanged.connect(lambda _: self._framed.start())

    def fit(self) -> None:
        """Let no more parts give way than have to, and bring the window inside the screen."""
        room = self._room()
        for squeeze in (*self._for_width, *self._for_height):
            squeeze(False)
        for squeeze in self._for_width:
            if self._needed().width() <= room.width():
                break
            squeeze(True)
        for squeeze in self._for_height:
            needed = self._needed()
            if needed.width() <= room.width() and needed.height() <= room.height():
                break
            squeeze(True)
        self._needed()
        self._stay_inside(room)

    def remember(self) -> None:
        """Keep the width that the window has, before something comes beside the rest."""
        self._before = self._window.width()

    def make_room(self, width: int) -> None:
        """Widen the window for what is beside the rest now, where the screen has room for it."""
        before = self._before
        self.fit()
        if not self._fills_the_screen():
            self._window.resize(min(before + width, self._room().width()), self._window.height())
            self._stay_inside(self._room())
            self._widened = max(0, self._window.width() - before)

    def give_room_back(self) -> None:
        """Make the window as wide again as it was before, now that what was beside is gone."""
        self.fit()
        if self._widened and not self._fills_the_screen():
            self._window.resize(self._window.width() - self._widened, self._window.height())
        self._widened = 0

    def _fills_the_screen(self) -> bool:
        return self._window.isMaximized() or self._window.isFullScreen()

    def _room(self) -> QSize:
        """Return the size that the window may have, without its frame."""
        window = self._window
        frame = window.frameGeometry().size() - window.size()
        return available(window).size() - (_FRAME if frame.isEmpty() else frame)

    def _needed(self) -> QSize:
        """Return the least size of the window as it is arranged now; it may be that small at once."""
        page = self._window.centralWidget()
        for widget in (*(page.findChildren(QWidget) if page is not None else ()), page, self._window):
            layout = None if widget is None else widget.layout()
            if layout is not None:
                layout.invalidate()
                layout.activate()
        return self._window.minimumSizeHint()

    def _stay_inside(self, room: QSize) -> None:
        window = self._window
        if self._fills_the_screen():
            return
        if window.width() > room.width() or window.height() > room.height():
            window.resize(window.size().boundedTo(room))
        if not window.isVisible():
            return  # the window manager chooses the place
        frame, screen = window.frameGeometry(), available(window)
        left = max(screen.left(), min(frame.left(), screen.right() + 1 - frame.width()))
        top = max(screen.top(), min(frame.top(), screen.bottom() + 1 - frame.height()))
        if (left, top) != (frame.left(), frame.top()):
            window.move(left, top)
