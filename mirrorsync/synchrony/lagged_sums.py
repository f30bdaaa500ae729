"""Sums of products over windows at every lag, in constant time a cell: what `correlation` is made of.

The products of a lag are summed once in blocks of gcd(window, step) samples; a window is a sum of
neighbouring blocks, taken from running sums that start anew every few windows. Work goes in tiles that stay
in a core's cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Literal, TypeVar

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from mirrorsync.types import FloatArray

__all__ = ["Framing", "LagRun", "lag_runs", "lagged_sums", "largest_sum", "moving_sum", "strided", "tiles"]

_T = TypeVar("_T", bound=np.generic)

Framing = Literal["centred", "causal", "forward"]

_TILE_CELLS = 1 << 16  # cells worked on at a time: half a megabyte, so that they stay in a core's cache


@dataclass(frozen=True, slots=True)
class LagRun:
    """Lags whose windows move at a steady pace: column c has x at start + x_at + c·x_step, y alike."""

    columns: slice
    x_at: int
    x_step: int
    y_at: int
    y_step: int
    count: int


def lag_runs(framing: Framing, half: int, pace: int) -> list[LagRun]:
    """Split the columns −half … half into runs in which both windows move evenly from lag to lag."""
    later = slice(half, None)
    earlier = slice(half - 1, None, -1) if half else slice(0, 0)  # lag −pace first
    first = slice(0, half)  # lag −half·pace first
    back = slice(None, half - 1 if half else None, -1)  # the longest positive lag first, lag 0 last
    if framing == "forward":
        runs = [LagRun(later, 0, 0, 0, pace, half + 1), LagRun(earlier, pace, pace, 0, 0, half)]
    elif framing == "causal":
        runs = [
            LagRun(back, -half * pace, pace, 0, 0, half + 1),
            LagRun(first, 0, 0, -half * pace, pace, half),
        ]
    else:
        runs = []
        stride = 1 if pace % 2 == 0 else 2  # lags of one parity share a pace
        for offset in range(stride):
            lag = (offset - half) * pace
            count = len(range(offset, 2 * half + 1, stride))
            move = stride * pace // 2
            runs.append(LagRun(slice(offset, None, stride), -(lag // 2), -move, lag - lag // 2, move, count))
    return [run for run in runs if run.count]


def moving_sum(v: FloatArray, window: int) -> FloatArray:
    """Return the sums of v[t : t + window] for every t, from running sums that restart every `window`."""
    chunks = -(-v.size // window)
    padded = np.zeros(chunks * window)
    padded[: v.size] = v
    running = padded.reshape(chunks, window).cumsum(axis=1)
    sums = np.empty_like(running)
    sums[:, 0] = running[:, -1]
    sums[:-1, 1:] = running[:-1, -1:] + (running[1:, :-1] - running[:-1, :-1])
    return sums.ravel()[: v.size - window + 1]


def _window_sums(blocks: FloatArray, per_window: int, every: int) -> FloatArray:
    """Return the sums of `per_window` consecutive rows of `blocks`, starting at every `every`-th row."""
    if per_window == 1:
        return blocks[::every]
    running = np.empty((blocks.shape[0] + 1, blocks.shape[1]))
    running[0] = 0
    np.cumsum(blocks, axis=0, out=running[1:])
    sums: FloatArray = running[per_window::every] - running[:-per_window:every]
    return sums


def strided(v: NDArray[_T], at: int, shape: tuple[int, ...], steps: tuple[int, ...]) -> NDArray[_T]:
    """Return the strided view of 1-D v that starts at `at`; the caller keeps it inside v."""
    return as_strided(v[at:], shape, tuple(step * v.strides[0] for step in steps), writeable=False)


def _block_products(
    x: FloatArray, y: FloatArray, x_at: int, y_at: int, block: int, n_blocks: int, run: LagRun
) -> FloatArray:
    """Return Σ x·y within each block, shape (n_blocks, n_lags)."""
    products: FloatArray
    if run.x_step == 0 or run.y_step == 0:  # one of the two windows stays: a product of matrices
        (still, at), (moving, moving_at) = (x, x_at), (y, y_at)
        if run.y_step == 0:
            (still, at), (moving, moving_at) = (y, y_at), (x, x_at)
        row = strided(still, at, (n_blocks, 1, block), (block, 0, 1))
        shape = (n_blocks, block, run.count)
        products = np.matmul(row, strided(moving, moving_at, shape, (block, 1, run.x_step + run.y_step)))
        return products[:, 0]
    shape = (n_blocks, block, run.count)
    xs, ys = (
        strided(v, at, shape, (block, 1, step))
        for v, at, step in ((x, x_at, run.x_step), (y, y_at, run.y_step))
    )
    products = np.einsum("jil,jil->jl", xs, ys)
    return products


def tiles(n_windows: int, n_lags: int, window: int, step: int) -> list[tuple[int, int]]:
    """Cut the windows into (first, last + 1) so that the block sums of a tile stay small."""
    per_step = max(1, step // gcd(window, step))
    rows = max(_TILE_CELLS // (n_lags * per_step), 4 * (window // step + 1))
    return [(k, min(k + rows, n_windows)) for k in range(0, n_windows, rows)]


def lagged_sums(
    x: FloatArray, y: FloatArray, window: int, step: int, start: int, n: int, run: LagRun
) -> FloatArray:
    """Return Σ x·y over the windows start, start + step, …, shape (n, n_lags)."""
    block = gcd(window, step)
    n_blocks = (n - 1) * (step // block) + window // block
    products = _block_products(x, y, start + run.x_at, start + run.y_at, block, n_blocks, run)
    return _window_sums(products, window // block, step // block)


def largest_sum(
    x: FloatArray, y: FloatArray, window: int, step: int, start: int, n: int, run: LagRun
) -> float:
    """Return a bound on every |Σ x·y| that a tile's running sums pass through (Cauchy–Schwarz)."""
    samples = (n - 1) * step + window
    power = 1.0
    for v, at, pace in ((x, start + run.x_at, run.x_step), (y, start + run.y_at, run.y_step)):
        low, high = sorted((at, at + pace * (run.count - 1)))
        part = v[low : high + samples]
        power *= float(np.dot(part, part))
    return float(np.sqrt(power))
