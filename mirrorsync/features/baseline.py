"""A person's neutral: the robust middle of what was seen in the first stretch, or what was calibrated."""

from __future__ import annotations

import numpy as np

from mirrorsync.tables import N_FEATURES, feature_slice
from mirrorsync.types import FloatArray

__all__ = ["Baseline", "middle"]

_FORM = np.concatenate([feature_slice(group) for group in ("posture", "head", "expression")])


class Baseline:
    """Learns the neutral of one person, feature by feature, as the median of the first `learn_s`.

    A first neutral exists after two seconds of data and is refined once a second until `learn_s` are
    full; from then on it stands still. What was hardly there until then (less than a fifth of the time: a
    face out of the picture, say) is learnt from the time in which it is there, and counts from `FIRM_S` of
    that on. What is set by calibration goes before what is learnt. Scores that were already given are never
    changed by either.

    Parameters
    ----------
    rate_hz : float
        Rate of the ticks that come in.
    learn_s : float
        How long to learn; 0 takes the first two seconds.

    Attributes
    ----------
    settled : bool
        Whether learning is over, but for what was hardly there, and the neutral no longer moves by itself.
    """

    FIRM_S = 20.0
    _SAMPLE_HZ = 5.0
    _FIRST_S = 2.0

    def __init__(self, *, rate_hz: float, learn_s: float) -> None:
        self._every = max(round(rate_hz / self._SAMPLE_HZ), 1)
        self._first = round(self._FIRST_S * rate_hz / self._every)
        size = max(round(learn_s * rate_hz / self._every), self._first)
        self._firm = min(round(self.FIRM_S * rate_hz / self._every), size)
        self._samples = np.empty((size, N_FEATURES))
        self._n = 0
        self._tick = 0
        self._open = np.ones(N_FEATURES, dtype=bool)  # what is being learnt
        self._learnt = np.full(N_FEATURES, np.nan)
        self._set = np.full(N_FEATURES, np.nan)
        self._neutral = self._learnt
        self.settled = False

    @property
    def neutral(self) -> FloatArray:
        """The neutral in force, shape (n_features,), NaN where unknown; a new array whenever it changes."""
        return self._neutral

    @property
    def firm(self) -> bool:
        """Whether form may be held against it: learnt from `FIRM_S` (or all of `learn_s`), or calibrated.

        Somebody is close to a neutral that was just learnt from the very same moments; so is everybody.
        """
        return self.settled or self._n >= self._firm or bool(np.isfinite(self._set[_FORM]).any())

    def update(self, values: FloatArray) -> FloatArray:
        """Add one tick's values, shape (n_features,); return the neutral in force, NaN where unknown.

        Ticks without a face or body add nothing: missing is not neutral.
        """
        self._tick += 1
        if self._tick % self._every or not np.isfinite(values[:-2][self._open[:-2]]).any():
            return self._neutral
        self._samples[self._n] = values
        self._n += 1
        full = self._n >= self._samples.shape[0]
        first = self._firm if self.settled else self._first
        if full or self._n == first or (self._n > first and self._n % round(self._SAMPLE_HZ) == 0):
            self._learnt = np.where(self._open, middle(self._samples[: self._n]), self._learnt)
            self._join()
        if full:
            self._end_round()
        return self._neutral

    def set(self, neutral: FloatArray) -> None:
        """Set the neutral by calibration, shape (n_features,).

        What is NaN in it stays as it was, set before or learnt, and goes on being learnt; when nothing is
        left to learn, learning is over.
        """
        self._set = np.where(np.isnan(neutral), self._set, neutral)
        self._join()
        if np.isfinite(self._set).all():
            self._end_round()

    def _end_round(self) -> None:
        """Let what is known stand still, and go on with the rest alone."""
        self.settled = True
        self._n = 0
        self._open &= np.isnan(self._neutral)

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
