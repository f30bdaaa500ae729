"""From two recordings to a folder: the same bytes every time, and nothing left open or half done."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from fake_landmarks import FakeLandmarker, Person
from fakes import FakeSource
from made_sessions import META, snapshots, store
from made_videos import make_video

from mirrorsync.analysis import SESSION_NAME, analyse_recordings, new_meta, recordings, statistics_of
from mirrorsync.analysis.formats import write_format
from mirrorsync.errors import LandmarkerError, SessionError, UsageError
from mirrorsync.export.formats import Format
from mirrorsync.session.store import SessionReader
from mirrorsync.settings import Settings
from mirrorsync.tables import CHANNELS
from mirrorsync.types import Frame, Snapshot

SETTINGS = Settings(rate_hz=10.0, window_s=2.0, lag_s=0.5, step_s=0.5, surrogates=2, baseline_s=0.0)
FILES = {
    "frames.csv",
    "features_a.csv",
    "features_b.csv",
    "windows.csv",
    "turns.csv",
    "summary.json",
    "columns.csv",
    "config.toml",
}


def somebody() -> FakeLandmarker:
    def at(frame: Frame) -> Person:
        t = frame.t_ns / 1e9
        return Person(pitch_deg=float(8 * np.sin(4 * t)), x=float(0.05 * np.sin(2 * t)))

    return FakeLandmarker(at)


def fingerprints(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_recordings_give_the_same_bytes(tmp_path: Path) -> None:
    a = str(make_video(tmp_path, "mjpg_29.97_avi", frames=120))
    b = str(make_video(tmp_path, "mp4v_25_mp4", frames=100))
    watched: list[Snapshot] = []
    done = [
        analyse_recordings(
            a,
            b,
            tmp_path / name,
            SETTINGS,
            make_landmarker=somebody,
            watch=lambda one, _: watched.append(one),
        )
        for name in ("one", "two")
    ]
    prints = [fingerprints(tmp_path / name) for name in ("one", "two")]
    assert prints[0] == prints[1]
    assert set(prints[0]) == FILES
    assert [one.pair.tick for one in watched] == 2 * list(range(done[0].ticks))
    summary = json.loads((tmp_path / "one" / "summary.json").read_text("utf-8"))
    inputs = summary["inputs"]
    assert [one["frames"] for one in inputs] == [120, 100]
    assert [one["fps"] for one in inputs] == pytest.approx([29.97, 25.0], abs=0.01)
    assert [one["duration_s"] for one in inputs] == pytest.approx([4.004, 4.0], abs=0.01)
    assert inputs[0]["sha256"] == hashlib.sha256(Path(a).read_bytes()).hexdigest()
    assert done[0].duration_s == pytest.approx(4.0, abs=0.15)


def test_a_kept_session_gives_the_same_statistics_again(tmp_path: Path) -> None:
    a = str(make_video(tmp_path, "mp4v_25_mp4", frames=75))
    analyse_recordings(a, a, tmp_path / "out", SETTINGS, make_landmarker=somebody, keep_session=True)
    with SessionReader(tmp_path / "out" / SESSION_NAME) as reader:
        statistics = statistics_of(reader)
        assert reader.complete
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["channels"]
    assert set(statistics) == set(summary) == set(CHANNELS)
    for name in CHANNELS:
        told = summary[name]["mean"]
        assert statistics[name]["mean"] == pytest.approx(
            np.nan if told is None else told, abs=1e-4, nan_ok=True
        )


def test_of_another_analysis_in_the_folder_nothing_is_left_but_what_is_not_ours(tmp_path: Path) -> None:
    a, b = (str(make_video(tmp_path, name, frames=40)) for name in ("mjpg_29.97_avi", "mp4v_25_mp4"))
    out = tmp_path / "out"
    wide = SETTINGS.with_(landmarks=True)
    analyse_recordings(a, b, out, wide, make_landmarker=somebody, keep_session=True)
    (out / "notes.txt").write_text("mine")
    assert {"landmarks_a.parquet", SESSION_NAME} <= set(fingerprints(out))
    done = analyse_recordings(b, a, out, SETTINGS, make_landmarker=somebody)
    assert set(fingerprints(out)) == FILES | {"notes.txt"}
    assert any("landmarks_a.parquet, landmarks_b.parquet, session.mirrorsync" in note for note in done.notes)


def test_a_recorded_session_in_the_folder_is_no_earlier_result(tmp_path: Path) -> None:
    a = str(make_video(tmp_path, "mp4v_25_mp4", frames=40))
    out = tmp_path / "out"
    out.mkdir()
    session = store(out / SESSION_NAME, snapshots(60))
    before = session.read_bytes()
    done = analyse_recordings(a, a, out, SETTINGS, make_landmarker=somebody)
    assert session.read_bytes() == before
    assert not any("Removed" in note for note in done.notes)


def test_a_session_exported_into_its_own_folder_stays(tmp_path: Path) -> None:
    session = store(tmp_path / SESSION_NAME, snapshots(60))
    for _ in range(2):
        write_format(session, Format.CSV, tmp_path)
        assert session.is_file()
    other = tmp_path / "other"
    other.mkdir()
    write_format(store(other / SESSION_NAME, snapshots(60)), Format.CSV, tmp_path)
    assert not session.exists()  # the tables are the other one's now


def test_only_a_part_is_analysed_when_asked(tmp_path: Path) -> None:
    a = str(make_video(tmp_path, "mp4v_25_mp4", frames=100))
    settings = SETTINGS.with_(length_s=1.0)
    done = analyse_recordings(a, a, tmp_path / "out", settings, make_landmarker=somebody)
    assert done.ticks == pytest.approx(10, abs=1)


@pytest.mark.parametrize("live", ["camera:0", "screen:", "rtsp://camera.invalid/1"])
def test_what_has_no_end_is_refused_before_anything_is_made(live: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="live"):
        analyse_recordings("portrait:you", live, tmp_path / "out", SETTINGS, make_landmarker=somebody)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("trouble", ["landmarker", "session"])
def test_when_it_fails_both_feeds_are_let_go_and_nothing_is_left(
    trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[FakeSource] = []

    def open_fake(feed: str, *_: object, **__: object) -> FakeSource:
        opened.append(FakeSource([0.0, 0.1, 0.2], feed=feed))
        return opened[-1]

    def no_session(*_: object, **__: object) -> None:
        raise SessionError("The disk is full; make room.")

    monkeypatch.setattr(recordings, "open_source", open_fake)
    if trouble == "session":
        monkeypatch.setattr(recordings, "SessionWriter", no_session)
    with pytest.raises((SessionError, LandmarkerError)):
        analyse_recordings(
            "a.mp4", "b.mp4", tmp_path / "out", SETTINGS, make_landmarker=lambda: FakeLandmarker(fail_at=1)
        )
    assert len(opened) == 2
    assert all(source.closed for source in opened)
    assert not list(tmp_path.iterdir())


def test_an_empty_session_has_no_statistics(tmp_path: Path) -> None:
    with SessionReader(store(tmp_path / "empty.mirrorsync", [])) as reader:
        assert statistics_of(reader) == {}


def test_statistics_survive_any_stored_numbers(tmp_path: Path) -> None:
    with SessionReader(store(tmp_path / "wild.mirrorsync", snapshots(300))) as reader:
        assert reader.meta == META
        statistics = statistics_of(reader)
    assert set(statistics) == set(CHANNELS)
    assert all(0 <= statistics[name]["a_leads_share"] <= 1 for name in ("head_synchrony", "body_synchrony"))


def test_what_is_stored_with_an_analysis_repeats_it() -> None:
    meta = new_meta("a.mp4", "b.mp4#left", SETTINGS.with_(seed=7))
    assert (meta.seed, meta.created) == (7, None)
    assert Settings(**meta.parameters) == SETTINGS.with_(seed=7, camera_width=Settings().camera_width)
    assert {"mediapipe", "numpy", "opencv", "python"} <= set(meta.versions)
    assert all(len(digest) == 64 for digest in meta.assets.values())
