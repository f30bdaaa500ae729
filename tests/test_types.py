"""The values that flow: checked where they are made, read-only afterwards, NaN where nothing was found."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

from mirrorsync.types import Features, Frame, Landmarks, Pair, Snapshot, SyncScore


def frame(height: int = 48, width: int = 64) -> Frame:
    return Frame("camera:0", 0, 0, np.zeros((height, width, 3), np.uint8))


def test_a_frame_knows_its_size_and_cannot_be_painted_on() -> None:
    made = frame()
    assert (made.width, made.height) == (64, 48)
    with pytest.raises(ValueError, match="read-only"):
        made.rgb[0, 0, 0] = 1
    with pytest.raises(FrozenInstanceError):
        made.index = 3  # type: ignore[misc]  # the point of the test


def test_making_a_value_leaves_the_callers_array_alone() -> None:
    pixels = np.zeros((4, 4, 3), np.uint8)
    Frame("camera:0", 0, 0, pixels)
    pixels[0, 0, 0] = 7
    assert pixels.flags.writeable


@pytest.mark.parametrize("shape", [(48, 64), (48, 64, 4), (1, 48, 64, 3)])
def test_a_picture_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"Frame\.rgb has shape"):
        Frame("camera:0", 0, 0, np.zeros(shape, np.uint8))


LANDMARK_SHAPES = {
    "pose": (33, 3),
    "world": (33, 3),
    "visibility": (33,),
    "face": (478, 3),
    "blendshapes": (52,),
    "head": (4, 4),
}


@pytest.mark.parametrize(("name", "shape"), LANDMARK_SHAPES.items())
def test_landmarks_keep_their_shape_and_type(name: str, shape: tuple[int, ...]) -> None:
    given: dict[str, Any] = {name: np.ones(shape)}
    kept = getattr(Landmarks(0, 640, 480, **given), name)
    assert kept.dtype == np.float32
    assert not kept.flags.writeable
    wrong: dict[str, Any] = {name: np.ones((*shape, 1))}
    with pytest.raises(ValueError, match=rf"Landmarks\.{name} has shape"):
        Landmarks(0, 640, 480, **wrong)


def test_nobody_found_is_nan_and_says_so() -> None:
    empty = Landmarks(0, 640, 480)
    for name in LANDMARK_SHAPES:
        assert np.isnan(getattr(empty, name)).all()
    assert not empty.pose_found
    assert not empty.face_found
    assert Landmarks(0, 640, 480, face=np.zeros((478, 3), np.float32)).face_found


def test_features_and_their_visibility_have_one_length() -> None:
    made = Features(0, np.array([1.0, np.nan]), np.array([1.0, 0.0]))
    assert not made.values.flags.writeable
    with pytest.raises(ValueError, match=r"Features\.visibility has shape"):
        Features(0, np.zeros(3), np.zeros(2))


def test_a_score_says_nothing_until_told() -> None:
    nothing = SyncScore()
    assert nothing.coverage == 0.0
    assert all(
        np.isnan([nothing.value, nothing.lag_s, nothing.chance_mean, nothing.chance_sd, nothing.level])
    )


def test_a_snapshot_keeps_its_own_scores() -> None:
    scores = {"attunement": SyncScore(0.7, 1.0)}
    snapshot = Snapshot(Pair(0, 0, None, None), scores)
    scores.clear()
    assert snapshot.scores["attunement"].value == 0.7
    with pytest.raises(TypeError):
        snapshot.scores["attunement"] = SyncScore()  # type: ignore[index]  # the point of the test
