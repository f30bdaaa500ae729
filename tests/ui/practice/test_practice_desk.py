"""The exercises beside the pictures of a session: opened, fed, ended, and kept with its recording."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hands import click, press
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from scripted_controller import TICK_NS, ScriptedController, score

from mirrorsync.features.breathing import BreathEstimate
from mirrorsync.features.expression_words import Said
from mirrorsync.features.gaze_calibration import GazeTarget
from mirrorsync.journal import Journal
from mirrorsync.practice.cue_table import CUES
from mirrorsync.practice.texts import say
from mirrorsync.settings import SETTINGS, Settings
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import Features, Pair, SessionEvent, Snapshot
from mirrorsync.ui.practice.desk import PracticeDesk
from mirrorsync.ui.practice.own_words import OwnWords
from mirrorsync.ui.practice.panel import NAMES, shortcut_of

_FILE = Path("session.mirrorsync")
_HZ = 25


def _person(t_ns: int, *, openness: float = np.nan) -> Features:
    values = np.full(N_FEATURES, np.nan)
    values[FEATURE_INDEX["face_found"]] = 1.0
    values[FEATURE_INDEX["openness"]] = openness
    return Features(t_ns, values, np.ones(N_FEATURES))


class _Call:
    """A call on a desk, second by second."""

    def __init__(self, desk: PracticeDesk, session: ScriptedController) -> None:
        self.desk, self.session = desk, session
        self.tick = 0

    def go_on(self, seconds: float, *, gaze: float = 1.0, openness: float = 0.9) -> None:
        for _ in range(round(seconds * _HZ)):
            t_ns = self.tick * TICK_NS
            pair = Pair(self.tick, t_ns, _person(t_ns), _person(t_ns, openness=openness))
            scores = {"mutual_gaze": score(gaze)}
            self.desk.take(Snapshot(pair, scores))
            self.tick += 1

    def kept(self, kind: str) -> list[SessionEvent]:
        return [event for event in self.session.events if event.kind == kind]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[PracticeDesk]:
    words = OwnWords(tmp_path / "journal.db")
    made = PracticeDesk(Settings(warmup_s=20.0, gaze_s=5.0), words)
    qtbot.addWidget(made.panel)
    made.panel.resize(372, 640)
    made.panel.show()
    qtbot.waitExposed(made.panel)
    yield made
    made.end()
    words.finish()


@pytest.fixture
def call(desk: PracticeDesk) -> _Call:
    session = ScriptedController()
    session.recording = _FILE
    desk.begin(session)
    return _Call(desk, session)


def _shown(desk: PracticeDesk, page: QWidget) -> bool:
    return page.isVisible() and desk.panel.isVisible()


def test_every_cue_has_a_switch_among_the_settings() -> None:
    switches = {name for name in SETTINGS if name.startswith("cue_") and SETTINGS[name].kind is bool}
    assert switches == {f"cue_{key}" for key in CUES}


def test_the_list_opens_every_exercise(desk: PracticeDesk, call: _Call) -> None:
    pages = {**{name: run.page for name, run in desk.runs.items()}, "cues": desk.cues.page}
    pages["labelling"] = desk.labelling.page
    for name in NAMES:
        assert shortcut_of(name) in desk.panel.entries[name].toolTip()
        click(desk.panel.entries[name])
        assert _shown(desk, pages[name])
        assert desk.panel.title.text() == say(f"panel.{name}")
        click(desk.panel.back_button)
        assert desk.panel.name == ""


def test_without_a_session_only_the_switches_open(desk: PracticeDesk) -> None:
    assert [name for name in NAMES if desk.panel.entries[name].isEnabled()] == ["cues"]
    desk.open("gaze")
    assert desk.panel.name == ""
    assert not desk.gaze.running


def test_the_warm_up_learns_both_neutrals_and_applies_its_answers(
    qtbot: QtBot, desk: PracticeDesk, call: _Call
) -> None:
    desk.open("warmup")
    call.go_on(0.1)
    with qtbot.waitSignal(desk.warmup.answered):
        click(desk.warmup.page.choices["warmup.flipped", "not_flipped"])
    with qtbot.waitSignal(desk.warmup.answered) as last:
        click(desk.warmup.page.choices["warmup.mirror", "anatomical"])
    assert last.args is not None
    assert (last.args[0].flipped, last.args[0].mirror) == (False, "anatomical")
    call.go_on(9.0)
    assert call.session.asked == []
    call.go_on(12.0)
    assert call.session.asked == [("calibrate", "a", "10"), ("calibrate", "b", "10")]
    assert not desk.warmup.running
    (kept,) = call.kept("practice.warmup")
    assert (kept.data["learnt_a"], kept.data["learnt_b"], kept.data["completed"]) == (True, True, True)
    assert desk.panel.footnote.text() == say("panel.kept")
    desk.open("warmup")
    call.go_on(0.1)
    assert desk.warmup.page.words.text() == say("warmup.posture"), "what was answered is not asked again"


def test_looking_at_each_other_is_measured_once_and_its_answer_kept(desk: PracticeDesk, call: _Call) -> None:
    desk.open("gaze")
    page = desk.gaze.page
    click(page.buttons["begin"])
    call.go_on(9.5)
    targets = [asked for asked in call.session.asked if asked[0] == "calibrate_gaze"]
    assert targets == [
        (("calibrate_gaze"), side, target) for target in ("partner", "camera") for side in ("a", "b")
    ]
    call.go_on(2.0)
    press(page, Qt.Key.Key_G)
    call.go_on(1.0)
    assert page.words.text() == say("gaze.grounding")
    press(page, Qt.Key.Key_G)
    call.go_on(6.0)
    assert page.answer.isVisible()
    page.answer.setPlainText("Warmth in the chest.")
    click(page.buttons["keep"])
    (kept,) = call.kept("practice.mutual_gaze")
    assert kept.data["answer"] == "Warmth in the chest."
    assert (kept.data["completed"], kept.data["groundings"]) == (True, 1)
    desk.open("gaze")
    click(page.buttons["begin"])
    call.go_on(0.1)
    assert page.state.phase == "looking", "where the eyes rest is known by now"


def test_a_calibration_that_fails_is_said_on_the_page_and_not_taken_for_done(
    desk: PracticeDesk, call: _Call
) -> None:
    nothing = GazeTarget(np.nan, np.nan, np.nan, np.nan, 0.0)
    found, call.session.gaze_found["a"] = call.session.gaze_found["a"], nothing
    desk.open("gaze")
    page = desk.gaze.page
    click(page.buttons["begin"])
    call.go_on(5.0)
    assert page.words.text() == say("gaze.unmeasured_you")
    assert page.notice.text() == say("gaze.unmeasured")
    assert page.buttons["again"].hasFocus()
    click(page.buttons["go_on"])
    call.go_on(0.1)
    assert page.state.phase == "looking"
    desk.show_list()
    desk.open("gaze")
    press(page, Qt.Key.Key_Return)
    call.go_on(5.0)
    assert page.state.phase == "unmeasured", "it was not taken for done"
    call.session.gaze_found["a"] = found
    press(page, Qt.Key.Key_Return)
    call.go_on(9.5)
    assert page.state.phase == "looking"
    desk.show_list()
    desk.open("gaze")
    press(page, Qt.Key.Key_Return)
    assert page.state.phase == "looking", "now it is"


def test_breathing_follows_the_partner_and_says_when_it_cannot(desk: PracticeDesk, call: _Call) -> None:
    desk.open("breathing")
    call.go_on(0.1)
    desk.breathing.step()
    assert desk.breathing.page.circle.state.target_per_min == 11.0
    assert desk.breathing.page.circle.state.own_per_min == 13.0
    call.session.breaths = {"a": BreathEstimate(), "b": BreathEstimate()}
    desk.breathing.step()
    assert desk.breathing.page.prompt.text() == say("breathing.remembered")
    assert desk.breathing.page.notice.text() == say("breathing.own_unknown")
    click(desk.breathing.page.stop)
    assert [event.data["chosen_per_min"] for event in call.kept("practice.breathing")] == [None]
    assert desk.panel.name == ""


def test_a_chosen_rhythm_becomes_a_setting(qtbot: QtBot, desk: PracticeDesk, call: _Call) -> None:
    desk.open("breathing")
    with qtbot.waitSignal(desk.changed) as change:
        desk.breathing.page.pace.setCurrentIndex(desk.breathing.page.pace.findData(6.0))
    assert change.args == ["breathing_pace", "6"]
    desk.follow(Settings(breathing_pace="8"))
    desk.open("warmup")
    desk.open("breathing")
    assert desk.breathing.page.pace.currentData() == 8.0


def test_a_cue_comes_once_and_can_be_switched_off(qtbot: QtBot, desk: PracticeDesk, call: _Call) -> None:
    call.go_on(30.0)
    with qtbot.waitSignal(desk.cues.shown) as shown:
        call.go_on(6.0, openness=0.3)
    assert shown.args is not None
    assert shown.args[0].prompt == "cue.partner_closed"
    assert [event.data["key"] for event in call.kept("practice.cue")] == ["partner_closed"]
    box = desk.cues.page.boxes["partner_closed"]
    with qtbot.waitSignal(desk.changed) as change:
        box.setChecked(False)
    assert change.args == ["cue_partner_closed", False]
    with qtbot.waitSignal(desk.cues.shown) as gone:
        desk.follow(Settings(cue_partner_closed=False))
    assert gone.args is not None
    assert gone.args[0].prompt == ""


def test_with_cues_switched_off_none_is_shown_or_kept(desk: PracticeDesk, call: _Call) -> None:
    desk.follow(Settings(cues=False))
    shown: list[object] = []
    desk.cues.shown.connect(shown.append)
    call.go_on(30.0)
    call.go_on(8.0, openness=0.3)
    assert shown == []
    assert call.kept("practice.cue") == []


def test_labelling_is_off_until_explained_and_keeps_time_and_pattern(
    qtbot: QtBot, desk: PracticeDesk, call: _Call
) -> None:
    call.session.pattern = Said("happy", "a happy-looking pattern", 0.8, 4.0)
    call.go_on(10.0)
    assert not desk.labelling.on
    desk.open("labelling")
    page = desk.labelling.page
    assert page.words.text() == say("label.explanation")
    click(page.on)
    with qtbot.waitSignal(desk.labelling.offered) as offered:
        call.go_on(4.0)
    assert offered.args is not None
    assert offered.args[0].question == "label.invite.happy"
    page.clarified_as.setText("relief")
    click(page.answers["clarified"])
    (kept,) = call.kept("practice.emotion_label")
    assert (kept.data["pattern"], kept.data["outcome"], kept.data["clarified_as"]) == (
        "happy", "clarified", "relief",
    )  # fmt: skip
    assert kept.t_ns == (call.tick - 1) * TICK_NS
    assert "“relief”" in page.log.text()


def test_without_a_recording_results_are_held_until_there_is_one(desk: PracticeDesk, call: _Call) -> None:
    call.session.recording = None
    desk.open("gaze")
    click(desk.gaze.page.buttons["begin"])
    call.go_on(16.0)
    desk.gaze.page.answer.setPlainText("Shy at first.")
    desk.show_list()
    assert call.session.events == []
    assert [event.data["answer"] for event in desk.held] == ["Shy at first."]
    assert desk.panel.footnote.text() == say("panel.held")
    assert desk.words.finish()
    call.session.recording = _FILE
    desk.recording_began()
    assert [event.data["answer"] for event in call.kept("practice.mutual_gaze")] == ["Shy at first."]
    assert desk.held == ()


def test_what_is_not_recorded_is_given_up_with_the_session(desk: PracticeDesk, call: _Call) -> None:
    call.session.recording = None
    desk.open("breathing")
    desk.end()
    assert desk.held == ()


def test_one_s_own_answer_is_kept_without_a_recording_and_nothing_measured_with_it(
    desk: PracticeDesk, call: _Call, tmp_path: Path
) -> None:
    call.session.recording = None
    desk.open("gaze")
    click(desk.gaze.page.buttons["begin"])
    call.go_on(16.0)
    desk.gaze.page.answer.setPlainText("Shy at first.")
    click(desk.gaze.page.buttons["keep"])
    assert desk.words.finish()
    assert desk.panel.footnote.text() == say("panel.words")
    desk.end()
    with Journal(tmp_path / "journal.db") as journal:
        (entry,) = journal.entries()
    assert (entry.kind, entry.text, entry.session) == ("reflection", "Shy at first.", None)
    assert entry.data["question"] == say("gaze.reflect")
    assert entry.data.keys() == {"question", "exercise", "words_id"}


def test_the_end_of_the_session_keeps_an_answer_that_stands_written(desk: PracticeDesk, call: _Call) -> None:
    desk.open("gaze")
    click(desk.gaze.page.buttons["begin"])
    call.go_on(16.0)
    desk.gaze.page.answer.setPlainText("Calm.")
    desk.end()
    assert [event.data["answer"] for event in call.kept("practice.mutual_gaze")] == ["Calm."]
