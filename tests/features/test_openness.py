"""Open and closed posture from synthetic bodies, with what could be seen of it."""

from __future__ import annotations

import numpy as np
import pytest
from fake_landmarks import Person, flipped, landmarks_of

from mirrorsync.features.openness import Openness, openness
from mirrorsync.features.posture import ShoulderWidth, posture
from mirrorsync.types import FloatArray

CROSSED = Person(wrist_left=(-0.2, -0.5), wrist_right=(0.2, -0.5))
USUAL = 0.3  # of the picture's height


def measure(
    person: Person, *, turned_deg: float = 0.0, hidden: tuple[int, ...] = (), mirrored: bool = False
) -> Openness:
    landmarks = landmarks_of(person)
    if mirrored:
        landmarks = flipped(landmarks)
    world: FloatArray = landmarks.world.astype(float)
    turn = np.radians(turned_deg)
    world = world @ np.array([[np.cos(turn), 0, -np.sin(turn)], [0, 1, 0], [np.sin(turn), 0, np.cos(turn)]])
    seen = landmarks.visibility.astype(float)
    seen[list(hidden)] = 0.2
    points = landmarks.pose[:, :2].astype(float) * (landmarks.width, landmarks.height)
    return openness(points, world, seen, width=USUAL * landmarks.height, min_visibility=0.5)


def test_sitting_upright_is_open() -> None:
    found = measure(Person())
    assert (found.value, found.coverage) == (1.0, 1.0)
    assert (found.facing, found.crossed, found.at_face) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize("mirrored", [False, True])
def test_crossed_arms_close_it_whichever_way_round_the_picture_is(mirrored: bool) -> None:
    found = measure(CROSSED, mirrored=mirrored)
    assert found.value == pytest.approx(0.4)
    assert found.crossed == 1.0


def test_folded_hands_are_not_crossed_arms() -> None:
    assert measure(Person(wrist_left=(0.02, -0.8), wrist_right=(-0.02, -0.8))).value == 1.0


def test_hands_crossed_in_the_lap_or_overhead_are_not_arms_before_the_chest() -> None:
    assert measure(Person(wrist_left=(-0.3, -1.6), wrist_right=(0.3, -1.6))).crossed == 0.0
    assert measure(Person(wrist_left=(-0.3, 1.6), wrist_right=(0.3, 1.6))).crossed == 0.0


def test_each_hand_at_the_face_takes_its_share() -> None:
    assert measure(Person(wrist_right=(-0.1, 0.6))).value == pytest.approx(0.6)
    both = measure(Person(wrist_left=(0.1, 0.6), wrist_right=(-0.1, 0.6)))
    assert both.value == pytest.approx(0.36)
    assert both.at_face == 1.0


def test_it_closes_by_degrees() -> None:
    overlap = [
        measure(Person(wrist_left=(-x / 2, -0.5), wrist_right=(x / 2, -0.5))).value
        for x in np.linspace(-0.1, 0.4, 11)
    ]
    assert np.all(np.diff(overlap) <= 1e-9)
    assert len(set(np.round(overlap, 6))) >= 6


def test_turning_away_closes_it_but_leaning_back_does_not() -> None:
    sixty = Person(shoulder_width=USUAL * np.cos(np.radians(60)))
    assert measure(sixty, turned_deg=60).value == pytest.approx((0.5 - 0.4) / 0.5)
    assert measure(sixty, turned_deg=60).facing == pytest.approx(0.2)
    assert measure(Person(shoulder_width=0.11), turned_deg=70).value == pytest.approx(0.0, abs=1e-9)
    assert measure(Person(shoulder_width=0.5 * USUAL)).value == 1.0  # further away, not turned
    assert measure(Person(), turned_deg=20).value == 1.0  # within what everybody does


def test_what_is_not_seen_takes_nothing_and_lowers_the_coverage() -> None:
    none = measure(CROSSED, hidden=(15, 16))
    assert none.value == 1.0
    assert none.coverage == pytest.approx(1 / 3)
    assert np.isnan([none.crossed, none.at_face]).all()
    one = measure(CROSSED, hidden=(15,))
    assert one.value == 1.0
    assert one.coverage == pytest.approx(1 / 2)
    assert np.isnan(one.crossed)
    assert one.at_face == 0.0


def test_without_world_points_the_picture_decides() -> None:
    landmarks = landmarks_of(Person(shoulder_width=0.12))
    points = landmarks.pose[:, :2].astype(float) * (landmarks.width, landmarks.height)
    seen = landmarks.visibility.astype(float)
    found = openness(points, np.full((33, 3), np.nan), seen, width=144.0, min_visibility=0.5)
    assert found.value == pytest.approx(0.0, abs=1e-6)


def test_the_feature_carries_its_own_coverage() -> None:
    value, seen = posture(landmarks_of(CROSSED), ShoulderWidth())["openness"]
    assert value == pytest.approx(0.4)
    assert seen == pytest.approx(0.9)  # the visibility of the shoulders, all parts seen
