"""By how much one recording of a meeting runs behind another, from the sound that both have caught.

A room's sound is the same in both recordings, so its loudness rises and falls together at one lag and
at no other. Unlike movement (`mirrorsync.synchrony.offset`) it cannot be confused with a person who follows.
A room that echoes strongly adds up to about 20 ms to the later one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.synchrony.offset import highest_peak, lag_profile
from mirrorsync.types import FloatArray

__all__ = ["OffsetEstimate", "offset_of_loudness"]

_SMOOTH_S = 0.02
_SLOW_S = 1.0
_APART_S = 0.5  # a second peak so near belongs to the first
_MIN_S = 5.0
_MIN_HEIGHT = 7.0  # robust SDs; the best of 10⁵ lags of unrelated sounds stays below 6
_MIN_RATIO = 1.25
_SURE_RATIO = 2.0


@dataclass(frozen=True, slots=True)
class OffsetEstimate:
    """A constant offset of B against A, from sound.

    Attributes
    ----------
    offset_s : float
        Positive: B is late (the same sign as `Settings.offset_s`). NaN when it cannot be told.
    confidence : float
        0–1; 0 when it cannot be told. 1 when no other lag comes near half as high a correlation.
    peak : float
        Height of the correlation there, in robust SDs of the correlation at all lags.
    ratio : float
        That height over the second highest peak's, at least half a second away.
    sentence : str
        What to tell: the offset, or why there is none.
    """

    offset_s: float
    confidence: float
    peak: float
    ratio: float
    sentence: str


def offset_of_loudness(
    loudness_a: NDArray[np.floating], loudness_b: NDArray[np.floating], *, rate_hz: float,
    max_offset_s: float = 600.0,
) -> OffsetEstimate:  # fmt: skip
    """Estimate by how much B is late against A.

    Parameters
    ----------
    loudness_a, loudness_b : ndarray, shapes (n,) and (m,)
        Logarithm of power over time, from the first picture of each (`mirrorsync.capture.sound.loudness`);
        empty where there is no sound.
    rate_hz : float
        Values a second.
    max_offset_s : float
        Longest offset looked for, each way; the recordings must overlap by three tenths of the longer one.
    """
    for name, series in (("A", loudness_a), ("B", loudness_b)):
        if not series.size:
            return _nothing(f"Recording {name} has no sound, so the offset cannot be heard; set it by eye.")
        if series.size < _MIN_S * rate_hz:
            return _nothing(f"Recording {name} is too short to hear the offset; set it by eye.")
        if float(np.ptp(series)) < 1e-3:
            return _nothing(f"Recording {name} is silent, so the offset cannot be heard; set it by eye.")
    n = max(loudness_a.size, loudness_b.size)
    a, b = (_changes(series, n, rate_hz) for series in (loudness_a, loudness_b))
    reach = max(1, min(round(max_offset_s * rate_hz), n - 1))
    profile = lag_profile(a[:, None], b[:, None], reach)
    if not np.isfinite(profile).any():
        return _nothing("The recordings overlap too little to hear the offset; set it by eye.")
    peak, lag = highest_peak(profile)
    near = np.abs(np.arange(profile.size) - profile.size // 2 - lag) < _APART_S * rate_hz
    there = profile[np.isfinite(profile)]
    others = profile[~near & np.isfinite(profile)]
    middle = float(np.median(there))
    second = float(others.max()) - middle if others.size else 0.0
    first = float(np.nanmax(profile)) - middle
    ratio = first / second if second > 0 else float("inf")
    if peak < _MIN_HEIGHT or ratio < _MIN_RATIO:
        return OffsetEstimate(
            float("nan"), 0.0, peak, ratio,
            "The two recordings do not sound alike at any one offset; they may be of different meetings or "
            "rooms. Set the offset by eye, for instance at a clap.",
        )  # fmt: skip
    confidence = float(np.clip((ratio - 1.0) / (_SURE_RATIO - 1.0), 0.0, 1.0))
    offset_s = float(lag / rate_hz)
    late = "starts at the same moment as A" if abs(offset_s) < 0.5 / rate_hz else (
        f"comes {abs(offset_s):.2f} s {'late' if offset_s > 0 else 'early'}"
    )  # fmt: skip
    return OffsetEstimate(
        offset_s, confidence, peak, ratio, f"By its sound, recording B {late} ({confidence:.0%} sure)."
    )


def _nothing(sentence: str) -> OffsetEstimate:
    return OffsetEstimate(float("nan"), 0.0, float("nan"), float("nan"), sentence)


def _changes(series: NDArray[np.floating], n: int, rate_hz: float) -> FloatArray:
    """Return loudness without its slow part (distance, gain, hum), shape (n,), NaN after its end."""
    x = _mean(np.asarray(series, dtype=np.float64), max(1, round(_SMOOTH_S * rate_hz)))
    out = np.full(n, np.nan)
    out[: x.size] = x - _mean(x, max(1, round(_SLOW_S * rate_hz)))
    return out


def _mean(x: FloatArray, width: int) -> FloatArray:
    """Return the running mean over `width` values, the window cut at the ends."""
    sums = np.concatenate([[0.0], np.cumsum(x)])
    at = np.arange(x.size)
    low, high = np.maximum(at - width // 2, 0), np.minimum(at - width // 2 + width, x.size)
    return np.asarray((sums[high] - sums[low]) / (high - low), dtype=np.float64)
