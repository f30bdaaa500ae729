"""Captures the bars of `screen_painter.py` from a real screen and prints what was seen, as JSON.

    python screen_reader.py X Y WIDTH HEIGHT FEED

X, Y, WIDTH and HEIGHT, in pixels, are where the bars are; FEED is what is captured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
from patience import patient_s
from PyQt6.QtGui import QGuiApplication
from screen_painter import BITS, SET, UNSET

from mirrorsync.capture import VideoSource, open_source
from mirrorsync.capture.screen import ScreenSource, list_windows
from mirrorsync.errors import SourceError
from mirrorsync.settings import Settings
from mirrorsync.types import Frame

NUMBERS = (*range(1, 13), 170, 85, 255, 0)
DEADLINE_S = patient_s(20)


def decode(frame: Frame) -> int:
    """Return the number that the bars show; -1 when a pixel in the middle of a bar has neither colour."""
    middles = [(2 * bit + 1) * frame.width // (2 * BITS) for bit in range(BITS)]
    number = 0
    for bit, x in enumerate(middles):
        bar = frame.rgb[2:-2, x]
        if (bar == SET).all():
            number |= 1 << bit
        elif not (bar == UNSET).all():
            return -1
    return number


def window_sentence() -> str:
    try:
        open_source("window:No Such Window", Settings()).close()
    except SourceError as error:
        return str(error)
    return "opened"


def wait_until_still(source: VideoSource) -> bool:
    deadline = time.monotonic() + DEADLINE_S
    while not source.still and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    return source.still


def main() -> None:
    """Paint and read in turns, then let the screen stand still, then close while a reader waits."""
    application = QGuiApplication([])
    *place, feed = sys.argv[1:6]
    painter = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("screen_painter.py")), *place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "QT_SCALE_FACTOR"},
    )
    assert painter.stdin is not None
    assert painter.stdout is not None

    def paint(number: int) -> None:
        assert painter.stdin is not None
        assert painter.stdout is not None
        print(number, file=painter.stdin, flush=True)
        assert painter.stdout.readline().strip() == str(number)

    before = threading.active_count()
    paint(255)
    paint(0)
    frames: list[Frame] = []
    with open_source(feed, Settings(max_side=200)) as source:
        assert isinstance(source, ScreenSource)
        paint(3)
        wait_until_still(source)
        first = source.read()
        for number in NUMBERS:
            paint(number)
            paint(number)
            frame = source.read()
            assert frame is not None
            frames.append(frame)
        still, repeated = wait_until_still(source), source.repeated
        after: list[Frame | None] = []
        reader = threading.Thread(target=lambda: after.append(source.read()))
        reader.start()
        closed = time.monotonic()
        source.close()
        reader.join(DEADLINE_S)
        waited_s = time.monotonic() - closed
    painter.stdin.close()
    painter.wait(DEADLINE_S)
    report = {
        "platform": application.platformName(),
        "size": source.size,
        "shapes": sorted({frame.rgb.shape for frame in frames}),
        "first": -1 if first is None else decode(first),
        "seen": [decode(frame) for frame in frames],
        "indexes_rise_by_one": bool((np.diff([frame.index for frame in frames]) == 1).all()),
        "times_rise": bool((np.diff([frame.t_ns for frame in frames]) > 0).all()),
        "age_s": (time.monotonic_ns() - frames[-1].t_ns) / 1e9,
        "still": still,
        "repeated": repeated,
        "after_closing": after,
        "still_after_closing": source.still,
        "waited_s": waited_s,
        "threads_left": threading.active_count() - before,
        "windows": list_windows(),
        "window_sentence": window_sentence(),
    }
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()
