"""How alike the paces of two people are, against chance."""

from __future__ import annotations

import numpy as np

from mirrorsync.settings import Settings
from mirrorsync.synchrony.attunement import RunningChance, chance_level
from mirrorsync.synchrony.past import Past
from mirrorsync.types import FloatArray, SyncScore

__all__ = ["QUIET", "PaceMatch", "pace_match"]

QUIET = 0.06
"""Shoulder widths a second below which a person sits still: jitter of landmarks and half-seen hands."""

_RATIO = np.log(2.0)  # one twice as lively as the other: the match has fallen to 1/e
_FLOOR_SD = 0.05
_WINDOW_S = 10.0  # over which paces are averaged: B's past must be older than that to be another moment
_APART_S = 5.0


def pace_match(speed_a: FloatArray, speed_b: FloatArray) -> FloatArray:
    """Return exp(−(ln(speed_a / speed_b) / ln 2)²), 0–1; NaN where unknown, or where both sit still.

    Two people who both sit still match in nothing that could be measured, so nothing is said of them. A
    speed below `QUIET` counts as that.

    Parameters
    ----------
    speed_a, speed_b : ndarray, any shape
        Shoulder widths a second.
    """
    a, b = np.maximum(speed_a, QUIET), np.maximum(speed_b, QUIET)
    match = np.exp(-np.square(np.log(a / b) / _RATIO))
    return np.where((a > QUIET) | (b > QUIET) | np.isnan(a + b), match, np.nan)


class PaceMatch:
    """Scores the paces of two people at every tick, and what A now and B's past would have scored.

    The work is done once a second: paces are means over ten. B's past is older than such a mean, which is
    more than the other meters take, so the chance level is known only after a quarter of a minute.

    Parameters
    ----------
    settings : Settings
        Rate, number of surrogates and memory of the chance level.
    """

    def __init__(self, settings: Settings) -> None:
        self._every = max(round(settings.rate_hz), 1)
        first = _WINDOW_S + 2.0 * settings.lag_s + 1.0
        self._delays = np.array([round(first + _APART_S * k) for k in range(settings.surrogates)])
        self._past = Past(length=int(self._delays.max()) + 1, width=1)
        self._chance = RunningChance(memory=settings.chance_memory_s, first=3, floor_sd=_FLOOR_SD)
        self._ticks = 0
        self.score = SyncScore()

    def update(self, pace_a: tuple[float, float], pace_b: tuple[float, float]) -> SyncScore:
        """Add one tick's speed and coverage of both; return the newest score."""
        if self._ticks % self._every == 0:
            self._past.push(np.array([pace_b[0]]))
            a = np.array(pace_a[0])
            self._chance.update(pace_match(a, self._past.ago(self._delays)[:, 0]))
            value = float(pace_match(a, np.array(pace_b[0])))
            mean, sd = self._chance.mean, self._chance.sd
            self.score = SyncScore(
                value=value,
                coverage=min(pace_a[1], pace_b[1]),
                chance_mean=mean,
                chance_sd=sd,
                level=chance_level(value, mean, sd),
            )
        self._ticks += 1
        return self.score
