"""Two programs that open an older session at once: one brings it up to date, the other finds it so."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from made_sessions import snapshots, store

from mirrorsync.session import schema
from mirrorsync.session.store import SessionReader


def _add_notes(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE notes (t_ns INTEGER, text TEXT)")


def test_another_program_upgrades_between_the_look_and_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store(tmp_path / "s.mirrorsync", snapshots(30))
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, _add_notes))

    class Late(sqlite3.Connection):
        """A program that is overtaken just before it takes the lock."""

        overtaken = False

        def execute(self, statement: str, values: Iterable[Any] = (), /) -> sqlite3.Cursor:  # type: ignore[override]
            if statement.startswith("BEGIN") and not self.overtaken:
                self.overtaken = True
                with closing(sqlite3.connect(path, isolation_level=None)) as other:
                    schema.upgrade(other)
            return super().execute(statement, values)  # type: ignore[arg-type]

    with closing(sqlite3.connect(path, isolation_level=None, factory=Late)) as late:
        schema.upgrade(late)
        assert late.overtaken
    with SessionReader(path) as reader:
        assert reader.ticks == 30
