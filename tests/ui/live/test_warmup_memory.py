"""What the warm-up asks is asked once: of each camera, and of the form of mirroring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import click
from PyQt6.QtCore import QSettings
from pytestqt.qtbot import QtBot
from scripted_controller import ScriptedController, factory, snapshot

from mirrorsync.capture.camera_facts import facts_of, remember_flipped
from mirrorsync.practice.warmup import WarmupAnswers
from mirrorsync.settings import Settings
from mirrorsync.ui import texts
from mirrorsync.ui.live.main_window import MainWindow
from mirrorsync.ui.live.warmup_memory import WarmupMemory


def _nothing() -> None:
    raise AssertionError("nothing is to be started again")


def test_a_camera_is_asked_once(tmp_path: Path) -> None:
    facts = tmp_path / "cameras.json"
    memory = WarmupMemory(facts=facts)
    assert memory.known("camera:7", Settings()) == WarmupAnswers(None, None)
    assert memory.new_camera("camera:7")
    memory.keep("camera:7", WarmupAnswers(flipped=False), restart=_nothing)
    assert WarmupMemory(facts=facts).known("camera:7", Settings()).flipped is False
    assert WarmupMemory(facts=facts).new_camera("camera:8")
    assert memory.known("portrait:you", Settings()).flipped is False, "only cameras flip"


def test_a_camera_that_flips_is_opened_again(tmp_path: Path) -> None:
    restarted: list[bool] = []
    memory = WarmupMemory(facts=tmp_path / "cameras.json")
    memory.keep("camera:7", WarmupAnswers(flipped=True), restart=lambda: restarted.append(True))
    memory.keep("camera:7", WarmupAnswers(flipped=True), restart=_nothing)
    assert restarted == [True]


def test_the_form_of_mirroring_is_asked_once(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "store.ini"), QSettings.Format.IniFormat)
    memory = WarmupMemory(store, facts=tmp_path / "cameras.json")
    assert memory.known("", Settings()).mirror is None
    memory.keep("", WarmupAnswers(mirror="auto"), restart=_nothing)
    store.sync()
    again = WarmupMemory(QSettings(str(tmp_path / "store.ini"), QSettings.Format.IniFormat))
    assert again.known("", Settings()).mirror == "auto"
    assert WarmupMemory(facts=tmp_path / "x").known("", Settings(mirror="mirror")).mirror == "mirror"


@pytest.fixture
def controller() -> ScriptedController:
    return ScriptedController(snapshot(k) for k in range(100_000))


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, controller: ScriptedController) -> Iterator[MainWindow]:
    made = MainWindow(
        "camera:7", "portrait:partner", Settings(), factory(controller), facts=tmp_path / "cameras.json"
    )
    qtbot.addWidget(made)
    qtbot.addWidget(made.compact)
    made.show()
    qtbot.waitExposed(made)
    made.toggle_running()
    yield made
    made.close()
    qtbot.waitUntil(lambda: made.bridge.state == "idle")


def test_a_new_camera_is_told_and_its_flip_counts_at_once(
    qtbot: QtBot, window: MainWindow, controller: ScriptedController, tmp_path: Path
) -> None:
    assert window.status_bar.sentence == texts.NEW_CAMERA
    window.open_practice("warmup")
    page = window.practice.desk.warmup.page
    choice = page.choices["warmup.flipped", "flipped"]
    qtbot.waitUntil(choice.isVisible)
    click(choice)
    qtbot.waitUntil(lambda: controller.stops == 1 and window.bridge.state == "running")
    facts = facts_of("camera:7", tmp_path / "cameras.json")
    assert facts is not None
    assert facts.flipped is True
    qtbot.waitUntil(lambda: page.choices["warmup.mirror", "mirror"].isVisible())
    click(page.choices["warmup.mirror", "anatomical"])
    assert ("set_mirror", "anatomical") in controller.asked
    assert window.bridge.settings.mirror == "anatomical"


def test_a_recording_is_not_cut_for_it(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.bridge.record(tmp_path / "x.mirrorsync")
    qtbot.waitUntil(lambda: window.recording.recording)
    window.open_practice("warmup")
    choice = window.practice.desk.warmup.page.choices["warmup.flipped", "flipped"]
    qtbot.waitUntil(choice.isVisible)
    click(choice)
    assert window.recording.recording
    assert window.status_bar.sentence == texts.FLIP_LATER


def test_a_known_camera_is_not_told(qtbot: QtBot, tmp_path: Path, controller: ScriptedController) -> None:
    facts = tmp_path / "cameras.json"
    remember_flipped("camera:7", False, facts)
    window = MainWindow("camera:7", "portrait:partner", Settings(), factory(controller), facts=facts)
    qtbot.addWidget(window)
    qtbot.addWidget(window.compact)
    window.toggle_running()
    assert window.status_bar.sentence == ""
    window.close()
    qtbot.waitUntil(lambda: window.bridge.state == "idle")
