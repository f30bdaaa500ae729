"""A journal under a passphrase: nothing readable on the disk, and never without a way to go on."""

from __future__ import annotations

import builtins
import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from made_journal import Clock, fill, made
from patience import patient_s

from mirrorsync.errors import DamagedJournalError, JournalBusyError, JournalError, PassphraseError
from mirrorsync.journal import Journal, set_passphrase
from mirrorsync.journal.backups import backups

pytest.importorskip("sqlcipher3", reason="the extra 'passphrase' is not installed")

WORDS = "correct horse ' battery; --"
SECRET = b"crossed her arms"


def _texts(path: Path, passphrase: str | None) -> list[str]:
    with Journal(path, passphrase=passphrase) as journal:
        assert journal.encrypted is (passphrase is not None)
        assert journal.warning == ""
        assert journal.search("crossed")
        return sorted(entry.text for entry in journal.entries())


def _readable(folder: Path) -> list[str]:
    """Names of all files in which the secret can be read."""
    return [file.name for file in folder.rglob("*") if file.is_file() and SECRET in file.read_bytes()]


def test_set_change_and_take_away(tmp_path: Path) -> None:
    path = made(tmp_path / "journal.db")
    texts = _texts(path, None)
    assert _readable(tmp_path), "readable before"
    set_passphrase(path, None, WORDS)
    assert _readable(tmp_path) == []
    assert [taken.name.split("-")[1] for taken in backups(path)] == ["rekeyed.db"]
    assert _texts(path, WORDS) == texts
    set_passphrase(path, WORDS, "other words")
    with pytest.raises(PassphraseError, match="does not open"):
        Journal(path, passphrase=WORDS)
    assert _texts(path, "other words") == texts
    assert _readable(tmp_path) == []
    set_passphrase(path, "other words", None)
    assert _texts(path, None) == texts
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["journal-backups", "journal.db"]


def test_while_it_is_written_nothing_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with Journal(path, passphrase=WORDS) as journal:
        fill(journal)
        journal.save_draft("new", "crossed her arms")
        assert {file.name for file in tmp_path.iterdir()} >= {"journal.db", "journal.db-wal"}
        assert _readable(tmp_path) == []


@pytest.mark.parametrize("wrong", ["Correct horse ' battery; --", "x", WORDS + " ", "\x00", "密码"])
def test_a_wrong_passphrase_is_told_and_costs_nothing(tmp_path: Path, wrong: str) -> None:
    path = made(tmp_path / "journal.db", passphrase=WORDS)
    before = path.read_bytes()
    with pytest.raises(PassphraseError, match="does not open the journal") as told:
        Journal(path, passphrase=wrong)
    assert wrong not in str(told.value) or wrong == "x"
    with pytest.raises(PassphraseError):
        set_passphrase(path, wrong, "new")
    with pytest.raises(PassphraseError, match="needs its passphrase"):
        Journal(path)
    assert path.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["journal.db"]


def test_a_passphrase_where_none_is_needed(tmp_path: Path) -> None:
    path = made(tmp_path / "journal.db")
    with pytest.raises(PassphraseError, match="has no passphrase"):
        Journal(path, passphrase=WORDS)
    with pytest.raises(PassphraseError, match="cannot be empty"):
        Journal(path, passphrase="")
    with pytest.raises(JournalError, match="no journal at"):
        set_passphrase(tmp_path / "none.db", None, WORDS)


def test_letters_with_accents_open_however_they_are_typed(tmp_path: Path) -> None:
    path = made(tmp_path / "journal.db", passphrase="caf\u00e9")
    with Journal(path, passphrase="cafe\u0301") as journal:
        assert len(journal.entries()) == 5


def test_backups_are_encrypted_too(tmp_path: Path) -> None:
    clock = Clock()
    path = made(tmp_path / "journal.db", passphrase=WORDS, clock=clock)
    clock.forward(days=1)
    with Journal(path, passphrase=WORDS, clock=clock):
        assert len(backups(path)) == 1
    assert _readable(tmp_path) == []


def test_a_damaged_beginning_is_not_taken_for_a_wrong_passphrase(tmp_path: Path) -> None:
    clock = Clock()
    path = made(tmp_path / "journal.db", passphrase=WORDS, clock=clock)
    Journal(path, passphrase=WORDS, clock=clock).close()  # takes the backup
    path.write_bytes(b"\xff" * 64 + path.read_bytes()[64:])
    with pytest.raises(DamagedJournalError, match="damaged") as told:
        Journal(path, passphrase=WORDS)
    assert told.value.backup == backups(path)[0]
    with pytest.raises(PassphraseError):
        Journal(path, passphrase="wrong")


def test_not_while_it_is_open_here(tmp_path: Path) -> None:
    path = made(tmp_path / "journal.db")
    with Journal(path) as journal:
        with pytest.raises(JournalBusyError, match="Another program"):
            set_passphrase(path, None, WORDS, busy_s=0.1)
        journal.add("note", "still works")
    assert len(_texts(path, None)) == 6
    assert not list(tmp_path.glob("*.partial"))


HOLD = """
import sys
from pathlib import Path
from mirrorsync.journal import Journal
with Journal(Path(sys.argv[1]), passphrase=sys.argv[2] or None) as journal:
    print(len(journal.entries()), flush=True)
    sys.stdin.readline()
    journal.add("note", "still works")
"""


@pytest.mark.parametrize("old", [None, WORDS])
def test_not_while_another_program_has_it_open(tmp_path: Path, old: str | None) -> None:
    path = made(tmp_path / "journal.db", passphrase=old)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), old or ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "5\n"
        with pytest.raises(JournalBusyError, match="Another program"):
            set_passphrase(path, old, "new words", busy_s=0.1)
        other.communicate("\n", timeout=patient_s(30))
    assert other.returncode == 0
    assert len(_texts(path, old)) == 6


def test_a_journal_that_was_replaced_takes_no_more(tmp_path: Path) -> None:
    path = made(tmp_path / "journal.db")
    with Journal(path) as journal:
        path.rename(tmp_path / "moved.db")
        made(path)
        with pytest.raises(JournalError, match="replaced by another program"):
            journal.add("note", "would be lost")


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, sealed = made(tmp_path / "plain.db"), made(tmp_path / "sealed.db", passphrase=WORDS)
    real_import = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "sqlcipher3":
            raise ImportError(name)
        return real_import(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PassphraseError, match=r"mirrorsync\[passphrase\]"):
        set_passphrase(plain, None, WORDS)
    with pytest.raises(PassphraseError, match=r"mirrorsync\[passphrase\]"):
        Journal(sealed, passphrase=WORDS)
    with Journal(plain) as journal:
        assert journal.search("crossed"), "all else works without it"


def test_the_passphrase_is_never_written_anywhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    path = made(tmp_path / "journal.db")
    with caplog.at_level(logging.DEBUG):
        set_passphrase(path, None, WORDS)
        with pytest.raises(PassphraseError):
            Journal(path, passphrase="wrong-words")
        Journal(path, passphrase=WORDS).close()
    out, err = capfd.readouterr()
    assert out + err == ""
    assert caplog.text == ""
    for file in tmp_path.rglob("*.db"):
        assert WORDS.encode() not in file.read_bytes()
