"""What was being typed in the notes panel comes back: another note meanwhile, a change, a killed program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import click, press, type_text
from journal_hands import asked, opened
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mirrorsync.journal import Journal
from mirrorsync.ui.journal.entry_view import EntryView
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.notes_panel import NotesPanel


@pytest.fixture
def model(qtbot: QtBot, tmp_path: Path) -> Iterator[JournalModel]:
    made = opened(qtbot, JournalModel(tmp_path / "journal.db"))
    yield made
    made.close()


def _panel(qtbot: QtBot, model: JournalModel, note: str = "first") -> NotesPanel:
    """Return a panel on a session with one note, at 12.5 s."""

    def begin(journal: Journal) -> str:
        session = journal.session("/x.mp4").id
        if note:
            journal.add("note", note, session=session, start_s=5.0)
        return session

    panel = NotesPanel(model, lambda: 12.5)
    qtbot.addWidget(panel)
    panel.set_session(asked(qtbot, model, begin))
    panel.show()
    qtbot.waitUntil(lambda: panel.list.count() == 1)
    return panel


def _change(panel: NotesPanel) -> None:
    panel.list.setCurrentRow(0)
    press(panel.list, Qt.Key.Key_F2)


def _drafts(qtbot: QtBot, model: JournalModel) -> set[str]:
    return {draft.text for draft in asked(qtbot, model, lambda journal: journal.drafts())}


@pytest.mark.parametrize("end", ["save", "give up"])
def test_a_note_that_was_begun_comes_back_after_a_change_of_another(
    qtbot: QtBot, model: JournalModel, end: str
) -> None:
    panel = _panel(qtbot, model)
    type_text(panel.editor, "half a thought")
    _change(panel)
    assert panel.editor.text() == "first"
    type_text(panel.editor, "very ")
    if end == "save":
        click(panel.add_button)
        qtbot.waitUntil(lambda: [e.text for e in panel.list.entries()] == ["very first"])
    else:
        press(panel.editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: panel.editor.text() == "half a thought")
    type_text(panel.editor, " and more")
    click(panel.add_button)
    qtbot.waitUntil(lambda: "half a thought and more" in [e.text for e in panel.list.entries()])
    [note] = [entry for entry in panel.list.entries() if entry.text.startswith("half")]
    assert note.start_s == 12.5
    assert panel.editor.text() == ""
    assert _drafts(qtbot, model) == set()


def test_what_is_typed_before_the_draft_arrives_stands_below_it(qtbot: QtBot, model: JournalModel) -> None:
    panel = _panel(qtbot, model)
    type_text(panel.editor, "begun")
    _change(panel)
    press(panel.editor, Qt.Key.Key_Escape)
    type_text(panel.editor, "x")  # the journal has not answered yet
    qtbot.waitUntil(lambda: panel.editor.text() in {"begun\nx", "begunx"})


def test_looking_away_at_once_costs_no_draft(qtbot: QtBot, model: JournalModel) -> None:
    panel = _panel(qtbot, model)
    type_text(panel.editor, "begun")
    for _ in range(3):  # the draft is on its way and not shown yet
        _change(panel)
        press(panel.editor, Qt.Key.Key_Escape)
    type_text(panel.editor, "x")
    _change(panel)
    # Where the machine was slow, the draft was there again before the letter was typed.
    assert _drafts(qtbot, model) in ({"begun\nx"}, {"begunx"})
    press(panel.editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: panel.editor.text() in {"begun\nx", "begunx"})


def test_nothing_is_typed_between_saving_and_saved(qtbot: QtBot, model: JournalModel) -> None:
    panel = _panel(qtbot, model)
    type_text(panel.editor, "second")
    click(panel.add_button)
    type_text(panel.editor, "!")  # would be in neither the note nor a draft
    assert panel.editor.text() == "second"
    qtbot.waitUntil(lambda: panel.list.count() == 2)
    type_text(panel.editor, "third")
    assert panel.editor.text() == "third"


def test_after_a_saved_change_the_next_note_is_a_new_one(qtbot: QtBot, model: JournalModel) -> None:
    entry = asked(qtbot, model, lambda journal: journal.add("note", "old"))
    view = EntryView(model)
    qtbot.addWidget(view)
    view.show_entry(entry)
    type_text(view.editor, "very ")
    with qtbot.waitSignal(view.saved):
        view.save()
    type_text(view.editor, "new")
    view.keep_draft()
    [draft] = asked(qtbot, model, lambda journal: journal.drafts())
    assert (draft.key, draft.text) == ("new", "new")


TYPING = """
import sys
from pathlib import Path
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.notes_panel import NotesPanel
app = QApplication([])
model = JournalModel(Path(sys.argv[1]))
panel = NotesPanel(model, lambda: 3.0)
panel.show()
model.opened.connect(lambda: model.ask(lambda j: j.session("/x.mp4").id, begin))
def begin(session):
    panel.set_session(session)
    panel.editor.type_text("half a thought")
    model.ask(lambda j: j.entries(session=session)[0], change)
def change(entry):
    panel.edit(entry)
    panel.editor.type_text("changed: ")
    model.ask(lambda j: None, lambda _: panel._drafts.kept.connect(lambda: print("kept", flush=True)))
model.open()
app.exec()
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
def test_killed_while_changing_a_note_both_drafts_come_back(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with Journal(path) as journal:
        journal.add("note", "first", session=journal.session("/x.mp4").id, start_s=5.0)
    with subprocess.Popen(
        [sys.executable, "-c", TYPING, str(path)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as writer:
        assert writer.stdout is not None
        while "kept" not in writer.stdout.readline():
            assert writer.poll() is None
        writer.send_signal(signal.SIGKILL)
    model = opened(qtbot, JournalModel(path))
    panel = _panel(qtbot, model, note="")
    qtbot.waitUntil(lambda: panel.editor.text() == "half a thought")
    _change(panel)
    qtbot.waitUntil(lambda: panel.editor.text() == "changed: first")
    type_text(panel.editor, "!")
    panel.keep_draft()
    assert _drafts(qtbot, model) == {"half a thought", "changed: first!"}
    click(panel.add_button)
    qtbot.waitUntil(lambda: [entry.text for entry in panel.list.entries()] == ["changed: first!"])
    qtbot.waitUntil(lambda: panel.editor.text() == "half a thought")
    model.close()
