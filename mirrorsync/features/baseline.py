"""A person's neutral: the robust middle of what was seen in the first stretch."""

from __future__ import annotations

import numpy as np

from mirrorsync.tables import N_FEATURES
from mirrorsync.types import FloatArray

__all__ = ["Baseline"]


class Baseline:
    """Learns the neutral of one person, feature by feature, as the median of the first `learn_s`.

    A first neutral exists after two seconds of data and is refined once a second until `learn_s` are
    full; from then on it stands still. Scores that were already given are never changed by it.

    Parameters
    ----------
    rate_hz : float
        Rate of the ticks that come in.
    learn_s : float
        How long to learn; 0 takes the first two seconds.
    """

    _SAMPLE_HZ = 5.0
    _FIRST_S = 2.0

    def __init__(self, *, rate_hz: float, learn_s: float) -> None:
        self._every = max(round(rate_hz / self._SAMPLE_HZ), 1)
        self._first = round(self._FIRST_S * rate_hz / self._every)
        size = max(round(learn_s * rate_hz / self._every), self._first)
        self._samples = np.empty((size, N_FEATURES))
        self._n = 0
        self._tick = 0
        self._neutral = np.full(N_FEATURES, np.nan)

    @property
    def settled(self) -> bool:
        """Whether learning is over and the neutral no longer moves."""
        return self._n >= self._samples.shape[0]

    def update(self, values: FloatArray) -> FloatArray:
        """Add one tick's values, shape (n_features,); return the neutral in force, NaN where unknown.

        Ticks without a face or body add nothing: missing is not neutral.
        """
        self._tick += 1
        if self.settled or self._tick % self._every:
            return self._neutral
        if np.isfinite(values[:-2]).any():
            self._samples[self._n] = values
            self._n += 1
            refresh = max(round(self._SAMPLE_HZ), 1)
            if self._n == self._first or (self._n > self._first and self._n % refresh == 0) or self.settled:
                self._neutral = _median(self._samples[: self._n])
        return self._neutral

    def set(self, neutral: FloatArray) -> None:
        """Set the neutral by calibration, shape (n_features,); learning is over."""
        self._neutral = np.array(neutral, dtype=float)
        self._n = self._samples.shape[0]


def _median(samples: FloatArray) -> FloatArray:
    """Return the column medians without NaN; NaN where fewer than a fifth of the samples are there."""
    ordered = np.sort(samples, axis=0)  # NaN go last
    count = np.isfinite(samples).sum(axis=0)
    column = np.arange(samples.shape[1])
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    middle = 0.5 * (ordered[low, column] + ordered[np.minimum(high, samples.shape[0] - 1), column])
    return np.where(count >= max(0.2 * samples.shape[0], 1), middle, np.nan)
