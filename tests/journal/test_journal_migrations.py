"""A journal of every earlier version opens, with everything in it."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from mirrorsync.journal import Journal, schema
from mirrorsync.journal.backups import backups
from mirrorsync.storage.sqlite import identity

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
# Each zip holds the journal.db that `made_journal.fill`, a draft and a check-in gave in that version.
VERSIONS = range(1, schema.schema_version())


def test_no_earlier_version_is_forgotten() -> None:
    kept = {file.stem for file in GOLDEN.glob("journal_v*.zip")}
    assert kept == {f"journal_v{version}" for version in VERSIONS}


def _layout(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as raw:
        tables = [
            name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
        ]
        return [(t, *(str(c) for c in raw.execute(f"PRAGMA table_info({t})"))) for t in tables]


@pytest.mark.parametrize("version", VERSIONS)
def test_an_earlier_journal_opens_with_everything_in_it(tmp_path: Path, version: int) -> None:
    with zipfile.ZipFile(GOLDEN / f"journal_v{version}.zip") as archive:
        archive.extract("journal.db", tmp_path)
    path = tmp_path / "journal.db"
    with Journal(path) as journal:
        assert len(journal.entries()) == 6
        [session] = journal.sessions()
        assert (session.label, session.sha256) == ("Role play 1", "ab" * 32)
        assert [e.start_s for e in journal.entries(session=session.id)] == [12.5, 30.0, 40.0, 70.0]
        assert journal.excluded(session.id) == [(40.0, 55.0)]
        assert [hit.entry.text for hit in journal.search("crossed posture")] == ["She crossed her arms"]
        assert [draft.text for draft in journal.drafts()] == ["half a sent"]
        assert journal.tags() == [("Ideas", 1), ("posture", 2)]
        journal.add("note", "and it goes on")
        journal.note_attunement(session.id, 0.6, 0.9, "now")
    [backup] = backups(path)
    assert backup.name.endswith(f"-before-v{schema.schema_version()}.db")
    with closing(sqlite3.connect(backup)) as raw:
        assert identity(raw) == (schema.APPLICATION_ID, version)
    with Journal(tmp_path / "fresh.db"):
        pass
    assert _layout(path) == _layout(tmp_path / "fresh.db"), "old and new end up with the same tables"
