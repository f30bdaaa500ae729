"""A person's neutral: the robust middle of what was seen in the first stretch, or what was calibrated."""

from __future__ import annotations

import numpy as np

from mirrorsync.tables import N_FEATURES
from mirrorsync.types import FloatArray

__all__ = ["Baseline", "middle"]


class Baseline:
    """Learns the neutral of one person, feature by feature, as the median of the first `learn_s`.

    A first neutral exists after two seconds of data and is refined once a second until `learn_s` are
    full; from then on it stands still. What is set by calibration goes before what is learnt. Scores that
    were already given are never changed by either.

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
        self._learnt = np.full(N_FEATURES, np.nan)
        self._set = np.full(N_FEATURES, np.nan)
        self._neutral = self._learnt

    @property
    def settled(self) -> bool:
        """Whether learning is over and the neutral no longer moves by itself."""
        return self._n >= self._samples.shape[0]

    @property
    def neutral(self) -> FloatArray:
        """The neutral in force, shape (n_features,), NaN where unknown; a new array whenever it changes."""
        return self._neutral

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
                self._learnt = middle(self._samples[: self._n])
                self._join()
        return self._neutral

    def set(self, neutral: FloatArray) -> None:
        """Set the neutral by calibration, shape (n_features,).

        What is NaN in it stays as it was, set before or learnt, and goes on being learnt; when nothing is
        left to learn, learning is over.
        """
        self._set = np.where(np.isnan(neutral), self._set, neutral)
        if np.isfinite(self._set).all():
            self._n = self._samples.shape[0]
        self._join()

    def _join(self) -> None:
        self._neutral = np.where(np.isnan(self._set), self._learnt, self._set)


def middle(samples: FloatArray) -> FloatArray:
    """Return the column medians of samples, shape (n, n_features), passing over NaN.

    NaN where fewer than a fifth of the samples are there.
    """
    ordered = np.sort(samples, axis=0)  # NaN go last
    count = np.isfinite(samples).sum(axis=0)
    column = np.arange(samples.shape[1])
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    centre = 0.5 * (ordered[low, column] + ordered[np.minimum(high, samples.shape[0] - 1), column])
    return np.where(count >= max(0.2 * samples.shape[0], 1), centre, np.nan)
