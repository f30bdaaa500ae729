"""The exercises' pages show their state and work by keyboard alone."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import pytest
from hands import click, press, type_text
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtTest import QSignalSpy, QTest
from PyQt6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mirrorsync.practice.breathing_pacer import BreathingInputs, BreathingPacer, BreathingState
from mirrorsync.practice.cues import CueState
from mirrorsync.practice.emotion_labelling import LabellingState
from mirrorsync.practice.mutual_gaze import MutualGaze, MutualGazeState
from mirrorsync.practice.texts import say
from mirrorsync.practice.warmup import CHOICES, Warmup, WarmupAnswers, WarmupInputs
from mirrorsync.ui.practice.breathing import BreathingPractice
from mirrorsync.ui.practice.cue_card import CueCard
from mirrorsync.ui.practice.gaze import GazePractice
from mirrorsync.ui.practice.labelling import LabellingPractice
from mirrorsync.ui.practice.warmup import WarmupPractice
from mirrorsync.ui.theme import DARK, LIGHT, Theme

_TEST: Any = QTest  # PyQt6 annotates its static functions as methods


_Page = TypeVar("_Page", bound=QWidget)


def _shown(qtbot: QtBot, page: _Page) -> _Page:
    qtbot.addWidget(page)
    page.resize(480, 560)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    return page


@pytest.fixture
def gaze(qtbot: QtBot) -> GazePractice:
    return _shown(qtbot, GazePractice())


@pytest.fixture
def breathing(qtbot: QtBot) -> BreathingPractice:
    return _shown(qtbot, BreathingPractice())


def _colour_at(widget: QWidget, point: QPointF) -> str:
    return widget.grab().toImage().pixelColor(round(point.x()), round(point.y())).name()


def _on_ring(gaze: GazePractice, turn: float) -> str:
    """Return the colour of the ring at a share of a turn from the top, clockwise."""
    circle = gaze.ring.circle()
    angle, radius = 2 * math.pi * turn, circle.width() / 2
    return _colour_at(
        gaze.ring, circle.center() + QPointF(radius * math.sin(angle), -radius * math.cos(angle))
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_ring_is_filled_as_far_as_it_says(gaze: GazePractice, theme: Theme) -> None:
    gaze.set_theme(theme)
    gaze.show_state(MutualGazeState("looking", 0.4, together=True, prompt="gaze.together", left_s=18))
    assert _on_ring(gaze, 0.2) == _on_ring(gaze, 0.38) == theme.both.lower()
    assert _on_ring(gaze, 0.5) == _on_ring(gaze, 0.9) == theme.track.lower()
    assert gaze.ring.accessibleDescription() == "You look at each other. 40 of 100."


def test_the_ring_is_lit_by_more_than_colour(gaze: GazePractice) -> None:
    inside = gaze.ring.circle().center() + QPointF(0, gaze.ring.circle().height() / 4)
    seen = []
    for together in (True, False):
        gaze.show_state(MutualGazeState("looking", 0.4, together=together, prompt="", left_s=18))
        seen.append(_colour_at(gaze.ring, inside))
    assert seen[0] == LIGHT.comfort.lower()
    assert seen[1] != seen[0]


def test_the_whole_exercise_by_keyboard(gaze: GazePractice) -> None:
    machine, answers = MutualGaze(5.0), []
    gaze.begun.connect(lambda: gaze.show_state(machine.begin()))
    gaze.grounded.connect(lambda: gaze.show_state(machine.ground()))
    gaze.resumed.connect(lambda: gaze.show_state(machine.resume()))
    gaze.stopped.connect(lambda: gaze.show_state(machine.stop()))
    gaze.answered.connect(lambda text: answers.append(machine.answer(text)))
    press(gaze, Qt.Key.Key_Return)
    assert machine.state.phase == "looking"
    for k in range(30):
        gaze.show_state(machine.tick(k / 10, 1.0))
    press(gaze, Qt.Key.Key_G)
    assert gaze.words.text() == say("gaze.grounding")
    press(gaze, Qt.Key.Key_G)
    assert machine.state.phase == "looking"
    press(gaze, Qt.Key.Key_Escape)
    assert gaze.words.text() == say("gaze.reflect")
    assert gaze.answer.isVisible()
    type_text(gaze.answer, "a good ground")
    assert machine.state.phase == "question", "a letter of the answer is no shortcut"
    _press_with_control(gaze.answer)
    assert [(one.answer, one.groundings) for one in answers] == [("a good ground", 1)]


def _press_with_control(widget: QWidget) -> None:
    _TEST.keyClick(widget, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize(
    ("phase", "shown"),
    [
        ("ready", {"begin", "stop"}),
        ("calibrating", {"stop"}),
        ("looking", {"ground", "stop"}),
        ("grounding", {"resume", "stop"}),
        ("question", {"keep", "leave"}),
        ("unmeasured", {"again", "go_on", "stop"}),
        ("done", {"done"}),
    ],
)
def test_only_what_means_something_can_be_pressed(gaze: GazePractice, phase: str, shown: set[str]) -> None:
    gaze.show_state(MutualGazeState(phase, prompt="gaze.ready"))
    assert {key for key, button in gaze.buttons.items() if button.isVisible()} == shown
    assert gaze.answer.isVisible() == (phase == "question")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_answer_can_be_read_in_both_themes(gaze: GazePractice, theme: Theme) -> None:
    gaze.show_state(MutualGazeState("question", 1.0, prompt="", question="gaze.reflect"))
    gaze.set_theme(theme)
    image = gaze.answer.grab().toImage()
    assert image.pixelColor(image.width() // 2, image.height() - 12).name() == theme.card.lower()


def test_leaving_the_question_answers_nothing(gaze: GazePractice) -> None:
    gaze.show_state(MutualGazeState("question", 1.0, prompt="", question="gaze.reflect"))
    type_text(gaze.answer, "half a thought")
    spy = QSignalSpy(gaze.answered)
    press(gaze.answer, Qt.Key.Key_Escape)
    assert [spy[k] for k in range(len(spy))] == [[""]]


def test_the_circle_grows_with_the_breath(breathing: BreathingPractice) -> None:
    pacer, radii, said = BreathingPacer(6.0), [], []
    for k in range(101):
        breathing.show_state(pacer.tick(k / 10, BreathingInputs(own_per_min=9.0)))
        radii.append(breathing.circle.radius())
        said.append(breathing.circle.accessibleDescription())
    turn = radii.index(max(radii))
    assert turn == pytest.approx(40, abs=1)
    assert radii[: turn + 1] == sorted(radii[: turn + 1])
    assert list(dict.fromkeys(said)) == ["in", "out"]
    full = breathing.circle.full_circle()
    breathing.show_state(BreathingState("in", fullness=1.0, rate_per_min=6.0))
    edge = full.center() + QPointF(full.width() / 2, 0)
    assert _colour_at(breathing.circle, edge) == LIGHT.both.lower()


def test_both_rhythms_stand_on_one_line(breathing: BreathingPractice) -> None:
    breathing.show_state(BreathingState("in", rate_per_min=8.0, own_per_min=14.0, notice="breathing.apart"))
    circle = breathing.circle
    middle = circle.line_rect().center().y()
    assert _colour_at(circle, QPointF(circle.place_of(8.0), middle)) == LIGHT.both.lower()
    assert _colour_at(circle, QPointF(circle.place_of(14.0), middle)) == LIGHT.you.lower()
    assert breathing.notice.text() == say("breathing.apart")
    breathing.show_state(BreathingState("in", rate_per_min=8.0))
    assert _colour_at(circle, QPointF(circle.place_of(14.0), middle)) == LIGHT.track.lower()


def test_it_says_when_it_cannot_measure(breathing: BreathingPractice) -> None:
    breathing.show_state(BreathingPacer().tick(0.0, BreathingInputs()))
    assert breathing.prompt.text() == say("breathing.waiting")
    assert breathing.circle.accessibleDescription() == say("breathing.waiting")


def test_a_rhythm_is_chosen_and_stopped_by_keyboard(breathing: BreathingPractice) -> None:
    chosen, stopped = QSignalSpy(breathing.chosen), QSignalSpy(breathing.stopped)
    press(breathing.pace, Qt.Key.Key_Down)
    press(breathing.pace, Qt.Key.Key_Up)
    assert [chosen[k] for k in range(len(chosen))] == [[5.0], [None]]
    press(breathing, Qt.Key.Key_Escape)
    click(breathing.stop)
    assert len(stopped) == 2


@pytest.fixture
def warmup(qtbot: QtBot) -> WarmupPractice:
    return _shown(qtbot, WarmupPractice())


@pytest.fixture
def labelling(qtbot: QtBot) -> LabellingPractice:
    return _shown(qtbot, LabellingPractice())


@pytest.fixture
def cue(qtbot: QtBot) -> CueCard:
    return _shown(qtbot, CueCard())


def test_the_warm_up_is_led_through_by_keyboard(warmup: WarmupPractice) -> None:
    machine = Warmup()
    warmup.answered.connect(lambda choice: warmup.show_state(machine.answer(choice)))
    seen = WarmupInputs(seen_a=True, seen_b=True)
    warmup.show_state(machine.tick(0.0, seen))
    assert warmup.words.text() == say("warmup.flipped")
    press(warmup.choices["warmup.flipped", "not_flipped"], Qt.Key.Key_Space)
    assert [key for key, made in warmup.choices.items() if made.isVisible()] == [
        ("warmup.mirror", choice) for choice in CHOICES["warmup.mirror"]
    ]
    press(warmup.choices["warmup.mirror", "auto"], Qt.Key.Key_Space)
    assert warmup.bar.isVisible()
    for k in range(150):
        warmup.show_state(machine.tick(k / 10, seen))
    assert warmup.bar.value() / warmup.bar.maximum() == pytest.approx(14.9 / 60, abs=0.005)
    assert warmup.bar.text() == "46 s"
    stopped = QSignalSpy(warmup.stopped)
    press(warmup, Qt.Key.Key_Escape)
    assert len(stopped) == 1
    assert machine.stop().answers == WarmupAnswers(flipped=False, mirror="auto")


def test_labelling_explains_itself_before_it_is_on(labelling: LabellingPractice) -> None:
    assert labelling.words.text() == say("label.explanation")
    assert not any(made.isVisible() for made in labelling.answers.values())
    on = QSignalSpy(labelling.switched_on)
    press(labelling.on, Qt.Key.Key_Space)
    assert len(on) == 1


INVITING = LabellingState("inviting", 0.1, "", "label.invite.sad", "a sad-looking pattern")


def test_an_invitation_is_answered_by_one_key(labelling: LabellingPractice) -> None:
    answered = QSignalSpy(labelling.answered)
    labelling.show_state(INVITING)
    assert labelling.words.text() == say("label.invite.sad")
    assert "a sad-looking pattern" in labelling.seen.text()
    press(labelling, Qt.Key.Key_2)
    assert len(answered) == 0, "clarified needs words"
    press(labelling, Qt.Key.Key_1)
    press(labelling, Qt.Key.Key_3)
    type_text(labelling.clarified_as, "tired")
    press(labelling.clarified_as, Qt.Key.Key_Return)
    assert [answered[k] for k in range(len(answered))] == [
        ["confirmed", ""],
        ["passed", ""],
        ["clarified", "tired"],
    ]
    labelling.show_state(LabellingState("resting", prompt="label.resting"))
    assert not labelling.clarified_as.isVisible()
    labelling.show_state(INVITING)
    assert labelling.clarified_as.text() == "", "the words belonged to the last one"


def test_the_answer_keys_work_where_the_keyboard_is(labelling: LabellingPractice) -> None:
    answered = QSignalSpy(labelling.answered)
    labelling.on.setFocus()
    labelling.show_state(LabellingState("listening", prompt="label.listening"))
    labelling.show_state(INVITING)
    focused = labelling.focusWidget()
    assert focused is not None
    assert focused is not labelling.clarified_as
    press(focused, Qt.Key.Key_1)
    assert [answered[k] for k in range(len(answered))] == [["confirmed", ""]]


def test_a_cue_comes_and_goes_without_moving_anything(cue: CueCard) -> None:
    before = cue.sizeHint().width() - cue.words.sizeHint().width()
    cue.show_state(CueState("showing", 0.1, "cue.too_exact"))
    assert cue.words.text() == cue.accessibleDescription() == say("cue.too_exact")
    assert cue.toolTip() == say("cue.too_exact.about")
    assert cue.sizeHint().width() - cue.words.sizeHint().width() == before
    off, dismissed = QSignalSpy(cue.switched_off), QSignalSpy(cue.dismissed)
    click(cue.off)
    cue.dismiss.setFocus()
    press(cue, Qt.Key.Key_Escape)
    assert [off[k] for k in range(len(off))] == [["too_exact"]]
    assert len(dismissed) == 1
    cue.show_state(CueState())
    assert cue.words.text() == cue.toolTip() == ""
    assert not cue.dismiss.isVisible()


def test_a_cue_that_goes_leaves_the_keyboard_on_its_card(cue: CueCard) -> None:
    cue.show_state(CueState("showing", 0.1, "cue.too_exact"))
    cue.dismiss.setFocus()
    cue.show_state(CueState())
    assert cue.focusWidget() is cue, "and not on whatever comes next in the window"


def test_every_control_has_a_name_and_a_tooltip(
    gaze: GazePractice,
    breathing: BreathingPractice,
    warmup: WarmupPractice,
    labelling: LabellingPractice,
    cue: CueCard,
) -> None:
    controls: list[QWidget] = [gaze.ring, breathing.circle, warmup.bar]
    for page in (gaze, breathing, warmup, labelling, cue):
        for kind in (QPushButton, QComboBox, QLineEdit, QPlainTextEdit):
            controls += page.findChildren(kind)
    assert len(controls) == 34
    assert [one for one in controls if not one.accessibleName() or not one.toolTip().endswith(".")] == []
