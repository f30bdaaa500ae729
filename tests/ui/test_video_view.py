"""The picture on the screen is the analysed frame, with that frame's lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PyQt6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot
from scripted_controller import landmarks, observation

from mirrorsync.engine.status import FeedStatus
from mirrorsync.types import Frame, Landmarks
from mirrorsync.ui.theme import LIGHT
from mirrorsync.ui.video_view import VideoView


def _view(qtbot: QtBot, side: str = "a") -> VideoView:
    view = VideoView(side)
    qtbot.addWidget(view)
    view.resize(640, 480)
    return view


def _coloured(image: QImage, colour: str, *, near: int = 60) -> int:
    """Return how many pixels are about `colour`."""
    want = np.array(QColor(colour).getRgb()[:3])
    return int((np.abs(_pixels(image).astype(int) - want).max(axis=2) < near).sum())


def _pixels(image: QImage) -> np.ndarray:
    rgb = image.convertToFormat(QImage.Format.Format_RGBA8888)
    memory = rgb.constBits()
    assert memory is not None
    flat = np.frombuffer(memory.asstring(rgb.sizeInBytes()), np.uint8)
    out: np.ndarray = flat.reshape(rgb.height(), rgb.width(), 4)[:, :, :3]
    return out


def test_the_frame_and_its_own_lines_are_painted(qtbot: QtBot) -> None:
    view = _view(qtbot)
    view.set_observation(observation(0, grey=200))
    image = view.grab().toImage()
    assert image.pixelColor(10, 10) == QColor(200, 200, 200)
    assert _coloured(image, LIGHT.you_line) > 200
    # The shoulders of this frame lie at three quarters of the height.
    shoulders = _pixels(image)[358:363, 280:300].reshape(-1, 3)
    assert (np.abs(shoulders.astype(int) - QColor(LIGHT.you_line).getRgb()[:3]).max(axis=1) < 60).any()


def test_the_next_frame_brings_its_own_lines(qtbot: QtBot) -> None:
    view = _view(qtbot)
    view.set_observation(observation(0, grey=200))
    nobody = Landmarks(t_ns=40_000_000, width=64, height=48)
    view.set_observation(observation(1, grey=90, found=nobody))
    image = view.grab().toImage()
    assert image.pixelColor(10, 10) == QColor(90, 90, 90)
    assert _coloured(image, LIGHT.you_line, near=30) == 0


def test_you_and_partner_differ_in_colour(qtbot: QtBot) -> None:
    view = _view(qtbot, "b")
    view.set_observation(observation(0, grey=200))
    image = view.grab().toImage()
    assert _coloured(image, LIGHT.partner_line) > 200
    assert _coloured(image, LIGHT.you_line, near=30) == 0


def test_layers_can_be_hidden(qtbot: QtBot) -> None:
    view = _view(qtbot)
    view.set_observation(observation(0, grey=200))
    both = _coloured(view.grab().toImage(), LIGHT.you_line)
    view.show_layers(body=True, face=False)
    body = _coloured(view.grab().toImage(), LIGHT.you_line)
    view.show_layers(body=False, face=False)
    assert both > body > 0
    assert _coloured(view.grab().toImage(), LIGHT.you_line) == 0


def test_layers_report_data_and_forget_it_after_a_second(qtbot: QtBot) -> None:
    view = _view(qtbot)
    heard: list[tuple[bool, bool]] = []
    view.layers_changed.connect(lambda body, face: heard.append((body, face)))
    view.set_observation(observation(0, found=landmarks(face=False)))
    nobody = Landmarks(t_ns=0, width=64, height=48)
    view.set_observation(observation(10, found=nobody))
    assert heard == [(True, False)]
    view.set_observation(observation(25, found=nobody))
    assert heard == [(True, False), (False, False)]


def test_a_picture_cut_out_of_a_larger_one_is_shown_right(qtbot: QtBot) -> None:
    wide = np.zeros((48, 128, 3), dtype=np.uint8)
    wide[:, 64:] = (10, 200, 30)
    for rgb in (wide[:, 64:], wide[:, :63:-1], wide[::-1, 64:]):
        view = _view(qtbot)
        seen = observation(0, found=Landmarks(t_ns=0, width=64, height=48))
        view.set_observation(replace(seen, frame=Frame("made", 0, 0, rgb)))
        assert view.grab().toImage().pixelColor(320, 240) == QColor(10, 200, 30)


def test_trouble_is_said_on_the_picture(qtbot: QtBot) -> None:
    view = _view(qtbot)
    view.set_observation(observation(0, grey=200))
    view.set_status(FeedStatus("lost", "Camera 1 stopped sending pictures."))
    image = view.grab().toImage()
    assert view.accessibleDescription() == "Camera 1 stopped sending pictures."
    assert image.pixelColor(10, 10).red() < 120, "the stale picture is dimmed"
    assert _coloured(image.copy(0, 380, 640, 100), "#FFFFFF", near=20) > 50, "white words at the bottom"


def test_each_new_frame_reports_its_capture_time_once(qtbot: QtBot) -> None:
    view = _view(qtbot)
    heard: list[int] = []
    view.painted.connect(heard.append)
    view.set_observation(observation(0, captured_ns=2**40))
    view.grab()
    view.grab()
    view.set_observation(observation(1, captured_ns=0))
    view.grab()
    assert heard == [2**40]
