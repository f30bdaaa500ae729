"""Alignment: are two people in the same form now? Posture and expression, frame by frame.

Behaviour matching in the sense of Bernieri & Rosenthal (1991); LaFrance & Broadbent (1976,
10.1177/105960117600100307) counted the mirror image and the anatomical form both as posture sharing, so
both are given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.tables import FEATURES, MIRROR_INDEX, MIRROR_SIGN
from mirrorsync.types import FloatArray

__all__ = ["QUIET", "Alignment", "expression_alignment", "mirrored", "posture_alignment"]

QUIET = 0.08
"""Weighted RMS deviation from neutral (blendshape units) below which a face counts as quiet."""

_POSTURE = np.array([i for i, f in enumerate(FEATURES) if f.sigma > 0 and f.group in {"posture", "head"}])
_EXPRESSION = np.array([i for i, f in enumerate(FEATURES) if f.sigma > 0 and f.group == "expression"])
_POSTURE_SIGMA = np.array([FEATURES[i].sigma for i in _POSTURE])
_POSTURE_WEIGHT = np.array([FEATURES[i].weight for i in _POSTURE])
_POSTURE_RELATIVE = np.array([float(FEATURES[i].relative) for i in _POSTURE])
_EXPRESSION_WEIGHT = np.array([FEATURES[i].weight for i in _EXPRESSION])


@dataclass(frozen=True, slots=True)
class Alignment:
    """Alignment of two people: arrays over the leading axes of what was compared.

    Attributes
    ----------
    value : ndarray
        0–1; NaN where coverage is 0, or where both faces are quiet.
    coverage : ndarray
        0–1, share of the weight that was seen in both.
    """

    value: FloatArray
    coverage: FloatArray


def mirrored(values: FloatArray) -> FloatArray:
    """Return features, shape (…, n_features), as the flipped picture would give them.

    Left and right change places and lateral signs are negated; twice gives the same values again.
    """
    flipped: FloatArray = values[..., MIRROR_INDEX] * MIRROR_SIGN
    return flipped


def posture_alignment(
    a: FloatArray,
    b: FloatArray,
    visibility_a: FloatArray,
    visibility_b: FloatArray,
    *,
    neutral_a: FloatArray,
    neutral_b: FloatArray,
    mirror: bool,
) -> Alignment:
    """Score how alike two postures are: Σ wᵢ vᵢ exp(−(Δᵢ/σᵢ)²) / Σ wᵢ vᵢ.

    Parameters
    ----------
    a, b : ndarray, shape (…, n_features)
        Features; `b` may have more leading axes (several moments of B against one of A).
    visibility_a, visibility_b : ndarray, as `a` and `b`
        0–1; the smaller of both is vᵢ.
    neutral_a, neutral_b : ndarray, shape (n_features,)
        Each person's neutral, subtracted from the features that are `relative` (where the camera stands
        would otherwise decide).
    mirror : bool
        True: mirror image, my left is your right; False: anatomical, my left is your left.
    """
    there = MIRROR_INDEX[_POSTURE] if mirror else _POSTURE  # where B keeps what A has at _POSTURE
    db = _from_neutral(b[..., there], neutral_b[..., there])
    if mirror:
        db = db * MIRROR_SIGN[_POSTURE]
    difference = (_from_neutral(a[..., _POSTURE], neutral_a[..., _POSTURE]) - db) / _POSTURE_SIGMA
    lost = np.isnan(difference)
    seen = np.minimum(visibility_a[..., _POSTURE], visibility_b[..., there]) * _POSTURE_WEIGHT
    seen[lost] = 0.0
    difference[lost] = 0.0
    total = seen.sum(axis=-1)
    alike = (seen * np.exp(-difference * difference)).sum(axis=-1)
    return Alignment(_ratio(alike, total, total > 0), np.asarray(total / _POSTURE_WEIGHT.sum()))


def _from_neutral(values: FloatArray, neutral: FloatArray) -> FloatArray:
    """Subtract the neutral from the posture features that are relative."""
    return values - np.where(_POSTURE_RELATIVE > 0, neutral, 0.0)


def _ratio(over: FloatArray, under: FloatArray, valid: NDArray[np.bool_]) -> FloatArray:
    """Return over / under where valid, NaN elsewhere."""
    out = np.full(np.shape(over), np.nan)
    np.divide(over, under, out=out, where=valid)
    return out


def expression_alignment(
    a: FloatArray, b: FloatArray, *, neutral_a: FloatArray, neutral_b: FloatArray, mirror: bool
) -> Alignment:
    """Score how alike two faces depart from their own neutral: max(0, 2 Σ w dₐ d_b / Σ w (dₐ² + d_b²)).

    1 when both do the same to the same degree, 0 when one smiles and the other does not. Two quiet faces
    are not a match: NaN with coverage 1 ("quiet"). Not measured: NaN with coverage 0.

    Parameters
    ----------
    a, b : ndarray, shape (…, n_features)
        Features; `b` may have more leading axes.
    neutral_a, neutral_b : ndarray, shape (n_features,)
        Each person's neutral.
    mirror : bool
        Swap left and right in B.
    """
    there = MIRROR_INDEX[_EXPRESSION] if mirror else _EXPRESSION
    da = a[..., _EXPRESSION] - neutral_a[..., _EXPRESSION]
    db = b[..., there] - neutral_b[..., there]
    lost = np.isnan(da + db)
    weight = np.where(lost, 0.0, _EXPRESSION_WEIGHT)
    da, db = np.where(lost, 0.0, da), np.where(lost, 0.0, db)
    total = weight.sum(axis=-1)
    both = (weight * da * db).sum(axis=-1)
    energy = (weight * (da * da + db * db)).sum(axis=-1)
    expressive = (total > 0) & (energy >= QUIET * QUIET * total)
    value = np.maximum(_ratio(2.0 * both, energy, expressive), 0.0)
    return Alignment(value, np.asarray(total / _EXPRESSION_WEIGHT.sum()))
