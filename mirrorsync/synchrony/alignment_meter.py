"""The live alignment channels: posture in both forms, expression, mutual gaze, each against chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment import (Alignment, Form, both_forms, expression_of_forms, form, posture_of_forms)
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
        # Before the beginning nothing was seen: weight 0.
        self._past_b = _PastForms(length)
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
        looking_a = self._looking_a.update(a, neutral_a)
        looking_b = self._looking_b.update(b, neutral_b)
        self._past_looking_b.push(np.array([looking_b]))

        of_a, of_b = form(a, seen_a, neutral_a), both_forms(b, seen_b, neutral_b)
        self._past_b.push(of_b)
        if self._ticks % self._step == 0:
            before = self._past_b.ago(self._delays)
            chance_postures, chance_faces = _compare(of_a, before, mirror=mirror)
            for name, values in zip(_POSTURES, chance_postures.value.T, strict=True):
                self._chance[name].update(values)
            self._chance["expression_alignment"].update(chance_faces.value)
            self._chance["mutual_gaze"].update(looking_a * self._past_looking_b.ago(self._delays)[:, 0])
        self._ticks += 1
        postures, faces = _compare(of_a, of_b, mirror=mirror)
        for k, name in enumerate(_POSTURES):
            self._put(name, float(postures.value[k]), float(postures.coverage[k]))
        self._put("expression_alignment", float(faces.value), float(faces.coverage))
        self._put_gaze(looking_a * looking_b)

    def _put(self, name: str, value: float, coverage: float) -> None:
        chance = self._chance[name]
        mean, sd = chance.mean, chance.sd
        self.scores[name] = SyncScore(
            value=value,
            coverage=coverage,
            chance_mean=mean,
            chance_sd=sd,
            level=chance_level(value, mean, sd),
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


class _PastForms:
    """The forms, flipped and as is, of the last ticks."""

    def __init__(self, length: int) -> None:
        nobody = np.full(N_FEATURES, np.nan)
        parts = both_forms(nobody, np.zeros(N_FEATURES), nobody).parts
        self._ends = np.cumsum([part.size for part in parts])[:-1]
        self._past = Past(length=length, width=sum(part.size for part in parts), before=0.0)

    def push(self, now: Form) -> None:
        self._past.push(np.concatenate([part.ravel() for part in now.parts]))

    def ago(self, delays: NDArray[np.intp]) -> Form:
        parts = np.split(self._past.ago(delays), self._ends, axis=1)
        return Form(*(part.reshape(delays.size, 2, -1) for part in parts))


def _compare(of_a: Form, of_b: Form, *, mirror: bool) -> tuple[Alignment, Alignment]:
    """Return posture in both forms, shape (…, 2), and expression in the form that counts, shape (…).

    NaN where too little was seen.
    """
    postures = posture_of_forms(of_a, of_b)
    faces = expression_of_forms(of_a, of_b.flipped if mirror else of_b.as_is)
    return _kept(postures, _MIN_POSTURE), _kept(faces, _MIN_EXPRESSION)


def _kept(alignment: Alignment, floor: float) -> Alignment:
    return Alignment(np.where(alignment.coverage >= floor, alignment.value, np.nan), alignment.coverage)
