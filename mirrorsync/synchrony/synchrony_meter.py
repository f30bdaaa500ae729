"""The live synchrony channels: head, body and expression, each against chance, and who leads."""

from __future__ import annotations

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

__all__ = ["LEAD_S", "SynchronyMeter", "peak_lag"]

LEAD_S = 0.1
"""Lags shorter than this are "together": below it nobody can be said to lead."""

_FLOOR_SD = 0.05
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
        self._correlation = StreamingCorrelation(
            n_signals=len(SIGNALS),
            window=round(settings.window_s * rate),
            max_lag=lag,
            step=round(self._step_s * rate),
            delays=(0, *surrogate_delays(n=settings.surrogates, max_lag=lag, rate_hz=rate)),
            min_coverage=settings.min_coverage,
        )
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
        return self._correlation.delays[1:]

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
        if not self._correlation.push(signals_a, signals_b):
            return False
        r, coverage = self._correlation.correlations()
        z = fisher_z(r)
        middle = self._correlation.max_lag
        self._weigh_mirror(z)
        signed = z * MIRROR_SIGNS[:, None, None] if mirror else z
        rows, profiles = [], []
        for name, members in self._members.items():
            profile = _mean(signed[members])
            share = float(coverage[members, 0, middle].mean())
            profiles.append(profile)
            self.scores[name], row = self._score(name, profile, z[members, 0], share)
            rows.append(row)
        self._follow(_mean(np.stack(profiles)))
        if self._ticks >= self._correlation.window:
            self.rows = tuple(rows)
            self._windows += 1
        return True

    def _score(
        self, name: str, profile: FloatArray, z: FloatArray, coverage: float
    ) -> tuple[SyncScore, WindowRow]:
        """Return score and window row of one channel; `profile` (n_delays + 1, n_lags)."""
        peaks = np.tanh(_highest(profile))
        chance = self._chance[name]
        chance.update(peaks[1:])
        lag_s = peak_lag(profile[0]) / self._rate_hz
        room = 1.0 - chance.mean
        value = float((peaks[0] - chance.mean) / room)
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
            r_zero=float(np.tanh(profile[0, self._correlation.max_lag])),
            z_mean_abs=float(_mean(np.abs(z).ravel())),
            peak_r=float(peaks[0]),
            peak_lag_s=lag_s,
            leader=leader_of(lag_s) if clear else "none",
            coverage=coverage,
        )
        return score, row

    def _follow(self, profile: FloatArray) -> None:
        """Update lag and leader from the profile over all channels, (n_delays + 1, n_lags)."""
        now = profile[0]
        self._profile = np.where(
            np.isnan(self._profile) | np.isnan(now), now, self._profile + self._fade * (now - self._profile)
        )
        peaks = np.tanh(_highest(profile))
        self._chance_of_all.update(peaks[1:])
        height = float(np.tanh(_highest(self._profile[None])[0]))
        clear = height > self._chance_of_all.mean + _CLEAR * self._chance_of_all.sd
        self.lag_s = peak_lag(self._profile) / self._rate_hz if clear else float("nan")
        self.leader = leader_of(self.lag_s)

    def _weigh_mirror(self, z: FloatArray) -> None:
        """Note how much better the head's lateral rotations fit in mirror image than anatomically."""
        lateral = _mean(z[MIRROR_SIGNS < 0, 0])[None]
        best = _highest(-lateral)[0] - _highest(lateral)[0]
        self.mirror_evidence = float(best) if np.isfinite(best) else 0.0


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
    there: NDArray[np.bool_] = np.isfinite(z)
    count = there.sum(axis=0)
    total = np.where(there, z, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _highest(profile: FloatArray) -> FloatArray:
    """Return the maximum over the last axis of what is there; NaN where nothing is."""
    top = np.where(np.isnan(profile), -np.inf, profile).max(axis=-1)
    return np.where(np.isneginf(top), np.nan, top)
