"""Posture of the upper body from body landmarks; the hips may be out of the picture.

Lateral quantities are positive toward the person's own left, which is the right-hand side of a picture
that has not been flipped. Lengths are in shoulder widths (the running median, so that turning does not
look like growing).
"""

from __future__ import annotations

import numpy as np

from mirrorsync.features.openness import openness
from mirrorsync.types import FloatArray, Landmarks

__all__ = ["MIN_VISIBILITY", "ShoulderWidth", "posture"]

MIN_VISIBILITY = 0.5
"""Below this a body point counts as not seen."""

_L_SHOULDER, _R_SHOULDER = 11, 12
_L_ELBOW, _R_ELBOW = 13, 14
_L_WRIST, _R_WRIST = 15, 16


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
    seen = landmarks.visibility.astype(float)
    shoulders = float(min(seen[_L_SHOULDER], seen[_R_SHOULDER]))
    if shoulders < MIN_VISIBILITY:
        return {}
    size = np.array([landmarks.width, landmarks.height], dtype=float)
    points = landmarks.pose[:, :2].astype(float) * size
    left, right = points[_L_SHOULDER], points[_R_SHOULDER]
    across = float(np.hypot(*(left - right)))
    ratio = scale.update(across / landmarks.height)
    width = ratio * landmarks.height
    middle = (left + right) / 2
    head = points[:11].mean(axis=0)
    out: dict[str, tuple[float, float]] = {
        "shoulder_roll": (
            float(np.degrees(np.arctan2(right[1] - left[1], left[0] - right[0]))),
            shoulders,
        ),
        "lean_side": (float((middle[0] - size[0] / 2) / width), shoulders),
        "height": (float((size[1] / 2 - middle[1]) / width), shoulders),
        "head_x": (float((head[0] - size[0] / 2) / width), shoulders),
        "head_y": (float((size[1] / 2 - head[1]) / width), shoulders),
        "shoulder_width": (ratio, shoulders),
    }
    world = landmarks.world.astype(float)
    for side, shoulder, elbow, wrist in (
        ("left", _L_SHOULDER, _L_ELBOW, _L_WRIST),
        ("right", _R_SHOULDER, _R_ELBOW, _R_WRIST),
    ):
        elbow_seen = float(min(shoulders, seen[elbow]))
        wrist_seen = float(min(shoulders, seen[wrist]))
        if elbow_seen >= MIN_VISIBILITY:
            down = np.array([0.0, 1.0, 0.0])
            out[f"upper_arm_{side}"] = (_angle(world[elbow] - world[shoulder], down), elbow_seen)
        if wrist_seen >= MIN_VISIBILITY:
            x, y = (points[wrist] - middle) / width
            out[f"wrist_{side}_x"] = (float(x), wrist_seen)
            out[f"wrist_{side}_y"] = (float(-y), wrist_seen)
        if min(elbow_seen, wrist_seen) >= MIN_VISIBILITY:
            bend = _angle(world[shoulder] - world[elbow], world[wrist] - world[elbow])
            out[f"elbow_{side}"] = (bend, min(elbow_seen, wrist_seen))
    opened = openness(points, world, seen, width=width, min_visibility=MIN_VISIBILITY)
    out["openness"] = (opened.value, shoulders * opened.coverage)
    return out


def _angle(u: FloatArray, v: FloatArray) -> float:
    """Return the angle between two vectors, degrees, 0–180."""
    cosine = float(u @ v) / max(float(np.linalg.norm(u) * np.linalg.norm(v)), 1e-12)
    return float(np.degrees(np.arccos(min(max(cosine, -1.0), 1.0))))
