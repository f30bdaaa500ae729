"""The chance level of a meter, and the one number with what it is made of."""

from __future__ import annotations

import math
from collections.abc import Mapping

from mirrorsync.settings import Settings
from mirrorsync.types import FloatArray, SyncScore

__all__ = ["RunningChance", "attunement", "chance_level", "weights"]


def chance_level(value: float, chance_mean: float, chance_sd: float) -> float:
    """Return where a meter stands: 0.5 + 0.5 · tanh((value − chance_mean) / (3 · chance_sd)).

    0.5 is what two unrelated people get, one chance SD above it is 0.66, three are 0.88. NaN when the
    value or the chance is not known.
    """
    return 0.5 + 0.5 * math.tanh((value - chance_mean) / (3.0 * chance_sd))


class RunningChance:
    """Mean and SD of what surrogates score, with a memory that fades exponentially.

    Parameters
    ----------
    memory : float
        Time constant in updates; until that many are in, all count alike.
    first : int
        Updates with data before the level counts as known.
    floor_sd : float
        The SD is never reported smaller than this: a level learnt from too even a stretch would turn
        any ripple into a triumph.
    held : float
        For how many updates a score usually holds, so that neighbours say the same: n updates are worth
        n / held independent ones, and the mean of so few is itself uncertain. The SD reported is that of
        one more moment, SD · √(1 + held / n).

    Attributes
    ----------
    mean, sd : float
        What chance scores and how much it scatters; NaN before there is enough.
    """

    def __init__(self, *, memory: float, first: int, floor_sd: float, held: float = 0.0) -> None:
        self._memory = max(memory, 1.0)
        self._first = first
        self._floor_sd = floor_sd
        self._held = held
        self.forget()

    def forget(self) -> None:
        """Start anew."""
        self._n = 0
        self._mean = 0.0
        self._square = 0.0
        self.mean = math.nan
        self.sd = math.nan

    def update(self, surrogates: FloatArray) -> None:
        """Add the surrogates' scores of one moment, shape (k,); NaN are passed over."""
        there = [value for value in surrogates.tolist() if value == value]
        if not there:
            return
        self._n += 1
        share = 1.0 / min(self._n, self._memory)
        self._mean += share * (sum(there) / len(there) - self._mean)
        self._square += share * (sum(value * value for value in there) / len(there) - self._square)
        if self._n >= self._first:
            self.mean = self._mean
            variance = max(self._square - self._mean * self._mean, 0.0)
            self.sd = max(math.sqrt(variance), self._floor_sd) * math.sqrt(1.0 + self._held / self._n)


def weights(settings: Settings, posture_channel: str) -> dict[str, float]:
    """Return channel to weight; of the two forms of posture only the one that is shown counts."""
    return {
        posture_channel: settings.weight_posture,
        "expression_alignment": settings.weight_expression,
        "head_synchrony": settings.weight_head,
        "body_synchrony": settings.weight_body,
        "expression_synchrony": settings.weight_face,
        "breathing_match": settings.weight_breathing,
        "mutual_gaze": settings.weight_gaze,
        "pace_match": settings.weight_pace,
    }


def attunement(
    levels: Mapping[str, float],
    coverages: Mapping[str, float],
    channel_weights: Mapping[str, float],
    *,
    min_coverage: float,
) -> SyncScore:
    """Return the weighted mean of the channels' levels; 0.5 is chance.

    A channel counts when its level is known, with its weight times its coverage. The coverage of the
    result is the share of the total weight that counted; the value is NaN where that stays below
    `min_coverage` times one half.

    Parameters
    ----------
    levels, coverages : mapping of str to float
        By channel: level 0–1 (NaN: unknown) and coverage 0–1.
    channel_weights : mapping of str to float
        By channel; those that are not in `levels` do not count.
    min_coverage : float
        As in `Settings.min_coverage`.
    """
    total = mass = weighted = 0.0
    for name, weight in channel_weights.items():
        total += weight
        level = levels.get(name, math.nan)
        if weight > 0 and math.isfinite(level):
            share = weight * coverages.get(name, 0.0)
            mass += share
            weighted += share * level
    coverage = mass / total if total > 0 else 0.0
    if mass <= 0 or coverage < 0.5 * min_coverage:
        return SyncScore(coverage=coverage)
    value = weighted / mass
    return SyncScore(value=value, coverage=coverage, chance_mean=0.5, level=value)
