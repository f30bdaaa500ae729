"""Does it look like a person? Whether face and body are of one head, and whether a body is built like one.

The limits were set on real clips with and without people: body points that MediaPipe lays over a cartoon
title or a bottle carry visibilities of 0.99, but their metres are too small, their picture does not fit
their metres, their heads lie beside their shoulders, and they shake. Plain
Python on a dozen points a frame is faster here than NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_DISAGREEMENT", "BodyCheck", "Head", "face_head", "pose_head", "same_head"]

Points = NDArray[np.float32]
_Spots = Sequence[Sequence[float]]
_Middles = tuple[tuple[float, float], ...]

# Nose, outer corners of the eyes and of the mouth, left before right: in the body's points and in the mesh.
_POSE_HEAD = [0, 3, 6, 9, 10]
_FACE_HEAD = [1, 263, 33, 291, 61]
_FACE_SIZES = 4.0  # the size of a face over the spread of those five points

MAX_DISAGREEMENT = 0.35
"""Mean distance of the five points, in face sizes, up to which face and body are of one head (seen: 0.25)."""

_MAX_SIZE_RATIO = 1.8

_UPPER = [0, 2, 5, 7, 8, 9, 10, 11, 12]  # nose, eyes, ears, mouth, shoulders; and their places therein:
_LEFT_EAR, _RIGHT_EAR, _LEFT_MOUTH, _LEFT_SHOULDER, _RIGHT_SHOULDER = 3, 4, 5, 7, 8
_MIN_SHOULDERS_M, _MIN_EARS_M = 0.27, 0.105
_EARS_PER_SHOULDERS = (0.25, 0.62)
_NECK_PER_SHOULDERS = (0.15, 0.8)  # mouth above the shoulders
_MAX_MISFIT = 0.26  # share of the picture's points that the metres do not explain
_MAX_HEAD_SHAKE, _MAX_SHOULDER_SHAKE = 0.05, 0.06  # second difference, shoulder widths a frame
_MAX_SWELLING = 0.15  # change of the logarithm of the shoulder width in one frame


@dataclass(frozen=True, slots=True)
class Head:
    """Where a head is: centre in pixels and about the size of its face in pixels."""

    x: float
    y: float
    size: float


def _five(points: Points, rows: list[int], width: int, height: int) -> list[tuple[float, float]]:
    return [(x * width, y * height) for x, y in points[rows, :2].tolist()]


def _head(five: list[tuple[float, float]]) -> Head:
    x, y = sum(p[0] for p in five) / 5, sum(p[1] for p in five) / 5
    spread = math.sqrt(sum((p[0] - x) ** 2 + (p[1] - y) ** 2 for p in five) / 5)
    return Head(x, y, _FACE_SIZES * spread)


def pose_head(pose: Points, width: int, height: int) -> Head:
    """Return the head that body points (33, 3), image coordinates, place in a picture."""
    return _head(_five(pose, _POSE_HEAD, width, height))


def face_head(face: Points, width: int, height: int) -> Head:
    """Return the head that a face mesh (478, 3), image coordinates, places in a picture."""
    return _head(_five(face, _FACE_HEAD, width, height))


def same_head(pose: Points, face: Points, width: int, height: int) -> bool:
    """Return whether body and mesh are of one head: in one place, one way up, of one size.

    One place and one way up: nose, corners of the eyes and of the mouth lie on average no further apart
    than `MAX_DISAGREEMENT` of the face's size.
    """
    body, mesh = _five(pose, _POSE_HEAD, width, height), _five(face, _FACE_HEAD, width, height)
    size = _head(mesh).size
    if not (size > 0 and 1 / _MAX_SIZE_RATIO < _head(body).size / size < _MAX_SIZE_RATIO):
        return False
    return sum(map(math.dist, body, mesh)) / 5 <= MAX_DISAGREEMENT * size


class BodyCheck:
    """Whether the body points of one feed are built and move like a person's, frame by frame.

    Built: shoulders and ears of a person's width in metres, in proportion, the mouth above the shoulders,
    and a picture that the metres explain (least squares, scale and place free). Moving: head and shoulders
    do not shake and the body does not swell from one frame to the next.

    A person lying on their side fails the first; a face is needed to tell them from a pattern.
    """

    def __init__(self) -> None:
        # Mouth and middle of the shoulders, and the distance between the shoulders; the newest last.
        self._track: list[tuple[_Middles, float]] = []

    def update(self, pose: Points | None, world: Points | None, width: int, height: int) -> bool:
        """Take the next frame (None: no body found); return whether a person would be built like this."""
        if pose is None or world is None:
            self._track.clear()
            return False
        picture = [(x * width, y * height, z * width) for x, y, z in pose[_UPPER].tolist()]
        metres = world[_UPPER].tolist()
        across = math.dist(picture[_LEFT_SHOULDER], picture[_RIGHT_SHOULDER])
        if not (across > 0 and math.isfinite(across)):
            self._track.clear()
            return False
        middles = tuple(
            ((picture[i][0] + picture[i + 1][0]) / 2, (picture[i][1] + picture[i + 1][1]) / 2)
            for i in (_LEFT_MOUTH, _LEFT_SHOULDER)
        )
        self._track = [*self._track[-2:], (middles, across)]
        return _built_like_one(picture, metres, across, middles)

    @property
    def calm(self) -> bool:
        """Whether the body of the last frame has moved as a person does since the two before it."""
        if not self._track:
            return False
        across = self._track[-1][1]
        if len(self._track) > 1 and abs(math.log(across / self._track[-2][1])) > _MAX_SWELLING:
            return False
        if len(self._track) < 3:
            return True
        limits = (_MAX_HEAD_SHAKE * across, _MAX_SHOULDER_SHAKE * across)
        (first, _), (second, _), (third, _) = self._track
        return all(
            math.hypot(a[0] - 2 * b[0] + c[0], a[1] - 2 * b[1] + c[1]) <= limit
            for a, b, c, limit in zip(first, second, third, limits, strict=True)
        )


def _built_like_one(picture: _Spots, metres: _Spots, across: float, middles: _Middles) -> bool:
    if math.dist(metres[_LEFT_SHOULDER], metres[_RIGHT_SHOULDER]) < _MIN_SHOULDERS_M:
        return False
    if math.dist(metres[_LEFT_EAR], metres[_RIGHT_EAR]) < _MIN_EARS_M:
        return False
    low, high = _EARS_PER_SHOULDERS
    if not low <= math.dist(picture[_LEFT_EAR], picture[_RIGHT_EAR]) / across <= high:
        return False
    low, high = _NECK_PER_SHOULDERS
    if not low <= (middles[1][1] - middles[0][1]) / across <= high:
        return False
    return _misfit(picture, metres) <= _MAX_MISFIT


def _misfit(picture: _Spots, metres: _Spots) -> float:
    """Return the share (root mean square) of the picture that the best scale and shift leave over."""
    n = len(picture)
    a_x, a_y = sum(p[0] for p in metres) / n, sum(p[1] for p in metres) / n
    b_x, b_y = sum(p[0] for p in picture) / n, sum(p[1] for p in picture) / n
    aa = ab = bb = 0.0
    for a, b in zip(metres, picture, strict=True):
        ax, ay, bx, by = a[0] - a_x, a[1] - a_y, b[0] - b_x, b[1] - b_y
        aa += ax * ax + ay * ay
        ab += ax * bx + ay * by
        bb += bx * bx + by * by
    if not (aa > 0 and bb > 0):
        return math.inf
    return math.sqrt(max(1.0 - ab * ab / (aa * bb), 0.0))
