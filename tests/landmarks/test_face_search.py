"""The face is looked for in the whole picture first, then closer, and comes back in whole coordinates."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_person import H, Person, W, person
from numpy.typing import NDArray

from mirrorsync.assets import asset_path
from mirrorsync.capture import open_source
from mirrorsync.errors import AssetError
from mirrorsync.features.head import head_angles
from mirrorsync.landmarks import closer
from mirrorsync.landmarks.closer import Box, box_around, carry_head, carry_points
from mirrorsync.landmarks.face_search import RECHECK_FRAMES, FaceSearch, Found
from mirrorsync.landmarks.likeness import Head, pose_head, same_head
from mirrorsync.landmarks.presence import Presence
from mirrorsync.settings import Settings
from mirrorsync.types import Frame

TAN = 2 * math.tan(math.radians(31.5))
PICTURE = np.zeros((H, W, 3), dtype=np.uint8)


def test_the_box_is_square_inside_the_picture_and_around_the_head() -> None:
    for head in (Head(320, 150, 70), Head(5, 470, 70), Head(320, 200, 400)):
        box = box_around(head, W, H, None)
        assert box is not None
        assert box.x >= 0
        assert box.x + box.side <= W
        assert box.y >= 0
        assert box.y + box.side <= H
        assert box.x <= head.x <= box.x + box.side
        assert box.side == pytest.approx(min(2.6 * head.size, H), abs=1)


def test_the_box_stays_until_the_head_leaves_its_middle_or_changes_size() -> None:
    box = box_around(Head(320, 150, 70), W, H, None)
    assert box_around(Head(330, 155, 75), W, H, box) == box
    assert box_around(Head(350, 150, 70), W, H, box) != box
    assert box_around(Head(320, 150, 120), W, H, box) != box
    assert box_around(Head(320, 150, 70), W // 2, H // 2, box) != box  # it would reach outside


@pytest.mark.parametrize("head", [Head(-5, 150, 70), Head(320, 481, 70), Head(320, 150, 9)])
def test_there_is_no_box_for_a_head_outside_or_too_small(head: Head) -> None:
    assert box_around(head, W, H, None) is None


def test_points_come_back_to_where_they_are_in_the_whole_picture() -> None:
    box = Box(100, 60, 200)
    inside = np.array([[0, 0, 0], [1, 1, 0.5], [0.5, 0.25, -0.1]], dtype=np.float32)
    expected = np.array([[100 / W, 60 / H, 0], [300 / W, 260 / H, 100 / W], [200 / W, 110 / H, -20 / W]])
    np.testing.assert_allclose(carry_points(inside, box, W, H), expected, rtol=1e-6)


def test_a_box_that_is_the_whole_picture_changes_no_matrix() -> None:
    rng = np.random.default_rng(4)
    face = rng.uniform(0.3, 0.6, (478, 3)).astype(np.float32)
    head = np.eye(4, dtype=np.float32)
    head[:3, 3] = 3.0, -2.0, -40.0
    np.testing.assert_allclose(carry_head(head, face, Box(0, 0, 400), 400, 400), head, atol=1e-4)


def test_the_matrix_is_carried_by_perspective() -> None:
    """A flat face in a box lies, in the whole picture, on the same line of sight, as far as its size says."""
    box, (w, h) = Box(400, 40, 160), (W, H)
    rng = np.random.default_rng(5)
    face = np.zeros((478, 3), dtype=np.float32)
    face[:, :2] = rng.uniform(-0.2, 0.2, (478, 2))
    face[:, :2] += 0.5 - closer._WEIGHTS @ face[closer._BASIS, :2]
    head = np.eye(4, dtype=np.float32)
    head[:3, 3] = [0, 0, -26] - closer._MIDDLE_CM  # the middle of the face is 26 cm straight ahead
    carried = carry_head(head, face, box, w, h)
    np.testing.assert_allclose(carried[:3, :3] @ carried[:3, :3].T, np.eye(3), atol=1e-5)
    x, y, z = (carried[:3, :3] @ closer._MIDDLE_CM + carried[:3, 3]).tolist()
    assert z == pytest.approx(-26 * h / box.side, rel=0.02)
    assert w / 2 - x / z * h / TAN == pytest.approx(480, abs=1.0)
    assert h / 2 + y / z * h / TAN == pytest.approx(120, abs=1.0)


class Eyes:
    """Two landmarkers that see what they are told to; they note which of them was asked."""

    def __init__(self) -> None:
        self.whole: Person | None = None
        self.closer: Person | None = None
        self.asked: list[str] = []

    def see_whole(self, _at_ms: int) -> Found:
        self.asked.append("whole")
        return {} if self.whole is None else _found(self.whole.face)

    def see_closer(self, rgb: NDArray[np.uint8], at_ms: int) -> Found:
        self.asked.append("closer")
        if self.closer is None:
            return {}
        box = box_around(pose_head(person().pose, W, H), W, H, None)
        assert box is not None
        assert rgb.shape == (box.side, box.side, 3)
        pixels = self.closer.face * (W, H, W) - (box.x, box.y, 0)
        return _found((pixels / box.side).astype(np.float32))


def _found(face: NDArray[np.float32]) -> Found:
    head = np.eye(4, dtype=np.float32)
    head[2, 3] = -50
    return {"face": face, "blendshapes": np.zeros(52, dtype=np.float32), "head": head}


def watch(eyes: Eyes, body: Person | None, n: int) -> list[Found]:
    search = FaceSearch(Presence(), eyes.see_whole, eyes.see_closer)
    return [
        search.find(
            Frame("f", k, k * 40_000_000, PICTURE), k * 40, lambda: None if body is None else body.pose
        )
        for k in range(n)
    ]


def test_a_face_that_fits_the_body_is_looked_for_once_a_frame() -> None:
    eyes = Eyes()
    eyes.whole = person()
    assert all(watch(eyes, person(), 20))
    assert eyes.asked == ["whole"] * 20


def test_a_face_found_closer_takes_over_and_the_whole_picture_is_tried_again() -> None:
    eyes = Eyes()
    eyes.closer = person()
    found = watch(eyes, person(), 3 * RECHECK_FRAMES)
    for one in found:
        np.testing.assert_allclose(one["face"], person().face, atol=1e-5)
    assert eyes.asked.count("closer") == 3 * RECHECK_FRAMES
    assert eyes.asked.count("whole") == 1 + 3


def test_a_face_elsewhere_gives_way_to_the_one_at_the_bodys_head() -> None:
    eyes = Eyes()
    eyes.whole, eyes.closer = person(320, 320), person()
    for one in watch(eyes, person(), 10):
        assert same_head(person().pose, one["face"], W, H)


def test_what_is_seen_closer_but_is_not_of_that_head_is_not_taken() -> None:
    eyes = Eyes()
    eyes.closer = person(320, 220)
    assert not any(watch(eyes, person(), 10))


def test_looking_closer_in_vain_becomes_rare() -> None:
    eyes = Eyes()
    watch(eyes, person(), 120)
    looks = [k for k, who in enumerate(w for w in _by_frame(eyes.asked)) if who == 2]
    assert looks[0] == 0
    gaps = np.diff(looks)
    assert gaps.min() >= 3
    assert gaps[-1] == 24
    assert len(looks) < 10


def _by_frame(asked: list[str]) -> list[int]:
    """Return how many were asked in each frame, each of which begins with the whole picture."""
    starts = [k for k, who in enumerate(asked) if who == "whole"] + [len(asked)]
    return np.diff(starts).tolist()


def test_without_a_body_only_the_whole_picture_is_looked_at() -> None:
    eyes = Eyes()
    eyes.whole = person()
    assert all(watch(eyes, None, 5))
    assert eyes.asked == ["whole"] * 5


def test_looking_closer_gives_the_matrix_that_the_whole_picture_gives() -> None:
    """The real model, on the built-in portrait: the same face by both ways, distance and angles alike."""
    from mirrorsync.landmarks.mediapipe_tasks import FACE_MODEL, POSE_MODEL, MediaPipeLandmarker

    try:
        for name in (FACE_MODEL, POSE_MODEL, "astronaut.png"):
            asset_path(name)
    except AssetError as error:
        pytest.skip(f"the models are not here: {error}")
    apart = []
    with (
        open_source("portrait:you", Settings(), seconds=1.0) as source,
        MediaPipeLandmarker(chest=False, believe_all=True) as landmarker,
    ):
        for frame in source:
            seen = landmarker.detect(frame)
            width, height = frame.width, frame.height
            x, y = (seen.face[:, :2].mean(axis=0) * (width, height)).tolist()
            box = box_around(Head(x, y, 0.25 * height), width, height, None)
            assert box is not None
            part = frame.rgb[box.y : box.y + box.side, box.x : box.x + box.side]
            inside = landmarker._detect_closer(part, frame.t_ns // 1_000_000)
            carried = carry_head(inside["head"], inside["face"], box, width, height)
            assert abs(inside["head"][2, 3] / seen.head[2, 3] - 1) > 0.1, "nothing was to be corrected"
            angles = np.subtract(head_angles(carried), head_angles(seen.head))
            apart.append([*np.abs(angles), abs(carried[2, 3] / seen.head[2, 3] - 1)])
    yaw, pitch, roll, distance = np.median(apart, axis=0)
    assert max(yaw, pitch, roll) < 1.0
    assert distance < 0.02
