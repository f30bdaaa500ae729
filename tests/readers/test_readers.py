"""Files of other programs: their published columns under our names, unsure rows missing, clear refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from made_series import (
    OPENFACE_HEADER,
    PYFEAT_HEADER,
    energy,
    face,
    motion_energy_file,
    openface_file,
    pyfeat_file,
)
from made_sessions import snapshots, store

from mirrorsync import readers
from mirrorsync.errors import SeriesError, UsageError
from mirrorsync.export.tables_csv import write_tables
from mirrorsync.readers.series_table import LEVELS, SeriesTable
from mirrorsync.session.store import SessionReader
from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import FloatArray

SAME = {
    "head_pitch": "pitch",
    "head_yaw": "yaw",
    "head_roll": "roll",
    "smile": "smile",
    "jaw": "jaw",
    "brow_down": "frown",
}


def same_face(table: SeriesTable, of: dict[str, FloatArray], rows: slice = slice(None)) -> None:
    for name, source in SAME.items():
        np.testing.assert_allclose(table.columns[name][rows], of[source][rows], atol=2e-3)
    np.testing.assert_allclose(
        table.columns["brow_up"][rows], 0.5 * (of["inner"] + of["outer"])[rows], atol=2e-3
    )


def test_openface_in_our_names_and_signs(tmp_path: Path) -> None:
    of = face(1, 200)
    table = readers.read(openface_file(tmp_path / "a.csv", of, rate_hz=30.0, unsure=slice(50, 70)))
    assert (table.kind, table.scored) == ("openface", tuple(LEVELS))
    assert table.rate_hz == pytest.approx(30.0, rel=0.05)
    assert table.times_s[-1] == pytest.approx(199 / 30, abs=1e-3)
    assert table.sure_share == pytest.approx(0.9)
    assert np.isnan(table.columns["smile"][50:70]).all()
    same_face(table, of, slice(0, 50))
    same_face(table, of, slice(70, 200))
    np.testing.assert_allclose(table.columns["AU12_r"][:50], 5 * of["smile"][:50], atol=1e-4)
    assert "x_0" not in table.columns  # landmarks are not read
    with pytest.raises(SeriesError, match="says 30 rows per second, and 25 were stated"):
        readers.read(tmp_path / "a.csv", rate_hz=25.0)


def test_less_confidence_can_be_asked_for(tmp_path: Path) -> None:
    file = openface_file(tmp_path / "a.csv", face(1, 60))
    assert readers.read(file, min_confidence=0.99).sure_share == 0.0
    assert np.isnan(readers.read(file, min_confidence=0.99).columns["head_pitch"]).all()


@pytest.mark.parametrize("radians", [True, False])
def test_pyfeat_in_our_names(tmp_path: Path, radians: bool) -> None:
    of = face(2, 200)
    file = pyfeat_file(tmp_path / "fex.csv", of, unsure=slice(10, 20), radians=radians)
    table = readers.read(file, rate_hz=24.0)
    assert (table.kind, table.rate_hz) == ("pyfeat", 24.0)
    assert table.sure_share == pytest.approx(0.95)
    assert np.isnan(table.columns["head_pitch"][10:20]).all()
    same_face(table, of, slice(20, 200))


def test_pyfeat_needs_a_rate_because_it_has_no_times(tmp_path: Path) -> None:
    with pytest.raises(SeriesError, match="how many frames a second"):
        readers.read(pyfeat_file(tmp_path / "fex.csv", face(2, 20)))


def test_of_several_faces_in_a_frame_one_counts(tmp_path: Path) -> None:
    of, other = face(1, 60), face(2, 60)
    lines = pyfeat_file(tmp_path / "one.csv", of).read_text().splitlines()
    stranger = pyfeat_file(tmp_path / "two.csv", other, unsure=slice(0, 60)).read_text().splitlines()
    both = [lines[0]]
    for mine, theirs in zip(lines[1:], stranger[1:], strict=True):
        both += [theirs.replace("Person_0", "Person_1"), mine]
    file = tmp_path / "both.csv"
    file.write_text("\n".join(both))
    first = readers.read(file, rate_hz=25.0)
    same_face(first, of)
    assert "Person_0 is read" in first.notes[0]
    with pytest.raises(SeriesError, match=r"2 faces \(Person_0, Person_1\); say which"):
        readers.read(file, rate_hz=25.0, min_confidence=0.0)
    second = readers.read(f"{file}#Person_1", rate_hz=25.0, min_confidence=0.0)
    same_face(second, other)
    with pytest.raises(SeriesError, match="Person_0, Person_1"):
        readers.read(f"{file}#Person_7", rate_hz=25.0)


@pytest.mark.parametrize("name", ["timestamp", "confidence", "success"])
def test_missing_columns_of_openface_are_named(tmp_path: Path, name: str) -> None:
    file = openface_file(tmp_path / "a.csv", face(1, 20), without=[name])
    with pytest.raises(SeriesError, match=f"lacks {name}, which OpenFace writes") as told:
        readers.read(file)  # recognised all the same: its first column, `frame`, is no measurement
    assert "--kind" not in str(told.value)
    assert readers.read(f"{file}#AU12_r", rate_hz=25.0).scored == ()  # as the sentence advises


@pytest.mark.parametrize("name", ["FaceScore", "frame"])
def test_missing_columns_of_pyfeat_are_named(tmp_path: Path, name: str) -> None:
    file = pyfeat_file(tmp_path / "fex.csv", face(1, 20), without=[name])
    with pytest.raises(SeriesError, match=f"lacks {name}, which Py-feat writes"):
        readers.read(file, rate_hz=25.0)
    table = readers.read(f"{file}#AU12", rate_hz=25.0)
    assert (table.kind, list(table.columns)) == ("series", ["AU12"])


def test_a_file_with_nothing_to_score_says_what_it_needs(tmp_path: Path) -> None:
    units = [name for name in OPENFACE_HEADER if name.startswith(("AU", "pose_R"))]
    file = openface_file(tmp_path / "a.csv", face(1, 20), without=units)
    with pytest.raises(SeriesError, match=r"pose_Rx, .* AU12_r"):
        readers.read(file, kind="openface")
    units = [name for name in PYFEAT_HEADER if name.startswith(("AU", "Pitch", "Roll", "Yaw"))]
    file = pyfeat_file(tmp_path / "b.csv", face(1, 20), without=units)
    with pytest.raises(SeriesError, match=r"Pitch, .* AU12"):
        readers.read(file, rate_hz=25.0)
    file = pyfeat_file(tmp_path / "c.csv", face(1, 20), without=["FaceScore"])
    with pytest.raises(SeriesError, match="lacks FaceScore"):
        readers.read(file, rate_hz=25.0)


def test_half_of_the_columns_give_half_of_the_names(tmp_path: Path) -> None:
    file = openface_file(tmp_path / "a.csv", face(1, 20), without=["AU02_r", "pose_Rz"])
    assert readers.read(file).scored == ("head_pitch", "head_yaw", "smile", "jaw", "brow_down")


@pytest.mark.parametrize("header", [True, False])
def test_motion_energy_is_one_column_a_person(tmp_path: Path, header: bool) -> None:
    a, b = energy(1, 100), energy(2, 100)
    file = motion_energy_file(tmp_path / "pair.txt", a, b, header=header)
    first, second = readers.read(file), readers.read(f"{file}#2", rate_hz=10.0)
    assert (first.kind, first.scored, first.rate_hz) == ("motion_energy", ("motion",), 25.0)
    np.testing.assert_array_equal(first.columns["motion"], a)
    np.testing.assert_array_equal(second.columns["motion"], b)
    assert second.duration_s == pytest.approx(10.0)
    if header:
        np.testing.assert_array_equal(readers.read(f"{file}#th").columns["motion"], b)
    with pytest.raises(SeriesError, match="no column '3'"):
        readers.read(f"{file}#3")


def test_of_hundreds_of_columns_a_few_are_named(tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    file.write_text(",".join(f"c{k}" for k in range(300)) + "\n" + ",".join("1" * 300) + "\n")
    with pytest.raises(SeriesError, match="c11 and 288 more"):
        readers.read(f"{file}#d")


def test_a_first_row_of_missing_values_is_no_header(tmp_path: Path) -> None:
    file = tmp_path / "pair.txt"
    file.write_text("NA NA\n1 2\n3 4\n")
    np.testing.assert_array_equal(readers.read(file).columns["motion"], [np.nan, 1, 3])


def test_motion_energy_is_never_negative(tmp_path: Path) -> None:
    file = motion_energy_file(tmp_path / "pair.txt", energy(1, 20), -energy(2, 20))
    assert readers.read(file).kind == "series"
    with pytest.raises(SeriesError, match="below 0"):
        readers.read(f"{file}#2", kind="motion_energy")


def test_plain_series_keep_their_names_and_times(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("Time;heart;note\n0;61;x\n0.1;NA;y\n0.2;64;z\n")
    table = readers.read(file)
    assert (table.kind, list(table.columns), table.scored) == ("series", ["heart"], ())
    assert table.rate_hz == pytest.approx(10.0)
    np.testing.assert_array_equal(table.columns["heart"], [61, np.nan, 64])
    with pytest.raises(ValueError, match="read-only"):
        table.columns["heart"][0] = 1.0
    file.write_text("time,x\n0,1\n0,2\n")
    with pytest.raises(SeriesError, match="do not rise"):
        readers.read(file)
    assert readers.read(file, rate_hz=50.0).times_s.tolist() == [0.0, 0.02]


def test_our_own_features_come_back(tmp_path: Path) -> None:
    with SessionReader(store(tmp_path / "s.mirrorsync", snapshots(60))) as reader:
        write_tables(reader, tmp_path)
        block = reader.read()
    table = readers.read(tmp_path / "features_b.csv")
    assert (table.kind, table.scored[:7], len(table.scored)) == ("features", tuple(LEVELS), 11)
    smile = block.features_b[:, [FEATURE_INDEX["mouthSmileLeft"], FEATURE_INDEX["mouthSmileRight"]]].mean(
        axis=1
    )
    np.testing.assert_allclose(table.columns["smile"], smile, atol=1e-5)


def test_faces_without_names_are_followed_by_their_place(tmp_path: Path) -> None:
    left, right = face(1, 80), face(2, 80)
    header, *rows = [
        pyfeat_file(tmp_path / f"{k}.csv", of, without=["Identity"]).read_text().splitlines()
        for k, of in enumerate((left, right))
    ]
    names = header[0].split(",")
    at = names.index("FaceRectX")

    def placed(line: str, x: float) -> str:
        cells = line.split(",")
        cells[at] = f"{x:.1f}"
        return ",".join(cells)

    rng = np.random.default_rng(1)
    lines = [header[0]]
    for k in range(80):
        pair = [placed(header[k + 1], 80 + k / 4), placed(rows[0][k + 1], 420 - k / 4)]
        lines += pair if rng.random() < 0.5 else pair[::-1]
    file = tmp_path / "both.csv"
    file.write_text("\n".join(lines))
    same_face(readers.read(f"{file}#face=1", rate_hz=25.0), left)
    same_face(readers.read(f"{file}#2", rate_hz=25.0), right)
    with pytest.raises(SeriesError, match=r"2 faces \(1, 2\)"):
        readers.read(file, rate_hz=25.0)


@settings(max_examples=60, deadline=None)
@given(
    values=arrays(
        np.float64, st.tuples(st.integers(12, 40), st.integers(2, 5)),
        elements=st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 4)),
    ),
    mark=st.sampled_from([",", ";", "\t", " "]),
    header=st.booleans(),
    comma=st.booleans(),
    missing=st.sampled_from(["NA", "n/a", "#N/A", "-", "NaN"]),
    index=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, values: FloatArray, mark: str, header: bool, comma: bool,
    missing: str, index: bool, seed: int,
) -> None:  # fmt: skip
    rng = np.random.default_rng(seed)
    values = values + rng.normal(size=values.shape).round(3)  # nobody counts rows
    values[rng.random(values.shape) < 0.1] = np.nan
    assume(not np.isnan(values).all(axis=0).any())
    text = [[missing if np.isnan(x) else f"{x:.4f}" for x in row] for row in values]
    comma = comma and mark != ","
    if comma:
        text = [[cell.replace(".", ",") for cell in row] for row in text]
    if index:
        text = [[str(k), *row] for k, row in enumerate(text)]
    names = [f"c{k}" for k in range(len(text[0]))]
    lines = [mark.join(row) for row in ([names] if header else []) + text]
    file = tmp_path_factory.mktemp("table") / "made.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = readers.read(file, kind="series")
    np.testing.assert_allclose(np.column_stack(list(table.columns.values())), values.round(4), atol=1e-9)
    assert list(table.columns) == (names if header else [str(k + 1) for k in range(len(names))])[index:]


def test_the_clock_of_openface_without_a_rate(tmp_path: Path) -> None:
    file = openface_file(tmp_path / "a.csv", face(1, 200), rate_hz=1000.0)
    with pytest.raises(SeriesError, match="1 ms apart"):
        readers.read(file)
    table = readers.read(file, rate_hz=30.0)
    assert table.rate_hz == pytest.approx(30.0)
    assert "the stated rate counts" in table.notes[0]


def test_rows_of_every_12th_frame(tmp_path: Path) -> None:
    of = {name: values[::12] for name, values in face(1, 2400).items()}
    lines = pyfeat_file(tmp_path / "fex.csv", of).read_text().splitlines()
    at = lines[0].split(",").index("frame")
    skipped = [lines[0]]
    for line in lines[1:]:
        cells = line.split(",")
        cells[at] = str(12 * int(cells[at]))
        skipped.append(",".join(cells))
    (tmp_path / "fex.csv").write_text("\n".join(skipped))
    table = readers.read(tmp_path / "fex.csv", rate_hz=24.0)
    assert table.rate_hz == pytest.approx(2.0)
    assert table.even


def test_a_hash_in_a_folder_and_a_name_too_long(tmp_path: Path) -> None:
    folder = tmp_path / "Dyad #3"
    folder.mkdir()
    file = motion_energy_file(folder / "pair.txt", energy(1, 20), energy(2, 20))
    assert readers.split_part(file) == (file, None)
    assert readers.split_part(Path(f"{file}#2")) == (file, "2")
    with pytest.raises(SeriesError, match="There is no file"):
        readers.read(tmp_path / ("x" * 300 + ".csv"))


def test_a_name_with_a_hash_in_it_is_a_name(tmp_path: Path) -> None:
    file = motion_energy_file(tmp_path / "pair#2.txt", energy(1, 20), energy(2, 20))
    np.testing.assert_array_equal(readers.read(file).columns["motion"], energy(1, 20))


def test_kinds_and_rates_are_checked(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the kinds are"):
        readers.read(tmp_path / "x.csv", kind="video")
    with pytest.raises(UsageError, match="above 0"):
        readers.read(tmp_path / "x.csv", rate_hz=0.0)
    with pytest.raises(SeriesError, match="There is no file"):
        readers.read(tmp_path / "x.csv")
