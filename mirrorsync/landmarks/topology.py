"""Which landmark is which, and which ones are joined by a line.

Indices and edges are those of MediaPipe's pose landmarker (33 points) and face landmarker (478 points,
the last ten the irises), copied from its `PoseLandmarksConnections` and `FaceLandmarksConnections`
(MediaPipe 0.10.31, Apache License 2.0). *Left* and *right* are the person's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FACE_CONTOURS",
    "FACE_EDGES",
    "FACE_LOOPS",
    "POSE_EDGES",
    "UPPER_BODY_EDGES",
    "PosePoint",
]

Edges = NDArray[np.intp]


class PosePoint(IntEnum):
    """Rows of `Landmarks.pose`, `world` and `visibility`."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


def _edges(*chains: tuple[int, ...]) -> Edges:
    """Return the edges along `chains`, shape (n, 2), read-only."""
    pairs = [pair for chain in chains for pair in pairwise(chain)]
    out = np.array(pairs, dtype=np.intp)
    out.flags.writeable = False
    return out


_TORSO_AND_ARMS = (
    (12, 11, 13, 15, 17, 19, 15, 21),
    (12, 14, 16, 18, 20, 16, 22),
    (11, 23, 24, 12),
)
_HEAD = ((7, 3, 2, 1, 0, 4, 5, 6, 8), (9, 10))
_LEGS = ((23, 25, 27, 29, 31, 27), (24, 26, 28, 30, 32, 28))

# Shoulders, arms, hands and the sides down to the hips.
UPPER_BODY_EDGES: Edges = _edges(*_TORSO_AND_ARMS)

# All 35 edges of the pose skeleton.
POSE_EDGES: Edges = _edges(*_HEAD, *_TORSO_AND_ARMS, *_LEGS)

# The face's contours as chains of neighbours; a closed one ends where it began.
FACE_LOOPS: Mapping[str, tuple[tuple[int, ...], ...]] = MappingProxyType({
    "oval": (
        (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
         148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109, 10),
    ),
    "lips": (
        (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185, 61),
        (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191, 78),
    ),
    "left_eye": ((263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466, 263),),
    "right_eye": ((33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246, 33),),
    "left_brow": ((276, 283, 282, 295, 285), (300, 293, 334, 296, 336)),
    "right_brow": ((46, 53, 52, 65, 55), (70, 63, 105, 66, 107)),
    "left_iris": ((474, 475, 476, 477, 474),),
    "right_iris": ((469, 470, 471, 472, 469),),
})  # fmt: skip

# The same contours as edges, each of shape (n, 2).
FACE_CONTOURS: Mapping[str, Edges] = MappingProxyType(
    {name: _edges(*chains) for name, chains in FACE_LOOPS.items()}
)

# All face contour edges in one array of shape (132, 2).
FACE_EDGES: Edges = np.concatenate(tuple(FACE_CONTOURS.values()))
FACE_EDGES.flags.writeable = False
