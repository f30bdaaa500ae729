"""Notes beside a recording: at the time they were begun, kept while they are typed, leading back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import click, press, type_text
from journal_hands import asked, fill_disk, opened
from PyQt6.QtCore import QMimeData, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mirrorsync.journal import Journal
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.notes_panel import NotesPanel


@pytest.fixture
def model(qtbot: QtBot, tmp_path: Path) -> Iterator[JournalModel]:
    made = opened(qtbot, JournalModel(tmp_path / "journal.db"))
    yield made
    made.close()


class Player:
    """Says where the recording stands."""

    now_s: float | None = 12.5

    def __call__(self) -> float | None:
        return self.now_s


def _panel(qtbot: QtBot, model: JournalModel, player: Player) -> tuple[NotesPanel, str]:
    session = asked(qtbot, model, lambda j: j.session("/x.mp4", label="X")).id
    panel = NotesPanel(model, player)
    qtbot.addWidget(panel)
    panel.set_session(session)
    panel.show()
    return panel, session


def _count(qtbot: QtBot, panel: NotesPanel, count: int) -> None:
    qtbot.waitUntil(lambda: panel.list.count() == count)


def test_a_note_belongs_to_the_moment_it_was_begun(qtbot: QtBot, model: JournalModel) -> None:
    player = Player()
    panel, session = _panel(qtbot, model, player)
    type_text(panel.editor, "S")
    player.now_s = 20.0
    type_text(panel.editor, "he nods")
    assert "0:12.5" in panel.when.text()
    QTest.keyClick(panel.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)  # type: ignore[call-overload]  # static in Qt
    _count(qtbot, panel, 1)
    [note] = panel.list.entries()
    assert (note.text, note.start_s, note.session) == ("She nods", 12.5, session)
    assert panel.editor.text() == ""
    click(panel.bookmark_button)
    _count(qtbot, panel, 2)
    assert [entry.start_s for entry in panel.list.entries()] == [12.5, 20.0]
    assert asked(qtbot, model, lambda j: j.drafts()) == []


def test_a_note_leads_back_can_be_changed_and_deleted(qtbot: QtBot, model: JournalModel) -> None:
    panel, session = _panel(qtbot, model, Player())
    asked(qtbot, model, lambda j: j.add("note", "first", session=session, start_s=5.0))
    panel.refresh()
    _count(qtbot, panel, 1)
    panel.list.setCurrentRow(0)
    with qtbot.waitSignal(panel.jump) as jumped:
        press(panel.list, Qt.Key.Key_Return)
    assert jumped.args == [5.0]
    press(panel.list, Qt.Key.Key_F2)
    assert panel.editor.text() == "first"
    type_text(panel.editor, "very ")
    click(panel.add_button)
    qtbot.waitUntil(lambda: [e.text for e in panel.list.entries()] == ["very first"])
    press(panel.list, Qt.Key.Key_Delete)
    _count(qtbot, panel, 0)
    assert panel.empty.isVisible()
    assert asked(qtbot, model, lambda j: j.undo()) == "delete note"


def test_a_draft_waits_for_its_session(qtbot: QtBot, model: JournalModel) -> None:
    player = Player()
    panel, session = _panel(qtbot, model, player)
    other = asked(qtbot, model, lambda j: j.session("/y.mp4")).id
    type_text(panel.editor, "half a sent")
    panel.set_session(other)
    assert panel.editor.text() == ""
    player.now_s = 99.0
    panel.set_session(session)
    qtbot.waitUntil(lambda: panel.editor.text() == "half a sent")
    click(panel.add_button)
    _count(qtbot, panel, 1)
    assert panel.list.entries()[0].start_s == 12.5
    type_text(panel.editor, "no")
    press(panel.editor, Qt.Key.Key_Escape)
    assert panel.editor.text() == ""
    assert asked(qtbot, model, lambda j: j.drafts()) == []


def test_a_note_about_the_whole_session(qtbot: QtBot, model: JournalModel) -> None:
    player = Player()
    panel, session = _panel(qtbot, model, player)
    click(panel.whole)
    type_text(panel.editor, "slow")
    assert panel.when.text() == ""
    other = asked(qtbot, model, lambda j: j.session("/y.mp4")).id
    panel.set_session(other)
    assert not panel.whole.isChecked()
    panel.set_session(session)
    qtbot.waitUntil(lambda: panel.editor.text() == "slow")
    assert panel.whole.isChecked()
    type_text(panel.editor, "er")
    click(panel.add_button)
    _count(qtbot, panel, 1)
    [note] = panel.list.entries()
    assert (note.text, note.start_s, note.session) == ("slower", None, session)
    assert not panel.whole.isChecked()
    type_text(panel.editor, "here")
    click(panel.whole)
    player.now_s = 20.0
    click(panel.whole)  # thought better of it: at the moment of now
    click(panel.add_button)
    _count(qtbot, panel, 2)
    assert sorted(e.start_s for e in panel.list.entries() if e.start_s is not None) == [20.0]


def test_when_saving_fails_the_text_stays(qtbot: QtBot, model: JournalModel) -> None:
    panel, _ = _panel(qtbot, model, Player())
    type_text(panel.editor, "precious")

    asked(qtbot, model, fill_disk)
    panel.editor.type_text("x" * 100_000)
    with qtbot.waitSignal(model.failed) as failed:
        panel.submit()
    assert "disk is full" in failed.args[0]
    assert panel.editor.text().startswith("precious")


def test_pasted_html_is_text(qtbot: QtBot, model: JournalModel) -> None:
    panel, _ = _panel(qtbot, model, Player())
    pasted = QMimeData()
    pasted.setHtml("<img src='file:///etc/passwd'><b>bold</b>")
    pasted.setText("<b>as it is</b>")
    panel.editor.insertFromMimeData(pasted)
    assert panel.editor.text() == "<b>as it is</b>"


@pytest.mark.parametrize(
    "text",
    ["<b>x</b>", "no\u00a0break", "a\r\nb", "=cmd()", "😀👩‍👩‍👧", "שלום\u202eabc", "\x00\x1b", "x" * 100_000],
    ids=range(8),
)
def test_what_is_shown_and_not_edited_stays_to_the_letter(
    qtbot: QtBot, model: JournalModel, text: str
) -> None:
    panel, session = _panel(qtbot, model, Player())
    note = asked(qtbot, model, lambda j: j.add("note", text, session=session, start_s=1.0))
    panel.refresh()
    _count(qtbot, panel, 1)
    panel.grab()  # painting it does no harm
    panel.edit(note)
    assert panel.editor.text() == text
    panel.editor.moveCursor(panel.editor.textCursor().MoveOperation.End)
    type_text(panel.editor, "!")
    if "\r" not in text:  # Qt's one line break is \n
        assert panel.editor.text() == text + "!"


def test_every_widget_says_its_name(qtbot: QtBot, model: JournalModel) -> None:
    panel, _ = _panel(qtbot, model, Player())
    for widget in (panel.editor, panel.list, panel.add_button, panel.bookmark_button, panel.cancel_button):
        assert isinstance(widget, QWidget)
        assert widget.accessibleName()
        assert widget.toolTip()


TYPING = """
import sys, time
from pathlib import Path
from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.notes_panel import NotesPanel
app = QApplication([])
model = JournalModel(Path(sys.argv[1]))
panel = NotesPanel(model, lambda: 3.0)
panel.show()
model.opened.connect(lambda: model.ask(lambda j: j.session("/x.mp4").id, begin))
count = 0
def begin(session):
    panel.set_session(session)
    timer.start(20)
def type_one():
    global count
    QTest.keyClicks(panel.editor, f"{count} ")
    print(f"{time.monotonic()} {count}", flush=True)
    count += 1
timer = QTimer()
timer.timeout.connect(type_one)
model.open()
app.exec()
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
def test_killed_while_typing_at_most_the_last_second_is_lost(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    typed: list[tuple[float, int]] = []
    with subprocess.Popen(
        [sys.executable, "-c", TYPING, str(path)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as writer:
        assert writer.stdout is not None
        while not typed or typed[-1][0] - typed[0][0] < 2.3:  # without a pause, well past the first draft
            at, number = writer.stdout.readline().split()
            typed.append((float(at), int(number)))
        killed = time.monotonic()
        writer.send_signal(signal.SIGKILL)
    assert writer.returncode == -signal.SIGKILL
    with Journal(path) as journal:
        [draft] = journal.drafts()
        session = journal.sessions()[0].id
    kept = [int(word) for word in draft.text.split(" ")[:-1]]
    assert kept == list(range(len(kept)))
    due = [number for at, number in typed if at < killed - 1.0]
    assert kept[-1] >= due[-1], f"typed {typed[-1][1]}, kept {kept[-1]}"
    # And the next one to open the panel finds it again.
    model = opened(qtbot, JournalModel(path))
    panel = NotesPanel(model, lambda: 50.0)
    qtbot.addWidget(panel)
    panel.set_session(session)
    qtbot.waitUntil(lambda: panel.editor.text() == draft.text)
    model.close()
