"""Windowed lagged cross-correlation as a stream: constant time and memory a tick.

The same numbers as `windowed_correlation(..., framing="causal")`, whatever the window and however long the
session. At every step the products of the newest block are added to running sums and those of the block
that leaves the window are taken away. Beside the true pair, B's past, shifted by fixed delays longer than
any lag that is looked at, gives what chance would score.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mirrorsync.types import FloatArray

__all__ = ["StreamingCorrelation"]


class StreamingCorrelation:
    """Lagged correlations of several signals of A with the same signals of B, now and at delays.

    Parameters
    ----------
    n_signals : int
        How many signals.
    window, max_lag, step : int
        In ticks; `window` is rounded to whole steps.
    delays : sequence of int
        Ticks by which B is shifted into its past; 0, the true pair, comes first.
    min_coverage : float
        Below this share of complete pairs in a window its correlation is NaN.

    Notes
    -----
    Lag L ≥ 0 (B follows A) is r(x[t−L], y[t−d]) over the t of the window, L < 0 is r(x[t], y[t−d−|L|]);
    all windows end now, so that no future is used. Every `window` ticks the sums are replaced by freshly
    added ones, so rounding does not grow with the length of the session.
    """

    def __init__(
        self, *, n_signals: int, window: int, max_lag: int, step: int, delays: tuple[int, ...] = (0,),
        min_coverage: float = 0.6,
    ) -> None:  # fmt: skip
        self.step = max(step, 1)
        self.n_blocks = max(round(window / self.step), 1)
        self.window = self.n_blocks * self.step
        self.max_lag = max_lag
        self.lags = np.arange(-max_lag, max_lag + 1)
        self.delays = delays
        self._need = max(min_coverage * self.window, 3.0)
        reach = max(delays) + max_lag + self.step
        self._history = reach + self.window
        # powers[0] mask, [1] value, [2] square; a doubled ring so that any stretch is contiguous
        self._x = np.zeros((3, n_signals, 2 * self._history))
        self._y = np.zeros((3, n_signals, 2 * self._history))
        # Sums of x^p · y^q in the layouts in which the matrix products make them, see _products
        n_delays = len(delays)
        shapes = (3, n_signals, max_lag + 1, 3 * n_delays), (3, n_signals, n_delays * max_lag, 3)
        self._sums = tuple(np.zeros(shape) for shape in shapes)
        self._fresh = tuple(np.zeros(shape) for shape in shapes)
        self._block = tuple(np.zeros(shape) for shape in shapes)
        self._ticks = 0

    def push(self, x: FloatArray, y: FloatArray) -> bool:
        """Add one tick of A and B, shape (n_signals,), NaN where missing; True when a step is full."""
        at = self._ticks % self._history
        for ring, now in ((self._x, x), (self._y, y)):
            there = np.isfinite(now)
            value = np.where(there, now, 0.0)
            for place in (at, at + self._history):
                ring[0, :, place] = there
                ring[1, :, place] = value
                ring[2, :, place] = value * value
        self._ticks += 1
        if self._ticks % self.step:
            return False
        self._advance()
        return True

    def _advance(self) -> None:
        blocks = self._ticks // self.step
        self._products(0)
        for total, fresh, block in zip(self._sums, self._fresh, self._block, strict=True):
            total += block
            fresh += block
        if blocks > self.n_blocks:
            self._products(self.window)
            for total, block in zip(self._sums, self._block, strict=True):
                total -= block
        if blocks % self.n_blocks == 0:
            for total, fresh in zip(self._sums, self._fresh, strict=True):
                total[...] = fresh
                fresh[...] = 0.0

    def _stretch(self, ring: FloatArray, ago: int, length: int) -> FloatArray:
        """Return (3, n_signals, length): the ticks up to `ago` ticks before now."""
        end = (self._ticks - ago - 1) % self._history + 1 + self._history
        return ring[:, :, end - length : end]

    def _products(self, ago: int) -> None:
        """Leave in `_block` the sums of x^p · y^q over the block that ended `ago` ticks before now.

        First B following, lags 0 … max: (powers of x, signal, lag, delay · powers of y); then B leading,
        lags −max … −1: (powers of y, signal, delay · lag, powers of x).
        """
        step, lag = self.step, self.max_lag
        x = self._stretch(self._x, ago, lag + step)
        n_signals = x.shape[1]
        behind = np.ascontiguousarray(sliding_window_view(x, step, axis=2)[:, :, ::-1])  # row L: x[t − L]
        y = np.stack([self._stretch(self._y, ago + delay, lag + step) for delay in self.delays], axis=2)
        y_now = np.ascontiguousarray(y[..., lag:].transpose(1, 3, 2, 0)).reshape(n_signals, step, -1)
        np.matmul(behind, y_now, out=self._block[0])
        if lag:
            x_now = np.ascontiguousarray(x[:, :, lag:].transpose(1, 2, 0))
            earlier = np.ascontiguousarray(sliding_window_view(y, step, axis=3)[..., :-1, :])
            np.matmul(earlier.reshape(3, n_signals, -1, step), x_now, out=self._block[1])

    def _sum_of(self, p: int, q: int) -> FloatArray:
        """Return Σ x^p · y^q over the window, shape (n_signals, n_delays, n_lags)."""
        follows, leads = self._sums
        n_signals, lag, n_delays = follows.shape[1], self.max_lag, len(self.delays)
        out = np.empty((n_signals, n_delays, 2 * lag + 1))
        out[..., lag:] = follows[p, :, :, q::3].transpose(0, 2, 1)
        out[..., :lag] = leads[q, :, :, p].reshape(n_signals, n_delays, lag)
        return out

    def correlations(self) -> tuple[FloatArray, FloatArray]:
        """Return r and the share of complete pairs, both (n_signals, n_delays, n_lags).

        NaN where coverage is too low or a signal does not move.
        """
        n, sx, sy = self._sum_of(0, 0), self._sum_of(1, 0), self._sum_of(0, 1)
        sxx, syy, sxy = self._sum_of(2, 0), self._sum_of(0, 2), self._sum_of(1, 1)
        count = np.maximum(n, 1.0)
        vx, vy = sxx - sx * sx / count, syy - sy * sy / count
        # Rounding leaves about 1e-16 of the sum of squares: below that a signal stands still.
        alive = (n >= self._need) & (vx > 1e-12 * sxx) & (vy > 1e-12 * syy)
        with np.errstate(invalid="ignore", divide="ignore"):
            r = (sxy - sx * sy / count) / np.sqrt(vx * vy)
        return np.where(alive, np.clip(r, -1.0, 1.0), np.nan), n / self.window
