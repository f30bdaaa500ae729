"""Alike is 1, a flip swaps the two forms, and what was not seen says nothing."""

from __future__ import annotations

import numpy as np
import pytest
from moving_people import somebody

from mirrorsync.synchrony.alignment import Alignment, expression_alignment, mirrored, posture_alignment
from mirrorsync.tables import FEATURE_INDEX, FEATURES, N_FEATURES
from mirrorsync.types import FloatArray

A, B = somebody(1, 40), somebody(2, 40)
ZERO = np.zeros(N_FEATURES)
NEUTRAL_A, NEUTRAL_B = 0.1 * somebody(3, 1)[0], 0.1 * somebody(4, 1)[0]
SEEN = np.random.default_rng(5).uniform(0.3, 1.0, (40, N_FEATURES))
RELATIVE = np.array([f.relative for f in FEATURES])


def posture(a: FloatArray, b: FloatArray, *, mirror: bool, seen: FloatArray = SEEN) -> Alignment:
    return posture_alignment(a, b, seen, np.ones_like(seen), neutral_a=ZERO, neutral_b=ZERO, mirror=mirror)


def expression(a: FloatArray, b: FloatArray, *, mirror: bool = False) -> Alignment:
    return expression_alignment(a, b, neutral_a=NEUTRAL_A, neutral_b=NEUTRAL_A, mirror=mirror)


def features(**given: float) -> FloatArray:
    values = np.zeros(N_FEATURES)
    for name, value in given.items():
        values[FEATURE_INDEX[name]] = value
    return values


def test_the_same_form_is_1() -> None:
    np.testing.assert_allclose(posture(A, A, mirror=False).value, 1)
    np.testing.assert_allclose(posture(A, mirrored(A), mirror=True).value, 1)
    np.testing.assert_allclose(expression(A, A).value, 1)
    assert np.all(posture(A, B, mirror=False).value < 0.9)


def test_one_sigma_apart_on_one_feature_is_1_over_e_there() -> None:
    sigma, weight = (getattr(FEATURES[FEATURE_INDEX["elbow_left"]], n) for n in ("sigma", "weight"))
    total = sum(f.weight for f in FEATURES if f.sigma > 0 and f.group in {"posture", "head"})
    one = np.ones((1, N_FEATURES))
    value = posture(features()[None], features(elbow_left=sigma)[None], mirror=False, seen=one).value
    assert value[0] == pytest.approx(1 - weight / total * (1 - np.exp(-1)))


@pytest.mark.parametrize("mirror", [True, False])
def test_who_is_called_a_does_not_matter(mirror: bool) -> None:
    one = posture_alignment(A, B, SEEN, SEEN[::-1], neutral_a=NEUTRAL_A, neutral_b=NEUTRAL_B, mirror=mirror)
    two = posture_alignment(B, A, SEEN[::-1], SEEN, neutral_a=NEUTRAL_B, neutral_b=NEUTRAL_A, mirror=mirror)
    np.testing.assert_allclose(one.value, two.value)
    np.testing.assert_allclose(one.coverage, two.coverage)
    faces = [
        expression_alignment(x, y, neutral_a=NEUTRAL_A, neutral_b=NEUTRAL_A, mirror=mirror)
        for x, y in ((A, B), (B, A))
    ]
    np.testing.assert_allclose(faces[0].value, faces[1].value)


def test_a_flip_swaps_the_two_forms_and_two_flips_change_nothing() -> None:
    full = np.ones_like(SEEN)
    np.testing.assert_array_equal(mirrored(mirrored(B)), B)
    straight, turned = (
        [posture(A, b, mirror=m, seen=full).value for m in (True, False)] for b in (B, mirrored(B))
    )
    np.testing.assert_allclose(turned, straight[::-1])
    assert np.max(np.abs(straight[0] - straight[1])) > 0.05  # and the two differ
    faces = [
        expression_alignment(A, b, neutral_a=ZERO, neutral_b=ZERO, mirror=m).value
        for b, m in ((B, True), (mirrored(B), False))
    ]
    np.testing.assert_allclose(faces[0], faces[1])


def test_a_mirrored_lean_is_alike_only_in_the_mirror() -> None:
    left, right = features(lean_side=0.5, head_roll=-15)[None], features(lean_side=-0.5, head_roll=15)[None]
    one = np.ones((1, N_FEATURES))
    assert posture(left, right, mirror=True, seen=one).value[0] == pytest.approx(1)
    assert posture(left, right, mirror=False, seen=one).value[0] < 0.9


def test_missing_counts_as_neither_alike_nor_different() -> None:
    part = A.copy()
    part[:, FEATURE_INDEX["elbow_left"]] = np.nan
    result = posture(part, A, mirror=False)
    np.testing.assert_allclose(result.value, 1)
    assert np.all(result.coverage < posture(A, A, mirror=False).coverage)
    nobody = posture(np.full_like(A, np.nan), A, mirror=True)
    assert np.isnan(nobody.value).all()
    assert not nobody.coverage.any()
    unseen = posture(A, A, mirror=False, seen=np.zeros_like(A))
    assert np.isnan(unseen.value).all()
    faceless = expression(A, np.full_like(A, np.nan))
    assert np.isnan(faceless.value).all()
    assert not faceless.coverage.any()


def test_a_hidden_elbow_counts_in_the_mirror_for_the_other_one() -> None:
    hidden, full = np.ones((1, N_FEATURES)), np.ones((1, N_FEATURES))
    hidden[0, FEATURE_INDEX["elbow_left"]] = 0.0
    a, b = features()[None], features(elbow_left=90)[None]  # B's odd left elbow is not seen
    for mirror in (True, False):
        scored = posture_alignment(a, b, full, hidden, neutral_a=ZERO, neutral_b=ZERO, mirror=mirror)
        assert scored.value[0] == pytest.approx(1)


def test_two_quiet_faces_are_not_a_match() -> None:
    calm = NEUTRAL_A + 0.02
    both = expression(calm[None], calm[None])
    assert np.isnan(both.value[0])
    assert both.coverage[0] == pytest.approx(1)
    smile = NEUTRAL_A + features(mouthSmileLeft=0.6, mouthSmileRight=0.6)
    one = expression(smile[None], NEUTRAL_A[None])
    assert one.value[0] == 0.0  # one smiles, the other does not
    assert expression(smile[None], (NEUTRAL_A + 0.5 * (smile - NEUTRAL_A))[None]).value[0] == pytest.approx(
        0.8
    )


def test_where_the_camera_stands_does_not_matter_once_neutral_is_known() -> None:
    offset = np.where(RELATIVE, 7.0, 0.0)
    for mirror in (True, False):
        plain = posture_alignment(A, B, SEEN, SEEN, neutral_a=NEUTRAL_A, neutral_b=NEUTRAL_B, mirror=mirror)
        moved = posture_alignment(
            A, B + offset, SEEN, SEEN, neutral_a=NEUTRAL_A, neutral_b=NEUTRAL_B + offset, mirror=mirror
        )
        np.testing.assert_allclose(moved.value, plain.value)
    unknown = np.full(N_FEATURES, np.nan)
    early = posture_alignment(A, A, SEEN, SEEN, neutral_a=unknown, neutral_b=unknown, mirror=False)
    assert np.all(early.coverage < 0.5)  # the relative ones wait for the neutral
    np.testing.assert_allclose(early.value, 1)


def test_many_moments_of_b_at_once_are_each_by_itself() -> None:
    many = posture_alignment(A[0], B, SEEN[0], SEEN, neutral_a=ZERO, neutral_b=ZERO, mirror=True)
    each = [
        posture_alignment(A[0], b, SEEN[0], s, neutral_a=ZERO, neutral_b=ZERO, mirror=True).value
        for b, s in zip(B, SEEN, strict=True)
    ]
    np.testing.assert_allclose(many.value, each)
