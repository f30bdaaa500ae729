"""The screen as a feed: on a real one where Xvfb is there, and on Qt's own one without a display."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from patience import PROGRAM_PATH, patient_s
from PyQt6 import sip
from PyQt6.QtGui import QColor, QGuiApplication, QImage
from PyQt6.QtMultimedia import QMediaCaptureSession, QScreenCapture, QVideoFrame, QVideoSink
from screen_reader import NUMBERS

from mirrorsync.capture import VideoSource, open_source
from mirrorsync.capture.screen import ScreenSource, list_windows, open_screen
from mirrorsync.errors import SourceError
from mirrorsync.settings import Settings

SETTINGS = Settings()
HERE = Path(__file__).parent
DEADLINE_S = patient_s(10.0)


def _until(happens: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + DEADLINE_S
    while not happens() and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    return happens()


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen of 1000 × 700 pixels in memory."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("no real screen to capture: Xvfb is not installed")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", "1000x700x24", "-nolisten", "tcp"]
    server = subprocess.Popen(
        command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    try:
        if not number:
            pytest.skip("no real screen to capture: Xvfb does not start here")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(DEADLINE_S)


# At 150 % the same 320 × 240 pixels from 90, 120 on are named in units of one and a half.
@pytest.mark.parametrize(("scale", "feed"), [("1", "screen:90,120,320,240"), ("1.5", "screen:60,80,214,160")])
def test_a_part_of_a_real_screen_is_seen_once_as_it_changes(display: str, scale: str, feed: str) -> None:
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "QT_SCALE_FACTOR": scale,
        "PYTHONPATH": os.pathsep.join([str(HERE), PROGRAM_PATH, os.environ.get("PYTHONPATH", "")]),
    }
    done = subprocess.run(
        [sys.executable, str(HERE / "screen_reader.py"), "90", "120", "320", "240", feed],
        env=environment, capture_output=True, text=True, timeout=patient_s(100), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert seen["platform"] == "xcb"
    assert seen["first"] == 3, "what came between opening and reading, not what stood there at first"
    assert seen["seen"] == list(NUMBERS)
    assert seen["size"] == [200, 150]
    assert seen["shapes"] == [[150, 200, 3]]
    assert seen["indexes_rise_by_one"]
    assert seen["times_rise"]
    assert 0 < seen["age_s"] < 60
    assert seen["still"], "a screen that stands still says so"
    assert seen["repeated"] > 0
    assert seen["after_closing"] == [None]
    assert seen["still_after_closing"] is False
    assert seen["waited_s"] < 5
    assert seen["threads_left"] == 0
    if not seen["windows"]:
        assert "Single windows cannot be captured" in seen["window_sentence"]


@pytest.fixture
def source(qapp: QGuiApplication) -> Iterator[VideoSource]:
    with open_source("screen:100,40,320,240", SETTINGS) as made:
        yield made


def test_a_screen_satisfies_what_is_asked_of_a_source(source: VideoSource) -> None:
    assert isinstance(source, VideoSource)
    assert source.live
    assert source.size == (320, 240)
    assert source.frame_count is None
    frame = source.read()
    assert frame is not None
    assert frame.feed == source.feed == "screen:100,40,320,240"
    assert frame.rgb.shape == (240, 320, 3)
    assert frame.rgb.dtype == np.uint8
    assert 0 < time.monotonic_ns() - frame.t_ns < 60e9


class Stage:
    """Stands in for the screen: its pictures come when the test says so."""

    def __init__(self) -> None:
        self._sessions: list[QMediaCaptureSession] = []
        self._sink: QVideoSink | None = None

    def begin(self, session: QMediaCaptureSession) -> QScreenCapture:
        self._sessions.append(session)
        return QScreenCapture()  # joined to no session: it shows nothing

    def open(self, first: QColor) -> ScreenSource:
        made: list[ScreenSource] = []
        opening = threading.Thread(
            target=lambda: made.append(
                ScreenSource("screen:", "The screen", self.begin, lambda w, h: (slice(h), slice(w)))
            )
        )
        opening.start()
        assert _until(lambda: bool(self._sessions) and self._sessions[0].videoSink() is not None)
        self._sink = self._sessions[0].videoSink()
        self.show(first)
        opening.join(DEADLINE_S)
        return made[0]

    def show(self, colour: QColor, kind: QImage.Format = QImage.Format.Format_RGB32) -> None:
        image = QImage(40, 30, kind)
        image.fill(colour)
        assert self._sink is not None
        self._sink.setVideoFrame(QVideoFrame(image))


RED, BLUE, GREEN = QColor(250, 10, 20), QColor(10, 20, 250), QColor(5, 240, 15)


def test_a_still_screen_gives_nothing_new_and_stays_alive(qapp: QGuiApplication) -> None:
    stage = Stage()
    with stage.open(RED) as source:
        frame = source.read()
        assert frame is not None
        assert frame.rgb.shape == (30, 40, 3)
        assert (frame.rgb == (250, 10, 20)).all()
        stage.show(RED)
        assert _until(lambda: source.still)

        def again() -> bool:
            stage.show(RED)
            return source.repeated > 3

        assert _until(again)
        stage.show(BLUE)
        frame = source.read()
        assert frame is not None
        assert (frame.rgb == (10, 20, 250)).all()
        assert frame.index == 1
        colours = itertools.cycle([RED, GREEN])

        def moving() -> bool:
            stage.show(next(colours))
            return not source.still

        assert _until(moving)


def test_the_newest_picture_is_read_not_the_oldest(qapp: QGuiApplication) -> None:
    stage = Stage()
    with stage.open(RED) as source:

        def arrived() -> bool:
            stage.show(GREEN)
            return source.repeated > 0

        assert _until(arrived)
        frame = source.read()
        assert frame is not None
        assert (frame.rgb == (5, 240, 15)).all()


@pytest.mark.parametrize(
    "kind", [QImage.Format.Format_RGBA8888, QImage.Format.Format_RGBX8888, QImage.Format.Format_ARGB32]
)
def test_every_order_of_colours_comes_out_red_first(qapp: QGuiApplication, kind: QImage.Format) -> None:
    stage = Stage()
    with stage.open(BLUE) as source:
        assert source.read() is not None

        def arrived() -> bool:
            stage.show(RED, kind)
            return source.repeated > 0

        assert _until(arrived)
        frame = source.read()
        assert frame is not None
        assert (frame.rgb == (250, 10, 20)).all()


def test_closing_wakes_a_reader_and_ends_the_thread(source: VideoSource) -> None:
    before = {thread.name for thread in threading.enumerate()}
    assert "mirrorsync-screen" in before
    source.read()
    answers: list[object] = []
    reader = threading.Thread(target=lambda: answers.append(source.read()))
    reader.start()
    source.close()
    reader.join(DEADLINE_S)
    assert answers == [None]
    assert "mirrorsync-screen" not in {thread.name for thread in threading.enumerate()}
    source.close()
    assert source.read() is None
    assert not source.still


def test_opening_in_a_thread_and_closing_in_another(qapp: QGuiApplication) -> None:
    made: list[VideoSource] = []
    opening = threading.Thread(target=lambda: made.append(open_source("screen:", SETTINGS)))
    opening.start()
    opening.join(DEADLINE_S)
    (source,) = made
    assert source.read() is not None
    closing = threading.Thread(target=source.close)
    closing.start()
    closing.join(DEADLINE_S)
    assert source.read() is None


def test_a_part_of_a_part_is_cropped_and_shrunk(qapp: QGuiApplication) -> None:
    with open_source("screen:0,0,640,480#right", Settings(max_side=160)) as source:
        frame = source.read()
    assert source.size == (107, 160)
    assert frame is not None
    assert frame.rgb.shape == (160, 107, 3)


def test_closing_after_qt_has_deleted_its_objects(qapp: QGuiApplication) -> None:
    source = open_screen("")
    sip.delete(source._ending)  # as happens at the program's end
    source.close()
    assert not source._thread.is_alive()


def test_twenty_times_opened_and_closed_leaves_no_thread(qapp: QGuiApplication) -> None:
    before = threading.active_count()
    for _ in range(20):
        with open_source("screen:0,0,64,48", SETTINGS) as source:
            assert source.read() is not None
    assert threading.active_count() == before


def test_what_is_not_on_a_screen_gets_a_sentence(qapp: QGuiApplication) -> None:
    before = threading.active_count()
    with pytest.raises(SourceError, match=r"screen:9000,0,10,10 does not lie on one screen"):
        open_source("screen:9000,0,10,10", SETTINGS)
    assert threading.active_count() == before


def test_trouble_while_capturing_breaks_the_feed_off(qapp: QGuiApplication) -> None:
    captures: list[QScreenCapture] = []

    def begin(session: QMediaCaptureSession) -> QScreenCapture:
        capture = QScreenCapture()
        session.setScreenCapture(capture)
        captures.append(capture)
        return capture

    with ScreenSource("screen:", "The screen", begin, lambda w, h: (slice(h), slice(w))) as source:
        assert source.read() is not None
        captures[0].errorOccurred.emit(QScreenCapture.Error.CaptureFailed, "unplugged")
        with pytest.raises(SourceError, match=r"The screen can no longer be captured \(unplugged\)\.$"):
            list(source)
        assert not source.still


def test_a_screen_that_became_too_small_breaks_the_feed_off(qapp: QGuiApplication) -> None:
    def begin(session: QMediaCaptureSession) -> QScreenCapture:
        capture = QScreenCapture()
        session.setScreenCapture(capture)
        return capture

    def cut(width: int, height: int) -> tuple[slice, slice]:
        raise SourceError("It lies on no screen.")

    with pytest.raises(SourceError, match=r"^It lies on no screen\.$"):
        ScreenSource("screen:", "The screen", begin, cut)


def test_without_a_window_it_says_how_to_open_one() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from mirrorsync.capture import open_source\n"
            "from mirrorsync.settings import Settings\n"
            "open_source('screen:', Settings())",
        ],
        capture_output=True, text=True, timeout=patient_s(60), check=False,
    )  # fmt: skip
    assert "SourceError: The screen can be captured while the window is open" in done.stderr


class _Window:
    def __init__(self, title: str) -> None:
        self.title = title

    def description(self) -> str:
        return self.title


def test_windows_are_offered_by_title(qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    windows = [_Window("Zoom Meeting"), _Window("Zoom Meeting"), _Window(""), _Window("Notes")]
    monkeypatch.setattr(
        "mirrorsync.capture.screen.QWindowCapture.capturableWindows", staticmethod(lambda: windows)
    )
    assert list_windows() == ("Zoom Meeting", "Notes")
    with pytest.raises(SourceError, match=r"Several windows have 'zoom' in the title \('Zoom Meeting'"):
        open_source("window:zoom", SETTINGS)
    with pytest.raises(SourceError, match=r"No window has 'Teams' in the title \('Zoom Meeting'; "):
        open_source("window:Teams", SETTINGS)
    windows.clear()
    with pytest.raises(SourceError, match=r"Single windows cannot be captured .* screen:X,Y,WIDTH,HEIGHT\.$"):
        open_source("window:Zoom", SETTINGS)


def test_a_pair_may_share_one_screen(qapp: QGuiApplication) -> None:
    with (
        open_source("screen:0,0,200,200", SETTINGS) as a,
        open_source("screen:200,0,200,200", SETTINGS) as b,
    ):
        assert a.read() is not None
        assert b.read() is not None
