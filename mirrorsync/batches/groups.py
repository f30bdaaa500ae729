"""Two groups of dyads compared: an effect size with its interval, and a p-value by permutation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mirrorsync.types import FloatArray

__all__ = ["Comparison", "compare_groups"]

_NORMAL_95 = 1.959963984540054
_MIN_SIZE = 2
_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far two groups lie apart; NaN where a group has fewer than two values.

    Attributes
    ----------
    n_1, mean_1, sd_1, n_2, mean_2, sd_2
        Of each group.
    hedges_g : float
        (mean_1 − mean_2) / pooled SD, corrected for small samples (Hedges 1981, 10.3102/10769986006002107).
    ci_low, ci_high : float
        95 % interval of `hedges_g` by its large-sample standard error (Hedges & Olkin 1985).
    p_value : float
        Two-sided, of the difference of the means when the values are dealt out to the groups at random:
        (1 + deals at least as far apart) / (1 + deals).
    permutations : int
        How many deals.
    """

    n_1: int
    mean_1: float
    sd_1: float
    n_2: int
    mean_2: float
    sd_2: float
    hedges_g: float
    ci_low: float
    ci_high: float
    p_value: float
    permutations: int


def compare_groups(
    group_1: Sequence[float], group_2: Sequence[float], *, seed: int, permutations: int = 9999
) -> Comparison:
    """Compare two groups of values; NaN are left out.

    Parameters
    ----------
    group_1, group_2 : sequence of float
        One value for each dyad.
    seed, permutations : int
        Of the permutation test.

    Examples
    --------
    >>> found = compare_groups([0.4, 0.5, 0.6, 0.7], [0.0, 0.1, 0.2, 0.3], seed=1)
    >>> round(found.hedges_g, 2), round(found.p_value, 2)
    (2.69, 0.03)
    """
    one, two = (np.array([v for v in group if math.isfinite(v)]) for group in (group_1, group_2))
    means, sds = zip(*(_moments(values) for values in (one, two)), strict=True)
    nan = math.nan
    g = low = high = p_value = nan
    n_1, n_2 = one.size, two.size
    if min(n_1, n_2) >= _MIN_SIZE:
        freedom = n_1 + n_2 - 2
        pooled = math.sqrt(((n_1 - 1) * sds[0] ** 2 + (n_2 - 1) * sds[1] ** 2) / freedom)
        if pooled > 0:
            g = (1.0 - 3.0 / (4.0 * freedom - 1.0)) * (means[0] - means[1]) / pooled
            error = math.sqrt((n_1 + n_2) / (n_1 * n_2) + g * g / (2.0 * (n_1 + n_2)))
            low, high = g - _NORMAL_95 * error, g + _NORMAL_95 * error
        p_value = _permuted(one, two, seed, permutations)
    return Comparison(
        n_1, means[0], sds[0], n_2, means[1], sds[1], g, low, high, p_value, permutations
    )  # fmt: skip


def _moments(values: FloatArray) -> tuple[float, float]:
    mean = float(values.mean()) if values.size else math.nan
    return mean, float(values.std(ddof=1)) if values.size >= _MIN_SIZE else math.nan


def _permuted(one: FloatArray, two: FloatArray, seed: int, permutations: int) -> float:
    rng = np.random.default_rng(seed)
    every = np.concatenate([one, two])
    observed = abs(one.mean() - two.mean())
    as_far = 0
    for first in range(0, permutations, _AT_A_TIME):
        count = min(_AT_A_TIME, permutations - first)
        dealt = rng.permuted(np.tile(every, (count, 1)), axis=1)
        apart = np.abs(dealt[:, : one.size].mean(axis=1) - dealt[:, one.size :].mean(axis=1))
        # What differs by rounding alone is a tie, and a tie speaks for chance.
        as_far += int((apart >= observed * (1.0 - 1e-12) - 1e-15).sum())
    return (1 + as_far) / (1 + permutations)
