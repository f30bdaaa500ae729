"""The edge lists name real landmarks, and left and right mirror each other."""

from __future__ import annotations

import numpy as np
import pytest

from mirrorsync.landmarks.topology import (
    FACE_CONTOURS,
    FACE_EDGES,
    FACE_LOOPS,
    POSE_EDGES,
    UPPER_BODY_EDGES,
    PosePoint,
)


def _as_set(edges: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(map(int, pair)) for pair in edges}


def test_every_edge_joins_two_different_landmarks_that_exist() -> None:
    for edges, points in ((POSE_EDGES, 33), (UPPER_BODY_EDGES, 33), (FACE_EDGES, 478)):
        assert edges.min() >= 0
        assert edges.max() < points
        assert np.all(edges[:, 0] != edges[:, 1])
        assert len(_as_set(edges)) == len(edges), "an edge stands twice"
        assert not edges.flags.writeable


def test_pose_skeleton_is_the_same_on_both_sides() -> None:
    def other(name: str) -> PosePoint:
        if "LEFT" in name:
            return PosePoint[name.replace("LEFT", "RIGHT")]
        return PosePoint[name.replace("RIGHT", "LEFT")]

    swapped = {
        frozenset(int(other(PosePoint(i).name)) if i else 0 for i in edge) for edge in _as_set(POSE_EDGES)
    }
    assert swapped == _as_set(POSE_EDGES)


def test_upper_body_is_the_part_of_the_skeleton_from_shoulders_to_hips() -> None:
    body = set(range(PosePoint.LEFT_SHOULDER, PosePoint.RIGHT_HIP + 1))
    assert _as_set(UPPER_BODY_EDGES) == {edge for edge in _as_set(POSE_EDGES) if edge <= body}


@pytest.mark.parametrize("name", [n for n in FACE_LOOPS if not n.endswith("brow")])
def test_contours_other_than_brows_are_closed(name: str) -> None:
    for chain in FACE_LOOPS[name]:
        assert chain[0] == chain[-1]
        assert len(set(chain)) == len(chain) - 1


def test_irises_are_the_last_points_of_the_mesh() -> None:
    assert set(FACE_CONTOURS["right_iris"].ravel()) == {469, 470, 471, 472}
    assert set(FACE_CONTOURS["left_iris"].ravel()) == {474, 475, 476, 477}
