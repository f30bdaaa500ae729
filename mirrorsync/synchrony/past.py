"""A person's recent past on the uniform clock, to compare someone with moments that are over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mirrorsync.types import FloatArray

__all__ = ["Past", "surrogate_delays"]


class Past:
    """The last `length` ticks of a vector.

    Parameters
    ----------
    length : int
        How many ticks are kept.
    width : int
        Length of the vector.
    before : float
        What stands for the time before the beginning.
    """

    def __init__(self, *, length: int, width: int, before: float = np.nan) -> None:
        self._ring = np.full((length, width), before)
        self._ticks = 0

    def push(self, values: FloatArray | float) -> None:
        """Add one tick, shape (width,); one number stands for all of them."""
        self._ring[self._ticks % self._ring.shape[0]] = values
        self._ticks += 1

    def ago(self, delays: NDArray[np.intp]) -> FloatArray:
        """Return the vectors `delays` ticks ago, shape (k, width)."""
        past: FloatArray = self._ring.take((self._ticks - 1 - delays) % self._ring.shape[0], axis=0)
        return past


def surrogate_delays(*, n: int, max_lag: int, rate_hz: float) -> tuple[int, ...]:
    """Return by how many ticks B is shifted into the past to see what chance would give.

    More than twice the longest lag and a second, so that no surrogate contains the true lags, then
    1.7 s further each: wide enough to be another moment, short enough to be the same mood and light.
    """
    first = 2 * max_lag + round(rate_hz)
    return tuple(first + round(1.7 * k * rate_hz) for k in range(n))
