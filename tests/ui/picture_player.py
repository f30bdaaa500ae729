"""A window in a process of its own that plays a feed, as a video call would: X Y WIDTH HEIGHT FEED.

It says "playing" on standard output once the first picture is painted, and ends with standard input.
"""

from __future__ import annotations

import sys

from PyQt6.QtCore import QSocketNotifier, Qt, QTimer
from PyQt6.QtGui import QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QApplication, QWidget
from PyQt6.sip import voidptr

from mirrorsync.capture import open_source
from mirrorsync.settings import Settings

_EVERY_MS = 40


class Player(QWidget):
    """Shows the pictures of a feed at 25 a second."""

    def __init__(self, feed: str) -> None:
        super().__init__(None, Qt.WindowType.BypassWindowManagerHint | Qt.WindowType.FramelessWindowHint)
        self._source = open_source(feed, Settings())
        self._image = QImage()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._next)
        self._timer.start()

    def _next(self) -> None:
        frame = self._source.read()
        if frame is None:
            return
        first = self._image.isNull()
        kind = QImage.Format.Format_RGB888
        self._image = QImage(frame.rgb.tobytes(), frame.width, frame.height, 3 * frame.width, kind).copy()
        self.repaint()
        if first:
            sys.stdout.write("playing\n")
            sys.stdout.flush()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.drawImage(self.rect(), self._image)
        painter.end()


def main() -> None:
    """Play until standard input ends."""
    application = QApplication([])
    player = Player(sys.argv[5])
    player.setGeometry(*(int(word) for word in sys.argv[1:5]))
    player.show()
    ending = QSocketNotifier(voidptr(sys.stdin.fileno()), QSocketNotifier.Type.Read)
    ending.activated.connect(application.quit)
    application.exec()


if __name__ == "__main__":
    main()
