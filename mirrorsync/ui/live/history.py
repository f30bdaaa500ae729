"""The last two minutes of every level, in a ring of fixed size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mirrorsync.types import FloatArray

__all__ = ["History"]


class History:
    """Levels of named channels over the last `span_s` seconds, at most `rate_hz` a second.

    Memory is allocated once. A pause longer than `gap_s` leaves a NaN, so that a line breaks there.
    """

    def __init__(
        self, names: Sequence[str], *, span_s: float = 120.0, rate_hz: float = 10.0, gap_s: float = 1.0
    ) -> None:
        self._row = {name: row for row, name in enumerate(names)}
        self._step_s = 1.0 / rate_hz
        self._gap_s = gap_s
        self._size = round(span_s * rate_hz)
        self._next = 0
        self._t_s = np.full(self._size, np.nan)
        self._levels = np.full((len(names), self._size), np.nan)
        self._last_s = float("nan")

    def clear(self) -> None:
        """Forget everything."""
        self._t_s.fill(np.nan)
        self._levels.fill(np.nan)
        self._last_s = float("nan")

    def push(self, t_s: float, levels: Mapping[str, float]) -> bool:
        """Take the levels at `t_s` seconds; return whether they were kept (False: too soon)."""
        since_s = t_s - self._last_s
        if since_s < 0:
            self.clear()
        elif since_s < self._step_s - 1e-6:
            return False
        elif since_s > self._gap_s:
            self._write(self._last_s + self._step_s, {})
        self._write(t_s, levels)
        self._last_s = t_s
        return True

    def _write(self, t_s: float, levels: Mapping[str, float]) -> None:
        self._t_s[self._next] = t_s
        for name, row in self._row.items():
            self._levels[row, self._next] = levels.get(name, np.nan)
        self._next = (self._next + 1) % self._size

    def ago_s(self) -> FloatArray:
        """Return the times, oldest first, in seconds before the newest (0 or negative; NaN: unused)."""
        return self._in_order(self._t_s) - self._last_s

    def levels(self, name: str) -> FloatArray:
        """Return the levels of a channel, oldest first, NaN where there was nothing to say."""
        return self._in_order(self._levels[self._row[name]])

    def _in_order(self, ring: FloatArray) -> FloatArray:
        return np.concatenate((ring[self._next :], ring[: self._next]))
