"""Own answers: in the journal at once, and on the screen as long as the journal cannot take them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import click
from PyQt6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from scripted_controller import ScriptedController, factory, snapshot

from mirrorsync.errors import JournalError
from mirrorsync.journal import Journal
from mirrorsync.journal.passphrase import set_passphrase
from mirrorsync.practice.texts import say
from mirrorsync.settings import Settings
from mirrorsync.ui.live.main_window import MainWindow
from mirrorsync.ui.practice.own_words import OwnAnswer, OwnWords
from mirrorsync.ui.practice.words_card import WordsCard

CALM = OwnAnswer("mutual_gaze", "gaze.reflect", "Calm.\nThen shy.")
_DAMAGE = b"SQLite format 3\0" + b"these are not the bytes of a database " * 200


@pytest.fixture
def words(qtbot: QtBot, tmp_path: Path) -> Iterator[OwnWords]:
    made = OwnWords(tmp_path / "journal.db")
    yield made
    made.finish()


@pytest.fixture
def card(qtbot: QtBot, words: OwnWords) -> WordsCard:
    made = WordsCard(words)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    controller = ScriptedController(snapshot(k) for k in range(100_000))
    made = MainWindow(
        "", "", Settings(), factory(controller), recordings=tmp_path, journal=tmp_path / "journal.db"
    )
    qtbot.addWidget(made)
    qtbot.addWidget(made.compact)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.practice_journal.words.give_up()
    made.close()
    qtbot.waitUntil(lambda: made.bridge.state == "idle")


def _texts(path: Path, passphrase: str | None = None) -> list[str]:
    with Journal(path, passphrase=passphrase) as journal:
        return [one.text for one in journal.entries()]


def test_words_are_written_at_once(qtbot: QtBot, words: OwnWords, card: WordsCard, tmp_path: Path) -> None:
    with qtbot.waitSignal(words.changed):
        words.write(CALM)
    assert words.waiting == ()
    assert card.isHidden()
    assert _texts(tmp_path / "journal.db") == [CALM.text]


def test_a_damaged_journal_leaves_them_on_the_screen(
    qtbot: QtBot, words: OwnWords, card: WordsCard, tmp_path: Path
) -> None:
    (tmp_path / "journal.db").write_bytes(_DAMAGE)
    words.write(CALM)
    assert not words.finish()
    assert not card.isHidden()
    assert card.text.toPlainText() == CALM.text
    assert "damaged" in card.why.text()
    click(card.copy)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == CALM.text
    (tmp_path / "journal.db").unlink()
    with qtbot.waitSignal(words.changed):
        click(card.again)
    assert card.isHidden()
    assert _texts(tmp_path / "journal.db") == [CALM.text]


def test_a_full_disk_leaves_them_on_the_screen_and_writes_none_twice(
    words: OwnWords, card: WordsCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = Journal.add
    taken: list[str] = []

    def full_after_one(journal: Journal, kind: str, text: str = "", **more: object) -> object:
        if taken:
            raise JournalError("The disk is full.")
        taken.append(text)
        return add(journal, kind, text, **more)  # type: ignore[arg-type]  # handed on as they came

    (tmp_path / "journal.db").write_bytes(_DAMAGE)
    words.write(CALM)
    words.finish()
    words.write(OwnAnswer("mutual_gaze", "gaze.reflect", "Warm."))
    words.finish()
    (tmp_path / "journal.db").unlink()
    monkeypatch.setattr(Journal, "add", full_after_one)
    words.try_again()
    assert not words.finish()
    assert (card.text.toPlainText(), card.why.text()) == ("Warm.", "The disk is full.")
    monkeypatch.undo()
    words.try_again()
    assert words.finish()
    assert sorted(_texts(tmp_path / "journal.db")) == [CALM.text, "Warm."]


def test_they_are_given_up_by_hand_only(words: OwnWords, card: WordsCard, tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(_DAMAGE)
    words.write(CALM)
    words.finish()
    click(card.leave)
    assert words.waiting == ()
    assert card.isHidden()


def test_the_window_stays_while_words_cannot_be_kept(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "journal.db").write_bytes(_DAMAGE)
    window.toggle_running()
    window.practice_journal.words.write(CALM)
    window.close()
    qtbot.waitUntil(lambda: window.status_bar.sentence == say("words.leave_first"))
    assert window.isVisible()
    assert window.bridge.state == "idle"
    panel = window.practice.desk.panel
    card = panel.findChild(WordsCard)
    assert card is not None
    assert card.isVisible()
    window.practice.close()
    window.close()
    assert card.isVisible(), "put away, it comes back when it matters"
    click(card.leave)
    window.close()
    assert not window.isVisible()


def test_a_locked_journal_gets_them_when_it_is_opened(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    pytest.importorskip("sqlcipher3")
    with Journal(tmp_path / "journal.db"):
        pass
    set_passphrase(tmp_path / "journal.db", None, "open please")
    words = window.practice_journal.words
    words.write(CALM)
    assert not words.finish()
    assert words.trouble == say("words.locked")
    window.look_back.show_journal()
    journal = window.look_back.journal
    assert journal is not None
    journal.model.open("open please")
    qtbot.waitUntil(lambda: words.waiting == ())
    journal.close()
    assert _texts(tmp_path / "journal.db", "open please") == [CALM.text]


def test_a_journal_that_is_open_shows_them(qtbot: QtBot, window: MainWindow) -> None:
    window.look_back.show_journal()
    journal = window.look_back.journal
    assert journal is not None
    qtbot.waitUntil(lambda: journal.model.is_open)
    window.practice_journal.words.write(CALM)
    assert window.practice_journal.finish()
    qtbot.waitUntil(lambda: [one.kind for one in journal.entries.list.entries()] == ["reflection"])
    journal.close()
