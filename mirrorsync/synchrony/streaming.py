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
from numpy.typing import NDArray

from mirrorsync.types import FloatArray

__all__ = ["History", "StreamingCorrelation"]

_MOST_BYTES = 64_000_000
_FEWEST = 3.0  # two samples always lie on a line


class History:
    """The last ticks of several signals of A and B, block by block, ready for sums of products.

    Each is counted from its own middle in the first block in which it is there: correlation does not change,
    and an offset from zero costs no digits. A thousand SDs of drift away from there cost 1e-9.

    Parameters
    ----------
    n_signals : int
        How many signals.
    step : int
        Ticks in a block.
    length : int
        Ticks that are kept; rounded up to whole blocks.

    Attributes
    ----------
    x : ndarray, shape (n_signals, 3, 2 · length)
        Powers of A: [0] 1 where it is there, [1] value less middle, [2] its square; 0 where it is missing.
        Every tick stands there twice, `length` apart, so that any stretch lies in one piece.
    y : ndarray, shape (n_signals, 2 · length, 3)
        The same of B, powers last.
    blocks : int
        How many blocks are full.
    """

    def __init__(self, *, n_signals: int, step: int, length: int) -> None:
        self.step = step
        self.length = -(-length // step) * step
        self.x = np.zeros((n_signals, 3, 2 * self.length))
        self.y = np.zeros((n_signals, 2 * self.length, 3))
        self.blocks = 0
        self._now = np.empty((2, step, n_signals))
        self._middle = np.full((2, 1, n_signals), np.nan)
        self._ticks = 0

    def push(self, x: FloatArray, y: FloatArray) -> bool:
        """Add one tick of A and B, shape (n_signals,), NaN where missing; True when a block is full."""
        at = self._ticks % self.step
        self._now[0, at] = x
        self._now[1, at] = y
        self._ticks += 1
        if at + 1 < self.step:
            return False
        there = np.isfinite(self._now)
        if math.isnan(self._middle.sum()):
            self._middle = np.where(np.isnan(self._middle), _middle(self._now, there), self._middle)
        value = np.where(there, self._now - self._middle, 0.0)
        powers_x, powers_y = np.array((there, value, value * value)).swapaxes(0, 1)
        first = self.blocks * self.step % self.length
        for start in (first, first + self.length):
            self.x[:, :, start : start + self.step] = powers_x.transpose(2, 0, 1)
            self.y[:, start : start + self.step] = powers_y.transpose(2, 1, 0)
        self.blocks += 1
        return True

    def end(self, ago: int) -> int:
        """Return where the tick after the one `ago` ticks before now stands; all that is kept lies before."""
        return (self._ticks - ago - 1) % self.length + 1 + self.length


def _middle(block: FloatArray, there: NDArray[np.bool_]) -> FloatArray:
    """Return the lower median of what is there in a block, shape (2, 1, n_signals); NaN where nothing is."""
    ordered = np.sort(np.where(there, block, np.nan), axis=1)  # NaN go last
    half = np.maximum(there.sum(axis=1, keepdims=True) - 1, 0) // 2
    return np.take_along_axis(ordered, half, axis=1)


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
    least_sd : ndarray, shape (n_signals,), optional
        A signal whose SD over a window is below this does not move: the window's correlation is NaN.
    history : History, optional
        Of another stream of the same signals and step, at least as long as this one's: whoever feeds that
        calls `advance` here at every full step.

    Notes
    -----
    Lag L ≥ 0 (B follows A) is r(x[t−L], y[t−d]) over the t of the window, L < 0 is r(x[t], y[t−d−|L|]);
    all windows end now, so that no future is used. Every `window` ticks the sums are replaced by freshly
    added ones, so rounding does not grow with the length of the session.
    """

    def __init__(
        self, *, n_signals: int, window: int, max_lag: int, step: int, lag_step: int = 1,
        delays: tuple[int, ...] = (0,), min_coverage: float = 0.6, least_sd: FloatArray | None = None,
        history: History | None = None,
    ) -> None:  # fmt: skip
        self.step = max(step, 1)
        self.n_blocks = max(round(window / self.step), 1)
        self.window = self.n_blocks * self.step
        self._lag_step = lag_step
        self.n_side = max_lag // lag_step  # lags on either side of 0
        self.lags = np.arange(-self.n_side, self.n_side + 1) * lag_step
        self.delays = delays
        self._min_coverage = min_coverage
        least = np.zeros(n_signals) if least_sd is None else np.asarray(least_sd, dtype=float)
        self._least_variance = np.square(least)[:, None, None]
        self._reach = self.n_side * lag_step
        length = max(delays) + self._reach + self.step + self.window
        self.history = history or History(n_signals=n_signals, step=self.step, length=length)
        if self.history.length < length:
            raise ValueError(f"a history of {self.history.length} ticks is shorter than the {length} needed")
        # [:, :, e] ends with the tick before e + step
        self._blocks_x = sliding_window_view(self.history.x, self.step, axis=2)
        tick = np.arange(-self.step, 0)[:, None, None] - np.array(delays)[:, None]
        self._now_y = tick.ravel()
        self._earlier_y = (tick + self.lags[: self.n_side]).ravel()
        # Sums of x^p · y^q in the layouts in which the matrix products make them, one after the other:
        # B following, lags 0 … max: (signal, p, lag, delay, q); B leading, −max … −1: (…, p, delay, lag, q).
        n_delays = len(delays)
        self._follows = (n_signals, 3, self.n_side + 1, n_delays, 3)
        self._leads = (n_signals, 3, n_delays, self.n_side, 3)
        self._n_follows = int(np.prod(self._follows))
        size = self._n_follows + int(np.prod(self._leads))
        self._sums, self._fresh = np.zeros((2, size))
        # The blocks of the window are kept, to be taken away when they leave it; where they would need
        # too much memory they are made again from the history.
        n_kept = self.n_blocks if 8 * self.n_blocks * size <= _MOST_BYTES else 1
        self._blocks = np.zeros((n_kept, size))

    def push(self, x: FloatArray, y: FloatArray) -> bool:
        """Add one tick of A and B, shape (n_signals,), NaN where missing; True when a step is full."""
        full = self.history.push(x, y)
        if full:
            self.advance()
        return full

    def advance(self) -> None:
        """Take in the newest block of the history, once."""
        blocks = self.history.blocks
        block = self._blocks[blocks % len(self._blocks)]
        if blocks > self.n_blocks:
            if len(self._blocks) < self.n_blocks:
                self._products(self.window, block)
            self._sums -= block
        self._products(0, block)
        self._sums += block
        self._fresh += block
        if blocks % self.n_blocks == 0:
            self._sums, self._fresh = self._fresh, self._sums
            self._fresh[...] = 0.0

    def _products(self, ago: int, out: FloatArray) -> None:
        """Leave in `out` the sums of x^p · y^q over the block that ended `ago` ticks before now."""
        end, step = self.history.end(ago), self.step
        n_signals = self.history.x.shape[0]
        first = end - step  # row k: x[t − k · lag_step]
        behind = self._blocks_x[:, :, first - self._reach : first + 1 : self._lag_step][:, :, ::-1]
        now_y = self.history.y.take(self._now_y + end, axis=1)
        follows = out[: self._n_follows].reshape(n_signals, 3 * (self.n_side + 1), -1)
        np.matmul(behind.reshape(n_signals, -1, step), now_y.reshape(n_signals, step, -1), out=follows)
        if self.n_side:
            earlier = self.history.y.take(self._earlier_y + end, axis=1)
            leads = out[self._n_follows :].reshape(n_signals, 3, -1)
            np.matmul(self.history.x[:, :, first:end], earlier.reshape(n_signals, step, -1), out=leads)

    def correlations(self) -> tuple[FloatArray, FloatArray]:
        """Return r and the share of complete pairs, both (n_signals, n_delays, n_lags).

        NaN where coverage is too low or a signal does not move.
        """
        n_signals, _, n_delays, n_side, _ = self._leads
        sums = np.empty((3, 3, n_signals, n_delays, 2 * n_side + 1))  # [p, q]
        follows = self._sums[: self._n_follows].reshape(self._follows)
        sums[..., n_side:] = follows.transpose(1, 4, 0, 3, 2)
        sums[..., :n_side] = self._sums[self._n_follows :].reshape(self._leads).transpose(1, 4, 0, 2, 3)
        n, sx, sy = sums[0, 0], sums[1, 0], sums[0, 1]
        sxx, syy, sxy = sums[2, 0], sums[0, 2], sums[1, 1]
        count = np.maximum(n, 1.0)
        vx, vy = sxx - sx * sx / count, syy - sy * sy / count
        share = n / self.window
        enough = (share >= self._min_coverage) & (n >= _FEWEST)
        # Rounding leaves about 1e-16 of the sum of squares: below that a signal stands still anyway.
        least = self._least_variance * count
        alive = enough & (vx > np.maximum(1e-12 * sxx, least)) & (vy > np.maximum(1e-12 * syy, least))
        r = (sxy - sx * sy / count) / np.sqrt(np.where(alive, vx * vy, np.nan))
        return np.maximum(np.minimum(r, 1.0), -1.0), share
