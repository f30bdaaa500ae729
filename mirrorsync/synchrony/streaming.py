"""Windowed lagged cross-correlation as a stream: constant time and memory a tick.

The same numbers as `windowed_correlation(..., framing="causal")`, whatever the window and however long the
session. At every step the products of the newest block are added to running sums and those of the block
that leaves the window are taken away. Beside the true pair, B's past, shifted by fixed delays longer than
any lag that is looked at, gives what chance would score.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mirrorsync.types import FloatArray

__all__ = ["StreamingCorrelation"]

_MOST_BYTES = 64_000_000


class StreamingCorrelation:
    """Lagged correlations of several signals of A with the same signals of B, now and at delays.

    Parameters
    ----------
    n_signals : int
        How many signals.
    window, max_lag, step : int
        In ticks; `window` is rounded to whole steps.
    lag_step : int
        Only every so many lags, counted from 0; the longest is the last that fits into `max_lag`.
    delays : sequence of int
        Ticks by which B is shifted into its past; 0 is the true pair.
    min_coverage : float
        Below this share of complete pairs in a window its correlation is NaN.

    Notes
    -----
    Lag L ≥ 0 (B follows A) is r(x[t−L], y[t−d]) over the t of the window, L < 0 is r(x[t], y[t−d−|L|]);
    all windows end now, so that no future is used. Every `window` ticks the sums are replaced by freshly
    added ones, so rounding does not grow with the length of the session.
    """

    def __init__(
        self, *, n_signals: int, window: int, max_lag: int, step: int, lag_step: int = 1,
        delays: tuple[int, ...] = (0,), min_coverage: float = 0.6,
    ) -> None:  # fmt: skip
        self.step = max(step, 1)
        self.n_blocks = max(round(window / self.step), 1)
        self.window = self.n_blocks * self.step
        self._lag_step = lag_step
        self.n_side = max_lag // lag_step  # lags on either side of 0
        self.lags = np.arange(-self.n_side, self.n_side + 1) * lag_step
        self._reach = self.n_side * lag_step
        self.delays = delays
        self._need = max(min_coverage * self.window, 3.0)
        self._history = max(delays) + self._reach + self.step + self.window
        # powers[0] mask, [1] value, [2] square; a doubled ring so that any stretch is contiguous
        self._x = np.zeros((3, n_signals, 2 * self._history))
        self._y = np.zeros((3, n_signals, 2 * self._history))
        # Sums of x^p · y^q in the layouts in which the matrix products make them, see _products
        n_delays = len(delays)
        n_side = self.n_side
        shapes = (3, n_signals, n_side + 1, 3 * n_delays), (3, n_signals, n_delays * n_side, 3)
        self._sums = tuple(np.zeros(shape) for shape in shapes)
        self._fresh = tuple(np.zeros(shape) for shape in shapes)
        # The blocks of the window are kept, to be taken away when they leave it; where they would need
        # too much memory they are made again from the history.
        n_kept = self.n_blocks
        if 8 * n_kept * sum(math.prod(shape) for shape in shapes) > _MOST_BYTES:
            n_kept = 1
        self._blocks = [tuple(np.zeros(shape) for shape in shapes) for _ in range(n_kept)]
        self._ticks = 0

    def push(self, x: FloatArray, y: FloatArray) -> bool:
        """Add one tick of A and B, shape (n_signals,), NaN where missing; True when a step is full."""
        at = self._ticks % self._history
        for ring, now in ((self._x, x), (self._y, y)):
            there = np.isfinite(now)
            value = np.where(there, now, 0.0)
            powers = ring[:, :, at]
            powers[0], powers[1], powers[2] = there, value, value * value
            ring[:, :, at + self._history] = powers
        self._ticks += 1
        if self._ticks % self.step:
            return False
        self._advance()
        return True

    def _advance(self) -> None:
        blocks = self._ticks // self.step
        slot = self._blocks[blocks % len(self._blocks)]
        if blocks > self.n_blocks:
            if len(self._blocks) < self.n_blocks:
                self._products(self.window, slot)
            for total, block in zip(self._sums, slot, strict=True):
                total -= block
        self._products(0, slot)
        for total, fresh, block in zip(self._sums, self._fresh, slot, strict=True):
            total += block
            fresh += block
        if blocks % self.n_blocks == 0:
            for total, fresh in zip(self._sums, self._fresh, strict=True):
                total[...] = fresh
                fresh[...] = 0.0

    def _stretch(self, ring: FloatArray, ago: int, length: int) -> FloatArray:
        """Return (3, n_signals, length): the ticks up to `ago` ticks before now."""
        end = (self._ticks - ago - 1) % self._history + 1 + self._history
        return ring[:, :, end - length : end]

    def _products(self, ago: int, out: tuple[FloatArray, ...]) -> None:
        """Leave in `out` the sums of x^p · y^q over the block that ended `ago` ticks before now.

        First B following, lags 0 … max: (powers of x, signal, lag, delay · powers of y); then B leading,
        lags −max … −1: (powers of y, signal, delay · lag, powers of x).
        """
        step, reach, every = self.step, self._reach, self._lag_step
        x = self._stretch(self._x, ago, reach + step)
        n_signals = x.shape[1]
        # row k: x[t − k · lag_step]
        behind = np.ascontiguousarray(sliding_window_view(x, step, axis=2)[:, :, ::-1][:, :, ::every])
        y = np.stack([self._stretch(self._y, ago + delay, reach + step) for delay in self.delays], axis=2)
        y_now = np.ascontiguousarray(y[..., reach:].transpose(1, 3, 2, 0)).reshape(n_signals, step, -1)
        np.matmul(behind, y_now, out=out[0])
        if self.n_side:
            x_now = np.ascontiguousarray(x[:, :, reach:].transpose(1, 2, 0))
            earlier = np.ascontiguousarray(sliding_window_view(y, step, axis=3)[..., :-1:every, :])
            np.matmul(earlier.reshape(3, n_signals, -1, step), x_now, out=out[1])

    def _sum_of(self, p: int, q: int) -> FloatArray:
        """Return Σ x^p · y^q over the window, shape (n_signals, n_delays, n_lags)."""
        follows, leads = self._sums
        n_signals, n_side, n_delays = follows.shape[1], self.n_side, len(self.delays)
        out = np.empty((n_signals, n_delays, 2 * n_side + 1))
        out[..., n_side:] = follows[p, :, :, q::3].transpose(0, 2, 1)
        out[..., :n_side] = leads[q, :, :, p].reshape(n_signals, n_delays, n_side)
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
        r = np.full(n.shape, np.nan)
        np.divide(sxy - sx * sy / count, np.sqrt(np.abs(vx * vy)), out=r, where=alive)
        return np.clip(r, -1.0, 1.0, out=r), n / self.window
