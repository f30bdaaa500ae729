"""The other person's voice in one's own channel, found by level and lag, so that it is not counted twice.

An echo is a copy: the waveforms of the two channels correlate at one fixed lag, which those of independent
voices do not. The lag comes from the generalised cross-correlation with phase transform (Knapp & Carter 1976,
10.1109/TASSP.1976.1162830), averaged over blocks of the recording; the level from least squares at that lag.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from mirrorsync.types import FloatArray
from mirrorsync.voice.activity import FRAME_S, SAMPLE_RATE_HZ

__all__ = ["Echo", "find_echo", "without_echo"]

_BLOCK_S = 2.0
_MAX_LAG_S = 0.5
_CLEAR_PEAK = 8.0  # convention: peak over the SD of all other lags; chance reaches 5 among 16,000 lags
_LEAST_GAIN = 0.01  # convention: −40 dB; a softer echo is not heard as speech
_OWN_SHARE = 0.25  # convention: own voice where at least a quarter of the power is not explained by the echo


@dataclass(frozen=True, slots=True)
class Echo:
    """One person's voice in the other's channel.

    Attributes
    ----------
    lag_s : float
        How late it arrives there, s.
    gain : float
        Its amplitude there, relative to the channel it comes from.
    """

    lag_s: float
    gain: float


def find_echo(
    source: NDArray[np.float32], channel: NDArray[np.float32], *, rate_hz: int = SAMPLE_RATE_HZ
) -> Echo | None:
    """Return how `source` is heard in `channel`; None where it is not.

    Parameters
    ----------
    source, channel : ndarray of float32, shape (n,)
        Sound of the two people on one clock; the longer one's end is not used.
    rate_hz : int
        Samples per second.
    """
    block, reach = round(_BLOCK_S * rate_hz), round(_MAX_LAG_S * rate_hz)
    n = min(source.size, channel.size)
    size = 2 * block
    phase = np.zeros(size // 2 + 1, np.complex128)
    used = 0
    for start in range(0, n - block - reach + 1, block):
        x, y = source[start : start + block], channel[start : start + block + reach]
        if not (x.any() and y.any()):
            continue
        cross = np.conj(np.fft.rfft(x, size)) * np.fft.rfft(y, size)
        phase += cross / np.maximum(np.abs(cross), 1e-12)
        used += 1
    if not used:
        return None
    profile = np.fft.irfft(phase / used, size)[:reach]
    peak = int(np.argmax(profile))
    others = np.delete(profile, np.arange(max(0, peak - 40), min(reach, peak + 41)))
    if profile[peak] < _CLEAR_PEAK * others.std():
        return None
    x, y = source[: n - peak], channel[peak:n]
    gain = float(np.dot(x, y) / max(float(np.dot(x, x)), 1e-12))
    return Echo(peak / rate_hz, gain) if gain >= _LEAST_GAIN else None


def without_echo(
    segments: FloatArray, source: FloatArray, channel: FloatArray, echo: Echo, *, frame_s: float = FRAME_S
) -> FloatArray:
    """Return the stretches of speech in a channel that are the person's own.

    Frames whose power the echo explains but for less than a quarter are taken out; what is left of a stretch
    and is shorter than 0.1 s goes too.

    Parameters
    ----------
    segments : ndarray, shape (n, 2)
        Speech found in the channel, start and end in s.
    source, channel : ndarray, shape (n_frames,)
        Mean power of every frame of the other person's sound and of this channel.
    echo : Echo
        What `find_echo` found.
    frame_s : float
        Length of a frame, s.

    Returns
    -------
    ndarray, shape (m, 2)
    """
    times = np.arange(channel.size) * frame_s
    delayed = np.interp(times - echo.lag_s, np.arange(source.size) * frame_s, source, left=0.0, right=0.0)
    # A room spreads the echo over some frames: let its power fall slowly.
    own = lfilter([1.0], [1.0, -0.5], delayed) * echo.gain**2 < (1 - _OWN_SHARE) * channel
    kept: list[tuple[float, float]] = []
    for start, end in np.asarray(segments, np.float64).reshape(-1, 2):
        first, last = round(start / frame_s), min(round(end / frame_s), own.size)
        flags = np.concatenate([[0], own[first:last].astype(np.int8), [0]])
        edges = np.flatnonzero(np.diff(flags)).reshape(-1, 2) + first
        kept += [(low * frame_s, high * frame_s) for low, high in edges if (high - low) * frame_s >= 0.1]
    return np.array(kept, np.float64).reshape(-1, 2)
