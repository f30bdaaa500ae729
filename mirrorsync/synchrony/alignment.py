"""Alignment: are two people in the same form now? Posture and expression, frame by frame.

Behaviour matching in the sense of Bernieri & Rosenthal (1991); LaFrance & Broadbent (1976,
10.1177/105960117600100307) counted the mirror image and the anatomical form both as posture sharing, so
both are given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.tables import FEATURES, MIRROR_INDEX, MIRROR_SIGN
from mirrorsync.types import FloatArray

__all__ = [
    "MIN_EXPRESSION",
    "MIN_POSTURE",
    "N_COMPARED",
    "QUIET",
    "Alignment",
    "Form",
    "both_forms",
    "expression_alignment",
    "expression_of_forms",
    "form",
    "mirrored",
    "posture_alignment",
    "posture_of_forms",
]

QUIET = 0.08
"""Weighted RMS deviation from neutral (blendshape units) below which a face counts as quiet."""

MIN_POSTURE, MIN_EXPRESSION = 0.3, 0.5
"""Below these shares of the weight the program says nothing. Without arms, posture has about 0.6."""

# What is compared: posture first, those compared as they are before those less their neutral, then the face.
_POSTURE = sorted(
    (i for i, f in enumerate(FEATURES) if f.sigma > 0 and f.group in {"posture", "head"}),
    key=lambda i: FEATURES[i].relative,
)
_EXPRESSION = [i for i, f in enumerate(FEATURES) if f.sigma > 0 and f.group == "expression"]
_AT = np.array(_POSTURE + _EXPRESSION)
_BODY, _FACE = slice(len(_POSTURE)), slice(len(_POSTURE), None)
_RELATIVE = slice(sum(not FEATURES[i].relative for i in _POSTURE), None)
_SCALE = np.array([1.0 / FEATURES[i].sigma for i in _POSTURE] + [1.0] * len(_EXPRESSION))
_WEIGHT = np.array([FEATURES[i].weight for i in _AT])
_BOTH_AT = np.stack([MIRROR_INDEX[_AT], _AT])
_BOTH_SCALES = np.stack([_SCALE * MIRROR_SIGN[_AT], _SCALE])
_BODY_WEIGHT, _FACE_WEIGHT = float(_WEIGHT[_BODY].sum()), float(_WEIGHT[_FACE].sum())
N_COMPARED = int(_AT.size)
"""How many features a form has."""
_ANY = 1e-12  # less than this, of weight or of energy, is nothing at all


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


@dataclass(frozen=True, slots=True)
class Form:
    """A person's form, made ready for comparing: what is missing has value 0 and weight 0.

    Attributes
    ----------
    values : ndarray, shape (…, n_compared)
        Posture in units of σ, then expression less neutral.
    weights : ndarray, shape (…, n_compared)
        Visibility times weight of the posture, reliability of the expression.
    """

    values: FloatArray
    weights: FloatArray

    @property
    def flipped(self) -> Form:
        """Of both forms, the flipped one."""
        return Form(self.values[..., 0, :], self.weights[..., 0, :])

    @property
    def as_is(self) -> Form:
        """Of both forms, the one as is."""
        return Form(self.values[..., 1, :], self.weights[..., 1, :])


def form(values: FloatArray, visibility: FloatArray, neutral: FloatArray) -> Form:
    """Return the form of a person, arrays of shape (…, n_features) each.

    The neutral is subtracted from the features that are `relative`: where the camera stands would
    otherwise decide.
    """
    return _form(values, visibility, neutral, _AT, _SCALE)


def both_forms(values: FloatArray, visibility: FloatArray, neutral: FloatArray) -> Form:
    """Return a person's form flipped and as is: one axis of two before the last.

    Flipped (index 0), left and right change places and lateral signs are negated: compared with it,
    somebody's left is the other's right.
    """
    return _form(values, visibility, neutral, _BOTH_AT, _BOTH_SCALES)


def _form(
    values: FloatArray, visibility: FloatArray, neutral: FloatArray, at: NDArray[np.intp], scale: FloatArray
) -> Form:
    # `take` leaves each form in one piece: sums over it are then the same to the last digit, however many
    # forms are compared at once.
    form = values.take(at, axis=-1)
    form[..., _RELATIVE] -= neutral.take(at[..., _RELATIVE], axis=-1)
    form *= scale
    weights = visibility.take(at, axis=-1)
    weights *= _WEIGHT
    weights[..., _FACE] = _WEIGHT[_FACE]
    if math.isnan(form.sum()):
        lost = np.isnan(form)
        form[lost] = weights[lost] = 0.0
    return Form(form, weights)


def posture_of_forms(a: Form, b: Form, *, min_coverage: float = _ANY) -> Alignment:
    """Score how alike two postures are: Σ wᵢ vᵢ exp(−(Δᵢ/σᵢ)²) / Σ wᵢ vᵢ, v the smaller visibility.

    NaN where coverage is below `min_coverage`.
    """
    difference = a.values[..., _BODY] - b.values[..., _BODY]
    seen = np.minimum(a.weights[..., _BODY], b.weights[..., _BODY])
    total = np.add.reduce(seen, axis=-1)
    coverage = total / _BODY_WEIGHT
    alike = np.add.reduce(seen * np.exp(-difference * difference), axis=-1)
    value = np.asarray(alike / np.maximum(total, _ANY))
    value[coverage < min_coverage] = np.nan
    return Alignment(value, coverage)


def expression_of_forms(a: Form, b: Form, *, min_coverage: float = _ANY) -> Alignment:
    """Score how alike two faces depart from neutral: max(0, 2 Σ w dₐ d_b / Σ w (dₐ² + d_b²)).

    NaN where coverage is below `min_coverage`, and where both faces are quiet.
    """
    face_a, face_b = a.values[..., _FACE], b.values[..., _FACE]
    weight = np.minimum(a.weights[..., _FACE], b.weights[..., _FACE])
    total = np.add.reduce(weight, axis=-1)
    coverage = total / _FACE_WEIGHT
    both = np.add.reduce(weight * face_a * face_b, axis=-1)
    energy = np.add.reduce(weight * (face_a * face_a + face_b * face_b), axis=-1)
    value = np.asarray(np.maximum(2.0 * both / np.maximum(energy, _ANY), 0.0))
    value[(coverage < min_coverage) | (energy < QUIET * QUIET * total)] = np.nan
    return Alignment(value, coverage)


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
    neutral_a, neutral_b : ndarray, shape (…, n_features)
        Each person's neutral, subtracted from the features that are `relative`.
    mirror : bool
        True: mirror image, my left is your right; False: anatomical, my left is your left.
    """
    of_b = both_forms(b, visibility_b, neutral_b)
    return posture_of_forms(form(a, visibility_a, neutral_a), of_b.flipped if mirror else of_b.as_is)


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
    neutral_a, neutral_b : ndarray, shape (…, n_features)
        Each person's neutral.
    mirror : bool
        Swap left and right in B.
    """
    of_b = both_forms(b, np.ones_like(b), neutral_b)
    return expression_of_forms(form(a, np.ones_like(a), neutral_a), of_b.flipped if mirror else of_b.as_is)
