"""How far a surrogate z (effect size) is known, and what many p-values together say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

__all__ = ["corrected", "effect_interval"]


def effect_interval(effect_size: float, *, moments: float) -> tuple[float, float]:
    """Return the 95 % interval of a surrogate z, (observed − surrogate mean) / surrogate SD.

    A pair scatters around its own value as the surrogates do around theirs, and mean and SD come from so many
    independent moments: ES ± t₀.₉₇₅(n − 1) · √((n + 1) / (n − 1)). It leaves 0 out exactly where the
    two-sided p-value of Student's t is below 0.05, so that interval and p-value agree; unrelated people are
    left out in 5 %.

    Parameters
    ----------
    effect_size : float
        In SDs of the surrogates.
    moments : float
        How many independent surrogates there are.

    Returns
    -------
    (float, float)
        NaN where the effect is not known or there are fewer than three moments.

    Examples
    --------
    >>> low, high = effect_interval(2.5, moments=199)
    >>> round(low, 2), round(high, 2)
    (0.52, 4.48)
    """
    if not math.isfinite(effect_size) or not moments >= 3:
        return float("nan"), float("nan")
    from scipy.special import stdtrit  # not loaded by whoever only correlates

    half = float(stdtrit(moments - 1.0, 0.975)) * math.sqrt((moments + 1.0) / (moments - 1.0))
    return effect_size - half, effect_size + half


def corrected(p_values: Sequence[float], method: Literal["holm", "fdr"]) -> list[float]:
    """Return p-values corrected for how many there are; NaN stay and do not count.

    Parameters
    ----------
    method : {"holm", "fdr"}
        Holm (1979) bounds the chance of any false finding, Benjamini & Hochberg (1995) the expected share of
        false ones among the findings.

    Examples
    --------
    >>> corrected([0.01, 0.04, 0.03], "holm"), corrected([0.01, 0.04, 0.03], "fdr")
    ([0.03, 0.06, 0.06], [0.03, 0.04, 0.04])
    """
    values = np.array(p_values, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    m = order.size
    if method == "holm":
        steps = np.maximum.accumulate(values[order] * (m - np.arange(m)))
    else:
        steps = np.minimum.accumulate((values[order] * m / np.arange(1, m + 1))[::-1])[::-1]
    values[order] = np.minimum(steps, 1.0)
    return [float(value) for value in values]
