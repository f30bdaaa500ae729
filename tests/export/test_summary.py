"""summary.json: keys of the contract, null where there was too little to say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_sessions import META, snapshots, store

from mirrorsync.export.summary import STATISTICS, SYNC_STATISTICS, summary, write_summary
from mirrorsync.session.store import SessionReader, SessionWriter
from mirrorsync.tables import SYNC_CHANNELS

CHANNELS = [
    "posture_alignment", "posture_alignment_anatomical", "expression_alignment", "head_synchrony",
    "body_synchrony", "expression_synchrony", "breathing_match", "mutual_gaze", "attunement",
    "pace_match",
]  # fmt: skip
GIVEN: dict[str, dict[str, float | None]] = {
    "head_synchrony": {"mean": 1 / 3, "p_value": float("nan"), "peak_lag_s": -0.8, "coverage": -0.0},
    "attunement": {"mean": np.float64(0.25), "effect_size": None, "surrogates": 100},
}


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[SessionReader]:
    with SessionReader(store(tmp_path / "s.mirrorsync", snapshots(50))) as opened:
        yield opened


def _written(reader: SessionReader, folder: Path) -> Any:
    write_summary(reader, GIVEN, folder)
    return json.loads((folder / "summary.json").read_text("utf-8"), parse_constant=pytest.fail)


def test_keys_are_those_of_the_contract(reader: SessionReader, tmp_path: Path) -> None:
    content = _written(reader, tmp_path)
    assert list(content) == [
        "channels", "parameters", "seed", "versions", "assets", "inputs", "duration_s", "ticks",
    ]  # fmt: skip
    assert list(content["channels"]) == CHANNELS
    common = {"mean", "chance_mean", "chance_sd", "effect_size", "p_value", "coverage"}
    common |= {"effect_low", "effect_high", "surrogate_z", "p_family", "p_family_below"}
    assert set(STATISTICS) == common
    for name, channel in content["channels"].items():
        lag = (
            {"peak_lag_s", "a_leads_share", "b_leads_share", "profile_power"}
            if name in SYNC_CHANNELS
            else set()
        )
        assert channel.keys() - {"surrogates"} == common | lag
    assert set(SYNC_STATISTICS) == {"peak_lag_s", "a_leads_share", "b_leads_share", "profile_power"}


def test_numbers_are_rounded_and_missing_ones_null(reader: SessionReader, tmp_path: Path) -> None:
    content = _written(reader, tmp_path)
    head = content["channels"]["head_synchrony"]
    assert (head["mean"], head["p_value"], head["peak_lag_s"]) == (0.333333, None, -0.8)
    assert str(head["coverage"]) == "0.0"
    assert head["a_leads_share"] is None
    assert set(content["channels"]["mutual_gaze"].values()) == {None}
    attunement = content["channels"]["attunement"]
    assert (attunement["mean"], attunement["effect_size"], attunement["surrogates"]) == (0.25, None, 100)


def test_it_says_what_the_session_was_made_from(reader: SessionReader, tmp_path: Path) -> None:
    content = _written(reader, tmp_path)
    assert (content["ticks"], content["duration_s"], content["seed"]) == (50, 2.0, 7)
    assert content["parameters"] == META.parameters
    assert list(content["versions"]) == ["mirrorsync", "python"]
    assert list(content["assets"]) == ["face_landmarker.task", "pose_landmarker_full.task"]
    assert content["inputs"] == [
        {"feed": "a.mp4", "sha256": "ef" * 32, "frames": 300, "fps": 29.97, "duration_s": 10.01},
        {"feed": "camera:0", "sha256": None, "frames": None, "fps": None, "duration_s": None},
    ]


def test_the_same_session_gives_the_same_bytes_whenever_it_was_made(tmp_path: Path) -> None:
    contents = set()
    for number, created in enumerate((None, "2026-01-31T14:05:09+01:00")):
        folder = tmp_path / str(number)
        folder.mkdir()
        with SessionWriter(folder / "s.mirrorsync", replace(META, created=created)) as writer:
            for one in snapshots(20):
                writer.add(one)
        with SessionReader(folder / "s.mirrorsync") as made:
            write_summary(made, GIVEN, folder)
        contents.add((folder / "summary.json").read_bytes())
    (content,) = contents
    assert content.endswith(b"}\n")
    assert b"\r" not in content


def test_refuses_a_channel_that_nobody_declared(reader: SessionReader) -> None:
    with pytest.raises(ValueError, match="no such channels"):
        summary(reader, {"charm": {"mean": 1.0}})
