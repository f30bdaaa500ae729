"""Whether two voices adapt to each other: synchrony and convergence over adjacent turns.

*Synchrony*: when one person's pitch (loudness, rate) is high for them, is the other's answer, too?
*Convergence*: do the two come nearer to each other while they talk? Both after Levitan & Hirschberg (2011,
Interspeech); vocal synchrony in psychotherapy: Reich et al. (2014, 10.1016/j.cpr.2014.01.001).
Each is compared with surrogates: one person's turns paired with the other's turns of another time.
No relation to outcome is claimed: see docs/limits.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.signal import detrend

from mirrorsync.types import FloatArray

__all__ = ["Entrainment", "entrainment"]

_LEAST_PAIRS = 12
_LEAST_SHIFT = 2


@dataclass(frozen=True, slots=True)
class Entrainment:
    """How far two voices adapt in one respect; NaN where there were too few turns.

    Attributes
    ----------
    pairs : int
        Adjacent turns that were compared.
    synchrony, convergence : float
        Correlations, −1 to 1. Positive convergence: they come nearer.
    synchrony_p, convergence_p : float
        Two-sided p-values against the surrogates.
    """

    pairs: int
    synchrony: float
    synchrony_p: float
    convergence: float
    convergence_p: float


def entrainment(
    values_a: Sequence[float] | FloatArray, values_b: Sequence[float] | FloatArray
) -> Entrainment:
    """Compare adjacent turns of two people in one respect (pitch in semitones, dB, syllables per second).

    Parameters
    ----------
    values_a, values_b : array_like, shape (n,)
        Entry k belongs to the k-th change of the floor: what A's and what B's turn beside it was like. NaN
        where a turn could not be measured.

    Returns
    -------
    Entrainment
        For synchrony, the linear drift of each voice is removed: two who both tire do not answer each other.
        Surrogates are all circular shifts of B's turns by at least two: they keep the autocorrelation of each
        voice, and only lose which turn answered which. Fewer than twelve pairs: NaN; with fewer than 23 no
        p-value can fall below 0.05.

    Raises
    ------
    ValueError
        The two have different lengths.
    """
    a, b = np.asarray(values_a, np.float64), np.asarray(values_b, np.float64)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"values_a and values_b need the same length, got {a.shape} and {b.shape}")
    there = np.isfinite(a) & np.isfinite(b)
    a, b = a[there], b[there]
    n, nan = a.size, float("nan")
    if n < _LEAST_PAIRS or min(detrend(a).std() / (a.std() or 1), detrend(b).std() / (b.std() or 1)) < 1e-9:
        return Entrainment(n, nan, nan, nan, nan)
    shifts = (0, *range(_LEAST_SHIFT, n - _LEAST_SHIFT + 1))
    level_a, level_b = detrend(a), detrend(b)
    level_a, level_b = level_a / level_a.std(), level_b / level_b.std()
    synchrony = np.stack([np.roll(level_b, shift) for shift in shifts]) @ level_a / n
    a, b = (a - a.mean()) / a.std(), (b - b.mean()) / b.std()
    order = np.arange(n) - (n - 1) / 2
    apart = np.abs(np.stack([np.roll(b, shift) for shift in shifts]) - a)
    apart -= apart.mean(axis=1, keepdims=True)
    scale = np.sqrt(np.square(apart).sum(axis=1) * np.square(order).sum())
    convergence = -(apart @ order) / np.maximum(scale, 1e-12)
    return Entrainment(n, float(synchrony[0]), _p(synchrony), float(convergence[0]), _p(convergence))


def _p(statistics: FloatArray) -> float:
    """Return the two-sided p-value of the first of these among all, around the others' median."""
    distance = np.abs(statistics - np.median(statistics[1:]))
    return float((1 + np.sum(distance[1:] >= distance[0] - 1e-12)) / statistics.size)
