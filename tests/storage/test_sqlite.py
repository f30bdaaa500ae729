"""One door to SQLite files: private, whole or not at all, one at a time."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mirrorsync.storage import sqlite


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE things (name TEXT)")


def _widen(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE things ADD COLUMN size INTEGER")


def _break_off(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO things (name) VALUES ('half')")
    connection.execute("INSERT INTO no_such_table VALUES (1)")


STEPS = (_make, _widen)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "things.db"
    sqlite.make_private(place, new=True)
    return place


def opened(path: Path, busy_s: float = 5.0) -> closing[sqlite3.Connection]:
    return closing(sqlite.connect(path, mode="rw", busy_s=busy_s))


def test_a_new_file_is_its_owners_and_none_is_taken_that_is_there(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        sqlite.make_private(path, new=True)
    path.chmod(0o644)
    sqlite.make_private(path, new=False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_steps_that_are_done_are_not_done_again(path: Path) -> None:
    with opened(path) as link:
        sqlite.migrate(link, STEPS[:1])
        assert sqlite.identity(link) == (0, 1)
        sqlite.migrate(link, STEPS)
        sqlite.migrate(link, STEPS)
        assert sqlite.identity(link) == (0, 2)


def test_a_step_that_fails_leaves_nothing_behind(path: Path) -> None:
    with opened(path) as link:
        with pytest.raises(sqlite3.OperationalError, match="no_such_table"):
            sqlite.migrate(link, (*STEPS, _break_off))
        assert sqlite.identity(link) == (0, 2)
        assert link.execute("SELECT count(*) FROM things").fetchone() == (0,)


def test_another_program_migrates_between_the_look_and_the_lock(path: Path) -> None:
    class Late(sqlite3.Connection):
        """A program that is overtaken just before it takes the lock."""

        overtaken = False

        def execute(self, statement: str, values: Iterable[Any] = (), /) -> sqlite3.Cursor:  # type: ignore[override]
            if statement.startswith("BEGIN") and not self.overtaken:
                self.overtaken = True
                with opened(path) as other:
                    sqlite.migrate(other, STEPS)
            return super().execute(statement, values)  # type: ignore[arg-type]

    with closing(sqlite3.connect(path, isolation_level=None, factory=Late)) as late:
        sqlite.migrate(late, STEPS)
        assert late.overtaken
        assert sqlite.identity(late) == (0, 2)


def test_eight_at_once_migrate_one_file(path: Path) -> None:
    gate, wrong = threading.Barrier(8), []

    def program() -> None:
        try:
            with opened(path) as link:
                gate.wait()
                sqlite.write_ahead(link)
                sqlite.migrate(link, STEPS)
        except sqlite3.Error as error:
            wrong.append(error)

    threads = [threading.Thread(target=program, name=f"program-{n}") for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    with opened(path) as link:
        assert sqlite.identity(link) == (0, 2)


def test_troubles_are_known_by_kind(path: Path, tmp_path: Path) -> None:
    def kind(statement: str, place: Path = path, *, writable: bool = True) -> str:
        with closing(sqlite.connect(place, mode="rw" if writable else "ro", busy_s=0.0)) as link:
            try:
                link.execute(statement)
            except sqlite3.Error as error:
                return sqlite.trouble(error)
        return ""

    with opened(path) as link:
        sqlite.migrate(link, STEPS)
        with sqlite.transaction(link):
            assert kind("INSERT INTO things (name) VALUES ('x')") == "busy"
    assert kind("INSERT INTO things (name) VALUES ('x')", writable=False) == "forbidden"
    assert kind("nonsense") == "other"
    (tmp_path / "text.db").write_text("no database at all, whatever its name says " * 40, "utf-8")
    assert kind("SELECT * FROM sqlite_master", tmp_path / "text.db") == "not a database"
    with pytest.raises(sqlite3.Error) as missing:
        sqlite.connect(tmp_path / "nowhere.db", mode="rw", busy_s=0.0)
    assert sqlite.trouble(missing.value) == "forbidden"


def test_the_last_reader_leaves_one_file(path: Path) -> None:
    writer = sqlite.connect(path, mode="rw", busy_s=5.0)
    sqlite.write_ahead(writer)
    sqlite.migrate(writer, STEPS)
    reader = sqlite.connect(path, mode="ro", busy_s=5.0)
    reader.execute("SELECT * FROM things").fetchall()
    writer.close()
    assert path.with_name(path.name + "-wal").exists()
    sqlite.let_go(reader, path)
    assert [one.name for one in path.parent.iterdir()] == [path.name]
