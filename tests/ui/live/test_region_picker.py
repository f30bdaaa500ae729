"""Dragging a rectangle on the screen, with the mouse and without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hands import press
from patience import patient_s
from PyQt6.QtCore import QPoint, QRect, Qt, QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mirrorsync.ui import texts
from mirrorsync.ui.live.region_picker import RegionPicker, ScreenOverlay, choose_region

_TEST: Any = QTest  # PyQt6 annotates its static functions as methods
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def picker(qtbot: QtBot) -> Iterator[RegionPicker]:
    made = RegionPicker()
    made.show()
    yield made
    made.close()


def _drag(overlay: QWidget, start: QPoint, end: QPoint) -> None:
    _TEST.mousePress(overlay, LEFT, pos=start)
    _TEST.mouseMove(overlay, (start + end) / 2)
    _TEST.mouseRelease(overlay, LEFT, pos=end)


def _overlays() -> list[ScreenOverlay]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, ScreenOverlay) and w.isVisible()]


def test_a_rectangle_dragged_from_any_corner_is_taken(qtbot: QtBot) -> None:
    for start, end in (((100, 60), (420, 300)), ((420, 300), (100, 60)), ((100, 300), (420, 60))):
        picker = RegionPicker()
        picker.show()
        with qtbot.waitSignal(picker.chosen) as heard:
            _drag(picker.overlays[0], QPoint(*start), QPoint(*end))
        assert heard.args == ["screen:100,60,320,240"]
        assert not _overlays()


def test_a_click_is_no_rectangle(qtbot: QtBot, picker: RegionPicker) -> None:
    overlay = picker.overlays[0]
    before = QRect(overlay.region)
    with qtbot.assertNotEmitted(picker.chosen):
        _drag(overlay, QPoint(100, 100), QPoint(105, 300))
    assert overlay.region == before


def test_a_drag_beyond_the_edge_stays_on_the_screen(qtbot: QtBot, picker: RegionPicker) -> None:
    overlay = picker.overlays[0]
    with qtbot.waitSignal(picker.chosen) as heard:
        _drag(overlay, QPoint(overlay.width() - 200, 50), QPoint(overlay.width() + 300, 250))
    assert heard.args == [f"screen:{overlay.width() - 200},50,200,200"]


def test_escape_cancels(qtbot: QtBot, picker: RegionPicker) -> None:
    with qtbot.waitSignal(picker.chosen) as heard:
        press(picker.overlays[0], Qt.Key.Key_Escape)
    assert heard.args == [""]
    assert not _overlays()


def test_closing_by_the_system_cancels(qtbot: QtBot, picker: RegionPicker) -> None:
    with qtbot.waitSignal(picker.chosen) as heard:
        picker.overlays[0].close()
    assert heard.args == [""]


def test_the_keyboard_moves_resizes_and_takes(qtbot: QtBot, picker: RegionPicker) -> None:
    overlay = picker.overlays[0]
    width, height = overlay.width(), overlay.height()
    assert overlay.region == QRect(width // 4, height // 4, width // 2, height // 2)
    press(overlay, Qt.Key.Key_Right)
    press(overlay, Qt.Key.Key_Up)
    _TEST.keyClick(overlay, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    _TEST.keyClick(overlay, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    moved = QRect(width // 4 + 9, height // 4 - 10, width // 2, height // 2 + 10)
    assert overlay.region == moved
    said = texts.REGION_WHERE.format(x=moved.x(), y=moved.y(), width=moved.width(), height=moved.height())
    assert overlay.accessibleDescription().startswith(said)
    with qtbot.waitSignal(picker.chosen) as heard:
        press(overlay, Qt.Key.Key_Return)
    assert heard.args == [f"screen:{moved.x()},{moved.y()},{moved.width()},{moved.height()}"]


def test_the_keyboard_stays_on_the_screen(picker: RegionPicker) -> None:
    overlay = picker.overlays[0]
    bounds = QRect(0, 0, overlay.width(), overlay.height())
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        for _ in range(100):
            press(overlay, key)
    assert overlay.region.bottomRight() == bounds.bottomRight()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
        for _ in range(100):
            _TEST.keyClick(overlay, key, Qt.KeyboardModifier.ShiftModifier)
    assert overlay.region.size().width() == overlay.region.size().height() == 48
    for _ in range(100):
        _TEST.keyClick(overlay, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert bounds.contains(overlay.region)


def test_it_says_what_it_is_to_a_screen_reader(picker: RegionPicker) -> None:
    overlay = picker.overlays[0]
    assert overlay.accessibleName() == texts.REGION_NAME
    assert texts.REGION_HELP in overlay.accessibleDescription()
    assert overlay.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_all_but_the_rectangle_is_dimmed(qtbot: QtBot) -> None:
    white = QWidget()
    qtbot.addWidget(white)
    white.setStyleSheet("background: white")
    white.showFullScreen()
    QApplication.processEvents()
    picker = RegionPicker()
    overlay = picker.overlays[0]
    overlay.suggest()
    image = overlay.grab().toImage()
    assert image.pixelColor(overlay.region.center()).lightness() > 245
    assert 60 < image.pixelColor(5, overlay.height() - 5).lightness() < 190
    picker.close()


def test_the_window_steps_aside_and_comes_back(qtbot: QtBot) -> None:
    button = QPushButton("here")
    qtbot.addWidget(button)
    button.show()
    seen: list[bool] = []

    def drag() -> None:
        found = _overlays()
        if not found:
            QTimer.singleShot(20, drag)
            return
        seen.append(button.isVisible())
        _drag(found[0], QPoint(10, 20), QPoint(110, 120))

    QTimer.singleShot(0, drag)
    assert choose_region(button) == "screen:10,20,100,100"
    assert seen == [False]
    assert button.isVisible()
    assert not _overlays()


TWO_SCREENS = """
import json, sys
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from mirrorsync.capture import open_source
from mirrorsync.settings import Settings
from mirrorsync.ui.live.region_picker import RegionPicker
app = QApplication([])
heard = []
def chosen():
    picker = RegionPicker(app.screens()[0])
    picker.chosen.connect(heard.append)
    picker.show()
    return picker
picker = chosen()
QTest.keyClick(picker.overlays[0], Qt.Key.Key_Tab)
first_is_empty = picker.overlays[0].region.isNull()
QTest.keyClick(picker.overlays[1], Qt.Key.Key_Return)
picker = chosen()
second = picker.overlays[1]
QTest.mousePress(second, Qt.MouseButton.LeftButton, pos=QPoint(100, 50))
QTest.mouseRelease(second, Qt.MouseButton.LeftButton, pos=QPoint(300, 150))
with open_source(heard[-1], Settings()) as source:
    size = source.size
print(json.dumps([first_is_empty, heard, size]))
"""


def test_a_rectangle_on_the_second_scaled_screen(tmp_path: Path) -> None:
    kinds = {"logicalDpi": 96, "logicalBaseDpi": 96}
    screens = [
        {"name": "one", "x": 0, "y": 0, "width": 800, "height": 600, "dpr": 1, **kinds},
        {"name": "two", "x": 800, "y": 0, "width": 640, "height": 480, "dpr": 2, **kinds},
    ]
    # Qt takes a path here up to the first colon; a name without folders has none.
    (tmp_path / "screens.json").write_text(json.dumps({"screens": screens}), encoding="utf-8")
    root = str(Path(__file__).parents[3])
    done = subprocess.run(
        [sys.executable, "-c", TWO_SCREENS],
        cwd=tmp_path, capture_output=True, text=True, timeout=patient_s(60), check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen:configfile=screens.json", "PYTHONPATH": root},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first_is_empty, heard, size = json.loads(done.stdout.splitlines()[-1])
    assert first_is_empty
    assert heard == ["screen:960,120,320,240", "screen:900,50,200,100"]
    assert size[0] == 2 * size[1]
