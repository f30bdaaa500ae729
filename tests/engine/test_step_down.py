"""Less is done on a slow machine, no less than needed, and all of it again when there is room."""

from __future__ import annotations

import numpy as np
import pytest
from fake_landmarks import FakeLandmarker, Person, landmarks_of
from fakes import FakeSource

from mirrorsync.engine.observe import Observer
from mirrorsync.engine.pairing import Pairing
from mirrorsync.engine.step_down import FULL, Plan, StepDown
from mirrorsync.features.extract import FeatureExtractor
from mirrorsync.settings import Settings
from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import Frame, Observation

LEAN, YAW, CHEST = (FEATURE_INDEX[name] for name in ("lean_side", "head_yaw", "chest_velocity"))
MS = 1_000_000


class Machine:
    """Two cameras, and landmarkers that take so long for a body and for a face, on a made-up clock."""

    def __init__(self, down: StepDown, *, body_ms: float, face_ms: float, fps: float = 30.0) -> None:
        self.down, self.body_ms, self.face_ms, self.fps = down, body_ms, face_ms, fps
        self.stated_fps = fps
        self.interval_ns = round(1e9 / fps)
        self.next_ns = {"a": 0, "b": 0}
        self.free_ns = {"a": 0, "b": 0}
        self.seen = self.bodies = self.missed = 0
        self.steps: list[str] = []

    def run(self, seconds: float) -> None:
        end_ns = min(self.next_ns.values()) + round(seconds * 1e9)
        while min(self.next_ns.values()) < end_ns:
            side = min(self.next_ns, key=self.next_ns.__getitem__)
            t_ns = self.next_ns[side]
            self.next_ns[side] += self.interval_ns
            if t_ns < self.free_ns[side] - self.interval_ns:  # a newer picture has taken its place
                self.missed += 1
                continue
            plan = self.down.plan(side, t_ns)
            began_ns = max(t_ns, self.free_ns[side])
            busy_ns = round((self.face_ms + (self.body_ms if plan.body else 0)) * MS)
            self.free_ns[side] = done_ns = began_ns + busy_ns
            self.down.note(side, t_ns, done_ns=done_ns, busy_ns=busy_ns, body=plan.body, fps=self.stated_fps)
            self.seen += 1
            self.bodies += plan.body
            if not self.steps or self.steps[-1] != self.down.reduced:
                self.steps.append(self.down.reduced)


def test_a_machine_that_keeps_up_does_everything() -> None:
    machine = Machine(StepDown(), body_ms=16, face_ms=8)
    machine.run(60)
    assert machine.steps == [""]
    assert machine.bodies == machine.seen


def test_it_steps_down_before_a_picture_is_missed() -> None:
    machine = Machine(StepDown(), body_ms=23, face_ms=8.5)  # 31.5 of 33.3 ms
    machine.run(20)
    assert machine.steps == ["", "body_second"]
    assert machine.missed == 0


@pytest.mark.parametrize(("body_ms", "step"), [(28, "body_second"), (35, "body_second"), (45, "body_third")])
def test_the_step_that_suffices_is_found_and_held(body_ms: float, step: str) -> None:
    machine = Machine(StepDown(), body_ms=body_ms, face_ms=9)
    machine.run(10)
    assert machine.down.reduced == step
    machine.missed = 0
    machine.steps.clear()
    machine.run(600)
    assert machine.missed < 0.01 * machine.seen
    assert len(machine.steps) <= 5  # it does not swing


def test_it_steps_up_again_when_there_is_room_but_not_at_once() -> None:
    machine = Machine(StepDown(), body_ms=35, face_ms=9)
    machine.run(10)
    machine.body_ms = 12
    machine.run(8)
    assert machine.steps == ["", "body_second"]
    machine.run(10)
    assert machine.steps == ["", "body_second", ""]


def test_a_machine_at_its_limit_tries_ever_more_rarely() -> None:
    machine = Machine(StepDown(), body_ms=35, face_ms=9)
    for _ in range(120):  # busy and idle by turns, as it happens with another program
        machine.body_ms = 35 if machine.down.reduced == "" else 12
        machine.run(5)
    machine.steps.clear()
    machine.run(100)
    assert len(machine.steps) <= 3


def test_a_camera_slower_than_it_says_is_no_slow_machine() -> None:
    machine = Machine(StepDown(), body_ms=20, face_ms=8, fps=15.0)
    machine.stated_fps = 30.0
    machine.run(30)
    assert machine.down.reduced == ""


def test_a_body_is_never_left_out_for_long() -> None:
    down = StepDown()
    machine = Machine(down, body_ms=200, face_ms=20, fps=8.0)
    machine.run(30)
    assert machine.bodies == machine.seen  # pictures come too rarely to leave any out


def test_it_can_be_switched_off() -> None:
    machine = Machine(StepDown(enabled=False), body_ms=60, face_ms=9)
    machine.run(20)
    assert machine.down.reduced == ""
    assert machine.down.plan("a", 10**12) == FULL


def leaning(t_s: float) -> Person:
    return Person(x=0.1 * float(np.sin(2 * np.pi * 0.5 * t_s)), yaw_deg=20 * float(np.sin(t_s)))


def test_between_the_bodies_that_were_looked_for_is_a_straight_line_and_no_stairs() -> None:
    """Stairs would be movement, the same in both people: synchrony out of nothing."""
    settings = Settings(rate_hz=25.0)
    times = [k / 30.0 for k in range(120)]
    lean: dict[int, list[float]] = {1: [], 2: [], 3: []}
    for every, found in lean.items():
        pairing, observers = Pairing(settings), [Observer(FakeLandmarker(at)) for _ in "ab"]
        for k, t_s in enumerate(times):
            frame = Frame("made", k, round(t_s * 1e9), np.zeros((480, 640, 3), np.uint8))
            for side, observer in enumerate(observers):
                pairing.push(side, observer.observe(frame, plan=Plan(body=k % every == 0)))
            for pair in pairing.ready():
                assert pair.a is not None
                found.append(float(pair.a.values[LEAN]))
                assert np.isfinite(pair.a.values[YAW])
    for every in (2, 3):
        n = len(lean[every])
        assert n > 95
        full, less = np.array(lean[1][:n]), np.array(lean[every])
        assert np.abs(less - full).max() < 0.02 * np.ptp(full)
        assert np.abs(np.diff(less, 2)).max() < 3 * np.abs(np.diff(full, 2)).max()


def at(frame: Frame) -> Person:
    return leaning(frame.t_ns / 1e9)


def test_a_body_that_is_held_is_shown_and_not_measured() -> None:
    landmarker = FakeLandmarker(lambda frame: Person(x=0.01 * frame.index, chest_flow=0.02))
    observer = Observer(landmarker)
    source = FakeSource([0.0, 0.04, 0.08])
    first, second, third = (
        observer.observe(frame, plan=Plan(body=body))
        for frame, body in zip(source, (True, False, True), strict=True)
    )
    np.testing.assert_array_equal(second.landmarks.pose, first.landmarks.pose)
    assert second.landmarks.body_held
    assert np.isnan(second.features.values[LEAN])
    assert second.features.visibility[LEAN] == 0
    assert np.isfinite(second.features.values[CHEST])  # the chest is looked at in every picture
    assert third.features.values[LEAN] > first.features.values[LEAN]


def test_a_held_body_does_not_count_twice_for_the_shoulder_width() -> None:
    wide, narrow = Person(shoulder_width=0.4), Person(shoulder_width=0.2)
    extract = FeatureExtractor()
    widths = []
    for k, person in enumerate((wide, narrow, narrow)):
        found = landmarks_of(person, t_ns=k)
        widths.append(extract(found).values[FEATURE_INDEX["shoulder_width"]])
    again = FeatureExtractor()
    assert again(landmarks_of(wide)).values[FEATURE_INDEX["shoulder_width"]] == pytest.approx(widths[0])


def test_smaller_pictures_are_looked_at_and_the_picture_itself_is_kept() -> None:
    seen: list[tuple[int, int]] = []

    def person(frame: Frame) -> Person:
        seen.append((frame.width, frame.height))
        return Person()

    frame = Frame("made", 0, 0, np.zeros((720, 960, 3), np.uint8))
    observation = Observer(FakeLandmarker(person)).observe(frame, plan=Plan(max_side=640))
    assert seen == [(640, 480)]
    assert isinstance(observation, Observation)
    assert observation.frame is frame
    assert observation.landmarks.width == 640
