"""Two groups of dyads compared: an effect size with its interval, and a p-value by permutation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mirrorsync.types import FloatArray

__all__ = ["Comparison", "compare_groups", "compare_paired"]

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
        Two-sided. "permutation": of the difference of the means when the values are shuffled between the
        groups, (1 + permutations at least as far apart) / (1 + permutations). "signed-rank": Wilcoxon's.
    permutations : int
        How many; 0 for signed ranks.
    test : str
        "permutation" or "signed-rank".
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
    test: str = "permutation"


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


def compare_paired(first: Sequence[float], second: Sequence[float]) -> Comparison:
    """Compare two values of each dyad; dyads that lack one are left out.

    Returns
    -------
    Comparison
        `hedges_g` is the mean difference over the SD of the differences, corrected for small samples, with
        the interval of its large-sample standard error; `p_value` is Wilcoxon's signed-rank test (1945,
        10.2307/3001968), exact for up to 50 dyads without ties.

    Examples
    --------
    >>> found = compare_paired([0.2, 0.4, 0.3, 0.6, 0.5, 0.7], [0.1, 0.2, 0.25, 0.3, 0.4, 0.3])
    >>> found.n_1, round(found.p_value, 4), found.test
    (6, 0.0312, 'signed-rank')
    """
    pairs = np.array([(a, b) for a, b in zip(first, second, strict=True) if math.isfinite(a + b)])
    one, two = (pairs[:, k] for k in (0, 1)) if pairs.size else (np.empty(0), np.empty(0))
    means, sds = zip(*(_moments(values) for values in (one, two)), strict=True)
    n, nan = one.size, math.nan
    g = low = high = p_value = nan
    if n >= _MIN_SIZE:
        from scipy.stats import wilcoxon

        apart = one - two
        spread = float(apart.std(ddof=1))
        if spread > 0:
            g = (1.0 - 3.0 / (4.0 * (n - 1) - 1.0)) * float(apart.mean()) / spread
            error = math.sqrt(1.0 / n + g * g / (2.0 * n))
            low, high = g - _NORMAL_95 * error, g + _NORMAL_95 * error
        p_value = float(wilcoxon(one, two).pvalue) if (apart != 0).any() else 1.0
    return Comparison(n, means[0], sds[0], n, means[1], sds[1], g, low, high, p_value, 0, "signed-rank")


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
