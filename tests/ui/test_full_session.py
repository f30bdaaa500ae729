"""A full session on a real screen: a call is captured from it, every exercise is done, the window closed.

`MIRRORSYNC_PICTURES` names a folder in which a picture of every state is left, light and dark.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from full_session_driver import TOO_SLOW
from patience import PROGRAM_PATH, patient_s
from real_screen import real_screen

from mirrorsync.assets import asset_path
from mirrorsync.capture.portrait import PortraitSource
from mirrorsync.demo.curves import ground_truth
from mirrorsync.errors import AssetError
from mirrorsync.journal import Journal
from mirrorsync.session.reader import SessionReader

HERE = Path(__file__).parent
DEADLINE_S = patient_s(240.0)
SECONDS, FPS, SIZE = 150.0, 10.0, (480, 360)
PLACE = (0, 810, 640, 480)  # below the window, on a screen as wide as a small laptop's
PICTURES = "MIRRORSYNC_PICTURES"
STATES = {
    "idle", "consent", "recording", "list", "warmup_question", "warmup_posture", "warmup_unseen",
    "warmup_gaze", "warmup_done", "breathing_begins", "breathing_in", "breathing_out", "gaze_ready",
    "gaze_unmeasured", "gaze_calibrating_partner", "gaze_calibrating_camera", "gaze_together",
    "gaze_grounding", "gaze_question", "gaze_done", "labelling_explained", "labelling_listening",
    "labelling_invited", "labelling_written", "labelling_answered", "cues", "compact",
}  # fmt: skip


@pytest.fixture
def display() -> Iterator[str]:
    with real_screen(1280, 1300) as name:
        yield name


def _yourself(folder: Path) -> Path:
    """Write a video of somebody who sits and listens; drawing it live would take what the landmarks need."""
    times = np.arange(round(SECONDS * FPS)) / FPS
    still = {name: np.zeros_like(times) for name in ("smile", "jaw", "brows")}
    calm = {name: values / 4 for name, values in ground_truth("you", times, seconds=SECONDS).items()}
    path = folder / "you.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, SIZE)
    for frame in PortraitSource("you", seconds=SECONDS, fps=FPS, size=SIZE, curves=calm | still):
        writer.write(cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2BGR))
    writer.release()
    return path


@pytest.mark.alone
def test_a_whole_session_on_a_real_screen(display: str, tmp_path: Path) -> None:
    try:
        for name in ("pose_landmarker_full.task", "face_landmarker.task", "astronaut.png"):
            asset_path(name)
    except AssetError as error:
        pytest.skip(str(error))
    environment = {
        **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb",
        "PYTHONPATH": PROGRAM_PATH, "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }  # fmt: skip
    command = [sys.executable, str(HERE / "full_session_driver.py"), str(tmp_path), str(_yourself(tmp_path))]
    command += map(str, PLACE)
    pictures = tmp_path
    if named := os.environ.get(PICTURES):
        pictures = Path(named)
        pictures.mkdir(parents=True, exist_ok=True)
        command.append(str(pictures))
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )
    if done.returncode == TOO_SLOW:
        pytest.skip(f"too slow a machine: {done.stdout}")
    assert done.returncode == 0, done.stderr
    path = Path(json.loads(done.stdout.splitlines()[-1])["session"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with SessionReader(path) as reader:
        assert reader.complete
        assert reader.ticks > 100
        assert [(one.person, one.scores, one.video) for one in reader.consents] == [
            ("a", True, False), ("b", True, False),
        ]  # fmt: skip
        events = list(reader.events())
    kept = {event.kind: event.data for event in events}
    assert kept["practice.warmup"]["completed"]
    assert (kept["practice.warmup"]["learnt_a"], kept["practice.warmup"]["learnt_b"]) == (True, True)
    assert kept["practice.breathing"]["chosen_per_min"] == 6.0
    gaze = kept["practice.mutual_gaze"]
    assert (gaze["answer"], gaze["completed"], gaze["groundings"]) == ("Calm", True, 1)
    measured = [one.data["side"] for one in events if one.kind == "neutral" and one.data["cause"] == "gaze"]
    assert set(measured) == {"a", "b"}
    label = kept["practice.emotion_label"]
    assert (label["pattern"], label["outcome"], label["clarified_as"]) == ("surprise", "clarified", "relief")
    assert kept["mirror"]["choice"] == "mirror"
    with Journal(tmp_path / "journal.db") as journal:
        (ref,) = journal.sessions()
        written = journal.entries(session=ref.id)
    assert sorted(one.data["exercise"] for one in written if one.kind == "practice") == [
        "breathing", "mutual_gaze", "warmup",
    ]  # fmt: skip
    assert [one.text for one in written if one.kind == "reflection"] == ["Calm"]
    assert [one.text for one in written if one.kind == "emotion_label"] == [f"{label['seen']}: “relief”."]
    assert {picture.stem for picture in pictures.glob("*.png")} >= STATES
