"""Doing less on a slow machine before pictures are missed, and saying so.

Finding the body takes three quarters of the work on a picture. On a machine that cannot do all of it in the
time from one picture to the next, the body is looked for in every second picture, then in every third of
smaller ones; the face in each. Body features are interpolated between the pictures that were looked at, as
they are between a picture and a tick anyway, so that scores lose precision but gain no false movement.

The load is the time that a picture takes over the time from one to the next; pictures that wait for half of
that time are a sign, too. Both are measured all the time, for both feeds, and both feeds step together: two
people measured differently would differ for that alone.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean, median

from mirrorsync.engine.status import Reduced

__all__ = ["FULL", "Plan", "StepDown", "foreseen"]

_STEPS: tuple[Reduced, ...] = ("", "body_second", "body_third")
_SMALL_SIDE = 640  # pixels, of the last step
_OLDEST_BODY_NS = 120_000_000  # a body is never left out for longer: well below `Settings.max_gap_s`
_TOO_MUCH, _ROOM = 0.9, 0.72  # load from which on there is a step down, expected load for one up
_WAITED = 0.6  # of the time between two pictures: so long may they wait before they are looked at
_EVERY_NS = 500_000_000  # how often it is judged
_SETTLE_NS = 1_500_000_000  # nothing is judged so long after the start and after a step
_PATIENCE_S, _LONGEST_PATIENCE_S = 10.0, 160.0  # room must have been there so long before a step up
_OVER = 60  # frames
_ENOUGH = 12  # frames
_SLOW_SOURCE = 0.45


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with one picture.

    Attributes
    ----------
    body : bool
        Whether to look for the body; otherwise the last one is kept.
    max_side : int or None
        Longest side in pixels of the picture that is looked at; None: as it comes.
    """

    body: bool = True
    max_side: int | None = None


FULL = Plan()


@dataclass(slots=True)
class _Side:
    """What is known of one feed."""

    work: deque[tuple[int, float, float, bool]] = field(default_factory=lambda: deque(maxlen=_OVER))
    interval_ns: float = math.nan  # that the source states
    body_ns: int = -_OLDEST_BODY_NS
    skipped: int = 0

    def too_much(self) -> bool:
        """Whether it is about to miss pictures; False as long as too little is known."""
        if len(self.work) < _ENOUGH:
            return False
        interval = self.interval()
        worked = fmean(busy for _, _, busy, _ in self.work)
        waited = fmean(late - busy for _, late, busy, _ in self.work)
        return worked > _TOO_MUCH * interval or waited > _WAITED * interval

    def interval(self) -> float:
        """Nanoseconds between two pictures, if all of them were looked at."""
        times = [t_ns for t_ns, _, _, _ in self.work]
        seen = median(after - before for before, after in pairwise(times))
        if not self.interval_ns <= seen:
            return seen
        # A camera in the dark is slower than it says; then most of the time is spent waiting for it.
        slow = fmean(busy for _, _, busy, _ in self.work) < _SLOW_SOURCE * seen
        return seen if slow else self.interval_ns

    def expected(self, every: int) -> float:
        """Load if the body were looked for in each `every`-th picture; NaN: not known."""
        with_body = [busy for _, _, busy, body in self.work if body]
        without = [busy for _, _, busy, body in self.work if not body]
        if len(self.work) < _ENOUGH or not with_body:
            return math.nan
        full = fmean(with_body)
        mean = (full + (every - 1) * (fmean(without) if without else full)) / every
        return mean / self.interval()


class StepDown:
    """Decides for both feeds what is left out; used by their threads.

    Parameters
    ----------
    enabled : bool
        Without it everything is always done.
    """

    def __init__(self, *, enabled: bool = True) -> None:
        self._enabled = enabled
        self._lock = threading.Lock()
        self._sides: dict[str, _Side] = {}
        self._step = 0
        self._judged_ns = 0
        self._settled_ns: int | None = None
        self._too_much = 0
        self._room_since_ns: int | None = None
        self._patience_s = _PATIENCE_S
        self._up_ns: int | None = None

    @property
    def reduced(self) -> Reduced:
        """What is left out now; empty: nothing."""
        return _STEPS[self._step]

    def plan(self, side: str, t_ns: int) -> Plan:
        """Return what to do with the next picture of a feed.

        Parameters
        ----------
        side : str
            "a" or "b".
        t_ns : int
            The picture's time.
        """
        with self._lock:
            seen = self._sides.setdefault(side, _Side())
            if seen.skipped >= self._step or t_ns - seen.body_ns >= _OLDEST_BODY_NS:
                seen.skipped, seen.body_ns = 0, t_ns
                body = True
            else:
                seen.skipped += 1
                body = False
            return Plan(body, _SMALL_SIDE if self._step == len(_STEPS) - 1 else None)

    def note(self, side: str, t_ns: int, *, done_ns: int, busy_ns: int, body: bool, fps: float) -> None:
        """Say how long one picture has taken.

        Parameters
        ----------
        side : str
            "a" or "b".
        t_ns, done_ns : int
            When it was captured (or due) and when its landmarks were there, on one clock.
        busy_ns : int
            The time that was worked on it.
        body : bool
            Whether the body was looked for.
        fps : float
            What the source states; NaN when it does not.
        """
        if not self._enabled:
            return
        with self._lock:
            seen = self._sides.setdefault(side, _Side())
            seen.interval_ns = 1e9 / fps if fps > 0 else math.nan
            seen.work.append((t_ns, float(done_ns - t_ns), float(busy_ns), body))
            if self._settled_ns is None:
                self._settled_ns = done_ns + _SETTLE_NS
            if done_ns >= self._settled_ns and done_ns - self._judged_ns >= _EVERY_NS:
                self._judged_ns = done_ns
                self._judge(done_ns)

    def _judge(self, now_ns: int) -> None:
        slow = any(side.too_much() for side in self._sides.values())
        self._too_much = self._too_much + 1 if slow else 0
        if self._too_much >= 2 and self._step < len(_STEPS) - 1:
            if self._up_ns is not None and now_ns - self._up_ns < 3e9 * self._patience_s:
                self._patience_s = min(2 * self._patience_s, _LONGEST_PATIENCE_S)
            self._go(self._step + 1, now_ns)
            return
        # One step back up: the body in every `_step`-th picture.
        room = self._step > 0 and all(side.expected(self._step) < _ROOM for side in self._sides.values())
        if not room:
            self._room_since_ns = None
        elif self._room_since_ns is None:
            self._room_since_ns = now_ns
        elif now_ns - self._room_since_ns >= self._patience_s * 1e9:
            self._up_ns = now_ns
            self._go(self._step - 1, now_ns)

    def _go(self, step: int, now_ns: int) -> None:
        self._step = step
        self._settled_ns = now_ns + _SETTLE_NS
        self._too_much, self._room_since_ns = 0, None
        for side in self._sides.values():
            side.work.clear()


def foreseen(full: float, without: float, *, interval: float) -> tuple[Reduced | None, float]:
    """Return what will be left out of live feeds, and the load that remains; None: even that is too much.

    Parameters
    ----------
    full, without : float
        How long a picture takes with the body and without it; any one unit.
    interval : float
        Time from one picture to the next, in the same unit.

    Examples
    --------
    >>> foreseen(40.0, 10.0, interval=33.3)[0]
    'body_second'
    """
    load = full / interval
    for every, step in enumerate(_STEPS, 1):
        load = (full + (every - 1) * without) / every / interval
        if load <= _TOO_MUCH:
            return step, load
    return None, load
