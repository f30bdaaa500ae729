"""Everything goes out and comes back unchanged, twice without doubles, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_journal import Clock, fill

from mirrorsync.errors import ExportError, JournalError
from mirrorsync.journal import Entry, Imported, Journal, export_journal, import_journal
from mirrorsync.journal.exchange_tables import harmless

HARD = [
    "<b onclick='alert(1)'>&amp;</b><script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "+1", "-1", "@SUM(A1)", "\t=1+1", '"=1+1', "a;=cmd()", "line\r\n=cmd()\r\n",
    "😀👩‍👩‍👧 🇩🇪", "שלום \u202eabc\u202c עולם", "\u00a0\u2028\u2029\x00\x1b[31m", "'", "", "x" * 100_000,
]  # fmt: skip


def _opened(path: Path) -> Journal:
    return Journal(path, clock=Clock())


def _rows(archive: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(archive) as opened:
        return list(csv.DictReader(io.StringIO(opened.read(name).decode("utf-8"), newline="")))


def test_everything_comes_back(tmp_path: Path) -> None:
    out = tmp_path / "all.zip"
    with _opened(tmp_path / "a.db") as journal, _opened(tmp_path / "b.db") as other:
        fill(journal)
        journal.save_draft("new", "half a sent")
        assert export_journal(journal, out) == 5
        assert import_journal(other, out) == Imported(added=5)
        assert other.entries() == journal.entries()
        assert other.sessions() == journal.sessions()
        assert other.drafts() == journal.drafts()
        assert len(other.search("crossed")) == 1
        assert import_journal(other, out) == Imported(same=5)
        assert other.undo() == "import"
        assert other.entries() == []
        assert other.redo() == "import"
        assert len(other.entries()) == 5


def test_the_newer_of_two_versions_stays(tmp_path: Path) -> None:
    clock = Clock()
    out = tmp_path / "all.zip"
    with Journal(tmp_path / "a.db", clock=clock) as journal:
        note = journal.add("note", "old")
        gone = journal.add("note", "deleted later")
        export_journal(journal, out)
        clock.forward(hours=1)
        journal.change(note.id, text="new")
        journal.delete(gone.id)
        assert import_journal(journal, out) == Imported(added=1, kept=1)
        assert sorted(e.text for e in journal.entries()) == ["deleted later", "new"]
        export_journal(journal, out)
    with Journal(tmp_path / "b.db", clock=clock) as other:
        import_journal(other, out)
        clock.forward(hours=1)
        other.change(note.id, text="newest, elsewhere")
        export_journal(other, out)
    with Journal(tmp_path / "a.db", clock=clock) as journal:
        assert import_journal(journal, out) == Imported(changed=1, same=1)
        assert journal.search("elsewhere")
        journal.undo()
        assert not journal.search("elsewhere"), "undo brings the replaced one back"


def test_a_session_known_by_its_fingerprint_is_not_doubled(tmp_path: Path) -> None:
    out = tmp_path / "all.zip"
    with _opened(tmp_path / "a.db") as journal, _opened(tmp_path / "b.db") as other:
        fill(journal)
        ours = other.session("/elsewhere/x.mirrorsync", sha256="ab" * 32)
        export_journal(journal, out)
        import_journal(other, out)
        [ref] = other.sessions()
        assert (ref.id, ref.path, ref.label) == (ours.id, "/elsewhere/x.mirrorsync", "Role play 1")
        assert len(other.entries(session=ours.id)) == 4
        assert import_journal(other, out) == Imported(same=5)


@pytest.mark.parametrize("text", HARD, ids=range(len(HARD)))
def test_hard_texts_come_back_unchanged(tmp_path: Path, text: str) -> None:
    with _opened(tmp_path / "a.db") as journal, _opened(tmp_path / "b.db") as other:
        entry = journal.add("note", text, tags=[text[:50]], data={"question": text})
        assert journal.entry(entry.id) == entry
        assert entry.text == text
        export_journal(journal, tmp_path / "all.zip")
        import_journal(other, tmp_path / "all.zip")
        assert other.entry(entry.id) == entry
    [row] = _rows(tmp_path / "all.zip", "entries.csv")
    assert row["text"].replace("'", "") == text.replace("'", "")
    assert json.loads(row["data"].removeprefix("'"))["question"].replace("'", "") == text.replace("'", "")


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_comes_back_unchanged(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    out = tmp_path_factory.getbasetemp() / "any.zip"
    with Journal(tmp_path_factory.getbasetemp() / "any.db") as journal:
        entry = journal.add("note", text)
        export_journal(journal, out)
        journal.delete(entry.id)
        import_journal(journal, out)
        back = journal.entry(entry.id)
        assert back is not None
        assert back.text == text
        journal.delete(entry.id)


FORMULA_MARKS = "=+-@\uff1d\uff0b\uff0d\uff20"


@given(text=st.text(alphabet=st.sampled_from("=+-@;,|\t\r\n \"'a1\u00a0＝"), max_size=30))
def test_no_cell_is_a_formula_whatever_the_separator(text: str) -> None:
    safe = harmless(text)
    for separator in (None, ";", "\t", "|", "\n", "\r"):
        for cell in [safe] if separator is None else safe.split(separator):
            bare = cell.strip(' "\u00a0\t\r\n')
            assert bare[:1] not in FORMULA_MARKS or bare == "", (text, safe)
    assert re.sub("'", "", safe) == re.sub("'", "", text)


def test_many_separators_take_no_longer_than_any_text() -> None:
    assert harmless("\n" * 100_000 + "=") == "\n" * 100_000 + "'="
    assert harmless("; " * 100_000) == "; " * 100_000


def test_tables_say_what_the_journal_says(tmp_path: Path) -> None:
    out = tmp_path / "all.zip"
    with _opened(tmp_path / "a.db") as journal:
        fill(journal)
        choices = [{"word": "calm", "core": "peaceful", "intensity": 0.5}]
        journal.add("check_in", "a long week", data={"choices": choices})
        export_journal(journal, out)
    rows = _rows(out, "entries.csv")
    assert {row["kind"] for row in rows} == {"note", "bookmark", "exclusion", "reflection", "check_in"}
    [range_row] = [row for row in rows if row["kind"] == "exclusion"]
    assert (range_row["start_s"], range_row["end_s"], range_row["session_label"]) == (
        "40.0",
        "55.0",
        "Role play 1",
    )
    [feeling] = _rows(out, "check_ins.csv")
    assert (feeling["word"], feeling["core"], feeling["intensity"]) == ("calm", "peaceful", "0.5")
    assert [row["label"] for row in _rows(out, "sessions.csv")] == ["Role play 1"]
    with zipfile.ZipFile(out) as archive:
        assert "format" in archive.read("README.txt").decode()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def _whole(**changes: Any) -> dict[str, Any]:
    return {
        "format": "mirrorsync-journal",
        "version": 1,
        "sessions": [],
        "entries": [],
        "drafts": [],
        **changes,
    }


ENTRY = Entry(
    id="i", kind="note", created_utc="2026-01-01T00:00:00Z", updated_utc="2026-01-01T00:00:00Z"
).as_dict()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a whole export"),
        (b"PK\x03\x04 broken", "not a whole export"),
        (b"{}", "says nothing of a journal"),
        (b"[" * 100_000, "not a whole export"),
        (_whole(version=99), "newer MirrorSync"),
        (_whole(entries=[{}]), "not a whole export"),
        (_whole(entries=[ENTRY, {**ENTRY, "id": "j", "kind": "poem"}]), "no entries of kind 'poem'"),
        (_whole(entries=[ENTRY, {**ENTRY, "id": "j", "session": "nobody"}]), "a session that is not in it"),
        (_whole(entries=[ENTRY, {**ENTRY, "id": "j", "text": 5}]), "nothing was imported"),
        (_whole(entries=[{**ENTRY, "created_utc": "yesterday"}]), "nothing was imported"),
        (_whole(entries=5), "nothing was imported"),
    ],
)
def test_what_is_no_export_changes_nothing(tmp_path: Path, content: Any, says: str) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with _opened(tmp_path / "a.db") as journal:
        with pytest.raises(JournalError, match=says):
            import_journal(journal, file)
        assert journal.entries() == []
        with pytest.raises(JournalError, match="cannot be read"):
            import_journal(journal, tmp_path / "nothing.zip")


def test_the_bare_json_comes_in_too(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps(_whole(entries=[ENTRY])), "utf-8")
    with _opened(tmp_path / "a.db") as journal:
        assert import_journal(journal, file) == Imported(added=1)


def test_an_export_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    with _opened(tmp_path / "a.db") as journal:
        with pytest.raises(ExportError, match="could not be written"):
            export_journal(journal, tmp_path / "no folder" / "x.zip")
        export_journal(journal, tmp_path / "x.zip")
        before = (tmp_path / "x.zip").read_bytes()
        (tmp_path / "x.zip.partial").mkdir()
        with pytest.raises(ExportError, match="could not be written"):
            export_journal(journal, tmp_path / "x.zip")
        assert (tmp_path / "x.zip").read_bytes() == before
