"""The running scale, points that are not seen, and open or closed posture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fake_landmarks import Person, landmarks_of

from mirrorsync.features.posture import ShoulderWidth, posture


def _openness(person: Person, usual: float = 0.3) -> float:
    scale = ShoulderWidth()
    for _ in range(20):
        scale.update(usual)
    return posture(landmarks_of(person), scale)["openness"][0]


def test_the_scale_is_the_median_and_forgets_what_is_long_past() -> None:
    scale = ShoulderWidth(5)
    assert np.isnan(scale.update(float("nan")))
    assert [scale.update(w) for w in (0.3, 0.3, 0.9, 0.3, 0.3)][-1] == 0.3
    assert scale.update(float("nan")) == 0.3
    for width in (0.5, 0.5, 0.5):
        last = scale.update(width)
    assert last == 0.5


def test_turning_narrows_the_shoulders_but_not_the_scale() -> None:
    scale = ShoulderWidth()
    for _ in range(50):
        posture(landmarks_of(Person()), scale)
    turned = posture(landmarks_of(Person(shoulder_width=0.2, x=0.06)), scale)
    assert turned["shoulder_width"][0] == pytest.approx(0.3, abs=1e-6)
    assert turned["lean_side"][0] == pytest.approx(0.2, abs=1e-5)


def test_points_that_are_hardly_seen_are_missing() -> None:
    landmarks = landmarks_of(Person())
    seen = landmarks.visibility.copy()
    seen[[13, 16]] = 0.3  # left elbow, right wrist
    names = posture(replace(landmarks, visibility=seen), ShoulderWidth())
    assert {"upper_arm_right", "wrist_left_x", "shoulder_roll"} <= names.keys()
    assert not {"upper_arm_left", "elbow_left", "elbow_right", "wrist_right_x"} & names.keys()
    seen[11] = 0.3  # without a shoulder there is no posture at all
    assert posture(replace(landmarks, visibility=seen), ShoulderWidth()) == {}


def test_shoulders_at_one_point_give_no_scale_and_so_no_posture() -> None:
    landmarks = landmarks_of(Person())
    pose = landmarks.pose.copy()
    pose[12] = pose[11]
    flat = replace(landmarks, pose=pose)
    assert posture(flat, ShoulderWidth()) == {}
    known = ShoulderWidth()
    for _ in range(3):
        posture(landmarks, known)
    assert all(np.isfinite(value) for value, _ in posture(flat, known).values())


def test_open_and_closed() -> None:
    crossed = Person(wrist_left=(-0.2, -0.5), wrist_right=(0.2, -0.5))
    at_face = Person(wrist_right=(-0.1, 0.6))
    assert _openness(Person()) == pytest.approx(1.0)
    assert _openness(crossed) == pytest.approx(0.4)
    assert _openness(at_face) == pytest.approx(0.6)
    assert _openness(Person(seen=0.9, wrist_left=(0.3, -2.0), wrist_right=(-0.3, -2.0))) == pytest.approx(1)
