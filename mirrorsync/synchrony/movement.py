"""From features on the uniform clock to the movement signals that are correlated between two people."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import FloatArray

__all__ = ["LEAST_SD", "MIRROR_SIGNS", "SIGNALS", "SIGNAL_CHANNEL", "Movement", "movement"]

SIGNALS: tuple[str, ...] = (
    "head_pitch", "head_yaw", "head_roll", "body_speed", "smile", "jaw", "brow_up", "brow_down",
)  # fmt: skip
"""Velocities of head rotation (deg/s), body speed (shoulder widths/s), change of expression (1/s)."""

SIGNAL_CHANNEL: tuple[str, ...] = (
    "head_synchrony", "head_synchrony", "head_synchrony", "body_synchrony",
    "expression_synchrony", "expression_synchrony", "expression_synchrony", "expression_synchrony",
)  # fmt: skip

MIRROR_SIGNS: FloatArray = np.array([1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
"""Sign of each signal's correlation in the mirror image: lateral rotations run against each other."""

LEAST_SD: FloatArray = np.array([0.0, 0.0, 0.0, 0.0125, 0.0, 0.0, 0.0, 0.0])
"""SD over a window below which a signal is the jitter of landmarks and its owner at rest.

The jitter's was 0.006–0.012 shoulder widths a second in bodies that sat still."""

# What is differentiated: three angles, four places, four groups of blendshapes (means).
_TRACKED: tuple[tuple[str, ...], ...] = (
    ("head_pitch",), ("head_yaw",), ("head_roll",),
    ("lean_side",), ("height",), ("head_x",), ("head_y",),
    ("mouthSmileLeft", "mouthSmileRight"),
    ("jawOpen",),
    ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    ("browDownLeft", "browDownRight"),
)  # fmt: skip
_FIRST: NDArray[np.intp] = np.array([FEATURE_INDEX[names[0]] for names in _TRACKED])
_MIX: FloatArray = np.zeros((len(_TRACKED), max(FEATURE_INDEX.values()) + 1))
for _row, _names in enumerate(_TRACKED):
    for _name in _names:
        _MIX[_row, FEATURE_INDEX[_name]] = 1.0 / len(_names)
_USED: NDArray[np.intp] = np.flatnonzero(_MIX.any(axis=0))
_MIX = np.ascontiguousarray(_MIX[:, _USED])
_PLACES = slice(3, 7)
_KEPT: NDArray[np.intp] = np.array([0, 1, 2, 3, 7, 8, 9, 10])  # 3 makes room for the speed of the places
_SPEED = SIGNALS.index("body_speed")


class Movement:
    """Causal velocities of one person, or of several side by side, tick by tick.

    An exponential smoother (time constant `smooth_s`) goes before the difference, the same for both
    people, so that it delays both alike and leaves the lag between them as it is.

    Parameters
    ----------
    rate_hz : float
        Rate of the ticks.
    smooth_s : float
        Time constant of the smoother; 0 for none.
    """

    def __init__(self, *, rate_hz: float, smooth_s: float) -> None:
        self._rate_hz = rate_hz
        self._alpha = 1.0 if smooth_s <= 0 else float(-np.expm1(-1.0 / (rate_hz * smooth_s)))
        self._smooth: FloatArray = np.full(len(_TRACKED), np.nan)

    def update(self, values: FloatArray) -> FloatArray:
        """Return the signals, (…, 8) in the order of `SIGNALS`, of features, (…, n_features), at one tick.

        The people are the same, in the same places, at every tick. NaN where a feature is missing now or
        was missing at the tick before.
        """
        used = values.take(_USED, axis=-1)
        before, level = self._smooth, _mixed(_MIX, used)
        after = before + self._alpha * (level - before)
        if math.isnan(after.sum()):
            # One NaN has spread over all that was mixed: rows are mixed only from what is there.
            level = _mixed(_MIX, np.nan_to_num(used))
            level[_mixed(_MIX > 0, np.isnan(used))] = np.nan
            after = before + self._alpha * (level - before)
            after = np.where(np.isnan(after), level, after)
        self._smooth = after
        return _signals((after - before) * self._rate_hz)


def _mixed(mix: NDArray[Any], used: NDArray[Any]) -> NDArray[Any]:
    """Return mix times each person's vector, (n_tracked, n_used) and (…, n_used) to (…, n_tracked)."""
    mixed: NDArray[Any] = used @ mix.T
    return mixed


def _signals(velocity: FloatArray) -> FloatArray:
    out = velocity.take(_KEPT, axis=-1)
    places = velocity[..., _PLACES]
    out[..., _SPEED] = np.sqrt(np.add.reduce(places * places, axis=-1) / 2.0)
    return out


def movement(values: FloatArray, *, rate_hz: float, smooth_s: float) -> FloatArray:
    """Return the signals, shape (n, 8), of features, shape (n, n_features): the batch of `Movement`."""
    stream = Movement(rate_hz=rate_hz, smooth_s=smooth_s)
    return np.array([stream.update(row) for row in values]).reshape(-1, len(SIGNALS))
