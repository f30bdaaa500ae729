"""How lively a person moves: speed of head, body and hands, and how often a movement begins."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import FloatArray

__all__ = ["NO_PACE", "PACE_WINDOW_S", "Pace", "PaceMeter", "pace_series"]

PACE_WINDOW_S = 10.0
"""A pace is that of the last so many seconds."""

# One degree of head rotation moves the nose by about this many shoulder widths (10 cm at 40 cm).
_SHOULDER_WIDTHS_A_DEG = 0.0044
_HAND_SHARE = 0.25  # a hand is lighter than a body: this much of its speed counts
_HEAD = ("head_yaw", "head_pitch", "head_roll")
_BODY = ("lean_side", "height", "head_x", "head_y")
_HANDS = ("wrist_left_x", "wrist_left_y", "wrist_right_x", "wrist_right_y")
_USED: NDArray[np.intp] = np.array([FEATURE_INDEX[name] for name in _HEAD + _BODY + _HANDS])


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of one person.

    Attributes
    ----------
    speed : float
        Mean speed of head, body and hands over the window, shoulder widths a second; NaN when too little
        was seen.
    onsets_per_min : float
        Movements begun a minute, over the window; NaN likewise.
    coverage : float
        0–1, share of the window in which head or body was seen.
    """

    speed: float = float("nan")
    onsets_per_min: float = float("nan")
    coverage: float = 0.0


NO_PACE = Pace()


class PaceMeter:
    """Measures one person's pace tick by tick, from the past only; a new value once a second.

    The speed of a tick adds up what was seen of head rotation (as the way of the nose), shoulders and head
    (root mean square) and hands (a quarter of theirs), each place smoothed exponentially before it is
    differentiated. A movement begins where the speed of head and body rises above `on` after it has been
    below `off`; hands, half-seen at the picture's edge, jitter too much for that.

    Parameters
    ----------
    rate_hz : float
        Rate of the ticks.
    window_s : float
        Over which speeds are averaged and movements counted.
    smooth_s : float
        Time constant against jitter.
    on, off : float
        Shoulder widths a second.
    min_coverage : float
        Below this share of the window nothing is said.
    """

    def __init__(
        self, *, rate_hz: float, window_s: float = PACE_WINDOW_S, smooth_s: float = 0.2, on: float = 0.25,
        off: float = 0.12, min_coverage: float = 0.6,
    ) -> None:  # fmt: skip
        self._rate_hz = rate_hz
        self._window_s = window_s
        self._alpha = float(-np.expm1(-1.0 / (rate_hz * smooth_s))) if smooth_s > 0 else 1.0
        self._on, self._off = on, off
        self._min_coverage = min_coverage
        self._every = max(round(rate_hz), 1)
        self._smooth: list[float] = [math.nan] * _USED.size
        size = max(round(window_s * rate_hz), 2)
        self._speeds = np.full(size, np.nan)
        self._onsets = np.zeros(size, dtype=bool)
        self._moving = True
        self._tick = 0
        self.pace = NO_PACE

    def update(self, values: FloatArray) -> Pace:
        """Add one tick's features, shape (n_features,), NaN where missing; return the newest pace."""
        speed, hands = self._speed(values[_USED])
        slot = self._tick % self._speeds.size
        self._speeds[slot] = speed + hands
        self._onsets[slot] = speed >= self._on and not self._moving
        if speed >= self._on:
            self._moving = True
        elif speed <= self._off:
            self._moving = False
        self._tick += 1
        if self._tick % self._every == 0:
            self._measure()
        return self.pace

    def _speed(self, places: FloatArray) -> tuple[float, float]:
        """Return the speed of head and body, NaN when neither is seen, and what the hands add."""
        # Plain numbers: eleven of them are quicker so than in an array.
        alpha, rate = self._alpha, self._rate_hz
        v = []
        for k, place in enumerate(places.tolist()):
            before = self._smooth[k]
            # NaN where it is missing now; what comes back begins anew.
            step = alpha * (place - before)
            v.append(step * rate)
            self._smooth[k] = before + step if before == before else place
        total, hands, seen = 0.0, 0.0, False
        turn = v[0] * v[0] + v[1] * v[1] + v[2] * v[2]
        if turn == turn:
            total, seen = _SHOULDER_WIDTHS_A_DEG * turn**0.5, True
        place = v[3] * v[3] + v[4] * v[4] + v[5] * v[5] + v[6] * v[6]
        if place == place:
            total, seen = total + (place / 2.0) ** 0.5, True
        for k in (7, 9):
            hand = v[k] * v[k] + v[k + 1] * v[k + 1]
            if hand == hand:
                hands += _HAND_SHARE * hand**0.5
        return (total if seen else float("nan")), hands

    def _measure(self) -> None:
        there = np.isfinite(self._speeds)
        coverage = float(there.mean())
        if coverage < self._min_coverage:
            self.pace = Pace(coverage=coverage)
            return
        self.pace = Pace(
            speed=float(self._speeds[there].mean()),
            onsets_per_min=float(self._onsets.sum()) * 60.0 / (coverage * self._window_s),
            coverage=coverage,
        )


def pace_series(values: FloatArray, *, rate_hz: float) -> FloatArray:
    """Return the speed in force at each tick, shape (n,), of features, shape (n, n_features)."""
    meter = PaceMeter(rate_hz=rate_hz)
    return np.array([meter.update(row).speed for row in values])
