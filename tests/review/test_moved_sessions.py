"""A session that was moved is known again, and is listed wherever the journal knows it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from made_reviews import make_review
from made_sessions import META, snapshots
from typer.testing import CliRunner

from mirrorsync.analysis.journal_sessions import note_sessions
from mirrorsync.cli.app import app
from mirrorsync.journal import Journal, weeks
from mirrorsync.review.library import introduce, list_sessions
from mirrorsync.review.recording import rescore
from mirrorsync.session.identity import session_sha256
from mirrorsync.session.meta import InputInfo, SessionMeta
from mirrorsync.session.store import SessionWriter

ANALYSED = replace(
    META, feed_b="b.mp4", inputs=(InputInfo("a.mp4", "ab" * 32), InputInfo("b.mp4", "cd" * 32))
)


def write(path: Path, meta: SessionMeta, count: int = 60) -> Path:
    path.parent.mkdir(exist_ok=True)
    with SessionWriter(path, meta) as writer:
        for one in snapshots(count):
            writer.add(one)
    return path


def test_what_a_session_is_known_by() -> None:
    opened = replace(META, created="2026-11-20T10:00:00+01:00")
    rescored = replace(opened, parameters={"offset_s": 0.4}, inputs=ANALYSED.inputs)
    assert session_sha256(opened) == session_sha256(rescored) != session_sha256(ANALYSED)
    assert session_sha256(replace(opened, created="2026-11-20T10:00:01+01:00")) != session_sha256(opened)
    elsewhere = tuple(replace(info, feed=f"/elsewhere/{info.feed}") for info in ANALYSED.inputs)
    assert session_sha256(replace(ANALYSED, inputs=elsewhere)) == session_sha256(ANALYSED)
    halves = tuple(InputInfo(f"a.mp4#{part}", "ab" * 32) for part in ("left", "right"))
    swapped = halves[::-1]
    assert session_sha256(replace(META, inputs=halves)) != session_sha256(replace(META, inputs=swapped))
    assert session_sha256(META) is None  # of one recording it is not known what is in it


def test_notes_follow_a_moved_session(tmp_path: Path) -> None:
    path = make_review(tmp_path)
    with Journal(tmp_path / "journal.db") as journal:
        ref = introduce(journal, path)
        journal.add("note", "mine", session=ref.id, start_s=1.0)
        rescore(path, offset_s=0.2, progress=lambda _at, _of: True)
        moved = tmp_path / "elsewhere" / "renamed.mirrorsync"
        moved.parent.mkdir()
        shutil.move(path, moved)
        again = introduce(journal, moved)
        assert (again.id, again.path) == (ref.id, str(moved))
        [info] = list_sessions(tmp_path, [Path(one.path) for one in journal.sessions()])
        assert info.path == moved


def test_another_session_in_the_same_place_is_another(tmp_path: Path) -> None:
    path = write(tmp_path / "session.mirrorsync", ANALYSED)
    with Journal(tmp_path / "journal.db") as journal:
        ref = introduce(journal, path)
        path.unlink()
        write(path, replace(ANALYSED, inputs=(ANALYSED.inputs[0], InputInfo("b.mp4", "ef" * 32))))
        assert introduce(journal, path).id != ref.id


def test_a_session_noted_by_its_place_only_keeps_its_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "results" / "session.mirrorsync", ANALYSED)
    monkeypatch.chdir(tmp_path)
    place = Path("results/session.mirrorsync")
    with Journal(tmp_path / "journal.db") as journal:
        ref = journal.session(place)  # as an earlier version did
        again = introduce(journal, place)
        assert (again.id, again.path) == (ref.id, str(tmp_path / place))


def test_sessions_elsewhere_are_in_the_weeks_and_copies_are_not_read_twice(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    inside = write(folder / "a.mirrorsync", replace(META, created="2026-11-20T10:00:00+01:00"))
    outside = write(tmp_path / "results" / "session.mirrorsync", ANALYSED)
    with Journal(tmp_path / "journal.db") as journal:
        introduce(journal, outside)
        shutil.copy(inside, folder / "copy of a.mirrorsync")
        journal.session(tmp_path / "results" / "gone.mirrorsync")
        assert note_sessions(journal, folder) == 2
        assert note_sessions(journal, folder) == 0
        assert sum(week.sessions for week in weeks(journal)) == 2
        shown = list_sessions(folder, [Path(one.path) for one in journal.sessions()])
        assert {info.path for info in shown} == {*folder.iterdir(), outside}


def test_the_commands_find_the_notes_of_a_moved_session(tmp_path: Path) -> None:
    path, book = write(tmp_path / "a.mirrorsync", ANALYSED, count=200), tmp_path / "journal.db"
    runner = CliRunner()
    done = runner.invoke(
        app, ["journal", "add", "We leaned in.", "--session", str(path), "--journal", str(book)]
    )
    assert done.exit_code == 0, done.output
    moved = tmp_path / "b.mirrorsync"
    path.rename(moved)
    page = tmp_path / "page.html"
    words = ["report", str(moved), "--out", str(page), "--notes", "--journal", str(book)]
    done = runner.invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "We leaned in." in page.read_text(encoding="utf-8")
    runner.invoke(app, ["journal", "add", "Again.", "--session", str(moved), "--journal", str(book)])
    with Journal(book) as journal:
        assert len(journal.sessions()) == 1
