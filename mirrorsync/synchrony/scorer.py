"""The streaming scorer: features of two people in, all scores out, in constant time and memory a tick."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment_meter import AlignmentMeter
from mirrorsync.synchrony.attunement import attunement, chance_level, weights
from mirrorsync.synchrony.movement import SIGNALS, Movement
from mirrorsync.synchrony.pace import PaceMatch
from mirrorsync.synchrony.synchrony_meter import SynchronyMeter
from mirrorsync.types import FloatArray, SyncScore, WindowRow

__all__ = ["BREATH_CHANCE_MEAN", "BREATH_CHANCE_SD", "Scored", "Scorer", "breathing_match"]

# Two rates drawn from adults at rest, N(15, 3) a minute each: mean and SD of exp(−(Δ/3)²).
_BREATH_SIGMA = 3.0
BREATH_CHANCE_MEAN, BREATH_CHANCE_SD = 0.447, 0.365
_BODY = SIGNALS.index("body_speed")
_MIRROR_MEMORY_S = 8.0
_MIRROR_MARGIN = 0.1


@dataclass(frozen=True, slots=True)
class Scored:
    """All scores of one tick; see `mirrorsync.types.Snapshot` for the meaning of each."""

    scores: Mapping[str, SyncScore]
    leader: str
    lag_s: float
    mirror_mode: str
    windows: tuple[WindowRow, ...]


class Scorer:
    """Scores two people tick by tick, always from the past only.

    Parameters
    ----------
    settings : Settings
        The scores depend on these alone.

    Attributes
    ----------
    body_speeds : (float, float)
        How fast A and B moved at the last tick, shoulder widths a second.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._movement = Movement(rate_hz=settings.rate_hz, smooth_s=settings.smooth_s)
        self._synchrony = SynchronyMeter(settings)
        self._alignment = AlignmentMeter(settings)
        self._pace = PaceMatch(settings)
        self._mirror = settings.mirror
        self._mode = "anatomical" if settings.mirror == "anatomical" else "mirror"
        self._evidence = 0.0
        self.body_speeds = float("nan"), float("nan")
        self._weights = {
            posture: weights(settings, posture)
            for posture in ("posture_alignment", "posture_alignment_anatomical")
        }
        self._evidence_fade = float(-np.expm1(-1.0 / (_MIRROR_MEMORY_S * settings.rate_hz)))

    def set_mirror(self, choice: str) -> None:
        """Compare from the next tick on as "mirror" image, "anatomical", or by what fits better ("auto").

        Raises
        ------
        SettingsError
            `choice` is none of these.
        """
        self._mirror = self._settings.with_(mirror=choice).mirror
        if choice != "auto":
            self._mode = choice

    def update(
        self,
        a: FloatArray,
        b: FloatArray,
        seen_a: FloatArray,
        seen_b: FloatArray,
        *,
        neutral_a: FloatArray,
        neutral_b: FloatArray,
        firm: bool = True,
        breath_a: tuple[float, float] = (float("nan"), 0.0),
        breath_b: tuple[float, float] = (float("nan"), 0.0),
        pace_a: tuple[float, float] = (float("nan"), 0.0),
        pace_b: tuple[float, float] = (float("nan"), 0.0),
    ) -> Scored:
        """Score one tick.

        Parameters
        ----------
        a, b : ndarray, shape (n_features,)
            Features on the common clock, NaN where missing.
        seen_a, seen_b : ndarray, shape (n_features,)
            Visibilities, 0–1.
        neutral_a, neutral_b : ndarray, shape (n_features,)
            Each person's neutral, NaN where not known yet.
        firm : bool
            Whether both neutrals are known well enough to tell alignment from chance; while they are not,
            posture and expression have a value and no level.
        breath_a, breath_b : (float, float)
            Breathing rate a minute and its coverage.
        pace_a, pace_b : (float, float)
            Speed of moving, shoulder widths a second, and its coverage.
        """
        mirror = self._mode == "mirror"
        signals_a, signals_b = self._movement.update(np.array((a, b)))
        self.body_speeds = float(signals_a[_BODY]), float(signals_b[_BODY])
        self._synchrony.update(signals_a, signals_b, mirror=mirror)
        self._alignment.update(
            a, b, seen_a, seen_b, neutral_a=neutral_a, neutral_b=neutral_b, firm=firm, mirror=mirror
        )
        scores = dict(self._alignment.scores)
        scores.update(self._synchrony.scores)
        scores["breathing_match"] = breathing_match(breath_a, breath_b)
        scores["pace_match"] = self._pace.update(pace_a, pace_b)
        posture = "posture_alignment" if mirror else "posture_alignment_anatomical"
        channel_weights = self._weights[posture]
        scores["attunement"] = attunement(
            {name: scores[name].level for name in channel_weights},
            {name: scores[name].coverage for name in channel_weights},
            channel_weights,
            min_coverage=self._settings.min_coverage,
        )
        mode = self._mode
        self._choose_mode(scores)
        return Scored(scores, self._synchrony.leader, self._synchrony.lag_s, mode, self._synchrony.rows)

    def _choose_mode(self, scores: Mapping[str, SyncScore]) -> None:
        """Take the form that has fitted better for a while; a margin keeps it from flickering."""
        if self._mirror != "auto":
            return
        posture = scores["posture_alignment"].value - scores["posture_alignment_anatomical"].value
        now = self._synchrony.mirror_evidence + (posture if math.isfinite(posture) else 0.0)
        self._evidence += self._evidence_fade * (now - self._evidence)
        if self._evidence > _MIRROR_MARGIN:
            self._mode = "mirror"
        elif self._evidence < -_MIRROR_MARGIN:
            self._mode = "anatomical"


def breathing_match(breath_a: tuple[float, float], breath_b: tuple[float, float]) -> SyncScore:
    """Return how close two breathing rates are: exp(−(Δ/3)²), Δ in breaths a minute.

    Chance is what two adults at rest would score, their rates drawn from N(15, 3) a minute.

    Parameters
    ----------
    breath_a, breath_b : (float, float)
        Rate a minute (NaN: not known) and coverage 0–1.
    """
    (rate_a, coverage_a), (rate_b, coverage_b) = breath_a, breath_b
    coverage = min(coverage_a, coverage_b)
    value = math.exp(-(((rate_a - rate_b) / _BREATH_SIGMA) ** 2))
    return SyncScore(
        value=value,
        coverage=coverage,
        chance_mean=BREATH_CHANCE_MEAN,
        chance_sd=BREATH_CHANCE_SD,
        level=chance_level(value, BREATH_CHANCE_MEAN, BREATH_CHANCE_SD),
    )
