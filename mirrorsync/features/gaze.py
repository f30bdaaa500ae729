"""Direction of gaze from head pose and the eyeLook blendshapes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mirrorsync.features.head import head_angles
from mirrorsync.tables import BLENDSHAPES

__all__ = ["gaze_angles"]

_LOOKS = [
    BLENDSHAPES.index(f"eyeLook{where}")
    for where in ("OutLeft", "InLeft", "InRight", "OutRight", "UpLeft", "DownLeft", "UpRight", "DownRight")
]
# How far an eye turns at full blendshape; ARKit's convention, about 30° sideways and 25° up or down.
_FULL_YAW_DEG, _FULL_PITCH_DEG = 30.0, 25.0


def gaze_angles(head: NDArray[np.float32], blendshapes: NDArray[np.float32]) -> tuple[float, float]:
    """Return gaze yaw and pitch in degrees, 0 at the camera.

    Yaw is positive toward own left, pitch positive upward. A webcam resolves a few degrees at best, which
    is coarser than the 1–2° that people notice; calibrate before reading anything into it.

    Parameters
    ----------
    head : ndarray of float32, shape (4, 4)
        Canonical face to camera, cm.
    blendshapes : ndarray of float32, shape (52,)
        MediaPipe's blendshapes, 0–1.
    """
    out_left, in_left, in_right, out_right, up_left, down_left, up_right, down_right = blendshapes[
        _LOOKS
    ].tolist()
    eye_yaw = _FULL_YAW_DEG / 2 * (out_left - in_left + in_right - out_right)
    eye_pitch = _FULL_PITCH_DEG / 2 * (up_left - down_left + up_right - down_right)
    yaw, pitch, _ = head_angles(head)
    x, y, z = head[:3, 3].tolist()
    camera_yaw = math.degrees(math.atan2(-x, -z))
    camera_pitch = math.degrees(math.atan2(-y, math.hypot(x, z)))
    return yaw + eye_yaw - camera_yaw, pitch + eye_pitch - camera_pitch
