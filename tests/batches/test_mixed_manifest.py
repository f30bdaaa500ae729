"""One manifest with everything that may stand in it: pictures, and series of four kinds of files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from made_series import energy, face, later, motion_energy_file, openface_file, pyfeat_file
from made_videos import make_video

from mirrorsync.batches import BatchOptions, run_batch
from mirrorsync.settings import Settings

N = 1000
SETTINGS = Settings(rate_hz=5.0, window_s=1.0, lag_s=0.4, step_s=0.4, mirror="anatomical")
ANALYSIS = {
    "frames.csv",
    "features_a.csv",
    "features_b.csv",
    "windows.csv",
    "turns.csv",
    "columns.csv",
    "config.toml",
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mixed")
    a = face(1, N)
    b = later(a, 5, face(2, N))
    for name, of in (("a", a), ("b", b)):
        openface_file(folder / f"{name}_openface.csv", of)
        pyfeat_file(folder / f"{name}_fex.csv", of)
    motion_energy_file(folder / "mea.txt", energy(1, N), energy(2, N))
    plain = np.column_stack([a["pitch"], b["pitch"]])
    np.savetxt(folder / "plain.csv", plain, delimiter=",", header="a,b", comments="")
    video = make_video(folder, "mp4v_25_mp4", frames=30).name
    (folder / "dyads.csv").write_text(
        "id,a,b,rate,kind\n"
        f"video,{video}#left,{video}#right,,pictures\n"
        "openface,a_openface.csv,b_openface.csv,,face\n"
        "pyfeat,a_fex.csv,b_fex.csv,25,face\n"
        "mea,mea.txt,mea.txt,25,motion\n"
        "plain,plain.csv,plain.csv,25,other\n"
        "unlike,a_openface.csv,mea.txt#2,25,other\n"
        f"half,{video},a_openface.csv,25,other\n",
        "utf-8",
    )
    options = BatchOptions(workers=1, tables=True, pseudo=10)
    done = run_batch(folder / "dyads.csv", folder / "out", SETTINGS, options)
    assert set(done.errors) == {"unlike", "half"}
    return done.folder


def test_each_dyad_has_the_channels_that_its_files_can_tell(out: Path) -> None:
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["video", "openface", "pyfeat", "mea", "plain", "unlike", "half"]
    told = {
        name: {
            key.removesuffix("_mean") for key, cell in row.items() if key.endswith("synchrony_mean") and cell
        }
        for name, row in rows.items()
    }
    assert told["openface"] == told["pyfeat"] == {"head_series_synchrony", "expression_series_synchrony"}
    assert told["mea"] == {"body_series_synchrony"}
    assert told["plain"] == {"series_synchrony"}
    assert told["unlike"] == told["half"] == set()
    # Both programs measured the same two faces, the second a fifth of a second after the first.
    assert float(rows["openface"]["head_series_synchrony_peak_lag_s"]) == pytest.approx(0.2, abs=0.05)
    assert float(rows["pyfeat"]["head_series_synchrony_peak_lag_s"]) == pytest.approx(0.2, abs=0.05)


def test_what_cannot_be_compared_is_told_in_a_sentence(out: Path) -> None:
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        said = {row["id"]: row["error"] for row in csv.DictReader(file)}
    assert "a_openface.csv (openface: head_pitch, head_yaw, head_roll, smile and 3 more)" in said["unlike"]
    assert "give two files of one kind" in said["unlike"]
    assert "a_openface.csv is a text file, not a video" in said["half"]


def test_strangers_are_drawn_where_they_can_be_compared(out: Path) -> None:
    about = json.loads((out / "batch.json").read_text("utf-8"))
    assert about["pseudo_dyads"] == about["pseudo_dyads_possible"] == 2
    with (out / "pseudo.csv").open(encoding="utf-8", newline="") as file:
        drawn = {
            (row["a_of"], row["b_of"]): float(row["head_series_synchrony_mean"])
            for row in csv.DictReader(file)
        }
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        real = {row["id"]: row["head_series_synchrony_mean"] for row in csv.DictReader(file)}
    assert set(drawn) == {("openface", "pyfeat"), ("pyfeat", "openface")}
    # The same two faces again, each file at its own rate.
    for mean in drawn.values():
        assert mean == pytest.approx(float(real["openface"]), abs=0.02)


def test_tables_are_written_of_pictures_and_a_summary_of_series(out: Path) -> None:
    assert {one.name for one in (out / "dyads" / "video").iterdir()} >= ANALYSIS | {"summary.json"}
    assert {one.name for one in (out / "dyads" / "mea").iterdir()} == {"summary.json"}
    assert set(json.loads((out / "dyads" / "mea" / "summary.json").read_text("utf-8"))["channels"])


def test_faces_without_success_are_refused_and_not_scored_by_their_row_numbers(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 2)):
        openface_file(tmp_path / f"{name}.csv", face(seed, N), without=["success"])
        np.savetxt(tmp_path / f"{name}_own.csv", np.column_stack([np.arange(N), face(seed, N)["pitch"]]),
                   delimiter=",", header="frame,tilt", comments="")  # fmt: skip
    (tmp_path / "dyads.csv").write_text(
        "id,a,b,rate\nfaces,a.csv,b.csv,25\nown,a_own.csv,b_own.csv,25\n", "utf-8"
    )
    done = run_batch(tmp_path / "dyads.csv", tmp_path / "out", SETTINGS, BatchOptions(workers=1, pseudo=0))
    assert set(done.errors) == {"faces"}
    assert "lacks success, which OpenFace writes" in done.errors["faces"]
    told = json.loads((done.folder / "dyads" / "own" / "summary.json").read_text("utf-8"))["channels"]
    assert told["series_synchrony"]["mean"] < 0.5  # of the tilts; row numbers would give 1


def test_a_dyad_that_cannot_even_be_planned_stands_in_the_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    motion_energy_file(tmp_path / "mea.txt", energy(1, N), energy(2, N))
    (tmp_path / "dyads.csv").write_text(
        "id,a,b,rate,offset\ngood,mea.txt,mea.txt,25,\nbad,mea.txt,mea.txt,25,36000\n", "utf-8"
    )
    monkeypatch.setattr("mirrorsync.batches.manifest._offset", lambda _, cell: float(cell or "nan"))
    done = run_batch(tmp_path / "dyads.csv", tmp_path / "out", SETTINGS, BatchOptions(workers=1, pseudo=0))
    assert list(done.errors) == ["bad"]
    assert "offset_s takes a number from -3600 to 3600" in done.errors["bad"]
    assert (done.folder / "dyads" / "good" / "summary.json").is_file()


def test_of_an_earlier_run_nothing_is_left_that_contradicts_the_new_one(tmp_path: Path) -> None:
    video = make_video(tmp_path, "mp4v_25_mp4", frames=30).name
    manifest = tmp_path / "dyads.csv"
    manifest.write_text(f"id,a,b\none,{video}#left,{video}#right\ntwo,{video}#left,{video}\n", "utf-8")
    out, options = tmp_path / "out", BatchOptions(workers=1, pseudo=0)
    run_batch(manifest, out, SETTINGS, BatchOptions(workers=1, pseudo=0, tables=True))
    (out / "dyads" / "two" / "notes.txt").write_text("mine")
    assert {one.name for one in (out / "dyads" / "one").iterdir()} >= ANALYSIS
    manifest.write_text(f"id,a,b\none,{video}#left,{video}#right\ntwo,gone.mp4,{video}\n", "utf-8")
    done = run_batch(manifest, out, SETTINGS.with_(window_s=2.0), options)
    assert set(done.errors) == {"two"}
    assert [one.name for one in (out / "dyads" / "one").iterdir()] == ["summary.json"]
    assert [one.name for one in (out / "dyads" / "two").iterdir()] == ["notes.txt"]
    # And back again: the tables are written anew.
    run_batch(manifest, out, SETTINGS, BatchOptions(workers=1, pseudo=0, tables=True))
    assert {one.name for one in (out / "dyads" / "one").iterdir()} >= ANALYSIS


def test_strangers_that_share_no_moment_are_listed_with_their_sentence_and_partials_go(
    tmp_path: Path,
) -> None:
    lines = []
    for name, seen in (("early", slice(0, N // 2)), ("late", slice(N // 2, N))):
        values = np.full((N, 2), np.nan)
        values[seen] = np.column_stack([face(1, N)["pitch"], face(2, N)["pitch"]])[seen]
        np.savetxt(tmp_path / f"{name}.csv", values, delimiter=",", header="a,b", comments="")
        lines.append(f"{name},{name}.csv,{name}.csv,25\n")
    (tmp_path / "dyads.csv").write_text("id,a,b,rate\n" + "".join(lines), "utf-8")
    options = BatchOptions(workers=1)
    out = run_batch(tmp_path / "dyads.csv", tmp_path / "out", SETTINGS, options).folder
    with (out / "pseudo.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["a_of"], row["b_of"]) for row in rows} == {("early", "late"), ("late", "early")}
    for row in rows:
        assert "fewer than 5 windows" in row["error"]
        assert row["series_synchrony_mean"] == ""
    with (out / "columns.csv").open(encoding="utf-8", newline="") as file:
        known = {row["column"] for row in csv.DictReader(file) if row["file"] == "pseudo.csv"}
    assert known == set(rows[0])
    # A killed worker leaves what it had begun; the next run takes it away.
    whole = next((out / "work" / "scores").glob("[!.]*"))
    (whole.parent / f".{whole.name}.4711").write_text("{")
    (whole.parent / ".other.json.4712").write_text("{")  # may be at work
    run_batch(tmp_path / "dyads.csv", tmp_path / "out", SETTINGS, options)
    assert [one.name for one in whole.parent.glob(".*")] == [".other.json.4712"]
