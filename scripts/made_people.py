"""Made people: features that move like those of somebody in a call, and have to do with nobody else's.

Each feature is a smoothed AR(1) series around a place of its own, on top of slow shifts of posture, with the
jitter of landmarks: 0.004 shoulder widths, 0.25 degrees, 0.008 of a blendshape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import lfilter

from mirrorsync.tables import FEATURE_INDEX, FEATURES
from mirrorsync.types import FloatArray

__all__ = ["KINDS", "somebody"]

_TALK = tuple(
    FEATURE_INDEX[name]
    for name in (
        "jawOpen", "mouthFunnel", "mouthPucker", "mouthLowerDownLeft", "mouthLowerDownRight",
        "mouthUpperUpLeft", "mouthUpperUpRight", "mouthRollLower", "mouthShrugUpper", "mouthClose",
    )
)  # fmt: skip
_JITTER = {"deg": 0.25, "shoulder widths": 0.004, "ratio": 0.008, "log ratio": 0.004}
_SIZE = {"deg": 6.0, "shoulder widths": 0.06, "ratio": 0.12, "log ratio": 0.04}


def _smooth_ar(rng: np.random.Generator, n: int, hold_s: float, rate_hz: float) -> FloatArray:
    """Return a series with SD 1 that loses its memory over `hold_s`, without corners."""
    phi = np.exp(-1.0 / (hold_s * rate_hz))
    more = round(10 * hold_s * rate_hz)
    series = lfilter([1.0], [1.0, -phi], rng.standard_normal(n + more))
    series = gaussian_filter1d(series, 0.25 * hold_s * rate_hz)[more:]
    return np.asarray(series / max(float(series.std()), 1e-9))


def _bouts(rng: np.random.Generator, n: int, rate_hz: float, on_s: float, off_s: float) -> FloatArray:
    """Return 0–1: stretches of about `on_s` with pauses of about `off_s`, eased in and out."""
    out = np.zeros(n)
    at = -rng.exponential(off_s)
    while at < n / rate_hz:
        last = at + rng.uniform(0.5, 1.5) * on_s
        out[max(round(at * rate_hz), 0) : max(round(last * rate_hz), 0)] = 1.0
        at = last + rng.uniform(0.5, 1.5) * off_s
    return np.asarray(gaussian_filter1d(out, 0.3 * rate_hz))


def _places(rng: np.random.Generator, n: int, rate_hz: float, held_s: float) -> FloatArray:
    """Return a way of sitting that is kept for about `held_s`, in units of its own SD."""
    out = np.empty(n)
    at = 0
    while at < n:
        last = at + max(round(rng.exponential(held_s) * rate_hz), 1)
        out[at:last] = rng.standard_normal()
        at = last
    return np.asarray(gaussian_filter1d(out, 0.4 * rate_hz))


def _person(
    rng: np.random.Generator,
    n: int,
    rate_hz: float,
    *,
    quick_s: tuple[float, float],
    moving: tuple[float, float] | None,
    held_s: float,
    talking: bool,
) -> FloatArray:
    hold_s = rng.uniform(*quick_s)
    active = np.ones(n) if moving is None else _bouts(rng, n, rate_hz, *moving)
    talk = _bouts(rng, n, rate_hz, 6.0, 8.0) if talking else np.zeros(n)
    syllables = 0.5 + 0.5 * np.sin(np.cumsum(2 * np.pi * rng.uniform(3, 5.5, n) / rate_hz))
    own = rng.uniform(0.6, 1.4)  # how lively this one is
    out = np.empty((n, len(FEATURES)))
    for k, feature in enumerate(FEATURES):
        if feature.group == "quality":
            out[:, k] = 1.0
            continue
        size, jitter = _SIZE.get(feature.unit, 0.05), _JITTER.get(feature.unit, 0.01)
        move = own * size * active * _smooth_ar(rng, n, hold_s, rate_hz)
        seat = 0.7 * size * _places(rng, n, rate_hz, held_s)
        out[:, k] = move + seat + jitter * rng.standard_normal(n)
        if feature.group == "expression":
            out[:, k] = 0.1 + 0.8 * np.abs(move) * (rng.random() < 0.5) + 0.3 * seat
            if k in _TALK:
                out[:, k] += 0.25 * talk * syllables * rng.uniform(0.3, 1.0)
            out[:, k] = np.clip(out[:, k] + jitter * rng.standard_normal(n), 0.0, 1.0)
        elif feature.name in ("elbow_left", "elbow_right", "upper_arm_left", "upper_arm_right"):
            out[:, k] += 60.0
        elif feature.name == "openness":
            out[:, k] = np.clip(0.7 + out[:, k], 0.0, 1.0)
    breath = 2 * np.pi * np.cumsum(rng.normal(rng.normal(15, 3), 0.5, n)) / 60.0 / rate_hz
    out[:, FEATURE_INDEX["chest_velocity"]] = 0.02 * np.cos(breath) + 0.003 * rng.standard_normal(n)
    out[:, FEATURE_INDEX["shoulder_width"]] = 0.3
    return out


KINDS: Mapping[str, Callable[[np.random.Generator, int, float], FloatArray]] = MappingProxyType(
    {
        "always moving": lambda rng, n, hz: _person(
            rng, n, hz, quick_s=(0.3, 1.0), moving=None, held_s=30.0, talking=False
        ),
        "slow": lambda rng, n, hz: _person(
            rng, n, hz, quick_s=(1.0, 3.0), moving=None, held_s=60.0, talking=False
        ),
        "idle now and then": lambda rng, n, hz: _person(
            rng, n, hz, quick_s=(0.3, 1.0), moving=(6.0, 12.0), held_s=40.0, talking=False
        ),
        "talking": lambda rng, n, hz: _person(
            rng, n, hz, quick_s=(0.3, 1.0), moving=(8.0, 6.0), held_s=40.0, talking=True
        ),
    }
)
"""What kinds of people there are: from a generator, how many ticks and their rate to features."""


def somebody(kind: str, rng: np.random.Generator, seconds: float, rate_hz: float) -> FloatArray:
    """Return features, shape (n, n_features)."""
    return KINDS[kind](rng, round(seconds * rate_hz), rate_hz)
