"""Posture of the upper body from body landmarks; the hips may be out of the picture.

Lateral quantities are positive toward the person's own left, which is the right-hand side of a picture
that has not been flipped. Lengths are in shoulder widths (the running median, so that turning does not
look like growing).
"""

from __future__ import annotations

import math

import numpy as np

from mirrorsync.features.openness import openness
from mirrorsync.tables import FEATURES
from mirrorsync.types import Landmarks

__all__ = ["BODY_FEATURES", "MIN_VISIBILITY", "ShoulderWidth", "posture"]

MIN_VISIBILITY = 0.5
"""Below this a body point counts as not seen."""

BODY_FEATURES: tuple[str, ...] = tuple(
    feature.name
    for feature in FEATURES
    if feature.group in {"posture", "place"} and feature.name != "lean_forward"
)
"""What is measured on body points alone, by name (leaning forward is measured on the head)."""

_L_SHOULDER, _R_SHOULDER = 11, 12
_L_ELBOW, _R_ELBOW = 13, 14
_L_WRIST, _R_WRIST = 15, 16
_FACE_END = 11  # the points before are nose, eyes, ears and mouth
_DOWN = [0.0, 1.0, 0.0]


class ShoulderWidth:
    """Running median of the shoulder width, in picture heights, over the last `n` frames.

    A torso that turns looks narrower for a while; the median does not follow it at once.
    """

    def __init__(self, n: int = 256) -> None:
        self._ring = np.full(n, np.nan)
        self._seen = 0

    def update(self, width: float) -> float:
        """Add one width (NaN is passed over); return the median so far, NaN before the first."""
        if np.isfinite(width):
            self._ring[self._seen % self._ring.size] = width
            self._seen += 1
        filled = self._ring[: min(self._seen, self._ring.size)]
        if not filled.size:
            return float("nan")
        return float(np.partition(filled, filled.size // 2)[filled.size // 2])


def posture(landmarks: Landmarks, scale: ShoulderWidth) -> dict[str, tuple[float, float]]:
    """Return name to (value, visibility) for the body features of one frame.

    Parameters
    ----------
    landmarks : Landmarks
        Of one frame.
    scale : ShoulderWidth
        This person's running shoulder width; updated.

    Returns
    -------
    dict
        The names that could be measured; a name that is not there is missing. Units and signs as in
        `mirrorsync.tables.FEATURES`.
    """
    if not landmarks.pose_found:
        return {}
    visibility = landmarks.visibility.astype(float)
    # From here on plain numbers: a few of them are quicker so than in arrays.
    seen = visibility.tolist()
    shoulders = min(seen[_L_SHOULDER], seen[_R_SHOULDER])
    if shoulders < MIN_VISIBILITY:
        return {}
    points = landmarks.pose[:, :2] * np.array([landmarks.width, landmarks.height], dtype=float)
    (left_x, left_y), (right_x, right_y) = points[[_L_SHOULDER, _R_SHOULDER]].tolist()
    ratio = scale.update(math.hypot(left_x - right_x, left_y - right_y) / landmarks.height)
    width = ratio * landmarks.height
    if not width > 0:  # both shoulders at one point: there is no scale
        return {}
    middle_x, middle_y = (left_x + right_x) / 2, (left_y + right_y) / 2
    head_x, head_y = points[:_FACE_END].mean(axis=0).tolist()
    out: dict[str, tuple[float, float]] = {
        "shoulder_roll": (math.degrees(math.atan2(right_y - left_y, left_x - right_x)), shoulders),
        "lean_side": ((middle_x - landmarks.width / 2) / width, shoulders),
        "height": ((landmarks.height / 2 - middle_y) / width, shoulders),
        "head_x": ((head_x - landmarks.width / 2) / width, shoulders),
        "head_y": ((landmarks.height / 2 - head_y) / width, shoulders),
        "shoulder_width": (ratio, shoulders),
    }
    world = landmarks.world.astype(float)
    joints = world.tolist()
    for side, shoulder, elbow, wrist in (
        ("left", _L_SHOULDER, _L_ELBOW, _L_WRIST),
        ("right", _R_SHOULDER, _R_ELBOW, _R_WRIST),
    ):
        elbow_seen, wrist_seen = min(shoulders, seen[elbow]), min(shoulders, seen[wrist])
        if elbow_seen >= MIN_VISIBILITY:
            upper_arm = _angle(_from_to(joints[shoulder], joints[elbow]), _DOWN)
            out[f"upper_arm_{side}"] = (upper_arm, elbow_seen)
        if wrist_seen >= MIN_VISIBILITY:
            x, y = points[wrist].tolist()
            out[f"wrist_{side}_x"] = ((x - middle_x) / width, wrist_seen)
            out[f"wrist_{side}_y"] = ((middle_y - y) / width, wrist_seen)
        if min(elbow_seen, wrist_seen) >= MIN_VISIBILITY:
            bend = _angle(_from_to(joints[elbow], joints[shoulder]), _from_to(joints[elbow], joints[wrist]))
            out[f"elbow_{side}"] = (bend, min(elbow_seen, wrist_seen))
    opened = openness(points, world, visibility, width=width, min_visibility=MIN_VISIBILITY)
    out["openness"] = (opened.value, shoulders * opened.coverage)
    return out


def _from_to(start: list[float], end: list[float]) -> list[float]:
    return [there - here for here, there in zip(start, end, strict=True)]


def _angle(u: list[float], v: list[float]) -> float:
    """Return the angle between two vectors, degrees, 0–180."""
    along = sum(a * b for a, b in zip(u, v, strict=True))
    cosine = along / max(math.hypot(*u) * math.hypot(*v), 1e-12)
    return math.degrees(math.acos(min(max(cosine, -1.0), 1.0)))
