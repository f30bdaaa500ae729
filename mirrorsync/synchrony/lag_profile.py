"""Who follows whom at which distance, over a whole session, beside what shifted copies would show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.settings import Settings
from mirrorsync.synchrony.session_scores import SessionScores
from mirrorsync.synchrony.session_statistics import shifts, window_profiles
from mirrorsync.types import FloatArray

__all__ = ["LagProfile", "lag_profile"]

_COPIES = 39  # the 5th and 95th percentile of these lie within what was seen


@dataclass(frozen=True, slots=True)
class LagProfile:
    """A synchrony channel's correlation at every lag.

    Attributes
    ----------
    lags_s : ndarray, shape (n_lags,)
        Positive: B follows A.
    mean : ndarray, shape (n_lags,)
        Mean correlation over the session (by Fisher's z); NaN without data.
    low, high : ndarray, shape (n_lags,)
        5th and 95th percentile of the same for B shifted in a circle; NaN when the session is too short.
    ends_s : ndarray, shape (n_windows,)
        When each window ends.
    windows : ndarray of float32, shape (n_windows, n_lags)
        Correlation in each window, one a second.
    """

    lags_s: FloatArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    ends_s: FloatArray
    windows: NDArray[np.float32]


def lag_profile(session: SessionScores, channel: str, settings: Settings) -> LagProfile:
    """Return the lag profile of a synchrony channel and its chance range.

    Parameters
    ----------
    session : SessionScores
        The whole session; what is left out of it (`kept`) counts nowhere.
    channel : str
        One of `mirrorsync.tables.SYNC_CHANNELS`.
    settings : Settings
        Those that it was scored with.
    """
    a, b = session.signals_a, session.signals_b
    z, _, ends = window_profiles(channel, a, b, session.anatomical, settings)
    if session.kept is not None:
        z[~session.kept[ends]] = np.nan
    lag = round(settings.lag_s * settings.rate_hz)
    lags_s = np.arange(-lag, lag + 1) / settings.rate_hz
    moved = shifts(session.ticks, settings=settings)
    low, high = np.full((2, lags_s.size), np.nan)
    if moved.size and ends.size:
        copies = []
        for shift in moved[np.linspace(0, moved.size - 1, min(_COPIES, moved.size)).astype(int)]:
            shifted, _, _ = window_profiles(
                channel, a, np.roll(b, shift, axis=0), session.anatomical, settings
            )  # fmt: skip
            copies.append(_mean_r(shifted))
        found = np.array(copies)
        known = np.isfinite(found).any(axis=0)
        if known.any():
            low[known], high[known] = np.nanpercentile(found[:, known], [5, 95], axis=0)
    return LagProfile(lags_s, _mean_r(z), low, high, ends / settings.rate_hz, np.tanh(z).astype(np.float32))


def _mean_r(z: FloatArray) -> FloatArray:
    there = np.isfinite(z)
    count = there.sum(axis=0)
    total = np.where(there, z, 0.0).sum(axis=0)
    return np.where(count > 0, np.tanh(total / np.maximum(count, 1)), np.nan)
