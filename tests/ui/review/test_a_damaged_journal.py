"""A damaged journal behind the review window: said in words, with its backup one press away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hands import click
from journal_hands import asked
from made_reviews import REVIEW_SETTINGS
from made_sessions import snapshots, store
from pytestqt.qtbot import QtBot

from mirrorsync.errors import DamagedJournalError
from mirrorsync.journal import Journal
from mirrorsync.journal.backups import backups
from mirrorsync.ui.journal.damage_dialog import DamageDialog
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.window import ReviewWindow

TIMEOUT = 20_000


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    for _ in range(2):  # the second opening takes the backup
        with Journal(path) as opened:
            opened.add("note", "kept")
    assert backups(path)
    return path


def damage(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * 9000)


@pytest.fixture
def make(journal: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[[], ReviewWindow]]:
    made: list[ReviewWindow] = []

    def open_it() -> ReviewWindow:
        window = ReviewWindow(REVIEW_SETTINGS, JournalModel(journal), folder=tmp_path)
        qtbot.addWidget(window, before_close_func=lambda w: w.close())
        window.show()
        made.append(window)
        return window

    yield open_it
    for window in made:
        window.close()


def offer(window: ReviewWindow, qtbot: QtBot) -> DamageDialog:
    qtbot.waitUntil(lambda: isinstance(window.door.dialog, DamageDialog), timeout=TIMEOUT)
    dialog = window.door.dialog
    assert isinstance(dialog, DamageDialog)
    return dialog


def status(window: ReviewWindow) -> str:
    bar = window.statusBar()
    assert bar is not None
    return bar.currentMessage()


def test_the_backup_is_offered_and_brought_back(
    journal: Path, make: Callable[[], ReviewWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    damage(journal)
    window = make()
    dialog = offer(window, qtbot)
    assert "backup of" in dialog.sentence.text()
    assert dialog.restore_button.isVisible()
    window.open_session(store(tmp_path / "s.mirrorsync", snapshots(10)))
    click(dialog.restore_button)
    qtbot.waitUntil(lambda: window.journal.is_open, timeout=TIMEOUT)
    assert [entry.text for entry in asked(qtbot, window.journal, lambda j: j.entries())] == ["kept"]
    workspace = window.workspace
    assert workspace is not None
    qtbot.waitUntil(lambda: workspace.marks.session is not None, timeout=TIMEOUT)
    assert "damaged file is kept" in status(window)
    assert window.door.dialog is None
    assert list(tmp_path.glob("journal-damaged-*.db"))


def test_given_up_it_says_where_the_offer_is(
    journal: Path, make: Callable[[], ReviewWindow], qtbot: QtBot
) -> None:
    damage(journal)
    window = make()
    click(offer(window, qtbot).close_button)
    assert status(window) == texts.JOURNAL_DAMAGED
    window.door.show_journal()
    shown = window.door.window
    assert shown is not None
    qtbot.waitUntil(lambda: isinstance(shown._dialog, DamageDialog), timeout=TIMEOUT)
    assert window.door.dialog is None  # one offer is enough


def test_damage_that_is_met_while_it_is_open_is_offered_too(
    journal: Path, make: Callable[[], ReviewWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = make()
    qtbot.waitUntil(lambda: window.journal.is_open, timeout=TIMEOUT)
    asked(qtbot, window.journal, lambda opened: opened.drafts())
    damage(journal)

    def look(_: Journal) -> None:
        raise DamagedJournalError("The journal is damaged.")  # as a statement does that meets the place

    window.journal.ask(look)
    click(offer(window, qtbot).restore_button)
    qtbot.waitUntil(lambda: window.journal.is_open, timeout=TIMEOUT)
    assert [entry.text for entry in asked(qtbot, window.journal, lambda j: j.entries())] == ["kept"]


def test_a_backup_that_cannot_be_put_in_place_is_offered_again(
    journal: Path, make: Callable[[], ReviewWindow], qtbot: QtBot
) -> None:
    damage(journal)
    window = make()
    dialog = offer(window, qtbot)
    for backup in backups(journal):
        backup.rename(backup.with_suffix(".away"))
    click(dialog.restore_button)
    qtbot.waitUntil(lambda: "could not be put in place" in dialog.sentence.text(), timeout=TIMEOUT)
    for backup in journal.parent.glob("journal-backups/*.away"):
        backup.rename(backup.with_suffix(".db"))
    click(dialog.restore_button)
    qtbot.waitUntil(lambda: window.journal.is_open, timeout=TIMEOUT)
