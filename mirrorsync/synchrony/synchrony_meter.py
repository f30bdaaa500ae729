"""The live synchrony channels: head, body and expression, each against chance, and who leads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mirrorsync.settings import Settings
from mirrorsync.synchrony.attunement import RunningChance, chance_level
from mirrorsync.synchrony.correlation import fisher_z
from mirrorsync.synchrony.movement import MIRROR_SIGNS, SIGNAL_CHANNEL, SIGNALS
from mirrorsync.synchrony.past import surrogate_delays
from mirrorsync.synchrony.streaming import StreamingCorrelation
from mirrorsync.tables import SYNC_CHANNELS
from mirrorsync.types import NO_SCORE, FloatArray, SyncScore, WindowRow

__all__ = ["LEAD_S", "SynchronyMeter", "peak_lag", "shared_lags"]

LEAD_S = 0.1
"""Lags shorter than this are "together": below it nobody can be said to lead."""

_FLOOR_SD = 0.05
_COARSE_S = 0.08
_CLEAR = 2.0  # chance SDs above which a peak's lag and leader are worth telling


class SynchronyMeter:
    """Scores the movement signals of two people, tick by tick.

    A channel's lag profile is the mean Fisher z over its signals; its raw score the correlation at the
    profile's peak. Because a best correlation over lags reads high for anybody, the value is how far it
    stands above what the partner's shifted past gives: (peak − chance) / (1 − chance), 0 for unrelated
    people on average, 1 for a perfect copy.
    """

    def __init__(self, settings: Settings) -> None:
        rate = settings.rate_hz
        self._rate_hz = rate
        self._step_s = max(round(settings.step_s * rate), 1) / rate
        lag = round(settings.lag_s * rate)
        self._delays = surrogate_delays(n=settings.surrogates, max_lag=lag, rate_hz=rate)
        sizes: dict[str, Any] = {
            "n_signals": len(SIGNALS),
            "window": round(settings.window_s * rate),
            "max_lag": lag,
            "step": round(self._step_s * rate),
        }
        self._correlation = StreamingCorrelation(**sizes, min_coverage=settings.min_coverage)
        # Signals are smooth: every second lag or so is enough to see how high a peak is. The true pair's
        # height is taken at the same lags, its place at all of them.
        self._chances = StreamingCorrelation(
            **sizes, lag_step=_coarse(settings), delays=self._delays, min_coverage=settings.min_coverage
        )
        self._shared_lags = shared_lags(settings)
        self._middle = lag
        self._min_coverage = settings.min_coverage
        names = np.array(SIGNAL_CHANNEL)
        self._members = {name: np.flatnonzero(names == name) for name in SYNC_CHANNELS}
        memory = settings.chance_memory_s / self._step_s
        first = max(round(3.0 / self._step_s), 1)
        self._chance = {
            name: RunningChance(memory=memory, first=first, floor_sd=_FLOOR_SD) for name in SYNC_CHANNELS
        }
        self._chance_of_all = RunningChance(memory=memory, first=first, floor_sd=_FLOOR_SD)
        self._profile = np.full(self._correlation.lags.size, np.nan)
        self._fade = -np.expm1(-self._step_s / settings.window_s)
        self._ticks = 0
        self._windows = 0
        self.scores: dict[str, SyncScore] = dict.fromkeys(SYNC_CHANNELS, NO_SCORE)
        self.rows: tuple[WindowRow, ...] = ()
        self.leader = "none"
        self.lag_s = float("nan")
        self.mirror_evidence = 0.0

    @property
    def delays(self) -> tuple[int, ...]:
        """By how many ticks the surrogates are shifted."""
        return self._delays

    def update(self, signals_a: FloatArray, signals_b: FloatArray, *, mirror: bool) -> bool:
        """Add one tick of both, shape (8,); True when the scores were made anew.

        Parameters
        ----------
        signals_a, signals_b : ndarray, shape (8,)
            As `Movement.update` gives them.
        mirror : bool
            Whether lateral rotations count in mirror image.
        """
        self._ticks += 1
        self.rows = ()
        full = self._correlation.push(signals_a, signals_b)
        self._chances.push(signals_a, signals_b)
        if not full:
            return False
        r, coverage = (values[:, 0] for values in self._correlation.correlations())
        z = fisher_z(r)
        chance_r, chance_coverage = self._chances.correlations()
        chance_z = fisher_z(chance_r)
        self._weigh_mirror(z)
        signs = MIRROR_SIGNS if mirror else np.ones(len(SIGNALS))
        z *= signs[:, None]
        chance_z *= signs[:, None, None]
        rows, profiles, chance_profiles = [], [], []
        for name, members in self._members.items():
            share = float(coverage[members, self._middle].mean())
            profile, chance_profile = _mean(z[members]), _mean(chance_z[members])
            # At the edge of a gap a few far lags are still covered: the best of those is no peak.
            if share < self._min_coverage:
                profile[...] = np.nan
            there = chance_coverage[members, :, self._chances.n_side].mean(axis=0)
            chance_profile[there < self._min_coverage] = np.nan
            profiles.append(profile)
            chance_profiles.append(chance_profile)
            self.scores[name], row = self._score(name, profile, chance_profile, z[members], share)
            rows.append(row)
        self._follow(_mean(np.stack(profiles)), _mean(np.stack(chance_profiles)))
        if self._ticks >= self._correlation.window:
            self.rows = tuple(rows)
            self._windows += 1
        return True

    def _score(
        self, name: str, profile: FloatArray, chance_profile: FloatArray, z: FloatArray, coverage: float
    ) -> tuple[SyncScore, WindowRow]:
        """Return score and window row of one channel.

        `profile` (n_lags,), `chance_profile` (n_delays, n_shared_lags) and `z` (n_signals, n_lags).
        """
        chance = self._chance[name]
        chance.update(np.tanh(_highest(chance_profile)))
        peak_r = float(np.tanh(_highest(profile)))
        peak_shared = float(np.tanh(_highest(profile[self._shared_lags])))
        lag_s = peak_lag(profile) / self._rate_hz
        room = 1.0 - chance.mean
        value = (peak_shared - chance.mean) / room
        sd = chance.sd / room
        clear = value > _CLEAR * sd
        score = SyncScore(
            value=max(value, -1.0) if np.isfinite(value) else float("nan"),
            coverage=coverage,
            lag_s=lag_s if clear else float("nan"),
            chance_mean=0.0 if np.isfinite(sd) else float("nan"),
            chance_sd=sd,
            level=chance_level(value, 0.0, sd),
        )
        end = self._ticks / self._rate_hz
        row = WindowRow(
            channel=name,
            window=self._windows,
            start_s=end - self._correlation.window / self._rate_hz,
            end_s=end,
            r_zero=float(np.tanh(profile[self._middle])),
            z_mean_abs=float(_mean(np.abs(z).ravel())),
            peak_r=peak_r,
            peak_lag_s=lag_s,
            leader=leader_of(lag_s) if clear else "none",
            coverage=coverage,
        )
        return score, row

    def _follow(self, now: FloatArray, chance_profile: FloatArray) -> None:
        """Update lag and leader from the profiles over all channels."""
        lost = np.isnan(self._profile) | np.isnan(now)
        self._profile = np.where(lost, now, self._profile + self._fade * (now - self._profile))
        self._chance_of_all.update(np.tanh(_highest(chance_profile)))
        height = float(np.tanh(_highest(self._profile[self._shared_lags])))
        clear = height > self._chance_of_all.mean + _CLEAR * self._chance_of_all.sd
        self.lag_s = peak_lag(self._profile) / self._rate_hz if clear else float("nan")
        self.leader = leader_of(self.lag_s)

    def _weigh_mirror(self, z: FloatArray) -> None:
        """Note how much better the head's lateral rotations fit in mirror image than anatomically."""
        lateral = _mean(z[MIRROR_SIGNS < 0])
        best = float(_highest(-lateral) - _highest(lateral))
        self.mirror_evidence = best if np.isfinite(best) else 0.0


def _coarse(settings: Settings) -> int:
    """Return the distance in ticks between the lags at which heights are compared with chance."""
    return max(round(_COARSE_S * settings.rate_hz), 1)


def shared_lags(settings: Settings) -> slice:
    """Return which of the lags −max … max are those at which heights are compared with chance."""
    lag, coarse = round(settings.lag_s * settings.rate_hz), _coarse(settings)
    return slice(lag % coarse, None, coarse)


def leader_of(lag_s: float) -> str:
    """Return "a", "b" or "none" for a lag in seconds (positive: B follows A)."""
    if lag_s >= LEAD_S:
        return "a"
    return "b" if lag_s <= -LEAD_S else "none"


def peak_lag(profile: FloatArray) -> float:
    """Return the lag in samples of the highest point of a profile over −max … max, shape (2 · max + 1,).

    A parabola through the point and its neighbours refines it; NaN when the profile is all NaN.
    """
    if np.isnan(profile).all():
        return float("nan")
    top = int(np.nanargmax(profile))
    at = float(top - profile.size // 2)
    if 0 < top < profile.size - 1:
        left, here, right = profile[top - 1 : top + 2]
        bend = left - 2.0 * here + right
        if bend < 0:
            at += float(0.5 * (left - right) / bend)
    return at


def _mean(z: FloatArray) -> FloatArray:
    """Return the mean over the first axis of what is there; NaN where nothing is."""
    mean: FloatArray = z.sum(axis=0) / len(z)
    if not np.isnan(mean).any():
        return mean
    there: NDArray[np.bool_] = np.isfinite(z)
    count = there.sum(axis=0)
    total = np.where(there, z, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _highest(profile: FloatArray) -> FloatArray:
    """Return the maximum over the last axis of what is there; NaN where nothing is."""
    top: FloatArray = np.fmax.reduce(profile, axis=-1)
    return top
