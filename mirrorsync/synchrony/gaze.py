"""Mutual gaze: both look toward the other, with hysteresis."""

from __future__ import annotations

import math

from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import FloatArray

__all__ = ["Looking"]

_YAW, _PITCH = FEATURE_INDEX["gaze_yaw"], FEATURE_INDEX["gaze_pitch"]


class Looking:
    """Whether one person looks toward the other, tick by tick.

    "Toward" is the direction in `toward` (calibrated, or the neutral: where the person looks most of the
    time). People notice 1–2°; a webcam does not resolve that, so the cone is wide.

    Parameters
    ----------
    on_deg, off_deg : float
        Looking begins within `on_deg` of the direction and ends beyond `off_deg`.
    """

    def __init__(self, *, on_deg: float = 10.0, off_deg: float = 14.0) -> None:
        self._on_deg = on_deg
        self._off_deg = off_deg
        self._looking = False

    def update(self, values: FloatArray, toward: FloatArray) -> float:
        """Return 1.0 while looking, 0.0 while not, NaN when gaze or direction is not known.

        Parameters
        ----------
        values, toward : ndarray, shape (n_features,)
            Features now, and those of looking at the other.
        """
        away = math.hypot(values[_YAW] - toward[_YAW], values[_PITCH] - toward[_PITCH])
        if math.isnan(away):
            self._looking = False
            return math.nan
        self._looking = away <= (self._off_deg if self._looking else self._on_deg)
        return float(self._looking)
