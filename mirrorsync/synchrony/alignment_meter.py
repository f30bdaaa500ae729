"""The live alignment channels: posture in both forms, expression, mutual gaze, each against chance."""

from __future__ import annotations

import math

import numpy as np

from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment import (
    MIN_EXPRESSION,
    MIN_POSTURE,
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

__all__ = ["FAR_S", "HELD_S", "AlignmentMeter"]

FAR_S = 300.0
"""How far back the moments lie, at most, that make up chance: two who hold the same form for less are seen
to; after longer it is how they sit."""
HELD_S = 20.0
"""How long people hold a posture, roughly: what chance scores is known the better, the more of these."""

_FLOOR_SD = {
    "posture_alignment": 0.03,
    "posture_alignment_anatomical": 0.03,
    "expression_alignment": 0.05,
    "mutual_gaze": 0.1,
}
_GAZE_MEMORY_S = 5.0
_POSTURES = ("posture_alignment", "posture_alignment_anatomical")  # flipped, as is
_FORMS = (*_POSTURES, "expression_alignment")
_EVERY_S = 1.0  # moments are kept and crossed so often: forms do not change faster than that
_VALUES, _SEEN, _LOOKS = slice(N_FEATURES), slice(N_FEATURES, -1), -1


class AlignmentMeter:
    """Scores how alike two people are at every tick, and what they would have scored at different moments.

    Chance: A now with B at moments spread evenly over the session so far (the last `FAR_S` at most), and B
    now with A at these. Both ways, since somebody who moves away from the neutral is less like anybody, and
    that must not count against the pair.

    Parameters
    ----------
    settings : Settings
        Rate, number of moments and memory of the chance level.
    """

    def __init__(self, settings: Settings) -> None:
        self._step = max(round(_EVERY_S * settings.rate_hz), 1)
        per_s = settings.rate_hz / self._step
        self._spread = np.linspace(0.0, 1.0, settings.surrogates)
        self._near = max(round((2.0 * settings.lag_s + 1.0) * per_s), 1)
        self._far = round(FAR_S * per_s)
        self._past = Past(length=self._far + 1, width=2 * (2 * N_FEATURES + 1))
        self._kept = 0
        self._chance = {
            name: RunningChance(
                memory=settings.chance_memory_s * per_s,
                first=max(round(3.0 * per_s), 1),
                floor_sd=floor,
                held=HELD_S * per_s if name in _FORMS else 0.0,
            )
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
        firm: bool = True,
    ) -> None:
        """Score one tick; see `scores`. Features, visibilities and neutrals have shape (n_features,).

        While the neutrals are not `firm` posture and expression have no level, and nothing is learnt of
        chance: near a neutral that was just learnt everybody is alike.
        """
        looking_a = self._looking_a.update(a, neutral_a)
        looking_b = self._looking_b.update(b, neutral_b)
        neutrals = np.array((neutral_a, neutral_b))
        now = both_forms(np.array((a, b)), np.array((seen_a, seen_b)), neutrals)
        of_a = Form(now.values[:1, 1], now.weights[:1, 1])
        of_b = Form(now.values[1:], now.weights[1:])
        if not firm:
            for name in _FORMS:
                self._chance[name].forget()
        if self._ticks % self._step == 0:
            self._past.push(np.concatenate((a, seen_a, [looking_a], b, seen_b, [looking_b])))
            past = self._moments()
            if firm and len(past):
                # Everything from the neutrals in force now, so that one still being learnt favours neither.
                of_a, of_b = _crossed(
                    of_a, of_b, both_forms(past[:, :, _VALUES], past[:, :, _SEEN], neutrals)
                )
            looked = past[:, :, _LOOKS]
            self._chance["mutual_gaze"].update(np.append(looking_a * looked[:, 1], looked[:, 0] * looking_b))
        self._ticks += 1
        postures = posture_of_forms(
            Form(of_a.values[:, None], of_a.weights[:, None]), of_b, min_coverage=MIN_POSTURE
        )
        faces = expression_of_forms(of_a, of_b.flipped if mirror else of_b.as_is, min_coverage=MIN_EXPRESSION)
        for k, name in enumerate(_POSTURES):
            self._put(name, postures.value[:, k], float(postures.coverage[0, k]))
        self._put("expression_alignment", faces.value, float(faces.coverage[0]))
        self._put_gaze(looking_a * looking_b)

    def _moments(self) -> FloatArray:
        """Return what both were at moments that are over, shape (k, 2, 2 · n_features + 1)."""
        oldest = min(self._kept, self._far)
        self._kept += 1
        spread = self._spread if oldest >= self._near else self._spread[:0]
        back = np.rint(self._near + (oldest - self._near) * spread).astype(np.intp)
        return self._past.ago(back).reshape(-1, 2, 2 * N_FEATURES + 1)

    def _put(self, name: str, values: FloatArray, coverage: float) -> None:
        """Score a channel from its value now and, where there are any, from those of crossed moments."""
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


def _crossed(a: Form, b: Form, past: Form) -> tuple[Form, Form]:
    """Return now with now, then A now with B then, then A then with B now.

    Parameters
    ----------
    a : Form, shape (1, n_compared)
        A now.
    b : Form, shape (1, 2, n_compared)
        B now, both forms.
    past : Form, shape (k, 2, 2, n_compared)
        Of each moment and person both forms.
    """
    k = len(past.values)
    as_was = past.as_is
    return (
        Form(
            np.concatenate((a.values.repeat(1 + k, axis=0), as_was.values[:, 0])),
            np.concatenate((a.weights.repeat(1 + k, axis=0), as_was.weights[:, 0])),
        ),
        Form(
            np.concatenate((b.values, past.values[:, 1], b.values.repeat(k, axis=0))),
            np.concatenate((b.weights, past.weights[:, 1], b.weights.repeat(k, axis=0))),
        ),
    )
