"""Phase synchrony: whether two rhythms keep a constant distance, whatever their sizes.

Both series are band-passed (4th-order Butterworth, forward and backward: nothing is delayed) and their phases
taken from the analytic signal (Hilbert transform). The phase difference is averaged on the circle:
the length of that mean is the phase-locking value (Lachaux, Rodriguez, Martinerie & Varela 1999,
10.1002/(SICI)1097-0193(1999)8:4<194::AID-HBM4>3.0.CO;2-C), its angle the mean distance.

A second measure, for rhythms: breathing, nodding, rocking. Within a narrow band any two signals look locked
for a while, so that the value is read against shifted surrogates, never by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import butter, hilbert, sosfiltfilt

from mirrorsync.errors import SeriesError
from mirrorsync.types import FloatArray

__all__ = ["PhaseSynchrony", "phase_synchrony"]

_ORDER = 4
_EDGE_CYCLES = 1.0  # of the band's lowest frequency, cut off at both ends of a stretch: the filter's reach


@dataclass(frozen=True, slots=True)
class PhaseSynchrony:
    """How two rhythms keep together.

    Attributes
    ----------
    locking : float
        Phase-locking value, 0 (no relation) to 1 (constant distance).
    difference_rad : float
        Mean phase of A minus that of B, −π … π; positive: B is behind A.
    frequency_hz : float
        Mean rate of both phases, cycles a second.
    lag_s : float
        difference_rad / (2π · frequency_hz); positive: B follows A. Known only up to whole cycles.
    p_value : float
        (k + 1) / (n + 1), k circularly shifted surrogates of n locked as well or better.
    chance_mean, chance_sd, effect_size : float
        Of the surrogates, and (locking − chance_mean) / chance_sd.
    coverage : float
        0–1, share of the samples that the phases come from.
    """

    locking: float
    difference_rad: float
    frequency_hz: float
    lag_s: float
    p_value: float
    chance_mean: float
    chance_sd: float
    effect_size: float
    coverage: float


def phase_synchrony(
    a: ArrayLike, b: ArrayLike, *, rate_hz: float, band_hz: tuple[float, float], n: int = 199, seed: int = 1
) -> PhaseSynchrony:
    """Measure how constant the distance between the phases of A and B is, in a band of frequencies.

    Parameters
    ----------
    a, b : array_like, shape (n_samples,)
        Series at `rate_hz`; NaN where missing. Every stretch without gaps is filtered by itself.
    band_hz : (float, float)
        Lowest and highest frequency, Hz; narrow enough that one rhythm fills it.
    n, seed : int
        Surrogates: B's phases shifted in a circle by at least a cycle of the lowest frequency; their seed.

    Raises
    ------
    SeriesError
        An impossible band, or no stretch of eight cycles of its lowest frequency.
    """
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    low, high = band_hz
    if a.ndim != 1 or a.shape != b.shape:
        raise SeriesError("The two series must be one-dimensional and equally long.")
    if not 0 < low < high < rate_hz / 2:
        raise SeriesError(
            f"A band must lie between 0 and {rate_hz / 2:g} Hz, its lower end first; {low:g} to {high:g} Hz "
            "does not."
        )
    cycle = rate_hz / low
    sos = butter(_ORDER, band_hz, btype="bandpass", fs=rate_hz, output="sos")
    edge = round(_EDGE_CYCLES * cycle)
    phases = []
    for first, last in _stretches(np.isfinite(a) & np.isfinite(b)):
        if last - first < 8 * cycle:
            continue
        both = np.stack([a[first:last], b[first:last]])
        if (both.min(axis=1) == both.max(axis=1)).any():
            continue
        both -= both.mean(axis=1, keepdims=True)
        phases.append(np.angle(hilbert(sosfiltfilt(sos, both, axis=1), axis=1))[:, edge:-edge])
    if not phases:
        raise SeriesError(
            f"Phases from {low:g} Hz on take {8 / low:g} s of movement without a gap; use a longer recording "
            "or a higher band."
        )
    phase_a, phase_b = np.concatenate(phases, axis=1)
    mean = np.mean(np.exp(1j * (phase_a - phase_b)))
    frequency = float(np.mean([_rate(p, rate_hz) for p in phases]))
    rng = np.random.default_rng(seed)
    reach = min(round(cycle), phase_b.size // 3)
    shifts = rng.integers(reach, phase_b.size - reach, n)
    turning_a, turning_b = np.exp(1j * phase_a), np.exp(-1j * phase_b)
    chance = np.array([abs(np.mean(turning_a * np.roll(turning_b, shift))) for shift in shifts])
    locking, difference = float(abs(mean)), float(np.angle(mean))
    chance_mean, chance_sd = float(chance.mean()), float(chance.std(ddof=1))
    return PhaseSynchrony(
        locking=locking,
        difference_rad=difference,
        frequency_hz=frequency,
        lag_s=difference / (2 * np.pi * frequency),
        p_value=float((np.sum(chance >= locking) + 1) / (n + 1)),
        chance_mean=chance_mean,
        chance_sd=chance_sd,
        effect_size=(locking - chance_mean) / chance_sd if chance_sd > 0 else float("nan"),
        coverage=phase_a.size / a.size,
    )


def _stretches(there: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return (first, last + 1) of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def _rate(phases: FloatArray, rate_hz: float) -> float:
    """Return the mean rate of turning of both phases, Hz."""
    turns = np.diff(np.unwrap(phases, axis=1), axis=1)
    return float(turns.mean()) * rate_hz / (2 * np.pi)
