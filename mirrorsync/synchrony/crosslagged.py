"""Windowed cross-lagged regression: does A's movement say more about B's than B's own past does?

In each window the follower is regressed on its own past and on the other's movement `lag` earlier; the gain
is what the other adds to R² (Altmann 2011, 10.1007/978-3-642-25775-9_31). Smooth series agree with themselves
and so, by accident, with each other; what their own past already explains is taken out here, which makes
this the measure that autocorrelation cannot inflate.

Altmann conditions on the follower's own value at the same lag. Between that moment and now the follower's own
movement is left unexplained, and at lags beyond one sample accidents come back; so the last sample
is the default here and the same lag is offered for comparison.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mirrorsync.errors import SeriesError
from mirrorsync.synchrony.correlation import checked_pair, moving_windows, standardised, window_count
from mirrorsync.synchrony.lagged_sums import LagRun, lagged_sums, largest_sum, strided, tiles
from mirrorsync.types import FloatArray

__all__ = ["CrossLagged", "cross_lagged"]

OwnPast = Literal["last", "same_lag"]

_FEWEST = 4.0  # samples: three always lie in a plane
_EXPLAINED = 1e-9  # a share of variance this small is none
_DIGITS_LEFT = 1e-7  # what is this small beside the sums it was taken from is summed again from deviations
_EXACT_CELLS = 1024  # at a time


@dataclass(frozen=True, slots=True)
class CrossLagged:
    """Gains of every window at every lag.

    Attributes
    ----------
    gain : ndarray, shape (n_windows, n_lags)
        0–1, R² with the other person minus R² with the own past alone; NaN where a window stands still, is
        explained fully by its own past, or has too little data, and where the other's is explained fully by
        that past, so that the two cannot be told apart.
    partial_r : ndarray, shape (n_windows, n_lags)
        −1–1, correlation of the two with the own past taken out.
    lags : ndarray of int64, shape (n_lags,)
        Samples; without 0, at which nobody is first. Positive: B on A's past, B follows.
    starts : ndarray of int64, shape (n_windows,)
        First sample of the follower's window.
    a_leads, b_leads : float
        Mean gain over windows at positive and at negative lags.
    """

    gain: FloatArray
    partial_r: FloatArray
    lags: NDArray[np.int64]
    starts: NDArray[np.int64]
    a_leads: float
    b_leads: float


def cross_lagged(
    a: ArrayLike,
    b: ArrayLike,
    *,
    window: int,
    max_lag: int,
    step: int,
    own_past: OwnPast = "last",
    min_coverage: float = 0.6,
) -> CrossLagged:
    """Regress each person's windows on their own past and the other's, at every lag.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        Series of A and B on one clock; NaN where missing.
    window, max_lag, step : int
        Length of the window, longest lag (1 or more), distance between windows; samples.
    own_past : {"last", "same_lag"}
        The follower's own value that is taken out: one sample earlier, or `lag` earlier (Altmann).
    min_coverage : float
        Share of a window's samples in which follower and other must be there. Both regressions run over
        those of them alone that have the own past too (listwise).

    Raises
    ------
    SeriesError
        Series that differ in length, or an impossible window, step or lag.
    """
    if max_lag < 1:
        raise SeriesError("Cross-lagged regression needs a lag of one sample or more.")
    a, b = checked_pair(a, b, window=window, max_lag=max_lag, step=step, lag_step=1)
    *follows, starts = _partial(a, b, window, max_lag, step, own_past, min_coverage)
    *leads, _ = _partial(b, a, window, max_lag, step, own_past, min_coverage)
    partial_r, gain = (
        np.concatenate([back[:, ::-1], there], axis=1) for back, there in zip(leads, follows, strict=True)
    )
    lags = np.concatenate([np.arange(-max_lag, 0), np.arange(1, max_lag + 1)]).astype(np.int64)
    return CrossLagged(
        gain=gain,
        partial_r=partial_r,
        lags=lags,
        starts=starts,
        a_leads=_mean(gain[:, max_lag:]),
        b_leads=_mean(gain[:, :max_lag]),
    )


def _partial(
    leader: FloatArray,
    follower: FloatArray,
    window: int,
    max_lag: int,
    step: int,
    own_past: OwnPast,
    floor: float,
) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
    """Return partial r and gain at lags 1 … max_lag, (n_windows, max_lag) each, and where windows start.

    Of the follower's window y, its own past p and the leader's window x, all over the samples that all three
    have, x gains s_yx·p² / (s_xx·p s_yy), where s_·p are sums of products of what p leaves unexplained.
    """
    n_windows = window_count(leader.size, window=window, max_lag=max_lag, step=step)
    starts = max_lag + step * np.arange(n_windows, dtype=np.int64)
    partial, gain = np.full((2, n_windows, max_lag), np.nan)
    if not n_windows:
        return partial, gain, starts
    x, y = standardised(leader), standardised(follower)
    factors = _factors(x, y, own_past)
    moves_x, moves_y = moving_windows(x, window), moving_windows(y, window)
    run = LagRun(slice(None), -max_lag, 1, 0, 0, max_lag)  # column c is lag max_lag − c
    for k0, k1 in tiles(n_windows, max_lag, window, step):
        start, n = max_lag + k0 * step, k1 - k0
        both, *found = (lagged_sums(u, v, window, step, start, n, run) for u, v in factors)
        cells = np.array(found)
        count = cells[0]
        moves = strided(moves_x, start - max_lag, count.shape, (step, 1))
        moves = moves & strided(moves_y, start, count.shape, (step, 0))
        usable = moves & (both / window >= floor) & (count > _FEWEST - 0.5)
        sums = _centred(cells)
        _, _, rest_xx, rest_yy = _without_past(sums)
        largest_x, largest_y = (
            largest_sum(v, v, window, step, start, n, run) for v in (np.nan_to_num(x), np.nan_to_num(y))
        )
        ill = usable & ~((rest_xx > _DIGITS_LEFT * largest_x) & (rest_yy > _DIGITS_LEFT * largest_y))
        rows, columns = np.nonzero(ill)
        for at in range(0, rows.size, _EXACT_CELLS):
            k, c = rows[at : at + _EXACT_CELLS], columns[at : at + _EXACT_CELLS]
            sums[:, k, c] = _exact(x, y, window, start + k * step, max_lag - c, own_past)
        partial[k0:k1], gain[k0:k1] = _regressed(sums, usable)
    return partial[:, ::-1], gain[:, ::-1], starts


def _factors(x: FloatArray, y: FloatArray, own_past: OwnPast) -> list[tuple[FloatArray, FloatArray]]:
    """Return what to multiply, `lag` earlier and now: for the number of samples with x and y, and for sums.

    These are sums of 1, x, y, p, xx, yy, pp, xy, xp and yp; all ten are 0 where one of the three is missing,
    so that they run over the same samples.
    """
    has_x, has_y = np.isfinite(x).astype(np.float64), np.isfinite(y).astype(np.float64)
    x, y = np.nan_to_num(x), np.nan_to_num(y)
    if own_past == "last":  # p belongs to now
        own = has_y * np.concatenate([[0.0], has_y[:-1]])
        y, p = own * y, own * np.concatenate([[0.0], y[:-1]])
        return [
            (has_x, has_y), (has_x, own), (x, own), (has_x, y), (has_x, p), (x * x, own), (has_x, y * y),
            (has_x, p * p), (x, y), (x, p), (has_x, y * p),
        ]  # fmt: skip
    both = has_x * has_y  # p belongs to x, earlier
    x, p = both * x, both * y
    return [
        (has_x, has_y), (both, has_y), (x, has_y), (both, y), (p, has_y), (x * x, has_y), (both, y * y),
        (p * p, has_y), (x, y), (x * p, has_y), (p, y),
    ]  # fmt: skip


def _centred(cells: FloatArray) -> FloatArray:
    """Return sums of products of deviations, xx, yy, pp, xy, xp, yp, of the ten sums of `_factors`."""
    count, x, y, p = cells[:4]
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.array([x * x, y * y, p * p, x * y, x * p, y * p]) / count
        sums: FloatArray = cells[4:] - means
    return sums


def _exact(
    x: FloatArray,
    y: FloatArray,
    window: int,
    starts: NDArray[np.int64],
    lags: NDArray[np.int64],
    own_past: OwnPast,
) -> FloatArray:
    """Return the same sums of single cells, (6, n), in two passes over their samples; 0 for what is still."""
    back = np.ones_like(lags) if own_past == "last" else lags
    every = np.arange(window)
    at = [(starts - shift)[:, None] + every for shift in (lags, np.zeros_like(lags), back)]
    three = np.array([x[at[0]], y[at[1]], y[at[2]]])
    there = np.isfinite(three).all(axis=0)
    three = np.where(there, three, np.nan)
    still = np.nanmax(three, axis=2) == np.nanmin(three, axis=2)
    away = np.where(there, three - np.nanmean(three, axis=2, keepdims=True), 0.0)
    away[still] = 0.0
    dx, dy, dp = away
    products = [(u * v).sum(axis=1) for u, v in ((dx, dx), (dy, dy), (dp, dp), (dx, dy), (dx, dp), (dy, dp))]
    return np.array(products)


def _without_past(sums: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return s_yy, and s_xy, s_xx and s_yy of what is left when p is taken out."""
    xx, yy, pp, xy, xp, yp = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        return yy, xy - xp * yp / pp, xx - xp * xp / pp, yy - yp * yp / pp


def _regressed(sums: FloatArray, usable: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """Return partial r and gain; NaN where y or x is explained by p alone, or moves in nothing."""
    yy, rest_xy, rest_xx, rest_yy = _without_past(sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        open_x, open_y = rest_xx / sums[0] > _EXPLAINED, rest_yy / yy > _EXPLAINED
        told = usable & open_x & open_y
        partial = np.where(told, rest_xy / np.sqrt(np.where(told, rest_xx * rest_yy, np.nan)), np.nan)
        gain = np.where(told, rest_xy**2 / (rest_xx * yy), np.nan)
    return np.clip(partial, -1.0, 1.0), np.clip(gain, 0.0, 1.0)


def _mean(values: FloatArray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if finite.size else float("nan")
