"""A session that nobody has open any more is one file: a copy of it alone holds everything."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from made_sessions import META, snapshots, store

from mirrorsync.session.files import connect, keep_blob
from mirrorsync.session.frames import KeptFrames
from mirrorsync.session.store import SessionReader, SessionWriter

TICKS = 40


def assert_one_file(path: Path, ticks: int = TICKS) -> None:
    """Nothing lies beside it, and a copy of it alone has all the rows."""
    beside = sorted(file.name for file in path.parent.glob(f"{path.name}-*"))
    assert beside == []
    alone = path.parent / "elsewhere" / path.name
    alone.parent.mkdir()
    shutil.copy(path, alone)
    with closing(sqlite3.connect(alone)) as copy:
        assert copy.execute("SELECT count(*) FROM ticks").fetchone() == (ticks,)
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_the_last_reader_leaves_one_file(tmp_path: Path) -> None:
    path = tmp_path / "s.mirrorsync"
    writer = SessionWriter(path, META)
    for one in snapshots(TICKS):
        writer.add(one)
    writer.flush()
    first, second, frames = SessionReader(path), SessionReader(path), KeptFrames(path)
    assert first.ticks == second.ticks == TICKS
    writer.close()
    first.close()
    assert (tmp_path / "s.mirrorsync-wal").stat().st_size > 0  # somebody still reads: it is theirs to do
    assert second.ticks == TICKS
    second.close()
    assert frames.last_ns("a") == -1
    frames.close()
    frames.close()
    assert_one_file(path)


def test_readers_that_let_go_at_once_leave_one_file(tmp_path: Path) -> None:
    path = tmp_path / "s.mirrorsync"
    with SessionWriter(path, META) as writer:
        for one in snapshots(TICKS):
            writer.add(one)
        writer.flush()
        readers = [SessionReader(path) for _ in range(8)]
    together = threading.Barrier(len(readers))

    def leave(reader: SessionReader) -> None:
        together.wait(10.0)
        reader.close()

    threads = [threading.Thread(target=leave, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10.0)
    assert_one_file(path)


def test_what_is_worked_out_while_somebody_reads_is_in_the_one_file(tmp_path: Path) -> None:
    path = store(tmp_path / "s.mirrorsync", snapshots(TICKS))
    with closing(sqlite3.connect(path)) as link:
        link.execute("PRAGMA journal_mode = WAL")
    with SessionReader(path) as reader:
        assert reader.ticks == TICKS
        keep_blob(path, "numbers", b"kept")
        assert reader.blob("numbers") == b"kept"
    assert_one_file(path)
    with SessionReader(tmp_path / "elsewhere" / path.name) as copy:
        assert copy.blob("numbers") == b"kept"


def test_looking_at_a_recording_that_runs_leaves_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.mirrorsync"
    with SessionWriter(path, META) as writer:
        recorded = snapshots(TICKS)
        for one in recorded[:20]:
            writer.add(one)
        writer.flush()
        with SessionReader(path) as reader:
            assert reader.ticks == 20
        for one in recorded[20:]:
            writer.add(one)
    assert_one_file(path)


KILLED = """
import os, signal, sys
from pathlib import Path
from made_sessions import META, snapshots
from mirrorsync.session.store import SessionWriter
writer = SessionWriter(Path(sys.argv[1]), META)
for one in snapshots(40):
    writer.add(one)
writer.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A recording that broke off: its rows are in the log beside it."""
    path = tmp_path / "s.mirrorsync"
    tests = Path(__file__).parents[1]
    places = os.pathsep.join([str(tests), str(tests.parent)])
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], env={**os.environ, "PYTHONPATH": places}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "s.mirrorsync-wal").stat().st_size > 0
    return path


def test_reading_a_recording_that_broke_off_makes_it_one_file(killed: Path) -> None:
    with SessionReader(killed) as reader:
        assert not reader.complete
    assert_one_file(killed)


def test_a_session_reached_by_a_link_becomes_one_file(killed: Path) -> None:
    link = killed.parent / "folder" / "linked.mirrorsync"
    link.parent.mkdir()
    link.symlink_to(killed)
    with SessionReader(link) as reader:
        assert reader.ticks == TICKS
    assert_one_file(killed)


def test_where_nothing_may_be_written_everything_stays(killed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(path: Path, *, mode: str, busy_s: float) -> sqlite3.Connection:
        if mode == "rw":
            raise sqlite3.OperationalError("attempt to write a readonly database")
        return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=busy_s, check_same_thread=False)

    monkeypatch.setattr("mirrorsync.storage.sqlite.connect", read_only)
    for _ in range(2):
        with SessionReader(killed) as reader:
            assert reader.ticks == TICKS
        assert (killed.parent / "s.mirrorsync-wal").stat().st_size > 0


def test_a_file_that_is_gone_is_no_matter(tmp_path: Path) -> None:
    path = store(tmp_path / "s.mirrorsync", snapshots(2))
    with SessionReader(path) as reader:
        assert reader.ticks == 2
        for file in tmp_path.glob("s.mirrorsync*"):
            file.unlink()
        (tmp_path / "s.mirrorsync-wal").touch()
    assert not path.exists()
    with pytest.raises(sqlite3.Error):
        connect(path, writable=True)
