"""The CSV files: columns of the contract, fixed digits, the same bytes every time."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sessions import snapshots, store

from mirrorsync.export.dictionary import COLUMNS, FRAME_COLUMNS, Column
from mirrorsync.export.tables_csv import TableWriter, format_rows, write_tables
from mirrorsync.session.blocks import TickBlock
from mirrorsync.session.store import SessionReader
from mirrorsync.tables import FEATURE_NAMES
from mirrorsync.types import Snapshot

FILES = {"frames.csv", "features_a.csv", "features_b.csv", "windows.csv", "turns.csv", "columns.csv"}
HEADERS = {
    "frames.csv": "tick,time_s,pose_a,pose_b,face_a,face_b,posture_alignment,posture_alignment_anatomical,"
    "expression_alignment,head_synchrony,body_synchrony,expression_synchrony,lag_s,mutual_gaze,"
    "breathing_match,attunement,coverage,pace_match,voice_a,voice_b,floor",
    "features_a.csv": ",".join(("time_s", *FEATURE_NAMES)),
    "features_b.csv": ",".join(("time_s", *FEATURE_NAMES)),
    "windows.csv": "channel,window,start_s,end_s,r_zero,z_mean_abs,peak_r,peak_lag_s,leader,coverage",
    "turns.csv": "person,start_s,end_s,kind,transition_s,speech_s,pitch_hz,pitch_sd_st,loudness_db,"
    "rate_syl_s",
    "columns.csv": "file,column,unit,range,meaning",
}


@pytest.fixture(scope="module")
def recorded() -> list[Snapshot]:
    return snapshots(120)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, recorded: list[Snapshot]) -> Path:
    folder = tmp_path_factory.mktemp("written")
    with SessionReader(store(tmp_path_factory.mktemp("stored") / "s.mirrorsync", recorded)) as reader:
        write_tables(reader, folder)
    return folder


def _contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _number(cell: str) -> float:
    return float(cell) if cell else math.nan


def test_files_and_columns_are_those_of_the_contract(written: Path) -> None:
    contents = _contents(written)
    assert contents.keys() == FILES
    for name, content in contents.items():
        lines = content.decode("utf-8").split("\n")
        assert lines[0] == HEADERS[name]
        assert lines[-1] == ""
        assert b"\r" not in content
        if name != "columns.csv":
            assert b"nan" not in content
            assert b"-0.000000" not in content


def test_frames_hold_the_scores(written: Path, recorded: list[Snapshot]) -> None:
    rows = _rows(written / "frames.csv")
    assert len(rows) == len(recorded)
    for row, one in zip(rows, recorded, strict=True):
        assert row["tick"] == str(one.pair.tick)
        assert row["time_s"] == f"{one.pair.tick / 25:.6f}"
        np.testing.assert_allclose(_number(row["lag_s"]), one.lag_s, atol=5.1e-7)
        for name, score in one.scores.items():
            np.testing.assert_allclose(_number(row[name]), score.value, atol=5.1e-7)
        np.testing.assert_allclose(_number(row["coverage"]), one.scores["attunement"].coverage, atol=5.1e-7)
        for flag in ("pose", "face"):
            for side, features in (("a", one.pair.a), ("b", one.pair.b)):
                found = features is not None and features.values[FEATURE_NAMES.index(f"{flag}_found")] == 1.0
                assert row[f"{flag}_{side}"] == ("1" if found else "0")


def test_features_hold_the_named_numbers_and_nothing_where_missing(
    written: Path, recorded: list[Snapshot]
) -> None:
    for name, person in (
        ("features_a.csv", [one.pair.a for one in recorded]),
        ("features_b.csv", [one.pair.b for one in recorded]),
    ):
        rows = _rows(written / name)
        got = np.array([[_number(row[feature]) for feature in FEATURE_NAMES] for row in rows])
        want = np.array(
            [np.full(len(FEATURE_NAMES), np.nan) if p is None else p.values.astype("f4") for p in person]
        )
        digits = np.array([column.digits for column in COLUMNS[name][1:]])
        assert np.isnan(got).sum() == np.isnan(want).sum() > 0
        assert np.nanmax(np.abs(got - want) * 10.0**digits) <= 0.501


def test_windows_are_in_the_order_of_completion(written: Path, recorded: list[Snapshot]) -> None:
    rows = _rows(written / "windows.csv")
    want = [window for one in recorded for window in one.windows]
    assert len(rows) == len(want) == 72
    for row, window in zip(rows, want, strict=True):
        for name, cell in row.items():
            value = getattr(window, name)
            if isinstance(value, str):
                assert cell == value
            else:
                np.testing.assert_allclose(_number(cell), value, atol=5.1e-7)
    assert any(row["peak_lag_s"] == "" for row in rows)


def test_the_dictionary_describes_every_column_once(written: Path) -> None:
    rows = _rows(written / "columns.csv")
    described = [(row["file"], row["column"]) for row in rows]
    want = [(name, column) for name in COLUMNS for column in HEADERS[name].split(",")]
    assert described == want
    assert all(row["unit"] and row["range"] and row["meaning"] for row in rows)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_live_in_pieces_gives_the_same_bytes_as_from_the_store(
    written: Path, recorded: list[Snapshot], tmp_path: Path, size: int
) -> None:
    with TableWriter(tmp_path) as tables:
        for start in range(0, len(recorded), size):
            part = recorded[start : start + size]
            tables.add(TickBlock.from_snapshots(part))
            tables.add_windows(window for one in part for window in one.windows)
    assert _contents(tmp_path) == _contents(written)


def test_an_empty_session_gives_headers_only(tmp_path: Path) -> None:
    with SessionReader(store(tmp_path / "s.mirrorsync", [])) as reader:
        out = tmp_path / "out"
        out.mkdir()
        write_tables(reader, out)
    for name in FILES - {"columns.csv"}:
        assert (out / name).read_text("utf-8") == HEADERS[name] + "\n"


def test_digits_are_fixed_and_missing_is_empty() -> None:
    columns = [Column("x", digits, "", "", "") for digits in (0, 2, 4)]
    values = [[3.0, 1.005, -0.00001], [np.nan, np.inf, 180.0], [0.5, -np.inf, -1.5]]
    assert format_rows(values, columns) == "3,1.00,0.0000\n,,180.0000\n0,,-1.5000\n"
    assert format_rows(np.empty((0, 3)), columns) == ""


@given(
    st.lists(
        st.tuples(*[st.floats(-1e6, 1e6) | st.just(math.nan)] * 3),
        min_size=1,
        max_size=20,
    )
)
def test_a_formatted_number_reads_back_within_half_its_last_digit(rows: list[tuple[float, ...]]) -> None:
    columns = [Column("x", digits, "", "", "") for digits in (2, 4, 6)]
    lines = format_rows(rows, columns).splitlines()
    for line, row in zip(lines, rows, strict=True):
        for cell, value, column in zip(line.split(","), row, columns, strict=True):
            if math.isnan(value):
                assert cell == ""
            else:
                assert len(cell.partition(".")[2]) == column.digits
                assert abs(float(cell) - value) <= 0.5001 * 10.0**-column.digits


def test_frame_columns_have_the_digits_of_their_kind() -> None:
    digits = {column.name: column.digits for column in FRAME_COLUMNS}
    assert {name for name, count in digits.items() if count == 0} == {
        "tick", "pose_a", "pose_b", "face_a", "face_b", "voice_a", "voice_b",
    }  # fmt: skip
