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
