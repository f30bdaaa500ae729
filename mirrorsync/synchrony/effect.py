"""How sure an effect size is, from the session's own ups and downs."""

from __future__ import annotations

import math

import numpy as np

from mirrorsync.types import FloatArray

__all__ = ["effect_interval", "standard_error"]

_NORMAL_95 = 1.959963984540054  # 97.5 % quantile of the normal distribution
_MIN_BLOCKS = 4  # from fewer no scatter can be told


def standard_error(values: FloatArray, *, rate_hz: float, block_s: float = 10.0) -> float:
    """Return the standard error of the mean of a score that hangs together in time.

    Neighbouring ticks say nearly the same, so the scatter is taken between the means of blocks that are
    longer than a score's memory (batch means; Law & Kelton 2000, "Simulation Modeling and Analysis").

    Parameters
    ----------
    values : ndarray, shape (n,)
        The score, NaN where there was too little to say.
    rate_hz : float
        Ticks a second.
    block_s : float
        Length of a block, s.

    Returns
    -------
    float
        NaN when fewer than four blocks hold half of their data.
    """
    size = max(round(block_s * rate_hz), 1)
    whole = values[: values.shape[0] // size * size].reshape(-1, size)
    there = np.isfinite(whole)
    enough = there.sum(axis=1) * 2 >= size
    if int(enough.sum()) < _MIN_BLOCKS:
        return float("nan")
    means = np.where(there, whole, 0.0).sum(axis=1)[enough] / there.sum(axis=1)[enough]
    return float(means.std(ddof=1) / math.sqrt(means.shape[0]))


def effect_interval(
    effect_size: float, *, standard_error: float, chance_sd: float, n_surrogates: float
) -> tuple[float, float]:
    """Return the 95 % interval of an effect size (observed − chance mean) / chance SD.

    The observed mean varies by its standard error, mean and SD of chance as those of `n_surrogates`
    surrogates do (delta method). (NaN, NaN) when one of them is not known.

    Parameters
    ----------
    effect_size : float
        In SDs of chance.
    standard_error : float
        Of the observed mean, in units of the score.
    chance_sd : float
        SD of the surrogates, in units of the score.
    n_surrogates : float
        How many surrogates there were.
    """
    known = (effect_size, standard_error, chance_sd, n_surrogates)
    if not all(math.isfinite(value) for value in known) or chance_sd <= 0 or n_surrogates < 2:
        return float("nan"), float("nan")
    variance = (
        (standard_error / chance_sd) ** 2 + 1.0 / n_surrogates + effect_size**2 / (2.0 * (n_surrogates - 1))
    )
    half = _NORMAL_95 * math.sqrt(variance)
    return effect_size - half, effect_size + half
