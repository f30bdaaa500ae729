"""A short recording of two people, analysed with a made-up landmarker: what the review's tests open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from fake_landmarks import FakeLandmarker, Person
from made_videos import make_video

from mirrorsync.review.numbers import work_out
from mirrorsync.review.recording import analyse_recording, new_recording
from mirrorsync.settings import Settings
from mirrorsync.types import Frame

REVIEW_SETTINGS = Settings(rate_hz=10.0, window_s=1.0, lag_s=0.4, step_s=0.2, surrogates=2, baseline_s=1.0)


def nodding() -> FakeLandmarker:
    """Return a landmarker that sees somebody nod."""

    def at(frame: Frame) -> Person:
        t = frame.t_ns / 1e9
        return Person(pitch_deg=float(8 * np.sin(3.1 * t + 2 * np.sin(0.7 * t))))

    return FakeLandmarker(at)


def make_review(folder: Path, *, files: int = 1) -> Path:
    """Return six seconds of a split-screen recording, or of two recordings, analysed and counted."""
    video = make_video(folder, "mp4v_25_mp4", frames=150, width=128)
    feeds = (f"{video}#left", f"{video}#right")
    if files == 2:
        feeds = (str(video), str(make_video(folder, "xvid_24_avi", frames=144, width=64)))
    path = new_recording(*feeds, REVIEW_SETTINGS, folder=folder)
    analyse_recording(path, make_landmarker=nodding, progress=lambda _at, _of: True)
    work_out(path)
    return path
