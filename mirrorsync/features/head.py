"""Head pose and nearness from the face's transformation matrix."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["head_angles", "nearness"]


def head_angles(head: NDArray[np.float32]) -> tuple[float, float, float]:
    """Return yaw, pitch and roll of the head in degrees.

    Parameters
    ----------
    head : ndarray of float32, shape (4, 4)
        Canonical face to camera; x to the picture's right, y up, z toward the camera.

    Returns
    -------
    yaw, pitch, roll : float
        Yaw positive toward own left, pitch positive chin up, roll positive toward own left shoulder.
        Signs hold for a picture that has not been flipped; flipping negates yaw and roll.
    """
    (_, _, r02), (r10, r11, r12), (_, _, r22) = head[:3, :3].tolist()
    yaw = math.degrees(math.atan2(r02, r22))
    pitch = math.degrees(math.asin(min(max(r12, -1.0), 1.0)))
    roll = math.degrees(math.atan2(-r10, r11))  # r00 would grow it as the head turns
    return yaw, pitch, roll


def nearness(head: NDArray[np.float32]) -> float:
    """Return minus the natural logarithm of the head's distance in cm.

    Turning the head does not change it, as it would change the width of the face. Only differences mean
    something, because the lens is not known: 0.1 is about 10 % nearer.
    """
    distance_cm = -float(head[2, 3])
    return -math.log(distance_cm) if distance_cm > 0 else math.nan
