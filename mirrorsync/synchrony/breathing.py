"""Whether two people breathe together: phase locking of their chests' movements, causal.

Two steady breathers at the same rate look locked without having to do with each other, and over one window
any two similar rates do. The rates' difference and the locking are therefore told side by side, and chance is
the matter of `mirrorsync.synchrony.phase`, which compares whole sessions with shifted copies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirrorsync.types import FloatArray

__all__ = ["BreathCoupling", "Coupling", "coupling_series"]

_LOW_HZ, _HIGH_HZ = 0.1, 0.5


@dataclass(frozen=True, slots=True)
class Coupling:
    """How two people's breathing keeps together.

    Attributes
    ----------
    locking : float
        0 (phases drift) – 1 (constant distance) over the window; NaN unless both breathe measurably.
    difference_rad : float
        Mean phase of A minus that of B, −π … π; positive: B is behind A.
    rate_difference_per_min : float
        Rate of A minus rate of B; NaN unless both are known.
    coverage : float
        0–1, share of the window in which both were good.
    """

    locking: float = float("nan")
    difference_rad: float = float("nan")
    rate_difference_per_min: float = float("nan")
    coverage: float = 0.0


class _Chest:
    """Phase of one chest: a causal band-pass (0.1–0.5 Hz) of its velocity, and the place it leads to.

    Two one-pole high-passes and two one-pole low-passes; the place is a leaky integral of the velocity. The
    filter delays both people alike.
    """

    def __init__(self, rate_hz: float) -> None:
        self._dt = 1.0 / rate_hz
        self._slow = float(-np.expm1(-2 * np.pi * _LOW_HZ / 2 * self._dt))
        self._fast = float(-np.expm1(-2 * np.pi * _HIGH_HZ * self._dt))
        self._lows = [0.0, 0.0]
        self._smooth = [0.0, 0.0]
        self._place = 0.0
        self._place_mean = 0.0

    def update(self, velocity: float, rate_hz: float) -> complex:
        """Return cos and sin of the phase at a breathing rate, as a complex number not yet normalised."""
        if velocity != velocity:  # missing: let the filters ring
            velocity = 0.0
        for k in range(2):
            self._lows[k] += self._slow * (velocity - self._lows[k])
            velocity -= self._lows[k]
        for k in range(2):
            self._smooth[k] += self._fast * (velocity - self._smooth[k])
            velocity = self._smooth[k]
        self._place += velocity * self._dt
        self._place_mean += self._slow * (self._place - self._place_mean)
        return complex(self._place - self._place_mean, -velocity / (2 * np.pi * rate_hz))


class BreathCoupling:
    """Phase locking of two people's breathing over a sliding window, tick by tick.

    Parameters
    ----------
    rate_hz : float
        Rate of the ticks.
    window_s : float
        Length of the window; two rates 2 a minute apart drift by a whole cycle in 30 s.
    min_coverage : float
        Below this share of ticks with both good nothing is said.
    """

    def __init__(self, *, rate_hz: float, window_s: float = 30.0, min_coverage: float = 0.6) -> None:
        self._every = max(round(rate_hz / 5.0), 1)
        self._a, self._b = _Chest(rate_hz), _Chest(rate_hz)
        self._ring = np.full(max(round(window_s * rate_hz / self._every), 2), np.nan, dtype=np.complex128)
        self._min_coverage = min_coverage
        self._tick = 0
        self._last = Coupling()

    def update(self, chest_a: float, chest_b: float, rate_a: float, rate_b: float) -> Coupling:
        """Add one tick; return the newest coupling (it changes five times a second).

        Parameters
        ----------
        chest_a, chest_b : float
            Vertical velocity, upward positive; NaN when missing.
        rate_a, rate_b : float
            Breaths a minute as `features.breathing` tells them; NaN while it tells none.
        """
        both = rate_a == rate_a and rate_b == rate_b
        a = self._a.update(chest_a, (rate_a if both else 15.0) / 60.0)
        b = self._b.update(chest_b, (rate_b if both else 15.0) / 60.0)
        self._tick += 1
        if self._tick % self._every == 0:
            turn = a * b.conjugate()
            size = abs(turn)
            slot = self._tick // self._every % self._ring.size
            self._ring[slot] = turn / size if both and size > 0 else complex("nan")
            self._last = self._measure(rate_a - rate_b)
        return self._last

    def _measure(self, difference_per_min: float) -> Coupling:
        there = self._ring[~np.isnan(self._ring)]
        coverage = there.size / self._ring.size
        if coverage < self._min_coverage:
            return Coupling(rate_difference_per_min=difference_per_min, coverage=coverage)
        mean = complex(there.mean())
        return Coupling(abs(mean), float(np.angle(mean)), difference_per_min, coverage)


def coupling_series(
    chest_a: FloatArray, chest_b: FloatArray, rate_a: FloatArray, rate_b: FloatArray, *, rate_hz: float
) -> list[Coupling]:
    """Return the coupling at each tick of whole series, each of shape (n,): the batch of `BreathCoupling`."""
    meter = BreathCoupling(rate_hz=rate_hz)
    rows = zip(chest_a.tolist(), chest_b.tolist(), rate_a.tolist(), rate_b.tolist(), strict=True)
    return [meter.update(*row) for row in rows]
