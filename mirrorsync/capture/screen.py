"""A part of the screen, or a window, as a feed: the one place of the package that captures through Qt.

Here Qt is asked for cameras, too, where the kernel has no list of them; they are opened by `opencv.py`.

Qt's capture objects need an application and an event loop. The application is the window's own; the loop
runs in a thread of this module, one a feed, so that neither the window's thread nor the reader's ever
works or waits for it. There a picture is cut to the wanted rectangle, compared with the last one and, when
it is new, left in a mailbox; the reader converts and shrinks it.

A screen that stands still is no stalled source: nobody moves in a slide, and a frozen call looks the same.
`read` then waits, `still` is True, and the data has a gap, for what did not arrive was not measured.

Known limits: screen capture was tried on X11 (Xvfb). Under Wayland the system asks which screen may be
seen, and Qt loads libpipewire-0.3 for it.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QCoreApplication, QEventLoop, QObject, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QImage, QScreen
from PyQt6.QtMultimedia import (
    QCapturableWindow,
    QMediaCaptureSession,
    QMediaDevices,
    QScreenCapture,
    QVideoFrame,
    QVideoFrameFormat,
    QVideoSink,
    QWindowCapture,
)

from mirrorsync.capture.feed import parse_rectangle
from mirrorsync.capture.mailbox import Mailbox
from mirrorsync.capture.picture import fitted_size, shrink
from mirrorsync.capture.regions import NewPictures, ScreenArea, pixels_of, screen_of
from mirrorsync.capture.source import SourceBase
from mirrorsync.errors import SourceError
from mirrorsync.types import Frame

__all__ = ["ScreenSource", "list_windows", "open_screen", "open_window", "video_inputs"]

_FIRST_PICTURE_S = 5.0
_POLL_S = 0.5
_JOIN_S = 3.0
_STILL_NS = 1_000_000_000
_Format = QVideoFrameFormat.PixelFormat
# Blue, green, red and one more byte: what needs no conversion before it is cut.
_BLUE_FIRST = (_Format.Format_BGRX8888, _Format.Format_BGRA8888, _Format.Format_BGRA8888_Premultiplied)

Cut = Callable[[int, int], tuple[slice, slice]]
Begin = Callable[[QMediaCaptureSession], QScreenCapture | QWindowCapture]


def open_screen(target: str, *, max_side: int | None = None) -> ScreenSource:
    """Open the primary screen ("") or the rectangle "X,Y,WIDTH,HEIGHT" of the virtual desktop.

    The rectangle is in device-independent pixels (see `mirrorsync.capture.regions`) and lies on one screen.

    Raises
    ------
    SourceError
        There is no window of this program, the rectangle lies on no screen, or nothing can be captured.
    """
    application = _application()
    screens = application.screens()
    primary = application.primaryScreen()
    region = parse_rectangle(target, f"screen:{target}") if target else None
    screen = primary if region is None else screens[screen_of(region, [_area(each) for each in screens])]
    if screen is None:
        raise SourceError("No screen is connected; connect one, or choose a camera or a video file.")

    def cut(width: int, height: int) -> tuple[slice, slice]:
        if region is None:
            return slice(0, height), slice(0, width)
        area = _area(screen)
        screen_of(region, [area])  # the screen may have become smaller since
        return pixels_of(region, area, width, height)

    def begin(session: QMediaCaptureSession) -> QScreenCapture:
        capture = QScreenCapture()
        capture.setScreen(screen)
        session.setScreenCapture(capture)
        return capture

    return ScreenSource(f"screen:{target}", "The screen", begin, cut, max_side=max_side)


_known_inputs: tuple[tuple[str, str], ...] = ()


def video_inputs() -> tuple[tuple[str, str], ...]:
    """Return identifier and name of every camera that Qt knows.

    Qt is asked in the program's first thread only; other threads get what it said last.
    """
    global _known_inputs
    if threading.current_thread() is threading.main_thread():
        application = QCoreApplication.instance() or QCoreApplication([])  # without one Qt knows none
        _known_inputs = tuple(
            (bytes(device.id().data()).decode("utf-8", "replace"), device.description())
            for device in QMediaDevices.videoInputs()
        )
        del application
    return _known_inputs


def open_window(title: str, *, max_side: int | None = None) -> ScreenSource:
    """Open the one window whose title contains `title` (upper and lower case are the same).

    Raises
    ------
    SourceError
        Windows cannot be captured here, or not exactly one has such a title.
    """
    _application()
    window = _window(title, QWindowCapture.capturableWindows())

    def begin(session: QMediaCaptureSession) -> QWindowCapture:
        capture = QWindowCapture()
        capture.setWindow(window)
        session.setWindowCapture(capture)
        return capture

    return ScreenSource(
        f"window:{title}",
        f"The window {window.description()!r}",
        begin,
        lambda width, height: (slice(0, height), slice(0, width)),
        max_side=max_side,
    )


def list_windows() -> tuple[str, ...]:
    """Return the titles of the windows that can be captured; empty where the system offers none."""
    if QGuiApplication.instance() is None:
        return ()
    titles = (window.description() for window in QWindowCapture.capturableWindows())
    return tuple(dict.fromkeys(title for title in titles if title.strip()))


class ScreenSource(SourceBase):
    """A live feed of what stands on the screen: each new picture once, at most some thirty a second.

    Times are `time.monotonic_ns()` when the picture arrived from the screen.

    Parameters
    ----------
    feed : str
        The feed string.
    name : str
        What is captured, as the subject of a sentence.
    begin : callable
        Makes the capture and joins it to a session; called in the capturing thread.
    cut : callable
        ``cut(width, height)`` gives the wanted rows and columns of a picture of that size.
    max_side : int, optional
        Longest side of the frames in pixels.

    Raises
    ------
    SourceError
        No picture arrived within seconds, or Qt says why there will be none.
    """

    def __init__(self, feed: str, name: str, begin: Begin, cut: Cut, *, max_side: int | None = None) -> None:
        self._name = name
        self._begin = begin
        self._cut = cut
        self._max_side = max_side
        self._mailbox: Mailbox[tuple[int, NDArray[np.uint32]]] = Mailbox()
        self._new = NewPictures()
        self._whole: tuple[int, int] = (0, 0)
        self._part = (slice(0), slice(0))
        self._trouble = ""
        self._closed = False
        self._index = 0
        self._newest_ns = 0
        self._ending = _Ending()
        self._looping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mirrorsync-screen", daemon=True)
        self._thread.start()
        self._looping.wait()
        first = self._mailbox.get(_FIRST_PICTURE_S)
        if first is None:
            self.close()
            raise SourceError(
                self._trouble
                or f"{name} gave no picture; see whether the system lets this program record the screen."
            )
        self._first: tuple[int, NDArray[np.uint32]] | None = first
        height, width = first[1].shape
        super().__init__(feed=feed, fps=math.nan, size=fitted_size(width, height, max_side), live=True)

    @property
    def still(self) -> bool:
        """Whether the capture goes on and the picture has not changed for a second."""
        quiet = time.monotonic_ns() - self._newest_ns > _STILL_NS
        return quiet and not self._closed and not self._trouble

    @property
    def repeated(self) -> int:
        """Pictures that were the last one again and so left out."""
        return self._new.repeated

    def read(self) -> Frame | None:
        """Wait for the next new picture and return it; None after closing.

        Raises
        ------
        SourceError
            The screen or window is gone.
        """
        first, self._first = self._first, None
        while not self._closed:
            # Between opening and reading seconds may pass, in which models are loaded: the newest counts.
            item = self._mailbox.get(0 if first else _POLL_S) or first
            if item is not None:
                t_ns, pixels = item
                height, width = pixels.shape
                small = shrink(pixels.view(np.uint8).reshape(height, width, 4), self._max_side)
                rgb = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGRA2RGB), dtype=np.uint8)
                frame = Frame(self.feed, self._index, t_ns, rgb)
                self._index += 1
                return frame
            if self._trouble:
                raise SourceError(self._trouble)
        return None

    def close(self) -> None:
        """End the capture and its thread, and wake a reader that waits."""
        self._closed = True
        self._mailbox.close()
        try:
            self._ending.wanted.emit()
        except RuntimeError:  # the program ends, and Qt has deleted its objects: the loop's own word remains
            with contextlib.suppress(RuntimeError):
                self._loop.quit()
        self._thread.join(_JOIN_S)

    def _run(self) -> None:
        self._loop = QEventLoop()
        self._ending.wanted.connect(self._loop.quit)
        session, sink = QMediaCaptureSession(), QVideoSink()
        try:
            capture = self._begin(session)
            sink.videoFrameChanged.connect(self._arrived)
            capture.errorOccurred.connect(self._failed)
            session.setVideoSink(sink)
            capture.start()
        except RuntimeError:  # the screen went away meanwhile, and Qt's object with it
            self._break_off(f"{self._name} is gone; choose another.")
            return
        finally:
            self._looping.set()
        self._loop.exec()
        with contextlib.suppress(RuntimeError):  # at the end of the program Qt's objects may be gone already
            capture.stop()
            session.setVideoSink(None)

    def _arrived(self, frame: QVideoFrame) -> None:
        t_ns = time.monotonic_ns()
        if self._closed or self._trouble or not self._new.due(t_ns) or not frame.isValid():
            return
        try:
            with _Pixels(frame) as pixels:
                if (size := pixels.shape) != self._whole:
                    self._whole, self._part = size, self._cut(size[1], size[0])
                new = self._new.take(t_ns, pixels[self._part])
        except SourceError as error:
            self._break_off(str(error))
            return
        except RuntimeError:  # Qt's object of the screen is deleted
            self._break_off(f"{self._name} is gone; choose another.")
            return
        if new is not None:
            self._newest_ns = t_ns
            self._mailbox.put((t_ns, new))

    def _failed(self, error: object, text: str) -> None:  # noqa: ARG002 - Qt's two arguments
        self._break_off(f"{self._name} can no longer be captured ({text or 'no reason given'}).")

    def _break_off(self, sentence: str) -> None:
        self._trouble = sentence
        self._mailbox.close()


class _Ending(QObject):
    """Carries the wish to end into the capturing thread's event loop."""

    wanted = pyqtSignal()


class _Pixels:
    """The pixels of Qt's frame as numbers (H, W), blue in the lowest byte, valid inside `with`."""

    def __init__(self, frame: QVideoFrame) -> None:
        self._frame = QVideoFrame(frame)
        self._image = QImage()

    def __enter__(self) -> NDArray[np.uint32]:
        frame = self._frame
        if frame.pixelFormat() in _BLUE_FIRST and frame.map(QVideoFrame.MapMode.ReadOnly):
            bits, stride = frame.bits(0), frame.bytesPerLine(0)
            width, height = frame.width(), frame.height()
        else:
            self._image = frame.toImage().convertToFormat(QImage.Format.Format_RGB32)
            bits, stride = self._image.constBits(), self._image.bytesPerLine()
            width, height = self._image.width(), self._image.height()
        if bits is None or not width:
            raise SourceError("The screen's picture cannot be read; choose another feed.")
        bits.setsize(stride * height)
        memory = cast("memoryview", bits)  # a buffer, which PyQt6's annotations do not say
        pixels: NDArray[np.uint32] = np.frombuffer(memory, np.uint32).reshape(height, stride // 4)
        return pixels[:, :width]

    def __exit__(self, *_: object) -> None:
        self._frame.unmap()  # nothing happens when it is not mapped


def _application() -> QGuiApplication:
    application = QGuiApplication.instance()
    if not isinstance(application, QGuiApplication):
        raise SourceError(
            "The screen can be captured while the window is open; start it with `mirrorsync live`."
        )
    return application


def _area(screen: QScreen) -> ScreenArea:
    place = screen.geometry()
    return ScreenArea(screen.name(), place.x(), place.y(), place.width(), place.height())


def _window(title: str, windows: list[QCapturableWindow]) -> QCapturableWindow:
    if not windows:
        raise SourceError(
            "Single windows cannot be captured on this system; choose the window's part of the screen "
            "instead, as in screen:X,Y,WIDTH,HEIGHT."
        )
    exact = [window for window in windows if window.description().casefold() == title.casefold()]
    matches = exact or [window for window in windows if title.casefold() in window.description().casefold()]
    if len(matches) == 1:
        return matches[0]
    names = "; ".join(repr(window.description()) for window in matches or windows)
    said = "Several windows have" if matches else "No window has"
    raise SourceError(f"{said} {title!r} in the title ({names}); name exactly one.")
