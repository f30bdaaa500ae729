"""Every state of every exercise has something to press, and neither Space nor Enter stops the session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hands import click, press, type_text
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot
from scripted_controller import TICK_NS, ScriptedController, factory, score

from mirrorsync.features.expression_words import Said
from mirrorsync.practice.texts import say
from mirrorsync.settings import Settings
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import Features, Pair, Snapshot
from mirrorsync.ui.live.main_window import MainWindow
from mirrorsync.ui.practice.desk import PracticeDesk

_HZ = 25
BOTH_KEYS = pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])


class _Call:
    """A session in the window, and time that goes on by hand."""

    def __init__(self, window: MainWindow, controller: ScriptedController) -> None:
        self.window, self.controller = window, controller
        self.tick = 0

    @property
    def desk(self) -> PracticeDesk:
        return self.window.practice.desk

    def go_on(self, seconds: float) -> None:
        for _ in range(round(seconds * _HZ)):
            t_ns = self.tick * TICK_NS
            values = np.full(N_FEATURES, np.nan)
            values[FEATURE_INDEX["face_found"]] = 1.0
            person = Features(t_ns, values, np.ones(N_FEATURES))
            self.desk.take(Snapshot(Pair(self.tick, t_ns, person, person), {"mutual_gaze": score(1.0)}))
            self.tick += 1

    def focus(self) -> QWidget:
        """Return what a key would reach."""
        found = self.window.focusWidget()
        assert found is not None
        return found

    def press(self, key: Qt.Key) -> None:
        press(self.focus(), key)

    def assert_at(self, button: QPushButton) -> None:
        assert button.isVisible()
        assert button.isEnabled()
        assert self.focus() is button, f"{self.focus().accessibleName()!r} has the keyboard"

    def assert_running(self) -> None:
        assert self.window.bridge.state == "running"
        assert self.desk.panel.isAncestorOf(self.focus()) or self.focus() is self.desk.panel


@pytest.fixture
def call(qtbot: QtBot, tmp_path: Path) -> Iterator[_Call]:
    controller = ScriptedController()
    settings = Settings(warmup_s=20.0, gaze_s=5.0, cues=False)
    window = MainWindow(
        "portrait:you",
        "portrait:partner",
        settings,
        factory(controller),
        recordings=tmp_path,
        journal=tmp_path / "j.db",
    )
    qtbot.addWidget(window)
    qtbot.addWidget(window.compact)
    window.show()
    qtbot.waitExposed(window)
    window.toggle_running()
    yield _Call(window, controller)
    window.close()
    qtbot.waitUntil(lambda: window.bridge.state == "idle")


@BOTH_KEYS
def test_the_warm_up_ends_at_a_button_that_says_what_changed(call: _Call, key: Qt.Key) -> None:
    call.window.open_practice("warmup")
    page = call.desk.warmup.page
    call.go_on(0.1)
    call.assert_at(page.choices["warmup.mirror", "mirror"])
    call.press(key)
    call.go_on(0.1)
    call.assert_at(page.stop)
    call.go_on(21.0)
    call.assert_at(page.done)
    assert page.stop.isHidden()
    assert page.words.text() == say("warmup.done")
    assert page.notice.text().splitlines() == [say("warmup.now.not_flipped"), say("warmup.now.mirror")]
    call.press(key)
    assert call.desk.panel.name == ""
    call.assert_running()


@BOTH_KEYS
def test_looking_at_each_other_ends_at_a_button(call: _Call, key: Qt.Key) -> None:
    call.window.open_practice("gaze")
    page = call.desk.gaze.page
    call.assert_at(page.buttons["begin"])
    call.press(key)
    call.go_on(2.0)
    call.assert_at(page.buttons["stop"])
    call.go_on(13.0)
    assert call.focus() is page.answer
    type_text(page.answer, "a word ")
    press(page.answer, Qt.Key.Key_Tab)
    call.assert_at(page.buttons["keep"])
    call.press(key)
    call.assert_at(page.buttons["done"])
    assert page.words.text() == say("gaze.done")
    call.press(key)
    assert call.desk.panel.name == ""
    call.assert_running()


def test_breathing_that_the_session_ended_leads_back(qtbot: QtBot, call: _Call) -> None:
    call.window.open_practice("breathing")
    page = call.desk.breathing.page
    assert call.focus() is page.pace
    call.window.toggle_running()
    qtbot.waitUntil(lambda: call.window.bridge.state == "idle")
    call.assert_at(page.done)
    assert page.prompt.text() == say("breathing.done")
    call.press(Qt.Key.Key_Space)
    assert call.desk.panel.name == ""
    call.assert_at(call.desk.panel.entries["cues"])
    assert call.window.bridge.state == "idle"


@BOTH_KEYS
def test_putting_into_words_always_has_a_switch(qtbot: QtBot, call: _Call, key: Qt.Key) -> None:
    call.window.open_practice("labelling")
    page = call.desk.labelling.page
    call.assert_at(page.on)
    call.press(key)
    call.assert_at(page.stop)
    call.controller.pattern = Said("happy", "a happy-looking pattern", 0.8, 4.0)
    call.go_on(4.0)
    call.assert_at(page.stop)
    page.answers["confirmed"].setFocus()
    call.press(key)
    call.go_on(0.1)
    assert page.words.text() == say("label.resting")
    call.assert_at(page.stop)
    call.press(key)
    call.assert_at(page.on)
    call.window.toggle_running()
    qtbot.waitUntil(lambda: call.window.bridge.state == "idle")
    assert not page.on.isEnabled(), "without a session there is nothing to switch on"
    assert page.seen.text() == say("panel.first")
    call.press(key)
    assert call.window.bridge.state == "idle"


@BOTH_KEYS
@pytest.mark.parametrize("name", ["warmup", "cues", "breathing", "gaze", "labelling", ""])
def test_a_click_beside_the_buttons_leaves_the_session_alone(call: _Call, name: str, key: Qt.Key) -> None:
    panel = call.desk.panel
    if name:
        call.window.open_practice(name)
    else:
        call.window.practice.toggle()
    click(panel.title)
    assert call.focus() is panel
    call.press(key)
    call.assert_running()


def test_an_exercise_opened_again_by_its_key_has_the_keyboard(call: _Call) -> None:
    call.window.open_practice("gaze")
    call.window.setFocus()
    call.desk.show_list()
    call.window.setFocus()
    call.window.open_practice("gaze")
    call.assert_at(call.desk.gaze.page.buttons["begin"])


def test_tab_goes_through_an_invitation(call: _Call) -> None:
    call.window.open_practice("labelling")
    page = call.desk.labelling.page
    call.press(Qt.Key.Key_Space)
    call.controller.pattern = Said("happy", "a happy-looking pattern", 0.8, 4.0)
    call.go_on(4.0)
    call.assert_at(page.stop)
    for control in (page.answers["confirmed"], page.clarified_as):
        call.press(Qt.Key.Key_Tab)
        assert call.focus() is control
    type_text(page.clarified_as, "relief")
    for outcome in ("clarified", "passed"):
        call.press(Qt.Key.Key_Tab)
        call.assert_at(page.answers[outcome])


def test_an_invitation_does_not_go_while_words_to_it_are_written(call: _Call) -> None:
    call.window.open_practice("labelling")
    page = call.desk.labelling.page
    call.press(Qt.Key.Key_Space)
    call.controller.pattern = Said("happy", "a happy-looking pattern", 0.8, 4.0)
    call.controller.recording = Path("x.mirrorsync")
    call.go_on(4.0)
    type_text(page.clarified_as, "relief")
    call.go_on(40.0)
    assert page.clarified_as.text() == "relief"
    call.desk.end()
    (kept,) = (one for one in call.controller.events if one.kind == "practice.emotion_label")
    assert (kept.data["outcome"], kept.data["clarified_as"]) == ("clarified", "relief")
