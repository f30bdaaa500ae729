"""A video file through PyAV, in the shape in which `mirrorsync.capture.opencv` reads captures.

OpenCV 5's own reader gives black pictures for interlaced H.264 (camcorders) and takes 35 ms and more for each
picture in wide colour; this one gives the same pixels as OpenCV for all else, red first at once. Decoding
uses one thread: it costs no more processor time than several and leaves the cores to the two detectors.
"""

from __future__ import annotations

import contextlib
import itertools
from collections import deque
from collections.abc import Generator
from typing import TYPE_CHECKING, cast

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from mirrorsync.capture.seeking import PROBED, nominal_fps, open_track, times_rise

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

__all__ = ["AvCapture"]


class AvCapture:
    """An open file; a `mirrorsync.capture.opencv.Capture`, but for the red that comes first.

    `CAP_PROP_POS_MSEC` is the time of the picture taken, relative to the start of the picture track; 0 when
    the container states none that can be used, for `RisingClock` to place.

    Parameters
    ----------
    path : str
        A video file.

    Raises
    ------
    SourceError
        It cannot be read.
    """

    def __init__(self, path: str) -> None:
        self._container, self._track = open_track(path)
        self._track.codec_context.thread_count = 1
        self._convert = VideoReformatter()
        self._decoded = self._decode()
        self._waiting = deque(itertools.islice(self._decoded, PROBED))
        self._stated = (
            times_rise([frame.pts for frame in self._waiting]) and self._track.start_time is not None
        )
        self._shown: VideoFrame | None = None

    def grab(self) -> bool:
        """Take the next picture; False at the end."""
        self._shown = self._waiting.popleft() if self._waiting else next(self._decoded, None)
        return self._shown is not None

    def retrieve(self) -> tuple[bool, NDArray[np.uint8] | None]:
        """Return the picture taken, upright, (H, W, 3) uint8, red first."""
        if self._shown is None:
            return False, None
        plain = self._convert.reformat(self._shown, format="rgb24")
        rgb = cast("NDArray[np.uint8]", plain.to_ndarray())
        return True, np.rot90(rgb, self._shown.rotation // 90) if self._shown.rotation else rgb

    def get(self, propId: int, /) -> float:
        """Return the rate, the promised number of pictures, or the time of the one taken."""
        if propId == cv2.CAP_PROP_POS_MSEC:
            return self._stated_ms()
        fps = nominal_fps(self._track)
        if propId == cv2.CAP_PROP_FPS:
            return fps
        if propId == cv2.CAP_PROP_FRAME_COUNT:
            seconds = (self._container.duration or 0) / av.time_base
            return float(self._track.frames or (np.floor(seconds * fps + 0.5) if fps > 0 else 0.0))
        return 0.0

    def release(self) -> None:
        """Let go of the file."""
        self._decoded.close()
        self._container.close()

    def _stated_ms(self) -> float:
        shown, unit = self._shown, self._track.time_base
        if not self._stated or shown is None or shown.pts is None or unit is None:
            return 0.0
        return (shown.pts - (self._track.start_time or 0)) * (unit.numerator / unit.denominator) * 1000.0

    def _decode(self) -> Generator[VideoFrame, None, None]:
        """Yield pictures up to the first damage: what is decoded after it is guesswork, and no data."""
        begun = False
        with contextlib.suppress(av.FFmpegError):
            for packet in self._container.demux(self._track):
                try:
                    frames = packet.decode()
                except av.FFmpegError:
                    if begun:
                        return
                    continue  # cut off at its start: the first whole picture comes later
                begun = begun or bool(frames)
                yield from frames
