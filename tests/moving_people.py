"""Two people as feature series on the uniform clock, made from smooth random numbers with a seed."""

from __future__ import annotations

import numpy as np

from mirrorsync.settings import Settings
from mirrorsync.synchrony.scorer import Scored, Scorer
from mirrorsync.tables import FEATURE_INDEX, FEATURES, N_FEATURES
from mirrorsync.types import FloatArray

_SPREAD = {"head": 8.0, "posture": 0.15, "place": 0.15, "expression": 0.2, "gaze": 12.0}
_MIDDLE = {"expression": 0.3}
FOUND = [FEATURE_INDEX["pose_found"], FEATURE_INDEX["face_found"]]


def smooth_noise(rng: np.random.Generator, n: int, columns: int, *, width: float) -> FloatArray:
    """Noise of mean 0 and SD 1, smoothed by a Gaussian of `width` ticks; shape (n, columns)."""
    reach = int(4 * width) + 1
    kernel = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / width))
    kernel /= np.sqrt(np.square(kernel).sum())
    white = rng.normal(size=(n + 2 * reach, columns))
    return np.stack([np.convolve(white[:, k], kernel, "valid") for k in range(columns)], axis=1)


def somebody(seed: int, n: int, *, rate_hz: float = 25.0, smooth_s: float = 0.3) -> FloatArray:
    """A person who nods, sways and grimaces at random, shape (n, n_features)."""
    rng = np.random.default_rng(seed)
    values = smooth_noise(rng, n, N_FEATURES, width=smooth_s * rate_hz)
    values *= [10.0 if f.unit == "deg" else _SPREAD.get(f.group, 0.1) for f in FEATURES]
    values += [_MIDDLE.get(f.group, 0.0) for f in FEATURES]
    values[:, FOUND] = 1.0
    return values


def later(values: FloatArray, ticks: int, *, before: FloatArray) -> FloatArray:
    """`values` shown `ticks` later; `before` fills the beginning."""
    out = before.copy()
    out[ticks:] = values[: values.shape[0] - ticks]
    return out


def score(
    a: FloatArray, b: FloatArray, settings: Settings, *, neutral_a: FloatArray, neutral_b: FloatArray
) -> list[Scored]:
    """Score two series tick by tick, all of what is there being seen well."""
    scorer = Scorer(settings)
    return [
        scorer.update(
            row_a, row_b, np.isfinite(row_a) * 1.0, np.isfinite(row_b) * 1.0,
            neutral_a=neutral_a, neutral_b=neutral_b,
        )
        for row_a, row_b in zip(a, b, strict=True)
    ]  # fmt: skip


def values_of(scored: list[Scored], channel: str) -> FloatArray:
    """The values of one channel, shape (n,)."""
    return np.array([one.scores[channel].value for one in scored])
