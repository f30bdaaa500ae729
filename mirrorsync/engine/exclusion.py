"""Stretches of a recording that are left out of everything that is measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mirrorsync.errors import SettingsError
from mirrorsync.settings import Settings
from mirrorsync.tables import CHANNELS
from mirrorsync.types import NO_SCORE, Pair, Snapshot

__all__ = ["Exclusion", "joined"]


def joined(stretches: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return stretches (start, end) in order, those that overlap or touch as one."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


class Exclusion:
    """The stretches of `Settings.exclude`: from each start up to, not including, its end.

    Parameters
    ----------
    settings : Settings
        `exclude`, in seconds on the common clock, in any order; stretches that overlap count as one.

    Attributes
    ----------
    stretches : list of (start_s, end_s)
        In order, none touching another.

    Raises
    ------
    SettingsError
        A stretch ends before it starts.
    """

    def __init__(self, settings: Settings) -> None:
        stretches: list[tuple[float, float]] = []
        for stretch in filter(str.strip, settings.exclude.split(",")):
            start, end = (float(second) for second in stretch.split("-"))
            stretches.append((start, end))
        for start, end in stretches:
            if not start < end:
                raise SettingsError(f"The stretch {start:g}-{end:g} to exclude ends before it starts.")
        self.stretches = joined(stretches)
        edges = [round(second * 1e9) for stretch in self.stretches for second in stretch]
        self._edges: NDArray[np.int64] = np.array(edges, dtype=np.int64)

    def __bool__(self) -> bool:
        """Whether anything is left out."""
        return self._edges.size > 0

    def holds(self, t_ns: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which times since the start lie in a stretch that is left out, same shape."""
        inside: NDArray[np.bool_] = np.searchsorted(self._edges, t_ns, side="right") % 2 == 1
        return inside

    def meets(self, start_ns: NDArray[np.int64], end_ns: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of the times from start to end have part in a stretch that is left out, same shape."""
        before = np.searchsorted(self._edges, start_ns, side="right")
        met: NDArray[np.bool_] = (before % 2 == 1) | (np.searchsorted(self._edges, end_ns, "right") != before)
        return met

    def blind(self, pairs: Iterable[Pair]) -> Iterator[Pair]:
        """Take both people out of the pairs in the stretches: nothing measured there may enter a score."""
        for pair in pairs:
            yield replace(pair, a=None, b=None) if self._inside(pair) else pair

    def mute(self, snapshot: Snapshot) -> Snapshot:
        """Take the scores, and the windows that end there, out of a snapshot in a stretch."""
        if not self._inside(snapshot.pair):
            return snapshot
        nothing = dict.fromkeys(CHANNELS, NO_SCORE)
        return replace(snapshot, scores=nothing, windows=(), leader="none", lag_s=float("nan"))

    def _inside(self, pair: Pair) -> bool:
        return bool(self) and bool(self.holds(np.array(pair.t_ns)))
