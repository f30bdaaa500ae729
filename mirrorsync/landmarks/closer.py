"""A closer look: which part of a picture to cut out around a head, and the way back from what is found in it.

MediaPipe's face detector misses faces narrower than about a tenth of the picture; in a cut-out around the
head that the body points show, it finds them. Points come back by shift and scale. The head's matrix does
not: MediaPipe works it out as if a camera with a vertical field of view of 63° had taken the cut-out as its
whole picture, so that distance and, by perspective, angles (up to 5° at a wide shot's edge) are wrong.

The correction needs no model of the face. The same points, laid out in metric space once as MediaPipe does it
for the cut-out and once as for the whole picture (depth 1 + z, unprojected), differ by a similarity transform
(weighted orthogonal Procrustes; Umeyama 1991, doi:10.1109/34.88573); it carries the matrix over. On clips
where both ways find the face they agree within 0.6° and 1 % of distance (most within 0.1° and 0.1 %).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mirrorsync.landmarks.likeness import Head

__all__ = ["Box", "box_around", "carry_head", "carry_points"]

_SIDE = 2.6  # of the box, face sizes
_MIN_FACE_PX = 12.0  # smaller ones are not worth a look
_MIN_SIDE_PX = 32
_MAX_SHIFT = 0.1  # of its side: so far may the head leave the middle of a box before it is moved
_MAX_GROWTH = 0.25  # change of the logarithm of its side

# MediaPipe's canonical face (geometry_pipeline_metadata of the model, Apache License 2.0): the 33 points by
# which it places the head, their weights, and their weighted middle in cm.
_BASIS = np.array([
    4, 6, 10, 33, 54, 67, 117, 119, 121, 127, 129, 132, 133, 136, 143, 147, 198, 205,
    263, 284, 297, 346, 348, 350, 356, 358, 361, 362, 365, 372, 376, 420, 425,
])  # fmt: skip
_ONE_SIDE = (
    0.0587, 0.0077, 0.0091, 0.0098, 0.0146, 0.0186, 0.0052, 0.1206, 0.0056, 0.0533, 0.0669, 0.0148, 0.0143,
    0.0255, 0.0473,
)  # fmt: skip
_WEIGHTS = np.array([0.0709, 0.0321, 0.0084, *_ONE_SIDE, *_ONE_SIDE])
_WEIGHTS /= _WEIGHTS.sum()
_MIDDLE_CM = np.array([0.0, -0.2625, 3.7407])
_N_MESH = 468  # without the irises
_NEAR_PLANE = 2.0 * math.tan(math.radians(63.0 / 2.0))  # height of the picture at distance 1


class Box(NamedTuple):
    """A square part of a picture, pixels."""

    x: int
    y: int
    side: int


def box_around(head: Head, width: int, height: int, before: Box | None) -> Box | None:
    """Return the part of a `width` × `height` picture to look at, or None when there is nothing to see.

    A box stays where it was as long as the head stays about its middle, so that the landmarker can track
    inside it.
    """
    if not (0 <= head.x < width and 0 <= head.y < height and head.size >= _MIN_FACE_PX):
        return None
    side = min(max(round(_SIDE * head.size), _MIN_SIDE_PX), width, height)
    x = min(max(round(head.x - side / 2), 0), width - side)
    y = min(max(round(head.y - side / 2), 0), height - side)
    if before is not None and before.x + before.side <= width and before.y + before.side <= height:
        shift = math.hypot(
            x + side / 2 - before.x - before.side / 2, y + side / 2 - before.y - before.side / 2
        )
        if shift <= _MAX_SHIFT * before.side and abs(math.log(side / before.side)) <= _MAX_GROWTH:
            return before
    return Box(x, y, side)


def carry_points(face: NDArray[np.float32], box: Box, width: int, height: int) -> NDArray[np.float32]:
    """Return points (n, 3) in image coordinates of `box` as image coordinates of the whole picture."""
    out = face * np.float32(box.side)
    out[:, 0] = (out[:, 0] + box.x) / width
    out[:, 1] = (out[:, 1] + box.y) / height
    out[:, 2] /= width
    return out


def carry_head(
    head: NDArray[np.float32], face: NDArray[np.float32], box: Box, width: int, height: int
) -> NDArray[np.float32]:
    """Return the head's matrix as the whole picture would have given it.

    Parameters
    ----------
    head : ndarray of float32, shape (4, 4)
        As found in the box: canonical face to camera, cm.
    face : ndarray of float32, shape (478, 3)
        Mesh in image coordinates of the box.
    box : Box
        The part of the picture.
    width, height : int
        Of the whole picture in pixels.
    """
    pixels = face[:_N_MESH].astype(float) * box.side
    inside = _metric(pixels, (0.0, 0.0, box.side, box.side))
    whole = _metric(pixels, (-box.x, -box.y, width, height))
    inside_middle, whole_middle = _WEIGHTS @ inside, _WEIGHTS @ whole
    inside, whole = inside - inside_middle, whole - whole_middle
    u, stretch, v = np.linalg.svd((whole * _WEIGHTS[:, None]).T @ inside)
    signs = np.array([1.0, 1.0, math.copysign(1.0, float(np.linalg.det(u) * np.linalg.det(v)))])
    turn = (u * signs) @ v
    scale = float(stretch @ signs) / float(_WEIGHTS @ (inside * inside).sum(axis=1))
    old = head.astype(float)
    # How far away the box's metric space put the face: cm for one unit of depth.
    depth_cm = float(old[2, :3] @ _MIDDLE_CM + old[2, 3]) / inside_middle[2]
    out = np.eye(4)
    out[:3, :3] = turn @ old[:3, :3]
    out[:3, 3] = turn @ (old[:3, 3] - depth_cm * inside_middle) + depth_cm / scale * whole_middle
    return out.astype(np.float32)


def _metric(pixels: NDArray[np.float64], picture: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """Lay out the basis points in space as MediaPipe does for a picture (x, y, width, height in pixels)."""
    left, top, width, height = picture
    points = pixels[_BASIS]
    depth = 1.0 + (points[:, 2] - pixels[:, 2].mean()) / height * _NEAR_PLANE
    x = (points[:, 0] - left - width / 2) / height * _NEAR_PLANE * depth
    y = -(points[:, 1] - top - height / 2) / height * _NEAR_PLANE * depth
    return np.stack([x, y, -depth], axis=1)
