"""Camera, file and stream: the only place that reads `cv2.VideoCapture`.

Times of streams that end are `CAP_PROP_POS_MSEC` right after `grab`: with OpenCV's FFmpeg reader that is the
presentation time of the very frame, relative to the start of the picture track, also for variable frame
rates, B-frames and gaps. `CAP_PROP_PTS` is not: it counts in nominal frame intervals and loses variable
rates. Rotation metadata is applied by OpenCV.

Files are decoded by `mirrorsync.capture.av_capture`, whose times follow the same rule to the nanosecond.
"""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

# OpenCV reads these once, when the first video and the first camera are opened.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "1")  # seconds without a picture

import cv2
import numpy as np
from cv2.utils import logging
from numpy.typing import NDArray

from mirrorsync.capture.av_capture import AvCapture
from mirrorsync.capture.cameras import camera_index
from mirrorsync.capture.picture import fitted_size, shrink, to_rgb
from mirrorsync.capture.source import SourceBase
from mirrorsync.capture.timestamps import RisingClock
from mirrorsync.errors import SourceError
from mirrorsync.types import Frame

__all__ = ["Capture", "LiveCapture", "Recording", "open_camera", "open_file", "open_stream"]

logging.setLogLevel(logging.LOG_LEVEL_SILENT)  # what goes wrong is said in a sentence, not on standard error

_OPEN_TIMEOUT_MS = 8_000
_READ_TIMEOUT_MS = 5_000
_FAILED_READS, _FIRST_READS = 3, 8
_AHEAD = 2  # pictures that are looked at to place one in time
_MOST_FPS = 480.0
_MOST_FRAMES = 1e9
_CAMERA_BACKENDS = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}


S = TypeVar("S", bound="_OpenCVSource")


class Capture(Protocol):
    """The part of `cv2.VideoCapture` that is used here."""

    def grab(self) -> bool:
        """Take the next picture."""

    def retrieve(self) -> tuple[bool, Any]:
        """Return the picture taken, (H, W, 3) uint8, blue first unless its reader was told otherwise."""

    def get(self, propId: int, /) -> float:
        """Return a property."""

    def release(self) -> None:
        """Let go."""


class _OpenCVSource(SourceBase):
    """What recordings and live captures share: one reader, and closing from any thread."""

    def __init__(self, capture: Capture, first: NDArray[np.uint8], feed: str, *, live: bool,
                 max_side: int | None, frame_count: int | None, red_first: bool = False) -> None:  # fmt: skip
        fps = _rate(capture)
        height, width = first.shape[:2]
        duration_s = frame_count / fps if frame_count is not None else math.nan
        super().__init__(feed=feed, fps=fps, size=fitted_size(width, height, max_side), live=live,
                         frame_count=frame_count, duration_s=duration_s)  # fmt: skip
        self._capture = capture
        self._max_side = max_side
        self._red_first = red_first
        self._index = 0
        self._lock = threading.Lock()
        self._released = False
        self._closing = threading.Event()

    def close(self) -> None:
        """Let go of the device or file; a reader in the middle of a picture finishes it first."""
        self._closing.set()
        if self._lock.acquire(blocking=False):
            try:
                if not self._released:
                    self._released = True
                    self._capture.release()
            finally:
                self._lock.release()

    def read(self) -> Frame | None:
        """Return the next frame; None at the end and after closing."""
        try:
            with self._lock:
                return None if self._closing.is_set() else self._next()
        finally:
            if self._closing.is_set():  # closed meanwhile: letting go was left to the reader
                self.close()

    def _next(self) -> Frame | None:
        raise NotImplementedError

    def _frame(self, t_ns: int, picture: NDArray[np.uint8]) -> Frame:
        if self._red_first:
            rgb = np.ascontiguousarray(shrink(picture, self._max_side))
        else:
            rgb = to_rgb(picture, self._max_side)
        frame = Frame(self.feed, self._index, t_ns, rgb)
        self._index += 1
        return frame


class Recording(_OpenCVSource):
    """A video file, or a stream that ends: presentation times from 0, every frame once.

    Parameters
    ----------
    capture : Capture
        Opened; owned and released by this one.
    feed : str
        The feed string.
    max_side : int, optional
        Larger pictures are shrunk.
    red_first : bool
        How `capture` gives its pictures.
    clock : RisingClock, optional
        Places them in time; by default the first is at 0.
    told : callable, optional
        Returns what else is worth telling of the recording, so far.
    promised : callable, optional
        Returns how many pictures the file promises, so far; by default what its header states.

    Raises
    ------
    SourceError
        There is not a single picture in it.
    """

    def __init__(
        self,
        capture: Capture,
        feed: str,
        *,
        max_side: int | None = None,
        red_first: bool = False,
        clock: RisingClock | None = None,
        told: Callable[[], tuple[str, ...]] = tuple,
        promised: Callable[[], int] | None = None,
    ) -> None:
        first = _picture(capture)
        if first is None:
            raise SourceError(
                f"{feed} has no pictures in it (0 frames could be decoded); record or copy it again."
            )
        self._waiting = deque([(capture.get(cv2.CAP_PROP_POS_MSEC), first)])
        super().__init__(capture, first, feed, live=False, max_side=max_side,
                         frame_count=_promised(capture), red_first=red_first)  # fmt: skip
        self._clock = clock or RisingClock(self.fps)
        self._told = told
        self._promised = promised or (lambda: self.frame_count or 0)
        self._decoded = 0
        self._ended = False

    @property
    def shortfall(self) -> int:
        """Frames that were promised and did not decode, known at the end; header rounding is forgiven."""
        if not self._ended or self._waiting:
            return 0
        promised = self._promised()
        missing = promised - self._decoded
        return missing if missing > max(1, 0.005 * promised) else 0

    @property
    def lost(self) -> int:
        """Frames that were promised and did not decode, known at the end."""
        return self.shortfall

    @property
    def notes(self) -> tuple[str, ...]:
        """What was odd about the recording so far."""
        notes = list(self._told())
        if self.shortfall:
            notes.append(
                f"{self.feed} promises {self._promised()} frames, but {self._decoded} could be decoded; "
                "it may be cut off or damaged."
            )
        for at_s, by_s in self._clock.jumps:
            notes.append(
                f"{self.feed}: its clock jumps forward by {by_s:.1f} s at {at_s:.1f} s; the pictures go on "
                "there without a gap."
            )
        if self._clock.dropped:
            notes.append(
                f"{self.feed}: pictures not later than the one before them were left out "
                f"({self._clock.dropped})."
            )
        if self._clock.guessed:
            notes.append(
                f"{self.feed}: pictures without a stated time were placed at an even frame rate "
                f"({self._clock.guessed})."
            )
        return tuple(notes)

    def _next(self) -> Frame | None:
        while True:
            while len(self._waiting) < _AHEAD and not self._ended:
                self._decode()
            if not self._waiting:
                return None
            stated_ms, picture = self._waiting.popleft()
            self._decoded += 1
            t_ns = self._clock.tick(stated_ms, next_ms=self._waiting[0][0] if self._waiting else math.nan)
            if t_ns is not None:
                return self._frame(t_ns, picture)

    def _decode(self) -> None:
        picture = _picture(self._capture)
        if picture is None:
            self._ended = True
            return
        stated_ms = self._capture.get(cv2.CAP_PROP_POS_MSEC)
        if not self._red_first and stated_ms == 0.0:
            stated_ms = math.nan  # what OpenCV says of a picture without a time
        self._waiting.append((stated_ms, picture))


class LiveCapture(_OpenCVSource):
    """A camera, or a stream without an end: times are when pictures arrived.

    Parameters
    ----------
    capture : Capture
        Opened; owned and released by this one.
    feed : str
        The feed string.
    name : str
        What to call it in a sentence, such as "Camera 1".
    max_side : int, optional
        Larger pictures are shrunk.
    clock_ns : callable
        The clock, nanoseconds.

    Raises
    ------
    SourceError
        It opened but delivers no picture.
    """

    def __init__(
        self,
        capture: Capture,
        feed: str,
        name: str,
        *,
        max_side: int | None = None,
        clock_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        first = _picture(capture, attempts=_FIRST_READS)
        if first is None:
            raise SourceError(f"{name} opened but delivers no picture. Is another program using it?")
        super().__init__(capture, first, feed, live=True, max_side=max_side, frame_count=None)
        self._name = name
        self._clock_ns = clock_ns
        self._last_ns = 0

    def _next(self) -> Frame | None:
        for _ in range(_FAILED_READS):
            grabbed = self._capture.grab()
            t_ns = max(self._clock_ns(), self._last_ns + 1)
            if self._closing.is_set():
                return None
            ok, picture = self._capture.retrieve() if grabbed else (False, None)
            if ok and picture is not None:
                self._last_ns = t_ns
                return self._frame(t_ns, picture)
        raise SourceError(f"{self._name} stopped delivering pictures; check its connection.")


def open_file(path: str, *, max_side: int | None = None) -> Recording:
    """Open a video file; raises SourceError with what is wrong with it and what to do."""
    capture = AvCapture(path)
    clock = RisingClock(_rate(capture), origin_ms=capture.origin_ms, jump_s=capture.jump_s)
    return _owning(
        capture,
        lambda: Recording(
            capture, path, max_side=max_side, red_first=True, clock=clock,
            told=lambda: capture.notes, promised=lambda: capture.promised,
        ),
    )  # fmt: skip


def open_camera(target: str, *, width: int, height: int, max_side: int | None = None) -> LiveCapture:
    """Open a camera by index or by part of its name, asking for `width` × `height` pixels."""
    index = camera_index(target)
    name = f"Camera {target}" if target.isdigit() else f"Camera {target!r}"
    capture = cv2.VideoCapture(index, _CAMERA_BACKENDS.get(sys.platform, cv2.CAP_ANY))
    if not capture.isOpened():
        raise SourceError(
            f"{name} did not open. Is another program using it? (mirrorsync devices lists the cameras.)"
        )
    if width * height > 640 * 480:  # beyond this a camera is slow unless it sends compressed pictures
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return _owning(capture, lambda: LiveCapture(capture, f"camera:{target}", name, max_side=max_side))


def open_stream(address: str, *, max_side: int | None = None) -> Recording | LiveCapture:
    """Open a stream; one that states its length is a recording, any other is live."""
    options = [
        cv2.CAP_PROP_N_THREADS, 1,
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _OPEN_TIMEOUT_MS,
        cv2.CAP_PROP_READ_TIMEOUT_MSEC, _READ_TIMEOUT_MS,
    ]  # fmt: skip
    capture = cv2.VideoCapture(address, cv2.CAP_FFMPEG, options)
    if not capture.isOpened():
        raise SourceError(
            f"The stream {address} did not open; check the address, and that its sender is running."
        )
    if _promised(capture) is not None:
        return _owning(capture, lambda: Recording(capture, address, max_side=max_side))
    name = f"The stream {address}"
    return _owning(capture, lambda: LiveCapture(capture, address, name, max_side=max_side))


def _owning(capture: Capture, build: Callable[[], S]) -> S:
    """Return what `build` makes; when it fails, let go of the capture first."""
    try:
        return build()
    except BaseException:
        capture.release()
        raise


def _picture(capture: Capture, attempts: int = 1) -> NDArray[np.uint8] | None:
    for _ in range(attempts):
        if capture.grab():
            ok, picture = capture.retrieve()
            if ok and picture is not None:
                return np.asarray(picture, dtype=np.uint8)
    return None


def _rate(capture: Capture) -> float:
    fps = capture.get(cv2.CAP_PROP_FPS)
    return fps if 0 < fps <= _MOST_FPS else math.nan


def _promised(capture: Capture) -> int | None:
    count = capture.get(cv2.CAP_PROP_FRAME_COUNT)
    return int(count) if 0 < count < _MOST_FRAMES else None
