"""The interval of a surrogate z: it agrees with Student's t, and leaves unrelated people out in 5 %."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from mirrorsync.synchrony.effect import effect_interval


@pytest.mark.parametrize("n", [5, 20, 199])
def test_unrelated_people_are_left_out_in_five_percent(n: int) -> None:
    rng = np.random.default_rng(n)
    left_out = 0
    for observed, *surrogates in rng.normal(size=(4000, n + 1)):
        low, high = effect_interval((observed - np.mean(surrogates)) / np.std(surrogates, ddof=1), moments=n)
        left_out += not low <= 0 <= high
    assert 0.03 <= left_out / 4000 <= 0.06  # cautious where there are few


def test_it_leaves_nothing_out_where_the_p_value_does_not() -> None:
    rng = np.random.default_rng(1)
    for observed, *surrogates in rng.normal(size=(200, 31)) + np.array([1.5] + [0.0] * 30):
        z = (observed - np.mean(surrogates)) / np.std(surrogates, ddof=1)
        p = 2 * stats.t.sf(abs(z) * math.sqrt(29 / 31), 29)
        low, high = effect_interval(z, moments=30)
        assert (low > 0 or high < 0) == (p < 0.05 - 1e-12)


@pytest.mark.parametrize(("effect", "moments"), [(math.nan, 30), (1.0, 2), (1.0, math.nan)])
def test_nothing_is_said_of_nothing(effect: float, moments: float) -> None:
    assert all(math.isnan(value) for value in effect_interval(effect, moments=moments))
