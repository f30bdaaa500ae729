"""A video file through PyAV, in the shape in which `mirrorsync.capture.opencv` reads captures.

OpenCV 5's own reader gives black pictures for interlaced H.264 (camcorders) and takes 35 ms and more for each
picture in wide colour; this one gives the same pixels as OpenCV for all else, red first at once. Decoding
uses one thread: it costs no more processor time than several and leaves the cores to the two detectors.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Generator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from mirrorsync.capture.picture import upright
from mirrorsync.capture.seeking import (
    PROBED,
    jump_s,
    nominal_fps,
    open_track,
    origin_s,
    picture_tracks,
    times_rise,
)

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

__all__ = ["AvCapture"]

_MOST_ERRORS = 64  # of the container in a row, after which it has ended
_ENDS_EARLY_S = 2.0


class AvCapture:
    """An open file; a `mirrorsync.capture.opencv.Capture`, but for the red that comes first.

    `CAP_PROP_POS_MSEC` is the time of the picture taken on the container's own clock; NaN when the container
    states none that can be used, for `RisingClock` to place.

    After damage, what is decoded is guesswork up to the next key picture, and no data: it is left out, and
    `notes` say so.

    Parameters
    ----------
    path : str
        A video file.

    Attributes
    ----------
    origin_ms : float
        Where the container's clock has its 0, ms (`mirrorsync.capture.seeking.origin_s`).
    jump_s : float
        Step forward of its clock that is no pause (`mirrorsync.capture.seeking.jump_s`).
    promised : int
        Pictures that the file's index or its packets promise, so far.

    Raises
    ------
    SourceError
        It cannot be read.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._container, self._track = open_track(path)
        self._track.codec_context.thread_count = 1
        self._aspect = self._track.sample_aspect_ratio
        unit = self._track.time_base or Fraction(1, av.time_base)
        self._unit_s = unit.numerator / unit.denominator
        self.origin_ms = origin_s(self._container, self._track) * 1000.0
        self.jump_s = jump_s(self._container)
        # MP4's index knows what an edit hides; other headers state a number, or the packets tell.
        entries = self._track.index_entries if self._container.format.name.startswith("mov") else ()
        self.promised = sum(not one.is_discard for one in entries) if entries else self._track.frames
        tracks = picture_tracks(self._container)
        self._tracks = len(tracks)
        self._end_s = self._stated_end_s()
        self._packets = 0
        self._damage: list[list[float]] = []
        self._spoilt_s: float | None = None  # since when nothing is whole
        self._begun = False
        self._interlaced = False
        self._ended = False
        self._last_s = math.nan
        self._decoded = self._decode()
        self._waiting: deque[VideoFrame] = deque()
        while len(self._waiting) < PROBED and (frame := next(self._decoded, None)) is not None:
            self._waiting.append(frame)
        usable = times_rise([frame.pts for frame in self._waiting])
        self._stated = usable and self._track.start_time is not None
        self._shown: VideoFrame | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth telling of the file so far."""
        told = []
        if self._tracks > 1:
            told.append(
                f"{self._path} has {self._tracks} picture tracks; the first of those that it marks as its "
                "default was read."
            )
        if self._interlaced:
            told.append(f"{self._path} is interlaced; one field of each picture was used.")
        for start_s, end_s in self._damage:
            until = f"to {end_s:.2f} s" if math.isfinite(end_s) else "to the end"
            told.append(f"{self._path} is damaged from {start_s:.2f} s {until}; no pictures of it were used.")
        if self._ended and self._spoilt_s is None and self._end_s - self._last_s > _ENDS_EARLY_S:
            told.append(
                f"The pictures of {self._path} end {self._end_s - self._last_s:.1f} s before the time that "
                "it states; it may be cut off."
            )
        return tuple(told)

    def grab(self) -> bool:
        """Take the next picture; False at the end."""
        self._shown = self._waiting.popleft() if self._waiting else next(self._decoded, None)
        if self._shown is not None:
            self._interlaced = self._interlaced or self._shown.interlaced_frame
        return self._shown is not None

    def retrieve(self) -> tuple[bool, NDArray[np.uint8] | None]:
        """Return the picture taken, upright, (H, W, 3) uint8, red first."""
        if self._shown is None:
            return False, None
        return True, upright(self._shown, aspect=self._aspect)

    def get(self, propId: int, /) -> float:
        """Return the rate, the expected number of pictures, or the time of the one taken."""
        if propId == cv2.CAP_PROP_POS_MSEC:
            shown = self._shown
            return 1000.0 * self._seconds(shown.pts) if self._stated and shown is not None else math.nan
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

    def _seconds(self, pts: int | None) -> float:
        return math.nan if pts is None else pts * self._unit_s

    def _stated_end_s(self) -> float:
        """Return when the pictures end as the container states it, on its own clock; NaN when it does not."""
        track = self._track
        if track.duration and track.start_time is not None:
            return float((track.start_time + track.duration) * self._unit_s)
        if self._container.duration and not self._container.streams.audio:
            return self._container.duration / av.time_base + self.origin_ms / 1000.0
        return math.nan  # sound may go on for longer than the pictures

    def _decode(self) -> Generator[VideoFrame, None, None]:
        """Yield the pictures that are whole: after damage, from the next key picture on."""
        for packet in self._demuxed():
            if packet is None:  # the container itself is damaged here
                self._spoil(self._last_s)
                continue
            if packet.size and not packet.is_discard:
                self._packets += 1
                self.promised = max(self.promised, self._packets)
            try:
                frames = packet.decode()
            except av.FFmpegError:  # at its start: cut off, and the first whole picture comes later
                self._spoil(self._seconds(packet.pts if packet.pts is not None else packet.dts))
                continue
            for frame in frames:
                if self._is_whole(frame):
                    yield frame
        self._ended = True

    def _is_whole(self, frame: VideoFrame) -> bool:
        """Whether a decoded picture rests on no damage."""
        at_s = self._seconds(frame.pts)
        if frame.is_corrupt:
            self._spoil(at_s)
        if self._spoilt_s is not None and not at_s < self._spoilt_s:
            if frame.is_corrupt or not frame.key_frame:
                return False
            self._spoilt_s = None
            if self._damage and not math.isfinite(self._damage[-1][1]):
                self._damage[-1][1] = at_s - self.origin_ms / 1000.0
        self._last_s = at_s if math.isfinite(at_s) else self._last_s
        self._begun = True
        return True

    def _spoil(self, at_s: float) -> None:
        """Note that nothing is whole from here to the next key picture; before the first, nothing is lost."""
        if self._begun and self._spoilt_s is None:
            self._spoilt_s = at_s
            self._damage.append([at_s - self.origin_ms / 1000.0, math.nan])

    def _demuxed(self) -> Generator[Any, None, None]:
        """Yield the packets to the end, and None where the container is damaged."""
        errors = 0
        while errors < _MOST_ERRORS:
            try:
                for packet in self._container.demux(self._track):
                    errors = 0
                    yield packet
            except av.FFmpegError:
                errors += 1
                if errors == 1:
                    yield None
            else:
                return
