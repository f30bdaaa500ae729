"""Dark, small, empty, crowded pictures are told from good ones, after a second and no sooner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fake_landmarks import Person, landmarks_of
from numpy.typing import NDArray

from mirrorsync.engine.conditions import PictureConditions, brightness
from mirrorsync.features.extract import FeatureExtractor
from mirrorsync.types import Frame, Landmarks, Observation

GREY = np.full((480, 640, 3), 120, np.uint8)


def observed(second: float, found: Landmarks, rgb: NDArray[np.uint8] = GREY) -> Observation:
    t_ns = round(second * 1e9)
    return Observation(Frame("made", 0, t_ns, rgb), found, FeatureExtractor()(found))


def said(found: Landmarks, rgb: NDArray[np.uint8] = GREY, people: int | None = None) -> tuple[str, ...]:
    """What is said after two seconds of the same."""
    judge = PictureConditions(max_gap_s=0.2)
    for k in range(60):
        now = judge.update(observed(k / 30, found, rgb), people)
    return now


def test_nothing_is_said_of_a_good_picture() -> None:
    assert said(landmarks_of(Person())) == ()


@pytest.mark.parametrize(
    ("person", "keys"),
    [
        (Person(body=False, face=False), ("nobody",)),
        (Person(face=False), ("out_of_frame_face",)),
        (Person(body=False), ("out_of_frame_body",)),
        (Person(seen=0.2), ("out_of_frame_body",)),
        (Person(x=0.6), ("out_of_frame_body",)),
        (Person(y=-0.6), ("out_of_frame_body",)),
        (Person(face=False, shoulder_width=0.1), ("too_small", "out_of_frame_face")),
    ],
)
def test_what_is_wrong_with_the_person_is_said(person: Person, keys: tuple[str, ...]) -> None:
    assert said(landmarks_of(person)) == keys


def test_a_face_of_few_pixels_is_too_small_and_the_same_one_nearer_is_not() -> None:
    assert said(landmarks_of(Person(), width=160, height=120)) == ("too_small",)
    assert said(landmarks_of(Person(), width=1280, height=960)) == ()


@pytest.mark.parametrize(("pixels", "small"), [(60, True), (68, True), (73, False), (100, False)])
def test_a_face_is_small_below_seventy_pixels(pixels: int, small: bool) -> None:
    found = landmarks_of(Person())
    face = found.face.copy()
    middle, across = 0.5, pixels / 640 / 2
    face[[234, 454], 0] = middle - across, middle + across
    face[[10, 152], 1] = 0.3 - 1.25 * pixels / 480 / 2, 0.3 + 1.25 * pixels / 480 / 2
    assert said(replace(found, face=face)) == (("too_small",) if small else ())


def test_a_turned_face_is_narrow_and_not_small() -> None:
    found = landmarks_of(Person())
    face = found.face.copy()
    face[[234, 454], 0] = 0.5
    assert said(replace(found, face=face)) == ()


@pytest.mark.parametrize(
    ("level", "dark"), [(0, True), (30, True), (55, True), (70, False), (120, False), (255, False)]
)
def test_dark_is_when_nothing_in_the_picture_is_bright(level: int, dark: bool) -> None:
    assert ("too_dark" in said(landmarks_of(Person()), np.full_like(GREY, level))) is dark


def test_a_dark_room_with_a_lit_face_is_not_too_dark() -> None:
    rgb = np.zeros_like(GREY)
    rgb[100:260, 240:400] = 90  # a twelfth of the picture
    assert brightness(Frame("made", 0, 0, rgb)) == pytest.approx(90)
    assert said(landmarks_of(Person()), rgb) == ()


def test_several_people_are_said_as_long_as_they_are_counted() -> None:
    assert said(landmarks_of(Person()), people=2) == ("more_than_one_person",)
    judge = PictureConditions(max_gap_s=0.2)
    for k in range(240):
        now = judge.update(observed(k / 30, landmarks_of(Person())), {0: 2, 60: 2, 120: 1}.get(k))
        if k == 100:
            assert now == ("more_than_one_person",)
    assert now == ()


def test_it_takes_a_second_and_a_moment_does_not_count() -> None:
    judge = PictureConditions(max_gap_s=0.2)
    here, gone = landmarks_of(Person()), landmarks_of(Person(body=False, face=False))
    told = {}
    for k in range(200):
        second = k / 20
        away = 1.0 <= second < 1.6 or 3.0 <= second < 6.0
        told[second] = judge.update(observed(second, gone if away else here))
    assert told[1.55] == told[2.0] == told[3.9] == ()
    assert told[4.0] == told[6.9] == ("nobody",)
    assert told[7.0] == ()


def test_the_smallest_picture_has_a_brightness() -> None:
    assert brightness(Frame("made", 0, 0, np.full((3, 3, 3), 7, np.uint8))) == pytest.approx(7)


@pytest.mark.parametrize(("fps", "keys"), [(4.0, ("too_few_pictures",)), (6.0, ()), (30.0, ())])
def test_pictures_too_far_apart_to_be_scored_are_said(fps: float, keys: tuple[str, ...]) -> None:
    judge = PictureConditions(max_gap_s=0.2)
    for k in range(round(4 * fps)):
        now = judge.update(observed(k / fps, landmarks_of(Person())))
    assert now == keys
