"""From a correlation grid to lags: the mean lag profile, its peak between the samples, and who leads.

Sign: a positive lag means y (B) follows x (A), so that A leads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mirrorsync.synchrony.correlation import CorrelationGrid
from mirrorsync.types import FloatArray

__all__ = [
    "LeaderShares",
    "Peak",
    "find_peak",
    "lag_profile",
    "leader_shares",
    "mean_over_windows",
    "window_peaks",
]


@dataclass(frozen=True, slots=True)
class Peak:
    """The largest value along the lags.

    `lag` is in the units of the lags given (interpolated, so not a whole number); NaN when the largest
    value lies at either end of the lags, where it is no peak, or when there are no values. `value` is the
    value there, in the units given.
    """

    lag: float
    value: float


@dataclass(frozen=True, slots=True)
class LeaderShares:
    """Shares (0–1) of the windows with a clear peak in which A leads, B leads, or neither does; sum 1.

    `windows` is the number of windows with a clear peak; the shares are NaN when it is 0.
    """

    a_leads: float
    b_leads: float
    neither: float
    windows: int


def lag_profile(grid: CorrelationGrid, *, absolute: bool = False) -> FloatArray:
    """Return the mean Fisher z over all windows at each lag, shape (n_lags,); NaN where no window counts.

    `absolute` averages |z|, which treats moving together and moving in turns alike but never lies at 0 for
    unrelated series (Tschacher, Rees & Ramseyer 2014, 10.3389/fpsyg.2014.01323).
    """
    return mean_over_windows(np.abs(grid.z) if absolute else grid.z)


def mean_over_windows(z: FloatArray) -> FloatArray:
    """Return the mean of each column of `z` over its finite values; NaN where there are none."""
    finite = np.isfinite(z)
    with np.errstate(invalid="ignore"):
        mean: FloatArray = np.where(finite, z, 0.0).sum(axis=0) / finite.sum(axis=0)
    return mean


def find_peak(values: ArrayLike, lags: ArrayLike) -> Peak:
    """Return the largest of `values`, placed between the lags by a parabola through it and its neighbours.

    Parameters
    ----------
    values : array_like, shape (n_lags,)
        NaN is passed over.
    lags : array_like, shape (n_lags,)
        Evenly spaced, rising; in any unit.
    """
    row = np.asarray(values, dtype=np.float64)
    at, peak = _interpolated_peaks(row[None, :], np.asarray(lags, dtype=np.float64))
    return Peak(lag=float(at[0]), value=float(peak[0]))


def window_peaks(grid: CorrelationGrid) -> tuple[FloatArray, FloatArray]:
    """Return each window's peak: lag in samples (NaN: no clear peak) and correlation, both (n_windows,)."""
    return _interpolated_peaks(grid.r, grid.lags.astype(np.float64))


def leader_shares(peak_lags: ArrayLike, *, dead_zone: float = 0.0) -> LeaderShares:
    """Return how often each person leads, from the peak lag of each window.

    `dead_zone` is the lag, in the same units, up to which (inclusive) nobody is said to lead; half a
    sample is the least that means anything. NaN lags do not count.
    """
    lags = np.asarray(peak_lags, dtype=np.float64)
    lags = lags[np.isfinite(lags)]
    if not lags.size:
        return LeaderShares(float("nan"), float("nan"), float("nan"), 0)
    a, b = float(np.mean(lags > dead_zone)), float(np.mean(lags < -dead_zone))
    return LeaderShares(a_leads=a, b_leads=b, neither=1.0 - a - b, windows=int(lags.size))


def _interpolated_peaks(rows: FloatArray, lags: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return lag and value of the largest cell of each row, by a parabola through three cells."""
    n_rows, n_lags = rows.shape
    at_lag, value = np.full(n_rows, np.nan), np.full(n_rows, np.nan)
    known = np.flatnonzero(np.isfinite(rows).any(axis=1))
    if not known.size:
        return at_lag, value
    best: NDArray[np.intp] = np.nanargmax(rows[known], axis=1)
    value[known] = rows[known, best]
    if n_lags == 1:
        at_lag[known] = lags[0]
        return at_lag, value
    inside = (best > 0) & (best < n_lags - 1)
    known, best = known[inside], best[inside]
    left, top, right = (rows[known, best + d] for d in (-1, 0, 1))
    bend = left - 2 * top + right
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.where(bend < 0, 0.5 * (left - right) / bend, 0.0)
    clear = np.isfinite(bend)
    at_lag[known[clear]] = (lags[best] + shift * (lags[1] - lags[0]))[clear]
    value[known[clear]] = (top - 0.25 * (left - right) * shift)[clear]
    return at_lag, value
