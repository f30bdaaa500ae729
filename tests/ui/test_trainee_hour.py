"""A trainee's hour on a real screen: open, split, analyse, offset, play, reflect, write, report, reopen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_calls import make_call
from patience import PROGRAM_PATH, patient_s
from real_screen import real_screen

from mirrorsync.assets import asset_path
from mirrorsync.errors import AssetError
from mirrorsync.journal import Journal
from mirrorsync.session.reader import SessionReader

HERE = Path(__file__).parent
DEADLINE_S = patient_s(240.0)
STATES = {
    "start", "split", "analysing", "analysed", "session", "reflect", "note", "loop", "marked", "keys",
    "check-in", "weeks", "journal", "report", "report-written", "export", "search", "offset", "reopened",
}  # fmt: skip


@pytest.mark.alone
def test_a_trainee_s_hour_on_a_real_screen(tmp_path: Path) -> None:
    """$MIRRORSYNC_PICTURES is where the pictures of every state go; $MIRRORSYNC_THEME may be dark."""
    try:
        for name in ("pose_landmarker_full.task", "face_landmarker.task", "astronaut.png"):
            asset_path(name)
    except AssetError as error:
        pytest.skip(str(error))
    with real_screen(1280, 800) as display:
        (call,) = make_call(tmp_path)
        you, partner = make_call(tmp_path, seconds=8.0, parts=True)
        pictures = Path(os.environ.get("MIRRORSYNC_PICTURES", tmp_path / "pictures"))
        environment = {
            **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": PROGRAM_PATH,
            # In the checkout, or in this user's cache, which the hour has no part in.
            "MIRRORSYNC_MODELS": str(asset_path("face_landmarker.task").parent),
            **{f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "CACHE")},
        }  # fmt: skip
        theme = os.environ.get("MIRRORSYNC_THEME", "light")
        words = [HERE / "trainee_hour_driver.py", tmp_path, call, you, partner, pictures, theme]
        done = subprocess.run(
            [sys.executable, *map(str, words)],
            env=environment, capture_output=True, text=True, timeout=DEADLINE_S, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    path = Path(json.loads(done.stdout.splitlines()[-1])["session"])
    with SessionReader(path) as reader:
        assert reader.complete
        assert reader.duration_s == pytest.approx(36.0, abs=0.2)
    with Journal(tmp_path / "journal.db") as journal:
        kinds = [entry.kind for entry in journal.entries()]
        assert {"note", "bookmark", "reflection", "exclusion", "check_in"} <= set(kinds)
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "We both leaned in here" in report
    assert "0:04–0:06" in report, "what is left out"
    assert list((tmp_path / "export").rglob("*.csv"))
    assert {picture.stem.partition("-")[2] for picture in pictures.glob("*.png")} >= STATES
