"""Stretches that the journal excludes leave every format, as `analyze --exclude` leaves them out."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pympi
import pytest
from made_sessions import META
from moving_people import later, somebody

from mirrorsync.__main__ import main
from mirrorsync.analysis.formats import write_format
from mirrorsync.analysis.left_out import SessionWithout
from mirrorsync.engine.engine import Engine
from mirrorsync.engine.exclusion import Exclusion
from mirrorsync.export.formats import Format
from mirrorsync.journal import Journal
from mirrorsync.session.store import SessionWriter
from mirrorsync.settings import Settings
from mirrorsync.tables import FEATURE_INDEX, SYNC_CHANNELS
from mirrorsync.types import Features, Pair, SessionEvent

SETTINGS = Settings(
    rate_hz=10.0, window_s=3.0, lag_s=1.0, step_s=0.5, surrogates=2, baseline_s=2.0, mirror="anatomical"
)
N = 600
GONE = (23.0, 35.0)
ROWS = slice(230, 350)


def _session(path: Path, exclude: str = "") -> Path:
    """B does what A does 0.6 s later, from 23 s to 35 s only; analysed without `exclude`."""
    a, b = somebody(1, N, rate_hz=10.0), somebody(2, N, rate_hz=10.0)
    b[ROWS] = later(a, 6, before=b)[ROWS]
    for values in (a, b):
        values[:, [FEATURE_INDEX["pose_found"], FEATURE_INDEX["face_found"]]] = 1.0
    settings = SETTINGS.with_(exclude=exclude)
    exclusion, engine = Exclusion(settings), Engine(settings)

    def at(tick: int) -> Pair:
        of_a, of_b = (Features(tick, v[tick], np.isfinite(v[tick]) * 1.0) for v in (a, b))
        return Pair(tick, tick * 100_000_000, of_a, of_b)

    meta = replace(
        META,
        feed_a="a.mp4",
        feed_b="b.mp4",
        label_a="A",
        label_b="B",
        parameters=settings.as_dict(scores_only=True),
    )
    with SessionWriter(path, meta) as writer:
        for pair in exclusion.blind(map(at, range(N))):
            snapshot = exclusion.mute(engine.step(pair))
            if pair.tick == 300:
                snapshot = replace(snapshot, events=(*snapshot.events, SessionEvent(pair.t_ns, "note", {})))
            writer.add(snapshot)
    return path


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _session(tmp_path_factory.mktemp("whole") / "session.mirrorsync")


def _rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_tables_and_numbers_are_those_of_an_analysis_without_the_stretch(
    session: Path, tmp_path: Path
) -> None:
    blind = _session(tmp_path / "blind.mirrorsync", f"{GONE[0]}-{GONE[1]}")
    for name, (path, excluded) in {
        "whole": (session, []), "later": (session, [GONE]), "blind": (blind, [])
    }.items():  # fmt: skip
        write_format(path, Format.CSV, tmp_path / name, excluded=excluded)
    for table in ("frames.csv", "features_a.csv", "features_b.csv"):
        found, wanted = (_rows(tmp_path / name / table) for name in ("later", "blind"))
        assert len(found) == N
        assert found[ROWS] == wanted[ROWS]  # rows stay, with nothing in them
        assert found[: ROWS.start] == wanted[: ROWS.start]
    windows = _rows(tmp_path / "later" / "windows.csv")
    assert windows
    assert not [w for w in windows if float(w["end_s"]) > GONE[0] and float(w["start_s"]) < GONE[1]]
    told = {
        name: json.loads((tmp_path / name / "summary.json").read_text("utf-8"))
        for name in ("whole", "later", "blind")
    }
    whole, without, wanted = (told[name]["channels"]["head_synchrony"] for name in told)
    assert whole["mean"] != without["mean"]
    assert whole["p_value"] < 0.05 < without["p_value"]
    # The chance that a score is held against live had still seen the stretch.
    assert without["mean"] == pytest.approx(wanted["mean"], abs=0.06)
    assert without["mean"] < whole["mean"] - 0.1
    assert without["p_value"] == pytest.approx(wanted["p_value"], abs=0.03)
    assert told["later"]["parameters"]["exclude"] == "23.000-35.000"
    assert 'exclude = "23.000-35.000"' in (tmp_path / "later" / "config.toml").read_text("utf-8")


@pytest.mark.parametrize("name", SYNC_CHANNELS)
def test_scores_that_remember_the_stretch_are_gone(session: Path, name: str) -> None:
    with SessionWithout(session, [GONE]) as reader:
        block = reader.read()
        assert [event.kind for event in reader.events("note")] == []
    remembered = (block.time_s >= GONE[0]) & (block.time_s < GONE[1] + SETTINGS.window_s + SETTINGS.lag_s)
    assert np.isnan(block.scores[name].value[remembered]).all()
    assert np.isfinite(block.scores[name].value[~remembered][100:]).mean() > 0.9
    assert set(block.leader[remembered]) == {"none"}


def test_every_format_leaves_it_out(session: Path, tmp_path: Path) -> None:
    for wanted in Format:
        write_format(session, wanted, tmp_path / wanted, excluded=[GONE])
    frames = pyarrow.parquet.read_table(tmp_path / "parquet" / "frames.parquet")
    assert frames["attunement"][ROWS].null_count == frames["lag_s"][ROWS].null_count == ROWS.stop - ROWS.start
    assert (tmp_path / "datapackage" / "frames.csv").read_bytes() == (
        tmp_path / "csv" / "frames.csv"
    ).read_bytes()
    for part in ("body", "head"):
        lines = (tmp_path / "rmea" / f"session_{part}.txt").read_text("ascii").splitlines()
        assert set(lines[ROWS]) == {"NA NA"}
        assert "NA NA" not in lines[100 : ROWS.start]
    eaf = pympi.Eaf(tmp_path / "elan" / "session.eaf")
    assert eaf.get_annotation_data_for_tier("Left out") == [(23_000, 35_000, "left out")]
    for tier in set(eaf.get_tier_names()) - {"Left out"}:
        inside = [
            one for one in eaf.get_annotation_data_for_tier(tier) if one[1] > 23_100 and one[0] < 34_900
        ]
        assert not inside, tier  # and nobody is said not to be seen where nobody looked
    assert "Left out" in (tmp_path / "textgrid" / "session.TextGrid").read_text("utf-8")
    bids = tmp_path / "bids"
    motion = (bids / "sub-A" / "motion" / "sub-A_task-interaction_tracksys-angles_motion.tsv").read_text()
    assert all(set(line.split("\t")[1:]) == {"n/a"} for line in motion.splitlines()[ROWS])
    (summary,) = bids.glob("derivatives/mirrorsync/dyad-*/summary.json")
    assert summary.read_bytes() == (tmp_path / "csv" / "summary.json").read_bytes()


def test_the_commands_take_them_from_the_journal(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "journal.db"
    with Journal(place) as book:
        ref = book.session(session)
        book.add("exclusion", session=ref.id, start_s=GONE[0], end_s=GONE[1])
    prints = {}
    for name, more in {
        "none": ["--journal", str(tmp_path / "none.db")],
        "excluded": ["--journal", str(place)],
        "whole": ["--journal", str(place), "--whole"],
    }.items():
        out = tmp_path / name
        words = ["export", str(session.parent), "--format", "csv", "--out", str(out), *more]
        assert main(words) == 0
        said = capsys.readouterr().err
        assert ("Left out, as in the journal: 23-35 s." in said) == (name == "excluded")
        figure = ["plot", str(session), "--kind", "lagprofile", "--out", str(tmp_path / f"{name}.svg"), *more]
        assert main(figure) == 0
        capsys.readouterr()
        drawn = (tmp_path / f"{name}.svg").read_bytes()
        prints[name] = (out / "summary.json").read_bytes(), (out / "frames.csv").read_bytes(), drawn
    assert prints["none"] == prints["whole"]
    assert all(a != b for a, b in zip(prints["none"], prints["excluded"], strict=True))
