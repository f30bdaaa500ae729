"""The whole window, driven as a person would, over a scripted session."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hands import click, press, type_text
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from scripted_controller import ScriptedController, factory, observation, score, snapshot

from mirrorsync.capture.cameras import Camera
from mirrorsync.engine.status import FeedStatus
from mirrorsync.errors import UsageError
from mirrorsync.settings import Settings
from mirrorsync.types import Snapshot
from mirrorsync.ui import texts, trouble_texts
from mirrorsync.ui.live.attunement_gauge import AttunementGauge
from mirrorsync.ui.live.consent import ConsentDialog
from mirrorsync.ui.live.help_dialog import HelpDialog
from mirrorsync.ui.live.main_window import MainWindow


def _moving(count: int = 100_000) -> Iterator[Snapshot]:
    """Yield a conversation: levels swing, the partner follows, the breathing is never known."""
    for k in range(count):
        level = 0.5 + 0.4 * np.sin(k / 12)
        scores = {name: score(level) for name in texts.METER_ORDER if name != "breathing_match"}
        scores["head_synchrony"] = score(level, lag_s=0.8)
        scores["attunement"] = score(level)
        yield snapshot(
            20 * k,  # a moment every 0.8 s: soon something may be claimed
            scores,
            leader="a",
            lag_s=0.8,
            a=observation(k, grey=k % 256),
            b=observation(k, grey=255 - k % 256),
        )


@pytest.fixture
def controller() -> ScriptedController:
    return ScriptedController(_moving())


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
    made.show()
    qtbot.waitExposed(made)
    yield made
    controller.stop_may_return.set()
    made.close()
    qtbot.waitUntil(lambda: made.bridge.state == "idle")
    made.compact.deleteLater()
    made.deleteLater()


def _space(qtbot: QtBot, widget: QWidget) -> None:
    press(widget, Qt.Key.Key_Space)


def _dialog(kind: type[QDialog]) -> QDialog | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)


def test_meters_move_and_the_unknown_one_says_so(qtbot: QtBot, window: MainWindow) -> None:
    click(window.start_button)
    levels: set[float] = set()
    head = window.panel.meters["head_synchrony"]

    def moved() -> bool:
        levels.add(round(head.reading.level, 2))
        return max(levels, default=0) - min(levels, default=0) > 0.2

    qtbot.waitUntil(moved)
    assert head.accessibleDescription() == "your partner follows, 0.8 s behind"
    breathing = window.panel.meters["breathing_match"]
    assert math.isnan(breathing.reading.level)
    assert breathing.accessibleDescription() == texts.LISTENING
    assert window.panel.gauge.lead_words == "Your partner follows, 0.8 s behind"


def test_both_pictures_show_the_frames_of_one_snapshot(qtbot: QtBot, window: MainWindow) -> None:
    window.toggle_running()
    qtbot.waitUntil(lambda: window.card_a.view.observation is not None)
    qtbot.waitUntil(lambda: window.card_a.face_chip.isEnabled() and window.card_b.body_chip.isEnabled())
    seen_a, seen_b = window.card_a.view.observation, window.card_b.view.observation
    assert seen_a is not None
    assert seen_b is not None
    assert seen_a.frame.index == seen_b.frame.index
    image = window.card_a.view.grab().toImage()
    corner = window.card_a.view.picture_rect().topLeft().toPoint()
    shown = window.card_a.view.observation
    assert shown is not None
    assert image.pixelColor(corner.x() + 4, corner.y() + 4).red() == shown.frame.rgb[0, 0, 0]


def test_chips_switch_the_layers(qtbot: QtBot, window: MainWindow) -> None:
    window.toggle_running()
    qtbot.waitUntil(window.card_a.face_chip.isEnabled)
    click(window.card_a.face_chip)
    assert not window.card_a.view.face_shown
    assert window.card_a.view.body_shown
    assert window.card_b.view.face_shown


def test_space_starts_and_stops(qtbot: QtBot, window: MainWindow, controller: ScriptedController) -> None:
    _space(qtbot, window)
    assert window.start_button.text() == texts.STOP[0]
    assert controller.running
    assert not window.card_a.picker.isEnabled()
    _space(qtbot, window)
    qtbot.waitUntil(lambda: window.bridge.state == "idle")
    assert window.start_button.text() == texts.START[0]
    assert window.status_bar.sentence == texts.STATUS_STOPPED
    assert window.card_a.picker.isEnabled()
    assert controller.stops == 1


def test_typing_a_feed_presses_no_key_of_the_window(
    qtbot: QtBot, window: MainWindow, controller: ScriptedController
) -> None:
    line = window.card_a.picker.lineEdit()
    assert line is not None
    line.setFocus()
    line.selectAll()
    type_text(line, "cr c.mp4")
    assert window.bridge.state == "idle"
    assert not window.compact.isVisible()
    assert window.card_a.picker.feed() == "cr c.mp4"


def test_recording_asks_for_consent_first(
    qtbot: QtBot, window: MainWindow, controller: ScriptedController, tmp_path: Path
) -> None:
    assert not window.recording.button.isEnabled()
    press(window, Qt.Key.Key_R)
    assert _dialog(ConsentDialog) is None, "nothing to record yet"
    window.toggle_running()
    press(window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: _dialog(ConsentDialog) is not None)
    dialog = _dialog(ConsentDialog)
    assert isinstance(dialog, ConsentDialog)
    assert not dialog.ok.isEnabled()
    assert dialog.path.parent == tmp_path
    dialog.you.setChecked(True)
    dialog.partner.setChecked(True)
    dialog.landmarks.setChecked(True)
    assert not dialog.ok.isEnabled(), "who agreed, agreed to something else"
    dialog.you.setChecked(True)
    assert not dialog.ok.isEnabled(), "the partner has to be asked again"
    dialog.partner.setChecked(True)
    click(dialog.ok)
    qtbot.waitUntil(window.recording.sign.isVisible)
    assert controller.status().recording == dialog.path
    assert [(c.person, c.scores, c.landmarks, c.video) for c in controller.consents] == [
        ("a", True, True, False), ("b", True, True, False),
    ]  # fmt: skip
    assert texts.REC in window.recording.sign.text()
    assert texts.REC in window.windowTitle()
    assert window.recording.button.text() == texts.STOP_RECORD[0]
    window.activateWindow()  # nobody else does when the question closes: there is no window manager here
    qtbot.waitUntil(window.isActiveWindow)
    press(window, Qt.Key.Key_R)
    qtbot.waitUntil(window.recording.sign.isHidden)
    assert controller.status().recording is None
    assert window.windowTitle() == texts.APP
    assert str(tmp_path) in window.status_bar.sentence


def test_without_consent_nothing_is_recorded(
    qtbot: QtBot, window: MainWindow, controller: ScriptedController
) -> None:
    window.toggle_running()
    window.recording.toggle()
    qtbot.waitUntil(lambda: _dialog(ConsentDialog) is not None)
    dialog = _dialog(ConsentDialog)
    assert isinstance(dialog, ConsentDialog)
    press(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible(), "Return does not stand for consent"
    click(dialog.cancel)
    assert controller.status().recording is None
    assert not window.recording.sign.isVisible()


def test_stopping_ends_the_recording_sign(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.toggle_running()
    window.bridge.record(tmp_path / "x.mirrorsync")
    qtbot.waitUntil(window.recording.sign.isVisible)
    window.toggle_running()
    qtbot.waitUntil(lambda: window.bridge.state == "idle")
    assert not window.recording.sign.isVisible()


def test_a_feed_in_trouble_is_told_by_its_picture(
    qtbot: QtBot, window: MainWindow, controller: ScriptedController
) -> None:
    window.toggle_running()
    controller.b = FeedStatus("stalled", "Camera 2 stopped sending pictures. Is it plugged in?")
    qtbot.waitUntil(lambda: window.card_b.view.sentence != "")
    assert "Camera 2" in window.card_b.view.sentence
    assert window.card_a.view.sentence == ""


def test_the_status_line_has_rates_and_drops(qtbot: QtBot, window: MainWindow) -> None:
    window.toggle_running()
    qtbot.waitUntil(lambda: window.status_bar.rate.text() == "30 + 29 frames/s")
    assert window.status_bar.drops.text() == "5 dropped"
    window.toggle_running()
    qtbot.waitUntil(lambda: window.bridge.state == "idle")
    assert window.status_bar.rate.text() == ""


def test_a_wrong_feed_is_explained(qtbot: QtBot, tmp_path: Path) -> None:
    def refuse(_a: str, _b: str, _settings: Settings) -> ScriptedController:
        raise UsageError("There is no file call.mp4.")

    window = MainWindow("call.mp4", "portrait:partner", Settings(), refuse)
    qtbot.addWidget(window)
    window.toggle_running()
    assert window.status_bar.sentence == "There is no file call.mp4."
    assert window.bridge.state == "idle"


def test_compact_strip_and_back(qtbot: QtBot, window: MainWindow) -> None:
    window.toggle_running()
    press(window, Qt.Key.Key_C)
    assert window.compact.isVisible()
    assert not window.isVisible()
    assert window.compact.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    qtbot.waitUntil(lambda: math.isfinite(window.compact.bar.reading.level))
    assert window.compact.lead.toolTip() == texts.NEW_CAMERA
    window.compact.show_message("")
    assert window.compact.lead.text() == "Your partner follows, 0.8 s behind"
    _space(qtbot, window.compact)
    qtbot.waitUntil(lambda: window.bridge.state == "idle")
    press(window.compact, Qt.Key.Key_C)
    assert window.isVisible()
    assert not window.compact.isVisible()


def test_the_compact_strip_shows_a_recording(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.toggle_running()
    window.toggle_compact()
    assert not window.compact.rec.isVisible()
    window.bridge.record(tmp_path / "x.mirrorsync")
    qtbot.waitUntil(window.compact.rec.isVisible)


def test_the_compact_strip_says_what_the_window_would(
    qtbot: QtBot, window: MainWindow, controller: ScriptedController
) -> None:
    window.toggle_running()
    window.toggle_compact()
    controller.b = FeedStatus("lost", "The stream broke off.", conditions=("reconnecting",))
    said = "Partner: The stream broke off. Trying to reconnect…"
    qtbot.waitUntil(lambda: window.compact.lead.toolTip() == said, timeout=1000)
    controller.broke_off = "The disk is full."
    qtbot.waitUntil(lambda: window.compact.lead.text().startswith(trouble_texts.RECORDING_STOPPED))
    press(window.compact, Qt.Key.Key_X)
    assert window.compact.lead.toolTip() == said
    window._say("The partner's camera is back.")
    controller.b = FeedStatus("live", fps=29.0)
    qtbot.waitUntil(lambda: window.compact.lead.text() == "The partner's camera is back.")


def test_closing_the_compact_strip_ends_the_program(
    qtbot: QtBot, window: MainWindow, controller: ScriptedController
) -> None:
    window.toggle_running()
    window.toggle_compact()
    window.compact.close()
    qtbot.waitUntil(lambda: window.bridge.state == "idle")
    assert controller.stops == 1
    assert not window.isVisible()


def test_help_opens_with_f1(qtbot: QtBot, window: MainWindow) -> None:
    press(window, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: _dialog(HelpDialog) is not None)
    dialog = _dialog(HelpDialog)
    assert dialog is not None
    dialog.close()


def test_the_theme_can_be_switched_for_every_part(qtbot: QtBot, window: MainWindow) -> None:
    def corner(widget: QWidget) -> int:
        return widget.grab().toImage().pixelColor(40, 40).lightness()

    for _ in range(2):
        before = corner(window.compact), corner(window.panel), window.theme.name
        click(window.theme_button)
        after = corner(window.compact), corner(window.panel), window.theme.name
        assert {before[2], after[2]} == {"light", "dark"}
        for old, new in zip(before[:2], after[:2], strict=True):
            assert abs(old - new) > 150


def test_what_attunement_is_made_of(qtbot: QtBot, window: MainWindow) -> None:
    window.toggle_running()
    qtbot.waitUntil(lambda: math.isfinite(window.panel.meters["head_synchrony"].reading.level))
    lines = window.panel.parts().splitlines()
    assert len(lines) == 9
    assert "Breathing: can't tell yet (weight 0.5)" in lines
    assert any(line.startswith("Head: 0.") and line.endswith("(weight 1)") for line in lines)


def test_the_form_of_mirroring_that_counts_is_shown_and_named(window: MainWindow) -> None:
    scores = {"posture_alignment": score(0.2), "posture_alignment_anatomical": score(0.9)}
    meter = window.panel.meters["posture_alignment"]
    for tick, (mode, made_of, about) in enumerate(
        (
            ("mirror", "Posture (mirror image): 0.20 (weight 1)", "as in a mirror: my left is your right"),
            ("anatomical", "Posture (same side): 0.88 (weight 1)", "my left is your left"),
        )
    ):
        for at in range(400 * tick, 400 * (tick + 1), 20):
            window.bridge.show_snapshot(snapshot(at, scores, mirror_mode=mode))
        assert made_of in window.panel.parts().splitlines()
        assert about in meter.toolTip()
        assert meter.accessibleDescription() == meter.reading.words


def test_closing_while_running_waits_for_the_threads_without_blocking(
    qtbot: QtBot, window: MainWindow, controller: ScriptedController
) -> None:
    window.toggle_running()
    controller.stop_may_return.clear()
    window.close()
    assert window.isVisible(), "it says that it is stopping"
    assert window.start_button.text() == texts.STOPPING[0]
    controller.stop_may_return.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert window.bridge.state == "idle"


def test_every_control_has_a_name_and_a_tooltip(window: MainWindow) -> None:
    controls = [
        widget
        for top in (window, window.compact, HelpDialog(window), ConsentDialog(window, Path("x.mirrorsync")))
        for kind in (QAbstractButton, QComboBox, QLineEdit, AttunementGauge)
        for widget in top.findChildren(kind)
    ]
    assert len(controls) > 25
    for control in controls:
        assert control.accessibleName(), control
        assert control.toolTip(), control.accessibleName()


def test_nothing_jumps_when_words_and_signs_come_and_go(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    def places() -> list[object]:
        return [
            (part.mapTo(window, part.rect().topLeft()), part.size())
            for part in (window.card_a, window.card_b, window.panel, window.strip_card, window.status_bar)
        ]

    before = places()
    window.toggle_running()
    qtbot.waitUntil(lambda: window.card_a.face_chip.isEnabled())
    window.bridge.record(tmp_path / "x.mirrorsync")
    qtbot.waitUntil(window.recording.sign.isVisible)
    window.status_bar.say("A very long sentence. " * 40)
    QApplication.processEvents()
    assert places() == before


def test_a_theme_chosen_before_anything_is_shown_reaches_the_compact_strip(
    qtbot: QtBot, controller: ScriptedController
) -> None:
    window = MainWindow("portrait:you", "portrait:partner", Settings(), factory(controller))
    qtbot.addWidget(window)
    qtbot.addWidget(window.compact)
    window.toggle_theme()
    window.toggle_compact()
    colour = window.compact.grab().toImage().pixelColor(window.compact.width() // 2, 4)
    assert colour.name() == window.theme.back.lower()
