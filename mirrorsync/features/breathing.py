"""Breathing rate from the chest's vertical velocity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirrorsync.types import FloatArray

__all__ = ["BREATH_WINDOW_S", "BreathEstimate", "BreathingRate"]

BREATH_WINDOW_S = 20.0
"""A breathing rate is that of the last so many seconds."""


@dataclass(frozen=True, slots=True)
class BreathEstimate:
    """A breathing rate and how far to trust it.

    Attributes
    ----------
    rate_per_min : float
        Breaths a minute; NaN when it cannot be told.
    quality : float
        0–1, share of the velocity's power up to 1 Hz that lies in the peak.
    coverage : float
        0–1, share of the window that was measured while the person sat still.
    """

    rate_per_min: float = float("nan")
    quality: float = 0.0
    coverage: float = 0.0


class BreathingRate:
    """Rate of one person from a sliding window, updated once a second.

    The window's spectrum (Hann, zero-padded to 1/8 bin and interpolated at the peak, because 20 s alone
    resolve no better than 3 breaths a minute) is searched from 6 to 30 breaths a minute. Silent while the
    person moves: what the chest does then is not breath.

    Parameters
    ----------
    rate_hz : float
        Rate of the ticks.
    window_s : float
        Length of the window.
    still : float
        Body speed in shoulder widths a second above which a tick does not count.
    min_quality, min_coverage : float
        Below either nothing is said.
    """

    _LOW_HZ, _HIGH_HZ = 0.1, 0.5
    _DRIFT_HZ, _NOISE_HZ = 0.05, 1.0  # noise is judged between these

    def __init__(
        self, *, rate_hz: float, window_s: float = BREATH_WINDOW_S, still: float = 0.25,
        min_quality: float = 0.5, min_coverage: float = 0.6,
    ) -> None:  # fmt: skip
        self._rate_hz = rate_hz
        self._still = still
        self._min_quality = min_quality
        self._min_coverage = min_coverage
        self._ring = np.full(round(window_s * rate_hz), np.nan)
        self._hann = np.hanning(self._ring.size)
        self._ticks = 0
        self._estimate = BreathEstimate()

    def update(self, chest_velocity: float, body_speed: float) -> BreathEstimate:
        """Add one tick; return the newest estimate (it changes once a second).

        Parameters
        ----------
        chest_velocity : float
            Shoulder widths a second, upward positive; NaN when missing.
        body_speed : float
            Shoulder widths a second; NaN counts as moving.
        """
        still = body_speed <= self._still
        self._ring[self._ticks % self._ring.size] = chest_velocity if still else np.nan
        self._ticks += 1
        if self._ticks % max(round(self._rate_hz), 1) == 0:
            self._estimate = self._measure(np.roll(self._ring, -(self._ticks % self._ring.size)))
        return self._estimate

    def _measure(self, window: FloatArray) -> BreathEstimate:
        there = np.isfinite(window)
        coverage = float(there.mean())
        if coverage < self._min_coverage:
            return BreathEstimate(coverage=coverage)
        # Flow outliers (a hand, a lamp) would fill the spectrum: clip at four robust SDs.
        middle = float(np.median(window[there]))
        spread = 1.4826 * float(np.median(np.abs(window[there] - middle)))
        filled = np.where(there, np.clip(window - middle, -4 * spread, 4 * spread), 0.0)
        n = 8 * self._ring.size
        power = np.square(np.abs(np.fft.rfft(filled * self._hann, n)))
        hz = np.fft.rfftfreq(n, 1.0 / self._rate_hz)
        # Of velocity, not of displacement: dividing by frequency would pull the peak of a slow breath
        # down and make a peak out of flat noise. Noise is judged over more than the band, for the band
        # holds only eight independent bins.
        band = np.flatnonzero((hz >= self._LOW_HZ) & (hz <= self._HIGH_HZ))
        spectrum = power[band]
        if not spectrum.any():
            return BreathEstimate(coverage=coverage)
        top = int(np.argmax(spectrum))
        near = np.abs(hz - hz[band[top]]) <= 1.5 * self._rate_hz / self._ring.size
        judged = (hz >= self._DRIFT_HZ) & (hz <= self._NOISE_HZ)
        quality = float(power[near & judged].sum() / power[judged].sum())
        at_edge = top in {0, band.size - 1}
        if quality < self._min_quality or at_edge:
            return BreathEstimate(quality=quality, coverage=coverage)
        left, middle_power, right = spectrum[top - 1 : top + 2]
        shift = 0.5 * (left - right) / (left - 2 * middle_power + right)
        rate_hz = float(hz[band[top]] + shift * (hz[1] - hz[0]))
        return BreathEstimate(60.0 * rate_hz, quality, coverage)
