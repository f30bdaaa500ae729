"""Two chests breathing together or not."""

from __future__ import annotations

import numpy as np
import pytest

from mirrorsync.synchrony.breathing import BreathCoupling, Coupling, coupling_series
from mirrorsync.types import FloatArray

RATE_HZ = 25.0


def chest(
    per_min: FloatArray | float, *, behind_s: float = 0.0, seed: int = 0, seconds: float = 90
) -> FloatArray:
    n = round(seconds * RATE_HZ)
    rate = np.broadcast_to(per_min, n) / 60
    phase = 2 * np.pi * (np.cumsum(rate) / RATE_HZ - rate * behind_s)
    noise = 0.01 * np.random.default_rng(seed).normal(size=n)
    velocity: FloatArray = 0.015 * rate * 2 * np.pi * np.cos(phase) + noise
    return velocity


def last(a: FloatArray, b: FloatArray, rate_a: FloatArray | float, rate_b: FloatArray | float) -> Coupling:
    whole = [np.broadcast_to(rate, a.shape).astype(float) for rate in (rate_a, rate_b)]
    return coupling_series(a, b, whole[0], whole[1], rate_hz=RATE_HZ)[-1]


@pytest.mark.parametrize("per_min", [8, 15, 24])
def test_the_same_breath_a_second_later_is_locked_with_its_distance(per_min: float) -> None:
    got = last(chest(per_min, seed=1), chest(per_min, behind_s=0.6, seed=2), per_min, per_min)
    assert got.locking > 0.9
    assert got.difference_rad == pytest.approx(2 * np.pi * per_min / 60 * 0.6, abs=0.25)
    assert got.rate_difference_per_min == 0
    assert got.coverage == 1.0


def test_different_rates_drift_apart() -> None:
    got = last(chest(12, seed=1), chest(17, seed=2), 12, 17)
    assert got.locking < 0.3
    assert got.rate_difference_per_min == -5


def test_who_follows_a_wandering_breath_stays_locked_and_a_stranger_does_not() -> None:
    n = round(90 * RATE_HZ)
    wander = 14 + 3 * np.sin(np.arange(n) / n * 2 * np.pi * 3)
    other = 14 + 3 * np.cos(np.arange(n) / n * 2 * np.pi * 2)
    a = chest(wander, seed=1)
    assert last(a, chest(wander, behind_s=0.5, seed=2), wander, wander).locking > 0.9
    assert last(a, chest(other, seed=3), wander, other).locking < 0.7


def test_silent_unless_both_breathe_measurably() -> None:
    a, b = chest(15), chest(15)
    got = last(a, b, 15, float("nan"))
    assert np.isnan([got.locking, got.difference_rad, got.rate_difference_per_min]).all()
    assert got.coverage == 0.0
    half = np.where(np.arange(a.size) % 250 < 125, 15.0, np.nan)
    assert np.isnan(last(a, b, 15, half).locking)


def test_gaps_are_ridden_out_and_the_stream_is_causal() -> None:
    a, b = chest(15, seed=1), chest(15, seed=2)
    a[1000:1030] = np.nan
    rates = np.full(a.shape, 15.0)
    whole = coupling_series(a, b, rates, rates, rate_hz=RATE_HZ)
    assert whole[-1].locking > 0.9
    meter = BreathCoupling(rate_hz=RATE_HZ)
    assert [meter.update(float(x), float(y), 15.0, 15.0) for x, y in zip(a[:900], b[:900], strict=True)][
        -1
    ] == whole[899]
