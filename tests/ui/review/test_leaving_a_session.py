"""What leaves a session: a report with what is ticked and nothing else, an export, and the journal's door."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from made_reviews import REVIEW_SETTINGS, make_review
from pytestqt.qtbot import QtBot

from mirrorsync.errors import UsageError
from mirrorsync.export.formats import Format
from mirrorsync.journal import Journal
from mirrorsync.journal.cipher import available
from mirrorsync.report.making import STEPS, WORDLESS
from mirrorsync.report.request import fulfil
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.export_dialog import ExportDialog
from mirrorsync.ui.review.report_dialog import ReportDialog
from mirrorsync.ui.review.window import ReviewWindow

TIMEOUT = 40_000


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_review(tmp_path_factory.mktemp("sessions"))


@pytest.fixture
def opened(session: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[[], ReviewWindow]]:
    made: list[ReviewWindow] = []

    def open_it() -> ReviewWindow:
        window = ReviewWindow(REVIEW_SETTINGS, JournalModel(tmp_path / "journal.db"), folder=session.parent)
        qtbot.addWidget(window, before_close_func=lambda w: w.close())
        window.show()
        made.append(window)
        return window

    yield open_it
    for window in made:
        window.close()


@pytest.fixture
def window(opened: Callable[[], ReviewWindow], session: Path, tmp_path: Path, qtbot: QtBot) -> ReviewWindow:
    """A session with a note, a bookmark without words, and a note about the whole."""
    with Journal(tmp_path / "journal.db") as journal:
        ref = journal.session(session).id
        journal.add("note", "Secret: I was <b>bored</b>.", session=ref, start_s=1.0)
        journal.add("note", "We leaned <i>forward</i>.", session=ref, start_s=2.0)
        journal.add("bookmark", session=ref, start_s=3.0)
        journal.add("exclusion", session=ref, start_s=4.0, end_s=4.5)
    window = opened()
    window.open_session(session)
    workspace = window.workspace
    assert workspace is not None
    qtbot.waitUntil(lambda: workspace.marks.excluded == [(4.0, 4.5)], timeout=TIMEOUT)
    return window


def report_dialog(window: ReviewWindow, qtbot: QtBot) -> ReportDialog:
    assert window.workspace is not None
    window.sharing.report(window.workspace)
    qtbot.waitUntil(lambda: window.sharing.dialog is not None, timeout=TIMEOUT)
    dialog = window.sharing.dialog
    assert isinstance(dialog, ReportDialog)
    return dialog


def test_a_report_has_what_is_ticked_and_nothing_else(
    window: ReviewWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = report_dialog(window, qtbot)
    assert len(dialog.boxes) == 3
    assert dialog.ticked == []
    assert not dialog.pictures.isChecked()
    for box in dialog.boxes:
        if "leaned" in box.accessibleName() or texts.KINDS["bookmark"][0] in box.accessibleName():
            box.setChecked(True)
    dialog.save_to(tmp_path / "page")
    assert dialog.working
    assert not dialog.save_button.isEnabled()
    qtbot.waitUntil(lambda: not dialog.working, timeout=TIMEOUT)
    path = tmp_path / "page.html"
    assert dialog.status.text() == texts.REPORT_DONE.format(path=path)
    page = path.read_text("utf-8")
    assert "We leaned &lt;i&gt;forward&lt;/i&gt;." in page
    assert WORDLESS in page
    assert "Secret" not in page
    assert "data:image/jpeg" not in page
    assert path.stat().st_mode & 0o077 == 0


def test_pictures_are_those_of_the_ticked_moments(window: ReviewWindow, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = report_dialog(window, qtbot)
    dialog.boxes[0].setChecked(True)
    assert dialog.warning.objectName() == "soft"
    dialog.pictures.setChecked(True)
    assert dialog.warning.objectName() == "warning"
    dialog.save_to(tmp_path / "page.html")
    qtbot.waitUntil(lambda: not dialog.working, timeout=TIMEOUT)
    assert (tmp_path / "page.html").read_text("utf-8").count("data:image/jpeg") == 2


def test_a_report_that_cannot_be_written_says_so_and_can_be_tried_again(
    window: ReviewWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "taken").write_text("a file")
    dialog = report_dialog(window, qtbot)
    dialog.save_to(tmp_path / "taken" / "page.html")
    qtbot.waitUntil(lambda: not dialog.working, timeout=TIMEOUT)
    assert "cannot be written" in dialog.status.text()
    assert dialog.save_button.isEnabled()
    dialog.reject()
    qtbot.waitUntil(lambda: window.sharing.dialog is None, timeout=TIMEOUT)


def test_every_ticked_format_gets_a_folder(
    window: ReviewWindow, session: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    assert window.workspace is not None
    window.sharing.export(window.workspace)
    dialog = window.sharing.dialog
    assert isinstance(dialog, ExportDialog)
    assert [name for name, box in dialog.boxes.items() if box.isChecked()] == [Format.CSV]
    assert set(dialog.boxes) == set(Format)
    dialog.boxes[Format.CSV].setChecked(False)
    assert not dialog.save_button.isEnabled()
    for name in (Format.ELAN, Format.TEXTGRID):
        dialog.boxes[name].setChecked(True)
    dialog.save_to(tmp_path)
    qtbot.waitUntil(lambda: not dialog.working, timeout=TIMEOUT)
    out = tmp_path / session.stem
    assert {path.name for path in out.iterdir()} == {"elan", "textgrid"}
    assert [path.suffix for path in (out / "elan").iterdir()] == [".eaf"]


def test_excluded_ranges_leave_what_is_exported(
    window: ReviewWindow, session: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    workspace = window.workspace
    assert workspace is not None
    qtbot.waitUntil(lambda: workspace.marks.excluded == [(4.0, 4.5)], timeout=TIMEOUT)
    window.sharing.export(workspace)
    dialog = window.sharing.dialog
    assert isinstance(dialog, ExportDialog)
    dialog.save_to(tmp_path)
    qtbot.waitUntil(lambda: not dialog.working, timeout=TIMEOUT)
    summary = json.loads((tmp_path / session.stem / "csv" / "summary.json").read_text("utf-8"))
    assert summary["parameters"]["exclude"] == "4.000-4.500"


@pytest.mark.skipif(not available(), reason="encryption is not installed")
def test_a_locked_journal_is_opened_in_the_review_and_shared_with_its_window(
    opened: Callable[[], ReviewWindow], session: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    Journal(tmp_path / "journal.db", passphrase="mint tea").close()
    window = opened()
    door = window.door
    qtbot.waitUntil(lambda: door.dialog is not None, timeout=TIMEOUT)
    asking = door.dialog
    assert asking is not None
    asking.reject()
    bar = window.statusBar()
    assert bar is not None
    assert bar.currentMessage() == texts.JOURNAL_LOCKED
    window.open_session(session)
    assert window.workspace is not None
    door.show_journal()  # asks once more, in its own window
    assert door.window is not None
    qtbot.waitUntil(lambda: door.window is not None and door.window._dialog is not None, timeout=TIMEOUT)
    assert door.dialog is None
    window.journal.open("mint tea")
    marks = window.workspace.marks
    qtbot.waitUntil(lambda: marks.session is not None, timeout=TIMEOUT)
    door.show_check_in()
    assert door.window.tabs.currentWidget() is door.window.check_in
    door.window.close()
    qtbot.waitUntil(lambda: door.window is None, timeout=TIMEOUT)
    assert window.journal.is_open
    marks.bookmark(1.0)
    qtbot.waitUntil(lambda: len(marks.bookmarks) == 1, timeout=TIMEOUT)


def test_what_leads_out_of_a_session_is_there_only_in_one(window: ReviewWindow) -> None:
    shown = [one.isVisible() for one in window._session_buttons]
    window.to_start()
    hidden = [one.isVisible() for one in window._session_buttons]
    assert (shown, hidden) == ([True, True], [False, False])


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The words of every process that is started."""
    words: list[list[str]] = []
    popen = subprocess.Popen

    def listened(asked: list[str], **how: Any) -> Any:
        process = popen(asked, **how)
        words.append(asked)
        return process

    monkeypatch.setattr(subprocess, "Popen", listened)
    return words


def test_a_report_is_made_in_a_process_of_its_own_that_tells_how_far_it_is(
    window: ReviewWindow, tmp_path: Path, qtbot: QtBot, started: list[list[str]]
) -> None:
    dialog = report_dialog(window, qtbot)
    told: list[tuple[str, int]] = []
    dialog._told.connect(lambda sentence, done: told.append((dialog.status.text(), dialog.bar.value())))
    dialog.save_to(tmp_path / "page.html")
    assert dialog.bar.isVisible()
    qtbot.waitUntil(lambda: not dialog.working, timeout=TIMEOUT)
    assert (tmp_path / "page.html").is_file()
    assert [words[1:] for words in started] == [["-m", "mirrorsync", "report-worker"]]
    assert [sentence for sentence, _ in told] == [texts.REPORT_WORKING, *texts.REPORT_STEPS.values()]
    assert set(texts.REPORT_STEPS) == set(STEPS)
    assert [value for _, value in told] == [0, 200, 400, 600, 800]
    assert dialog.bar.isHidden()


def test_a_report_can_be_stopped_and_begun_again(
    window: ReviewWindow, tmp_path: Path, qtbot: QtBot, started: list[list[str]]
) -> None:
    dialog = report_dialog(window, qtbot)
    closed: list[int] = []
    dialog.finished.connect(closed.append)
    said: list[str] = []
    dialog._ended.connect(lambda sentence, _: said.append(sentence))
    for leave in (dialog.close_button.click, dialog.reject):
        (tmp_path / "page.html").write_text("an older report")
        dialog.save_to(tmp_path / "page.html")
        assert dialog.close_button.text() == texts.SAVE_STOP[0]
        qtbot.waitUntil(lambda: bool(started), timeout=TIMEOUT)
        started.clear()
        assert not closed
        leave()
        assert dialog.working
        qtbot.waitUntil(lambda: bool(said), timeout=TIMEOUT)
        assert said == [texts.REPORT_STOPPED]
        said.clear()
        assert [path.name for path in tmp_path.glob("*.html")] == ["page.html"]
        assert (tmp_path / "page.html").read_text() == "an older report"
    assert closed  # the second was stopped by leaving


def test_an_export_can_be_stopped_between_two_formats(
    window: ReviewWindow, session: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    assert window.workspace is not None
    window.sharing.export(window.workspace)
    dialog = window.sharing.dialog
    assert isinstance(dialog, ExportDialog)
    for name in (Format.CSV, Format.ELAN):
        dialog.boxes[name].setChecked(True)
    dialog.save_to(tmp_path)
    dialog.close_button.click()
    qtbot.waitUntil(lambda: not dialog.working, timeout=TIMEOUT)
    assert dialog.status.text() == texts.EXPORT_STOPPED
    assert not (tmp_path / session.stem / "elan").exists()
    assert dialog.close_button.text() == texts.SAVE_CANCEL[0]


def test_a_request_that_is_none_is_refused() -> None:
    for text in ("", "{}", "[]", '{"session": 1}'):
        with pytest.raises(UsageError, match="no request"):
            fulfil(text)
