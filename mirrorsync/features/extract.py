"""Landmarks of one frame to the one named vector of a person."""

from __future__ import annotations

import numpy as np

from mirrorsync.features.gaze import gaze_angles
from mirrorsync.features.head import head_angles, nearness
from mirrorsync.features.posture import ShoulderWidth, posture
from mirrorsync.tables import BLENDSHAPES, FEATURE_INDEX, N_FEATURES
from mirrorsync.types import Features, Landmarks

__all__ = ["FeatureExtractor"]

_EXPRESSION = np.array([FEATURE_INDEX[name] for name in BLENDSHAPES[1:]])
_OF_HEAD = np.array(
    [
        FEATURE_INDEX[name]
        for name in ("head_yaw", "head_pitch", "head_roll", "gaze_yaw", "gaze_pitch", "lean_forward")
    ]
)
_CHEST = FEATURE_INDEX["chest_velocity"]
_FOUND = np.array([FEATURE_INDEX[n] for n in ("pose_found", "face_found")])


class FeatureExtractor:
    """Turns one person's landmarks, frame by frame, into `Features`.

    It remembers nothing but the running shoulder width, so a frame's features depend on the past only
    through the scale.
    """

    def __init__(self) -> None:
        self._scale = ShoulderWidth()
        self._shoulder_width = float("nan")

    def __call__(self, landmarks: Landmarks) -> Features:
        """Return the features of `landmarks`; NaN, with visibility 0, where nothing was seen.

        A body that is held from an earlier frame is not measured again.
        """
        values = np.full(N_FEATURES, np.nan)
        visibility = np.zeros(N_FEATURES)
        if not landmarks.body_held:
            measured = posture(landmarks, self._scale)
            self._shoulder_width = float("nan")
            if measured:
                at = [FEATURE_INDEX[name] for name in measured]
                values[at], visibility[at] = zip(*measured.values(), strict=True)
                self._shoulder_width = measured["shoulder_width"][0]
        if landmarks.face_found:
            values[_EXPRESSION] = landmarks.blendshapes[1:]
            values[_OF_HEAD] = (
                *head_angles(landmarks.head),
                *gaze_angles(landmarks.head, landmarks.blendshapes),
                nearness(landmarks.head),
            )
            visibility[_EXPRESSION] = visibility[_OF_HEAD] = 1.0
        if self._shoulder_width > 0:
            values[_CHEST] = landmarks.chest_flow / self._shoulder_width
        values[_FOUND] = landmarks.pose_found, landmarks.face_found
        visibility[_FOUND] = 1.0
        visibility[_CHEST] = 1.0
        visibility[np.isnan(values)] = 0.0
        return Features(landmarks.t_ns, values, visibility)

    def recall(self, landmarks: Landmarks) -> None:
        """Remember a frame that was seen in an earlier run: body points and visibilities are enough."""
        posture(landmarks, self._scale)
