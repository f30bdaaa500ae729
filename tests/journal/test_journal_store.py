"""What is written stands there, can be found, undone and done again."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_journal import Clock, fill, made

from mirrorsync.errors import JournalError
from mirrorsync.journal import KINDS, Journal


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(tmp_path: Path, clock: Clock) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.db", clock=clock) as opened:
        yield opened


def test_an_entry_comes_back_as_written(journal: Journal) -> None:
    session = journal.session("/a.mp4", label="A")
    entry = journal.add(
        "note", " Text\r\n with ends ", session=session.id, start_s=1.25, end_s=2.5,
        tags=[" b ", "A", "a", ""], data={"x": [1, None, "y"]},
    )  # fmt: skip
    assert journal.entry(entry.id) == entry
    assert journal.entries() == [entry]
    assert entry.text == " Text\r\n with ends "
    assert entry.tags == ("A", "b")
    assert (entry.start_s, entry.end_s) == (1.25, 2.5)
    assert entry.created_utc == entry.updated_utc == "2026-03-02T08:00:00.000Z"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_kept(journal: Journal, kind: str) -> None:
    session = journal.session("/a.mp4").id
    entry = journal.add(kind, "x", session=session, start_s=1.0, end_s=2.0)
    assert [e.kind for e in journal.entries(kinds=[kind])] == [kind]
    assert journal.entry(entry.id) == entry


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "poem"}, "no entries of kind 'poem'"),
        ({"kind": "note", "start_s": 1.0}, "without its session"),
        ({"kind": "note", "session": "nobody"}, "does not know this session"),
        ({"kind": "note", "session": "S", "start_s": float("nan")}, "is no time"),
        ({"kind": "note", "session": "S", "start_s": 2.0, "end_s": 1.0}, "end after it starts"),
        ({"kind": "note", "session": "S", "end_s": 1.0}, "end after it starts"),
        ({"kind": "exclusion", "session": "S", "start_s": 1.0}, "needs a session, a start and a later end"),
        ({"kind": "note", "data": {"x": float("nan")}}, "cannot be kept"),
        ({"kind": "note", "data": {"x": object()}}, "cannot be kept"),
    ],
)
def test_what_makes_no_sense_is_refused(journal: Journal, wrong: dict[str, object], says: str) -> None:
    session = journal.session("/a.mp4").id
    given_values = {name: session if value == "S" else value for name, value in wrong.items()}
    with pytest.raises(JournalError, match=says):
        journal.add(**given_values)  # type: ignore[arg-type]  # wrong on purpose
    assert journal.entries() == []
    assert journal.next_undo() == ""


def test_a_session_is_known_again(journal: Journal) -> None:
    first = journal.session("/a/x.mirrorsync", sha256="aa", label="Anna", duration_s=60.0)
    moved = journal.session("/b/x.mirrorsync", sha256="aa")
    assert (moved.id, moved.path, moved.label, moved.duration_s) == (first.id, "/b/x.mirrorsync", "Anna", 60)
    other = journal.session("/b/x.mirrorsync", sha256="bb")
    assert other.id != first.id, "another file at the same place"
    unnamed = journal.session("/c.mp4")
    assert journal.session("/c.mp4", sha256="cc").id == unnamed.id
    assert {ref.id for ref in journal.sessions()} == {first.id, other.id, unnamed.id}


def test_entries_of_a_session_come_in_its_order(journal: Journal) -> None:
    session = fill(journal)
    times = [entry.start_s for entry in journal.entries(session=session)]
    assert times == [12.5, 30.0, 40.0, 70.0]
    assert [e.text for e in journal.entries(session=session, kinds=["note"])] == ["She crossed her arms"]
    assert len(journal.entries(tags=["posture"])) == 2
    assert len(journal.entries(tags=["posture", "Ideas"])) == 1
    assert journal.tags() == [("Ideas", 1), ("posture", 2)]


def test_excluded_ranges_are_put_together(journal: Journal) -> None:
    session = fill(journal)
    journal.add("exclusion", session=session, start_s=50.0, end_s=60.0)
    journal.add("exclusion", session=session, start_s=1.0, end_s=2.0)
    assert journal.excluded(session) == [(1.0, 2.0), (40.0, 60.0)]
    journal.undo()
    assert journal.excluded(session) == [(40.0, 60.0)]


def test_every_step_can_be_undone_and_done_again(journal: Journal, clock: Clock) -> None:
    note = journal.add("note", "first", tags=["a"])
    clock.forward(minutes=1)
    changed = journal.change(note.id, text="second", tags=["b"])
    journal.delete(note.id)
    assert (journal.next_undo(), journal.next_redo()) == ("delete note", "")
    assert [journal.undo(), journal.undo()] == ["delete note", "change note"]
    back = journal.entry(note.id)
    assert back is not None
    assert back.same_content(note)
    assert [hit.entry.text for hit in journal.search("first")] == ["first"]
    assert journal.search("second") == []
    assert journal.undo() == "add note"
    assert journal.undo() == ""
    assert journal.entries() == []
    assert [journal.redo(), journal.redo()] == ["add note", "change note"]
    again = journal.entry(note.id)
    assert again is not None
    assert again.same_content(changed)
    journal.add("note", "another way")
    assert journal.redo() == "", "what was undone is given up when something else is done"


def test_undo_never_takes_away_what_another_program_wrote(journal: Journal) -> None:
    note = journal.add("note", "mine")
    with Journal(journal.path) as other:
        assert other.undo() == "", "another sitting has its own steps"
        other.change(note.id, text="theirs")
    with pytest.raises(JournalError, match="Another program has changed"):
        journal.undo()
    kept = journal.entry(note.id)
    assert kept is not None
    assert kept.text == "theirs"


def test_a_change_of_nothing_is_no_step(journal: Journal) -> None:
    note = journal.add("note", "same")
    assert journal.change(note.id, text="same") == note
    assert journal.next_undo() == "add note"


def test_the_sitting_ends_with_closing(tmp_path: Path) -> None:
    path = made(tmp_path / "journal.db")
    with Journal(path) as journal:
        assert journal.undo() == ""
        assert len(journal.entries()) == 5
    assert [file.name for file in tmp_path.glob("journal.db*")] == ["journal.db"]


def test_a_draft_is_replaced_and_goes_with_the_entry(journal: Journal) -> None:
    journal.save_draft("new", "H", {"tags": ["t"]})
    journal.save_draft("new", "Hello")
    assert [(d.key, d.text, d.data) for d in journal.drafts()] == [("new", "Hello", {})]
    note = journal.add("note", "Hello you", draft="new")
    assert journal.drafts() == []
    journal.save_draft(note.id, "Hello you two")
    journal.change(note.id, text="Hello you two", draft=note.id)
    assert journal.drafts() == []


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "journal.db"
    with Journal(path) as journal:
        journal.add("note", "x")
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert {"journal.db", "journal.db-wal"} <= set(modes)
    assert {mode for name, mode in modes.items() if name.startswith("journal.db")} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_closed_journal_says_so(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    journal.close()
    journal.close()
    with pytest.raises(JournalError, match="closed already"):
        journal.entries()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("elan", True), ("ÉLAN", True), ("vit", True), ("ital", False), ('"elan vital"', True),
        ('"vital elan"', False), ("vital elan", True), ("😀", True), ("本語", True), ("ubung", True),
        ("breath", True), ("<b>", True), ("cmd()", True), ("elan missing", False), ("", True),
    ],
)  # fmt: skip
def test_words_are_found(journal: Journal, typed: str, found: bool) -> None:
    journal.add(
        "reflection", "Élan vital <b>x</b> =cmd() 😀 日本語のテキスト", tags=["Übung"],
        data={"question": "How was the breathing?"},
    )  # fmt: skip
    assert bool(journal.search(typed)) is found


def test_a_hit_shows_where_the_words_stand(journal: Journal) -> None:
    journal.add("note", "long before " * 50 + "the needle stands here " + "and after " * 50)
    [hit] = journal.search("needl")
    assert [hit.snippet[a:b] for a, b in hit.matched] == ["needle"]
    assert len(hit.snippet) < 300
    journal.add("note", "界" * 5000 + "針" + "界" * 5000)
    [hit] = journal.search("針")
    assert [hit.snippet[a:b] for a, b in hit.matched] == ["針"]


def test_a_search_keeps_to_its_filter(journal: Journal) -> None:
    session = fill(journal)
    assert len(journal.search("a")) == 2
    assert len(journal.search("a", session=session)) == 1
    assert len(journal.search("", kinds=["bookmark"])) == 1
    assert len(journal.search("thought", tags=["posture"])) == 1
    assert journal.search("crossed", tags=["Ideas"]) == []


@given(typed=st.text(max_size=30))
def test_nothing_that_is_typed_is_an_error(tmp_path_factory: pytest.TempPathFactory, typed: str) -> None:
    path = tmp_path_factory.getbasetemp() / "typed.db"
    with Journal(path) as journal:
        journal.search(typed)
        journal.search(f'"{typed}')
