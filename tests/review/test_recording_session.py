"""A recording is analysed once: stopped, killed or nudged, its session ends up the same."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from fake_landmarks import FakeLandmarker, Person
from made_sessions import snapshots, store
from made_videos import make_video

from mirrorsync.engine import observe
from mirrorsync.errors import SessionError, UsageError
from mirrorsync.review.recording import Progress, analyse_recording, new_recording, rescore
from mirrorsync.session.frames import KeptFrames
from mirrorsync.session.pyramid import PYRAMID
from mirrorsync.session.store import SessionReader
from mirrorsync.settings import Settings
from mirrorsync.types import Frame, Landmarks

SETTINGS = Settings(rate_hz=10.0, window_s=1.0, lag_s=0.4, step_s=0.2, surrogates=2, baseline_s=1.0)
TABLES = ("ticks", "windows", "events", "frames", "meta", "pyramids")


class Drifting(FakeLandmarker):
    """Sees a person nod, more strongly with every frame since it began: it has a memory."""

    def __init__(self) -> None:
        super().__init__(self._person)
        self._seen = 0

    def _person(self, frame: Frame) -> Person:
        t = frame.t_ns / 1e9
        pitch = (8 + 0.01 * self._seen) * np.sin(3.1 * t + 2 * np.sin(0.7 * t))
        return Person(pitch_deg=float(pitch), shoulder_width=0.3 + 0.02 * float(np.sin(t)))

    def detect(self, frame: Frame, *, body: bool = True) -> Landmarks:
        self._seen += 1
        return super().detect(frame, body=body)


@pytest.fixture
def video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(observe, "_PIECE_NS", 1_000_000_000)
    monkeypatch.setattr(observe, "_WARM_NS", 200_000_000)
    return make_video(tmp_path, "mp4v_25_mp4", frames=125)


def session(video: Path, name: str) -> Path:
    folder = video.parent / name
    folder.mkdir()
    return new_recording(f"{video}#left", f"{video}#right", SETTINGS, folder=folder)


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that is stored, without row numbers and the time at which the session was made."""
    with closing(sqlite3.connect(path)) as link:
        out = {}
        for name in TABLES:
            columns = [c[1] for c in link.execute(f"PRAGMA table_info({name})") if c[1] != "id"]
            order = "side, t_ns" if name == "frames" else "1"
            quoted = ", ".join(f'"{column}"' for column in columns)
            out[name] = [
                row
                for row in link.execute(f"SELECT {quoted} FROM {name} ORDER BY {order}")
                if row[0] != "session"
            ]
    return out


def to_the_end(_at: float, _of: float) -> bool:
    return True


def stops_at(seconds: float) -> Progress:
    return lambda at, _of: at < seconds


def test_an_analysis_that_was_stopped_twice_gives_what_an_uninterrupted_one_gives(video: Path) -> None:
    whole, stopped = session(video, "whole"), session(video, "stopped")
    assert analyse_recording(whole, make_landmarker=Drifting, progress=to_the_end)
    for until in (1.5, 3.9):
        assert not analyse_recording(stopped, make_landmarker=Drifting, progress=stops_at(until))
        with SessionReader(stopped) as reader:
            assert not reader.complete
            assert reader.duration_s == pytest.approx(until, abs=0.3)
    seen: list[int] = []

    class Watched(Drifting):
        def detect(self, frame: Frame, *, body: bool = True) -> Landmarks:
            seen.append(frame.index)
            return super().detect(frame, body=body)

    assert analyse_recording(stopped, make_landmarker=Watched, progress=to_the_end)
    assert min(seen) > 60  # the models saw nothing that was known already
    assert rows(stopped) == rows(whole)
    with SessionReader(whole) as reader:
        assert reader.complete
        assert reader.ticks == 50
        assert reader.blob(PYRAMID) is not None
        assert [(i.frames, i.fps) for i in reader.meta.inputs] == [(125, 25.0)] * 2
        assert reader.meta.inputs[0].sha256 is not None
    assert stat.S_IMODE(whole.stat().st_mode) == 0o600
    assert analyse_recording(whole, make_landmarker=Drifting, progress=stops_at(0))  # nothing left to do


def test_a_nudged_offset_scores_as_if_it_had_been_given_at_first(video: Path) -> None:
    nudged = session(video, "nudged")
    analyse_recording(nudged, make_landmarker=Drifting, progress=to_the_end)
    before = rows(nudged)
    rescore(nudged, offset_s=0.2, progress=stops_at(2.0))
    assert rows(nudged)["ticks"] == before["ticks"]  # stopped: everything as it was
    rescore(nudged, offset_s=0.2, progress=to_the_end)
    given = new_recording(
        f"{video}#left", f"{video}#right", SETTINGS.with_(offset_s=0.2), folder=video.parent
    )
    analyse_recording(given, make_landmarker=Drifting, progress=to_the_end)
    assert rows(nudged)["ticks"] == rows(given)["ticks"] != before["ticks"]
    with SessionReader(nudged) as reader:
        assert reader.complete
        assert reader.meta.parameters["offset_s"] == 0.2
    rescore(nudged, offset_s=0.0, progress=to_the_end)
    assert rows(nudged)["ticks"] == before["ticks"]


def test_an_offset_given_in_the_middle_counts_for_the_whole(video: Path) -> None:
    path = session(video, "early")
    analyse_recording(path, make_landmarker=Drifting, progress=stops_at(2.0))
    rescore(path, offset_s=0.2, progress=to_the_end)
    analyse_recording(path, make_landmarker=Drifting, progress=to_the_end)
    given = new_recording(
        f"{video}#left", f"{video}#right", SETTINGS.with_(offset_s=0.2), folder=video.parent
    )
    analyse_recording(given, make_landmarker=Drifting, progress=to_the_end)
    assert rows(path)["ticks"] == rows(given)["ticks"]


def test_frames_come_back_with_their_numbers_and_lines(video: Path) -> None:
    path = session(video, "frames")
    analyse_recording(path, make_landmarker=Drifting, progress=to_the_end)
    with KeptFrames(path) as kept:
        frame = kept.at("a", 2_000_000_000)
        assert frame is not None
        assert (frame.number, frame.landmarks.t_ns) == (50, 2_000_000_000)
        assert frame.landmarks.pose_found
        assert frame.landmarks.face_found
        between = kept.at("b", 2_039_000_000)
        assert between is not None
        assert between.number == 50
        assert kept.at("a", -1) is None
        assert kept.extent("b")[0] == 125


def test_a_recording_that_changed_meanwhile_is_not_continued(video: Path) -> None:
    path = session(video, "changed")
    analyse_recording(path, make_landmarker=Drifting, progress=stops_at(1.0))
    with video.open("ab") as file:
        file.write(b"more")
    with pytest.raises(SessionError, match="has changed"):
        analyse_recording(path, make_landmarker=Drifting, progress=to_the_end)


def test_what_cannot_be_a_recording_is_said(tmp_path: Path, video: Path) -> None:
    with pytest.raises(UsageError, match="live"):
        new_recording("camera:0", str(video), SETTINGS, folder=tmp_path)
    with pytest.raises(UsageError, match="same picture"):
        new_recording(str(video), str(video), SETTINGS, folder=tmp_path)
    live = store(tmp_path / "live.mirrorsync", snapshots(20))
    with pytest.raises(SessionError, match="recorded live"):
        rescore(live, offset_s=0.1, progress=to_the_end)
