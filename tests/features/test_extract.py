"""A person of known numbers in, the named vector out; and what a mirror makes of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fake_landmarks import Person, flipped, landmarks_of
from hypothesis import given
from hypothesis import strategies as st

from mirrorsync.features.extract import FeatureExtractor
from mirrorsync.tables import BLENDSHAPES, FEATURE_INDEX, FEATURES, MIRROR_INDEX, MIRROR_SIGN
from mirrorsync.types import Features, Landmarks

SOMEBODY = Person(
    yaw_deg=12,
    pitch_deg=-7,
    roll_deg=9,
    head_cm=(6, 4, -55),
    x=0.08,
    y=-0.15,
    shoulder_roll_deg=5,
    wrist_left=(0.5, -0.8),
    wrist_right=(-0.3, -1.1),
    upper_arm_deg=(35, 15),
    elbow_deg=(70, 120),
    shapes={name: (k % 7) / 10 for k, name in enumerate(BLENDSHAPES)},
    chest_flow=0.012,
)


def features(person: Person, *, width: int = 640, height: int = 480) -> Features:
    return FeatureExtractor()(landmarks_of(person, width=width, height=height))


def of(vector: Features, name: str) -> float:
    return float(vector.values[FEATURE_INDEX[name]])


def test_every_feature_says_what_was_put_in() -> None:
    vector = features(SOMEBODY)
    expected = {
        "shoulder_roll": 5,  # own left shoulder higher
        "lean_side": 0.08 / 0.3,
        "lean_forward": -np.log(55),
        "head_yaw": 12,
        "head_pitch": -7,
        "head_roll": 9,
        "elbow_left": 70,
        "elbow_right": 120,
        "upper_arm_left": 35,
        "upper_arm_right": 15,
        "wrist_left_x": 0.5,
        "wrist_left_y": -0.8,
        "wrist_right_x": -0.3,
        "wrist_right_y": -1.1,
        "openness": 1,
        "height": -0.15 / 0.3,
        "head_x": 0.08 / 0.3,
        "head_y": (-0.15 + 0.7 * 0.3) / 0.3,
        "shoulder_width": 0.3,
        "chest_velocity": 0.012 / 0.3,
        "pose_found": 1,
        "face_found": 1,
    }
    found = {name: of(vector, name) for name in expected}
    assert found == pytest.approx(expected, abs=1e-3)
    for name in BLENDSHAPES[1:]:
        assert of(vector, name) == pytest.approx(SOMEBODY.shapes[name])
    assert np.all(vector.visibility[np.isfinite(vector.values)] > 0)
    assert not np.isnan(vector.values).any()


@given(
    yaw=st.floats(-40, 40), roll=st.floats(-30, 30), x=st.floats(-0.3, 0.3), tilt=st.floats(-20, 20),
    left=st.tuples(st.floats(-1, 1), st.floats(-1.5, 1)), elbow=st.floats(20, 170), smile=st.floats(0, 1),
)  # fmt: skip
def test_a_flipped_picture_gives_the_mirrored_features(
    yaw: float, roll: float, x: float, tilt: float, left: tuple[float, float], elbow: float, smile: float
) -> None:
    person = replace(
        SOMEBODY, yaw_deg=yaw, roll_deg=roll, x=x, shoulder_roll_deg=tilt, wrist_left=left,
        elbow_deg=(elbow, 100), shapes={**SOMEBODY.shapes, "mouthSmileLeft": smile},
    )  # fmt: skip
    landmarks = landmarks_of(person)
    straight, turned = FeatureExtractor()(landmarks), FeatureExtractor()(flipped(landmarks))
    np.testing.assert_allclose(turned.values, straight.values[MIRROR_INDEX] * MIRROR_SIGN, atol=2e-3)
    np.testing.assert_allclose(turned.visibility, straight.visibility[MIRROR_INDEX], atol=1e-6)


def test_mirroring_twice_is_nothing() -> None:
    order = np.arange(MIRROR_INDEX.size)
    np.testing.assert_array_equal(order[MIRROR_INDEX][MIRROR_INDEX], order)
    np.testing.assert_array_equal(MIRROR_SIGN * MIRROR_SIGN[MIRROR_INDEX], 1)


@pytest.mark.parametrize(
    ("person", "size"),
    [
        (replace(SOMEBODY, x=-0.2, y=0.05), (640, 480)),  # moved
        (replace(SOMEBODY, shoulder_width=0.15), (640, 480)),  # half the size
        (SOMEBODY, (1280, 720)),  # another shape of picture
        (SOMEBODY, (360, 640)),  # upright
    ],
)
def test_moving_and_zooming_leave_posture_and_face_alone(person: Person, size: tuple[int, int]) -> None:
    """All but where somebody is: the place, and the lean that is read against the own neutral."""
    before, after = features(SOMEBODY), features(person, width=size[0], height=size[1])
    same = [
        i
        for i, f in enumerate(FEATURES)
        if f.group in {"posture", "head", "expression", "gaze"} and f.name != "lean_side"
    ]
    np.testing.assert_allclose(after.values[same], before.values[same], atol=2e-3)


def test_nobody_is_missing_and_not_zero() -> None:
    vector = FeatureExtractor()(Landmarks(40, 640, 480))
    found = [FEATURE_INDEX["pose_found"], FEATURE_INDEX["face_found"]]
    np.testing.assert_array_equal(vector.values[found], 0)
    assert np.isnan(np.delete(vector.values, found)).all()
    assert not np.delete(vector.visibility, found).any()


def test_a_face_without_a_body_and_a_body_without_a_face() -> None:
    faceless, bodiless = features(replace(SOMEBODY, face=False)), features(replace(SOMEBODY, body=False))
    assert np.isnan(of(faceless, "mouthSmileLeft"))
    assert np.isnan(of(faceless, "gaze_yaw"))
    assert of(faceless, "shoulder_roll") == pytest.approx(5, abs=1e-3)
    assert of(bodiless, "head_yaw") == pytest.approx(12, abs=1e-3)
    assert np.isnan(of(bodiless, "lean_side"))
    assert np.isnan(of(bodiless, "chest_velocity"))
    assert (of(faceless, "face_found"), of(faceless, "pose_found")) == (0, 1)
    assert (of(bodiless, "face_found"), of(bodiless, "pose_found")) == (1, 0)
