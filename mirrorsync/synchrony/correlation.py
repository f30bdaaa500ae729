"""Windowed lagged cross-correlation of two series: the grid behind every synchrony score.

A cell (k, lag) is the full Pearson correlation of one window of x with one window of y, `lag` samples apart
(Boker, Rotondo, Xu & King 2002, 10.1037/1082-989x.7.3.338). The products of a lag are summed once in blocks
of gcd(window, step) samples; a window is a sum of neighbouring blocks taken from running sums that start anew
every few windows, so that a cell costs the same whatever the window, and rounding never builds up over a
long series. Series are centred and scaled first, and the few cells in which a large local mean would
still swallow the digits are computed again in two passes.

Sign: a positive lag means **y follows x**, r(x[t], y[t + lag]).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from mirrorsync.errors import SeriesError
from mirrorsync.synchrony.lagged_sums import (
    Framing,
    LagRun,
    lag_runs,
    lagged_sums,
    largest_sum,
    moving_sum,
    strided,
    tiles,
)
from mirrorsync.types import FloatArray

__all__ = ["CorrelationGrid", "Framing", "fisher_z", "flat_level", "window_count", "windowed_correlation"]


Z_LIMIT = 10.0  # atanh is infinite at ±1; rMEA's bound

_EXACT_CELLS = 4096  # cells computed again at a time
_FLAT = 1e-10
_LAST_DIGITS = 64 * float(np.finfo(np.float64).eps)
_DIGITS_LEFT = 1e-6  # a window whose norm is this small beside the sums it was taken from is measured again


@dataclass(frozen=True, slots=True)
class CorrelationGrid:
    """Correlations of every window at every lag.

    Attributes
    ----------
    r : ndarray of float64, shape (n_windows, n_lags)
        Pearson correlation, −1–1; NaN where a window is flat (it varies by rounding errors at most) or its
        coverage lies below the floor.
    lags : ndarray of int64, shape (n_lags,)
        In samples, rising, symmetric about 0; positive: y follows x.
    starts : ndarray of int64, shape (n_windows,)
        First sample of the window at lag 0.
    coverage : ndarray of float64, shape (n_windows, n_lags)
        0–1, share of the window's samples that both series have.
    window : int
        Samples in a window.
    """

    r: FloatArray
    lags: NDArray[np.int64]
    starts: NDArray[np.int64]
    coverage: FloatArray
    window: int

    @property
    def z(self) -> FloatArray:
        """Fisher z of `r`, clipped at ±10."""
        return fisher_z(self.r)


def fisher_z(r: ArrayLike) -> FloatArray:
    """Return atanh(r), clipped at ±10; NaN stays NaN. Fisher (1915), 10.1093/biomet/10.4.507."""
    with np.errstate(divide="ignore"):
        z = np.arctanh(np.asarray(r, dtype=np.float64))
    return np.clip(z, -Z_LIMIT, Z_LIMIT, out=np.atleast_1d(z)).reshape(z.shape)


def window_count(n: int, *, window: int, max_lag: int, step: int) -> int:
    """Return how many whole windows fit into `n` samples, with room for the longest lag (0 if none)."""
    return max(0, (n - window - max_lag) // step + 1)


def windowed_correlation(
    x: ArrayLike,
    y: ArrayLike,
    *,
    window: int,
    max_lag: int,
    step: int,
    lag_step: int = 1,
    framing: Framing = "centred",
    min_coverage: float = 0.6,
) -> CorrelationGrid:
    """Correlate x and y in windows, at every lag from −max_lag to max_lag.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Two series on one clock; NaN where missing.
    window, max_lag, step, lag_step : int
        Length of a window, longest lag each way, and distance between windows and between lags; samples.
    framing : {"centred", "causal", "forward"}
        Where the two windows of a cell lie, for a window that starts at s (lag 0: both there). Exchanging
        x and y mirrors the lags in all three.

        * "centred": x at s − ⌊lag/2⌋, y at s + ⌈lag/2⌉, so that a cell describes the time around the
          window's middle whatever the lag. First s: ⌊max_lag/2⌋.
        * "causal": nothing after s + window is used. lag ≥ 0: r(x[s−lag : s−lag+window], y[s : s+window]);
          lag < 0: x and y in each other's roles. First s: max_lag. What a live meter can do, and wcc's.
        * "forward": nothing before s is used. lag ≥ 0: r(x[s : s+window], y[s+lag : s+lag+window]);
          lag < 0: roles exchanged. First s: 0. rMEA's.
    min_coverage : float
        A cell whose share of samples present in both series is below this is NaN. Cells above it are
        pairwise complete: means and SDs are those of the shared samples.

    Returns
    -------
    CorrelationGrid
        Window k starts at the framing's first s + k·step. No windows when the series are too short.

    Raises
    ------
    SeriesError
        Series that differ in length, are not one-dimensional, or hold infinities; impossible window, step
        or lag.
    """
    x, y = checked_pair(x, y, window=window, max_lag=max_lag, step=step, lag_step=lag_step)
    n_windows = window_count(x.size, window=window, max_lag=max_lag, step=step)
    half = max_lag // lag_step
    lags = np.arange(-half, half + 1, dtype=np.int64) * lag_step
    first = {"centred": max_lag // 2, "causal": max_lag, "forward": 0}[framing]
    starts = first + step * np.arange(n_windows, dtype=np.int64)
    r = np.empty((n_windows, lags.size))
    missing = np.isnan(x) | np.isnan(y)
    gaps = bool(missing.any())
    coverage = np.empty_like(r) if gaps else np.broadcast_to(np.float64(1.0), r.shape)
    if n_windows:
        flat = (flat_level(x), flat_level(y))
        x, y = standardised(x), standardised(y)
        runs = lag_runs(framing, half, lag_step)
        if gaps:
            _fill_with_gaps(x, y, window, step, first, runs, r, coverage, min_coverage, flat)
        else:
            _fill_complete(x, y, window, step, first, runs, r, flat)
    for array in (r, lags, starts, coverage):
        array.flags.writeable = False
    return CorrelationGrid(r=r, lags=lags, starts=starts, coverage=coverage, window=window)


def checked_pair(
    x: ArrayLike, y: ArrayLike, *, window: int, max_lag: int, step: int, lag_step: int
) -> tuple[FloatArray, FloatArray]:
    """Return both series as arrays; SeriesError where they, or the lengths, cannot be used."""
    x = np.ascontiguousarray(x, dtype=np.float64)
    y = np.ascontiguousarray(y, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise SeriesError(
            f"The two series must be one-dimensional and equally long; got shapes {x.shape} and {y.shape}."
        )
    if np.isinf(x).any() or np.isinf(y).any():
        raise SeriesError("The series hold infinite values; mark missing samples as NaN instead.")
    if window < 2 or step < 1 or lag_step < 1 or max_lag < 0:
        raise SeriesError(
            "A window needs 2 samples or more, steps 1 or more, the longest lag 0 or more; got "
            f"window {window}, step {step}, lag step {lag_step}, lag {max_lag}."
        )
    return x, y


def flat_level(v: FloatArray) -> float:
    """Return the SD, in SDs of the whole series, at and below which a window of it is flat.

    Smoothing, resampling, detrending and offsets leave rounding errors where nothing changes; what is left
    varies by some last digits of the largest value (or of one that was subtracted before), and correlates.
    """
    known = v[np.isfinite(v)]
    if known.size < 2:
        return 0.0
    spread = float(known.std())
    largest = float(np.abs(known).max())
    if not spread > 0 or not np.isfinite(spread):
        return _FLAT
    return max(_FLAT, _LAST_DIGITS * largest / spread)


def standardised(v: FloatArray) -> FloatArray:
    """Return v with mean 0 and SD 1 over its finite values: correlation does not change, rounding does."""
    if np.isnan(v).all():
        return v
    low, high = np.nanmin(v), np.nanmax(v)
    if low == high:
        return v - low
    v = (v - (low + (high - low) / 2)) / (high / 2 - low / 2)  # first to ±1, so that no square overflows
    v -= np.nanmean(v)
    return v / np.nanstd(v)


def _moments(v: FloatArray, window: int, flat: float) -> tuple[FloatArray, FloatArray]:
    """Return mean / norm and 1 / norm of every window of complete v; 1 / norm is NaN where it is flat.

    norm = √Σ(v − mean)². Windows that hardly move, beside what lies around them, are measured in two passes.
    """
    mean = moving_sum(v, window) / window
    power = moving_sum(v * v, window)
    squares = power - window * mean * mean
    around = power.copy()
    around[window:] = np.maximum(around[window:], power[:-window])
    around[:-window] = np.maximum(around[:-window], power[window:])
    ill = np.flatnonzero(squares <= _DIGITS_LEFT * around)
    windows = sliding_window_view(v, window)
    for at in range(0, ill.size, _EXACT_CELLS):
        rows = ill[at : at + _EXACT_CELLS]
        mean[rows], squares[rows] = _two_pass(windows[rows])
    with np.errstate(divide="ignore"):
        inverse = np.where(squares > window * flat**2, 1 / np.sqrt(squares), np.nan)
    return mean * inverse, inverse


def _two_pass(rows: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean and Σ(v − mean)² of each row; exactly 0 for a constant row."""
    mean = rows.mean(axis=1)
    squares = ((rows - mean[:, None]) ** 2).sum(axis=1)
    squares[rows.min(axis=1) == rows.max(axis=1)] = 0
    return mean, squares


def _fill_complete(
    x: FloatArray,
    y: FloatArray,
    window: int,
    step: int,
    first: int,
    runs: list[LagRun],
    r: FloatArray,
    flat: tuple[float, float],
) -> None:
    """Fill r; both series are complete, so that means and SDs depend on each window alone."""
    ratio_x, inverse_x = _moments(x, window, flat[0])
    ratio_y, inverse_y = _moments(y, window, flat[1])
    steepest = np.nanmax(inverse_x, initial=0.0) * np.nanmax(inverse_y, initial=0.0)
    ratio_x = ratio_x * window
    for run in runs:
        for k0, k1 in tiles(r.shape[0], run.count, window, step):
            start = first + k0 * step
            shape = (k1 - k0, run.count)
            at_x, steps_x = start + run.x_at, (step, run.x_step)
            at_y, steps_y = start + run.y_at, (step, run.y_step)
            scale_x, scale_y = (
                strided(inverse_x, at_x, shape, steps_x),
                strided(inverse_y, at_y, shape, steps_y),
            )
            cells = lagged_sums(x, y, window, step, start, k1 - k0, run)
            cells *= scale_x
            cells *= scale_y
            cells -= strided(ratio_x, at_x, shape, steps_x) * strided(ratio_y, at_y, shape, steps_y)
            largest = largest_sum(x, y, window, step, start, k1 - k0, run)
            if steepest * largest * _DIGITS_LEFT > 1:
                ill = scale_x * scale_y * (largest * _DIGITS_LEFT) > 1
                _mend(x, y, window, step, start, run, cells, ill, flat)
            np.clip(cells, -1.0, 1.0, out=r[k0:k1, run.columns])


def _fill_with_gaps(
    x: FloatArray,
    y: FloatArray,
    window: int,
    step: int,
    first: int,
    runs: list[LagRun],
    r: FloatArray,
    coverage: FloatArray,
    min_coverage: float,
    flat: tuple[float, float],
) -> None:
    """Fill r and coverage, pairwise complete: every sum runs over the samples both series have."""
    has_x, has_y = np.isfinite(x).astype(np.float64), np.isfinite(y).astype(np.float64)
    x0, y0 = np.nan_to_num(x), np.nan_to_num(y)
    moves_x, moves_y = moving_windows(x, window), moving_windows(y, window)
    factors = ((has_x, has_y), (x0, has_y), (has_x, y0), (x0 * x0, has_y), (has_x, y0 * y0), (x0, y0))
    for run in runs:
        for k0, k1 in tiles(r.shape[0], run.count, window, step):
            start, n = first + k0 * step, k1 - k0
            shape = (n, run.count)
            moves = strided(moves_x, start + run.x_at, shape, (step, run.x_step)) & strided(
                moves_y, start + run.y_at, shape, (step, run.y_step)
            )
            both, sum_x, sum_y, sum_xx, sum_yy, sum_xy = (
                lagged_sums(u, v, window, step, start, n, run) for u, v in factors
            )
            share = both / window
            enough = (share >= min_coverage) & (both > 1.5)
            with np.errstate(divide="ignore", invalid="ignore"):
                squares_x = sum_xx - sum_x * sum_x / both
                squares_y = sum_yy - sum_y * sum_y / both
                cells = (sum_xy - sum_x * sum_y / both) / np.sqrt(squares_x * squares_y)
            cells[~(enough & moves)] = np.nan
            largest_x = largest_sum(x0, x0, window, step, start, n, run)
            largest_y = largest_sum(y0, y0, window, step, start, n, run)
            ill = (squares_x <= _DIGITS_LEFT * largest_x) | (squares_y <= _DIGITS_LEFT * largest_y)
            _mend(x, y, window, step, start, run, cells, ill & enough & moves, flat)
            np.clip(cells, -1.0, 1.0, out=r[k0:k1, run.columns])
            coverage[k0:k1, run.columns] = share


def moving_windows(v: FloatArray, window: int) -> NDArray[np.bool_]:
    """Return for every window of v whether its finite values differ; the others need no second look."""
    known = np.isfinite(v)
    last = np.maximum.accumulate(np.where(known, np.arange(v.size), -1))
    before = np.concatenate([[-1], last[:-1]])
    differs = known & (before >= 0) & (v != v[before])
    changes = np.concatenate([[0], np.cumsum(differs)])
    # The first finite value of a window may differ from one before the window: that is no change in it.
    following = np.minimum.accumulate(np.where(known, np.arange(v.size), v.size)[::-1])[::-1]
    starts = np.minimum(following[: v.size - window + 1] + 1, np.arange(window, v.size + 1))
    moves: NDArray[np.bool_] = changes[window:] > changes[starts]
    return moves


def _mend(
    x: FloatArray,
    y: FloatArray,
    window: int,
    step: int,
    start: int,
    run: LagRun,
    cells: FloatArray,
    ill: NDArray[np.bool_],
    flat: tuple[float, float],
) -> None:
    """Compute the `ill` cells again in two passes over their own samples."""
    windows_x, windows_y = sliding_window_view(x, window), sliding_window_view(y, window)
    rows, columns = np.nonzero(ill)
    for at in range(0, rows.size, _EXACT_CELLS):
        k, c = rows[at : at + _EXACT_CELLS], columns[at : at + _EXACT_CELLS]
        wx = windows_x[start + k * step + run.x_at + c * run.x_step]
        wy = windows_y[start + k * step + run.y_at + c * run.y_step]
        cells[k, c] = _pairwise(wx, wy, flat)


def _pairwise(wx: FloatArray, wy: FloatArray, flat: tuple[float, float]) -> FloatArray:
    """Return the correlation of each row of wx with that of wy over the samples both have; NaN where flat."""
    both = np.isfinite(wx) & np.isfinite(wy)
    count = both.sum(axis=1)
    norms = []
    centred = []
    for rows, least in ((wx, flat[0]), (wy, flat[1])):
        rows = np.where(both, rows, np.nan)
        deviation = np.where(both, rows - (np.nansum(rows, axis=1) / count)[:, None], 0.0)
        norm = np.sqrt((deviation**2).sum(axis=1))
        norms.append(np.where(norm <= least * np.sqrt(count), np.nan, norm))
        centred.append(deviation)
    r: FloatArray = (centred[0] * centred[1]).sum(axis=1) / (norms[0] * norms[1])
    return r
