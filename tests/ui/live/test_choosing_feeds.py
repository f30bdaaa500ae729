"""Choosing the two pictures: cameras come and go, keys go where they belong, Start says what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import press
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted_controller import ScriptedController, factory, snapshot

from mirrorsync.capture.cameras import Camera, CameraWatch
from mirrorsync.settings import Settings
from mirrorsync.ui import texts
from mirrorsync.ui.live.main_window import MainWindow


@pytest.fixture
def controller() -> ScriptedController:
    return ScriptedController(snapshot(k) for k in range(100_000))


@pytest.fixture
def window(qtbot: QtBot, controller: ScriptedController, tmp_path: Path) -> Iterator[MainWindow]:
    made = MainWindow(
        "camera:0",
        "portrait:partner",
        Settings(),
        factory(controller),
        cameras=(Camera(0, "Webcam"),),
        recordings=tmp_path,
    )
    qtbot.addWidget(made)
    qtbot.addWidget(made.compact)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    qtbot.waitUntil(lambda: made.bridge.state == "idle")


def test_a_camera_that_is_plugged_in_is_offered(qtbot: QtBot, controller: ScriptedController) -> None:
    there = [Camera(0, "Webcam")]
    watch = CameraWatch(lambda: tuple(there))
    window = MainWindow("camera:0", "", Settings(), factory(controller), cameras=there, watch=watch)
    qtbot.addWidget(window)
    qtbot.addWidget(window.compact)
    before = window.card_b.picker.count()
    window.pictures.look_for_cameras()
    assert window.card_b.picker.count() == before
    there.append(Camera(2, "HD Pro"))
    window.pictures.look_for_cameras()
    assert window.card_b.picker.findText("HD Pro", Qt.MatchFlag.MatchContains) >= 0
    assert window.status_bar.sentence == texts.CAMERAS_CHANGED


def test_a_camera_that_is_plugged_in_while_running_is_offered_after(
    qtbot: QtBot, controller: ScriptedController
) -> None:
    there = [Camera(0, "Webcam")]
    watch = CameraWatch(lambda: tuple(there))
    window = MainWindow("camera:0", "camera:0", Settings(), factory(controller), cameras=there, watch=watch)
    qtbot.addWidget(window)
    qtbot.addWidget(window.compact)
    window.toggle_running()
    there.append(Camera(2, "HD Pro"))
    window.pictures.look_for_cameras()
    assert window.card_b.picker.findText("HD Pro", Qt.MatchFlag.MatchContains) < 0
    window.toggle_running()
    qtbot.waitUntil(lambda: window.bridge.state == "idle")
    window.pictures.look_for_cameras()
    assert window.card_b.picker.findText("HD Pro", Qt.MatchFlag.MatchContains) >= 0


@pytest.mark.parametrize("label", ["Camera 1 – Webcam", texts.CHOOSE_REGION, texts.OPEN_FILE])
def test_after_a_choice_from_the_list_keys_are_the_window_s(
    qtbot: QtBot, window: MainWindow, controller: ScriptedController, label: str
) -> None:
    picker = window.card_a.picker
    picker._choose_part = lambda _: "screen:10,20,640,480"
    picker._choose_file = lambda _: "call.mp4"
    picker._list_windows = lambda: ()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    picker.set_feed("portrait:you")
    picker.setFocus()
    picker.showPopup()
    view = picker.view()
    assert view is not None
    qtbot.waitUntil(view.isVisible)
    view.setCurrentIndex(picker.model().index(picker.findText(label), 0))  # type: ignore[union-attr]  # it has one
    press(view, Qt.Key.Key_Return)
    chosen = {"Camera 1 – Webcam": "camera:Webcam", texts.CHOOSE_REGION: "screen:10,20,640,480"}
    assert picker.feed() == chosen.get(label, "call.mp4")
    focus = QApplication.focusWidget()
    assert focus is window
    press(focus, Qt.Key.Key_Space)
    assert controller.running
    assert picker.feed() == chosen.get(label, "call.mp4")


def test_stepping_through_the_list_keeps_the_keyboard_there(qtbot: QtBot, window: MainWindow) -> None:
    picker = window.card_a.picker
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    picker.set_feed("portrait:you")
    picker.setFocus()
    press(picker, Qt.Key.Key_Down)
    assert picker.feed() == "portrait:partner"
    assert QApplication.focusWidget() in (picker, picker.lineEdit())


@pytest.mark.parametrize(
    ("a", "b", "missing"), [("", "", "a"), ("portrait:you", " ", "b"), ("", "portrait:partner", "a")]
)
def test_start_says_which_picture_is_missing_and_goes_there(
    qtbot: QtBot, controller: ScriptedController, a: str, b: str, missing: str
) -> None:
    window = MainWindow(a, b, Settings(), factory(controller))
    qtbot.addWidget(window)
    qtbot.addWidget(window.compact)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(window, Qt.Key.Key_Space)
    assert not controller.running
    assert window.status_bar.sentence == texts.PICTURE_MISSING[missing]
    card = window.card_a if missing == "a" else window.card_b
    assert QApplication.focusWidget() in (card.picker, card.picker.lineEdit())
