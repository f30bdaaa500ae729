"""The settings window is its declaration: every setting, its words, its range, its way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import click, press, type_text
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractSpinBox, QApplication, QDoubleSpinBox, QWidget
from pytestqt.qtbot import QtBot
from scripted_controller import ScriptedController, factory

from mirrorsync.errors import SettingsError
from mirrorsync.settings import MACHINE_PRESETS, SETTINGS, Settings
from mirrorsync.ui import texts
from mirrorsync.ui.live.main_window import MainWindow
from mirrorsync.ui.live.settings_dialog import SettingsDialog
from mirrorsync.ui.live.settings_form import title_of

LIVE = [name for name, setting in SETTINGS.items() if setting.group != "analysis"]


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def dialog(qtbot: QtBot, parent: QWidget) -> Iterator[SettingsDialog]:
    made = SettingsDialog(parent, Settings(gaze_s=45.0, cues=False))
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def _visible(dialog: SettingsDialog) -> list[str]:
    return [name for name, row in dialog.rows.items() if row.isVisible()]


def test_every_live_setting_has_a_row_with_its_words(dialog: SettingsDialog) -> None:
    assert list(dialog.rows) == LIVE
    assert dialog.settings == Settings(gaze_s=45.0, cues=False)
    for name, row in dialog.rows.items():
        setting = SETTINGS[name]
        assert setting.help in row.control.toolTip()
        assert setting.describe() in row.control.toolTip()
        assert row.control.accessibleName() == title_of(setting)
        assert row.reset.isEnabled() == (name in {"gaze_s", "cues"})
    titles = [row.title for row in dialog.rows.values()]
    assert len(set(titles)) == len(titles)
    assert {SETTINGS[name].group for name in LIVE} <= set(texts.SETTING_GROUPS)


def test_numbers_stay_in_their_range(dialog: SettingsDialog) -> None:
    box = dialog.rows["gaze_s"].control
    assert isinstance(box, QDoubleSpinBox)
    box.setValue(1e9)
    assert dialog.settings.gaze_s == SETTINGS["gaze_s"].high
    for name, row in dialog.rows.items():
        if isinstance(row.control, QAbstractSpinBox):
            row.put(SETTINGS[name].low)
            assert row.value() == pytest.approx(SETTINGS[name].low)


def test_a_row_and_everything_can_be_put_back(dialog: SettingsDialog) -> None:
    click(dialog.rows["gaze_s"].reset)
    assert dialog.settings == Settings(cues=False)
    click(dialog.defaults)
    assert dialog.settings == Settings()
    assert not dialog.defaults.isEnabled()


def test_the_search_finds_words_of_the_help(dialog: SettingsDialog) -> None:
    type_text(dialog.search, "look each other")
    assert "gaze_s" in _visible(dialog)
    assert "camera_width" not in _visible(dialog)
    dialog.search.setText("no such words at all")
    assert _visible(dialog) == []
    assert dialog.nothing.isVisible()
    dialog.search.clear()
    assert _visible(dialog) == LIVE


def test_a_preset_fills_in_what_suits_a_machine(dialog: SettingsDialog) -> None:
    assert dialog.machine.currentData() == "normal"
    dialog.machine.setCurrentIndex(dialog.machine.findData("weak"))
    dialog.machine.activated.emit(dialog.machine.currentIndex())
    assert dialog.settings == Settings(gaze_s=45.0, cues=False).with_(**MACHINE_PRESETS["weak"])
    dialog.rows["max_side"].put(500)
    assert dialog.machine.currentData() == ""


@pytest.fixture
def kept() -> list[Settings]:
    return []


@pytest.fixture
def window(qtbot: QtBot, kept: list[Settings], tmp_path: Path) -> Iterator[MainWindow]:
    made = MainWindow(
        "portrait:you",
        "portrait:partner",
        Settings(),
        factory(ScriptedController()),
        recordings=tmp_path,
        keep_settings=kept.append,
    )
    qtbot.addWidget(made)
    qtbot.addWidget(made.compact)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def _open(qtbot: QtBot, window: MainWindow) -> SettingsDialog:
    window.settings.show()
    found = [
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, SettingsDialog) and widget.parent() is window
    ]
    qtbot.waitExposed(found[0])
    return found[0]


def test_changed_settings_are_kept_and_wait_for_the_next_start(
    qtbot: QtBot, window: MainWindow, kept: list[Settings]
) -> None:
    dialog = _open(qtbot, window)
    dialog.rows["window_s"].put(8.0)
    dialog.rows["cues"].put(False)
    click(dialog.keep)
    assert kept == [Settings(window_s=8.0, cues=False)]
    assert window.bridge.settings.window_s == 8.0
    assert not window.practice.card.isVisible()


def test_cancel_leaves_everything_as_it_was(qtbot: QtBot, window: MainWindow, kept: list[Settings]) -> None:
    dialog = _open(qtbot, window)
    dialog.rows["window_s"].put(8.0)
    press(dialog, Qt.Key.Key_Escape)
    assert kept == []
    assert window.bridge.settings == Settings()


def test_settings_that_cannot_be_kept_count_until_the_end_and_say_so(qtbot: QtBot, tmp_path: Path) -> None:
    def refuse(_: Settings) -> None:
        raise SettingsError("The settings could not be kept.")

    window = MainWindow(
        "portrait:you", "portrait:partner", Settings(), factory(ScriptedController()), keep_settings=refuse
    )
    qtbot.addWidget(window)
    qtbot.addWidget(window.compact)
    window.settings.change(gaze_s=10.0)
    assert window.status_bar.sentence == "The settings could not be kept."
    assert window.bridge.settings.gaze_s == 10.0
