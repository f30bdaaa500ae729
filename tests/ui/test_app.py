"""Opening the window, and painting it into a file."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QSettings, QTimer
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted_controller import ScriptedController, factory, observation, score, snapshot

from mirrorsync.errors import ExportError
from mirrorsync.settings import Settings
from mirrorsync.types import Snapshot
from mirrorsync.ui.app import grab_window_png, run_window
from mirrorsync.ui.live.main_window import MainWindow
from mirrorsync.ui.theme import DARK, LIGHT


def _talk() -> Iterator[Snapshot]:
    for k in range(500):
        yield snapshot(
            k,
            {"attunement": score(0.8), "head_synchrony": score(0.9, lag_s=0.8)},
            a=observation(k, grey=60),
            b=observation(k, grey=220),
        )


def _share(image: QImage, colour: str) -> float:
    want = QColor(colour)
    hits = sum(
        image.pixelColor(x, y) == want
        for x in range(0, image.width(), 4)
        for y in range(0, image.height(), 4)
    )
    return float(hits) / (image.width() * image.height() / 16)


@pytest.mark.parametrize("dark", [False, True])
def test_the_picture_of_the_window_has_frames_bars_and_words(
    qtbot: QtBot, tmp_path: Path, dark: bool
) -> None:
    theme = DARK if dark else LIGHT
    grab_window_png(_talk(), tmp_path / "window.png", dark=dark)
    image = QImage(str(tmp_path / "window.png"))
    assert (image.width(), image.height()) == (1280, 800)
    assert _share(image, "#3c3c3c") > 0.05, "your picture"
    assert _share(image, "#dcdcdc") > 0.05, "your partner's picture"
    assert _share(image, theme.both) > 0.0005, "the bars and the strip"
    assert _share(image, theme.ink) > 0.0003, "words: without fonts there are none"


def test_a_picture_that_cannot_be_written_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="could not be written"):
        grab_window_png([snapshot(0)], tmp_path / "no such folder" / "window.png")


def test_nothing_is_left_after_the_picture(qtbot: QtBot, tmp_path: Path) -> None:
    grab_window_png([snapshot(0)], tmp_path / "window.png")
    assert not [w for w in QApplication.topLevelWidgets() if w.isVisible()]


@pytest.fixture
def own_settings(tmp_path: Path) -> Iterator[None]:
    """Keep the user's own settings out of the tests."""
    kind = QSettings.Format.NativeFormat
    QSettings.setPath(kind, QSettings.Scope.UserScope, str(tmp_path))
    yield
    QSettings.setPath(kind, QSettings.Scope.UserScope, str(Path.home() / ".config"))


def _window() -> MainWindow:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible())


def test_the_window_runs_until_it_is_closed(qtbot: QtBot, own_settings: None) -> None:
    controller = ScriptedController(_talk())

    def close_when_fed() -> None:
        if controller.handed_out:
            _window().close()
        else:
            QTimer.singleShot(20, close_when_fed)

    QTimer.singleShot(20, close_when_fed)
    code = run_window("camera:0", "camera:1", Settings(), factory(controller), cameras=(), start=True)
    assert code == 0
    assert controller.stops == 1
    assert controller.handed_out > 0


def test_ctrl_c_closes_the_window_in_order(qtbot: QtBot, own_settings: None) -> None:
    controller = ScriptedController(_talk())
    before = signal.getsignal(signal.SIGINT)
    QTimer.singleShot(100, lambda: os.kill(os.getpid(), signal.SIGINT))
    assert run_window("a.mp4", "b.mp4", Settings(), factory(controller), cameras=(), start=True) == 0
    assert controller.stops == 1
    assert signal.getsignal(signal.SIGINT) is before
