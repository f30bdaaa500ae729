"""A session as a BIDS dataset, held against the published schema."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bidsschematools.rules import regexify_all
from bidsschematools.schema import load_schema
from made_sessions import META, TICK_NS, snapshots
from scipy.spatial.transform import Rotation

from mirrorsync.__main__ import main
from mirrorsync.analysis.formats import write_format
from mirrorsync.export.bids import subject_labels
from mirrorsync.export.formats import Format
from mirrorsync.export.landmarks_parquet import landmarks_writer, write_landmarks
from mirrorsync.export.summary import STATISTICS, SYNC_STATISTICS
from mirrorsync.features.head import head_angles
from mirrorsync.session.consent import Consent
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.store import SessionReader, SessionWriter
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import N_POSE, Features, Frame, Landmarks, Observation

N = 60
NOW = "2026-01-05T14:30:00+01:00"


def body(k: int, *, held: bool = False) -> Landmarks:
    """A body whose points all lie (k / 1000, 0.25, −0.5) m from the hips."""
    points = np.tile(np.array([k / 1000, 0.25, -0.5]), (N_POSE, 1))
    return Landmarks(0, 160, 90, pose=points, world=points, visibility=np.full(N_POSE, 0.5), body_held=held)


def recorded(path: Path, meta: SessionMeta = META) -> Path:
    """A session in which A agreed to landmarks; every tenth body is an older frame's."""
    consents = (Consent("a", NOW, True, landmarks=True), Consent("b", NOW, True))
    with SessionWriter(path, meta, consents=consents) as writer:
        for k, one in enumerate(snapshots(N)):
            writer.add_landmarks("a", body(k, held=k % 10 == 9), k * TICK_NS + 7_000_000)
            writer.add(one)
    return path


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("bids") / "session.mirrorsync")


@pytest.fixture(scope="module")
def dataset(session: Path) -> Path:
    return exported(session, session.parent / "dataset")


def exported(session: Path, out: Path) -> Path:
    assert main(["export", str(session), "--format", "bids", "--out", str(out)]) == 0
    return out


def content(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def motion(path: Path) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    """Return the columns of a `_motion.tsv`, which has no header, by the names of its `_channels.tsv`."""
    names = [row["name"] for row in table(path.with_name(path.name.replace("_motion", "_channels")))]
    cells = [line.split("\t") for line in path.read_text("ascii").splitlines()]
    values = np.array([[np.nan if cell == "n/a" else float(cell) for cell in row] for row in cells])
    return dict(zip(names, values.T, strict=True))


def files(dataset: Path, suffix: str) -> Iterator[Path]:
    found = sorted(dataset.glob(f"sub-*/motion/*_{suffix}"))
    assert found
    yield from found


def test_every_file_has_a_name_that_bids_knows(dataset: Path) -> None:
    rules, _ = regexify_all()
    raw = [path.relative_to(dataset).as_posix() for path in dataset.rglob("*") if path.is_file()]
    raw = [name for name in raw if not name.startswith("derivatives/")]
    assert len(raw) == 4 + 3 * 4
    for name in raw:
        assert any(re.match(rule["regex"], name) for rule in rules), name
    for rule in rules:
        if rule["mandatory"]:
            assert any(re.match(rule["regex"], name) for name in raw), rule["regex"]


def test_tables_and_sidecars_hold_what_the_schema_requires(dataset: Path) -> None:
    schema = load_schema()
    columns = schema.objects.columns
    wanted = schema.rules.tabular_data.motion.motionChannels
    first = [columns[key]["name"] for key in wanted["initial_columns"]]
    known = {columns[key]["name"] for key in wanted["columns"]}
    for path in files(dataset, "channels.tsv"):
        rows = table(path)
        assert list(rows[0])[: len(first)] == first
        assert set(rows[0]) <= known
        assert len({row["name"] for row in rows}) == len(rows)
        for row in rows:
            assert row["component"] in {*columns["component"]["enum"], "n/a"}
            assert row["type"] in columns["type__channels"]["enum"]
            assert all(row.values())
        levels = content(path.with_suffix(".json"))["reference_frame"]["Levels"]
        assert {row["reference_frame"] for row in rows} - {"n/a"} == set(levels)
        for level in levels.values():
            assert level["RotationRule"] in schema.objects.metadata.RotationRule["enum"]
            assert level["RotationOrder"] in schema.objects.metadata.RotationOrder["enum"]
            assert re.fullmatch("[FB_LRUD]{3}", level["SpatialAxes"])
    groups = schema.rules.sidecars.motion
    fields = {name: field for group in groups.values() for name, field in group["fields"].items()}
    required = [n for n, f in fields.items() if (f if isinstance(f, str) else f["level"]) == "required"]
    counts = {name for name in fields if name.endswith("ChannelCount")} - {"MISCChannelCount"}
    assert "SamplingFrequency" in required
    for path in files(dataset, "motion.json"):
        sidecar = content(path)
        assert set(required) | counts <= set(sidecar)
        assert set(sidecar) <= set(fields)
        rows = table(path.with_name(path.name.replace("_motion.json", "_channels.tsv")))
        assert (
            sidecar["MotionChannelCount"]
            == len(rows)
            == sum(sidecar[name] for name in counts - {"MotionChannelCount"})
        )
        assert sidecar["SamplingFrequency"] == 25.0
        assert sidecar["SamplingFrequencyEffective"] == pytest.approx(25.0)
    described = schema.rules.json.dataset if "json" in schema.rules else schema.rules.dataset_metadata
    must = [
        name for name, f in described.dataset_description["fields"].items()
        if (f if isinstance(f, str) else f["level"]) == "required"
    ]  # fmt: skip
    for folder in (dataset, dataset / "derivatives" / "mirrorsync"):
        description = content(folder / "dataset_description.json")
        assert {*must, "GeneratedBy"} <= set(description)
    assert content(dataset / "dataset_description.json")["DatasetType"] == "raw"
    assert description["DatasetType"] == "derivative"


def test_angles_are_those_of_the_session(session: Path, dataset: Path) -> None:
    with SessionReader(session) as reader:
        block = reader.read()
    for subject, values in (("Zoe", block.features_a), ("ukasz", block.features_b)):
        found = motion(
            dataset
            / f"sub-{subject}"
            / "motion"
            / f"sub-{subject}_task-interaction_tracksys-angles_motion.tsv"
        )
        np.testing.assert_allclose(found["latency"], block.time_s)
        for name, feature, sign in (
            ("Head_x", "head_pitch", -1), ("Head_y", "head_yaw", 1), ("Head_z", "head_roll", -1),
            ("Shoulders_z", "shoulder_roll", 1), ("LeftElbow", "elbow_left", 1),
            ("RightUpperArm", "upper_arm_right", 1),
        ):  # fmt: skip
            np.testing.assert_allclose(found[name], sign * values[:, FEATURE_INDEX[feature]], atol=5.1e-5)
        assert np.isnan(found["Head_x"]).any()


def test_the_rotations_are_what_the_reference_frame_says() -> None:
    turned = {"X": -20.0, "Y": 35.0, "Z": 15.0}
    order = "ZXY"  # about fixed axes: lower case for SciPy
    head = np.eye(4, dtype=np.float32)
    head[:3, :3] = Rotation.from_euler(
        order.lower(), [turned[axis] for axis in order], degrees=True
    ).as_matrix()
    yaw, pitch, roll = head_angles(head)
    assert (-pitch, yaw, -roll) == pytest.approx(tuple(turned.values()), abs=1e-4)


def test_points_are_written_where_somebody_agreed_and_a_held_body_is_missing(dataset: Path) -> None:
    (path,) = dataset.glob("sub-*/motion/*tracksys-pose_motion.tsv")
    found = motion(path)
    np.testing.assert_allclose(found["latency"], [k * 0.04 + 0.007 for k in range(N)])
    held = np.arange(N) % 10 == 9
    for name, want in (
        ("LeftWrist_x", np.arange(N) / 1000), ("Nose_y", -0.25), ("Nose_z", 0.5),
        ("RightAnkle_visibility", 0.5),
    ):  # fmt: skip
        np.testing.assert_allclose(found[name], np.where(held, np.nan, want), atol=1e-4)
    assert len(found) == 1 + 4 * N_POSE


def test_kept_points_of_a_stretch_that_is_left_out_are_missing(session: Path, tmp_path: Path) -> None:
    write_format(session, Format.BIDS, tmp_path / "less", excluded=[(0.4, 0.8)])
    (path,) = (tmp_path / "less").glob("sub-*/motion/*tracksys-pose_motion.tsv")
    found = motion(path)
    gone = (found["latency"] >= 0.4) & (found["latency"] < 0.8)
    assert gone.sum() == 10
    held = np.arange(N) % 10 == 9
    np.testing.assert_array_equal(np.isnan(found["Nose_x"]), gone | held)


def test_points_beside_an_analysis_are_brought_to_the_clock_of_the_session(tmp_path: Path) -> None:
    meta = replace(META, parameters={"rate_hz": 25.0, "offset_s": 1.5})
    with SessionWriter(tmp_path / "session.mirrorsync", meta) as writer:
        for one in snapshots(N):
            writer.add(one)
    nothing = Features(0, np.full(N_FEATURES, np.nan), np.zeros(N_FEATURES))
    for side, feed in (("a", "another film.mp4"), ("b", META.feed_b)):
        with landmarks_writer(tmp_path, side, feed) as file:
            for k in range(50):
                frame = Frame(feed, k, 2_000_000_000 + k * 20_000_000, np.zeros((1, 1, 3), np.uint8))
                write_landmarks(file, Observation(frame, body(k), nothing))
    out = exported(tmp_path / "session.mirrorsync", tmp_path / "out")
    (path,) = out.glob("sub-*/motion/*tracksys-pose_motion.tsv")  # A's are those of another film
    assert path.name.startswith("sub-ukasz_")
    found = motion(path)
    np.testing.assert_allclose(found["latency"], [0.5 + k * 0.02 for k in range(50)])
    np.testing.assert_allclose(found["LeftKnee_x"], [k / 1000 for k in range(50)], atol=1e-4)
    assert content(path.with_suffix(".json"))["SamplingFrequency"] == pytest.approx(50.0)
    write_format(tmp_path / "session.mirrorsync", Format.BIDS, tmp_path / "less", excluded=[(0.7, 0.9)])
    (path,) = (tmp_path / "less").glob("sub-*/motion/*tracksys-pose_motion.tsv")
    gone = motion(path)
    np.testing.assert_array_equal(gone["latency"], found["latency"])  # rows stay
    assert np.flatnonzero(np.isnan(gone["LeftKnee_x"])).tolist() == list(range(10, 20))


def test_scores_are_a_derivative_of_the_dyad(dataset: Path) -> None:
    rows = table(dataset / "participants.tsv")
    assert [(row["participant_id"], row["person"]) for row in rows] == [("sub-Zoe", "A"), ("sub-ukasz", "B")]
    (dyad,) = {row["dyad"] for row in rows}
    scores = dataset / "derivatives" / "mirrorsync" / f"dyad-{dyad}"
    assert {"frames.csv", "windows.csv", "columns.csv", "summary.json"} <= {p.name for p in scores.iterdir()}
    told = (scores.parent / "README").read_text("utf-8")
    assert all(f"* {name}: " in told for name in STATISTICS + SYNC_STATISTICS)


def test_sessions_join_and_what_was_filled_in_stays(session: Path, tmp_path: Path) -> None:
    out = exported(session, tmp_path / "study")
    mine = {**content(out / "dataset_description.json"), "Authors": ["Us"]}
    (out / "dataset_description.json").write_text(json.dumps(mine), "utf-8")
    header, *rows = (out / "participants.tsv").read_text("utf-8").splitlines()
    filled = [f"{header}\tage", *(f"{row}\t{30 + k}" for k, row in enumerate(rows))]
    (out / "participants.tsv").write_text("\n".join(filled) + "\n", "utf-8")
    other = recorded(tmp_path / "other.mirrorsync", replace(META, label_a="07A", label_b="07B"))
    for one in (other, session):
        exported(one, out)
    people = {row["participant_id"]: row for row in table(out / "participants.tsv")}
    assert {name: row["age"] for name, row in people.items()} == {
        "sub-07A": "n/a", "sub-07B": "n/a", "sub-Zoe": "30", "sub-ukasz": "31",
    }  # fmt: skip
    assert people["sub-07A"]["dyad"] == people["sub-07B"]["dyad"] != people["sub-Zoe"]["dyad"]
    assert {path.name for path in out.glob("sub-*")} == set(people)
    assert content(out / "dataset_description.json")["Authors"] == ["Us"]


def test_a_namesake_of_another_session_is_refused(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = exported(session, tmp_path / "study")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    other = recorded(tmp_path / "other.mirrorsync", replace(META, label_a="ZOE"))
    assert main(["export", str(other), "--format", "bids", "--out", str(out)]) == 1
    assert "sub-Zoe of another session already" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_an_empty_session_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    SessionWriter(tmp_path / "s.mirrorsync", META).close()
    args = ["export", str(tmp_path / "s.mirrorsync"), "--format", "bids", "--out", str(tmp_path / "out")]
    assert main(args) == 1
    assert "no measurements" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_same_session_gives_the_same_bytes(session: Path, dataset: Path, tmp_path: Path) -> None:
    again = exported(session, tmp_path / "again")
    prints = [
        {path.relative_to(of): path.read_bytes() for path in of.rglob("*") if path.is_file()}
        for of in (dataset, again)
    ]
    assert prints[0] == prints[1]


@pytest.mark.parametrize(
    ("labels", "subjects"),
    [
        (("A", "B"), ("A", "B")),
        (("You", "Partner 2"), ("You", "Partner2")),
        (("李", "__"), ("A", "B")),
        (("Kim", "kim"), ("KimA", "kimB")),
        (("é\t\n", "=x"), ("e", "x")),
    ],
)
def test_labels_become_letters_and_digits(labels: tuple[str, str], subjects: tuple[str, str]) -> None:
    assert subject_labels(replace(META, label_a=labels[0], label_b=labels[1])) == subjects
