"""Damage, a full disk, two programs, a newer journal, a read-only folder: a sentence, and nothing lost."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from made_journal import BEGIN, Clock, fill, made
from patience import patient_s

from mirrorsync.errors import DamagedJournalError, JournalBusyError, JournalError
from mirrorsync.journal import Journal, restore, schema
from mirrorsync.journal.backups import backups, rotate, taken_at
from mirrorsync.storage.sqlite import identity


def _with_backup(path: Path) -> Path:
    clock = Clock()
    made(path, clock=clock)
    Journal(path, clock=clock).close()
    assert len(backups(path)) == 1
    return path


def _overwrite(path: Path, start: int, length: int) -> None:
    with path.open("r+b") as stream:
        stream.seek(start)
        stream.write(b"\xa5" * length)


@pytest.mark.parametrize("start", [0, 100, 4096, 3 * 4096])
def test_a_damaged_journal_offers_its_backup_and_is_kept(tmp_path: Path, start: int) -> None:
    path = _with_backup(tmp_path / "journal.db")
    _overwrite(path, start, 3000)
    damaged = path.read_bytes()
    with pytest.raises(
        DamagedJournalError, match=r"is damaged; the backup of 2026-03-02 08:00 UTC is good"
    ) as told:
        Journal(path)
    assert not re.search(r"PRAGMA|SQL|tree|page|malformed|corrupt", str(told.value).partition(path.name)[2])
    assert told.value.backup == backups(path)[0]
    assert path.read_bytes() == damaged
    aside = restore(path, told.value.backup)
    assert aside is not None
    assert aside.read_bytes() == damaged
    with Journal(path) as journal:
        assert len(journal.entries()) == 5
        assert journal.search("crossed")


def test_a_bad_backup_is_not_offered(tmp_path: Path) -> None:
    clock = Clock()
    path = _with_backup(tmp_path / "journal.db")
    clock.forward(days=1)
    Journal(path, clock=clock).close()
    newest, older = backups(path)
    _overwrite(newest, 4096, 3000)
    _overwrite(path, 4096, 3000)
    with pytest.raises(DamagedJournalError) as told:
        Journal(path)
    assert told.value.backup == older
    _overwrite(older, 100, 3000)
    with pytest.raises(DamagedJournalError, match="no good backup") as told:
        Journal(path)
    assert told.value.backup is None


def test_no_backup_is_taken_of_a_damaged_journal(tmp_path: Path) -> None:
    path = _with_backup(tmp_path / "journal.db")
    before = [file.read_bytes() for file in backups(path)]
    _overwrite(path, 4096, 3000)
    with pytest.raises(DamagedJournalError):
        Journal(path)
    assert [file.read_bytes() for file in backups(path)] == before


def test_a_search_index_that_does_not_fit_is_made_anew(tmp_path: Path) -> None:
    path = made(tmp_path / "journal.db")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("DELETE FROM search_data WHERE id > 10")
        raw.execute("DELETE FROM search_content")
        raw.commit()
    with Journal(path) as journal:
        assert len(journal.search("crossed")) == 1
        assert len(journal.search("posture")) == 2


def test_a_backup_a_day_and_old_ones_thinned_out(tmp_path: Path) -> None:
    clock = Clock()
    path = made(tmp_path / "journal.db", clock=clock)
    for _ in range(60):
        clock.forward(days=1)
        Journal(path, clock=clock).close()
    kept = [taken for file in backups(path) if (taken := taken_at(file)) is not None]
    assert len(kept) == len(set(kept)) <= 7 + 8
    ages = [(clock.now - taken).days for taken in kept]
    assert ages[:7] == list(range(7))
    assert max(ages) >= 7 * 6
    assert {oct(file.stat().st_mode & 0o777) for file in backups(path)} == {"0o600"}
    rotate(path)
    assert len(backups(path)) == len(kept)


def test_a_backup_that_does_not_work_is_told_and_stops_nothing(tmp_path: Path) -> None:
    clock = Clock()
    path = made(tmp_path / "journal.db", clock=clock)
    (tmp_path / "journal-backups").write_text("in the way")
    with Journal(path, clock=clock) as journal:
        assert "backup" in journal.warning or "folder" in journal.warning
        journal.add("note", "goes on")
        assert len(journal.entries()) == 6


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    path = made(tmp_path / "journal.db")
    with Journal(path) as journal:
        note = journal.add("note", "before")
        with journal.reading() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(JournalError, match=r"disk is full, so this was not saved; .* is safe"):
            journal.add("note", "x" * 1_000_000)
        with pytest.raises(JournalError, match="disk is full"):
            journal.change(note.id, text="x" * 1_000_000)
        with pytest.raises(JournalError, match="disk is full"):
            journal.save_draft("new", "x" * 1_000_000)
        assert journal.next_undo() == "add note"
        assert journal.entry(note.id) == note
        with journal.reading() as connection:
            connection.execute("PRAGMA max_page_count = 1000000")
        journal.add("note", "x" * 1_000_000)
        assert len(journal.entries()) == 7


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
connection.close()
"""


def test_a_second_writer_waits_or_gets_a_sentence(tmp_path: Path) -> None:
    path = made(tmp_path / "journal.db")
    with Journal(path, busy_s=0.2) as hasty, Journal(path, busy_s=30.0) as patient:
        with subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            assert other.stdout is not None
            assert other.stdin is not None
            assert other.stdout.readline() == "held\n"
            with pytest.raises(JournalBusyError, match="Another program is using the journal"):
                hasty.add("note", "too soon")
            assert len(hasty.entries()) == 5, "reading goes on"
            other.stdin.write("\n")
            other.stdin.flush()
            patient.add("note", "waited")
        hasty.add("note", "again")
        assert len(hasty.entries()) == 7


def test_two_programs_write_side_by_side(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    code = (
        "import sys; from pathlib import Path; from mirrorsync.journal import Journal\n"
        "with Journal(Path(sys.argv[1]), busy_s=30) as j:\n"
        "    for k in range(40): j.add('note', f'{sys.argv[2]} {k}')\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(path), name]) for name in "ab"]
    assert [process.wait(timeout=patient_s(60)) for process in running] == [0, 0]
    with Journal(path) as journal:
        assert len(journal.entries()) == 80
        assert len(journal.search("a")) == len(journal.search("b")) == 40


def test_a_newer_journal_is_left_alone(tmp_path: Path) -> None:
    path = made(tmp_path / "journal.db")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {schema.schema_version() + 1}")
    before = path.read_bytes()
    with pytest.raises(JournalError, match="newer MirrorSync; update"):
        Journal(path)
    assert path.read_bytes() == before
    assert backups(path) == []


@pytest.mark.parametrize("content", [b"hello, this is a letter", b"SQLite format 3\0" + b"x" * 5000])
def test_what_is_no_journal_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(JournalError):
        Journal(path)
    assert path.read_bytes() == content


def test_another_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE t (x)")
        raw.commit()
    with pytest.raises(JournalError, match="is not a MirrorSync journal"):
        Journal(path)


READ_ONLY = """
import os, sys
from pathlib import Path
from mirrorsync.errors import JournalError
from mirrorsync.journal import Journal
if os.geteuid() == 0:
    os.setuid(65534)  # whom permissions bind
try:
    Journal(Path(sys.argv[1]))
except JournalError as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_that_is_read_only(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    path = made(folder / "journal.db")
    before = path.read_bytes()
    path.chmod(0o444)
    folder.chmod(0o555)
    for parent in folder.parents:
        if parent.owner() == folder.owner() and parent.is_relative_to(tempfile.gettempdir() + "/."):
            parent.chmod(parent.stat().st_mode | 0o055)
    try:
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=patient_s(60),
        )
    finally:
        folder.chmod(0o755)
    assert done.stderr == ""
    assert "allow writing to its folder" in done.stdout
    assert path.read_bytes() == before


def _more(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE sessions ADD COLUMN mood TEXT")


def _break_off(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE half (x INTEGER)")
    connection.execute("INSERT INTO no_such_table VALUES (1)")


def test_a_backup_comes_before_a_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "journal.db")
    old = schema.schema_version()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, _more))
    with Journal(path) as journal:
        assert len(journal.entries()) == 5
    [backup] = backups(path)
    assert backup.name.endswith(f"-before-v{old + 1}.db")
    with closing(sqlite3.connect(backup)) as raw:
        assert identity(raw)[1] == old


def test_a_migration_that_fails_leaves_the_journal_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "journal.db")
    with monkeypatch.context() as later:
        later.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, _break_off))
        with pytest.raises(JournalError, match="no_such_table"):
            Journal(path)
    with Journal(path) as journal:
        assert len(journal.entries()) == 5


def test_without_room_for_a_backup_nothing_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "journal.db")
    (tmp_path / "journal-backups").write_text("in the way")
    with monkeypatch.context() as later:
        later.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, _more))
        with pytest.raises(JournalError, match="folder"):
            Journal(path)
    with closing(sqlite3.connect(path)) as raw:
        assert identity(raw)[1] == schema.schema_version()


KILLED = """
import itertools, sys, time
from pathlib import Path
from mirrorsync.journal import Journal
journal = Journal(Path(sys.argv[1]))
for k in itertools.count():
    journal.save_draft("new", f"{k}")
    journal.add("note", f"note {k}")
    print(k, flush=True)
"""


def test_a_killed_program_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    path = made(tmp_path / "journal.db")
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        deadline = time.monotonic() + 60
        told = -1
        while told < 20 and time.monotonic() < deadline:
            told = int(other.stdout.readline())
        other.kill()
    with Journal(path) as journal:
        notes = {entry.text for entry in journal.entries(kinds=["note"])}
        [draft] = journal.drafts()
    assert {f"note {k}" for k in range(told + 1)} <= notes
    assert int(draft.text) >= told


def test_restoring_needs_no_journal_in_place(tmp_path: Path) -> None:
    path = _with_backup(tmp_path / "journal.db")
    [backup] = backups(path)
    path.unlink()
    assert restore(path, backup, now=datetime(2026, 5, 1, tzinfo=UTC)) is None
    with Journal(path) as journal:
        assert len(journal.entries()) == 5
        fill(journal)
    with pytest.raises(JournalError, match="could not be put in place"):
        restore(path, tmp_path / "nothing.db")
    assert restore(path, backup, now=BEGIN) == tmp_path / "journal-damaged-20260302T080000Z.db"
    assert restore(path, backup, now=BEGIN) == tmp_path / "journal-damaged-20260302T080000Z-2.db"
