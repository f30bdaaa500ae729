"""The two programs of a call on a screen, each a process of its own: the one who shows, the one who watches.

screen_call.py show X Y WIDTH HEIGHT CLIP        plays a clip at its own rate once a line comes on stdin,
                                                 and prints when it began (time.monotonic_ns)
screen_call.py capture FEED SECONDS FOLDER       keeps what a feed of the screen delivers
screen_call.py watch FEED_A FEED_B SECONDS FILE  a live session; every tick's scores in FILE
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "xcb")
os.environ.setdefault("GLOG_minloglevel", "2")

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QSocketNotifier, Qt, QTimer
from PyQt6.QtGui import QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QApplication, QWidget
from PyQt6.sip import voidptr

from mirrorsync.analysis import default_landmarker, new_meta
from mirrorsync.capture import open_source
from mirrorsync.capture.shared import pair_openers
from mirrorsync.engine.live import LiveSession
from mirrorsync.settings import Settings
from mirrorsync.tables import CHANNELS
from mirrorsync.types import Frame, Snapshot

SETTINGS = Settings(baseline_s=15.0)  # short sessions: the neutral is learnt in the first quarter
_LOOK_MS = 4


class Shown(QWidget):
    """Shows every picture of a clip when it is due, the first one until it may begin."""

    def __init__(self, clip: str) -> None:
        super().__init__(None, Qt.WindowType.BypassWindowManagerHint | Qt.WindowType.FramelessWindowHint)
        self._source = open_source(clip, SETTINGS)
        self._next = self._source.read()
        self._image = QImage()
        self._start_ns: int | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)
        self._show(self._next)

    def begin(self) -> None:
        """Play from now on, and say when that was."""
        if self._start_ns is None:
            self._start_ns = time.monotonic_ns()
            self._timer.start(_LOOK_MS)
            print(self._start_ns, flush=True)

    def _look(self) -> None:
        if self._start_ns is None:
            return
        due: Frame | None = None
        while self._next is not None and self._next.t_ns <= time.monotonic_ns() - self._start_ns:
            due, self._next = self._next, self._source.read()
        self._show(due)

    def _show(self, frame: Frame | None) -> None:
        if frame is None:
            return
        kind = QImage.Format.Format_RGB888
        self._image = QImage(frame.rgb.tobytes(), frame.width, frame.height, 3 * frame.width, kind).copy()
        self.repaint()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: ARG002, N802 - Qt's form
        """Paint the picture over all of the window."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._image)
        painter.end()


class Kept:
    """A sink that keeps every tick: value, level and coverage of all channels."""

    name = "the trial"

    def __init__(self) -> None:
        self.t_ns: list[int] = []
        self.origin_ns = 0
        self.scores: list[list[tuple[float, float, float]]] = []
        self.rates: list[tuple[float, float]] = []

    def send(self, snapshot: Snapshot, at_ns: int) -> None:
        """Keep a tick."""
        self.t_ns.append(snapshot.pair.t_ns)
        self.origin_ns = at_ns - snapshot.pair.t_ns
        of = (snapshot.scores[name] for name in CHANNELS)
        self.scores.append([(each.value, each.level, each.coverage) for each in of])
        self.rates.append((snapshot.fps_a, snapshot.fps_b))

    def close(self) -> None:
        """Nothing is open."""


def show(x: str, y: str, width: str, height: str, clip: str) -> None:
    """Play a clip in a window until standard input ends."""
    application = QApplication([])
    shown = Shown(clip)
    shown.setGeometry(int(x), int(y), int(width), int(height))
    shown.show()

    def told() -> None:
        if os.read(0, 64):
            shown.begin()
        else:
            application.quit()

    ending = QSocketNotifier(voidptr(0), QSocketNotifier.Type.Read)
    ending.activated.connect(told)
    application.exec()


def capture(feed: str, seconds: str, folder: str) -> None:
    """Keep every picture of a feed for so long after the first; say "live" when that is there."""
    application = QApplication([])
    source = open_source(feed, SETTINGS)
    t_ns: list[int] = []

    def read() -> None:
        with source, (Path(folder) / "rgb").open("wb") as stream:
            for frame in source:
                if not t_ns:
                    print("live", flush=True)
                t_ns.append(frame.t_ns)
                stream.write(frame.rgb.tobytes())
                if frame.t_ns - t_ns[0] >= float(seconds) * 1e9:
                    break
        (Path(folder) / "size").write_text(f"{frame.width} {frame.height}", "utf-8")
        np.save(Path(folder) / "t_ns.npy", np.array(t_ns, dtype=np.int64))

    def look() -> None:
        if not reading.is_alive():
            application.quit()
        elif t_ns and time.monotonic_ns() - t_ns[0] >= float(seconds) * 1e9:
            source.close()  # the clip is over and stands still: no picture comes any more

    reading = threading.Thread(target=read)
    timer = QTimer()
    timer.timeout.connect(look)
    reading.start()
    timer.start(50)
    application.exec()
    reading.join()


def watch(feed_a: str, feed_b: str, seconds: str, file: str) -> None:
    """Run a live session on two feeds as the window does; say "live" when both are seen."""
    application = QApplication([])
    kept = Kept()
    open_a, open_b = pair_openers(feed_a, feed_b, SETTINGS, paced=True)
    session = LiveSession(
        open_a, open_b, SETTINGS, make_landmarker=default_landmarker(),
        make_meta=lambda: new_meta(feed_a, feed_b, SETTINGS), open_sink=lambda: kept,
    )  # fmt: skip
    said = False
    reduced: set[str] = set()

    def look() -> None:
        nonlocal said
        status = session.status()
        reduced.add(status.reduced)
        if not said and kept.t_ns and status.b.state == "live":
            said = True
            print("live", flush=True)
        if not status.running or (kept.t_ns and kept.t_ns[-1] >= float(seconds) * 1e9):
            application.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(50)
    session.start()
    application.exec()
    session.stop()
    np.savez(
        Path(file), t_ns=kept.t_ns, origin_ns=kept.origin_ns, scores=kept.scores, rates=kept.rates,
        reduced=sorted(reduced - {""}),
    )  # fmt: skip


if __name__ == "__main__":
    programs: dict[str, Callable[..., None]] = {"show": show, "capture": capture, "watch": watch}
    programs[sys.argv[1]](*sys.argv[2:])
