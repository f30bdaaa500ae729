"""Sessions of unrelated people who hold their forms: how many are called alike?

Posture and expression wander slowly, so that moments a few seconds apart say nearly the same; a p-value that
counts them all would call strangers alike. `validate_synchrony.py` shows what comes of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.signal import lfilter

from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment import expression_alignment, posture_alignment
from mirrorsync.synchrony.session_scores import SessionScores
from mirrorsync.synchrony.session_statistics import session_statistics
from mirrorsync.tables import CHANNELS, FEATURES
from mirrorsync.types import FloatArray

__all__ = ["held_forms"]

SETTINGS = Settings()
LENGTHS_S, HELD_S = (60, 120, 300), (2.0, 8.0, 20.0)


def somebody(rng: np.random.Generator, n: int, held_s: float) -> FloatArray:
    """Return features, shape (n, n_features), of AR(1) wandering with a time constant of `held_s`."""
    phi = np.exp(-1.0 / (held_s * SETTINGS.rate_hz))
    noise = rng.standard_normal((n + 3000, len(FEATURES)))
    wander = lfilter([1.0], [1.0, -phi], noise, axis=0)[3000:] * np.sqrt(1.0 - phi**2)
    for k, feature in enumerate(FEATURES):
        if feature.group == "expression":
            wander[:, k] = np.clip(0.2 + 0.15 * wander[:, k], 0.0, 1.0)
        elif feature.group == "quality":
            wander[:, k] = 1.0
        else:
            wander[:, k] *= feature.sigma or 0.1 * min(feature.high, 50.0)
    held: FloatArray = wander
    return held


def session(a: FloatArray, b: FloatArray) -> SessionScores:
    """Return two people's session with nothing but alignment in it."""
    n, seen = len(a), np.ones_like(a)
    neutral_a, neutral_b = (np.median(person, axis=0) for person in (a, b))
    values = {name: np.full(n, np.nan) for name in CHANNELS}
    values["posture_alignment"] = posture_alignment(
        a, b, seen, seen, neutral_a=neutral_a, neutral_b=neutral_b, mirror=True
    ).value
    values["expression_alignment"] = expression_alignment(
        a, b, neutral_a=neutral_a, neutral_b=neutral_b, mirror=True
    ).value
    wide_a, wide_b = (np.broadcast_to(each, a.shape) for each in (neutral_a, neutral_b))
    return SessionScores.of_features(
        a, b, seen_a=seen, seen_b=seen, neutral_a=wide_a, neutral_b=wide_b, values=values,
        coverages=dict.fromkeys(CHANNELS, np.ones(n)), windows=[], anatomical=np.zeros(n, dtype=bool),
        settings=SETTINGS,
    )  # fmt: skip


def held_forms(n_pairs: int) -> Iterator[tuple[str, FloatArray]]:
    """Yield p-values of unrelated sessions, as long as each and with forms held as long as each."""
    for seconds in LENGTHS_S:
        rng = np.random.default_rng(seconds)
        found: dict[str, list[float]] = {"posture_alignment": [], "expression_alignment": []}
        for k in range(n_pairs):
            a, b = (somebody(rng, round(seconds * SETTINGS.rate_hz), HELD_S[k % 3]) for _ in range(2))
            statistics = session_statistics(session(a, b), SETTINGS)
            for name, p_values in found.items():
                p_values.append(statistics[name]["p_value"])
        for name, p_values in found.items():
            yield f"{name}, forms held for 2, 8 or 20 s, {seconds} s", np.array(p_values)
