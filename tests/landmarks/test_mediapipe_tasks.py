"""The real models on a real portrait: read as the library's own wrapper reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
import pytest
from numpy.typing import NDArray

from mirrorsync.assets import asset_path
from mirrorsync.errors import AssetError, LandmarkerError
from mirrorsync.features.extract import FeatureExtractor
from mirrorsync.landmarks.detector import Landmarker
from mirrorsync.landmarks.mediapipe_tasks import FACE_MODEL, POSE_MODEL, MediaPipeLandmarker
from mirrorsync.tables import BLENDSHAPES, FEATURE_INDEX, MIRROR_INDEX, MIRROR_SIGN
from mirrorsync.types import Frame, Landmarks

SIZE = 384


@pytest.fixture(scope="module")
def portrait() -> NDArray[np.uint8]:
    try:
        picture = asset_path("astronaut.png")
        asset_path(FACE_MODEL)
        asset_path(POSE_MODEL)
    except AssetError as error:
        pytest.skip(f"the models are not here: {error}")
    bgr = cv2.imread(str(picture))
    assert bgr is not None
    return cv2.resize(bgr, (SIZE, SIZE), interpolation=cv2.INTER_AREA)[:, :, ::-1].astype(np.uint8)


@pytest.fixture
def landmarker(portrait: NDArray[np.uint8]) -> Iterator[MediaPipeLandmarker]:
    with MediaPipeLandmarker() as one:
        yield one


def frames(portrait: NDArray[np.uint8]) -> list[Frame]:
    return [
        Frame("fake:", k, k * 40_000_000, np.ascontiguousarray(np.roll(portrait, 2 * k, axis=1)))
        for k in range(3)
    ]


def assert_same(ours: Landmarks, theirs: Landmarks) -> None:
    for field in ("pose", "world", "visibility", "face", "blendshapes", "head"):
        np.testing.assert_array_equal(getattr(ours, field), getattr(theirs, field))


def test_body_and_face_are_the_same_one_after_the_other(
    portrait: NDArray[np.uint8], landmarker: MediaPipeLandmarker
) -> None:
    with MediaPipeLandmarker(beside=False) as other:
        for frame in frames(portrait):
            assert_same(landmarker.detect(frame), other.detect(frame))


def test_the_c_structures_are_read_as_the_public_wrapper_reads_them(
    portrait: NDArray[np.uint8], landmarker: MediaPipeLandmarker
) -> None:
    with MediaPipeLandmarker() as other:
        for frame in frames(portrait):
            ours = landmarker.detect(frame)
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.rgb.copy())
            at_ms = frame.t_ns // 1_000_000
            body = other._pose.detect_for_video(image, at_ms)
            face = other._face.detect_for_video(image, at_ms)

            def points(listed: object) -> NDArray[np.float32]:
                return np.array([[p.x, p.y, p.z] for p in listed], np.float32)  # type: ignore[attr-defined]  # theirs

            np.testing.assert_array_equal(ours.pose, points(body.pose_landmarks[0]))
            np.testing.assert_array_equal(ours.world, points(body.pose_world_landmarks[0]))
            np.testing.assert_array_equal(
                ours.visibility, np.array([p.visibility for p in body.pose_landmarks[0]], np.float32)
            )
            np.testing.assert_array_equal(ours.face, points(face.face_landmarks[0]))
            np.testing.assert_array_equal(
                ours.head, np.array(face.facial_transformation_matrixes[0], np.float32)
            )
            named = {c.category_name: c.score for c in face.face_blendshapes[0]}
            assert len(named) == len(BLENDSHAPES)
            np.testing.assert_array_equal(
                ours.blendshapes, np.array([named[name] for name in BLENDSHAPES], np.float32)
            )


def test_the_portrait_is_somebody_upright_before_a_camera(
    portrait: NDArray[np.uint8], landmarker: MediaPipeLandmarker
) -> None:
    assert isinstance(landmarker, Landmarker)
    found = landmarker.detect(frames(portrait)[0])
    assert found.pose_found
    assert found.face_found
    assert (found.width, found.height, found.t_ns) == (SIZE, SIZE, 0)
    assert found.pose[11, 0] > found.pose[12, 0]  # own left is the picture's right
    assert np.linalg.det(found.head[:3, :3]) == pytest.approx(1.0, abs=1e-3)
    assert found.head[2, 3] < 0
    vector = FeatureExtractor()(found)
    assert vector.values[FEATURE_INDEX["mouthSmileLeft"]] > 0.3  # she smiles
    assert abs(vector.values[FEATURE_INDEX["head_roll"]]) < 25


def test_a_flipped_picture_gives_mirrored_features(portrait: NDArray[np.uint8]) -> None:
    """What the models make of a flip is not exact; its signs and sides are."""
    vectors = []
    for picture in (portrait, portrait[:, ::-1]):
        with MediaPipeLandmarker(chest=False) as one:
            vectors.append(FeatureExtractor()(one.detect(Frame("fake:", 0, 0, picture.copy()))).values)
    straight = vectors[0][MIRROR_INDEX] * MIRROR_SIGN
    for name, tolerance in (
        ("head_roll", 3), ("head_yaw", 5), ("head_pitch", 5), ("shoulder_roll", 5), ("lean_side", 0.1),
        ("gaze_yaw", 8), ("mouthSmileLeft", 0.15), ("mouthSmileRight", 0.15), ("head_x", 0.1),
    ):  # fmt: skip
        index = FEATURE_INDEX[name]
        assert vectors[1][index] == pytest.approx(straight[index], abs=tolerance), name
    assert abs(vectors[0][FEATURE_INDEX["head_roll"]]) > 3  # so that a wrong sign would be seen


def test_nobody_on_a_blank_picture(landmarker: MediaPipeLandmarker) -> None:
    found = landmarker.detect(Frame("fake:", 0, 0, np.full((SIZE, SIZE, 3), 127, np.uint8)))
    assert not found.pose_found
    assert not found.face_found
    for array in (found.pose, found.world, found.visibility, found.face, found.blendshapes, found.head):
        assert np.isnan(array).all()
    assert np.isnan(found.chest_flow)


def test_the_chest_is_measured_from_the_second_picture_on(
    portrait: NDArray[np.uint8], landmarker: MediaPipeLandmarker
) -> None:
    first, second = (landmarker.detect(Frame("fake:", k, k * 40_000_000, portrait)) for k in range(2))
    assert np.isnan(first.chest_flow)
    assert second.chest_flow == pytest.approx(0.0, abs=1e-6)


def test_times_must_rise_but_may_lie_within_one_millisecond(
    portrait: NDArray[np.uint8], landmarker: MediaPipeLandmarker
) -> None:
    for t_ns in (5_000_000, 5_000_001, 5_400_000, 7_000_000):
        assert landmarker.detect(Frame("fake:", 0, t_ns, portrait)).face_found
    for t_ns in (7_000_000, 3):
        with pytest.raises(LandmarkerError, match="not later"):
            landmarker.detect(Frame("fake:", 0, t_ns, portrait))


def test_pictures_that_are_views_or_change_size_are_fine(
    portrait: NDArray[np.uint8], landmarker: MediaPipeLandmarker
) -> None:
    wide = np.concatenate([portrait, portrait], axis=1)
    for k, picture in enumerate((portrait, wide[:, :SIZE], portrait[:320])):
        assert landmarker.detect(Frame("fake:", k, k * 40_000_000, picture)).face_found


def test_closing_twice_is_fine_and_afterwards_nothing_is_found(portrait: NDArray[np.uint8]) -> None:
    one = MediaPipeLandmarker()
    one.close()
    one.close()
    with pytest.raises(LandmarkerError, match="closed"):
        one.detect(Frame("fake:", 0, 0, portrait))


def test_missing_models_are_named(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="face_landmarker"):
        MediaPipeLandmarker(models_dir=tmp_path)


def test_people_are_counted_whomever_the_landmarker_holds(
    portrait: NDArray[np.uint8], landmarker: MediaPipeLandmarker
) -> None:
    nobody = np.full_like(portrait, 90)
    for pictures, people in (((portrait,), 1), ((portrait, portrait), 2), ((nobody,), 0)):
        assert landmarker.count_people(Frame("fake:", 0, 0, np.hstack(pictures))) == people
    assert landmarker.detect(frames(portrait)[0]).face_found  # counting has left it as it was


def test_a_body_that_is_not_looked_for_is_held_and_the_face_is_found_anew(
    portrait: NDArray[np.uint8], landmarker: MediaPipeLandmarker
) -> None:
    first, second, third = (
        landmarker.detect(frame, body=body)
        for frame, body in zip(frames(portrait), (True, False, True), strict=True)
    )
    np.testing.assert_array_equal(second.pose, first.pose)
    assert (first.body_held, second.body_held, third.body_held) == (False, True, False)
    assert second.face_found
    assert np.abs(second.face - first.face).max() > 1e-3
    assert not np.array_equal(third.pose, first.pose)


def test_what_is_expected_is_found_the_same(
    portrait: NDArray[np.uint8], landmarker: MediaPipeLandmarker
) -> None:
    pictures = frames(portrait)
    with MediaPipeLandmarker() as other:
        other.expect(pictures[0])
        for frame, following in zip(pictures, (*pictures[1:], None), strict=True):
            if following is not None:
                other.expect(following)
            assert_same(landmarker.detect(frame), other.detect(frame))


def test_another_frame_than_the_one_expected_is_refused(
    portrait: NDArray[np.uint8], landmarker: MediaPipeLandmarker
) -> None:
    first, second, third = frames(portrait)
    landmarker.expect(second)
    with pytest.raises(LandmarkerError, match="later"):
        landmarker.expect(first)
    with pytest.raises(LandmarkerError, match="expected"):
        landmarker.detect(third)
