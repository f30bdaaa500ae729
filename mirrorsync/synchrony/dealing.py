"""One person's windows dealt out to the other's: the profiles that segment surrogates are scored by."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from mirrorsync.synchrony.correlation import fisher_z, flat_level
from mirrorsync.synchrony.peaks import mean_over_windows
from mirrorsync.types import FloatArray

__all__ = ["dealt_profiles"]

_ROWS = 256  # of A's windows at a time: two hours hold 1440


def dealt_profiles(
    a: FloatArray,
    b: FloatArray,
    window: int,
    lag: int,
    min_coverage: float,
    windows: NDArray[np.intp],
    deals: NDArray[np.int64],
) -> tuple[FloatArray, FloatArray]:
    """Return, for each deal of B's windows to A's, the mean z and the mean |z| at each lag.

    At each lag all of A's windows, some hundred at a time, meet all of B's in one product of matrices; a deal
    then picks one cell of each row.

    Parameters
    ----------
    a, b : ndarray, shape (n_samples, n_signals)
        NaN where missing.
    window, lag : int
        Samples in a window, and the longest lag each way.
    min_coverage : float
        Share of a window's samples that both must have.
    windows : ndarray, shape (n_windows,)
        Which windows of the centred framing are dealt, by their number.
    deals : ndarray, shape (n, n_windows)
        For each of A's `windows` which of B's it meets, by its place in `windows`.

    Returns
    -------
    ndarray, ndarray, each of shape (n, n_lags)
    """
    n_windows = windows.size
    starts = lag // 2 + window * windows  # those of the centred framing
    lags = range(-lag, lag + 1)
    profiles = np.empty((len(deals), len(lags)))
    magnitudes = np.empty_like(profiles)
    flat = [(_flat_norm(a[:, k], window), _flat_norm(b[:, k], window)) for k in range(a.shape[1])]
    for c, shift in enumerate(lags):
        at_a, at_b = starts - shift // 2, starts - shift // 2 + shift
        total, size, count = np.zeros((3, len(deals)))
        for first in range(0, n_windows, _ROWS):
            rows = np.arange(first, min(first + _ROWS, n_windows))
            tables = [
                fisher_z(_all_pairs(a[:, k], b[:, k], at_a[rows], at_b, window, min_coverage, flat[k]))
                for k in range(a.shape[1])
            ]
            z = tables[0] if len(tables) == 1 else mean_over_windows(np.stack(tables))
            dealt = z.ravel()[(rows - first) * n_windows + deals[:, rows]]
            count += np.isfinite(dealt).sum(axis=1)
            dealt = np.nan_to_num(dealt)
            total += dealt.sum(axis=1)
            size += np.abs(dealt).sum(axis=1)
        with np.errstate(invalid="ignore"):
            profiles[:, c] = total / count
            magnitudes[:, c] = size / count
    return profiles, magnitudes


def _flat_norm(v: FloatArray, window: int) -> float:
    """Return the norm at and below which a window of v is flat."""
    known = v[np.isfinite(v)]
    return flat_level(v) * float(known.std()) * window**0.5 if known.size else 0.0


def _all_pairs(
    x: FloatArray,
    y: FloatArray,
    at_x: NDArray[np.int64],
    at_y: NDArray[np.int64],
    window: int,
    floor: float,
    flat: tuple[float, float],
) -> FloatArray:
    """Return r of every window of x (rows) with every window of y, NaN where flat or below the floor.

    `flat` are the norms of x and y at and below which a window is flat.
    """
    wx, wy = sliding_window_view(x, window)[at_x], sliding_window_view(y, window)[at_y]
    has_x, has_y = np.isfinite(wx), np.isfinite(wy)
    if has_x.all() and has_y.all():
        return np.clip(_unit(wx, flat[0]) @ _unit(wy, flat[1]).T, -1.0, 1.0)
    mask_x, mask_y = has_x.astype(np.float64), has_y.astype(np.float64)
    wx, wy = _centred(wx, has_x), _centred(wy, has_y)
    both = mask_x @ mask_y.T
    with np.errstate(divide="ignore", invalid="ignore"):
        sum_x, sum_y = wx @ mask_y.T, mask_x @ wy.T
        squares_x = (wx**2) @ mask_y.T - sum_x**2 / both
        squares_y = mask_x @ (wy**2).T - sum_y**2 / both
        moves_x = squares_x > np.maximum(1e-12 * (wx**2).sum(axis=1)[:, None], flat[0] ** 2)
        moves_y = squares_y > np.maximum(1e-12 * (wy**2).sum(axis=1), flat[1] ** 2)
        moves = moves_x & moves_y
        r = (wx @ wy.T - sum_x * sum_y / both) / np.sqrt(squares_x * squares_y)
    return np.where(moves & (both >= floor * window), np.clip(r, -1.0, 1.0), np.nan)


def _centred(rows: FloatArray, there: NDArray[np.bool_]) -> FloatArray:
    """Return each row minus its mean over the samples that are there, 0 for the others."""
    total = np.where(there, rows, 0.0).sum(axis=1, keepdims=True)
    mean = total / np.maximum(there.sum(axis=1, keepdims=True), 1)
    return np.where(there, rows - mean, 0.0)


def _unit(rows: FloatArray, flat: float) -> FloatArray:
    """Return each row centred and of norm 1; NaN where it is flat."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    norm = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    norm[norm <= flat] = np.nan
    unit: FloatArray = centred / norm
    return unit
