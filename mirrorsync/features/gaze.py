"""Direction of gaze from head pose and the eyeLook blendshapes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mirrorsync.features.head import head_angles
from mirrorsync.tables import BLENDSHAPES

__all__ = ["gaze_angles"]

_INDEX = {name: i for i, name in enumerate(BLENDSHAPES)}
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
    b = blendshapes

    def of(name: str) -> float:
        return float(b[_INDEX[name]])

    eye_yaw = _FULL_YAW_DEG / 2 * (
        of("eyeLookOutLeft") - of("eyeLookInLeft") + of("eyeLookInRight") - of("eyeLookOutRight")
    )  # fmt: skip
    eye_pitch = _FULL_PITCH_DEG / 2 * (
        of("eyeLookUpLeft") - of("eyeLookDownLeft") + of("eyeLookUpRight") - of("eyeLookDownRight")
    )  # fmt: skip
    yaw, pitch, _ = head_angles(head)
    x, y, z = (float(v) for v in head[:3, 3])
    camera_yaw = float(np.degrees(np.arctan2(-x, -z)))
    camera_pitch = float(np.degrees(np.arctan2(-y, np.hypot(x, z))))
    return yaw + eye_yaw - camera_yaw, pitch + eye_pitch - camera_pitch
