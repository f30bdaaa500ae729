"""Windowed cross-correlation with peak picking as R's wcc (Boker et al. 2002, 10.1037/1082-989x.7.3.338).

The base window of row k ends, counting samples from 1, at wMax + tMax + k·wInc; the other series' window lies
up to tMax earlier. Each row is smoothed by a local quadratic fit (loess, span 0.25), drawn out by a cubic
spline to twice the number of lags, and searched outward from lag 0 for the nearest peak.

Sign: wcc's right-hand columns are series 2 leading; here lags are ours, positive: A (series 1) leads.

Equal to wcc 0.4.1. Kept from it: the last window that would still fit is not scored when the series fits
exactly (n_rows is rounded down without adding one).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mirrorsync.errors import SeriesError
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.synchrony.loess import loess_then_spline
from mirrorsync.types import FloatArray

__all__ = ["WccResult", "pick_peaks", "wcc"]


@dataclass(frozen=True, slots=True)
class WccResult:
    """What `wccCalc` and `wccPeakPick` report, with our sign of lag.

    Attributes
    ----------
    r : ndarray, shape (n_rows, n_lags)
        Correlations; 0 where a window is flat, as in wcc; NaN where it has gaps.
    lags_s : ndarray, shape (n_lags,)
        Seconds, rising; positive: A leads.
    ends_s : ndarray, shape (n_rows,)
        End of each row's base window, seconds.
    profile : ndarray, shape (n_lags,)
        Mean over rows.
    peak_lag_s, peak_value : ndarray, shape (n_rows,)
        The peak nearest to lag 0 of each smoothed row; NaN where the search ran into the end of the lags
        or the row has missing cells.
    mean, zero_lag_mean : float
        Mean of all cells, and of those at lag 0.
    """

    r: FloatArray
    lags_s: FloatArray
    ends_s: FloatArray
    profile: FloatArray
    peak_lag_s: FloatArray
    peak_value: FloatArray
    mean: float
    zero_lag_mean: float


def wcc(
    a: ArrayLike,
    b: ArrayLike,
    *,
    rate_hz: float,
    window_s: float = 10.0,
    lag_s: float = 5.0,
    step_s: float = 1.0,
    lag_step_s: float | None = None,
    search: int = 8,
    span: float = 0.25,
) -> WccResult:
    """Correlate two series as `wccCalc(wMax, tMax, wInc, tInc)` and pick peaks as `wccPeakPick` does.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        Series of A and B at `rate_hz`; NaN where missing (a window with a missing sample is NaN).
    window_s, lag_s, step_s : float
        wMax, tMax and wInc in seconds, rounded to samples.
    lag_step_s : float, optional
        tInc in seconds; one sample by default.
    search : int
        How many points of the doubled grid must lie below a candidate before it counts as a peak (Lsize).
    span : float
        Share of the lags in each local fit of the smoother (pspan).

    Raises
    ------
    SeriesError
        Not one row fits into the series, or there are too few lags for `search`.
    """
    window, lag, step = (round(seconds * rate_hz) for seconds in (window_s, lag_s, step_s))
    pace = 1 if lag_step_s is None else max(1, round(lag_step_s * rate_hz))
    grid = windowed_correlation(
        a, b, window=window, max_lag=lag, step=step, lag_step=pace, framing="causal", min_coverage=1.0
    )
    n_rows = (np.size(a) - window - lag) // step
    if n_rows < 1:
        raise SeriesError(
            f"The series last {np.size(a) / rate_hz:g} s, but a row takes more than "
            f"{(window + lag + step) / rate_hz:g} s; choose a shorter window or lag."
        )
    # wcc writes 0 where a window does not vary, and counts it.
    r = np.where(np.isnan(grid.r) & (grid.coverage >= 1.0), 0.0, grid.r)[:n_rows]
    peak, value = pick_peaks(r[:, ::-1], search=search, span=span)  # in wcc's order of columns
    finite = np.isfinite(r)
    with np.errstate(invalid="ignore"):
        profile = np.where(finite, r, 0.0).sum(axis=0) / finite.sum(axis=0)
        mean = np.where(finite, r, 0.0).sum() / finite.sum()
    return WccResult(
        r=r,
        lags_s=grid.lags / rate_hz,
        ends_s=(grid.starts[:n_rows] + window) / rate_hz,
        profile=profile,
        peak_lag_s=-peak * pace / rate_hz,
        peak_value=value,
        mean=float(mean),
        zero_lag_mean=float(profile[grid.lags.size // 2]),
    )


def pick_peaks(rows: ArrayLike, *, search: int = 8, span: float = 0.25) -> tuple[FloatArray, FloatArray]:
    """Return, for each row, the column offset (from the middle, in steps of ½) and value of its peak.

    A row is smoothed, then the region around its middle grows by one point of the doubled grid each way; a
    maximum that stays the largest for `search` steps is the peak. NaN where that maximum lies within
    `search` points of the border, and for rows with missing cells.

    Parameters
    ----------
    rows : array_like, shape (n_rows, n_lags)
        n_lags odd.
    """
    rows = np.asarray(rows, dtype=np.float64)
    n_lags = rows.shape[1]
    if not 1 <= search <= n_lags // 2:
        raise SeriesError(
            f"Peaks are searched over {search} points, but there are only {n_lags} lags; choose a longer lag."
        )
    offset, value = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    complete = np.flatnonzero(np.isfinite(rows).all(axis=1))
    smooth = rows[complete] @ loess_then_spline(n_lags, span).T
    for row, curve in zip(complete, smooth, strict=True):
        place = _nearest_peak(curve, search)
        if abs(place) <= n_lags - search - 1:
            offset[row], value[row] = place / 2, curve[n_lags - 1 + place]
    return offset, value


def _nearest_peak(curve: FloatArray, search: int) -> int:
    """Return the place, from the middle, of the maximum that first stays largest for `search` steps."""
    middle = curve.size // 2
    reached = np.maximum(
        np.maximum.accumulate(curve[middle:]), np.maximum.accumulate(curve[middle::-1])
    )  # the largest value within j points of the middle
    since = 0
    width = middle
    for j in range(2, middle + 1):
        since = 0 if reached[j] > reached[j - 1] else since + 1
        if since >= search:
            width = j
            break
    region = curve[middle - width : middle + width + 1]
    return int(np.argmax(region)) - width
