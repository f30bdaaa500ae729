"""The known curves that animate the demo pair, and the script that says who follows whom.

Ground truth for tests and validation, in pure NumPy. A control's value is normalised: −1–1 for controls
that go both ways, 0–1 for the others (`CONTROLS`). Own left and right are the person's, as the portrait's
features have them, whatever way round the picture is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "BREATHS_PER_MIN",
    "CONTROLS",
    "CROSS_FADE_S",
    "DEFAULT_SECONDS",
    "LATERAL",
    "MIN_PHASE_S",
    "WHO",
    "Control",
    "Curve",
    "Phase",
    "breathing_curve",
    "ground_truth",
    "noise_curve",
    "script",
    "script_phases",
]

FloatArray = NDArray[np.float64]
Curve = Callable[[FloatArray], FloatArray]

WHO = ("you", "partner")
DEFAULT_SECONDS = 120.0
MIN_PHASE_S = 16.0
CROSS_FADE_S = 1.0
BREATHS_PER_MIN = {"you": 14.0, "partner": 19.0}

_BAND_HZ = (0.1, 0.8)
_TONES = 48
_SEEDS = {"you": 20_240, "partner": 77_003}


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that moves: its range, whether a mirror negates it, and where its movement lies.

    `low` is −1 or 0; `slope` tilts the spectrum (power falls as frequency to that power); `bias` shifts a
    one-sided control toward rest, in standard deviations.
    """

    name: str
    low: float
    lateral: bool
    meaning: str
    slope: float = 1.0
    bias: float = 0.0


CONTROLS: dict[str, Control] = {
    c.name: c
    for c in (
        Control("smile", 0.0, False, "0: mouth at ease, 1: broad smile.", bias=0.1),
        Control("jaw", 0.0, False, "0: closed, 1: mouth open.", slope=0.5, bias=0.3),
        Control("brows", 0.0, False, "0: at rest, 1: both brows raised.", slope=0.5, bias=0.3),
        Control("roll", -1.0, True, "Head tilt; positive toward own left shoulder."),
        Control("yaw", -1.0, True, "Head turn; positive toward own left."),
        Control("nod", -1.0, False, "Positive: chin up.", slope=0.5),
        Control("lean", -1.0, True, "Side lean of the upper body; positive toward own left.", slope=1.5),
        Control("scale", -1.0, False, "Lean forward; positive nearer.", slope=1.5),
        Control("breath", -1.0, False, "Chest; 1: full, −1: empty."),
    )
}
LATERAL: frozenset[str] = frozenset(c.name for c in CONTROLS.values() if c.lateral)


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of the script.

    Attributes
    ----------
    name : str
        Shown to people.
    start_s, duration_s : float
        Seconds since the first frame.
    lag_s : float
        Positive: the partner follows you by so much. NaN when the two are unrelated.
    kind : str
        "mirror" (you tilt toward your own left, the partner toward her own right), "anatomical" (same own
        side) or "unrelated".
    """

    name: str
    start_s: float
    duration_s: float
    lag_s: float
    kind: str

    @property
    def end_s(self) -> float:
        """End of the phase in seconds."""
        return self.start_s + self.duration_s


_STORY = (
    ("you lead", 0.8, "mirror"),
    ("partner leads", -0.5, "mirror"),
    ("unrelated", float("nan"), "unrelated"),
    ("mirrored", 0.3, "mirror"),
    ("anatomical", 0.3, "anatomical"),
)


def script(seconds: float = DEFAULT_SECONDS) -> tuple[Phase, ...]:
    """Return the phases that fill `seconds`, all of one length.

    All five are shown from 80 s on (24 s each in the default 120 s). A phase is never shorter than
    `MIN_PHASE_S`: with fewer seconds only the first phases are shown, and below 32 s only the first.

    Raises
    ------
    ValueError
        `seconds` is not a positive number.
    """
    if not (np.isfinite(seconds) and seconds > 0):
        raise ValueError(f"a script lasts a positive number of seconds, not {seconds}")
    count = int(np.clip(seconds // MIN_PHASE_S, 1, len(_STORY)))
    length = seconds / count
    return tuple(
        Phase(name, k * length, length, lag, kind) for k, (name, lag, kind) in enumerate(_STORY[:count])
    )


script_phases = script


@lru_cache(maxsize=64)
def _tones(seed: int, slope: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return angular frequencies, phases and amplitudes (unit variance) of a noise curve."""
    rng = np.random.default_rng(seed)
    low, high = _BAND_HZ
    # One tone drawn in each of equal slices: no two alike, no common period.
    hz = low + (np.arange(_TONES) + rng.random(_TONES)) * (high - low) / _TONES
    phase = rng.random(_TONES) * 2 * np.pi
    amplitude = hz ** (-slope / 2) * np.sqrt(rng.exponential(size=_TONES) + 0.2)
    amplitude *= np.sqrt(2 / np.sum(amplitude**2))
    return 2 * np.pi * hz, phase, amplitude


def noise_curve(seed: int, *, slope: float = 1.0, low: float = -1.0, bias: float = 0.0) -> Curve:
    """Return a smooth, aperiodic random curve, defined at every time and the same for the same seed.

    A sum of 48 tones at random frequencies of 0.1–0.8 Hz (the band of posture shifts, nods and changes of
    expression), softly limited by tanh. It does not repeat, because chance is estimated by shifting
    series in time.

    Parameters
    ----------
    seed : int
        Other seeds give independent curves.
    slope : float
        Power falls as frequency to this power.
    low : float
        Lower end of the range, −1 or 0; the upper end is 1.
    bias : float
        Moves a curve toward its lower end, in standard deviations.
    """
    omega, phase, amplitude = _tones(seed, slope)

    def curve(t_s: FloatArray) -> FloatArray:
        angle = np.multiply.outer(np.asarray(t_s, dtype=np.float64), omega) + phase
        limited = np.tanh(np.sin(angle) @ amplitude - bias)
        return np.asarray(low + (1.0 - low) * (limited + 1.0) / 2.0, dtype=np.float64)

    return curve


def breathing_curve(per_min: float) -> Curve:
    """Return a breathing chest, −1–1, at a steady rate of `per_min` breaths a minute."""

    def curve(t_s: FloatArray) -> FloatArray:
        return np.asarray(np.sin(2 * np.pi * per_min / 60.0 * np.asarray(t_s, np.float64)))

    return curve


def _own_curve(who: str, name: str) -> Curve:
    """Return the person's own, independent curve of a control."""
    if name == "breath":
        return breathing_curve(BREATHS_PER_MIN[who])
    control = CONTROLS[name]
    seed = _SEEDS[who] + list(CONTROLS).index(name)
    return noise_curve(seed, slope=control.slope, low=control.low, bias=control.bias)


def _weights(phases: tuple[Phase, ...], t_s: FloatArray) -> list[FloatArray]:
    """Return the share of each phase at each time; they sum to 1 and fade over `CROSS_FADE_S`."""
    edges = [phase.start_s for phase in phases[1:]]
    steps = [np.clip((t_s - edge) / CROSS_FADE_S + 0.5, 0.0, 1.0) for edge in edges]
    begun = [np.ones_like(t_s), *(s * s * (3.0 - 2.0 * s) for s in steps), np.zeros_like(t_s)]
    return [begun[k] - begun[k + 1] for k in range(len(phases))]


def ground_truth(
    who: str, t_s: ArrayLike, *, seconds: float = DEFAULT_SECONDS, breathing_per_min: float | None = None
) -> dict[str, FloatArray]:
    """Return every control of one of the demo pair at the given times.

    Inside a phase (half of `CROSS_FADE_S` from its ends) partner(t) = ±you(t − lag_s) exactly, with the
    minus for lateral controls of a mirrored phase; in an unrelated phase the partner has own curves.

    Parameters
    ----------
    who : str
        "you" or "partner".
    t_s : array_like
        Times in seconds since the first frame, any shape.
    seconds : float
        Length of the script, as for `script`.
    breathing_per_min : float, optional
        A steady breathing rate in place of the script's.

    Returns
    -------
    dict of str to ndarray
        By name of `CONTROLS`, each of the shape of `t_s`.
    """
    if who not in WHO:
        raise ValueError(f"who is 'you' or 'partner', not {who!r}")
    times = np.asarray(t_s, dtype=np.float64)
    phases = script(seconds)
    weights = _weights(phases, times)
    curves: dict[str, FloatArray] = {}
    for name in CONTROLS:
        leader = _own_curve("you", name)
        if name == "breath" and breathing_per_min is not None:
            curves[name] = breathing_curve(breathing_per_min)(times)
        elif who == "you":
            curves[name] = leader(times)
        else:
            total = np.zeros_like(times)
            for phase, weight in zip(phases, weights, strict=True):
                if phase.kind == "unrelated":
                    total += weight * _own_curve("partner", name)(times)
                else:
                    sign = -1.0 if phase.kind == "mirror" and name in LATERAL else 1.0
                    total += weight * sign * leader(times - phase.lag_s)
            curves[name] = total
    return curves
