"""Motion-energy synchrony as R's rMEA defines it (Kleinbub & Ramseyer 2020, 10.1080/10503307.2020.1844334).

Windows of `window_s` start every `step_s`; window k covers the samples k·inc … k·inc + win + lag, and at lag
L ≥ 0 compares its first `win` samples of A with B's from L on, at L < 0 the two in each other's roles. The
score of a cell is Fisher's z, clipped at ±10. Positive lags: A leads, in rMEA ("s1_lead") and here.

Equal to rMEA 1.2.2 on complete series. Not copied from it: after windows with too many missing values its
table of windows is misaligned; smoothing turns missing samples into zeros; a window compared with an
identical one is reported as missing. Here a cell below half coverage is NaN where it stands, missing samples
stay missing, and identical windows have z = 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from mirrorsync.errors import SeriesError
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.types import FloatArray

__all__ = ["RmeaResult", "moving_average", "rmea", "scale_by_sd"]

_ROWS = 1 << 16  # windows summed at a time


@dataclass(frozen=True, slots=True)
class RmeaResult:
    """What `MEAccf` reports, in seconds and in its own order of lags (rising; positive: A leads).

    Attributes
    ----------
    z : ndarray, shape (n_windows, n_lags)
        Fisher z of every cell, absolute when that was asked for.
    lags_s, starts_s : ndarray, shape (n_lags,) and (n_windows,)
        Seconds.
    all_lags, lag_zero, a_leads, b_leads : ndarray, shape (n_windows,)
        Means of each window over all lags, at lag 0, over positive and over negative lags.
    best_lag_s : ndarray, shape (n_windows,)
        Lag of each window's largest value, not interpolated.
    grand_average, lag_zero_mean, a_leads_mean, b_leads_mean : float
        `grand_average` is the mean of all cells, the others means over windows.
    """

    z: FloatArray
    lags_s: FloatArray
    starts_s: FloatArray
    all_lags: FloatArray
    lag_zero: FloatArray
    a_leads: FloatArray
    b_leads: FloatArray
    best_lag_s: FloatArray
    grand_average: float
    lag_zero_mean: float
    a_leads_mean: float
    b_leads_mean: float


def rmea(
    a: ArrayLike,
    b: ArrayLike,
    *,
    rate_hz: float,
    lag_s: float = 5.0,
    window_s: float = 60.0,
    step_s: float = 30.0,
    absolute: bool = True,
) -> RmeaResult:
    """Correlate two series of motion energy as `MEAccf(mea, lagSec, winSec, incSec, r2Z = TRUE, ABS)` does.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        Motion energy of A and B at `rate_hz`; NaN where missing. rMEA's customary preparation is
        `scale_by_sd(moving_average(x, ...))`.
    lag_s, window_s, step_s : float
        Longest lag each way, length of a window, distance between windows; seconds, rounded to samples.
    absolute : bool
        Whether |z| is averaged (rMEA's default).

    Raises
    ------
    SeriesError
        Not one window with its lags fits into the series.
    """
    window, lag, step = (round(seconds * rate_hz) for seconds in (window_s, lag_s, step_s))
    grid = windowed_correlation(
        a, b, window=window, max_lag=lag, step=step, framing="forward", min_coverage=0.5
    )
    if not grid.starts.size:
        raise SeriesError(
            f"The series last {np.size(a) / rate_hz:g} s, but one window with its lags takes "
            f"{(window + lag) / rate_hz:g} s; choose a shorter window or lag."
        )
    z = np.abs(grid.z) if absolute else grid.z
    best = np.full(z.shape[0], np.nan)
    known = np.isfinite(z).any(axis=1)
    best[known] = grid.lags[np.nanargmax(z[known], axis=1)] / rate_hz
    all_lags, lag_zero = _row_means(z), z[:, lag]
    a_leads, b_leads = _row_means(z[:, lag + 1 :]), _row_means(z[:, :lag])
    return RmeaResult(
        z=z,
        lags_s=grid.lags / rate_hz,
        starts_s=grid.starts / rate_hz,
        all_lags=all_lags,
        lag_zero=lag_zero,
        a_leads=a_leads,
        b_leads=b_leads,
        best_lag_s=best,
        grand_average=_mean(z),
        lag_zero_mean=_mean(lag_zero),
        a_leads_mean=_mean(a_leads),
        b_leads_mean=_mean(b_leads),
    )


def moving_average(x: ArrayLike, *, rate_hz: float, window_s: float = 0.5) -> FloatArray:
    """Smooth as `MEAsmooth` does: sum x from t − (n − 1)/2 on, in whole steps; divide by n = window_s·rate.

    For 0.5 s at 25 Hz these are the 12 samples t − 6 … t + 5, divided by 12.5. Windows cut off by the start
    are summed as they are; those cut off by the end give 0, as in rMEA, so that the last samples are zeros.
    A window that holds a missing sample gives NaN (rMEA: 0). Sums are exact where the samples are whole
    numbers: zeros stay zeros.
    """
    x = np.asarray(x, dtype=np.float64)
    n = window_s * rate_hz
    if n < 1:
        raise SeriesError("The smoothing window must span at least one sample; choose a longer one.")
    half = (n - 1) / 2
    t = np.arange(1, x.size + 1, dtype=np.float64)  # R counts from 1 and cuts off fractions of an index
    cut = t - half < 1
    first = np.where(cut, 1, np.floor(t - half)).astype(np.intp)
    last = np.where(cut, np.floor(t + half), np.floor(t - half + floor(n - 1 + 1e-10))).astype(np.intp)
    whole = last <= x.size
    smooth = np.zeros(x.size)
    # Each window is summed by itself: a running sum would leave rounding where the sum is exactly 0.
    inner = np.flatnonzero(whole & ~cut)
    if inner.size:
        width = int(last[inner[0]] - first[inner[0]]) + 1
        windows = sliding_window_view(x, width)
        for at in range(0, inner.size, _ROWS):
            rows = inner[at : at + _ROWS]
            smooth[rows] = windows[first[rows] - 1].sum(axis=1) / n
    for k in np.flatnonzero(whole & cut).tolist():
        smooth[k] = x[first[k] - 1 : last[k]].sum() / n
    return smooth


def scale_by_sd(x: ArrayLike) -> FloatArray:
    """Divide by the sample SD (divisor n − 1) of the values present, without centring, as `MEAscale` does."""
    x = np.asarray(x, dtype=np.float64)
    spread = float(np.nanstd(x, ddof=1)) if np.isfinite(x).sum() > 1 else 0.0
    if not spread > 0:
        raise SeriesError("A series that does not change cannot be scaled by its SD; leave the scaling out.")
    scaled: FloatArray = x / spread
    return scaled


def _mean(values: FloatArray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if finite.size else float("nan")


def _row_means(z: FloatArray) -> FloatArray:
    finite = np.isfinite(z)
    with np.errstate(invalid="ignore"):
        means: FloatArray = np.where(finite, z, 0.0).sum(axis=1) / finite.sum(axis=1)
    return means
