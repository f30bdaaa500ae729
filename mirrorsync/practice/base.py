"""What the exercises have in common: a clock that is handed in, conditions that must hold, and storage.

An exercise is fed with `tick(now_s, …)`, `answer(…)` and `stop()` and gives back frozen values: its state
(what to show) and, at the end, a result (what to keep). Seconds come from the caller, so a test is its own
clock.
"""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from typing import Any, Protocol

from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import Features

__all__ = ["Hold", "State", "Stopwatch", "as_data", "seen_value"]

LONGEST_STEP_S = 0.5
"""Ticks further apart than this leave a gap of which nothing is known."""


class State(Protocol):
    """What every exercise shows: the keys are those of `mirrorsync.practice.texts`."""

    @property
    def phase(self) -> str:
        """Name of the phase."""

    @property
    def progress(self) -> float:
        """0–1 within the exercise or, where it has no end, within what is shown now."""

    @property
    def prompt(self) -> str:
        """Key of the sentence to show; empty for none."""

    @property
    def question(self) -> str:
        """Key of the question that waits for `answer`; empty for none."""


class Stopwatch:
    """Measures from tick to tick.

    Attributes
    ----------
    now_s : float
        Time of the newest tick; NaN before the first.
    """

    def __init__(self) -> None:
        self.now_s = math.nan

    def step(self, now_s: float) -> float:
        """Return the seconds since the last tick, 0 at the first.

        Raises
        ------
        ValueError
            `now_s` is not finite, or lies before the last tick.
        """
        if not math.isfinite(now_s) or now_s < self.now_s:
            raise ValueError(f"ticks must come in order of time; {now_s} came after {self.now_s}")
        passed = 0.0 if math.isnan(self.now_s) else now_s - self.now_s
        self.now_s = now_s
        return passed


class Hold:
    """For how long a condition has held.

    Only the time between two ticks that both say yes counts. A no ends it at once; not knowing lets it stand
    still, and ends it after `grace_s`. Ticks further apart than 0.5 s are not knowing, too.

    Parameters
    ----------
    grace_s : float
        For how long not knowing is put up with.
    """

    def __init__(self, *, grace_s: float = 0.5) -> None:
        self._grace_s = grace_s
        self._unknown_s = 0.0
        self._yes = False
        self.held_s = 0.0

    def update(self, passed_s: float, condition: bool | None) -> float:
        """Add a tick `passed_s` after the last; `condition` is None while unknown. Return seconds held."""
        gap = passed_s > LONGEST_STEP_S
        if condition is False:
            self.clear()
        elif condition is None or gap or not self._yes:
            self._unknown_s += passed_s
            if self._unknown_s > self._grace_s:
                self.held_s = 0.0
        else:
            self._unknown_s = 0.0
            self.held_s += passed_s
        self._yes = condition is True
        return self.held_s

    def clear(self) -> None:
        """Begin afresh."""
        self.held_s = self._unknown_s = 0.0
        self._yes = False


def seen_value(features: Features | None, name: str, *, min_visibility: float) -> float:
    """Return one feature by name; NaN when what it is measured on was not seen well enough."""
    if features is None:
        return math.nan
    index = FEATURE_INDEX[name]
    if not features.visibility[index] >= min_visibility:
        return math.nan
    return float(features.values[index])


def as_data(result: object) -> dict[str, Any]:
    """Return a result as what JSON can hold: mappings, lists, numbers and text; what is not known is None.

    Raises
    ------
    TypeError
        `result` is not one of the exercises' values.
    """
    if not is_dataclass(result) or isinstance(result, type):
        raise TypeError(f"{result!r} is not the result of an exercise")
    return {field.name: _plain(getattr(result, field.name)) for field in fields(result)}


def _plain(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return as_data(value)
    return value
