"""Two feeds' observations to pairs on one uniform clock."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

import numpy as np

from mirrorsync.features.posture import BODY_FEATURES
from mirrorsync.settings import Settings
from mirrorsync.synchrony.clock import UniformClock, tick_ns
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import Features, Observation, Pair

__all__ = ["Pairing", "file_pairs"]

# Values, and behind them how well they were seen: of the body, and of all else.
_OF_BODY = np.array([FEATURE_INDEX[name] for name in BODY_FEATURES])
_BODY = np.concatenate([_OF_BODY, _OF_BODY + N_FEATURES])
_REST = np.setdiff1d(np.arange(2 * N_FEATURES), _BODY)


class Pairing:
    """Push what either feed has seen, take the ticks that have become certain.

    Parameters
    ----------
    settings : Settings
        `rate_hz`, `max_gap_s`, and `offset_s`, which is taken from B's times.
    origin_ns : int
        Time of tick 0 on the feeds' clock.
    max_wait_s : float
        How long a tick is held back for a feature that has just gone missing, see `UniformClock`.
    """

    def __init__(self, settings: Settings, *, origin_ns: int = 0, max_wait_s: float = math.inf) -> None:
        self._rate_hz = settings.rate_hz
        self._shift_ns = (origin_ns, origin_ns + round(settings.offset_s * 1e9))
        # The body is not looked for in every frame of a slow machine: it has a clock of its own.
        clock = partial(UniformClock, max_gap_s=settings.max_gap_s, max_wait_s=max_wait_s)
        self._clocks, self._bodies = (clock(), clock()), (clock(), clock())
        self._seen: list[Observation | None] = [None, None]
        self._ended = [False, False]
        self._tick = 0

    @property
    def until_ns(self) -> tuple[float, float]:
        """Up to when each feed's past is certain; infinity after its end."""
        until = [
            min(clock.until_ns, body.until_ns) for clock, body in zip(self._clocks, self._bodies, strict=True)
        ]
        return until[0], until[1]

    @property
    def ended(self) -> tuple[bool, bool]:
        """Which feeds are through."""
        return self._ended[0], self._ended[1]

    def push(self, side: int, seen: Observation | Features) -> None:
        """Add an observation of feed A (0) or B (1), or the features that are left of one."""
        features = seen if isinstance(seen, Features) else seen.features
        # What is not there was not seen; between samples that have it, it counts as well seen as in these.
        seen_well = np.where(np.isnan(features.values), np.nan, features.visibility)
        vector = np.concatenate([features.values, seen_well])
        t_ns = features.t_ns - self._shift_ns[side]
        self._clocks[side].push(t_ns, vector[_REST])
        if isinstance(seen, Features) or not seen.landmarks.body_held:
            self._bodies[side].push(t_ns, vector[_BODY])
        self._seen[side] = None if isinstance(seen, Features) else seen

    def end(self, side: int) -> None:
        """Say that a feed is through; ticks go on while the other one lasts."""
        self._ended[side] = True
        self._clocks[side].end()
        self._bodies[side].end()

    def ready(self, *, not_after_ns: float = -math.inf) -> Iterator[Pair]:
        """Yield the ticks that are certain, in order.

        Parameters
        ----------
        not_after_ns : float
            Ticks up to this time, on the clock of tick 0, are given even when a feed has not come that
            far: it is late, and its side of the pair is missing.
        """
        certain_ns = max(min(self.until_ns), not_after_ns)
        if all(self._ended):
            certain_ns = max(
                (clock.last_ns for clock in self._clocks if clock.last_ns is not None), default=-1
            )
        while (at_ns := tick_ns(self._tick, self._rate_hz)) <= certain_ns:
            a, b = (self._features(side, at_ns) for side in range(2))
            yield Pair(self._tick, at_ns, a, b, self._seen[0], self._seen[1])
            self._tick += 1

    def _features(self, side: int, at_ns: int) -> Features | None:
        rest, body = self._clocks[side].at(at_ns), self._bodies[side].at(at_ns)
        if rest is None:
            return None
        vector = np.empty(2 * N_FEATURES)
        vector[_REST] = rest
        vector[_BODY] = np.nan if body is None else body
        values, seen = vector[:N_FEATURES], vector[N_FEATURES:]
        return Features(at_ns, values, np.where(np.isnan(values), 0.0, seen))


def file_pairs(
    a: Iterator[Observation | Features], b: Iterator[Observation | Features], settings: Settings
) -> Iterator[Pair]:
    """Merge two recordings by their timestamps, in lock step; nothing is dropped.

    The order in which the two are read depends on their timestamps alone, so the same input gives the
    same pairs. Ticks go on to the end of the longer one.
    """
    pairing, feeds = Pairing(settings), (a, b)
    while not all(pairing.ended):
        until = pairing.until_ns
        side = 0 if until[0] <= until[1] else 1
        observation = next(feeds[side], None)
        if observation is None:
            pairing.end(side)
        else:
            pairing.push(side, observation)
        yield from pairing.ready()
