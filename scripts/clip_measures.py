"""Raw measures of two clips, however short: what `validate_clips` compares.

The program's own scores learn chance and neutrals on the way, for which a clip of two seconds is too short.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from seen_feeds import Feed

from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment import Alignment, expression_alignment, posture_alignment
from mirrorsync.synchrony.clock import resample
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.synchrony.movement import MIRROR_SIGNS, SIGNAL_CHANNEL, movement
from mirrorsync.tables import N_FEATURES, feature_slice
from mirrorsync.types import FloatArray

__all__ = [
    "MAX_LAG_S",
    "MIN_SCORED_S",
    "MIN_WINDOW_S",
    "SETTINGS",
    "SPARE_S",
    "Person",
    "aligned",
    "best_alignment",
    "mean_alignment",
    "on_the_clock",
    "peak_of",
]

SETTINGS = Settings()
MAX_LAG_S = 1.2
SPARE_S = 0.6  # windows of short clips are so much shorter than the clip, to leave room for lags
MIN_WINDOW_S = 1.0
MIN_COVERAGE = {"posture": 0.3, "expression": 0.5}  # as the live meters demand
MIN_SCORED_S = 1.0


@dataclass(frozen=True)
class Person:
    """A feed on the uniform clock: features, visibilities, movement signals, and its length."""

    values: FloatArray
    seen: FloatArray
    signals: FloatArray
    seconds: float

    def until(self, seconds: float, *, begun_s: float = 0.0) -> Person:
        """Return the first so many seconds of what began at `begun_s`."""
        n = round((seconds + begun_s) * SETTINGS.rate_hz) + 1
        return Person(self.values[:n], self.seen[:n], self.signals[:n], min(seconds, self.seconds))

    @cached_property
    def measured(self) -> NDArray[np.bool_]:
        """Which features are there at least half of the time, shape (n_features,)."""
        there: NDArray[np.bool_] = (
            np.isfinite(self.values).sum(axis=0) >= 0.5 * self.seconds * SETTINGS.rate_hz
        )
        return there

    def only(self, features: NDArray[np.bool_]) -> Person:
        """Return what these features alone tell; movement stays as it is."""
        return replace(
            self,
            values=np.where(features, self.values, np.nan),
            seen=np.where(features, self.seen, 0.0),
        )

    @cached_property
    def neutral(self) -> FloatArray:
        """The median of every feature, shape (n_features,)."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # never seen: NaN, as it should be
            return np.asarray(np.nanmedian(self.values, axis=0))


def on_the_clock(feed: Feed) -> Person:
    """Bring a feed to the clock, up to the last moment with somebody in it."""
    seen = np.where(np.isnan(feed.values), np.nan, feed.visibility)  # bridged as the values are
    both = np.concatenate([feed.values, seen], axis=1)
    ticks = resample(feed.t_s, both, rate_hz=SETTINGS.rate_hz, max_gap_s=SETTINGS.max_gap_s)
    found = np.isfinite(ticks[:, feature_slice("posture")]).any(axis=1)
    found |= np.isfinite(ticks[:, feature_slice("expression")]).any(axis=1)
    there = np.flatnonzero(found)  # from the first to the last tick with somebody
    ticks = ticks[: there[-1] + 1]
    values = ticks[:, :N_FEATURES]
    return Person(
        values,
        np.where(np.isnan(values), 0.0, ticks[:, N_FEATURES:]),
        movement(values, rate_hz=SETTINGS.rate_hz, smooth_s=SETTINGS.smooth_s),
        float(there[-1] - there[0]) / SETTINGS.rate_hz,
    )


def together(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lengthen the shorter of two series with what is missing."""
    n = max(len(a), len(b))
    return tuple(np.pad(x, ((0, n - len(x)), (0, 0)), constant_values=np.nan) for x in (a, b))  # type: ignore[return-value]  # always two


def peak_r(a: Person, b: Person, channel: str, window_s: float) -> float:
    """Return the highest point of the mean lag profile as r, in the form that fits better; NaN: too short."""
    rate = SETTINGS.rate_hz
    window, lag = round(window_s * rate), round(MAX_LAG_S * rate)
    x, y = together(a.signals, b.signals)
    if window_s < MIN_WINDOW_S or len(x) < window + lag + 1:
        return float("nan")
    members = [k for k, name in enumerate(SIGNAL_CHANNEL) if name == channel]
    shares = [np.isfinite(p.signals[:, members]).all(axis=1).sum() / (rate * p.seconds) for p in (a, b)]
    if min(shares) < SETTINGS.min_coverage:
        return float("nan")
    z = np.stack(
        [
            windowed_correlation(
                x[:, k], y[:, k], window=window, max_lag=lag, step=5, min_coverage=SETTINGS.min_coverage
            ).z
            for k in members
        ]
    )
    best = []
    for signs in (MIRROR_SIGNS[members], np.ones(len(members))):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # lags at which nothing is there
            profile = np.nanmean(np.nanmean(z * signs[:, None, None], axis=0), axis=0)
        if np.isfinite(profile).any():
            best.append(float(np.tanh(np.nanmax(profile))))
    return max(best, default=float("nan"))


def mean_alignment(a: Person, b: Person, what: str, lag_s: float = 0.0) -> float:
    """Return the mean over all frames, B taken `lag_s` later, in the form that fits better."""
    lag = round(lag_s * SETTINGS.rate_hz)
    first_a, first_b = max(-lag, 0), max(lag, 0)
    n = min(len(a.values) - first_a, len(b.values) - first_b)
    if n < 1:
        return float("nan")
    at_a, at_b = slice(first_a, first_a + n), slice(first_b, first_b + n)
    means = []
    neutrals = {"neutral_a": a.neutral, "neutral_b": b.neutral}
    for mirror in (True, False):
        found: Alignment
        if what == "posture":
            found = posture_alignment(
                a.values[at_a], b.values[at_b], a.seen[at_a], b.seen[at_b], mirror=mirror, **neutrals
            )
        else:
            found = expression_alignment(a.values[at_a], b.values[at_b], mirror=mirror, **neutrals)
        told = found.value[np.isfinite(found.value) & (found.coverage >= MIN_COVERAGE[what])]
        if told.size >= MIN_SCORED_S * SETTINGS.rate_hz:
            means.append(float(told.mean()))
    return max(means, default=float("nan"))


def best_alignment(a: Person, b: Person, what: str) -> float:
    """Return the largest mean alignment within lags of `MAX_LAG_S` either way."""
    lags = np.arange(-MAX_LAG_S, MAX_LAG_S + 0.01, 2.0 / SETTINGS.rate_hz)
    means = [mean_alignment(a, b, what, lag) for lag in lags]
    return float(np.nanmax(means)) if np.isfinite(means).any() else float("nan")


def peak_of(channel: str, a: Person, b: Person, seconds: float) -> float:
    return peak_r(a, b, channel, min(SETTINGS.window_s, seconds - SPARE_S))


def aligned(
    measure: Callable[[Person, Person, str], float], what: str, a: Person, b: Person, seconds: float
) -> float:
    del seconds
    return measure(a, b, what)
