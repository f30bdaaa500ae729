"""Every command and every piece of Python in the documentation is run, page by page, as it stands there."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from doc_pages import ROOT, blocks, needs_cluster
from made_sessions import snapshots, store
from patience import patient_s

from mirrorsync.analysis.exporting import export_session
from mirrorsync.assets import asset_path
from mirrorsync.capture.opening import open_source
from mirrorsync.session.reader import SessionReader
from mirrorsync.settings import Settings

PAGES = ("docs/first-steps/coach.md", "docs/first-steps/trainee.md", "docs/first-steps/researcher.md",
         "docs/batch.md", "docs/formats.md")  # fmt: skip
WINDOWS = ("live", "review", "demo")  # commands that stay open until they are closed
DEADLINE_S = patient_s(60.0)
MODELS = asset_path("face_landmarker.task").parent  # in the checkout, or in this user's cache


def _write(path: Path, pictures: list[np.ndarray]) -> None:
    height, width = pictures[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25.0, (width, height))
    assert writer.isOpened()
    for picture in pictures:
        writer.write(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    writer.release()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the recordings that the pages speak of, and this checkout's scripts."""
    place = tmp_path_factory.mktemp("pages")
    people = []
    for who in ("you", "partner"):
        with open_source(f"portrait:{who}", Settings(), seconds=3.0) as source:
            people.append([frame.rgb for frame in iter(source.read, None) if frame.index % 6 != 5])
    for who, pictures in zip(("you", "partner"), people, strict=True):
        _write(place / f"{who}.mp4", pictures)
    _write(place / "call.mp4", [np.hstack(pair) for pair in zip(*people, strict=False)])
    rng = np.random.default_rng(1)
    energy = rng.normal(size=(2500, 2)).cumsum(axis=0)
    np.savetxt(place / "motion.csv", energy, delimiter=",", header="a,b", comments="")
    np.savetxt(place / "200_01.txt", rng.integers(0, 900, size=(2500, 2)), fmt="%d")
    (place / "demo-session").mkdir()
    with SessionReader(store(place / "demo-session" / "session.mirrorsync", snapshots(500))) as reader:
        export_session(reader, place / "demo-session")
    for who in "ab":
        _openface(place / f"{who}_openface.csv", rng)
    (place / "scripts").symlink_to(ROOT / "scripts")
    return place


def _openface(path: Path, rng: np.random.Generator) -> None:
    """Write a minute of what OpenFace 2 measures of a face."""
    names = [
        "frame", "timestamp", "confidence", "success", "pose_Rx", "pose_Ry", "pose_Rz", "AU01_r", "AU02_r",
        "AU04_r", "AU12_r", "AU26_r",
    ]  # fmt: skip
    n = 1500
    rows = np.column_stack(
        [np.arange(1, n + 1), np.arange(n) / 25, np.full((n, 2), 1.0), rng.random((n, 8)).cumsum(axis=0) % 5]
    )
    np.savetxt(path, rows, fmt="%.3f", delimiter=",", header=", ".join(names), comments="")


def _environment(folder: Path) -> dict[str, str]:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return {
        **os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config"),
        "MIRRORSYNC_MODELS": str(MODELS),
    }  # fmt: skip


def _run(words: list[str], folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, env=_environment(folder), capture_output=True, text=True,
        check=False, timeout=patient_s(180),
    )  # fmt: skip
    # `doctor` says with its exit code that this machine has no camera; its words are what counts.
    fine = (0, 1) if words[1] == "doctor" else (0,)
    assert done.returncode in fine, f"{shlex.join(words)}: {done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr


def _open_and_close(words: list[str], folder: Path) -> None:
    """Start a command that opens a window, see Qt at work in it, and end it as Ctrl+C does."""
    with (folder / "window.log").open("w+") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=folder, env=_environment(folder), stderr=log, stdout=log
        )
        try:
            maps = Path(f"/proc/{running.pid}/maps")
            deadline = time.monotonic() + DEADLINE_S
            while running.poll() is None and time.monotonic() < deadline:
                if "libqoffscreen" in maps.read_text():
                    break
            running.send_signal(signal.SIGINT)
            running.wait(DEADLINE_S)
        finally:
            running.kill()
            running.wait()
        log.seek(0)
        said = log.read()
    assert running.returncode in (0, 1), f"{shlex.join(words)}: {said}"
    assert said in ("", "mirrorsync: stopped.\n"), said


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_says_can_be_done(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for name, value in _environment(folder).items():
        monkeypatch.setenv(name, value)
    names: dict[str, object] = {}
    ran = 0
    for block in blocks(page):
        if needs_cluster(block):
            continue  # see test_cluster_examples.py
        if block.language == "csv":
            (folder / "manifest.csv").write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            exec(compile(block.text, page, "exec"), names)  # the page's own example
            ran += 1
        elif block.language == "sh":
            for line in filter(None, block.text.splitlines()):
                words = shlex.split(line)
                ran += 1
                if words[0].startswith("scripts/"):
                    # Setting up is what brought this test here; that the script is there can be said.
                    assert shutil.which(words[0], path=str(ROOT)) or os.access(ROOT / words[0], os.X_OK)
                    continue
                assert words[0] == "mirrorsync", line
                window = words[1] in WINDOWS and "--headless" not in words
                if window and not Path("/proc/self/maps").exists():
                    continue  # only Linux lets us see a window in another program's memory
                (_open_and_close if window else _run)(words, folder)
    assert ran, f"{page} has no example; take it off the list"


def test_no_page_is_left_out() -> None:
    """A page with a command or with Python stands in the list above."""
    docs = [path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")]
    with_examples = {page for page in docs for block in blocks(page) if block.language in ("sh", "python")}
    assert with_examples <= set(PAGES)
