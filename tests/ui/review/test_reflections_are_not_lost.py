"""Answers at a pause: a draft of each moment, back with its question; the panel closes when they are kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import click
from journal_hands import asked, fill_disk, make_room, opened
from made_reviews import REVIEW_SETTINGS, make_review
from pytestqt.qtbot import QtBot

from mirrorsync.practice.reflection import QUESTIONS, ReflectionMoment, ReflectionState
from mirrorsync.synchrony.moments import Moment
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.reflect_panel import ReflectPanel
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.review.workspace import Workspace

TIMEOUT = 20_000
DROP = Moment(2.0, 2.0, "drop", "Attunement fell.")
BEST = Moment(4.0, 5.0, "best", "The best stretch.")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_review(tmp_path_factory.mktemp("sessions"))


@pytest.fixture
def window(session: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[ReviewWindow]:
    made = ReviewWindow(REVIEW_SETTINGS, JournalModel(tmp_path / "journal.db"), folder=session.parent)
    qtbot.addWidget(made, before_close_func=lambda w: w.close())
    made.show()
    yield made
    made.close()


def open_it(window: ReviewWindow, session: Path, qtbot: QtBot) -> Workspace:
    window.open_session(session)
    workspace = window.workspace
    assert workspace is not None
    qtbot.waitUntil(lambda: workspace.notes.isEnabled() and window.journal.is_open, timeout=TIMEOUT)
    workspace.reflection.set_moments([])
    return workspace


def first(workspace: Workspace) -> str:
    return workspace.reflect.answers().get(QUESTIONS[0], "")


def write(workspace: Workspace, text: str) -> None:
    workspace.reflect.editors[QUESTIONS[0]].type_text(text)


@pytest.mark.parametrize("way", ["skip", "escape", "another moment", "back to the start", "no more stops"])
def test_what_was_begun_comes_back_with_its_moment(
    way: str, window: ReviewWindow, session: Path, qtbot: QtBot
) -> None:
    workspace = open_it(window, session, qtbot)
    workspace._reflect_on(DROP)
    write(workspace, "Warm hands")
    if way == "skip":
        click(workspace.reflect.skip_button)
    elif way == "escape":
        workspace.reflect.editors[QUESTIONS[0]].cancelled.emit()
    elif way == "no more stops":
        click(workspace.reflect.off_button)
        assert not workspace.reflect.isVisible()
    elif way == "back to the start":
        window.to_start()
        workspace = open_it(window, session, qtbot)
    workspace._reflect_on(BEST)
    qtbot.waitUntil(lambda: first(workspace) == "", timeout=TIMEOUT)
    click(workspace.reflect.skip_button)
    workspace.player.pause()
    qtbot.waitUntil(lambda: bool(workspace.marks.unfinished), timeout=TIMEOUT)
    waiting = [one for one in workspace.marks.bookmarks if "Warm hands" in one.sentence]
    assert [one.start_s for one in waiting] == [2.0]
    workspace._reflect_on(waiting[0])  # the row under Moments
    qtbot.waitUntil(lambda: first(workspace) == "Warm hands", timeout=TIMEOUT)
    assert workspace.reflection.state.moment == ReflectionMoment(2.0, "drop", "Attunement fell.")
    write(workspace, " and feet")
    click(workspace.reflect.keep_button)
    qtbot.waitUntil(lambda: not workspace.reflect.isVisible(), timeout=TIMEOUT)
    workspace.player.pause()
    [entry] = asked(qtbot, window.journal, lambda journal: journal.entries(kinds=["reflection"]))
    assert entry.data["answers"] == {QUESTIONS[0]: "Warm hands and feet"}
    assert asked(qtbot, window.journal, lambda journal: journal.drafts()) == []
    qtbot.waitUntil(lambda: not workspace.marks.unfinished, timeout=TIMEOUT)


def test_on_a_full_disk_the_answers_stay(window: ReviewWindow, session: Path, qtbot: QtBot) -> None:
    workspace = open_it(window, session, qtbot)
    workspace._reflect_on(DROP)
    asked(qtbot, window.journal, fill_disk)
    long = "x" * 100_000
    workspace.reflect.editors[QUESTIONS[0]].type_text(long)
    click(workspace.reflect.keep_button)
    qtbot.waitUntil(lambda: workspace.reflect.trouble.isVisible(), timeout=TIMEOUT)
    assert "disk is full" in workspace.reflect.trouble.text()
    assert workspace.reflect.isVisible()
    assert first(workspace) == long
    with qtbot.waitSignal(workspace.marks.said, timeout=TIMEOUT):
        asked(qtbot, window.journal, make_room)
        click(workspace.reflect.keep_button)
    assert not workspace.reflect.isVisible()
    workspace.player.pause()


@pytest.mark.parametrize("way", ["keep", "skip"])
def test_without_a_journal_the_answers_stay_until_there_is_one(
    way: str, window: ReviewWindow, session: Path, qtbot: QtBot
) -> None:
    workspace = open_it(window, session, qtbot)
    workspace.marks._ref = workspace.reflect._session = None  # as with a locked or damaged journal
    workspace._reflect_on(DROP)
    write(workspace, "Warm hands")
    click(workspace.reflect.keep_button if way == "keep" else workspace.reflect.skip_button)
    assert texts.NO_JOURNAL in workspace.reflect.trouble.text()
    assert first(workspace) == "Warm hands"
    workspace.marks._introduce()  # it is opened
    qtbot.waitUntil(lambda: workspace.marks.session is not None, timeout=TIMEOUT)
    [draft] = asked(qtbot, window.journal, lambda journal: journal.drafts())
    assert "Warm hands" in draft.text
    click(workspace.reflect.keep_button)
    qtbot.waitUntil(lambda: not workspace.reflect.isVisible(), timeout=TIMEOUT)
    workspace.player.pause()


def test_nothing_written_leaves_nothing(window: ReviewWindow, session: Path, qtbot: QtBot) -> None:
    workspace = open_it(window, session, qtbot)
    workspace._reflect_on(DROP)
    asked(qtbot, window.journal, lambda journal: journal.drafts())  # there is none to bring back
    write(workspace, "x")
    workspace.reflect.keep_draft()
    workspace.reflect.editors[QUESTIONS[0]].setPlainText("")
    click(workspace.reflect.keep_button)
    assert not workspace.reflect.isVisible()
    workspace.player.pause()
    assert asked(qtbot, window.journal, lambda j: (j.drafts(), j.entries(kinds=["reflection"]))) == ([], [])


TYPING = """
import sys, time
from pathlib import Path
from PyQt6.QtCore import QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from mirrorsync.practice.reflection import QUESTIONS, ReflectionMoment, ReflectionState
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review.reflect_panel import ReflectPanel
app = QApplication([])
model = JournalModel(Path(sys.argv[1]))
panel = ReflectPanel(model)
panel.show_state(ReflectionState("asking", ReflectionMoment(65.25, "drop", "It fell."), QUESTIONS))
model.opened.connect(lambda: model.ask(lambda j: j.session("/x.mp4").id, begin))
count = 0
def begin(session):
    panel.set_session(session)
    timer.start(20)
def type_one():
    global count
    QTest.keyClicks(panel.editors[QUESTIONS[count % 3]], f"{count} ")
    print(f"{time.monotonic()} {count}", flush=True)
    count += 1
timer = QTimer()
timer.timeout.connect(type_one)
model.open()
app.exec()
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
def test_killed_while_answering_at_most_the_last_second_is_lost(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    typed: list[tuple[float, int]] = []
    with subprocess.Popen(
        [sys.executable, "-c", TYPING, str(path)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as writer:
        assert writer.stdout is not None
        while not typed or typed[-1][0] - typed[0][0] < 2.3:  # without a pause, well past the first draft
            at, number = writer.stdout.readline().split()
            typed.append((float(at), int(number)))
        writer.send_signal(signal.SIGKILL)
    model = opened(qtbot, JournalModel(path))
    panel = ReflectPanel(model)
    qtbot.addWidget(panel)
    panel.show_state(ReflectionState("asking", ReflectionMoment(65.25, "best", "Now the best."), QUESTIONS))
    panel.set_session(asked(qtbot, model, lambda journal: journal.sessions()[0].id))
    qtbot.waitUntil(lambda: panel.is_edited)
    kept = sorted(int(word) for answer in panel.answers().values() for word in answer.split())
    assert kept == list(range(len(kept)))
    due = [number for at, number in typed if at < typed[-1][0] - 1.0]
    assert kept[-1] >= due[-1], f"typed {typed[-1][1]}, kept {kept[-1]}"
    model.close()
