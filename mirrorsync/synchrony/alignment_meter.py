"""The live alignment channels: posture in both forms, expression, mutual gaze, each against chance."""

from __future__ import annotations

import math

import numpy as np

from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment import (
    Form,
    both_forms,
    expression_of_forms,
    posture_of_forms,
)
from mirrorsync.synchrony.attunement import RunningChance, chance_level
from mirrorsync.synchrony.gaze import Looking
from mirrorsync.synchrony.past import Past
from mirrorsync.tables import N_FEATURES
from mirrorsync.types import NO_SCORE, FloatArray, SyncScore

__all__ = ["AlignmentMeter"]

# Below these shares of the weight a score says nothing. Without arms, posture has about 0.6.
_MIN_POSTURE, _MIN_EXPRESSION = 0.3, 0.5
_FLOOR_SD = {
    "posture_alignment": 0.03,
    "posture_alignment_anatomical": 0.03,
    "expression_alignment": 0.05,
    "mutual_gaze": 0.1,
}
_GAZE_MEMORY_S = 5.0
_POSTURES = ("posture_alignment", "posture_alignment_anatomical")  # flipped, as is


class AlignmentMeter:
    """Scores how alike two people are at every tick, and what A now and B's past would have scored.

    Parameters
    ----------
    settings : Settings
        Rate, step and memory of the chance level.
    delays : sequence of int
        By how many ticks B's past is shifted.
    """

    def __init__(self, settings: Settings, delays: tuple[int, ...]) -> None:
        self._step = max(round(settings.step_s * settings.rate_hz), 1)
        self._delays = np.array(delays)
        length = max(delays) + 1
        self._past_b = Past(length=length, width=2 * N_FEATURES)
        self._past_looking_b = Past(length=length, width=1)
        memory = settings.chance_memory_s * settings.rate_hz / self._step
        first = max(round(3.0 * settings.rate_hz / self._step), 1)
        self._chance = {
            name: RunningChance(memory=memory, first=first, floor_sd=floor)
            for name, floor in _FLOOR_SD.items()
        }
        self._looking_a, self._looking_b = Looking(), Looking()
        self._gaze_share = math.nan
        self._gaze_fade = float(-np.expm1(-1.0 / (_GAZE_MEMORY_S * settings.rate_hz)))
        self._ticks = 0
        self.scores: dict[str, SyncScore] = dict.fromkeys(_FLOOR_SD, NO_SCORE)

    def update(
        self,
        a: FloatArray,
        b: FloatArray,
        seen_a: FloatArray,
        seen_b: FloatArray,
        *,
        neutral_a: FloatArray,
        neutral_b: FloatArray,
        mirror: bool,
    ) -> None:
        """Score one tick; see `scores`. Features, visibilities and neutrals have shape (n_features,)."""
        looking_a = self._looking_a.update(a, neutral_a)
        looking_b = self._looking_b.update(b, neutral_b)
        self._past_looking_b.push(looking_b)
        of_both = both_forms(np.array((a, b)), np.array((seen_a, seen_b)), np.array((neutral_a, neutral_b)))
        of_a = Form(of_both.values[0, 1], of_both.weights[0, 1])
        self._past_b.push(np.concatenate((b, seen_b)))

        learns = self._ticks % self._step == 0
        self._ticks += 1
        # B now, and once a step the moments of B's past as well: all from the neutral in force now, so that
        # a neutral which is still being learnt favours neither.
        values, weights = of_both.values[1:], of_both.weights[1:]
        if learns:
            past = self._past_b.ago(self._delays).reshape(-1, 2, N_FEATURES)
            before = both_forms(past[:, 0], past[:, 1], neutral_b)
            values, weights = (
                np.concatenate((values, before.values)),
                np.concatenate((weights, before.weights)),
            )
        of_b = Form(values, weights)
        postures = posture_of_forms(of_a, of_b, min_coverage=_MIN_POSTURE)
        faces = expression_of_forms(
            of_a, of_b.flipped if mirror else of_b.as_is, min_coverage=_MIN_EXPRESSION
        )
        for k, name in enumerate(_POSTURES):
            self._put(name, postures.value[:, k], float(postures.coverage[0, k]))
        self._put("expression_alignment", faces.value, float(faces.coverage[0]))
        if learns:
            self._chance["mutual_gaze"].update(looking_a * self._past_looking_b.ago(self._delays)[:, 0])
        self._put_gaze(looking_a * looking_b)

    def _put(self, name: str, values: FloatArray, coverage: float) -> None:
        """Score a channel from its value with B now and, where there are any, with B's past moments."""
        chance = self._chance[name]
        value = float(values[0])
        if values.size > 1:
            chance.update(values[1:])
        self.scores[name] = SyncScore(
            value=value,
            coverage=coverage,
            chance_mean=chance.mean,
            chance_sd=chance.sd,
            level=chance_level(value, chance.mean, chance.sd),
        )

    def _put_gaze(self, both: float) -> None:
        """The value is yes or no; the level is that of the share over the last seconds."""
        chance = self._chance["mutual_gaze"]
        known = not math.isnan(both)
        level = math.nan
        if known:
            share = self._gaze_share
            self._gaze_share = both if math.isnan(share) else share + self._gaze_fade * (both - share)
            level = chance_level(self._gaze_share, chance.mean, chance.sd)
        self.scores["mutual_gaze"] = SyncScore(
            value=both,
            coverage=1.0 if known else 0.0,
            chance_mean=chance.mean,
            chance_sd=chance.sd,
            level=level,
        )
