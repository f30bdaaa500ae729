"""The pipeline itself: a pair in, a snapshot out. Live and offline differ only in where pairs come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from mirrorsync.features.baseline import Baseline
from mirrorsync.features.breathing import BreathEstimate, BreathingRate
from mirrorsync.settings import Settings
from mirrorsync.synchrony.scorer import Scorer
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import Features, FloatArray, Pair, Snapshot

__all__ = ["Engine"]

_CHEST = FEATURE_INDEX["chest_velocity"]
_NOTHING = Features(0, np.full(N_FEATURES, np.nan), np.zeros(N_FEATURES))


class _Person:
    """What the engine remembers of one person: the neutral and the breath."""

    def __init__(self, settings: Settings) -> None:
        self._baseline = Baseline(rate_hz=settings.rate_hz, learn_s=settings.baseline_s)
        self._breathing = BreathingRate(rate_hz=settings.rate_hz)
        self.breath = BreathEstimate()

    def learn(self, values: FloatArray) -> FloatArray:
        return self._baseline.update(values)

    def breathe(self, values: FloatArray, body_speed: float) -> None:
        self.breath = self._breathing.update(float(values[_CHEST]), body_speed)


class Engine:
    """Scores pairs in the order of their ticks.

    Parameters
    ----------
    settings : Settings
        All that the scores depend on beside the pairs.
    """

    def __init__(self, settings: Settings) -> None:
        self._scorer = Scorer(settings)
        self._a, self._b = _Person(settings), _Person(settings)

    def step(self, pair: Pair) -> Snapshot:
        """Score one tick; ticks must come in order, none left out."""
        a, b = pair.a or _NOTHING, pair.b or _NOTHING
        scored = self._scorer.update(
            a.values,
            b.values,
            a.visibility,
            b.visibility,
            neutral_a=self._a.learn(a.values),
            neutral_b=self._b.learn(b.values),
            breath_a=(self._a.breath.rate_per_min, self._a.breath.coverage),
            breath_b=(self._b.breath.rate_per_min, self._b.breath.coverage),
        )
        speed_a, speed_b = self._scorer.body_speeds
        self._a.breathe(a.values, speed_a)
        self._b.breathe(b.values, speed_b)
        return Snapshot(
            pair=pair,
            scores=scored.scores,
            leader=scored.leader,
            lag_s=scored.lag_s,
            mirror_mode=scored.mirror_mode,
            windows=scored.windows,
        )

    def run(self, pairs: Iterable[Pair]) -> Iterator[Snapshot]:
        """Score pairs as they come."""
        for pair in pairs:
            yield self.step(pair)
