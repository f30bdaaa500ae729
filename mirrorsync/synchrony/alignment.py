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

__all__ = [
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

_POSTURE = np.array([i for i, f in enumerate(FEATURES) if f.sigma > 0 and f.group in {"posture", "head"}])
_EXPRESSION = np.array([i for i, f in enumerate(FEATURES) if f.sigma > 0 and f.group == "expression"])
_AS_IS = np.array([1.0 / FEATURES[i].sigma for i in _POSTURE])
_BOTH_SIGNS = np.stack([_AS_IS * MIRROR_SIGN[_POSTURE], _AS_IS])
_BOTH_POSTURES = np.stack([MIRROR_INDEX[_POSTURE], _POSTURE])
_BOTH_EXPRESSIONS = np.stack([MIRROR_INDEX[_EXPRESSION], _EXPRESSION])
_POSTURE_WEIGHT = np.array([FEATURES[i].weight for i in _POSTURE])
_POSTURE_RELATIVE: NDArray[np.bool_] = np.array([FEATURES[i].relative for i in _POSTURE])
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


@dataclass(frozen=True, slots=True)
class Form:
    """A person's form, made ready for comparing: what is missing has value 0 and weight 0.

    Attributes
    ----------
    posture, seen : ndarray, shape (…, 17)
        Posture in units of σ, and visibility times weight.
    face, present : ndarray, shape (…, 51)
        Expression less neutral, and reliability.
    """

    posture: FloatArray
    seen: FloatArray
    face: FloatArray
    present: FloatArray

    @property
    def parts(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """The four arrays."""
        return self.posture, self.seen, self.face, self.present

    @property
    def flipped(self) -> Form:
        """Of both forms, the flipped one."""
        return Form(*(part[..., 0, :] for part in self.parts))

    @property
    def as_is(self) -> Form:
        """Of both forms, the one as is."""
        return Form(*(part[..., 1, :] for part in self.parts))


def form(values: FloatArray, visibility: FloatArray, neutral: FloatArray) -> Form:
    """Return the form of a person, arrays of shape (…, n_features) each.

    The neutral is subtracted from the features that are `relative`: where the camera stands would
    otherwise decide.
    """
    return _form(values, visibility, neutral, _POSTURE, _EXPRESSION, _AS_IS)


def both_forms(values: FloatArray, visibility: FloatArray, neutral: FloatArray) -> Form:
    """Return a person's form flipped and as is: one axis of two before the last.

    Flipped (index 0), left and right change places and lateral signs are negated: compared with it,
    somebody's left is the other's right.
    """
    return _form(values, visibility, neutral, _BOTH_POSTURES, _BOTH_EXPRESSIONS, _BOTH_SIGNS)


def _form(
    values: FloatArray,
    visibility: FloatArray,
    neutral: FloatArray,
    posture_at: NDArray[np.intp],
    face_at: NDArray[np.intp],
    signs: FloatArray,
) -> Form:
    posture = values[..., posture_at] - np.where(_POSTURE_RELATIVE, neutral[..., posture_at], 0.0)
    posture *= signs
    seen = visibility[..., posture_at] * _POSTURE_WEIGHT
    face = values[..., face_at] - neutral[..., face_at]
    present = np.broadcast_to(_EXPRESSION_WEIGHT, face.shape)
    lost = np.isnan(posture)
    if lost.any():
        posture[lost] = seen[lost] = 0.0
    lost = np.isnan(face)
    if lost.any():
        face[lost] = 0.0
        present = np.where(lost, 0.0, present)
    return Form(posture, seen, face, present)


def posture_of_forms(a: Form, b: Form) -> Alignment:
    """Score how alike two postures are: Σ wᵢ vᵢ exp(−(Δᵢ/σᵢ)²) / Σ wᵢ vᵢ, v the smaller visibility."""
    difference = a.posture - b.posture
    seen = np.minimum(a.seen, b.seen)
    total = seen.sum(axis=-1)
    alike = (seen * np.exp(-difference * difference)).sum(axis=-1)
    return Alignment(_ratio(alike, total, total > 0), total / _POSTURE_WEIGHT.sum())


def expression_of_forms(a: Form, b: Form) -> Alignment:
    """Score how alike two faces depart from neutral: max(0, 2 Σ w dₐ d_b / Σ w (dₐ² + d_b²))."""
    weight = np.minimum(a.present, b.present)
    total = weight.sum(axis=-1)
    both = (weight * a.face * b.face).sum(axis=-1)
    energy = (weight * (a.face * a.face + b.face * b.face)).sum(axis=-1)
    expressive = (total > 0) & (energy >= QUIET * QUIET * total)
    value = np.maximum(_ratio(2.0 * both, energy, expressive), 0.0)
    return Alignment(value, total / _EXPRESSION_WEIGHT.sum())


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


def _ratio(over: FloatArray, under: FloatArray, valid: NDArray[np.bool_]) -> FloatArray:
    """Return over / under where valid, NaN elsewhere."""
    out = np.full(np.shape(over), np.nan)
    np.divide(over, under, out=out, where=valid)
    return out
