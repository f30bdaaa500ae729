"""Plain words for what is visible in a face, and at most a tentative name for the pattern they form.

Rules over blendshapes minus the person's own neutral, grouped into the action units of FACS and combined
after EMFACS (Friesen & Ekman, 1983). **It names expression patterns; it detects no emotion** and says
nothing about what a person feels: people smile without joy and are sad without showing it.

Limits of MediaPipe's blendshapes. On the built-in portrait, smiling, dropping the jaw and raising the brows
to the full, `noseSneer`, `cheekPuff`, `cheekSquint` and `mouthFrown` stayed below 0.001 and `eyeWide` below
0.09 (`mouthDimple` reached 0.16). So "eyes wide", "nose wrinkled" and "corners of the mouth down" are seldom
said, and `anger`, `sad`, `fear` and `disgust`, which need them, are out of reach for nearly everybody;
`contempt` is rare. That leaves `happy`, with eyeSquint in place of the cheeks, and `surprise`, which does
without its upper lids (AU 5) because they would silence it always. Silence is therefore never evidence
against a pattern.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import FloatArray

__all__ = ["PATTERNS", "WORDS", "ExpressionWords", "Reading", "Said"]

# Action units from the means of these blendshapes; L and R are the sides.
_UNITS: dict[str, tuple[str, ...]] = {
    "1": ("browInnerUp",),
    "2": ("browOuterUpLeft", "browOuterUpRight"),
    "4": ("browDownLeft", "browDownRight"),
    "5": ("eyeWideLeft", "eyeWideRight"),
    "7": ("eyeSquintLeft", "eyeSquintRight"),  # stands for 6 too: cheekSquint does not move
    "9": ("noseSneerLeft", "noseSneerRight"),
    "12L": ("mouthSmileLeft",),
    "12R": ("mouthSmileRight",),
    "14L": ("mouthDimpleLeft",),
    "14R": ("mouthDimpleRight",),
    "15": ("mouthFrownLeft", "mouthFrownRight"),
    "16": ("mouthLowerDownLeft", "mouthLowerDownRight"),
    "18": ("mouthPucker",),
    "20": ("mouthStretchLeft", "mouthStretchRight"),
    "23": ("mouthPressLeft", "mouthPressRight"),
    "26": ("jawOpen",),
    "43": ("eyeBlinkLeft", "eyeBlinkRight"),
}
_UNIT = {name: i for i, name in enumerate(_UNITS)}
# A rise of a unit by this much is full strength.
_FULL = {"4": 0.4, "5": 0.3, "7": 0.3, "9": 0.3, "14L": 0.3, "14R": 0.3, "15": 0.3, "23": 0.4}
_FULL_ELSE = 0.5

# name: (words, units); a word is as strong as the weakest of its units.
WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "smile": ("a smile", ("12L", "12R")),
    "brows_up": ("brows raised", ("1", "2")),
    "brows_down": ("brows drawn together", ("4",)),
    "jaw_dropped": ("jaw dropped", ("26",)),
    "eyes_narrow": ("eyes narrowed", ("7",)),
    "eyes_wide": ("eyes wide", ("5",)),
    "eyes_closed": ("eyes closed", ("43",)),
    "lips_pressed": ("lips pressed together", ("23",)),
    "lips_pursed": ("lips pursed", ("18",)),
    "lips_stretched": ("lips stretched", ("20",)),
    "corners_down": ("corners of the mouth down", ("15",)),
    "lower_lip_down": ("lower lip drawn down", ("16",)),
    "nose_wrinkled": ("nose wrinkled", ("9",)),
}
"""What may be said to be visible: name to words and action units."""

PATTERNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "happy": ("a happy-looking pattern", ("7", "12L", "12R")),
    "sad": ("a sad-looking pattern", ("1", "4", "15")),
    "surprise": ("a surprised-looking pattern", ("1", "2", "26")),
    "anger": ("an angry-looking pattern", ("4", "5", "7", "23")),
    "fear": ("a frightened-looking pattern", ("1", "2", "4", "5", "7", "20", "26")),
    "disgust": ("a disgusted-looking pattern", ("9", "15", "16")),
    "contempt": ("a contemptuous-looking pattern", ("12L", "14L")),
}
"""Tentative names after EMFACS: 6+12, 1+4+15, 1+2(+5)+26, 4+5+7+23, 1+2+4+5+7+20+26, 9+15+16, 12+14.

Only an invitation to look again: show them as a question, if at all.
"""

_N_WORDS = len(WORDS)
_TEXTS = [(name, text) for name, (text, _) in (WORDS | PATTERNS).items()]
_ONE_SIDED = _N_WORDS + list(PATTERNS).index("contempt")


def _mixing() -> tuple[FloatArray, NDArray[np.intp]]:
    """Return the matrix of units from features, each scaled to full strength, and the columns in use."""
    mix = np.zeros((len(_UNITS), len(FEATURE_INDEX)))
    for unit, shapes in _UNITS.items():
        for shape in shapes:
            mix[_UNIT[unit], FEATURE_INDEX[shape]] = 1.0 / len(shapes) / _FULL.get(unit, _FULL_ELSE)
    used = np.flatnonzero(mix.any(axis=0))
    return np.ascontiguousarray(mix[:, used]), used


_MIX, _USED = _mixing()
_LONGEST = max(len(units) for _, units in (WORDS | PATTERNS).values())
# Each rule's units, the last one repeated: the minimum over a row is the rule's strength.
_RULES = np.array(
    [
        [_UNIT[unit] for unit in units] + [_UNIT[units[-1]]] * (_LONGEST - len(units))
        for _, units in (WORDS | PATTERNS).values()
    ]
)
_OTHER_SIDE = [_UNIT["12R"], _UNIT["14R"]]


@dataclass(frozen=True, slots=True)
class Said:
    """Something that has been visible for a while.

    Attributes
    ----------
    name : str
        A key of `WORDS` or `PATTERNS`.
    words : str
        To show.
    strength : float
        0–1, of its weakest part; 1 is a full expression.
    held_s : float
        How long it has been there, seconds.
    """

    name: str
    words: str
    strength: float
    held_s: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What is visible now: words with the strongest first, a pattern or none, and the coverage.

    `coverage` (0–1) is the share of the rules' blendshapes that were seen and have a neutral.
    """

    words: tuple[Said, ...] = ()
    pattern: Said | None = None
    coverage: float = 0.0


class ExpressionWords:
    """Reads one person's face tick by tick, from the past only.

    Parameters
    ----------
    rate_hz : float
        Rate of the ticks that come in.
    hold_s : float
        A word is said once its strength has stayed above `on` (with dips not below `off`) so long.
    release_s : float
        It is taken back once its strength has been below `off`, or the face lost, so long.
    on, off : float
        Strengths, 0–1.
    """

    def __init__(
        self, *, rate_hz: float, hold_s: float = 1.0, release_s: float = 0.4, on: float = 0.5,
        off: float = 0.3,
    ) -> None:  # fmt: skip
        self._rate_hz = rate_hz
        self._hold = max(round(hold_s * rate_hz), 1)
        self._release = max(round(release_s * rate_hz), 1)
        self._on, self._off = on, off
        self._held = [0] * len(_TEXTS)  # ticks since it rose above `on`, 0: not up
        self._below = [0] * len(_TEXTS)  # ticks in a row below `off`

    def update(self, values: FloatArray, neutral: FloatArray) -> Reading:
        """Add one tick; return what is visible.

        Parameters
        ----------
        values, neutral : ndarray, shape (n_features,)
            Features now and at rest; NaN where missing or not known.
        """
        found, coverage = _strengths(values, neutral)
        strengths: list[float] = found.tolist()
        said = [i for i, strength in enumerate(strengths) if self._holds(i, strength)]
        if not said:
            return Reading(coverage=coverage)
        return self._reading(said, strengths, coverage)

    def _holds(self, i: int, strength: float) -> bool:
        """Go on counting for one rule; return whether it is to be said. A strength of NaN is not up."""
        held = self._held[i]
        up = strength >= (self._off if held else self._on)
        self._below[i] = 0 if up else self._below[i] + 1
        # What is not said yet must hold without a break; what is said is let go only after a while.
        stays = up or (held >= self._hold and self._below[i] < self._release)
        self._held[i] = held + 1 if stays else 0
        return self._held[i] >= self._hold

    def _reading(self, said: list[int], strengths: list[float], coverage: float) -> Reading:
        def one(i: int) -> Said:
            strength = strengths[i] if math.isfinite(strengths[i]) else 0.0
            return Said(*_TEXTS[i], strength, self._held[i] / self._rate_hz)

        words = sorted((one(i) for i in said if i < _N_WORDS), key=lambda word: -word.strength)
        # The pattern that explains most is the one with most parts; strength decides between equals.
        patterns = sorted(
            (one(i) for i in said if i >= _N_WORDS),
            key=lambda pattern: (-len(PATTERNS[pattern.name][1]), -pattern.strength),
        )
        return Reading(tuple(words), patterns[0] if patterns else None, coverage)


def _strengths(values: FloatArray, neutral: FloatArray) -> tuple[FloatArray, float]:
    """Return the strength of each rule (words, then patterns), NaN where unknown, and the coverage."""
    rise = values[_USED] - neutral[_USED]
    coverage = 1.0
    units = _MIX @ rise
    if math.isnan(units.sum()):
        lost = np.isnan(rise)
        coverage = 1.0 - float(lost.mean())
        units = _MIX @ np.where(lost, 0.0, rise)
        units[(_MIX > 0) @ lost] = np.nan
    units = np.minimum(np.maximum(units, 0.0), 1.0)
    strength: FloatArray = units[_RULES].min(axis=1)
    strength[_ONE_SIDED] = abs(strength[_ONE_SIDED] - units[_OTHER_SIDE].min())
    return strength, coverage
