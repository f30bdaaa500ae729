"""What the review window and the commands leave of a session: one file."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from made_reviews import REVIEW_SETTINGS, make_review, nodding
from made_videos import make_video
from pytestqt.qtbot import QtBot

from mirrorsync.review.recording import analyse_recording, new_recording, rescore
from mirrorsync.session.reader import SessionReader
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review.window import ReviewWindow

TIMEOUT = 40_000


def rows_of_a_copy(session: Path) -> tuple[int, int]:
    """Return the ticks and frames in a copy of the file alone; nothing may lie beside it."""
    assert [file.name for file in session.parent.glob(f"{session.name}-*")] == []
    copy = session.with_name("copy.mirrorsync")
    shutil.copy(session, copy)
    with closing(sqlite3.connect(copy)) as link:
        counts = [link.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("ticks", "frames")]
    copy.unlink()
    return counts[0], counts[1]


def test_a_recording_analysed_under_the_window_is_one_file_when_it_closes(
    tmp_path: Path, qtbot: QtBot
) -> None:
    video = make_video(tmp_path, "mp4v_25_mp4", frames=150, width=128)
    session = new_recording(f"{video}#left", f"{video}#right", REVIEW_SETTINGS, folder=tmp_path)
    window = ReviewWindow(REVIEW_SETTINGS, JournalModel(tmp_path / "journal.db"), folder=tmp_path)
    qtbot.addWidget(window)
    window.open_session(session)
    workspace = window.workspace
    assert workspace is not None
    qtbot.waitUntil(lambda: workspace.pictures[0].observation is not None, timeout=TIMEOUT)
    assert analyse_recording(session, make_landmarker=nodding, progress=lambda _at, _of: True)
    workspace.view._job_ended("analyse", True, "")
    workspace.seek(2.0)
    qtbot.waitUntil(lambda: workspace.view.numbers is not None, timeout=TIMEOUT)
    rescore(session, offset_s=0.1, progress=lambda _at, _of: True)
    with SessionReader(session) as reader:
        ticks = reader.ticks
    window.close()
    assert ticks > 0
    assert rows_of_a_copy(session) == (ticks, 300)


@pytest.mark.parametrize(
    "words",
    [
        ("report", "--out", "r.html"),
        ("export", "--out", "out", "--format", "csv"),
        ("review-worker", "--task", "offset", "--offset=0.2"),
        ("review-worker", "--task", "numbers"),
    ],
    ids=lambda words: "-".join(word.strip("-") for word in words[:3:2]),
)
def test_a_command_leaves_one_file(words: Sequence[str], tmp_path: Path) -> None:
    session = make_review(tmp_path)
    with SessionReader(session) as reader:
        ticks = reader.ticks
    with closing(sqlite3.connect(session)) as link:
        link.execute("PRAGMA journal_mode = WAL")  # as an earlier version left it
    done = subprocess.run(
        [sys.executable, "-m", "mirrorsync", words[0], str(session), *words[1:]],
        cwd=tmp_path, stdin=subprocess.PIPE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert rows_of_a_copy(session)[0] >= ticks - 3
