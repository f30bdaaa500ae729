"""A live session that keeps landmarks and video of those who agreed, in step with the data."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fake_landmarks import FakeLandmarker, Person
from fakes import FakeSource
from made_sessions import META
from numbered_videos import number_in, numbered
from patience import patient_s

from mirrorsync.capture.exact import ExactVideo
from mirrorsync.capture.pacing import PacedSource
from mirrorsync.capture.source import VideoSource
from mirrorsync.engine.live import LiveSession
from mirrorsync.session.consent import Consent, consents_now
from mirrorsync.session.store import SessionReader
from mirrorsync.session.video import VideoWriter
from mirrorsync.settings import Settings
from mirrorsync.tables import FEATURE_INDEX

SETTINGS = Settings(rate_hz=25.0, window_s=1.0, lag_s=0.2, step_s=0.2, surrogates=2, baseline_s=0.0)
DEADLINE_S = patient_s(20.0)
FPS = 25.0


def _feed(seconds: float) -> Callable[[], VideoSource]:
    times = [k / FPS for k in range(round(seconds * FPS))]
    return lambda: PacedSource(FakeSource(times, picture=numbered))


def _session(seconds: float) -> LiveSession:
    def turning() -> FakeLandmarker:
        return FakeLandmarker(lambda frame: Person(yaw_deg=float(frame.index)))

    return LiveSession(
        _feed(seconds), _feed(seconds), SETTINGS, make_landmarker=turning, make_meta=lambda: META
    )


def _until_over(running: LiveSession) -> int:
    """Return the time of the last snapshot."""
    deadline = time.monotonic() + DEADLINE_S
    pause, last = threading.Event(), 0
    while running.status().running:
        assert time.monotonic() < deadline
        newest = running.latest()
        last = newest.pair.t_ns if newest is not None else last
        pause.wait(0.005)
    newest = running.latest()
    return newest.pair.t_ns if newest is not None else last


def test_video_and_landmarks_are_in_step_with_the_data(tmp_path: Path) -> None:
    path = tmp_path / "one.mirrorsync"
    running = _session(2.0)
    running.record(path, consents=consents_now(landmarks=True, video=True))
    running.start()
    _until_over(running)
    running.stop()
    with SessionReader(path) as reader:
        assert reader.complete
        block = reader.read()
        yaw = block.features_a[:, FEATURE_INDEX["head_yaw"]]
        there = np.isfinite(yaw)
        videos = reader.videos
        assert set(videos) == {"a", "b"}
        landmarks_ns = [found.t_ns for found in reader.landmarks("a")]
    with ExactVideo(str(videos["a"].path)) as video:
        shown_ns = video.times_ns + videos["a"].start_ns
        numbers = [number_in(video.read(at)) for at in range(video.frame_count)]
    assert len(numbers) > 20
    # The head turns a degree a picture: at a picture's time the data say its number.
    told = np.interp(shown_ns, block.t_ns[there], yaw[there])
    inside = (shown_ns >= block.t_ns[there][0]) & (shown_ns <= block.t_ns[there][-1])
    np.testing.assert_allclose(told[inside], np.array(numbers)[inside], atol=0.05)  # a twentieth of 40 ms
    assert len(landmarks_ns) >= len(numbers)
    assert np.abs(np.array(landmarks_ns)[:, None] - shown_ns).min(axis=0).max() <= 1_000_000


def test_only_what_was_agreed_to_is_kept(tmp_path: Path) -> None:
    now = "2026-01-01T00:00:00+00:00"
    running = _session(0.6)
    path = tmp_path / "one.mirrorsync"
    running.record(
        path, consents=[Consent("a", now, True, video=True), Consent("b", now, True, landmarks=True)]
    )
    running.start()
    _until_over(running)
    running.stop()
    assert {one.name for one in tmp_path.iterdir()} == {"one.mirrorsync", "one.a.mkv"}
    with SessionReader(path) as reader:
        assert list(reader.landmarks("a")) == []
        assert len(list(reader.landmarks("b"))) > 5


def test_a_disk_that_fills_up_under_the_video_stops_the_recording_and_not_the_meters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = VideoWriter._write

    def full(self: VideoWriter, container: object, stream: object, t_ns: int, rgb: object) -> None:
        if t_ns > 400_000_000:
            raise OSError(28, "No space left on device")
        write(self, container, stream, t_ns, rgb)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(VideoWriter, "_write", full)
    path = tmp_path / "full.mirrorsync"
    running = _session(1.5)
    running.record(path, consents=consents_now(video=True))
    running.start()
    deadline = time.monotonic() + DEADLINE_S
    last_ns, pause = 0, threading.Event()
    while running.status().running:
        assert time.monotonic() < deadline
        newest = running.latest()
        if newest is not None:
            last_ns = newest.pair.t_ns
        pause.wait(0.005)
    broke_off = running.status().broke_off
    assert broke_off.startswith("The video")
    assert "no space left on device" in broke_off
    assert running.status().recording is None
    assert last_ns > 1.2e9
    running.stop()
    with SessionReader(path) as reader:
        assert not reader.complete
        assert reader.ticks > 8
        for kept in reader.videos.values():
            with ExactVideo(str(kept.path)) as video:
                assert video.frame_count > 8
