"""The interval of an effect size holds the truth as often as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.signal import lfilter

from mirrorsync.synchrony.effect import effect_interval, standard_error

RATE_HZ = 5.0


def _smooth(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.asarray(lfilter([1.0], [1.0, -0.9], rng.normal(size=n + 100))[100:])


def test_standard_error_of_a_score_that_hangs_together() -> None:
    rng = np.random.default_rng(1)
    series = [_smooth(rng, 1500) for _ in range(400)]
    true = np.std([one.mean() for one in series])
    told = np.mean([standard_error(one, rate_hz=RATE_HZ) for one in series])
    assert told == pytest.approx(true, rel=0.15)


def test_independent_ticks_would_have_said_much_less() -> None:
    one = _smooth(np.random.default_rng(2), 3000)
    naive = one.std(ddof=1) / math.sqrt(one.shape[0])
    assert standard_error(one, rate_hz=RATE_HZ) > 2.5 * naive


def test_gaps_are_left_out_and_too_little_is_nan() -> None:
    rng = np.random.default_rng(3)
    whole = _smooth(rng, 1000)
    holed = whole.copy()
    holed[200:300] = np.nan
    rest = np.concatenate([whole[:200], whole[300:]])
    assert standard_error(holed, rate_hz=RATE_HZ) == pytest.approx(standard_error(rest, rate_hz=RATE_HZ))
    assert math.isnan(standard_error(whole[:149], rate_hz=RATE_HZ))
    assert math.isnan(standard_error(np.full(1000, np.nan), rate_hz=RATE_HZ))


def test_interval_covers_the_truth() -> None:
    rng = np.random.default_rng(4)
    hits, n, runs = 0, 60, 500
    for _ in range(runs):
        surrogates = rng.normal(0.4, 0.1, size=n)
        observed = rng.normal(0.5, 0.05)
        sd = surrogates.std(ddof=1)
        low, high = effect_interval(
            (observed - surrogates.mean()) / sd, standard_error=0.05, chance_sd=sd, n_surrogates=n
        )
        hits += low <= 1.0 <= high
    assert 0.92 <= hits / runs <= 0.98


@pytest.mark.parametrize(
    ("effect", "error", "sd", "n"),
    [(float("nan"), 0.1, 0.1, 60), (1.0, float("nan"), 0.1, 60), (1.0, 0.1, 0.0, 60), (1.0, 0.1, 0.1, 1)],
)
def test_what_is_not_known_is_nan(effect: float, error: float, sd: float, n: float) -> None:
    assert all(
        math.isnan(v) for v in effect_interval(effect, standard_error=error, chance_sd=sd, n_surrogates=n)
    )
