"""The lines drawn on a picture: the upper body's skeleton and the contours of the face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QLineF, QPointF

from mirrorsync.landmarks.topology import FACE_EDGES, UPPER_BODY_EDGES
from mirrorsync.types import Landmarks

__all__ = ["EMPTY", "Overlay", "overlay_of"]

# Body points less visible than this are guesses outside the picture (hips in a call) and are not drawn.
_VISIBLE = 0.5


@dataclass(frozen=True, slots=True)
class Overlay:
    """Line segments and the body's joints, in pixels of the picture; empty where nobody was found."""

    body: list[QLineF]
    face: list[QLineF]
    joints: list[QPointF]


EMPTY = Overlay([], [], [])


def overlay_of(landmarks: Landmarks) -> Overlay:
    """Return the lines of one frame's landmarks."""
    body: list[QLineF] = []
    face: list[QLineF] = []
    if landmarks.pose_found:
        seen = landmarks.visibility[UPPER_BODY_EDGES].min(axis=1) >= _VISIBLE
        body = _lines(landmarks.pose, UPPER_BODY_EDGES[seen], landmarks.width, landmarks.height)
    if landmarks.face_found:
        face = _lines(landmarks.face, FACE_EDGES, landmarks.width, landmarks.height)
    joints = [end for line in body for end in (line.p1(), line.p2())]
    return Overlay(body, face, joints)


def _lines(points: NDArray[np.float32], edges: NDArray[Any], width: int, height: int) -> list[QLineF]:
    scale = np.array([width, height], dtype=np.float64)
    ends = (points[:, :2] * scale)[edges].reshape(-1, 4)
    return [QLineF(*end) for end in ends[np.isfinite(ends).all(axis=1)].tolist()]
