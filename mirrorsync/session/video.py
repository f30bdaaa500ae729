"""Writing one feed's pictures as a video beside the session: clean, in step with it, good after a crash.

Matroska, closed into a cluster every half second: whatever ends the program, the file plays up to there.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import av
import numpy as np
from numpy.typing import NDArray

from mirrorsync.errors import SessionError
from mirrorsync.session.files import create_private_file

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

__all__ = ["VideoWriter"]

_TICKS_HZ = 1000  # Matroska's own
_WAITING = 8  # pictures; the oldest goes when the encoder is slow
_GROUP = 30  # pictures from one that stands alone to the next, so that jumps are quick
_JOIN_S = 10.0
_ENCODING = {"preset": "ultrafast", "tune": "zerolatency", "crf": "23"}
_WRITING = {"cluster_time_limit": "500", "flush_packets": "1"}


class VideoWriter:
    """Encodes pictures in a thread of its own; handing one over never waits.

    Parameters
    ----------
    path : Path
        A file that does not exist yet; readable by its owner only.
    name : str
        Of the thread, after "mirrorsync-video-".

    Raises
    ------
    SessionError
        The file cannot be made.
    """

    def __init__(self, path: Path, *, name: str) -> None:
        self.path = path
        self.dropped = 0
        self.written = 0
        self.error: SessionError | None = None
        self._waiting: deque[tuple[int, NDArray[np.uint8]]] = deque()
        self._news = threading.Condition()
        self._over = False
        self._last = -1
        create_private_file(path)
        self._thread = threading.Thread(target=self._run, name=f"mirrorsync-video-{name}", daemon=True)
        self._thread.start()

    def add(self, t_ns: int, rgb: NDArray[np.uint8]) -> None:
        """Hand over a picture; returns at once.

        Parameters
        ----------
        t_ns : int
            When it is shown, nanoseconds from the start of the video; rising.
        rgb : ndarray of uint8, shape (H, W, 3)
            Must not be changed afterwards.
        """
        with self._news:
            if self._over or self.error is not None:
                return
            if len(self._waiting) >= _WAITING:
                self._waiting.popleft()
                self.dropped += 1
            self._waiting.append((t_ns, rgb))
            self._news.notify()

    def close(self) -> None:
        """Write what waits, finish the file and end the thread; may be called again.

        Raises
        ------
        SessionError
            Something could not be written; what was written before plays.
        """
        with self._news:
            self._over = True
            self._news.notify()
        self._thread.join(_JOIN_S)
        if self._thread.is_alive():
            raise SessionError(f"The video {self.path} is still being written; wait before you open it.")
        if self.error is not None:
            raise self.error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self) -> tuple[int, NDArray[np.uint8]] | None:
        with self._news:
            while not self._waiting and not self._over:
                self._news.wait()
            return self._waiting.popleft() if self._waiting else None

    def _run(self) -> None:
        try:
            first = self._take()
            if first is None:
                self.path.unlink(missing_ok=True)  # no picture came: no empty file either
                return
            container = av.open(str(self.path), "w", format="matroska", options=dict(_WRITING))
            try:
                self._encode(container, first)
            finally:
                with contextlib.suppress(av.FFmpegError, OSError):
                    container.close()
        except (av.FFmpegError, OSError) as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 - carried to whoever records
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        number = getattr(error, "errno", None)
        reason = os.strerror(number).lower() if isinstance(number, int) and number > 0 else str(error)
        with self._news:
            self._waiting.clear()
            self.error = SessionError(
                f"The video {self.path} cannot be written ({reason}); what was written before is safe. "
                "Make room or choose another folder, then record again."
            )

    def _encode(self, container: OutputContainer, first: tuple[int, NDArray[np.uint8]]) -> None:
        height, width = (side - side % 2 for side in first[1].shape[:2])
        stream = container.add_stream("libx264", rate=Fraction(30), options=dict(_ENCODING))
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = Fraction(1, _TICKS_HZ)
        stream.codec_context.gop_size = _GROUP
        stream.codec_context.thread_count = 1
        picture: tuple[int, NDArray[np.uint8]] | None = first
        while picture is not None:
            self._write(container, stream, *picture)
            picture = self._take()
        container.mux(stream.encode())

    def _write(
        self, container: OutputContainer, stream: VideoStream, t_ns: int, rgb: NDArray[np.uint8]
    ) -> None:
        at = round(t_ns * _TICKS_HZ / 1e9)
        if at <= self._last:
            return
        height, width = stream.height, stream.width
        part = np.ascontiguousarray(rgb[: rgb.shape[0] // 2 * 2, : rgb.shape[1] // 2 * 2])
        frame = av.VideoFrame.from_ndarray(part, format="rgb24").reformat(width, height, "yuv420p")
        frame.pts, frame.time_base = at, Fraction(1, _TICKS_HZ)
        container.mux(stream.encode(frame))
        self._last = at
        self.written += 1
