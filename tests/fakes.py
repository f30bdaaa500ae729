"""The few fakes of the capture stage: a clock that is turned by hand, a source, and a camera."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mirrorsync.capture import SourceBase
from mirrorsync.errors import SourceError
from mirrorsync.types import Frame


class ManualClock:
    """A clock that stands still until it is advanced; `wait` advances it, as a sleep would."""

    def __init__(self, now_ns: int = 1_000_000_000) -> None:
        self.now_ns = now_ns
        self.waits_s: list[float] = []

    def __call__(self) -> int:
        return self.now_ns

    def advance(self, seconds: float) -> None:
        self.now_ns += round(seconds * 1e9)

    def wait(self, seconds: float) -> bool:
        self.waits_s.append(seconds)
        self.advance(seconds)
        return False


def colours(index: int, width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """Red left half, blue right half, and a band at the top that brightens with `index` (RGB)."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[:, : width // 2] = (200, 20, 20)
    rgb[:, width // 2 :] = (20, 20, 200)
    rgb[: height // 4] = min(255, 8 * index)
    return rgb


class FakeSource(SourceBase):
    """Pictures at given times, from memory.

    Parameters
    ----------
    times_s : sequence of float
        When each picture is shown; also how many there are.
    fail_at : int, optional
        The read with this number raises SourceError.
    picture : callable, optional
        ``picture(index)`` gives the RGB picture; `colours` when not given.
    on_read : callable, optional
        Called before each read, for instance to turn a clock.
    """

    def __init__(
        self,
        times_s: Sequence[float],
        *,
        feed: str = "fake:source",
        fps: float = 25.0,
        live: bool = False,
        fail_at: int | None = None,
        picture: Callable[[int], NDArray[np.uint8]] = colours,
        on_read: Callable[[], None] | None = None,
    ) -> None:
        height, width = picture(0).shape[:2]
        count = None if live else len(times_s)
        super().__init__(
            feed=feed,
            fps=fps,
            size=(width, height),
            live=live,
            frame_count=count,
            duration_s=math.nan if count is None else count / fps,
        )
        self._times_s = times_s
        self._fail_at = fail_at
        self._picture = picture
        self._on_read = on_read
        self._index = 0
        self.closed = False

    def read(self) -> Frame | None:
        if self._on_read is not None:
            self._on_read()
        if self.closed or self._index >= len(self._times_s):
            return None
        index = self._index
        if index == self._fail_at:
            raise SourceError(f"{self.feed} broke off; check it.")
        self._index += 1
        return Frame(self.feed, index, round(self._times_s[index] * 1e9), self._picture(index))

    def close(self) -> None:
        self.closed = True


class FakeCapture:
    """In place of `cv2.VideoCapture`: pictures from memory, a property table, and a gate to hang at.

    Parameters
    ----------
    pictures : sequence
        What each grab delivers, RGB; None is a failed grab, and so is everything after the last.
    stated_ms : sequence of float, optional
        `CAP_PROP_POS_MSEC` after each grab.
    fps, frame_count : float
        What the header states.
    """

    def __init__(
        self,
        pictures: Sequence[NDArray[np.uint8] | None],
        *,
        stated_ms: Sequence[float] = (),
        fps: float = 25.0,
        frame_count: float = -1.0,
    ) -> None:
        self._pictures = pictures
        self._stated_ms = stated_ms
        self._table = {cv2.CAP_PROP_FPS: fps, cv2.CAP_PROP_FRAME_COUNT: frame_count}
        self._at = -1
        self.gate = threading.Event()
        self.gate.set()
        self.at_gate = threading.Event()
        self.released = 0

    def grab(self) -> bool:
        self.at_gate.set()
        self.gate.wait(30)
        self._at += 1
        return self._at < len(self._pictures) and self._pictures[self._at] is not None

    def retrieve(self) -> tuple[bool, Any]:
        picture = self._pictures[self._at]
        return True, None if picture is None else picture[:, :, ::-1].copy()

    def get(self, prop: int, /) -> float:
        if prop == cv2.CAP_PROP_POS_MSEC:
            return self._stated_ms[self._at] if self._at < len(self._stated_ms) else 0.0
        return self._table[prop]

    def release(self) -> None:
        self.released += 1
