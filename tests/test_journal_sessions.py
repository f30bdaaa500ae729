"""Sessions in a folder stand in the journal with their attunement, read again only when they changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_sessions import snapshots, store

from mirrorsync.analysis.journal_sessions import mean_attunement, note_sessions
from mirrorsync.journal import Journal
from mirrorsync.session.store import SessionReader


def _expected(path: Path, leave_out: tuple[float, float] | None = None) -> float:
    with SessionReader(path) as reader:
        block = reader.read()
    values, t_s = block.scores["attunement"].value, block.t_ns / 1e9
    kept = np.isfinite(values)
    if leave_out is not None:
        kept &= (t_s < leave_out[0]) | (t_s >= leave_out[1])
    return float(values[kept].mean())


def test_sessions_are_noted_once_and_again_when_something_changes(tmp_path: Path) -> None:
    first = store(tmp_path / "a.mirrorsync", snapshots(120))
    store(tmp_path / "b.mirrorsync", snapshots(60, seed=2))
    (tmp_path / "broken.mirrorsync").write_bytes(b"no session")
    with Journal(tmp_path / "journal.db") as journal:
        assert note_sessions(journal, tmp_path) == 2
        assert note_sessions(journal, tmp_path) == 0
        [ref] = [ref for ref in journal.sessions() if ref.path == str(first)]
        assert ref.attunement == pytest.approx(_expected(first))
        assert ref.attunement_coverage is not None
        assert 0.5 < ref.attunement_coverage < 1.0
        assert ref.duration_s == pytest.approx(4.8)
        journal.add("exclusion", session=ref.id, start_s=1.0, end_s=3.0)
        assert note_sessions(journal, tmp_path) == 1
        [ref] = [ref for ref in journal.sessions() if ref.path == str(first)]
        assert ref.attunement == pytest.approx(_expected(first, (1.0, 3.0)))
        assert note_sessions(journal, tmp_path, stopped=lambda: True) == 0


def test_all_excluded_is_not_enough_to_say(tmp_path: Path) -> None:
    path = store(tmp_path / "a.mirrorsync", snapshots(20))
    with SessionReader(path) as reader:
        assert mean_attunement(reader, [(0.0, 99.0)]) == (None, 0.0)
