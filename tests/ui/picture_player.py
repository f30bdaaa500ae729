"""A window in a process of its own that plays the partner, as a video call would: X Y WIDTH HEIGHT.

It says "playing" on standard output once the first picture is painted, and ends with standard input. There
it is told what happens, a line at a time: "brows=1.7 jaw=0.95" moves the face there and leaves all else at
rest, "away" leaves the picture empty, "back" brings the person back.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QSocketNotifier, Qt, QTimer
from PyQt6.QtGui import QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QApplication, QWidget
from PyQt6.sip import voidptr

from mirrorsync.assets import asset_path
from mirrorsync.demo.curves import CONTROLS, ground_truth
from mirrorsync.demo.portrait import LOOKS, Painter

_EVERY_MS = 80
_SIZE = (640, 480)
_SHARE = 0.25  # of the scripted movements: somebody who sits and listens
_FACE = ("smile", "jaw", "brows")
_GOES_THERE_S = 0.6


class Player(QWidget):
    """Shows 12.5 pictures a second."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.BypassWindowManagerHint | Qt.WindowType.FramelessWindowHint)
        self._painter = Painter(asset_path("astronaut.png"), LOOKS["partner"], _SIZE)
        times = np.arange(0.0, 300.0, _EVERY_MS / 1000)
        script = ground_truth("partner", times, seconds=300.0)
        self._script = {name: _SHARE * script[name] for name in CONTROLS if name not in _FACE}
        self._script["breath"] = script["breath"]
        self._face = dict.fromkeys(_FACE, 0.0)
        self._wanted = dict(self._face)
        self._there = True
        self._image = QImage()
        self._began_s = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._next)
        self._timer.start()

    def tell(self, line: str) -> None:
        """Take a line from standard input."""
        self._there = line != "away"
        moved = dict(word.split("=") for word in line.split() if "=" in word)
        self._wanted = {name: float(moved.get(name, 0.0)) for name in _FACE}

    def _next(self) -> None:
        at = int((time.monotonic() - self._began_s) * 1000 / _EVERY_MS)
        for name, wanted in self._wanted.items():
            step = 2.0 * _EVERY_MS / 1000 / _GOES_THERE_S
            self._face[name] += min(max(wanted - self._face[name], -step), step)
        controls = {name: float(values[at % len(values)]) for name, values in self._script.items()}
        rgb = self._painter.paint(controls | self._face) if self._there else _empty(at)
        first = self._image.isNull()
        kind = QImage.Format.Format_RGB888
        self._image = QImage(rgb.tobytes(), *_SIZE, 3 * _SIZE[0], kind).copy()
        self.repaint()
        if first:
            sys.stdout.write("playing\n")
            sys.stdout.flush()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.drawImage(self.rect(), self._image)
        painter.end()


def _empty(at: int) -> NDArray[np.uint8]:
    """An empty chair, in light that changes a little: no two pictures are the same."""
    return np.full((_SIZE[1], _SIZE[0], 3), 120 + at % 3, np.uint8)


def main() -> None:
    """Play until standard input ends."""
    application = QApplication([])
    player = Player()
    player.setGeometry(*(int(word) for word in sys.argv[1:5]))
    player.show()

    def told() -> None:
        line = sys.stdin.readline()
        if line:
            player.tell(line.strip())
        else:
            application.quit()

    telling = QSocketNotifier(voidptr(sys.stdin.fileno()), QSocketNotifier.Type.Read)
    telling.activated.connect(told)
    application.exec()


if __name__ == "__main__":
    main()
