"""Who leads: a verdict from the windows' lags, with a confidence, and "neither" where that is honest.

The lag is that of the session's mean lag profile, which is far steadier than the mean of the windows' own
lags. How sure it is comes from a moving-block bootstrap over windows (Künsch 1989, 10.1214/aos/1176347265):
runs of windows as long as a window are drawn again and again, and each draw's profile has its own peak.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mirrorsync.synchrony.correlation import CorrelationGrid
from mirrorsync.synchrony.peaks import (
    LeaderShares,
    find_peak,
    leader_shares,
    mean_over_windows,
    window_peaks,
)
from mirrorsync.types import FloatArray

__all__ = ["LeadVerdict", "lead_of_windows", "who_leads"]


@dataclass(frozen=True, slots=True)
class LeadVerdict:
    """Who leads over a session.

    Attributes
    ----------
    leader : {"a", "b", "neither"}
        "neither" when people move together within the dead zone, when the lag changes too much to be
        sure, or when the pair does not stand above chance.
    confidence : float
        0–1, share of the bootstrap draws that agree; draws without a clear peak agree with nobody. Of a
        leader: those with their peak on that side, beyond the dead zone. Of "neither" with `lag_s` within the
        dead zone: those with their peak within it. Of any other "neither": the larger of the two sides'
        shares, which was too small, or stood for nothing because the pair does not stand above chance. NaN
        when there were too few windows to draw from.
    lag_s : float
        Lag of the mean profile's peak, seconds; positive: B follows A. NaN without a clear peak.
    lag_ci_s : (float, float)
        2.5 and 97.5 per cent of the bootstrap's clear lags, seconds; NaN without any.
    shares : LeaderShares
        Share of the windows led by each, by each window's own peak.
    """

    leader: Literal["a", "b", "neither"]
    confidence: float
    lag_s: float
    lag_ci_s: tuple[float, float]
    shares: LeaderShares


def who_leads(
    grid: CorrelationGrid,
    *,
    rate_hz: float,
    dead_zone_s: float = 0.1,
    confidence: float = 0.9,
    p_value: float | None = None,
    alpha: float = 0.05,
    n: int = 500,
    seed: int = 1,
) -> LeadVerdict:
    """Say who leads.

    Without `p_value` the verdict is not protected against chance: smooth unrelated series have some lag at
    which they go together best, and the same one in most draws. One in ten unrelated AR(1) pairs (phi 0.95,
    two minutes) is then given a leader. Run `synchrony_test` on the pair and hand its p-value on.

    Parameters
    ----------
    grid : CorrelationGrid
        Of A and B, so that positive lags mean B follows.
    rate_hz : float
        Samples a second.
    dead_zone_s : float
        Nobody leads by this much or less; below a frame or the call's own delay a lead means nothing.
    confidence : float
        Share of the bootstrap draws that must agree before somebody is named.
    p_value, alpha : float
        Of `synchrony_test` on the same pair: at or above `alpha` nobody is named. None: whoever seems to
        lead is named, see above.
    n, seed : int
        Bootstrap draws and their seed.
    """
    spacing = int(grid.starts[1] - grid.starts[0]) if grid.starts.size > 1 else grid.window
    return lead_of_windows(
        grid.z,
        grid.lags / rate_hz,
        block=-(-grid.window // spacing),
        shares=leader_shares(window_peaks(grid)[0] / rate_hz, dead_zone=dead_zone_s),
        dead_zone_s=dead_zone_s,
        confidence=confidence,
        p_value=p_value,
        alpha=alpha,
        n=n,
        seed=seed,
    )


def lead_of_windows(
    z: FloatArray,
    lags_s: FloatArray,
    *,
    block: int,
    shares: LeaderShares,
    dead_zone_s: float = 0.1,
    confidence: float = 0.9,
    p_value: float | None = None,
    alpha: float = 0.05,
    n: int = 500,
    seed: int = 1,
) -> LeadVerdict:
    """Say who leads by windows that were correlated already; `who_leads` has the rest.

    Parameters
    ----------
    z : ndarray, shape (n_windows, n_lags)
        Fisher z, NaN where missing.
    lags_s : ndarray, shape (n_lags,)
        Positive: B follows A.
    block : int
        Windows that hang together: as many as begin within the length of one.
    shares : LeaderShares
        Handed on.
    """
    peak = find_peak(mean_over_windows(z), lags_s)
    drawn = _bootstrap_lags(z[np.isfinite(z).any(axis=1)], lags_s, block, n, seed)
    clear = drawn[np.isfinite(drawn)]
    low, high = np.quantile(clear, [0.025, 0.975]) if clear.size else (np.nan, np.nan)
    if not drawn.size:
        return LeadVerdict("neither", float("nan"), peak.lag, (float("nan"), float("nan")), shares)
    sides = {"a": float(np.mean(drawn > dead_zone_s)), "b": float(np.mean(drawn < -dead_zone_s))}
    side: Literal["a", "b"] = "a" if sides["a"] >= sides["b"] else "b"
    by_chance = p_value is not None and p_value >= alpha
    inside = abs(peak.lag) <= dead_zone_s
    together = float(np.mean(np.abs(drawn) <= dead_zone_s))
    nobody = by_chance or inside or np.isnan(peak.lag) or sides[side] < confidence
    return LeadVerdict(
        leader="neither" if nobody else side,
        confidence=together if inside else sides[side],
        lag_s=peak.lag,
        lag_ci_s=(float(low), float(high)),
        shares=shares,
    )


def _bootstrap_lags(z: FloatArray, lags_s: FloatArray, block: int, n: int, seed: int) -> FloatArray:
    """Return the peak lags, seconds, of n profiles over redrawn windows; NaN for those without a clear peak.

    Empty when there are too few windows to draw from.
    """
    if len(z) < 2:
        return np.empty(0)
    block = min(max(1, block), len(z) // 2)
    rng = np.random.default_rng(seed)
    firsts = rng.integers(0, len(z) - block + 1, (n, -(-len(z) // block)))
    drawn = (firsts[:, :, None] + np.arange(block)).reshape(n, -1)
    weights = np.zeros((n, len(z)))
    np.add.at(weights, (np.arange(n)[:, None], drawn), 1.0)
    with np.errstate(invalid="ignore"):
        profiles = (weights @ np.nan_to_num(z)) / (weights @ np.isfinite(z))
    return np.array([find_peak(profile, lags_s).lag for profile in profiles])
