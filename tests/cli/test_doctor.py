"""`mirrorsync doctor`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mirrorsync.__main__ import main


def findings(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, str]]:
    return {finding["what"]: finding for finding in json.loads(capsys.readouterr().out)}


def test_models_that_are_not_there_are_a_problem_with_a_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--json", "--models-dir", str(tmp_path)]) == 1
    found = findings(capsys)
    for name in ("face_landmarker.task", "pose_landmarker_full.task", "astronaut.png"):
        assert found[name]["state"] == "problem"
        assert "mirrorsync assets fetch" in found[name]["sentence"]
    assert found["speed"]["state"] == "problem"


def test_this_machine_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--json"])  # the exit code depends on how fast the machine is just now
    found = findings(capsys)
    assert "mediapipe 0.10.31" in found["versions"]["sentence"]
    for name in ("face_landmarker.task", "pose_landmarker_full.task", "astronaut.png"):
        assert found[name]["state"] == "ok"
    assert "ms a frame" in found["speed"]["sentence"]
    assert "landmarks" not in found  # the person in the portrait is found
