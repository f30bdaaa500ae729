"""The long runs behind docs/methods.md; scripts/validate_synchrony.py prints them as a table."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from mirrorsync.synchrony.chance import synchrony_test
from mirrorsync.types import FloatArray

pytestmark = pytest.mark.validation


def ar(rng: np.random.Generator, n: int, phi: float) -> FloatArray:
    series: FloatArray = lfilter([1.0], [1.0, -phi], rng.standard_normal(n + 1000))[1000:]
    return series


@pytest.mark.parametrize("minutes", [1, 10])
def test_five_hundred_unrelated_pairs(minutes: int) -> None:
    rng = np.random.default_rng(minutes)
    called = 0
    for seed, phi in enumerate(rng.uniform(0.9, 0.98, 500)):
        a, b = ar(rng, 1500 * minutes, phi), ar(rng, 1500 * minutes, phi)
        called += synchrony_test(a, b, rate_hz=25, seed=seed).p_value < 0.05
    assert 0.03 <= called / 500 <= 0.07


def test_circular_shifts_of_one_minute_promise_more_than_they_hold() -> None:
    rng = np.random.default_rng(5)
    best = 0
    for seed in range(200):
        a, b = ar(rng, 1500, 0.9), ar(rng, 1500, 0.9)
        best += synchrony_test(a, b, rate_hz=25, kind="circular", n=99, seed=seed).p_value <= 0.01
    assert best / 200 > 0.03  # three times what the p-value says


@pytest.mark.parametrize("noise", ["white", "alike"])
def test_a_delayed_copy_in_as_much_noise(noise: str) -> None:
    rng = np.random.default_rng(4)
    found = 0
    for seed, phi in enumerate(rng.uniform(0.9, 0.98, 500)):
        lag = int(rng.integers(-40, 41))
        source = ar(rng, 1700, phi)
        a, b = source[100:1600], source[100 - lag : 1600 - lag]
        extra = rng.standard_normal(1500) if noise == "white" else ar(rng, 1500, phi)
        test = synchrony_test(a, b + extra * b.std() / extra.std(), rate_hz=25, seed=seed)
        found += test.p_value < 0.05 and abs(test.lag_s * 25 - lag) <= 1
    assert found / 500 >= 0.95
