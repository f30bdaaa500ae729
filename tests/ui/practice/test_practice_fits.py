"""Nothing on the exercises' panel is cut off, whatever the size of the type, and all of it can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mirrorsync.practice.breathing_pacer import BreathingState
from mirrorsync.practice.emotion_labelling import PATTERNS, LabellingState
from mirrorsync.practice.mutual_gaze import MutualGazeState
from mirrorsync.practice.warmup import WarmupState
from mirrorsync.settings import Settings
from mirrorsync.ui.practice.desk import PracticeDesk
from mirrorsync.ui.practice.own_words import OwnAnswer, OwnWords
from mirrorsync.ui.theme import DARK, LIGHT, Theme, palette, style_sheet

_OUTCOME = ("warmup.now.flipped", "warmup.now.auto")
_STATES: dict[str, tuple[object, ...]] = {
    "warmup": (
        WarmupState("question", question="warmup.flipped"),
        WarmupState("question", question="warmup.mirror"),
        WarmupState("gaze", 0.7, "warmup.gaze", notice="warmup.unseen_partner", left_s=18),
        WarmupState("done", 1.0, "warmup.done_you", left_s=0, outcome=_OUTCOME),
    ),
    "breathing": (
        BreathingState(),
        BreathingState("in", 0.5, 0.6, 11, 11, "remembered", prompt="breathing.remembered"),
        BreathingState("done", prompt="breathing.done"),
    ),
    "gaze": (
        MutualGazeState(left_s=30),
        MutualGazeState("calibrating", 0.5, prompt="gaze.calibrate_partner"),
        MutualGazeState("unmeasured", prompt="gaze.unmeasured_both", notice="gaze.unmeasured"),
        MutualGazeState("looking", 0.4, prompt="gaze.unknown", left_s=18),
        MutualGazeState("grounding", 0.4, prompt="gaze.grounding", left_s=18),
        MutualGazeState("question", 1.0, prompt="", question="gaze.reflect"),
        MutualGazeState("done", 1.0, prompt="gaze.done"),
    ),
    "labelling": (
        LabellingState(),
        LabellingState("listening", prompt="label.listening"),
        *(
            LabellingState("inviting", 0.1, "", f"label.invite.{name}", "a contemptuous-looking pattern")
            for name in PATTERNS
        ),
    ),
}


@pytest.fixture(params=[9.0, 13.5, 18.0])
def type_size(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[float]:
    """The size of the user's type, in points, for all widgets made meanwhile."""
    before = QApplication.font()
    font = QApplication.font()
    font.setPointSizeF(request.param)
    QApplication.setFont(font)
    yield request.param
    QApplication.setFont(before)


def _made(qtbot: QtBot, journal: Path, theme: Theme = LIGHT) -> tuple[PracticeDesk, QWidget]:
    desk, top = PracticeDesk(Settings(), OwnWords(journal)), QWidget()
    top.setPalette(palette(theme))
    top.setStyleSheet(style_sheet(theme))
    QVBoxLayout(top).addWidget(desk.panel)
    desk.set_theme(theme)
    qtbot.addWidget(top)
    top.show()
    qtbot.waitExposed(top)
    return desk, top


def _cut_off(panel: QWidget) -> list[str]:
    found = [
        one.accessibleName()
        for one in (*panel.findChildren(QAbstractButton), *panel.findChildren(QComboBox))
        if one.isVisible() and one.width() < one.sizeHint().width()
    ]
    for label in panel.findChildren(QLabel):
        if label.isVisible() and label.text():
            high = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
            wide = 0 if label.wordWrap() else label.sizeHint().width()
            if label.height() < high or label.width() < wide:
                found.append(label.text())
    return found


@pytest.mark.parametrize("width", [QWidget.minimumWidth, QWidget.maximumWidth])
def test_nothing_is_cut_off(
    qtbot: QtBot, type_size: float, width: Callable[[QWidget], int], tmp_path: Path
) -> None:
    (tmp_path / "journal.db").write_bytes(b"SQLite format 3\0" + b"no database " * 999)
    desk, top = _made(qtbot, tmp_path / "journal.db")
    panel = desk.panel
    top.resize(width(panel) + 24, 70 * panel.fontMetrics().height())

    def check(what: object) -> None:
        QApplication.processEvents()
        assert _cut_off(panel) == [], f"at {type_size} pt, in {what}"

    check("the list")
    panel.set_running(running=True)
    desk.labelling.page.set_running(running=True)
    check("the list")
    pages: dict[str, Any] = {"labelling": desk.labelling.page, "cues": desk.cues.page}
    pages |= {name: run.page for name, run in desk.runs.items()}
    for name, page in pages.items():
        panel.show_page(name)
        for state in _STATES.get(name, ()):
            page.show_state(state)
            check(state)
    check("the cues")
    desk.words.write(OwnAnswer("mutual_gaze", "gaze.reflect", "Warmth."))
    desk.words.finish()
    check("the words")
    desk.words.give_up()


def _ink(label: QLabel, theme: Theme) -> str:
    """Return which of the theme's colours a label is written in."""
    image = label.grab().toImage()
    pixels = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    return "ink" if theme.ink.lower() in pixels else "soft" if theme.soft.lower() in pixels else ""


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_an_entry_that_can_be_chosen_looks_so(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    desk, _ = _made(qtbot, tmp_path / "journal.db", theme)
    entries = desk.panel.entries.items()
    for running in (False, True, False):
        desk.panel.set_running(running=running)
        QApplication.processEvents()
        seen = {name: _ink(entry.findChildren(QLabel)[0], theme) for name, entry in entries}
        assert seen == {name: "ink" if running or name == "cues" else "soft" for name, _ in entries}


def _brightness(colour: str) -> float:
    channels = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("front", "behind", "least"),
    [
        ("ink", "card", 4.5), ("ink", "back", 4.5), ("soft", "card", 4.5), ("soft", "back", 4.5),
        ("ink", "comfort", 4.5), ("ink", "track", 4.5), ("on_both", "both", 4.5),
        ("both", "card", 3.0), ("both", "track", 3.0), ("you", "card", 3.0),
    ],
)  # fmt: skip
def test_the_exercises_can_be_read(theme: Theme, front: str, behind: str, least: float) -> None:
    """WCAG 2.1 AA: 4.5 for text, 3 for what else must be seen."""
    bright, dark = sorted((_brightness(getattr(theme, front)), _brightness(getattr(theme, behind))))[::-1]
    assert (bright + 0.05) / (dark + 0.05) >= least
