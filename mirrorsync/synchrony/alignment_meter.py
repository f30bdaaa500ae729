"""The live alignment channels: posture in both forms, expression, mutual gaze, each against chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment import Alignment, expression_alignment, posture_alignment
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
        self._past_b = Past(length=length, width=N_FEATURES)
        self._past_seen_b = Past(length=length, width=N_FEATURES)
        self._past_looking_b = Past(length=length, width=1)
        memory = settings.chance_memory_s * settings.rate_hz / self._step
        first = max(round(3.0 * settings.rate_hz / self._step), 1)
        self._chance = {
            name: RunningChance(memory=memory, first=first, floor_sd=floor)
            for name, floor in _FLOOR_SD.items()
        }
        self._looking_a, self._looking_b = Looking(), Looking()
        self._gaze_share = float("nan")
        self._gaze_fade = -np.expm1(-1.0 / (_GAZE_MEMORY_S * settings.rate_hz))
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
        self._past_b.push(b)
        self._past_seen_b.push(seen_b)
        looking_a = self._looking_a.update(a, neutral_a)
        looking_b = self._looking_b.update(b, neutral_b)
        self._past_looking_b.push(np.array([looking_b]))

        def posture(b: FloatArray, seen: FloatArray, *, mirror: bool) -> Alignment:
            return posture_alignment(
                a, b, seen_a, seen, neutral_a=neutral_a, neutral_b=neutral_b, mirror=mirror
            )

        def expression(b: FloatArray) -> Alignment:
            return expression_alignment(a, b, neutral_a=neutral_a, neutral_b=neutral_b, mirror=mirror)

        if self._ticks % self._step == 0:
            before, before_seen = self._past_b.ago(self._delays), self._past_seen_b.ago(self._delays)
            before_seen = np.nan_to_num(before_seen)
            for name, form in (("posture_alignment", True), ("posture_alignment_anatomical", False)):
                self._chance[name].update(
                    _kept(posture(before, before_seen, mirror=form), _MIN_POSTURE).value
                )
            self._chance["expression_alignment"].update(_kept(expression(before), _MIN_EXPRESSION).value)
            self._chance["mutual_gaze"].update(looking_a * self._past_looking_b.ago(self._delays)[:, 0])
        self._ticks += 1
        for name, form in (("posture_alignment", True), ("posture_alignment_anatomical", False)):
            self._put(name, _kept(posture(b, seen_b, mirror=form), _MIN_POSTURE))
        self._put("expression_alignment", _kept(expression(b), _MIN_EXPRESSION))
        self._put_gaze(looking_a * looking_b)

    def _put(self, name: str, now: Alignment) -> None:
        chance, value = self._chance[name], float(now.value)
        self.scores[name] = SyncScore(
            value=value,
            coverage=float(now.coverage),
            chance_mean=chance.mean,
            chance_sd=chance.sd,
            level=chance_level(value, chance.mean, chance.sd),
        )

    def _put_gaze(self, both: float) -> None:
        """The value is yes or no; the level is that of the share over the last seconds."""
        known = np.isfinite(both)
        if known:
            share = self._gaze_share
            self._gaze_share = both if np.isnan(share) else share + self._gaze_fade * (both - share)
        chance = self._chance["mutual_gaze"]
        score = SyncScore(
            value=both,
            coverage=1.0 if known else 0.0,
            chance_mean=chance.mean,
            chance_sd=chance.sd,
        )
        if known:
            score = replace(score, level=chance_level(self._gaze_share, chance.mean, chance.sd))
        self.scores["mutual_gaze"] = score


def _kept(alignment: Alignment, floor: float) -> Alignment:
    """Return the alignment with NaN where too little was seen."""
    return Alignment(np.where(alignment.coverage >= floor, alignment.value, np.nan), alignment.coverage)
