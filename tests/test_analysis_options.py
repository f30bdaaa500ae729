"""What may be asked of an analysis: stretches left out, no chance, landmarks, presets, all of it again."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from fake_landmarks import FakeLandmarker, Person
from made_videos import make_video

from mirrorsync.analysis import analyse_recordings
from mirrorsync.analysis.presets import PRESETS, preset_settings
from mirrorsync.engine.exclusion import Exclusion, joined
from mirrorsync.errors import SettingsError, UsageError
from mirrorsync.export.parquet_blocks import read_blocks, read_metadata
from mirrorsync.settings import Settings, load_settings
from mirrorsync.tables import CHANNELS
from mirrorsync.types import Frame

SETTINGS = Settings(rate_hz=10.0, window_s=2.0, lag_s=0.5, step_s=0.5, surrogates=2, baseline_s=0.0)
WILD_FROM_S, WILD_TO_S = 3.0, 5.0


def person(frame: Frame, *, wild: float = 0.0) -> Person:
    """Somebody who nods; `wild` adds to what is seen from 3 to 5 s."""
    t = frame.t_ns / 1e9
    extra = wild if WILD_FROM_S <= t < WILD_TO_S else 0.0
    return Person(pitch_deg=float(8 * np.sin(4 * t) + extra), x=float(0.05 * np.sin(2 * t)))


def somebody() -> FakeLandmarker:
    return FakeLandmarker(person)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_video(tmp_path_factory.mktemp("video"), "mp4v_25_mp4", frames=250))


def analysed(video: str, out: Path, settings: Settings, *, wild: float = 0.0) -> dict[str, Any]:
    analyse_recordings(
        video, video, out, settings, make_landmarker=lambda: FakeLandmarker(lambda f: person(f, wild=wild))
    )
    content: dict[str, Any] = json.loads((out / "summary.json").read_text("utf-8"))
    return content


def test_what_lies_in_an_excluded_stretch_changes_no_number(video: str, tmp_path: Path) -> None:
    settings = SETTINGS.with_(exclude="3-5")
    calm, wild = (analysed(video, tmp_path / n, settings, wild=w) for n, w in (("a", 0.0), ("b", 40.0)))
    assert calm == wild
    assert calm["parameters"]["exclude"] == "3-5"
    frames = rows(tmp_path / "a" / "frames.csv")
    assert len(frames) == calm["ticks"] == 100
    inside = [row for row in frames if 3 <= float(row["time_s"]) < 5]
    assert {row[name] for row in inside for name in (*CHANNELS, "lag_s")} == {""}
    assert {row["pose_a"] for row in inside} == {"0"}
    ends = [float(row["end_s"]) for row in rows(tmp_path / "a" / "windows.csv")]
    assert ends
    assert not [end for end in ends if 3 < end <= 5]
    whole = analysed(video, tmp_path / "c", SETTINGS, wild=40.0)["channels"]["posture_alignment"]
    assert whole["mean"] != wild["channels"]["posture_alignment"]["mean"]
    # Left out is not missing.
    assert wild["channels"]["posture_alignment"]["coverage"] == pytest.approx(whole["coverage"], abs=0.05)


def test_stretches_are_half_open_and_may_be_several() -> None:
    out = Exclusion(SETTINGS.with_(exclude=" 6-7.5 , 1-2"))
    times = np.array([0.99, 1.0, 1.99, 2.0, 5.0, 6.0, 7.49, 7.5])
    assert out.holds(np.round(times * 1e9).astype(np.int64)).tolist() == [0, 1, 1, 0, 0, 1, 1, 0]
    assert out
    assert not Exclusion(SETTINGS)


def test_stretches_that_overlap_or_touch_count_as_one() -> None:
    assert joined([(6.0, 7.0), (1.0, 3.0), (2.0, 2.5), (3.0, 4.0)]) == [(1.0, 4.0), (6.0, 7.0)]
    out = Exclusion(SETTINGS.with_(exclude="2-4, 1-3, 1.5-2, 4-5"))
    times = np.array([0.99, 1.0, 2.0, 3.0, 3.5, 4.0, 4.99, 5.0])
    assert out.holds(np.round(times * 1e9).astype(np.int64)).tolist() == [0, 1, 1, 1, 1, 1, 1, 0]


@pytest.mark.parametrize("wrong", ["5", "5-3", "a-b", "1-2 3-4", "-1-2", "3-3"])
def test_a_stretch_that_makes_no_sense_is_refused(wrong: str) -> None:
    with pytest.raises(SettingsError):
        Exclusion(SETTINGS.with_(exclude=wrong))


def test_the_configuration_given_back_gives_the_same_bytes(video: str, tmp_path: Path) -> None:
    settings = SETTINGS.with_(
        exclude="1-2", length_s=8.0, seed=5, label_a='Zoë "Z"', label_b="李 \\ B", landmarks=True, lag_s=0.7
    )
    analysed(video, tmp_path / "one", settings)
    again = load_settings(tmp_path / "one" / "config.toml")
    assert again == settings
    analysed(video, tmp_path / "two", again)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert one == two
    assert len(one) == 10


def test_without_chance_there_are_means_and_no_surrogates(video: str, tmp_path: Path) -> None:
    told = analysed(video, tmp_path / "out", SETTINGS.with_(chance=False))["channels"]
    assert told["posture_alignment"]["mean"] is not None
    assert {told[name]["chance_mean"] for name in CHANNELS} == {None}
    assert {told[name]["p_value"] for name in CHANNELS} == {None}


def test_all_landmarks_of_all_frames_are_written_when_asked(video: str, tmp_path: Path) -> None:
    analysed(video, tmp_path / "out", SETTINGS.with_(landmarks=True, length_s=2.0))
    for side in "ab":
        path = tmp_path / "out" / f"landmarks_{side}.parquet"
        table = pq.read_table(str(path))
        assert table.num_rows == 50
        assert table.column("time_s").to_pylist() == pytest.approx([k / 25 for k in range(50)])
        (block,) = read_blocks(path)
        assert block["face"].shape == (50, 478 * 3)
        assert block["head"].reshape(50, 4, 4)[3, 3] == pytest.approx([0, 0, 0, 1])
        assert block["pose"].reshape(50, 33, 3)[:, :, 0].max() < 1
        assert read_metadata(path)["feed"] == video


@pytest.mark.parametrize("name", ["rmea", "susy", "wcc"])
def test_a_preset_sets_the_windows_and_tells_the_peers_numbers(name: str, video: str, tmp_path: Path) -> None:
    settings = preset_settings(None, name, window_s=2.0, lag_s=1.0, step_s=1.0, rate_hz=10.0, surrogates=2)
    told = analysed(video, tmp_path / "out", settings)["preset"]
    assert told["method"] == name
    head = told["head_synchrony"]
    assert head["n_segments"] if name == "susy" else head["grand_average" if name == "rmea" else "mean"]
    assert preset_settings(None, name) == Settings(**PRESETS[name])
    short = analysed(video, tmp_path / "short", settings.with_(length_s=1.0))["preset"]
    assert set(short["head_synchrony"].values()) == {None}


def test_a_value_given_goes_before_the_preset_and_that_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("window_s = 9.0\nmax_gap_s = 0.4\nlag_s = 1.0\n", "utf-8")
    settings = preset_settings(tmp_path / "own.toml", "wcc", lag_s=3.0)
    assert (settings.window_s, settings.lag_s, settings.max_gap_s) == (10.0, 3.0, 0.4)
    with pytest.raises(UsageError, match="susy"):
        preset_settings(None, "sussy")
