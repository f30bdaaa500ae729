"""Snapshots for the exercises, by name of feature and channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import Features, Pair, Snapshot, SyncScore

STEP_S = 0.04


def features(values: Mapping[str, float], *, visibility: float = 1.0) -> Features:
    """Return a person of whom only `values` are known."""
    row, seen = np.full(N_FEATURES, np.nan), np.zeros(N_FEATURES)
    for name, value in values.items():
        row[FEATURE_INDEX[name]] = value
        seen[FEATURE_INDEX[name]] = 0.0 if np.isnan(value) else visibility
    return Features(0, row, seen)


def snapshot(
    a: Features | None = None,
    b: Features | None = None,
    scores: Mapping[str, SyncScore] | None = None,
    *,
    lag_s: float = float("nan"),
    mirror_mode: str = "mirror",
) -> Snapshot:
    """Return a snapshot of both people and their scores."""
    pair = Pair(tick=0, t_ns=0, a=a, b=b)
    return Snapshot(pair=pair, scores=scores or {}, lag_s=lag_s, mirror_mode=mirror_mode)


@dataclass(frozen=True, slots=True)
class Pattern:
    """An expression pattern as the engine would hand it on."""

    name: str
    words: str = "a pattern"
    strength: float = 0.8
