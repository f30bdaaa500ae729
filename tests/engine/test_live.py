"""A live session as its owner sees it: start, watch, record, lose a feed, stop; with fake feeds."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from fake_landmarks import FakeLandmarker
from live_feeds import DEADLINE_S, FPS, SETTINGS, Gated, recording, session, until, watched

from mirrorsync.capture.source import VideoSource
from mirrorsync.engine import feed_thread, live
from mirrorsync.engine import recording as engine_recording
from mirrorsync.engine.engine import Engine
from mirrorsync.errors import LandmarkerError, MirrorSyncError, SessionError, SourceError
from mirrorsync.session.store import SessionReader, SessionWriter
from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import SessionEvent, Snapshot

YAW = FEATURE_INDEX["head_yaw"]


def test_two_recordings_run_to_their_end() -> None:
    running = session(recording(1.0), recording(1.0))
    assert running.status().a.state == "opening"
    assert not running.status().running
    running.start()
    got = watched(running)
    ticks = [one.pair.tick for one in got]
    assert len(got) > 5
    assert ticks == sorted(set(ticks))
    assert got[-1].pair.t_ns >= 0.9e9
    status = running.status()
    assert (status.a.state, status.b.state, status.error) == ("ended", "ended", None)
    assert running.latest() is None
    # Both start at the same moment, so that the frames of one number belong together.
    both = [(one.pair.a, one.pair.b) for one in got if one.pair.a is not None and one.pair.b is not None]
    assert len(both) > 5
    for a, b in both:
        assert a is not None
        assert b is not None
        assert a.values[YAW] == pytest.approx(b.values[YAW], abs=0.1)
    assert all(0 <= one.latency_ms < 5000 for one in got)
    running.stop()
    running.stop()


def test_states_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = threading.Event()
    cameras: list[Gated] = []

    def camera() -> VideoSource:
        assert opened.wait(DEADLINE_S)
        cameras.append(Gated(5))
        return cameras[-1]

    running = session(camera, camera)
    running.start()
    assert [running.status().a.state, running.status().b.state] == ["opening", "opening"]
    assert running.status().running
    opened.set()
    until(lambda: running.status().a.state == running.status().b.state == "live")
    monkeypatch.setattr(feed_thread, "_STALL_S", -1.0)  # no picture comes any more: as if a second had passed
    assert running.status().a.state == "stalled"
    assert running.status().a.sentence
    monkeypatch.undo()
    running.stop()
    assert running.status().a.state == "ended"
    assert all(one.closed for one in cameras)
    assert not running.status().running


def test_a_feed_that_does_not_open_ends_the_session_and_says_why() -> None:
    def broken() -> VideoSource:
        raise SourceError("Camera 1 did not open. Is another program using it?")

    camera = Gated(3)
    running = session(lambda: camera, broken)
    running.start()
    until(lambda: not running.status().running)
    status = running.status()
    assert status.error == "Camera 1 did not open. Is another program using it?"
    assert (status.b.state, status.b.sentence) == ("lost", status.error)
    with pytest.raises(SourceError, match="another program"):
        running.stop()
    running.stop()
    assert camera.closed


def test_a_landmarker_that_does_not_load_too() -> None:
    def none() -> FakeLandmarker:
        raise LandmarkerError("The model is missing.")

    running = session(recording(5), recording(5), make=none)
    running.start()
    until(lambda: not running.status().running)
    with pytest.raises(LandmarkerError, match="missing"):
        running.stop()


def test_a_feed_that_breaks_off_leaves_the_other_one_running() -> None:
    running = session(recording(1.6, fail_at=8), recording(1.6))
    running.start()
    got = watched(running)
    status = running.status()
    assert (status.a.state, status.b.state) == ("lost", "ended")
    assert "broke off" in status.a.sentence
    assert status.error is None
    last = got[-1].pair
    assert last.t_ns > 1.4e9
    assert last.a is None
    assert last.b is not None
    assert np.isnan(got[-1].scores["posture_alignment"].value)
    running.stop()


def test_an_unforeseen_error_while_scoring_travels_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def bad_step(*_: object) -> Snapshot:
        raise ArithmeticError("unforeseen")

    monkeypatch.setattr(Engine, "step", bad_step)
    running = session(recording(5), recording(5))
    running.start()
    until(lambda: not running.status().running)
    assert running.status().error == "unforeseen"
    with pytest.raises(ArithmeticError):
        running.stop()


@pytest.mark.parametrize("offset_s", [0.6, -0.6])
def test_a_late_partner_is_waited_for(offset_s: float) -> None:
    """By the offset and not the other way round: else the partner would be missing all the time."""
    running = session(recording(2.0), recording(2.0), SETTINGS.with_(offset_s=offset_s))
    running.start()
    got = watched(running)
    running.stop()
    turned = [
        float(one.pair.b.values[YAW] - one.pair.a.values[YAW])
        for one in got
        if one.pair.a is not None and one.pair.b is not None
    ]
    assert len(turned) > 8
    np.testing.assert_allclose(turned, offset_s * FPS, atol=0.1)


def test_what_is_recorded_is_what_was_scored(tmp_path: Path) -> None:
    path = tmp_path / "one.mirrorsync"
    running = session(recording(1.2), recording(1.2))
    running.record(path)
    running.start()
    assert running.status().recording == path
    with pytest.raises(SessionError, match="stop that recording first"):
        running.record(tmp_path / "two.mirrorsync")
    got = watched(running)
    running.stop()
    assert running.status().recording is None
    with SessionReader(path) as reader:
        block = reader.read()
        assert reader.complete
        assert list(block.tick) == list(range(len(block)))
        assert block.tick[-1] == got[-1].pair.tick
        for one in got:
            stored = block.scores["posture_alignment"].value[one.pair.tick]
            assert stored == pytest.approx(one.scores["posture_alignment"].value, nan_ok=True)
    with pytest.raises(SessionError, match="over"):
        running.record(tmp_path / "late.mirrorsync")
    assert not (tmp_path / "late.mirrorsync").exists()


def test_recording_can_be_stopped_and_begun_again(tmp_path: Path) -> None:
    running = session(recording(3.0), recording(3.0))
    running.start()
    seconds: list[float] = []
    for name in ("one", "two"):
        running.record(tmp_path / f"{name}.mirrorsync")
        begun = len(seconds)

        def look() -> None:
            newest = running.latest()
            if newest is not None:
                seconds.append(newest.pair.t_ns / 1e9)

        until(lambda begun=begun: len(seconds) > begun + 3, watch=look)  # type: ignore[misc]  # bound now
        running.stop_recording()
        running.stop_recording()
        assert running.status().recording is None
    running.stop()
    for name in ("one", "two"):
        with SessionReader(tmp_path / f"{name}.mirrorsync") as reader:
            assert reader.complete
            assert reader.ticks > 0


def test_a_full_disk_stops_the_recording_and_not_the_meters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OnFullDisk(SessionWriter):
        def add(self, snapshot: Snapshot) -> None:
            if snapshot.pair.tick == 5:
                raise SessionError("The disk is full; make room.")
            super().add(snapshot)

    monkeypatch.setattr(engine_recording, "SessionWriter", OnFullDisk)
    path = tmp_path / "full.mirrorsync"
    running = session(recording(1.2), recording(1.2))
    running.record(path)
    running.start()
    got = watched(running)
    assert got[-1].pair.t_ns > 1.0e9
    assert running.status().broke_off == "The disk is full; make room."
    assert running.status().recording is None
    assert running.status().error is None
    running.stop()  # it was said when it happened
    with SessionReader(path) as reader:
        assert reader.ticks == 5
        assert not reader.complete


def test_a_recording_that_cannot_be_finished_is_told_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullAtTheEnd(SessionWriter):
        def close(self, complete: bool = True) -> None:
            super().close(complete=False)
            raise SessionError("The disk is full; make room.")

    monkeypatch.setattr(engine_recording, "SessionWriter", FullAtTheEnd)
    running = session(recording(0.4), recording(0.4))
    running.record(tmp_path / "end.mirrorsync")
    running.start()
    until(lambda: not running.status().running)
    with pytest.raises(SessionError, match="disk is full"):
        running.stop()


def test_a_camera_that_hangs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_JOIN_S", 0.5)
    hanging, other = Gated(2, heeds_close=False), Gated(2)
    running = session(lambda: hanging, lambda: other)
    running.start()
    until(lambda: running.status().a.state == running.status().b.state == "live")
    until(hanging.waits.is_set)
    with pytest.raises(MirrorSyncError, match="mirrorsync-feed-a"):
        running.stop()
    hanging.gate.set()


def test_stopping_before_starting_and_starting_twice() -> None:
    running = session(recording(5), recording(5))
    running.stop()
    running.start()
    with pytest.raises(MirrorSyncError, match="started before"):
        running.start()
    running.stop()


def test_stopping_while_a_feed_is_still_opening_does_not_wait_for_the_other() -> None:
    never, opening = threading.Event(), threading.Event()

    def slow() -> VideoSource:
        opening.set()
        never.wait(DEADLINE_S)
        return Gated(1)

    camera = Gated(3)
    running = session(lambda: camera, slow)
    running.start()
    assert opening.wait(DEADLINE_S)
    threading.Timer(0.1, never.set).start()
    running.stop()
    assert camera.closed


def test_what_a_practice_notes_is_kept_with_the_recording_at_its_time(tmp_path: Path) -> None:
    path = tmp_path / "noted.mirrorsync"
    running = session(recording(3.0), recording(3.0))
    before = SessionEvent(0, "practice.breathing", {"paced_s": 1.0})
    assert not running.note(before)  # nothing is recorded: nothing is kept
    running.start()
    seen: list[Snapshot] = []

    def look() -> None:
        newest = running.latest()
        if newest is not None:
            seen.append(newest)

    until(lambda: bool(seen), watch=look)
    running.record(path)
    first = SessionEvent(seen[-1].pair.t_ns, "practice.mutual_gaze", {"felt": "calm", "mutual_s": 12.5})
    assert running.note(first)
    noted = len(seen)
    until(lambda: len(seen) > noted + 3, watch=look)
    last = SessionEvent(seen[-1].pair.t_ns, "practice.breathing", {"paced_s": 60.0})
    assert running.note(last)
    running.stop_recording()  # at once: the note has seen no tick since
    assert not running.note(before)
    running.stop()
    with SessionReader(path) as reader:
        kept = [event for event in reader.events() if event.kind.startswith("practice.")]
    assert [(e.t_ns, e.kind, dict(e.data)) for e in kept] == [
        (e.t_ns, e.kind, dict(e.data)) for e in (first, last)
    ]


def test_what_practices_need_can_be_asked_at_any_time() -> None:
    running = session(recording(1.5), recording(1.5))
    for side in "ab":
        assert np.isnan(running.breath(side).rate_per_min)
        assert np.isnan(running.pace(side).speed)
        assert running.expression(side).words == ()
    running.start()
    watched(running)
    assert running.pace("a").coverage > 0
    assert running.expression("b").coverage >= 0
    running.stop()
