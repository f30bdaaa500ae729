"""A recording picture by picture: the right one at any time, for playing, stepping and scrubbing.

Times are those of the analysis to the nanosecond (`mirrorsync.capture.frame_index`).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import TracebackType
from typing import TYPE_CHECKING, Self

import av
import numpy as np
from numpy.typing import NDArray

from mirrorsync.capture.feed import Crop, parse_feed
from mirrorsync.capture.frame_index import FrameIndex, PacketTimes, build_index
from mirrorsync.capture.picture import fitted_size, shrink, upright
from mirrorsync.capture.seeking import (
    Seeker,
    jump_s,
    nominal_fps,
    open_track,
    origin_s,
    packet_times,
)
from mirrorsync.errors import SourceError, UsageError

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

__all__ = ["ExactVideo", "Picture"]

_STOP_EVERY = 256  # packets
_SLACK_NS = 1_000  # a time that went through seconds as a float still finds its picture


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture and when it is shown.

    Attributes
    ----------
    t_ns : int
        Its own time, from the start of the recording (`mirrorsync.capture.seeking.origin_s`).
    rgb : ndarray of uint8, shape (H, W, 3)
        Red first, upright.
    exact : bool
        Whether it is the picture of the time that was asked for, and not only the nearest before it that
        was decoded when `ExactVideo.read_at` was told to stop.
    """

    t_ns: int
    rgb: NDArray[np.uint8]
    exact: bool = True


class ExactVideo:
    """A video file, its every picture known by number and time.

    The first picture is there at once; a thread of its own ("mirrorsync-index") meanwhile reads when all
    the others are shown. What needs that waits for it: `times_ns`, `frame_count`, `index_at`, `read`. What
    does not wait: `read_at`, `size`, `indexed`, `duration_s`. Reading is safe from any thread; one at
    a time is served.

    Parameters
    ----------
    path : str
        A video file, without a crop.
    crop : Crop, optional
        The part of the upright picture that is wanted.

    Raises
    ------
    SourceError
        The file cannot be read, has no picture, or the part reaches outside it.
    """

    def __init__(self, path: str, *, crop: Crop | None = None) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._seeker = Seeker(path)
        self._origin_s = origin_s(self._seeker.container, self._seeker.track)
        self._index: FrameIndex | None = None
        self._trouble: SourceError | None = None
        self._stopping = threading.Event()
        self._ready = threading.Event()
        try:
            first = self._upright(self._seeker.at(self._first_place()), None)
            height, width = first.shape[:2]
            self._whole_size = (width, height)
            self._crop = crop
            self._box = (0, 0, width, height) if crop is None else crop.box(width, height)
        except BaseException:
            self._seeker.close()
            raise
        self.size = self._box[2:]
        self.fps = nominal_fps(self._seeker.track)
        self._promised_s = _promised_s(self._seeker)
        self._thread = threading.Thread(target=self._build, name="mirrorsync-index", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, feed: str) -> Self:
        """Open a feed string that names a file, as ``call.mp4`` or ``call.mp4#left``.

        Raises
        ------
        UsageError
            The feed is not a file.
        SourceError
            See the class.
        """
        spec = parse_feed(feed)
        if spec.kind != "file":
            raise UsageError(f"{feed} is not a recording; name a video file.")
        return cls(spec.target, crop=spec.crop)

    @property
    def indexed(self) -> bool:
        """Whether the time of every picture is known."""
        return self._ready.is_set()

    def wait_indexed(self, timeout_s: float | None = None) -> bool:
        """Wait until the time of every picture is known; False when `timeout_s` were over before."""
        return self._ready.wait(timeout_s)

    @property
    def times_ns(self) -> NDArray[np.int64]:
        """When every picture is shown: shape (n,), nanoseconds from the start, strictly rising."""
        return self._whole().times_ns

    @property
    def frame_count(self) -> int:
        """How many pictures there are."""
        return int(self._whole().times_ns.size)

    @property
    def duration_s(self) -> float:
        """Seconds until the last picture is over; until `indexed`, what the file promises (NaN: nothing)."""
        if self._index is None or not self._index.times_ns.size:
            return self._promised_s
        times = self._index.times_ns
        last = float(np.median(np.diff(times[-50:]))) if times.size > 1 else 1e9 / (self.fps or 25.0)
        return (float(times[-1]) + last) / 1e9

    @property
    def counted(self) -> bool:
        """Whether pictures can only be found by decoding from the start: jumps in such a file take long."""
        return self._seeker.counted

    def index_at(self, time_s: float) -> int:
        """Return the number of the picture shown at `time_s`, the first or last one outside the recording."""
        times = self._whole().times_ns
        at = int(np.searchsorted(times, round(time_s * 1e9) + _SLACK_NS, side="right")) - 1
        return min(max(at, 0), times.size - 1)

    def read(self, index: int, *, max_side: int | None = None) -> NDArray[np.uint8]:
        """Return a picture by its number.

        Parameters
        ----------
        index : int
            0 … `frame_count` − 1.
        max_side : int, optional
            Shrink it so that neither side is longer.

        Returns
        -------
        ndarray of uint8, shape (H, W, 3)
            Red first, upright.

        Raises
        ------
        IndexError
            There is no such picture.
        SourceError
            It does not decode, or the recording was closed.
        """
        known = self._whole()
        if not 0 <= index < known.pts.size:
            raise IndexError(f"{self.path} has {known.pts.size} pictures, there is no number {index}")
        with self._lock:
            self._check_open()
            return self._finish(self._seeker.at(int(known.pts[index]), index=known), max_side)

    def read_at(
        self, time_s: float, *, max_side: int | None = None, go_on: Callable[[], bool] | None = None
    ) -> Picture:
        """Return the picture shown at `time_s`, also while the index is still being built.

        Parameters
        ----------
        time_s : float
            Seconds from the first picture.
        max_side : int, optional
            Shrink it so that neither side is longer.
        go_on : callable, optional
            Asked before each picture that must be decoded on the way, once the index is there; at False the
            nearest one before `time_s` is returned, with its own time and `exact` false. Asking for the
            same time again goes on from it.
        """
        if self.indexed and self._trouble is None:
            return self._read_towards(self.index_at(time_s), max_side, go_on)
        with self._lock:
            self._check_open()
            unit_s = float(self._seeker.time_base or 1)
            if self._seeker.counted:
                place = max(0, round(time_s * (self.fps if self.fps > 0 else 25.0)))
                frame = self._seeker.at(place)
                t_ns = round(place * 1e9 / (self.fps if self.fps > 0 else 25.0))
            else:
                frame = self._seeker.at(math.floor((time_s + self._origin_s) / unit_s + 1e-6))
                t_ns = round((frame.pts or 0) * unit_s * 1e9 - self._origin_s * 1e9)
            return Picture(t_ns, self._finish(frame, max_side))

    def close(self) -> None:
        """Let go of the file and end the thread; may be called again."""
        self._stopping.set()
        self._thread.join()
        with self._lock:
            self._seeker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read_towards(self, number: int, max_side: int | None, go_on: Callable[[], bool] | None) -> Picture:
        known = self._whole()
        place = int(known.pts[number])
        with self._lock:
            self._check_open()
            frame = self._seeker.at(place, index=known, go_on=go_on)
            near = int(np.searchsorted(known.pts, self._seeker.place_of(frame), side="right")) - 1
            if go_on is not None and 0 <= near < number:
                return Picture(int(known.times_ns[near]), self._finish(frame, max_side), exact=False)
            return Picture(int(known.times_ns[number]), self._finish(frame, max_side))

    def _first_place(self) -> int:
        return 0 if self._seeker.counted else self._seeker.first_pts

    def _check_open(self) -> None:
        if self._stopping.is_set():
            raise SourceError(f"{self.path} was closed; open it again.")

    def _whole(self) -> FrameIndex:
        self._ready.wait()
        if self._index is None:
            raise self._trouble or SourceError(f"{self.path} was closed; open it again.")
        return self._index

    def _finish(self, frame: VideoFrame, max_side: int | None) -> NDArray[np.uint8]:
        if self._crop is None:
            return self._upright(frame, max_side)
        whole = self._upright(frame, None)
        x, y, width, height = self._crop.box(whole.shape[1], whole.shape[0], first=self._whole_size)
        part = whole[y : y + height, x : x + width]
        if fitted_size(width, height, max_side) == (width, height):
            return np.ascontiguousarray(part)
        return shrink(np.ascontiguousarray(part), max_side)

    def _upright(self, frame: VideoFrame, max_side: int | None) -> NDArray[np.uint8]:
        return upright(frame, aspect=self._seeker.track.sample_aspect_ratio, max_side=max_side)

    def _build(self) -> None:
        """Read the index, in a thread of its own."""
        try:
            container, track = open_track(self.path)
            with container:
                rows: list[PacketTimes] = []
                for row in packet_times(container, track):
                    rows.append(row)
                    if len(rows) % _STOP_EVERY == 0 and self._stopping.is_set():
                        return
                index = build_index(
                    rows,
                    time_base=track.time_base or Fraction(1, av.time_base),
                    start_pts=track.start_time,
                    origin_ms=self._origin_s * 1000.0,
                    jump_s=jump_s(container),
                    first_pts=self._seeker.first_pts,
                    fps=self.fps,
                    counted=self._seeker.counted,
                )
            if index.counted and not self._seeker.counted:
                with self._lock:
                    self._seeker.count()
            self._index = index
        except SourceError as error:
            self._trouble = error
        except Exception as error:  # noqa: BLE001 - carried to whoever asks for the times
            self._trouble = SourceError(f"{self.path}: the times of its pictures cannot be read ({error}).")
        finally:
            self._ready.set()


def _promised_s(seeker: Seeker) -> float:
    track = seeker.track
    if track.duration and track.time_base:
        return float(track.duration * track.time_base)
    return seeker.container.duration / av.time_base if seeker.container.duration else math.nan
