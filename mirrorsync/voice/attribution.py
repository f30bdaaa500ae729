"""Who of two people speaks on one mixed sound track, told by their mouths.

A stretch of speech is given to the person whose mouth moves as in talking while the other's does not, or far
less. Where both or neither fit, the answer is "unclear": a laugh, a hand at the mouth, somebody outside
the picture. The limits are conventions of this program; `docs/validation.md` shows how often they err.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d
from scipy.signal import butter, sosfiltfilt

from mirrorsync.types import FloatArray

__all__ = ["attribute_speech", "mouth_activity"]

_BAND_HZ = (1.5, 8.0)  # syllables: 2 to 7 Hz (Chandrasekaran et al. 2009, 10.1371/journal.pcbi.1000436)
_WINDOW_S = 1.0
_LEAST = 0.01  # of the range of `jawOpen`: below it a mouth is still, whatever its own noise
_ABOVE_SILENCE = 3.0  # times the person's own median while nobody speaks
_CLEARLY_MORE = 3.0  # how much more one of two moving mouths must move, each against its own limit
_LEAST_RUN_S = 0.3


def mouth_activity(mouth_open: FloatArray, *, rate_hz: float) -> FloatArray:
    """Return how much a mouth moves at the pace of syllables around each moment.

    Parameters
    ----------
    mouth_open : ndarray, shape (n,)
        Opening of the mouth over time, 0–1 (blendshape `jawOpen`); NaN where the face was not found.
    rate_hz : float
        Values per second; more than 4.

    Returns
    -------
    ndarray, shape (n,)
        RMS of its 1.5–8 Hz band over one second; NaN where less than 0.8 s of that second was seen.

    Raises
    ------
    ValueError
        Fewer than 4 values per second hold no movement of syllables.
    """
    if rate_hz <= 4.0:
        raise ValueError(f"mouth movement needs more than 4 values per second, got {rate_hz:g}")
    opening = np.asarray(mouth_open, np.float64)
    there = np.isfinite(opening)
    if there.sum() < rate_hz:
        return np.full(opening.shape, np.nan)
    times = np.arange(opening.size)
    filled = np.interp(times, times[there], opening[there])
    high = min(_BAND_HZ[1], 0.45 * rate_hz)
    moved = sosfiltfilt(
        butter(2, (_BAND_HZ[0], high), "bandpass", fs=rate_hz, output="sos"), filled, padlen=0
    )
    window = max(1, round(_WINDOW_S * rate_hz))
    seen = uniform_filter1d(there.astype(np.float64), window, mode="nearest")
    power = uniform_filter1d(np.where(there, np.square(moved), 0.0), window, mode="nearest")
    activity = np.sqrt(np.maximum(power, 0.0) / np.maximum(seen, 1e-9))
    return np.where(seen >= 0.8, activity, np.nan)


def attribute_speech(
    mouth_a: FloatArray, mouth_b: FloatArray, speaking: NDArray[np.bool_], *, rate_hz: float
) -> NDArray[np.str_]:
    """Return who speaks at each moment: "a", "b", "none" (no speech) or "unclear".

    Parameters
    ----------
    mouth_a, mouth_b : ndarray, shape (n,)
        Opening of each mouth, 0–1; NaN where the face was not found.
    speaking : ndarray of bool, shape (n,)
        Whether speech is heard, from anybody.
    rate_hz : float
        Values per second, more than 4.

    Returns
    -------
    ndarray of str, shape (n,)
        Never "both": two voices on one track cannot be known from mouths alone.

    Raises
    ------
    ValueError
        Fewer than 4 values per second.
    """
    margins = [_margin(mouth, speaking, rate_hz) for mouth in (mouth_a, mouth_b)]
    a, b = margins
    with np.errstate(divide="ignore", invalid="ignore"):
        is_a = (a > 1) & (a > _CLEARLY_MORE * np.maximum(b, 1 / _CLEARLY_MORE))
        is_b = (b > 1) & (b > _CLEARLY_MORE * np.maximum(a, 1 / _CLEARLY_MORE))
    run = max(1, round(_LEAST_RUN_S * rate_hz))
    states = np.full(speaking.shape, "unclear")
    for name, mask in (("a", is_a), ("b", is_b)):
        states[_opened(mask & speaking, run)] = name
    return np.where(speaking, states, "none")


def _margin(mouth: FloatArray, speaking: NDArray[np.bool_], rate_hz: float) -> FloatArray:
    """Return a mouth's movement relative to the least that counts as talking; above 1: it moves so."""
    activity = mouth_activity(mouth, rate_hz=rate_hz)
    reach = max(1, round(_WINDOW_S * rate_hz))
    silent = ~maximum_filter1d(speaking, reach, mode="nearest") & np.isfinite(activity)
    limit = _LEAST
    if silent.sum() >= 2 * rate_hz:  # two seconds in which nobody speaks
        limit = max(limit, _ABOVE_SILENCE * float(np.median(activity[silent])))
    return activity / limit


def _opened(mask: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Return a mask without its runs shorter than `length`."""
    eroded = minimum_filter1d(mask, length, mode="constant", cval=0)
    origin = -1 if length % 2 == 0 else 0
    return np.asarray(maximum_filter1d(eroded, length, origin=origin, mode="constant", cval=0) & mask)
