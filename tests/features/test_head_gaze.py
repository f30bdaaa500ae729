"""Known rotations in, known angles out."""

from __future__ import annotations

import numpy as np
import pytest
from fake_landmarks import Person, landmarks_of
from hypothesis import given
from hypothesis import strategies as st

from mirrorsync.features.gaze import gaze_angles
from mirrorsync.features.head import head_angles, nearness

_angle = st.floats(-60.0, 60.0)


def _gaze(person: Person) -> tuple[float, float]:
    landmarks = landmarks_of(person)
    return gaze_angles(landmarks.head, landmarks.blendshapes)


@given(_angle, _angle, _angle)
def test_any_combination_of_turn_nod_and_tilt_is_told_apart(yaw: float, pitch: float, roll: float) -> None:
    head = landmarks_of(Person(yaw_deg=yaw, pitch_deg=pitch, roll_deg=roll)).head
    assert head_angles(head) == pytest.approx((yaw, pitch, roll), abs=1e-3)


def test_signs_of_the_head_by_where_the_nose_and_the_left_ear_go() -> None:
    # Canonical face: x to the person's own left, y up, z out of the face; camera: x right, y up.
    nose, left_ear = np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0])

    def turned(person: Person, point: np.ndarray) -> np.ndarray:
        moved: np.ndarray = landmarks_of(person).head[:3, :3] @ point
        return moved

    assert turned(Person(yaw_deg=30), nose)[0] > 0.4  # own left is the picture's right
    assert turned(Person(pitch_deg=30), nose)[1] > 0.4  # chin up
    assert turned(Person(roll_deg=30), left_ear)[1] < -0.4  # the left ear comes down to the left shoulder


def test_nearness_counts_ratios_of_distance_and_not_turning() -> None:
    at_60 = nearness(landmarks_of(Person(head_cm=(0, 0, -60))).head)
    at_54 = nearness(landmarks_of(Person(head_cm=(5, 3, -54), yaw_deg=40)).head)
    assert at_54 - at_60 == pytest.approx(np.log(60 / 54), abs=1e-6)
    assert np.isnan(nearness(landmarks_of(Person(head_cm=(0, 0, 10))).head))


def test_gaze_is_zero_at_the_camera_wherever_the_head_is() -> None:
    assert _gaze(Person()) == pytest.approx((0, 0), abs=1e-4)
    x, y, z = 20.0, -10.0, -60.0
    toward = Person(
        head_cm=(x, y, z),
        yaw_deg=float(np.degrees(np.arctan2(-x, -z))),
        pitch_deg=float(np.degrees(np.arctan2(-y, np.hypot(x, z)))),
    )
    assert _gaze(toward) == pytest.approx((0, 0), abs=1e-3)


def test_eyes_turn_the_gaze_to_the_same_side_as_the_head() -> None:
    to_own_left = {"eyeLookOutLeft": 0.5, "eyeLookInRight": 0.5}
    up = {"eyeLookUpLeft": 0.4, "eyeLookUpRight": 0.4}
    yaw, pitch = _gaze(Person(shapes=to_own_left | up))
    assert yaw == pytest.approx(15.0, abs=1e-4)
    assert pitch == pytest.approx(10.0, abs=1e-4)
    # eyes that make up for the head keep looking at the camera
    assert _gaze(Person(yaw_deg=-15, shapes=to_own_left))[0] == pytest.approx(0.0, abs=1e-3)
