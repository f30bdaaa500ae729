"""What goes wrong in a call: every fault is said at its side, is over when it is over, and is in the data."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fake_landmarks import FakeLandmarker, Person
from live_feeds import SETTINGS, Camera, Gated, Watch, recording, session, until

from mirrorsync.capture.mailbox import Mailbox
from mirrorsync.capture.source import VideoSource
from mirrorsync.engine import conditions, feed_thread, step_down
from mirrorsync.engine.feed_thread import FeedThread, Starter
from mirrorsync.engine.step_down import StepDown
from mirrorsync.errors import LandmarkerError, SourceError
from mirrorsync.session.store import SessionReader
from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import Frame, Landmarks, Observation

YAW = FEATURE_INDEX["head_yaw"]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten what takes its time on purpose."""
    monkeypatch.setattr(feed_thread, "_FIRST_WAIT_S", 0.05)
    monkeypatch.setattr(feed_thread, "_COUNT_EVERY_S", 0.1)
    monkeypatch.setattr(conditions, "_HOLD_NS", 150_000_000)
    monkeypatch.setattr(conditions, "_LIGHT_EVERY_NS", 50_000_000)


def one_after_the_other(*sources: VideoSource) -> Callable[[], VideoSource]:
    """Open one source after the other; when there is none left, as if nothing were plugged in."""
    left = iter(sources)

    def opening() -> VideoSource:
        source = next(left, None)
        if source is None:
            raise SourceError("Camera 1 did not open. Is another program using it?")
        return source

    return opening


def test_a_feed_that_stalls_says_so_within_a_second_and_goes_on(tmp_path: Path) -> None:
    a, b = Camera(), Camera()
    running = session(lambda: a, lambda: b)
    running.record(tmp_path / "stalled.mirrorsync")
    running.start()
    watch = Watch(running)
    watch.until(lambda: bool(watch.got) and watch.last.scores["posture_alignment"].value > 0.5)
    a.flows.clear()
    watch.until(lambda: running.status().a.state == "stalled")
    assert feed_thread._STALL_S < 1.0
    assert running.status().a.conditions == ("stalled",)
    assert running.status().a.sentence
    assert running.status().b.state == "live"
    watch.until(lambda: watch.last.pair.a is None and watch.last.pair.b is not None)
    stalled = len(watch.got)
    watch.until(
        lambda: len(watch.got) > stalled + 10 and watch.last.scores["posture_alignment"].coverage == 0
    )
    assert np.isnan(watch.last.scores["posture_alignment"].value)  # not 0: nothing is known
    a.flows.set()
    watch.until(lambda: running.status().a.state == "live" and watch.last.pair.a is not None)
    running.stop()
    ticks = [one.pair.tick for one in watch.got]
    assert ticks == sorted(set(ticks))
    assert stalled < len(watch.got)
    with SessionReader(tmp_path / "stalled.mirrorsync") as reader:
        block = reader.read()
        assert list(np.diff(block.tick)) == [1] * (len(block) - 1)  # the gap is in the data, as a gap
        seen = np.isfinite(block.features_a[:, YAW])
        longest = max(len(run) for run in "".join("x" if s else "." for s in seen).split("x"))
        assert longest > 0.5 * SETTINGS.rate_hz
        assert seen[-5:].any()
        states = [event.data["state"] for event in reader.events("feed") if event.data["side"] == "a"]
    assert states[-3:] == ["live", "stalled", "live"]


@pytest.mark.usefixtures("quick")
def test_a_feed_that_dies_is_opened_again_until_it_is_back() -> None:
    cameras = [Camera(), Camera(unplugged=True), Camera()]
    tries: list[float] = []
    there = threading.Event()

    def opening() -> VideoSource:
        tries.append(time.monotonic())
        if len(tries) in {2, 3} or (len(tries) > 4 and not there.is_set()):
            raise SourceError("Camera 1 did not open. Is another program using it?")
        return cameras[{1: 0, 4: 1}.get(len(tries), 2)]

    partner = Camera()
    running = session(opening, lambda: partner)
    running.start()
    watch = Watch(running)
    watch.until(lambda: bool(watch.got) and watch.last.pair.a is not None)
    before = watch.last.pair.t_ns
    cameras[0].unplugged.set()
    watch.until(lambda: running.status().a.state == "lost")
    status = running.status()
    assert status.a.conditions == ("reconnecting",)
    assert "stopped delivering" in status.a.sentence
    assert (status.b.state, status.error, status.running) == ("live", None, True)
    watch.until(lambda: len(tries) >= 6)  # twice nothing there, once it opens and breaks off at once
    assert running.status().a.conditions == ("reconnecting",)
    assert cameras[0].closed
    assert cameras[1].closed
    watch.until(lambda: watch.last.pair.a is None and watch.last.pair.b is not None)
    there.set()
    watch.until(lambda: running.status().a.state == "live" and watch.last.pair.a is not None)
    assert watch.last.pair.t_ns > before  # on the same clock
    assert "Your picture is back." in watch.last.messages
    running.stop()
    assert cameras[2].closed
    assert running.status().error is None


def test_the_first_opening_that_fails_is_not_tried_again() -> None:
    tries: list[int] = []

    def nothing() -> VideoSource:
        tries.append(1)
        raise SourceError("Camera 7 did not open. Is another program using it?")

    running = session(nothing, Camera)
    running.start()
    until(lambda: not running.status().running)
    assert running.status().error == "Camera 7 did not open. Is another program using it?"
    with pytest.raises(SourceError, match="Camera 7"):
        running.stop()
    assert tries == [1]


class Counted(threading.Event):
    """Is never waited for, but writes down how long that would have taken; set after `most` waits."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.waits_s: list[float | None] = []
        self._most = most

    def wait(self, timeout: float | None = None) -> bool:
        self.waits_s.append(timeout)
        if len(self.waits_s) >= self._most:
            self.set()
        return self.is_set()


def alone(opening: Callable[[], VideoSource], stopping: threading.Event) -> FeedThread:
    """A feed's thread without a session around it, for which nobody waits."""
    starter = Starter(stopping)
    starter.give_up()
    mailbox: Mailbox[Observation] = Mailbox()
    return FeedThread("a", opening, FakeLandmarker, mailbox, starter, StepDown(), max_gap_s=0.2)


def test_back_off_doubles_from_half_a_second_to_eight_and_goes_on() -> None:
    stopping = Counted(9)
    camera = Gated(1)
    broken = Camera(unplugged=True)
    feed = alone(one_after_the_other(camera, broken), stopping)
    feed.start()
    assert camera.waits.wait(20)
    camera.gate.set()  # it ends, as a stream does: nothing to open again
    feed.thread.join(20)
    assert (feed.over, stopping.waits_s) == (True, [])
    camera = Gated(1)

    def breaks_off() -> Frame | None:
        raise SourceError("gone")

    camera.read = breaks_off  # type: ignore[method-assign]  # a camera that breaks off at its first read
    feed = alone(one_after_the_other(camera), stopping)
    feed.start()
    feed.thread.join(20)
    assert stopping.waits_s == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0]
    assert feed.over


def test_a_recording_is_not_begun_anew() -> None:
    tries: list[int] = []
    opening = recording(0.4, fail_at=5)

    def counted() -> VideoSource:
        tries.append(1)
        return opening()

    running = session(counted, recording(0.4))
    running.start()
    until(lambda: not running.status().running)
    assert running.status().a.state == "lost"
    assert running.status().a.conditions == ()
    assert tries == [1]
    running.stop()


def test_only_a_video_that_is_through_is_said_to_have_ended() -> None:
    partner = Camera()
    running = session(recording(0.3), lambda: partner)
    running.start()
    until(lambda: running.status().a.state == "ended")
    assert running.status().a.sentence == "The video has ended."
    assert running.status().b.state == "live"
    running.stop()
    status = running.status()
    assert (status.a.sentence, status.b.state, status.b.sentence) == ("The video has ended.", "ended", "")


def test_a_video_that_is_stopped_has_not_ended() -> None:
    running = session(recording(30.0), recording(30.0))
    running.start()
    until(lambda: running.status().a.state == running.status().b.state == "live")
    running.stop()
    assert [side.sentence for side in (running.status().a, running.status().b)] == ["", ""]


def test_a_stream_that_ends_by_itself_says_so() -> None:
    camera = Gated(1)
    feed = alone(lambda: camera, threading.Event())
    feed.start()
    assert camera.waits.wait(20)
    camera.gate.set()
    feed.thread.join(20)
    assert feed.status().sentence == "It has ended: no more pictures come."


def test_a_feed_beside_one_that_did_not_open_has_not_ended_as_a_recording() -> None:
    def nothing() -> VideoSource:
        raise SourceError("Camera 7 did not open. Is another program using it?")

    running = session(nothing, Camera)
    running.start()
    until(lambda: not running.status().running)
    with pytest.raises(SourceError):
        running.stop()
    assert (running.status().b.state, running.status().b.sentence) == ("ended", "")


def test_a_session_is_stopped_while_a_feed_is_away() -> None:
    camera = Camera()
    running = session(one_after_the_other(camera), Camera)
    running.start()
    until(lambda: running.status().a.state == "live")
    camera.unplugged.set()
    until(lambda: running.status().a.conditions == ("reconnecting",))
    running.stop()
    assert not running.status().running


@pytest.mark.usefixtures("quick")
def test_a_person_who_leaves_is_said_and_scores_fall_silent() -> None:
    here = threading.Event()
    here.set()

    def landmarker() -> FakeLandmarker:
        return FakeLandmarker(
            lambda frame: Person(yaw_deg=float(frame.index % 9), body=here.is_set(), face=here.is_set())
        )

    running = session(Camera, Camera, make=landmarker)
    running.start()
    watch = Watch(running)
    watch.until(lambda: bool(watch.got) and watch.last.scores["posture_alignment"].value > 0.5)
    assert running.status().a.conditions == ()
    here.clear()
    watch.until(lambda: running.status().a.conditions == running.status().b.conditions == ("nobody",))
    watch.until(lambda: watch.last.scores["posture_alignment"].coverage == 0)
    assert np.isnan(watch.last.scores["posture_alignment"].value)
    assert running.status().a.state == "live"  # the feed is well
    here.set()
    watch.until(lambda: running.status().a.conditions == ())
    watch.until(lambda: watch.last.scores["posture_alignment"].value > 0.5)
    running.stop()


@pytest.mark.usefixtures("quick")
def test_a_second_person_is_said() -> None:
    people = [1]
    running = session(Camera, Camera, make=lambda: FakeLandmarker(people_at=lambda _: people[0]))
    running.start()
    until(lambda: running.status().b.state == "live")
    assert running.status().b.conditions == ()
    people[0] = 2
    until(lambda: running.status().b.conditions == ("more_than_one_person",))
    people[0] = 1
    until(lambda: running.status().b.conditions == ())
    running.stop()


@pytest.mark.usefixtures("quick")
def test_a_black_picture_is_said_to_be_dark() -> None:
    camera = Camera()
    running = session(
        lambda: camera,
        Camera,
        make=lambda: FakeLandmarker(
            lambda frame: Person(body=bool(frame.rgb.any()), face=bool(frame.rgb.any()))
        ),
    )
    running.start()
    until(lambda: running.status().a.state == "live")
    assert "too_dark" not in running.status().a.conditions
    camera.picture = np.zeros_like(camera.picture)
    until(lambda: running.status().a.conditions == ("too_dark", "nobody"))
    assert running.status().b.conditions == ()
    running.stop()


class Slow(FakeLandmarker):
    """Takes its time for a body, as MediaPipe does on a slow machine."""

    def __init__(self, body_s: float) -> None:
        super().__init__()
        self.bodies = self.faces = 0
        self._body_s = body_s
        self._never = threading.Event()

    def detect(self, frame: Frame, *, body: bool = True) -> Landmarks:
        self.faces += 1
        if body:
            self.bodies += 1
            self._never.wait(self._body_s)
        return super().detect(frame, body=body)


@pytest.mark.parametrize("allowed", [True, False])
def test_a_slow_landmarker_is_asked_for_less_and_that_is_said_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: bool
) -> None:
    monkeypatch.setattr(step_down, "_SETTLE_NS", 100_000_000)
    monkeypatch.setattr(step_down, "_EVERY_NS", 50_000_000)
    made: list[Slow] = []

    def landmarker() -> Slow:
        made.append(Slow(0.025))  # the camera has a picture every 0.02 s
        return made[-1]

    running = session(Camera, Camera, SETTINGS.with_(step_down=allowed), make=landmarker)
    running.record(tmp_path / "slow.mirrorsync")
    running.start()
    watch = Watch(running)
    if not allowed:
        watch.until(lambda: bool(made) and made[0].bodies > 40)
        assert running.status().reduced == ""
        assert made[0].bodies == pytest.approx(made[0].faces, abs=1)
        running.stop()
        return
    watch.until(lambda: running.status().reduced == "body_second")
    watch.until(lambda: any("every second picture" in message for message in watch.last.messages))
    bodies, faces = made[0].bodies, made[0].faces
    watch.until(lambda: made[0].faces >= faces + 20 or running.status().reduced != "body_second")
    if running.status().reduced == "body_second":
        assert made[0].bodies - bodies <= 12
    watch.until(lambda: bool(np.isfinite(watch.last.scores["posture_alignment"].value)))
    running.stop()
    with SessionReader(tmp_path / "slow.mirrorsync") as reader:
        assert next(event.data["to"] for event in reader.events("reduced")) == "body_second"


def test_a_landmarker_that_fails_on_the_way_leaves_the_other_side() -> None:
    made: list[FakeLandmarker] = []

    def landmarker() -> FakeLandmarker:
        made.append(FakeLandmarker(fail_at=10 if not made else -1))
        return made[-1]

    running = session(Camera, Camera, make=landmarker)
    running.start()
    until(lambda: "lost" in (running.status().a.state, running.status().b.state))
    status = running.status()
    assert {status.a.state, status.b.state} == {"lost", "live"}
    assert status.running
    lost = status.a if status.a.state == "lost" else status.b
    assert lost.conditions == ()  # not the feed's fault: it is not opened again
    running.stop()
    with pytest.raises(LandmarkerError):
        made[0].detect(Frame("x", 1, 1, np.zeros((4, 4, 3), np.uint8)))


def test_fifty_sessions_leave_no_thread_no_file_and_no_memory(tmp_path: Path) -> None:
    fds = Path("/proc/self/fd")
    threads = threading.active_count()
    open_files = [0, 0]
    objects = [0, 0]
    for k in range(50):
        cameras = Gated(2), Gated(2)
        running = session(lambda c=cameras: c[0], lambda c=cameras: c[1])  # type: ignore[misc]  # bound now
        running.start()
        if k % 3 == 0:
            running.record(tmp_path / f"{k}.mirrorsync")
        if k % 2:
            until(lambda r=running: r.status().a.state == "live")  # type: ignore[misc]  # bound now
        running.stop()
        assert all(camera.closed for camera in cameras) or k % 2 == 0
        if k in {9, 49}:
            del running, cameras
            gc.collect()
            objects[k // 49] = len(gc.get_objects())
            open_files[k // 49] = len(list(fds.iterdir())) if fds.is_dir() else 0
    assert threading.active_count() == threads
    assert open_files[1] <= open_files[0]
    assert objects[1] - objects[0] < 40  # less than one a session
