"""Two people in front of one camera: both feeds read the same device, which opens only once."""

from __future__ import annotations

import threading
from collections.abc import Callable

from mirrorsync.capture.cameras import check_distinct, list_cameras, same_camera
from mirrorsync.capture.feed import parse_feed
from mirrorsync.capture.opening import dressed, open_bare, open_source
from mirrorsync.capture.source import VideoSource, WrappedSource
from mirrorsync.errors import SourceError
from mirrorsync.settings import Settings
from mirrorsync.types import Frame

__all__ = ["SharedCamera", "pair_openers"]


class SharedCamera:
    """One live source for several readers, each in its own thread; the device closes with the last.

    Whoever finds no newer picture than it has seen reads one; the others get that very picture. A slow
    reader misses pictures, as with a camera of its own. When the camera breaks off, it does so for all; who
    opens it again first opens the device anew, and the others join.

    Parameters
    ----------
    open_inner : callable
        Opens the live source; called once, by the first `open`.
    """

    def __init__(self, open_inner: Callable[[], VideoSource]) -> None:
        self._open_inner = open_inner
        self._opening = threading.Lock()
        self._reading = threading.Lock()
        self._inner: VideoSource | None = None
        self._newest: Frame | None = None
        self._readers = 0
        self._why = ""  # it broke off

    def open(self) -> VideoSource:
        """Return one more reader; raises what opening the source raises."""
        with self._opening:
            if self._inner is None:
                self._inner = self._open_inner()
            self._readers += 1
            return _Reader(self._inner, self)

    def newer_than(self, inner: VideoSource, index: int) -> Frame | None:
        """Return a picture of `inner` whose index is higher than `index`, reading one if there is none yet.

        Raises
        ------
        SourceError
            The camera broke off, now or when another reader looked.
        """
        with self._reading:
            if inner is not self._inner:
                raise SourceError(self._why)
            if self._newest is None or self._newest.index <= index:
                try:
                    self._newest = inner.read()
                except SourceError as error:
                    self._why = str(error)
                    self._give_up(inner)
                    raise
            return self._newest

    def _give_up(self, inner: VideoSource) -> None:
        with self._opening:
            if self._inner is inner:
                self._inner = self._newest = None
        inner.close()

    def leave(self) -> None:
        """One reader less; the last one closes the source."""
        with self._opening:
            self._readers -= 1
            if self._readers == 0 and self._inner is not None:
                self._inner.close()
                self._inner = self._newest = None


class _Reader(WrappedSource):
    def __init__(self, inner: VideoSource, camera: SharedCamera) -> None:
        super().__init__(inner)
        self._camera = camera
        self._seen = -1
        self._closing = threading.Lock()
        self._closed = False

    def read(self) -> Frame | None:
        if self._is_closed():
            return None
        try:
            frame = self._camera.newer_than(self.inner, self._seen)
        except SourceError:
            if self._is_closed():  # meanwhile, by another thread
                return None
            raise
        if frame is None or self._is_closed():
            return None
        self._seen = frame.index
        return frame

    def _is_closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self._camera.leave()


def pair_openers(
    feed_a: str, feed_b: str, settings: Settings, *, paced: bool = False, seconds: float | None = None
) -> tuple[Callable[[], VideoSource], Callable[[], VideoSource]]:
    """Return two functions that open the feeds of a pair, each once, from any thread.

    The arguments are those of `mirrorsync.capture.open_source`. Two parts of one camera, such as
    ``camera:0#left`` and ``camera:0#right``, share the device.

    Raises
    ------
    UsageError
        A string cannot be understood, or both show the same part of one camera.
    """
    specs = parse_feed(feed_a), parse_feed(feed_b)
    check_distinct(*specs)
    if any(spec.kind == "camera" for spec in specs):
        list_cameras()  # off Linux the threads that open them rely on what is known here
    if any(spec.kind in {"screen", "window"} for spec in specs):
        # PyQt enters a module into its tables without a lock: loaded by the thread that opens the feed, while
        # the window's thread was in Qt, it crashed the program now and then.
        import mirrorsync.capture.screen  # noqa: F401 - for its effect
    if not same_camera(*specs):
        return (
            lambda: open_source(feed_a, settings, paced=paced, seconds=seconds),
            lambda: open_source(feed_b, settings, paced=paced, seconds=seconds),
        )
    camera = SharedCamera(lambda: open_bare(specs[0], settings, max_side=None))
    return (
        lambda: dressed(camera.open(), specs[0], settings, seconds=seconds),
        lambda: dressed(camera.open(), specs[1], settings, seconds=seconds),
    )
