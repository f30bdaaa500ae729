"""Group comparisons against numbers worked out elsewhere, and who may be paired with whom."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mirrorsync.batches.groups import compare_groups, compare_paired
from mirrorsync.batches.pseudo import candidates, choose
from mirrorsync.synchrony.effect import corrected


def test_hedges_g_by_hand() -> None:
    # means 0.55 and 0.15, both SDs 0.1291: d = 3.0984, times 1 - 3 / 23
    found = compare_groups([0.4, 0.5, 0.6, 0.7], [0.0, 0.1, 0.2, 0.3, math.nan], seed=1)
    assert (found.n_1, found.n_2) == (4, 4)
    assert found.hedges_g == pytest.approx(3.0984 * (1 - 3 / 23), abs=1e-3)
    error = math.sqrt(8 / 16 + found.hedges_g**2 / 16)
    assert found.ci_low == pytest.approx(found.hedges_g - 1.96 * error, abs=1e-3)
    assert found.ci_high == pytest.approx(found.hedges_g + 1.96 * error, abs=1e-3)
    assert found.p_value == pytest.approx(2 / 70, abs=0.006)  # 2 of the 70 ways to deal are as far apart


def test_the_other_way_round_the_sign_turns() -> None:
    one, two = compare_groups([1, 2, 3], [4, 6, 8], seed=1), compare_groups([4, 6, 8], [1, 2, 3], seed=1)
    assert one.hedges_g == -two.hedges_g < 0
    assert one.ci_low == -two.ci_high


def test_groups_of_one_kind_differ_by_accident_only() -> None:
    rng = np.random.default_rng(3)
    found = [
        compare_groups(rng.normal(size=12).tolist(), rng.normal(size=15).tolist(), seed=k, permutations=499)
        for k in range(60)
    ]
    assert np.mean([one.p_value <= 0.05 for one in found]) <= 0.15
    assert np.mean([one.ci_low <= 0 <= one.ci_high for one in found]) >= 0.85


@pytest.mark.parametrize("few", [[], [1.0], [math.nan, 2.0]])
def test_of_too_few_nothing_is_said(few: list[float]) -> None:
    found = compare_groups(few, [1.0, 2.0, 3.0], seed=1)
    assert math.isnan(found.hedges_g)
    assert math.isnan(found.p_value)


def test_groups_without_scatter_have_no_effect_size() -> None:
    found = compare_groups([1.0, 1.0], [1.0, 1.0], seed=1)
    assert math.isnan(found.hedges_g)
    assert found.p_value == 1.0


def test_nobody_is_paired_with_themselves_or_with_whom_they_met() -> None:
    people = [("anna", "bob"), ("carl", "anna"), None, ("dora", "bob")]
    pairs = candidates(people)
    named = {frozenset((people[i][0], people[j][1])) for i, j in pairs}  # type: ignore[index]  # no failed ones
    assert named == {frozenset(("carl", "bob")), frozenset(("dora", "anna"))}
    assert len(pairs) == 2
    every = [(a, b) for a in "abcd" for b in "abcd" if a != b]
    assert candidates(every) == []


def test_the_draw_depends_on_the_seed_alone() -> None:
    pairs = candidates([(f"a{k}", f"b{k}") for k in range(10)])
    assert len(pairs) == 90
    assert choose(pairs, 12, seed=1) == choose(pairs, 12, seed=1)
    assert choose(pairs, 12, seed=1) != choose(pairs, 12, seed=2)
    assert len(set(choose(pairs, 12, seed=1))) == 12
    assert choose(pairs, 500, seed=1) == pairs


def test_pairs_are_compared_with_themselves() -> None:
    rng = np.random.default_rng(5)
    level = rng.normal(size=20)
    first, second = level + 0.3 + 0.1 * rng.normal(size=20), level + 0.1 * rng.normal(size=20)
    found = compare_paired([*first, math.nan], [*second, 1.0])
    assert (found.n_1, found.n_2, found.test) == (20, 20, "signed-rank")
    assert found.p_value < 1e-4
    assert found.ci_low > 0
    assert compare_groups(first.tolist(), second.tolist(), seed=1).p_value > 0.05  # as if they were strangers
    assert compare_paired([1.0, 2.0], [1.0, 2.0]).p_value == 1.0


def test_corrections_against_scipy() -> None:
    from scipy.stats import false_discovery_control

    p = np.random.default_rng(1).random(12).tolist()
    assert corrected(p, "fdr") == pytest.approx(false_discovery_control(p).tolist())
    assert corrected([0.01, math.nan, 0.04], "holm") == pytest.approx([0.02, math.nan, 0.04], nan_ok=True)
