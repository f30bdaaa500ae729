"""Other tools' formats, each read back by a reader of that format."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import praatio.textgrid
import pyarrow.parquet
import pympi
import pytest
import xmlschema
from made_sessions import META
from moving_people import somebody

from mirrorsync import readers
from mirrorsync.__main__ import main
from mirrorsync.engine.engine import Engine
from mirrorsync.export.annotations import Interval, Tier, tiers
from mirrorsync.export.dictionary import COLUMNS
from mirrorsync.export.elan import write_eaf
from mirrorsync.export.summary import STATISTICS, SYNC_STATISTICS
from mirrorsync.export.textgrid import write_textgrid
from mirrorsync.session.store import SessionReader, SessionWriter
from mirrorsync.settings import Settings
from mirrorsync.synchrony.movement import SIGNALS, movement
from mirrorsync.tables import FEATURE_INDEX, FEATURES
from mirrorsync.types import Features, FloatArray, Pair, SessionEvent

SCHEMA = Path(__file__).resolve().parents[1] / "golden" / "elan" / "eaf_used.xsd"
SETTINGS = Settings(rate_hz=10.0, window_s=2.0, lag_s=0.5, step_s=0.5, surrogates=2, baseline_s=2.0)
EVIL = '=HYPERLINK("x")<b>&"\x07'
N = 400


def person(seed: int) -> FloatArray:
    """Somebody who smiles from 20 s to 22 s and is away from 30 s to 32 s."""
    values = np.clip(somebody(seed, N, rate_hz=10.0), [f.low for f in FEATURES], [f.high for f in FEATURES])
    for name in ("mouthSmileLeft", "mouthSmileRight"):
        values[:, FEATURE_INDEX[name]] = 0.1
        values[200:220, FEATURE_INDEX[name]] = 0.5
    values[300:320] = np.nan
    values[300:320, [FEATURE_INDEX["pose_found"], FEATURE_INDEX["face_found"]]] = 0.0
    return values


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """B does what A does half a second later; recorded from two halves of one file, with wicked labels."""
    folder = tmp_path_factory.mktemp("formats")
    film = folder / "our call.mp4"
    film.write_bytes(b"")
    a = person(1)
    b = np.roll(a, 5, axis=0)
    meta = replace(
        META, feed_a=f"{film}#left", feed_b=f"{film}#right", label_a=EVIL, label_b="Bé",
        parameters=SETTINGS.as_dict(scores_only=True),
    )  # fmt: skip
    path = folder / "session.mirrorsync"
    engine = Engine(SETTINGS)
    with SessionWriter(path, meta) as writer:
        for tick in range(N):
            t_ns = tick * 100_000_000
            of_a, of_b = (Features(t_ns, v[tick], np.isfinite(v[tick]) * 1.0) for v in (a, b))
            pair = Pair(tick, t_ns, of_a, of_b)
            snapshot = engine.step(pair)
            if tick == 50:
                note = SessionEvent(t_ns, "note", {"text": EVIL})
                snapshot = replace(snapshot, events=(*snapshot.events, note))
            writer.add(snapshot)
    return path


def exported(session: Path, wanted: str, out: Path) -> Path:
    assert main(["export", str(session), "--format", wanted, "--out", str(out)]) == 0
    return out


def test_parquet_is_typed_and_explained_and_read_by_two_engines(session: Path, tmp_path: Path) -> None:
    out = exported(session, "parquet", tmp_path / "parquet")
    tables = exported(session, "csv", tmp_path / "csv")
    for name, columns in COLUMNS.items():
        table = pyarrow.parquet.read_table(out / name.replace(".csv", ".parquet"))
        assert table.column_names == [column.name for column in columns]
        for column in columns:
            about = table.schema.field(column.name).metadata
            assert about is not None
            assert about[b"unit"].decode() == column.unit
            assert about[b"meaning"].decode() == column.meaning
        with (tables / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert table.num_rows == len(rows)
        for column in columns:
            cells = [row[column.name] for row in rows]
            if column.digits >= 0:
                want = [float(cell) if cell else None for cell in cells]
                assert [None if v is None else float(v) for v in table[column.name].to_pylist()] == want
            else:
                assert table[column.name].to_pylist() == [cell or None for cell in cells]
    types = {field.name: str(field.type) for field in pyarrow.parquet.read_schema(out / "frames.parquet")}
    assert (types["tick"], types["pose_a"], types["lag_s"]) == ("int64", "bool", "double")
    about = pyarrow.parquet.read_schema(out / "frames.parquet").metadata
    assert about is not None
    summary = json.loads(about[b"mirrorsync"])
    assert summary["ticks"] == N
    query = "select count(*), count(head_synchrony), max(time_s) from read_parquet($file)"
    with duckdb.connect() as engine:
        count, known, last = engine.execute(query, {"file": str(out / "frames.parquet")}).fetchall()[0]
    assert (count, last) == (N, pytest.approx(39.9))
    assert 0 < known < N


def test_tiers_hold_what_happened(session: Path) -> None:
    with SessionReader(session) as reader:
        by_name = {tier.name: tier for tier in tiers(reader)}
    for side, start_s in (("A", 20.0), ("B", 20.5)):
        (smile,) = by_name[f"Smiles {side}"].intervals
        assert [smile.start_s, smile.end_s] == pytest.approx([start_s, start_s + 2.0])
        (gone,) = by_name[f"Not seen {side}"].intervals
        assert gone.start_s == pytest.approx(start_s + 10.0, abs=0.11)
        assert gone.text == "no face"
    (shared,) = by_name["Shared smiles"].intervals
    assert shared.text == "B answers, 0.5 s"
    assert {one.text for one in by_name["Leader"].intervals} == {"A leads"}
    windows = by_name["Head windows"].intervals
    assert any("at +0.5" in one.text and "A leads" in one.text for one in windows)
    assert "\x07" not in by_name["Events"].intervals[0].text
    for tier in by_name.values():
        ends = [0.0, *(one.end_s for one in tier.intervals)]
        assert all(one.start_s >= end - 1e-9 for one, end in zip(tier.intervals, ends, strict=False))
        assert all(one.end_s > one.start_s for one in tier.intervals)


def test_elan_file_is_valid_and_opens(session: Path, tmp_path: Path) -> None:
    out = exported(session, "elan", tmp_path / "elan")
    file = out / "session.eaf"
    schemas = [
        SCHEMA,
        *([Path(os.environ["MIRRORSYNC_EAF_XSD"])] if "MIRRORSYNC_EAF_XSD" in os.environ else []),
    ]
    for schema in schemas:
        xmlschema.XMLSchema(schema).validate(file)
    eaf = pympi.Eaf(file)
    with SessionReader(session) as reader:
        want = tiers(reader)
    assert list(eaf.get_tier_names()) == [tier.name for tier in want]
    for tier in want:
        got = sorted(eaf.get_annotation_data_for_tier(tier.name))
        assert got == [(round(o.start_s * 1000), round(o.end_s * 1000), o.text) for o in tier.intervals]
    assert eaf.get_parameters_for_tier("Smiles A")["PARTICIPANT"] == '=HYPERLINK("x")<b>&"'
    (media,) = eaf.get_linked_files()
    assert media["MEDIA_URL"] == (session.parent / "our call.mp4").as_uri()
    assert media["MIME_TYPE"] == "video/mp4"
    assert (
        out / Path(media["RELATIVE_MEDIA_URL"].replace("%20", " "))
    ).resolve() == session.parent / "our call.mp4"


def test_an_offset_recording_starts_late_in_elan(tmp_path: Path) -> None:
    meta = replace(META, feed_a="a.mp4", feed_b="b.mp4", parameters={"offset_s": 1.5})
    write_eaf(tmp_path / "x.eaf", (), meta)
    xmlschema.XMLSchema(SCHEMA).validate(tmp_path / "x.eaf")
    first, second = pympi.Eaf(tmp_path / "x.eaf").get_linked_files()
    assert "TIME_ORIGIN" not in first
    assert second["TIME_ORIGIN"] == "1500"


def test_textgrid_opens_in_a_reader_of_praat_files(session: Path, tmp_path: Path) -> None:
    out = exported(session, "textgrid", tmp_path / "praat")
    grid = praatio.textgrid.openTextgrid(str(out / "session.TextGrid"), includeEmptyIntervals=False)
    with SessionReader(session) as reader:
        want = tiers(reader)
    assert grid.tierNames == tuple(tier.name for tier in want)
    assert grid.maxTimestamp == pytest.approx(40.0)
    for tier in want:
        got = [(one.start, one.end, one.label) for one in grid.getTier(tier.name).entries]
        assert len(got) == len(tier.intervals)
        for (start, end, label), one in zip(got, tier.intervals, strict=True):
            assert [start, end] == pytest.approx([one.start_s, one.end_s], abs=1e-6)
            assert label.replace('""', '"') == one.text


def test_quotes_in_a_textgrid_are_doubled(tmp_path: Path) -> None:
    tier = Tier("x", "note", "", (Interval(1.0, 2.0, 'she said "yes"\nand left'),))
    write_textgrid(tmp_path / "x.TextGrid", [tier], duration_s=1.5)
    text = (tmp_path / "x.TextGrid").read_text("utf-8")
    assert 'text = "she said ""yes"" and left"' in text
    assert (
        text.count("xmax = 2") == 3
    )  # the interval's end is the tier's and the file's: a session may be shorter


def test_movement_is_read_back_as_motion_energy(session: Path, tmp_path: Path) -> None:
    out = exported(session, "rmea", tmp_path / "rmea")
    with SessionReader(session) as reader:
        block = reader.read()
    for part, values in (("1", block.features_a), ("2", block.features_b)):
        table = readers.read(f"{out / 'session_body.txt'}#{part}", rate_hz=10.0)
        assert table.kind == "motion_energy"
        speed = movement(values, rate_hz=10.0, smooth_s=SETTINGS.smooth_s)[:, SIGNALS.index("body_speed")]
        np.testing.assert_allclose(table.columns["motion"] / 1000, speed, atol=5.1e-4)
        assert np.isnan(table.columns["motion"][310])
    assert (out / "session_head.txt").read_text("ascii").splitlines()[0] == "NA NA"


def test_a_data_package_describes_its_files(session: Path, tmp_path: Path) -> None:
    out = exported(session, "datapackage", tmp_path / "package")
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    assert package["name"] == "session"
    by_path = {resource["path"]: resource for resource in package["resources"]}
    assert set(by_path) == {*COLUMNS, "columns.csv", "summary.json"}
    told = by_path["summary.json"]["description"]
    assert all(f"{name}: " in told for name in STATISTICS + SYNC_STATISTICS)
    for name, resource in by_path.items():
        content = (out / name).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
    for name in COLUMNS:
        fields = {field["name"]: field for field in by_path[name]["schema"]["fields"]}
        with (out / name).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
        assert list(fields) == reader.fieldnames
        for row in rows:
            for column, cell in row.items():
                if cell == "":
                    continue
                limits = fields[column].get("constraints", {})
                if "enum" in limits:
                    assert cell in limits["enum"]
                elif fields[column]["type"] != "boolean":
                    assert limits.get("minimum", -np.inf) <= float(cell) <= limits.get("maximum", np.inf), (
                        column
                    )
        keys = [tuple(row[key] for key in by_path[name]["schema"]["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)


def test_tables_without_a_session_become_parquet_but_not_elan(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = exported(session, "csv", tmp_path / "csv")
    out = exported(tables, "parquet", tmp_path / "parquet")
    assert pyarrow.parquet.read_metadata(out / "windows.parquet").num_rows > 0
    capsys.readouterr()
    assert main(["export", str(tables), "--format", "elan", "--out", str(tmp_path / "elan")]) == 2
    assert "--keep-session" in capsys.readouterr().err
    assert not (tmp_path / "elan").exists()


def test_the_same_session_gives_the_same_bytes(session: Path, tmp_path: Path) -> None:
    for wanted in ("elan", "parquet", "datapackage"):
        prints = [
            {p.name: p.read_bytes() for p in exported(session, wanted, tmp_path / f"{wanted}{k}").iterdir()}
            for k in range(2)
        ]
        assert prints[0] == prints[1]


def test_an_empty_session_gives_empty_tiers(tmp_path: Path) -> None:
    path = tmp_path / "s.mirrorsync"
    SessionWriter(path, META).close()
    with SessionReader(path) as reader:
        assert all(not tier.intervals for tier in tiers(reader))
    out = exported(path, "parquet", tmp_path / "parquet")
    assert pyarrow.parquet.read_metadata(out / "frames.parquet").num_rows == 0
