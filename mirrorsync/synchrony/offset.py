"""Whether one feed runs a constant time behind the other, estimated from the movement in both.

It is offered, never applied: a partner who faithfully follows 0.8 s behind looks exactly like a feed that is
0.8 s late, and only people can know which it is (a clap heard in both recordings tells).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirrorsync.synchrony.movement import MIRROR_SIGNS
from mirrorsync.types import FloatArray

__all__ = ["Offset", "estimate_offset", "highest_peak", "lag_profile", "offset_sentence"]

_MIN_PEAK = 4.0
_PARTS = 3
_AGREE_S = 0.2
_MIN_OVERLAP = 0.3
_MIN_PART_S = 10.0
_WORTH_S = 0.2  # shorter offsets cannot be told from ordinary reaction and landmark delay


@dataclass(frozen=True, slots=True)
class Offset:
    """A constant offset of B against A.

    Attributes
    ----------
    offset_s : float
        Positive: B is late (the same sign as `Settings.offset_s` and `lag_s`). NaN when it cannot be told.
    peak : float
        Height of the correlation there, in robust SDs of the correlation at all lags.
    agreement : float
        0–1, share of the thirds of the session whose own peak lies within 0.2 s of it.
    confidence : float
        0–1: agreement × min(1, (peak − 3) / 5); 0 when the peak does not stand out.
    clear : bool
        Whether the peak reaches 4 SDs and every third agrees.
    """

    offset_s: float
    peak: float
    agreement: float
    confidence: float
    clear: bool


_NOTHING = Offset(float("nan"), float("nan"), 0.0, 0.0, clear=False)


def estimate_offset(
    signals_a: FloatArray, signals_b: FloatArray, *, rate_hz: float, max_offset_s: float = 30.0
) -> Offset:
    """Estimate by how much B is late against A.

    Every movement signal is standardised and cross-correlated over the whole session at all lags (FFT); the
    correlations are added up over the signals, lateral ones in the form (mirror image or anatomical)
    that fits better. An offset must show in each third of the session by itself, which a leader who changes,
    or a few moments of imitation, do not.

    Parameters
    ----------
    signals_a, signals_b : ndarray, shape (n, 8)
        As `mirrorsync.synchrony.movement.movement` gives them; NaN where missing.
    rate_hz : float
        Ticks a second.
    max_offset_s : float
        Longest offset looked for, each way; at most a third of the session is used.
    """
    n = min(signals_a.shape[0], signals_b.shape[0])
    reach = min(round(max_offset_s * rate_hz), n // 3)
    if n < _PARTS * _MIN_PART_S * rate_hz or reach < 1:
        return _NOTHING
    found: list[tuple[float, float, int]] = []
    for signs in (np.ones_like(MIRROR_SIGNS), MIRROR_SIGNS):
        profile = lag_profile(signals_a[:n], signals_b[:n] * signs, reach)
        if np.isfinite(profile).any():
            found.append((*highest_peak(profile), len(found)))
    if not found:
        return _NOTHING
    peak, lag, form = max(found)
    signs = (np.ones_like(MIRROR_SIGNS), MIRROR_SIGNS)[form]
    agree = 0
    for k in range(_PARTS):
        # B's part is taken where it would lie, so that a long offset does not empty the overlap.
        start, stop = n * k // _PARTS, n * (k + 1) // _PARTS
        first, last = max(start + round(lag), 0), min(stop + round(lag), n)
        a, b = signals_a[first - round(lag) : last - round(lag)], signals_b[first:last] * signs
        part = lag_profile(a, b, min(reach, max(a.shape[0] // 2, 1)))
        if np.isfinite(part).any():
            agree += abs(highest_peak(part)[1]) <= _AGREE_S * rate_hz
    agreement = agree / _PARTS
    confidence = agreement * float(np.clip((peak - 3.0) / 5.0, 0.0, 1.0))
    return Offset(lag / rate_hz, peak, agreement, confidence, clear=peak >= _MIN_PEAK and agree == _PARTS)


def offset_sentence(offset: Offset, *, applied_s: float = 0.0) -> str:
    """Return what to tell about an offset; empty when there is nothing clear, or too little to matter.

    Parameters
    ----------
    offset : Offset
        Found in series to which `applied_s` has been applied already.
    applied_s : float
        `Settings.offset_s` in force.
    """
    if not offset.clear or abs(offset.offset_s) < _WORTH_S:
        return ""
    late = "late" if offset.offset_s > 0 else "early"
    return (
        f"B's movements come a steady {abs(offset.offset_s):.2f} s {late}. If the recording of B starts "
        f"{late}, run again with --offset {applied_s + offset.offset_s:.2f}; if B simply "
        f"{'follows' if offset.offset_s > 0 else 'leads'}, leave it: both look the same. Nothing was changed."
    )


def lag_profile(a: FloatArray, b: FloatArray, reach: int) -> FloatArray:
    """Return the correlation at lags −reach … reach, summed over the signals, in units of 1/√overlap.

    NaN where less than `_MIN_OVERLAP` of the shorter series overlaps. Positive lags: B is late.
    """
    size = 1 << int(np.ceil(np.log2(a.shape[0] + reach + 1)))
    total = np.zeros(2 * reach + 1)
    count = np.zeros(2 * reach + 1)
    for k in range(a.shape[1]):
        x, y = _standardised(a[:, k]), _standardised(b[:, k])
        total += _lagged(x, y, size, reach)
        there = _lagged(1.0 * (x != 0), 1.0 * (y != 0), size, reach)
        count += there
    enough = count >= max(_MIN_OVERLAP * a.shape[1] * a.shape[0], 1.0)
    return np.where(enough, total / np.sqrt(np.maximum(count, 1.0)), np.nan)


def _lagged(x: FloatArray, y: FloatArray, size: int, reach: int) -> FloatArray:
    """Return Σ x[t] · y[t + lag] at lags −reach … reach."""
    whole = np.fft.irfft(np.conj(np.fft.rfft(x, size)) * np.fft.rfft(y, size), size)
    return np.concatenate([whole[-reach:], whole[: reach + 1]])


def _standardised(x: FloatArray) -> FloatArray:
    """Return x clipped at four robust SDs, mean 0 and SD 1; 0 where missing."""
    there = np.isfinite(x)
    if there.sum() < 2:
        return np.zeros_like(x)
    middle = np.median(x[there])
    spread = 1.4826 * np.median(np.abs(x[there] - middle))
    limit = 4.0 * spread if spread > 0 else np.inf
    clipped = np.clip(np.where(there, x - middle, 0.0), -limit, limit)
    clipped = np.where(there, clipped - clipped[there].mean(), 0.0)
    sd = float(clipped[there].std())
    return clipped / sd if sd > 0 else np.zeros_like(x)


def highest_peak(profile: FloatArray) -> tuple[float, float]:
    """Return height in robust SDs of the profile, and lag in samples, of the highest point."""
    there = profile[np.isfinite(profile)]
    middle = float(np.median(there))
    spread = max(1.4826 * float(np.median(np.abs(there - middle))), 1e-9)
    top = int(np.nanargmax(profile))
    lag = float(top - profile.size // 2)
    if 0 < top < profile.size - 1:
        left, here, right = profile[top - 1 : top + 2]
        bend = left - 2.0 * here + right
        if bend < 0:
            lag += float(0.5 * (left - right) / bend)
    return (float(profile[top]) - middle) / spread, lag
