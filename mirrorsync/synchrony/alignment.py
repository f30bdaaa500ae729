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
_SIGMA = np.array([f.sigma for f in FEATURES])
_WEIGHT = np.array([f.weight for f in FEATURES])
_RELATIVE: NDArray[np.bool_] = np.array([f.relative for f in FEATURES])


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
    da = np.where(_RELATIVE, a - neutral_a, a)
    db = np.where(_RELATIVE, b - neutral_b, b)
    if mirror:
        db, visibility_b = mirrored(db), visibility_b[..., MIRROR_INDEX]
    difference = (da[..., _POSTURE] - db[..., _POSTURE]) / _SIGMA[_POSTURE]
    seen = np.minimum(visibility_a[..., _POSTURE], visibility_b[..., _POSTURE])
    seen = np.where(np.isnan(difference), 0.0, seen) * _WEIGHT[_POSTURE]
    total = seen.sum(axis=-1)
    alike = (seen * np.exp(-np.square(np.nan_to_num(difference)))).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(total > 0, alike / total, np.nan)
    return Alignment(value, np.asarray(total / _WEIGHT[_POSTURE].sum()))


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
    da, db = a - neutral_a, b - neutral_b
    if mirror:
        db = mirrored(db)
    da, db = da[..., _EXPRESSION], db[..., _EXPRESSION]
    weight = np.where(np.isnan(da) | np.isnan(db), 0.0, _WEIGHT[_EXPRESSION])
    da, db = np.nan_to_num(da), np.nan_to_num(db)
    total = weight.sum(axis=-1)
    both = (weight * da * db).sum(axis=-1)
    energy = (weight * (da * da + db * db)).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        expressive = np.sqrt(energy / total) >= QUIET
        value = np.where(expressive & (total > 0), np.maximum(2.0 * both / energy, 0.0), np.nan)
    return Alignment(value, np.asarray(total / _WEIGHT[_EXPRESSION].sum()))
