"""A file reaches the current version step by step, each step whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from made_sessions import META, snapshots, store

from mirrorsync.session import schema
from mirrorsync.session.store import SessionReader
from mirrorsync.storage.sqlite import identity


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        yield opened


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_an_empty_file_becomes_a_session_once(connection: sqlite3.Connection) -> None:
    assert identity(connection) == (0, 0)
    schema.upgrade(connection)
    assert identity(connection) == (schema.APPLICATION_ID, schema.schema_version())
    before = list(connection.execute("SELECT sql FROM sqlite_master"))
    schema.upgrade(connection)
    assert list(connection.execute("SELECT sql FROM sqlite_master")) == before
    kept = {"meta", "ticks", "windows", "events", "frames", "pyramids", "consents", "landmarks", "videos"}
    assert _tables(connection) == kept


def _add_notes(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE notes (t_ns INTEGER, text TEXT)")


def _break_off(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE half (x INTEGER)")
    connection.execute("INSERT INTO no_such_table VALUES (1)")


def test_a_step_that_fails_leaves_the_version_before(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, _add_notes, _break_off))
    with pytest.raises(sqlite3.OperationalError, match="no_such_table"):
        schema.upgrade(connection)
    assert identity(connection)[1] == schema.schema_version() - 1
    assert "notes" in _tables(connection)
    assert "half" not in _tables(connection)


def test_opening_an_older_session_brings_it_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store(tmp_path / "s.mirrorsync", snapshots(30))
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, _add_notes))
    with SessionReader(path) as reader:
        assert reader.ticks == 30
        assert reader.meta == META
    with closing(sqlite3.connect(path)) as connection:
        assert identity(connection)[1] == schema.schema_version()
        assert "notes" in _tables(connection)
