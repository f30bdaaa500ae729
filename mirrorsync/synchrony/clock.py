"""One uniform clock for series that were sampled whenever a camera felt like it.

Any real rate in (24, 25, 29.97, 59.94, variable), one rate out. Each feature is interpolated linearly between
its last sample before a tick and its first one after; where these are further apart than `max_gap_s` the tick
stays a gap. A frame that is not there and a frame in which a feature was not found (NaN) are the same to that
feature. Nothing is extrapolated: a long gap begins right after its last sample and ends at the next.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from mirrorsync.types import FloatArray

__all__ = ["UniformClock", "resample", "tick_ns"]

_NEVER_NS = -(2**62)


def tick_ns(tick: int, rate_hz: float) -> int:
    """Return the time of a tick in nanoseconds; exact to the nanosecond however long the session."""
    return round(tick * 1e9 / rate_hz)


class UniformClock:
    """Streaming form for one feed: push samples as they come, take ticks as they become certain.

    A tick waits for a feature that has just gone missing, since the next sample may bridge the gap; it waits
    for none that has been missing for `max_gap_s`, or was never there. So it waits at most `max_gap_s`.

    Parameters
    ----------
    max_gap_s : float
        Gaps up to this long are bridged, longer ones stay gaps.
    max_wait_s : float
        For those who cannot wait: a tick is held back for a missing feature only until a sample that much
        later has come; what comes back after that is a gap in the ticks that were given meanwhile.
    """

    def __init__(self, *, max_gap_s: float, max_wait_s: float = math.inf) -> None:
        self._max_gap_ns = round(max_gap_s * 1e9)
        self._max_wait_ns = max_wait_s * 1e9
        # Samples in which short gaps are filled as soon as they end: a tick needs its two neighbours alone.
        self._samples: deque[tuple[int, FloatArray]] = deque()
        self._newest: FloatArray | None = None
        self._lost = np.zeros(0, dtype=bool)  # what the newest sample lacks, ...
        self._lost_bytes = b""
        self._last_ns = np.zeros(0, dtype=np.int64)  # ... since which sample, ...
        self._last = np.zeros(0)  # ... and what that said
        self._waiting = False
        self._certain_ns: float = float("-inf")
        self._ended = False

    @property
    def until_ns(self) -> float:
        """Everything up to this time is certain; infinity after the end.

        This is the newest sample, or the last one of a feature whose gap may still be bridged (or as far as
        `max_wait_s` lets it lie back).
        """
        return float("inf") if self._ended else self._certain_ns

    @property
    def last_ns(self) -> int | None:
        """Time of the newest sample, None before the first."""
        return self._samples[-1][0] if self._samples else None

    def push(self, t_ns: int, values: FloatArray) -> None:
        """Add a sample, shape (n,), NaN where a feature is missing; times must rise.

        Raises
        ------
        ValueError
            `t_ns` is not later than the sample before.
        """
        if self._samples and t_ns <= self._samples[-1][0]:
            raise ValueError(f"sample times must rise; {t_ns} follows {self._samples[-1][0]}")
        lost = np.isnan(values)
        lost_bytes = lost.tobytes()
        if lost_bytes != self._lost_bytes:
            self._note(t_ns, values, lost)
            self._lost, self._lost_bytes = lost, lost_bytes
        self._samples.append((t_ns, values))
        self._newest = values
        self._certain_ns = t_ns
        if self._waiting:
            awaited = self._last_ns[self._lost]
            awaited = awaited[awaited > t_ns - self._max_gap_ns]
            self._waiting = bool(awaited.size)
            if self._waiting:
                self._certain_ns = max(int(np.minimum.reduce(awaited)), t_ns - self._max_wait_ns)

    def end(self) -> None:
        """Say that no further sample comes."""
        self._ended = True

    def at(self, t_ns: int) -> FloatArray | None:
        """Return the values at `t_ns`, NaN where a feature is in a gap; call with rising times.

        None where no frames are near enough. Before the end, what is later than `until_ns` and not known yet
        counts as a gap (the caller gave up waiting).
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
        between: FloatArray = before + (t_ns - t0) / (t1 - t0) * (after - before)
        return between

    def _note(self, t_ns: int, values: FloatArray, lost: NDArray[np.bool_]) -> None:
        """Remember what goes missing with a new sample, and fill the gaps of what comes back."""
        if self._newest is None:
            self._last_ns, self._last = np.full(lost.size, _NEVER_NS), np.full(lost.size, np.nan)
            return
        changed = (lost != self._lost).nonzero()[0]
        missing = lost[changed]
        back, gone = changed[~missing], changed[missing]
        if back.size:
            self._fill(back, t_ns, values)
        if gone.size:
            self._last_ns[gone] = self._samples[-1][0]
            self._last[gone] = self._newest[gone]
            self._waiting = True

    def _fill(self, back: NDArray[np.intp], t_ns: int, values: FloatArray) -> None:
        """Put `back`, which a new sample has again, on a line from where it was last, in all between."""
        since_ns = self._last_ns[back]
        first_ns = int(np.minimum.reduce(since_ns))
        if first_ns < t_ns - self._max_gap_ns:
            back = back[since_ns >= t_ns - self._max_gap_ns]
            if not back.size:
                return
            since_ns = self._last_ns[back]
            first_ns = int(np.minimum.reduce(since_ns))
        last = self._last[back]
        slope = (values[back] - last) / (t_ns - since_ns)
        for k in range(len(self._samples) - 1, -1, -1):
            at_ns, sample = self._samples[k]
            if at_ns <= first_ns:
                return
            line = last + (at_ns - since_ns) * slope
            filled = sample.copy()  # samples are the caller's
            filled[back] = np.where(at_ns > since_ns, line, sample[back])
            self._samples[k] = at_ns, filled


def resample(
    t_s: FloatArray, values: FloatArray, *, rate_hz: float, max_gap_s: float, n_ticks: int | None = None
) -> FloatArray:
    """Bring a whole series to the uniform clock; the batch form of `UniformClock`.

    Parameters
    ----------
    t_s : ndarray, shape (n,)
        Times in seconds, strictly rising.
    values : ndarray, shape (n,) or (n, k)
        Samples, NaN where missing; each column is interpolated by itself.
    rate_hz : float
        Rate of the clock; tick i is at i / rate_hz.
    max_gap_s : float
        Gaps up to this long are bridged, of missing rows and of NaN alike.
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
