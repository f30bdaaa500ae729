"""The live synchrony channels: head, body and expression, each against chance, and who leads."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mirrorsync.settings import Settings
from mirrorsync.synchrony.attunement import RunningChance, chance_level
from mirrorsync.synchrony.correlation import Z_LIMIT
from mirrorsync.synchrony.movement import LEAST_SD, MIRROR_SIGNS, SIGNAL_CHANNEL, SIGNALS
from mirrorsync.synchrony.past import surrogate_delays
from mirrorsync.synchrony.streaming import StreamingCorrelation
from mirrorsync.tables import SYNC_CHANNELS
from mirrorsync.types import NO_SCORE, FloatArray, SyncScore, WindowRow

__all__ = ["LEAD_S", "SynchronyMeter", "peak_lag", "shared_lags"]

LEAD_S = 0.1
"""Lags shorter than this are "together": below it nobody can be said to lead."""

_FLOOR_SD = 0.05
_COARSE_S = 0.08
_R_LIMIT = math.tanh(Z_LIMIT)
_CLEAR = 2.0  # chance SDs above which a peak's lag and leader are worth telling
# Rows: the channels, and last the head's lateral rotations as they are; columns: the signals that count.
_CHANNELS: FloatArray = np.array(
    [np.array(SIGNAL_CHANNEL) == name for name in SYNC_CHANNELS], dtype=np.float64
)
_LATERAL: FloatArray = (MIRROR_SIGNS < 0).astype(np.float64)
_MIX: dict[bool, FloatArray] = {
    mirror: np.vstack([_CHANNELS * (MIRROR_SIGNS if mirror else 1.0), _LATERAL]) for mirror in (True, False)
}


class SynchronyMeter:
    """Scores the movement signals of two people, tick by tick.

    A channel's lag profile is the mean Fisher z over its signals; its raw score the correlation at the
    profile's peak. Because a best correlation over lags reads high for anybody, the value is how far it
    stands above what the partner's shifted past gives: (peak − chance) / (1 − chance), 0 for unrelated
    people on average, 1 for a perfect copy. While somebody is at rest (`movement.LEAST_SD`) there is none.
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
            "min_coverage": settings.min_coverage,
            "least_sd": LEAST_SD,
        }
        # Signals are smooth: every second lag or so is enough to see how high a peak is. The true pair's
        # height is taken at the same lags, its place at all of them.
        self._chances = StreamingCorrelation(**sizes, lag_step=_coarse(settings), delays=self._delays)
        self._correlation = StreamingCorrelation(**sizes, history=self._chances.history)
        self._shared_lags = shared_lags(settings)
        self._middle = lag
        self._min_coverage = settings.min_coverage
        memory = settings.chance_memory_s / self._step_s
        first = max(round(3.0 / self._step_s), 1)
        self._chance = {
            name: RunningChance(memory=memory, first=first, floor_sd=_FLOOR_SD) for name in SYNC_CHANNELS
        }
        self._chance_of_all = RunningChance(memory=memory, first=first, floor_sd=_FLOOR_SD)
        self._profile = np.full(self._correlation.lags.size, np.nan)
        self._fade = float(-np.expm1(-self._step_s / settings.window_s))
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
        if not self._chances.push(signals_a, signals_b):
            return False
        self._correlation.advance()
        r, coverage = self._correlation.correlations()
        chance_r, chance_coverage = self._chances.correlations()
        # The true pair's lags first, then those of each surrogate: what is done to both is done at once.
        n_signals, n_lags = r.shape[0], r.shape[2]
        z = _fisher_z(np.concatenate((r.reshape(n_signals, -1), chance_r.reshape(n_signals, -1)), axis=1))
        means = _means(_MIX[mirror], z)
        self._weigh_mirror(means[-1, :n_lags])
        profiles = means[:-1]
        profile = profiles[:, :n_lags]
        chance_profile = profiles[:, n_lags:].reshape(-1, *chance_r.shape[1:])
        shares = _means(
            _CHANNELS,
            np.concatenate(
                (coverage[:, :, self._middle], chance_coverage[:, :, self._chances.n_side]), axis=1
            ),
        )
        # At the edge of a gap or a rest a few far lags still say something: the best of those is no peak.
        middles = (profile[:, self._middle, None], chance_profile[:, :, self._chances.n_side])
        sparse = (shares < self._min_coverage) | np.isnan(np.concatenate(middles, axis=1))
        if sparse.any():
            profile[sparse[:, 0]] = np.nan
            chance_profile[sparse[:, 1:]] = np.nan
        self._score(profile, np.tanh(_highest(chance_profile)), z[:, :n_lags], shares[:, 0].tolist())
        of_all = _mean(profiles)
        self._follow(of_all[:n_lags], np.tanh(_highest(of_all[n_lags:].reshape(chance_r.shape[1:]))))
        return True

    def _score(
        self, profiles: FloatArray, chances: FloatArray, z: FloatArray, coverages: list[float]
    ) -> None:
        """Make the scores, and the window rows once a window is full.

        Parameters
        ----------
        profiles : ndarray, shape (n_channels, n_lags)
            Mean Fisher z over each channel's signals.
        chances : ndarray, shape (n_channels, n_delays)
            Peak correlations of the surrogates.
        z : ndarray, shape (n_signals, n_lags)
            Fisher z of each signal.
        coverages : list of float
            By channel.
        """
        shared = np.tanh(_highest(profiles[:, self._shared_lags])).tolist()
        lags = [peak_lag(profile) / self._rate_hz for profile in profiles]
        told = []
        for k, (name, chance) in enumerate(self._chance.items()):
            chance.update(chances[k])
            mean = chance.mean
            room = 1.0 - mean
            value, sd = (shared[k] - mean) / room, chance.sd / room
            told.append(value > _CLEAR * sd)
            self.scores[name] = SyncScore(
                value=max(value, -1.0) if math.isfinite(value) else math.nan,
                coverage=coverages[k],
                lag_s=lags[k] if told[k] else math.nan,
                chance_mean=0.0 if math.isfinite(sd) else math.nan,
                chance_sd=sd,
                level=chance_level(value, 0.0, sd),
            )
        if self._ticks < self._correlation.window:
            return
        end_s = self._ticks / self._rate_hz
        zeros = np.tanh(profiles[:, self._middle]).tolist()
        peaks = np.tanh(_highest(profiles)).tolist()
        sizes = _mean_sizes(z)
        self.rows = tuple(
            WindowRow(
                channel=name,
                window=self._windows,
                start_s=end_s - self._correlation.window / self._rate_hz,
                end_s=end_s,
                r_zero=zeros[k],
                z_mean_abs=sizes[k],
                peak_r=peaks[k],
                peak_lag_s=lags[k],
                leader=leader_of(lags[k]) if told[k] else "none",
                coverage=coverages[k],
            )
            for k, name in enumerate(self._chance)
        )
        self._windows += 1

    def _follow(self, now: FloatArray, chances: FloatArray) -> None:
        """Update lag and leader from the profile over all channels and its surrogates' peaks."""
        faded = self._profile + self._fade * (now - self._profile)
        self._profile = np.where(np.isnan(faded), now, faded)
        self._chance_of_all.update(chances)
        height = math.tanh(_highest(self._profile[self._shared_lags]))
        clear = height > self._chance_of_all.mean + _CLEAR * self._chance_of_all.sd
        self.lag_s = peak_lag(self._profile) / self._rate_hz if clear else math.nan
        self.leader = leader_of(self.lag_s)

    def _weigh_mirror(self, lateral: FloatArray) -> None:
        """Note how much better the head's lateral rotations fit in mirror image than anatomically."""
        best = float(_highest(-lateral) - _highest(lateral))
        self.mirror_evidence = best if math.isfinite(best) else 0.0


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
    top = int(np.fmax(profile, -np.inf).argmax())
    here = float(profile[top])
    if math.isnan(here):
        return math.nan
    at = float(top - profile.size // 2)
    if 0 < top < profile.size - 1:
        left, right = float(profile[top - 1]), float(profile[top + 1])
        bend = left - 2.0 * here + right
        if bend < 0:
            at += 0.5 * (left - right) / bend
    return at


def _fisher_z(r: FloatArray) -> FloatArray:
    """Return atanh(r), clipped at ±`Z_LIMIT`: `fisher_z` by a logarithm, in half the time."""
    r = np.minimum(np.maximum(r, -_R_LIMIT), _R_LIMIT)
    z = np.log((1.0 + r) / (1.0 - r))
    z *= 0.5
    return z


def _means(mix: FloatArray, values: FloatArray) -> FloatArray:
    """Return the mean over each row's signals of what is there; NaN where nothing is.

    Parameters
    ----------
    mix : ndarray, shape (n_rows, n_signals)
        0 or ±1: which signals make up a row, and with which sign.
    values : ndarray, shape (n_signals, k)
    """
    size = np.abs(mix)
    means: FloatArray = (mix @ values) / size.sum(axis=1, keepdims=True)
    if not math.isnan(means.sum()):
        return means
    # A NaN has spread over all rows.
    there = np.isfinite(values)
    count = size @ there
    return (mix @ np.where(there, values, 0.0)) / np.where(count > 0, count, np.nan)


def _mean_sizes(z: FloatArray) -> list[float]:
    """Return the mean |z| over each channel's signals and lags, (n_signals, n_lags); NaN where nothing is."""
    there = np.isfinite(z)
    sums = _CHANNELS @ np.fmax(np.abs(z), 0.0).sum(axis=1)  # of a number and NaN, fmax takes the number
    counts = _CHANNELS @ there.sum(axis=1)
    sizes: list[float] = (sums / np.where(counts > 0, counts, np.nan)).tolist()
    return sizes


def _mean(z: FloatArray) -> FloatArray:
    """Return the mean over the first axis of what is there; NaN where nothing is."""
    mean: FloatArray = z.sum(axis=0) / len(z)
    if not math.isnan(mean.sum()):
        return mean
    there: NDArray[np.bool_] = np.isfinite(z)
    count = there.sum(axis=0)
    total = np.where(there, z, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _highest(profile: FloatArray) -> FloatArray:
    """Return the maximum over the last axis of what is there; NaN where nothing is."""
    top: FloatArray = np.fmax.reduce(profile, axis=-1)
    return top
