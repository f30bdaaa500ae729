"""The journal's pages: writing, finding, checking in, weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hands import click, press, type_text
from journal_hands import asked, opened
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from mirrorsync.journal import Entry, Feeling, Journal, add_check_in
from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.check_in_page import CheckInPage
from mirrorsync.ui.journal.journal_page import JournalPage
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.weeks_page import WeeksPage
from mirrorsync.ui.theme import DARK


@pytest.fixture
def model(qtbot: QtBot, tmp_path: Path) -> Iterator[JournalModel]:
    made = JournalModel(tmp_path / "journal.db")
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, model: JournalModel) -> JournalPage:
    made = JournalPage(model)
    qtbot.addWidget(made)
    made.show()
    opened(qtbot, model)
    return made


def _texts(page: JournalPage) -> list[str]:
    return [entry.text for entry in page.list.entries()]


def _shown(qtbot: QtBot, page: JournalPage, expected: list[str]) -> None:
    qtbot.waitUntil(lambda: _texts(page) == expected)


def _write(qtbot: QtBot, page: JournalPage, text: str, tags: str = "") -> None:
    page.new_note()
    type_text(page.view.editor, text)
    type_text(page.view.tags, tags)
    before = page.list.count()
    click(page.view.save_button)
    qtbot.waitUntil(lambda: page.list.count() == before + 1)


def test_write_find_change_delete_undo(qtbot: QtBot, page: JournalPage) -> None:
    assert page.count.text() == texts.NOTHING_YET
    _write(qtbot, page, "About breathing", "body, calm")
    _write(qtbot, page, "About shoulders", "body")
    _shown(qtbot, page, ["About shoulders", "About breathing"])
    assert page.count.text() == "2 entries"
    current = page.list.current()
    assert current is not None
    assert current.text == "About shoulders", "what was written is chosen"
    type_text(page.search, "breath")
    _shown(qtbot, page, ["About breathing"])
    page.search.setText("xyz")
    _shown(qtbot, page, [])
    assert page.count.text() == texts.NOTHING_FOUND
    page.search.clear()
    _shown(qtbot, page, ["About shoulders", "About breathing"])
    page.list.setCurrentRow(1)
    qtbot.waitUntil(lambda: page.view.editor.text() == "About breathing")
    assert page.view.tags.text() == "body, calm"
    page.view.editor.moveCursor(page.view.editor.textCursor().MoveOperation.End)
    type_text(page.view.editor, " out")
    click(page.view.save_button)
    _shown(qtbot, page, ["About shoulders", "About breathing out"])
    press(page.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page.list.count() == 1)
    qtbot.waitUntil(page.undo_button.isEnabled)
    assert "Deleting" in page.undo_button.toolTip()
    click(page.undo_button)
    _shown(qtbot, page, ["About shoulders", "About breathing out"])
    click(page.undo_button)
    _shown(qtbot, page, ["About shoulders", "About breathing"])
    click(page.redo_button)
    _shown(qtbot, page, ["About shoulders", "About breathing out"])


def _choose(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(box.findData(value))


def test_filters(qtbot: QtBot, page: JournalPage, model: JournalModel) -> None:
    def fill(journal: Journal) -> str:
        session = journal.session("/a/role.mp4", label="Role play").id
        journal.add("note", "in it", session=session, start_s=3.0, tags=["x"])
        journal.add("bookmark", "mark", session=session, start_s=4.0)
        journal.add("note", "outside", tags=["x", "y"])
        return session

    session = asked(qtbot, model, fill)
    page.refresh()
    _shown(qtbot, page, ["outside", "mark", "in it"])
    _choose(page.kind, "bookmark")
    _shown(qtbot, page, ["mark"])
    _choose(page.kind, "")
    _choose(page.tag, "x")
    _shown(qtbot, page, ["outside", "in it"])
    _choose(page.session, session)
    _shown(qtbot, page, ["in it"])
    _choose(page.tag, "")
    _shown(qtbot, page, ["mark", "in it"])


def test_a_draft_comes_back(qtbot: QtBot, page: JournalPage, model: JournalModel) -> None:
    _write(qtbot, page, "first")
    page.new_note()
    type_text(page.view.editor, "half a sent")
    page.list.setCurrentRow(0)
    qtbot.waitUntil(lambda: page.view.editor.text() == "first")
    page.new_note()
    qtbot.waitUntil(lambda: page.view.editor.text() == "half a sent")
    other = JournalPage(model)
    qtbot.addWidget(other)
    other.view.show_entry(None)
    qtbot.waitUntil(lambda: other.view.editor.text() == "half a sent")
    click(page.view.cancel_button)
    assert page.view.editor.text() == ""
    assert asked(qtbot, model, lambda j: j.drafts()) == []


def test_tags_alone_can_be_changed(qtbot: QtBot, page: JournalPage) -> None:
    _write(qtbot, page, "note", "a")
    page.list.setCurrentRow(0)
    qtbot.waitUntil(lambda: page.view.tags.text() == "a")
    type_text(page.view.tags, ", b")
    press(page.view.tags, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [e.tags for e in page.list.entries()] == [("a", "b")])


@pytest.mark.parametrize(
    "text",
    ["<img src=x onerror=alert(1)><b>x</b>", "=cmd|'/C calc'!A0", "😀 שלום \u202e x", "w" * 100_000],
    ids=range(4),
)
def test_hard_texts_are_only_text(qtbot: QtBot, page: JournalPage, model: JournalModel, text: str) -> None:
    def write(journal: Journal) -> Entry:
        session = journal.session("/a", label=text[:99]).id
        return journal.add("note", text, session=session, tags=[text[:60]], data={"question": text[:99]})

    entry = asked(qtbot, model, write)
    page.refresh()
    qtbot.waitUntil(lambda: page.list.count() == 1)
    page.list.setCurrentRow(0)
    qtbot.waitUntil(lambda: page.view.entry is not None)
    page.grab()
    assert page.view.editor.text() == entry.text == text
    for label in (page.view.head, page.view.more):
        assert label.textFormat() == Qt.TextFormat.PlainText


def test_export_and_import(qtbot: QtBot, page: JournalPage, model: JournalModel, tmp_path: Path) -> None:
    _write(qtbot, page, "goes out and comes in")
    with qtbot.waitSignal(page.said) as said:
        page.export_to(tmp_path / "all")
    assert said.args == [f"Wrote 1 entries to {tmp_path / 'all.zip'}."]
    asked(qtbot, model, lambda j: j.delete(j.entries()[0].id))
    with qtbot.waitSignal(page.said) as said:
        page.import_from(tmp_path / "all.zip")
    assert said.args[0].startswith("Added 1,")
    _shown(qtbot, page, ["goes out and comes in"])
    with qtbot.waitSignal(model.failed) as failed:
        page.import_from(tmp_path / "nothing.zip")
    assert "cannot be read" in failed.args[0]


@pytest.fixture
def check_in(qtbot: QtBot, model: JournalModel) -> CheckInPage:
    made = CheckInPage(model)
    qtbot.addWidget(made)
    made.show()
    opened(qtbot, model)
    return made


def test_a_check_in_from_wheel_and_own_words(
    qtbot: QtBot, check_in: CheckInPage, model: JournalModel
) -> None:
    qtbot.waitUntil(lambda: check_in.state.text() == texts.CHECK_IN_DUE_FIRST)
    assert not check_in.save_button.isEnabled()
    check_in.wheel.toggle("calm")
    type_text(check_in.own_word, "Fernweh")
    press(check_in.own_word, Qt.Key.Key_Return)
    type_text(check_in.own_word, "Lonely")
    click(check_in.own_add)
    assert [f.word for f in check_in.feelings()] == ["calm", "lonely", "Fernweh"]
    check_in.rows.shown["Fernweh"].slider.setValue(9)
    check_in.rows.shown["calm"].slider.setValue(3)
    click(check_in.rows.shown["lonely"].remove)
    type_text(check_in.words, "A long week.")
    click(check_in.save_button)
    qtbot.waitUntil(lambda: check_in.state.text() == texts.CHECK_IN_TODAY)
    [entry] = asked(qtbot, model, lambda j: j.entries(kinds=["check_in"]))
    assert entry.text == "A long week."
    assert [(c["word"], c["core"], c["intensity"]) for c in entry.data["choices"]] == [
        ("calm", "peaceful", 0.3), ("Fernweh", "", 0.9),
    ]  # fmt: skip
    assert check_in.feelings() == ()
    assert asked(qtbot, model, lambda j: j.drafts()) == []


def test_a_check_in_is_kept_while_it_is_made(
    qtbot: QtBot, check_in: CheckInPage, model: JournalModel
) -> None:
    check_in.wheel.toggle("warm")
    check_in.own_word.setText("own")
    check_in.add_own_word()
    type_text(check_in.words, "because")
    check_in.keep_draft()
    asked(qtbot, model, lambda j: j.drafts())
    again = CheckInPage(model)
    qtbot.addWidget(again)
    model.opened.emit()
    qtbot.waitUntil(lambda: again.words.text() == "because")
    assert again.feelings() == (Feeling("warm", 0.5), Feeling("own", 0.5))


def test_when_a_check_in_is_due(qtbot: QtBot, check_in: CheckInPage, model: JournalModel) -> None:
    def long_ago(journal: Journal) -> None:
        journal._clock = lambda: datetime.now(UTC) - timedelta(days=9)
        add_check_in(journal, [Feeling("calm", 0.5)])

    asked(qtbot, model, long_ago)
    with qtbot.waitSignal(check_in.state_changed) as told:
        check_in.refresh()
    assert told.args[0].due
    assert "9 days" in check_in.state.text()


def test_weeks_as_chart_and_table(qtbot: QtBot, model: JournalModel, tmp_path: Path) -> None:
    page = WeeksPage(model, sessions=tmp_path)
    qtbot.addWidget(page)
    opened(qtbot, model)
    page.show()
    page.read_sessions()
    qtbot.waitUntil(lambda: page.note.text() == texts.WEEKS_CAUTION)
    assert page.pages.currentWidget() is page.empty

    def fill(journal: Journal) -> None:
        add_check_in(journal, [Feeling("calm", 0.8), Feeling("own", 0.4)])
        ref = journal.session("/a", started_utc=datetime.now(UTC).isoformat(), duration_s=60.0)
        journal.note_attunement(ref.id, 0.62, 1.0, "")

    asked(qtbot, model, fill)
    page.refresh()
    qtbot.waitUntil(lambda: page.pages.currentWidget() is page.chart)
    assert "peaceful 80 %, own; attunement 0.62 in 1 sessions." in page.chart.accessibleDescription()
    page.set_theme(DARK)
    page.grab()
    click(page.switch)
    assert page.pages.currentWidget() is page.table
    cells = [page.table.item(0, column) for column in range(1, 5)]
    assert [cell.text() for cell in cells if cell is not None] == ["1", "peaceful 0.8, own", "1", "0.62"]


def test_weeks_without_a_session_are_drawn(qtbot: QtBot, model: JournalModel, tmp_path: Path) -> None:
    page = WeeksPage(model, sessions=tmp_path)
    qtbot.addWidget(page)
    opened(qtbot, model)
    page.show()
    asked(qtbot, model, lambda journal: add_check_in(journal, [Feeling("calm", 0.8)]))
    page.refresh()
    qtbot.waitUntil(lambda: page.pages.currentWidget() is page.chart)
    page.grab()


def test_every_widget_says_its_name(qtbot: QtBot, page: JournalPage, check_in: CheckInPage) -> None:
    check_in.wheel.toggle("calm")
    widgets: list[QWidget] = [
        page.search, page.kind, page.tag, page.session, page.list, page.view.editor, page.view.tags,
        page.view.save_button, page.view.cancel_button, page.view.delete_button, page.new_button,
        page.undo_button, page.redo_button, page.export_button, page.import_button, page.lock_button,
        check_in.own_word, check_in.own_add, check_in.words, check_in.save_button,
        check_in.rows.shown["calm"].slider, check_in.rows.shown["calm"].remove,
    ]  # fmt: skip
    for widget in widgets:
        assert widget.accessibleName(), widget
        assert widget.toolTip(), widget


def test_a_new_note_is_about_a_session_or_none(qtbot: QtBot, page: JournalPage, model: JournalModel) -> None:
    ref = asked(
        qtbot,
        model,
        lambda j: j.session("/r/session.mirrorsync", label="Ana + Ben", started_utc="2026-11-20T10:00"),
    )
    page.refresh()
    qtbot.waitUntil(lambda: page.view.about.findData(ref.id) == 1)
    assert page.view.about.itemText(1) == "Ana + Ben   2026-11-20"
    page.new_note()
    page.view.about.setCurrentIndex(1)
    page.view.about.activated.emit(1)
    type_text(page.view.editor, "We found a rhythm.")
    page.view.keep_draft()
    page.new_note()
    qtbot.waitUntil(lambda: page.view.editor.text() == "We found a rhythm.")
    assert page.view.about.currentData() == ref.id
    click(page.view.save_button)
    qtbot.waitUntil(lambda: page.list.count() == 1)
    [entry] = asked(qtbot, model, lambda j: j.entries())
    assert (entry.session, entry.start_s) == (ref.id, None)
    page.session.setCurrentIndex(page.session.findData(ref.id))
    page.new_note()
    assert page.view.about.currentData() == ref.id
