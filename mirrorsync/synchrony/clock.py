"""One uniform clock for series that were sampled whenever a camera felt like it.

Any real rate in (24, 25, 29.97, 59.94, variable), one rate out. Values are interpolated linearly between
the two samples around a tick; where these are further apart than `max_gap_s` the tick stays a gap.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from mirrorsync.types import FloatArray

__all__ = ["UniformClock", "interpolate", "resample", "tick_ns"]


def tick_ns(tick: int, rate_hz: float) -> int:
    """Return the time of a tick in nanoseconds; exact to the nanosecond however long the session."""
    return round(tick * 1e9 / rate_hz)


def interpolate(before: FloatArray, after: FloatArray, share: float) -> FloatArray:
    """Return before + share · (after − before); where only one is there, the nearer one alone.

    Parameters
    ----------
    before, after : ndarray, shape (n,)
        Values at the two ends; NaN where missing.
    share : float
        0 at `before`, 1 at `after`.

    Returns
    -------
    ndarray, shape (n,)
        NaN where both are missing, or where the end nearer to the tick is.
    """
    mixed = before + share * (after - before)
    lost = np.isnan(mixed)
    if lost.any():
        nearer = before if share < 0.5 else after
        mixed[lost] = nearer[lost]
    return mixed


class UniformClock:
    """Streaming form for one feed: push samples as they come, take ticks as they become certain.

    Parameters
    ----------
    max_gap_s : float
        Gaps up to this long are bridged, longer ones stay gaps.
    """

    def __init__(self, *, max_gap_s: float) -> None:
        self._max_gap_ns = round(max_gap_s * 1e9)
        self._samples: deque[tuple[int, FloatArray]] = deque()
        self._ended = False

    @property
    def until_ns(self) -> float:
        """Everything up to this time is certain: the newest sample, or infinity after the end."""
        if self._ended:
            return float("inf")
        return self._samples[-1][0] if self._samples else float("-inf")

    @property
    def last_ns(self) -> int | None:
        """Time of the newest sample, None before the first."""
        return self._samples[-1][0] if self._samples else None

    def push(self, t_ns: int, values: FloatArray) -> None:
        """Add a sample; times must rise.

        Raises
        ------
        ValueError
            `t_ns` is not later than the sample before.
        """
        if self._samples and t_ns <= self._samples[-1][0]:
            raise ValueError(f"sample times must rise; {t_ns} follows {self._samples[-1][0]}")
        self._samples.append((t_ns, values))

    def end(self) -> None:
        """Say that no further sample comes."""
        self._ended = True

    def at(self, t_ns: int) -> FloatArray | None:
        """Return the values at `t_ns`, or None in a gap; call with rising times.

        Before the end, a time later than `until_ns` counts as a gap (the caller gave up waiting).
        """
        samples = self._samples
        while len(samples) > 1 and samples[1][0] <= t_ns:
            samples.popleft()
        if not samples:
            return None
        t0, before = samples[0]
        if t_ns == t0:
            return before
        if t_ns < t0 or len(samples) == 1:
            return None
        t1, after = samples[1]
        if t1 - t0 > self._max_gap_ns:
            return None
        return interpolate(before, after, (t_ns - t0) / (t1 - t0))


def resample(
    t_s: FloatArray, values: FloatArray, *, rate_hz: float, max_gap_s: float, n_ticks: int | None = None
) -> FloatArray:
    """Bring a whole series to the uniform clock; the batch form of `UniformClock`.

    Parameters
    ----------
    t_s : ndarray, shape (n,)
        Times in seconds, strictly rising.
    values : ndarray, shape (n,) or (n, k)
        Samples, NaN where missing.
    rate_hz : float
        Rate of the clock; tick i is at i / rate_hz.
    max_gap_s : float
        Gaps up to this long are bridged.
    n_ticks : int, optional
        How many ticks; by default up to the last sample.

    Returns
    -------
    ndarray, shape (n_ticks,) or (n_ticks, k)
        NaN in gaps and outside the series.

    Raises
    ------
    ValueError
        Times do not rise, or lengths differ.
    """
    columns = values[:, None] if values.ndim == 1 else values
    if columns.shape[0] != t_s.shape[0]:
        raise ValueError(f"{t_s.shape[0]} times for {columns.shape[0]} samples")
    clock = UniformClock(max_gap_s=max_gap_s)
    for t, row in zip(t_s, columns, strict=True):
        clock.push(round(float(t) * 1e9), np.asarray(row, dtype=float))
    clock.end()
    if n_ticks is None:
        n_ticks = int(np.floor(round(t_s[-1] * 1e9) * rate_hz / 1e9)) + 1 if t_s.size else 0
    out = np.full((n_ticks, columns.shape[1]), np.nan)
    for tick in range(n_ticks):
        row = clock.at(tick_ns(tick, rate_hz))
        if row is not None:
            out[tick] = row
    return out[:, 0] if values.ndim == 1 else out
