"""What a source of frames is."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from mirrorsync.types import Frame

__all__ = ["LimitedSource", "SourceBase", "VideoSource", "WrappedSource"]


@runtime_checkable
class VideoSource(Protocol):
    """An open feed: read it to the end, then close it. One thread reads; any thread may close."""

    @property
    def feed(self) -> str:
        """The feed string it was opened with; every frame carries it."""

    @property
    def fps(self) -> float:
        """Nominal pictures a second; NaN when unknown. Frame times, not this, are the truth."""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of its first picture, in pixels; a stream may change size on the way."""

    @property
    def live(self) -> bool:
        """Whether frame times are those of `time.monotonic_ns()`; otherwise they start at 0."""

    @property
    def frame_count(self) -> int | None:
        """How many frames were promised; None when nobody knows (live, or not in the header)."""

    @property
    def duration_s(self) -> float:
        """Promised length in seconds; NaN when unknown."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Plain sentences on what was odd about the feed so far, to be shown with the results."""

    @property
    def lost(self) -> int:
        """Frames that a recording promises and that could not be decoded, known at its end; 0 if live."""

    @property
    def still(self) -> bool:
        """Whether `read` waits because what is shown does not change: no fault, and no data either."""

    def read(self) -> Frame | None:
        """Return the next frame, later than the one before; None at the end and after closing.

        Raises
        ------
        SourceError
            The feed broke off.
        """

    def close(self) -> None:
        """Let go of the device or file. May be called again; may be called while `read` waits."""

    def __iter__(self) -> Iterator[Frame]: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


class SourceBase(ABC):
    """What all sources share: iteration, `with`, and the facts about the feed as attributes."""

    def __init__(
        self,
        *,
        feed: str,
        fps: float,
        size: tuple[int, int],
        live: bool,
        frame_count: int | None = None,
        duration_s: float = math.nan,
    ) -> None:
        self.feed = feed
        self.fps = fps
        self.size = size
        self.live = live
        self.frame_count = frame_count
        self.duration_s = duration_s

    @property
    def notes(self) -> tuple[str, ...]:
        """Plain sentences on what was odd about the feed so far."""
        return ()

    @property
    def lost(self) -> int:
        """Frames that a recording promises and that could not be decoded, known at its end."""
        return 0

    @property
    def still(self) -> bool:
        """Whether `read` waits because what is shown does not change; only a screen can tell."""
        return False

    @abstractmethod
    def read(self) -> Frame | None:
        """Return the next frame; None at the end and after closing."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the device or file; may be called again."""

    def __iter__(self) -> Iterator[Frame]:
        while (frame := self.read()) is not None:
            yield frame

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class WrappedSource(SourceBase):
    """A source that changes what another one delivers; it owns and closes it."""

    def __init__(self, inner: VideoSource) -> None:
        super().__init__(
            feed=inner.feed,
            fps=inner.fps,
            size=inner.size,
            live=inner.live,
            frame_count=inner.frame_count,
            duration_s=inner.duration_s,
        )
        self.inner = inner

    @property
    def notes(self) -> tuple[str, ...]:
        """The inner source's notes."""
        return self.inner.notes

    @property
    def lost(self) -> int:
        """The inner source's lost frames."""
        return self.inner.lost

    @property
    def still(self) -> bool:
        """Whether the inner source stands still."""
        return self.inner.still

    def close(self) -> None:
        """Close the inner source."""
        self.inner.close()


class LimitedSource(WrappedSource):
    """The first `seconds` of a source: of a recording, or from the first frame of what is live."""

    def __init__(self, inner: VideoSource, seconds: float) -> None:
        super().__init__(inner)
        self._length_ns = round(seconds * 1e9)
        self._end_ns: int | None = None
        if not inner.duration_s <= seconds:  # longer, or nobody knows
            self.duration_s = seconds
            if inner.frame_count is not None:
                at_most = math.ceil(seconds * inner.fps) if math.isfinite(inner.fps) else inner.frame_count
                self.frame_count = min(inner.frame_count, at_most)

    def read(self) -> Frame | None:
        """Return the next frame, or None once the time is over."""
        frame = self.inner.read()
        if frame is None:
            return None
        if self._end_ns is None:
            self._end_ns = (frame.t_ns if self.live else 0) + self._length_ns
        if frame.t_ns >= self._end_ns:
            self.close()
            return None
        return frame
