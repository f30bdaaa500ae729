"""Surrogate synchrony, SUSY (Tschacher & Meier 2020, 10.1080/10503307.2019.1612114).

Both series are cut into segments that do not overlap. In each, the cross-correlation function is R's `ccf`:
mean and SD of the whole segment, divisor n at every lag. Synchrony is the mean |Fisher z| of A's segments
with the B of the same time; pseudo-synchrony is that of every segment of A with every other segment of B. The
effect size compares their means over the lags with the SD of the pseudo profile over the lags.

Sign: SUSY's lags run the other way (R's `ccf`: x[t + k] with y[t]); here a positive lag means A leads.

Equal to SUSY 0.1.0 on complete series. Not copied from it: missing samples are dropped from each column
by itself, which shifts the two against each other (here a segment with a missing sample is left out); and a
segment that stands still counts as a correlation of 0 (here it is left out of the means).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mirrorsync.errors import SeriesError
from mirrorsync.synchrony.correlation import fisher_z
from mirrorsync.types import FloatArray

__all__ = ["SusyResult", "susy"]


@dataclass(frozen=True, slots=True)
class SusyResult:
    """What `susy` reports; SUSY's own column in brackets where the name differs.

    Attributes
    ----------
    lags_s : ndarray, shape (n_lags,)
        Seconds, rising; positive: A leads.
    profile, pseudo_profile, profile_signed, pseudo_profile_signed : ndarray, shape (n_lags,)
        Mean |z|, and mean z, at each lag, of real and of pseudo pairs.
    n_samples, n_segments, n_lags : int
        Length of the series, segments in it, lags.
    z, z_pseudo, sd_z, sd_z_pseudo : float
        Means and SDs of the profiles over the lags.
    es : float
        (z − z_pseudo) / sd_z_pseudo; `es_a_leads` and `es_b_leads` [ES(lead1), ES(lead2)] over positive
        and negative lags alone, with their own SD.
    percent_above_pseudo : float
        Per cent of the lags at which the real profile lies above the pseudo one.
    z_in_phase, z_anti_phase, n_in_phase, n_anti_phase
        Mean and number of the lags whose signed z is ≥ 0, and < 0; NaN where there are none.
    z_signed, z_pseudo_signed, percent_above_pseudo_signed, es_signed : float
        The same as above without taking absolute values [noAbs].
    """

    lags_s: FloatArray
    profile: FloatArray
    pseudo_profile: FloatArray
    profile_signed: FloatArray
    pseudo_profile_signed: FloatArray
    n_samples: int
    n_segments: int
    n_lags: int
    z: float
    z_pseudo: float
    sd_z: float
    sd_z_pseudo: float
    percent_above_pseudo: float
    es: float
    z_a_leads: float
    z_b_leads: float
    es_a_leads: float
    es_b_leads: float
    z_in_phase: float
    z_anti_phase: float
    n_in_phase: int
    n_anti_phase: int
    z_signed: float
    z_pseudo_signed: float
    percent_above_pseudo_signed: float
    es_signed: float


def susy(
    a: ArrayLike, b: ArrayLike, *, rate_hz: float, segment_s: float = 30.0, lag_s: float = 5.0
) -> SusyResult:
    """Compare two series, segment by segment, with all their surrogates.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        Series of A and B at `rate_hz`; NaN where missing.
    segment_s, lag_s : float
        Length of a segment and longest lag, seconds (rounded to samples).

    Raises
    ------
    SeriesError
        Fewer than two complete segments, or lags as long as a segment.
    """
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    size, lag = round(segment_s * rate_hz), round(lag_s * rate_hz)
    if a.ndim != 1 or a.shape != b.shape:
        raise SeriesError("The two series must be one-dimensional and equally long.")
    if not 0 < lag < size:
        raise SeriesError("The longest lag must be above 0 and shorter than a segment; choose another.")
    n_segments = a.size // size
    x, y = (v[: n_segments * size].reshape(n_segments, size) for v in (a, b))
    complete = np.isfinite(x).all(axis=1) & np.isfinite(y).all(axis=1)
    n_complete = int(complete.sum())
    if n_complete < 2:
        raise SeriesError(
            f"SUSY needs two complete segments or more; the series hold {n_complete} of {segment_s:g} s. "
            "Choose shorter segments or a longer recording."
        )
    profile, pseudo, signed, pseudo_signed = _profiles(x[complete], y[complete], lag)
    with np.errstate(invalid="ignore"):
        above = 100.0 * np.mean(profile > pseudo)
        above_signed = 100.0 * np.mean(signed > pseudo_signed)
    in_phase, anti_phase = signed[signed >= 0], signed[signed < 0]
    later, earlier = slice(lag + 1, None), slice(0, lag)
    return SusyResult(
        lags_s=np.arange(-lag, lag + 1) / rate_hz,
        profile=profile,
        pseudo_profile=pseudo,
        profile_signed=signed,
        pseudo_profile_signed=pseudo_signed,
        n_samples=a.size,
        n_segments=n_complete,
        n_lags=2 * lag + 1,
        z=float(profile.mean()),
        z_pseudo=float(pseudo.mean()),
        sd_z=float(profile.std(ddof=1)),
        sd_z_pseudo=float(pseudo.std(ddof=1)),
        percent_above_pseudo=float(above),
        es=_effect(profile, pseudo),
        z_a_leads=float(profile[later].mean()),
        z_b_leads=float(profile[earlier].mean()),
        es_a_leads=_effect(profile[later], pseudo[later]),
        es_b_leads=_effect(profile[earlier], pseudo[earlier]),
        z_in_phase=float(in_phase.mean()) if in_phase.size else float("nan"),
        z_anti_phase=float(anti_phase.mean()) if anti_phase.size else float("nan"),
        n_in_phase=in_phase.size,
        n_anti_phase=anti_phase.size,
        z_signed=float(signed.mean()),
        z_pseudo_signed=float(pseudo_signed.mean()),
        percent_above_pseudo_signed=float(above_signed),
        es_signed=_effect(signed, pseudo_signed),
    )


def _profiles(
    x: FloatArray, y: FloatArray, lag: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return mean |z| real and pseudo, mean z real and pseudo, each (2·lag + 1,), from segments (n, size)."""
    size = x.shape[1]
    x, y = _unit(x), _unit(y)
    there = np.isfinite(x[:, 0])[:, None] & np.isfinite(y[:, 0])[None, :]
    x, y = np.nan_to_num(x), np.nan_to_num(y)
    real = np.eye(len(x), dtype=bool) & there
    pseudo = ~np.eye(len(x), dtype=bool) & there
    if not real.any() or not pseudo.any():
        raise SeriesError("Nothing moves in the series, or in too few segments to compare them with others.")
    profiles = np.empty((4, 2 * lag + 1))
    for column, shift in enumerate(range(-lag, lag + 1)):
        from_x, from_y = max(-shift, 0), max(shift, 0)
        r = x[:, from_x : size - from_y] @ y[:, from_y : size - from_x].T
        z = fisher_z(np.clip(r, -1.0, 1.0))
        magnitude = np.abs(z)
        profiles[:, column] = (
            magnitude[real].mean(),
            magnitude[pseudo].mean(),
            z[real].mean(),
            z[pseudo].mean(),
        )
    return profiles[0], profiles[1], profiles[2], profiles[3]


def _unit(segments: FloatArray) -> FloatArray:
    """Return each row centred and of norm 1; NaN where it stands still."""
    centred = segments - segments.mean(axis=1, keepdims=True)
    norm = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    still = segments.min(axis=1) == segments.max(axis=1)
    norm[still] = np.nan
    unit: FloatArray = centred / norm
    return unit


def _effect(real: FloatArray, pseudo: FloatArray) -> float:
    """Return (mean real − mean pseudo) / SD pseudo over lags; NaN where the pseudo profile is flat."""
    spread = float(pseudo.std(ddof=1)) if pseudo.size > 1 else 0.0
    return float(real.mean() - pseudo.mean()) / spread if spread > 0 else float("nan")
