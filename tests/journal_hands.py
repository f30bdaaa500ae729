"""An open journal behind a model, for the tests of its widgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pytestqt.qtbot import QtBot

from mirrorsync.journal import Journal
from mirrorsync.ui.journal.model import JournalModel

T = TypeVar("T")


def asked(qtbot: QtBot, model: JournalModel, question: Callable[[Journal], T]) -> T:
    """Return the journal's answer, after everything that was asked before it."""
    answers: list[T] = []
    model.ask(question, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def opened(qtbot: QtBot, model: JournalModel, passphrase: str | None = None) -> JournalModel:
    """Open a model and wait for it."""
    with qtbot.waitSignal(model.opened):
        model.open(passphrase)
    return model


def fill_disk(journal: Journal) -> None:
    """Let the journal have no page more than it has, as on a full disk."""
    with journal.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")


def make_room(journal: Journal) -> None:
    """Let the journal grow again."""
    with journal.reading() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
