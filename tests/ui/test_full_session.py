"""A full session on a real screen: a call is captured from it, every exercise is done, the window closed."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_screen import real_screen

from mirrorsync.assets import asset_path
from mirrorsync.errors import AssetError
from mirrorsync.journal import Journal
from mirrorsync.session.reader import SessionReader

HERE = Path(__file__).parent
DEADLINE_S = 240.0
PLACE = (820, 40, 640, 480)


@pytest.fixture
def display() -> Iterator[str]:
    with real_screen(1920, 1080) as name:
        yield name


def test_a_whole_session_on_a_real_screen(display: str, tmp_path: Path) -> None:
    try:
        for name in ("pose_landmarker_full.task", "face_landmarker.task", "astronaut.png"):
            asset_path(name)
    except AssetError as error:
        pytest.skip(str(error))
    environment = {
        **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb",
        "PYTHONPATH": str(HERE.parents[1]), "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }  # fmt: skip
    player = subprocess.Popen(
        [sys.executable, str(HERE / "picture_player.py"), *map(str, PLACE), "portrait:partner"],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert player.stdout is not None
        assert player.stdout.readline() == "playing\n"
        feed = "screen:" + ",".join(map(str, PLACE))
        done = subprocess.run(
            [sys.executable, str(HERE / "full_session_driver.py"), str(tmp_path), "portrait:you", feed],
            env=environment, capture_output=True, text=True, timeout=DEADLINE_S, check=False,
        )  # fmt: skip
    finally:
        assert player.stdin is not None
        player.stdin.close()
        player.wait(10)
        if player.stdout is not None:
            player.stdout.close()
    assert done.returncode == 0, done.stderr
    path = Path(json.loads(done.stdout.splitlines()[-1])["session"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with SessionReader(path) as reader:
        assert reader.complete
        assert reader.ticks > 100
        assert [(one.person, one.scores, one.video) for one in reader.consents] == [
            ("a", True, False), ("b", True, False),
        ]  # fmt: skip
        kept = {event.kind: event.data for event in reader.events()}
    assert kept["practice.warmup"]["completed"]
    assert kept["practice.breathing"]["chosen_per_min"] == 6.0
    assert kept["practice.mutual_gaze"]["answer"] == "Calm"
    assert kept["mirror"]["choice"] == "mirror"
    with Journal(tmp_path / "journal.db") as journal:
        done_in_call = {entry.data["exercise"]: entry.text for entry in journal.entries(kinds=("practice",))}
    assert done_in_call.keys() == {"warmup", "breathing", "mutual_gaze"}
    assert done_in_call["mutual_gaze"].endswith("Calm")
    pictures = {picture.stem for picture in tmp_path.glob("*.png")}
    assert pictures >= {"recording", "warmup", "breathing", "gaze_question", "cues", "compact"}
