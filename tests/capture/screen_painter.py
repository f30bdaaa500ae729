"""A window in a process of its own that shows numbers as bars, one for each line it is given.

    python screen_painter.py X Y WIDTH HEIGHT

Eight bars stand side by side, the lowest bit first: SET where the bit is, UNSET where it is not.
"""

from __future__ import annotations

import os
import sys

from PyQt6.QtCore import QSocketNotifier, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QApplication, QWidget
from PyQt6.sip import voidptr

BITS = 8
SET = (200, 40, 90)
UNSET = (20, 90, 180)


class Bars(QWidget):
    """Shows one number."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.BypassWindowManagerHint | Qt.WindowType.FramelessWindowHint)
        self.number = 0

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        for bit in range(BITS):
            left, right = (self.width() * edge // BITS for edge in (bit, bit + 1))
            colour = QColor(*(SET if self.number >> bit & 1 else UNSET))
            painter.fillRect(left, 0, right - left, self.height(), colour)
        painter.end()


def main() -> None:
    """Show the bars until standard input ends; every line is answered when it is painted."""
    application = QApplication([])
    bars = Bars()
    bars.setGeometry(*(int(word) for word in sys.argv[1:5]))
    bars.show()
    waiting = b""

    def heard() -> None:
        nonlocal waiting
        said = os.read(0, 4096)
        if not said:
            application.quit()
            return
        *lines, waiting = (waiting + said).split(b"\n")
        for line in lines:
            bars.number = int(line)
            bars.repaint()
            application.processEvents()
            sys.stdout.write(f"{bars.number}\n")
            sys.stdout.flush()

    listening = QSocketNotifier(voidptr(sys.stdin.fileno()), QSocketNotifier.Type.Read)
    listening.activated.connect(heard)
    application.exec()


if __name__ == "__main__":
    main()
