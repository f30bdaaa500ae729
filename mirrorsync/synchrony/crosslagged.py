"""Windowed cross-lagged regression: does A's movement say more about B's than B's own past does?

In each window the follower is regressed on its own past and on the other's movement `lag` earlier; the gain
is what the other adds to R² (Altmann 2011, 10.1007/978-3-642-25775-9_31). Smooth series agree with themselves
and so, by accident, with each other; what their own past already explains is taken out here, which makes
this the measure that autocorrelation cannot inflate.

Altmann conditions on the follower's own value at the same lag. Between that moment and now the follower's own
movement is left unexplained, and at lags beyond one sample accidents come back; so the last sample
is the default here and the same lag is offered for comparison.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mirrorsync.errors import SeriesError
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.types import FloatArray

__all__ = ["CrossLagged", "cross_lagged"]

OwnPast = Literal["last", "same_lag"]


@dataclass(frozen=True, slots=True)
class CrossLagged:
    """Gains of every window at every lag.

    Attributes
    ----------
    gain : ndarray, shape (n_windows, n_lags)
        0–1, R² with the other person minus R² with the own past alone; NaN where a window stands still, is
        explained fully by its own past, or has too little data.
    partial_r : ndarray, shape (n_windows, n_lags)
        −1–1, correlation of the two with the own past taken out.
    lags : ndarray of int64, shape (n_lags,)
        Samples; without 0, at which nobody is first. Positive: B on A's past, B follows.
    starts : ndarray of int64, shape (n_windows,)
        First sample of the follower's window.
    a_leads, b_leads : float
        Mean gain over windows at positive and at negative lags.
    """

    gain: FloatArray
    partial_r: FloatArray
    lags: NDArray[np.int64]
    starts: NDArray[np.int64]
    a_leads: float
    b_leads: float


def cross_lagged(
    a: ArrayLike,
    b: ArrayLike,
    *,
    window: int,
    max_lag: int,
    step: int,
    own_past: OwnPast = "last",
    min_coverage: float = 0.6,
) -> CrossLagged:
    """Regress each person's windows on their own past and the other's, at every lag.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        Series of A and B on one clock; NaN where missing.
    window, max_lag, step : int
        Length of the window, longest lag (1 or more), distance between windows; samples.
    own_past : {"last", "same_lag"}
        The follower's own value that is taken out: one sample earlier, or `lag` earlier (Altmann).
    min_coverage : float
        Share of a window that must be there.

    Raises
    ------
    SeriesError
        Series that differ in length, or an impossible window, step or lag.
    """
    if max_lag < 1:
        raise SeriesError("Cross-lagged regression needs a lag of one sample or more.")
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    follows, starts = _partial(a, b, window, max_lag, step, own_past, min_coverage)
    leads, _ = _partial(b, a, window, max_lag, step, own_past, min_coverage)
    partial_r, gain = (np.concatenate([leads[i][:, ::-1], follows[i]], axis=1) for i in (0, 1))
    lags = np.concatenate([np.arange(-max_lag, 0), np.arange(1, max_lag + 1)]).astype(np.int64)
    return CrossLagged(
        gain=gain,
        partial_r=partial_r,
        lags=lags,
        starts=starts,
        a_leads=_mean(gain[:, max_lag:]),
        b_leads=_mean(gain[:, :max_lag]),
    )


def _partial(
    leader: FloatArray,
    follower: FloatArray,
    window: int,
    max_lag: int,
    step: int,
    own_past: OwnPast,
    floor: float,
) -> tuple[tuple[FloatArray, FloatArray], NDArray[np.int64]]:
    """Return partial r and gain at lags 1 … max_lag, (n_windows, max_lag) each, and where windows start.

    With the follower's window y, the leader's window x and the own past p, all of one length, x gains
    (r_yx − r_yp r_xp)² / (1 − r_xp²).
    """

    def grid(x: FloatArray, y: FloatArray, reach: int) -> FloatArray:
        return windowed_correlation(
            x, y, window=window, max_lag=reach, step=step, framing="causal", min_coverage=floor
        ).r[:, reach:]  # lags 0 … reach: y's window stays, x's lies earlier

    whole = windowed_correlation(
        leader, follower, window=window, max_lag=max_lag, step=step, framing="causal", min_coverage=floor
    )
    r_yx = whole.r[:, max_lag + 1 :]
    own = grid(follower, follower, max_lag)[:, 1:]
    if own_past == "last":
        r_yp = own[:, :1]
        # p starts one sample before y, so that the windows of x and p lie lag − 1 apart.
        r_xp = grid(leader[:-1], follower[:-1], max_lag - 1)
    else:
        r_yp = own
        same = windowed_correlation(
            leader, follower, window=window, max_lag=0, step=1, framing="causal", min_coverage=floor
        ).r[:, 0]
        r_xp = same[whole.starts[:, None] - np.arange(1, max_lag + 1)[None, :]]
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = r_yx - r_yp * r_xp
        unexplained = 1 - r_xp**2
        gain = np.where(unexplained > 1e-9, rest**2 / unexplained, np.nan)
        partial = rest / np.sqrt(unexplained * (1 - r_yp**2))
    partial = np.where(np.isfinite(gain), np.clip(partial, -1.0, 1.0), np.nan)
    return (partial, np.clip(gain, 0.0, 1.0)), whole.starts


def _mean(values: FloatArray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if finite.size else float("nan")
