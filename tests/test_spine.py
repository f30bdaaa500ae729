"""The whole way, from pixels through real MediaPipe to CSVs: what was scripted is what is found."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from mirrorsync.__main__ import main
from mirrorsync.cli.meters import phase_lag
from mirrorsync.demo.curves import Phase, script
from mirrorsync.session.store import SessionReader
from mirrorsync.tables import FEATURE_NAMES, SYNC_CHANNELS
from mirrorsync.types import WindowRow

SECONDS = 48.0
TICK_S = 1 / 25
PAIR = ("portrait:you", "portrait:partner")

# contract.md, to the letter
FRAMES = [
    "tick", "time_s", "pose_a", "pose_b", "face_a", "face_b", "posture_alignment",
    "posture_alignment_anatomical", "expression_alignment", "head_synchrony", "body_synchrony",
    "expression_synchrony", "lag_s", "mutual_gaze", "breathing_match", "attunement", "coverage",
    "pace_match", "voice_a", "voice_b", "floor",
]  # fmt: skip
WINDOWS = [
    "channel", "window", "start_s", "end_s", "r_zero", "z_mean_abs", "peak_r", "peak_lag_s", "leader",
    "coverage",
]  # fmt: skip
CHANNELS = [
    "posture_alignment", "posture_alignment_anatomical", "expression_alignment", "head_synchrony",
    "body_synchrony", "expression_synchrony", "breathing_match", "mutual_gaze", "attunement",
    "pace_match",
]  # fmt: skip
STATISTICS = {"mean", "chance_mean", "chance_sd", "effect_size", "p_value", "coverage"}
FILES = {
    "frames.csv", "features_a.csv", "features_b.csv", "windows.csv", "turns.csv", "summary.json",
    "columns.csv", "config.toml",
}  # fmt: skip


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("spine") / "out"
    assert main(["analyze", *PAIR, "--seconds", str(SECONDS), "--out", str(out), "--keep-session"]) == 0
    return out


@pytest.fixture(scope="module")
def windows(results: Path) -> list[WindowRow]:
    with SessionReader(results / "session.mirrorsync") as reader:
        return list(reader.windows())


PHASES = script(SECONDS)


@pytest.mark.parametrize("phase", [p for p in PHASES if math.isfinite(p.lag_s)], ids=lambda p: p.name)
@pytest.mark.parametrize("channel", SYNC_CHANNELS)
def test_the_scripted_lag_is_found_within_a_frame(
    windows: list[WindowRow], phase: Phase, channel: str
) -> None:
    assert phase_lag(windows, phase, channel) == pytest.approx(phase.lag_s, abs=TICK_S)


@pytest.mark.parametrize("phase", [p for p in PHASES if math.isfinite(p.lag_s)], ids=lambda p: p.name)
def test_the_leader_of_a_phase_is_the_scripted_one(results: Path, phase: Phase) -> None:
    leader = "a" if phase.lag_s > 0 else "b"
    with SessionReader(results / "session.mirrorsync") as reader:
        # windows of 5 s and the smoothed profile behind the leader need time to leave the phase before
        block = reader.read(max(phase.start_s + 8.0, 12.0), phase.end_s - 0.5)
    said = block.leader[block.leader != "none"]
    assert said.size > 0.5 * len(block)
    assert (said == leader).all()


def test_the_unrelated_phase_stays_near_chance(results: Path, windows: list[WindowRow]) -> None:
    (phase,) = (p for p in PHASES if p.kind == "unrelated")
    with SessionReader(results / "session.mirrorsync") as reader:
        block = reader.read(phase.start_s + 7.0, phase.end_s)
    for channel in SYNC_CHANNELS:
        assert abs(np.nanmean(block.scores[channel].value)) < 0.25, channel
        assert math.isnan(phase_lag(windows, phase, channel)), channel


def test_every_file_and_column_of_the_contract_is_there(results: Path) -> None:
    assert {path.name for path in results.iterdir()} == FILES | {"session.mirrorsync"}
    frames = rows_of(results / "frames.csv")
    assert list(frames[0]) == FRAMES
    assert len(frames) == pytest.approx(SECONDS * 25, abs=2)
    assert list(rows_of(results / "windows.csv")[0]) == WINDOWS
    for name in ("features_a.csv", "features_b.csv"):
        assert list(rows_of(results / name)[0]) == ["time_s", *FEATURE_NAMES]
    summary = json.loads((results / "summary.json").read_text("utf-8"))
    assert set(summary) >= {
        "channels",
        "parameters",
        "seed",
        "versions",
        "assets",
        "inputs",
        "duration_s",
        "ticks",
    }
    assert list(summary["channels"]) == CHANNELS
    for name, statistics in summary["channels"].items():
        wanted = STATISTICS | (
            {"peak_lag_s", "a_leads_share", "b_leads_share"} if name in SYNC_CHANNELS else set()
        )
        assert wanted <= set(statistics), name
    described = {(row["file"], row["column"]) for row in rows_of(results / "columns.csv")}
    assert described >= {("frames.csv", name) for name in FRAMES} | {
        ("windows.csv", name) for name in WINDOWS
    }


def test_both_people_are_seen_and_scored_almost_all_the_time(results: Path) -> None:
    frames = rows_of(results / "frames.csv")
    for name in ("pose_a", "pose_b", "face_a", "face_b"):
        assert sum(row[name] == "1" for row in frames) >= 0.98 * len(frames), name
    scores = [row["attunement"] for row in frames[15 * 25 :]]
    assert sum(score != "" for score in scores) >= 0.95 * len(scores)
    assert all(0.0 <= float(score) <= 1.0 for score in scores if score)


def test_what_was_scripted_to_follow_is_told_from_chance(results: Path) -> None:
    channels = json.loads((results / "summary.json").read_text("utf-8"))["channels"]
    for name in SYNC_CHANNELS:
        assert channels[name]["effect_size"] > 2.0, name
        assert channels[name]["p_value"] < 0.05, name


def assert_same_bytes(a: Path, b: Path) -> None:
    assert {path.name for path in a.iterdir()} == {path.name for path in b.iterdir()} == FILES
    for path in a.iterdir():
        assert path.read_bytes() == (b / path.name).read_bytes(), path.name


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert main(["analyze", *PAIR, "--seconds", "3", "--out", str(tmp_path / name)]) == 0
    assert_same_bytes(tmp_path / "one", tmp_path / "two")


@pytest.mark.media
def test_two_real_clips_give_the_same_bytes_twice(tmp_path: Path, shared_media: Path) -> None:
    feeds = [str(shared_media / name) for name in ("reg_carphone.mp4", "reg_pyfeat_single_face.mp4")]
    for name in ("one", "two"):
        assert main(["analyze", *feeds, "--out", str(tmp_path / name)]) == 0
    assert_same_bytes(tmp_path / "one", tmp_path / "two")
    frames = rows_of(tmp_path / "one" / "frames.csv")
    assert sum(row["face_a"] == "1" for row in frames) > 50
