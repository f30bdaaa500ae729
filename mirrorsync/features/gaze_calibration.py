"""Where a person's gaze points when it points at something known: three seconds of looking at it.

Limits. People notice a look that misses them by 1–2°. A webcam's gaze (head pose and eyeLook blendshapes)
scatters by degrees within a steady look and drifts by more when the head moves, so the cone within which
somebody counts as looking stays many degrees wide, calibrated or not: calibration finds its middle. On a call
the partner's picture and the camera lie 5–15° apart; looking at one is often indistinguishable from looking
at the other, and `apart` says when.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import FloatArray

__all__ = ["GazeCalibration", "GazeTarget", "apart"]

_YAW, _PITCH = FEATURE_INDEX["gaze_yaw"], FEATURE_INDEX["gaze_pitch"]
_SMALLEST_CONE_DEG, _WIDEST_CONE_DEG = 6.0, 15.0
_MIN_COVERAGE = 0.5
# The median distance from the middle of a round two-dimensional normal scatter is 1.1774 SDs.
_MEDIAN_DISTANCE = 1.1774


@dataclass(frozen=True, slots=True)
class GazeTarget:
    """A direction of gaze, as measured while the person looked there.

    Attributes
    ----------
    yaw_deg, pitch_deg : float
        The middle (medians); yaw positive toward own left, pitch positive upward. NaN without data.
    spread_deg : float
        Robust SD of the scatter around it.
    tolerance_deg : float
        Three spreads, at least 6°: within this distance a look cannot be told from one at the target.
    coverage : float
        0–1, share of the ticks with a gaze.
    """

    yaw_deg: float
    pitch_deg: float
    spread_deg: float
    tolerance_deg: float
    coverage: float

    @property
    def useful(self) -> bool:
        """Whether the calibration says anything: enough was seen, and the gaze kept still enough."""
        return self.coverage >= _MIN_COVERAGE and self.tolerance_deg <= _WIDEST_CONE_DEG

    @property
    def problem(self) -> str:
        """One sentence on why it is not useful; empty when it is."""
        if self.coverage < _MIN_COVERAGE:
            return "The eyes were not seen long enough; face the camera in good light and try again."
        if self.tolerance_deg > _WIDEST_CONE_DEG:
            return (
                f"The gaze scattered by {self.spread_deg:.0f}°, too much to be useful; keep the head still, "
                "look at one point, and try again in better light."
            )
        return ""


class GazeCalibration:
    """Collects a person's gaze while it rests on one target.

    Parameters
    ----------
    rate_hz : float
        Rate of the ticks.
    seconds : float
        How long to look; the first fifth is left out, because the eyes are still on their way.
    """

    def __init__(self, *, rate_hz: float, seconds: float = 3.0) -> None:
        self._size = max(round(seconds * rate_hz), 5)
        self._gaze: list[tuple[float, float]] = []

    @property
    def done(self) -> bool:
        """Whether enough ticks are in."""
        return len(self._gaze) >= self._size

    def collect(self, values: FloatArray) -> bool:
        """Add one tick's features, shape (n_features,), NaN where missing; return `done`."""
        if not self.done:
            self._gaze.append((float(values[_YAW]), float(values[_PITCH])))
        return self.done

    def result(self) -> GazeTarget:
        """Return the direction from what has been collected so far."""
        gaze = np.array(self._gaze[self._size // 5 :]).reshape(-1, 2)
        there = np.isfinite(gaze).all(axis=1)
        coverage = float(there.sum()) / (self._size - self._size // 5)
        if not there.any():
            nan = float("nan")
            return GazeTarget(nan, nan, nan, nan, 0.0)
        yaw, pitch = (float(middle) for middle in np.median(gaze[there], axis=0))
        distance = np.hypot(gaze[there, 0] - yaw, gaze[there, 1] - pitch)
        spread = float(np.median(distance)) / _MEDIAN_DISTANCE
        return GazeTarget(yaw, pitch, spread, max(3.0 * spread, _SMALLEST_CONE_DEG), coverage)


def apart(partner: GazeTarget, camera: GazeTarget) -> bool:
    """Return whether looking at the partner's picture can be told from looking at the camera.

    It can when the two directions are further apart than the larger tolerance.
    """
    distance = np.hypot(partner.yaw_deg - camera.yaw_deg, partner.pitch_deg - camera.pitch_deg)
    return bool(distance > max(partner.tolerance_deg, camera.tolerance_deg))
