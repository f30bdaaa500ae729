"""The lines lie on the landmarks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scripted_controller import landmarks

from mirrorsync.landmarks.topology import FACE_EDGES, UPPER_BODY_EDGES, PosePoint
from mirrorsync.types import Landmarks
from mirrorsync.ui.overlay import EMPTY, overlay_of


def test_lines_join_landmarks_in_pixels() -> None:
    found = landmarks(width=200, height=100)
    overlay = overlay_of(found)
    assert len(overlay.body) == len(UPPER_BODY_EDGES)
    assert len(overlay.face) == len(FACE_EDGES)
    first, second = UPPER_BODY_EDGES[0]
    line = overlay.body[0]
    assert (line.x1(), line.y1()) == pytest.approx((found.pose[first, 0] * 200, found.pose[first, 1] * 100))
    assert (line.x2(), line.y2()) == pytest.approx((found.pose[second, 0] * 200, found.pose[second, 1] * 100))


def test_nobody_found_draws_nothing() -> None:
    assert overlay_of(Landmarks(t_ns=0, width=64, height=48)) == EMPTY


def test_points_that_are_not_seen_are_not_drawn() -> None:
    found = landmarks()
    seen = np.array(found.visibility)
    seen[[PosePoint.LEFT_HIP, PosePoint.RIGHT_HIP]] = 0.2
    overlay = overlay_of(replace(found, visibility=seen))
    with_hips = np.isin(UPPER_BODY_EDGES, (PosePoint.LEFT_HIP, PosePoint.RIGHT_HIP)).any(axis=1).sum()
    assert len(overlay.body) == len(UPPER_BODY_EDGES) - with_hips


def test_single_missing_face_points_take_only_their_lines_away() -> None:
    found = landmarks()
    face = np.array(found.face)
    face[FACE_EDGES[5, 0]] = np.nan
    overlay = overlay_of(replace(found, face=face))
    touched = (FACE_EDGES[5, 0] == FACE_EDGES).any(axis=1).sum()
    assert len(overlay.face) == len(FACE_EDGES) - touched
