"""Known breath in, its rate out; and silence where there is none to be told."""

from __future__ import annotations

import numpy as np
import pytest

from mirrorsync.features.breathing import BreathEstimate, BreathingRate
from mirrorsync.types import FloatArray

RATE_HZ = 25.0
STILL = 0.02


def breath(per_min: float, seconds: float = 30.0, *, noise: float = 0.02, seed: int = 0) -> FloatArray:
    """Chest velocity of a breath of 0.02 shoulder widths, not quite a sine, with noise of a webcam."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * per_min / 60 * t
    rng = np.random.default_rng(seed)
    lift = 0.02 * (np.sin(phase) + 0.2 * np.sin(2 * phase + 1))
    return np.gradient(lift, 1 / RATE_HZ) + noise * rng.normal(size=t.size)


def measure(velocity: FloatArray, speed: FloatArray | float = STILL) -> BreathEstimate:
    meter = BreathingRate(rate_hz=RATE_HZ)
    for v, s in zip(velocity, np.broadcast_to(speed, velocity.shape), strict=True):
        estimate = meter.update(float(v), float(s))
    return estimate


@pytest.mark.parametrize("per_min", [8, 10, 12.5, 15, 18, 21.3, 24])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_rate_is_found_within_one_a_minute(per_min: float, seed: int) -> None:
    estimate = measure(breath(per_min, seed=seed))
    assert estimate.rate_per_min == pytest.approx(per_min, abs=1.0)
    assert estimate.coverage == 1.0
    assert estimate.quality > 0.5


def test_gaps_and_a_hand_before_the_chest_do_not_change_it() -> None:
    velocity = breath(15)
    velocity[100:140] = np.nan
    velocity[500:505] = 3.0
    estimate = measure(velocity)
    assert estimate.rate_per_min == pytest.approx(15, abs=1.0)
    assert 0.9 <= estimate.coverage <= 1.0


def test_silent_while_the_person_moves() -> None:
    assert np.isnan(measure(breath(15), speed=1.0).rate_per_min)
    assert measure(breath(15), speed=1.0).coverage == 0.0
    assert np.isnan(measure(breath(15), speed=float("nan")).rate_per_min)
    half = np.where(np.arange(750) % 50 < 25, 1.0, STILL)
    assert np.isnan(measure(breath(15), speed=half).rate_per_min)


def test_silent_when_nothing_is_measured() -> None:
    nothing = measure(np.full(750, np.nan))
    assert np.isnan(nothing.rate_per_min)
    assert nothing.coverage == 0.0
    assert np.isnan(measure(np.zeros(750)).rate_per_min)


def test_too_short_to_tell() -> None:
    assert np.isnan(measure(breath(15, seconds=10)).rate_per_min)


@pytest.mark.parametrize("kind", ["flow", "landmarks"])
def test_noise_is_hardly_ever_taken_for_breath(kind: str) -> None:
    """Noise of the flow itself, and that of places that jitter (its velocity is steeper)."""
    told = []
    for seed in range(100):
        noise = np.random.default_rng(seed).normal(size=501)
        told.append(np.isfinite(measure(noise[:500] if kind == "flow" else np.diff(noise)).rate_per_min))
    assert np.mean(told) <= 0.06


def test_the_estimate_follows_a_change_of_rate() -> None:
    velocity = np.concatenate([breath(10), breath(20)])
    assert measure(velocity).rate_per_min == pytest.approx(20, abs=1.0)
