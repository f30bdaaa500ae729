"""What is calibrated goes before what is learnt, feature by feature."""

from __future__ import annotations

import numpy as np

from mirrorsync.features.baseline import Baseline, middle
from mirrorsync.tables import N_FEATURES

RATE_HZ = 25.0


def test_part_of_a_neutral_is_set_and_the_rest_goes_on_being_learnt() -> None:
    baseline = Baseline(rate_hz=RATE_HZ, learn_s=10.0)
    for _ in range(60):
        baseline.update(np.full(N_FEATURES, 1.0))
    part = np.full(N_FEATURES, np.nan)
    part[:5] = 9.0
    baseline.set(part)
    np.testing.assert_array_equal(baseline.neutral, [9.0] * 5 + [1.0] * (N_FEATURES - 5))
    settled = [baseline.settled]
    for _ in range(240):
        baseline.update(np.full(N_FEATURES, 3.0))
    assert [*settled, baseline.settled] == [False, True]
    np.testing.assert_array_equal(baseline.neutral, [9.0] * 5 + [3.0] * (N_FEATURES - 5))


def test_a_later_calibration_keeps_what_it_does_not_name() -> None:
    baseline = Baseline(rate_hz=RATE_HZ, learn_s=10.0)
    for k, value in ((0, 1.0), (1, 2.0), (0, 3.0)):
        part = np.full(N_FEATURES, np.nan)
        part[k] = value
        baseline.set(part)
    assert baseline.neutral[:2].tolist() == [3.0, 2.0]
    assert np.isnan(baseline.neutral[2:]).all()


def test_the_neutral_handed_out_before_is_not_changed_by_a_calibration() -> None:
    baseline = Baseline(rate_hz=RATE_HZ, learn_s=4.0)
    for _ in range(60):
        given = baseline.update(np.full(N_FEATURES, 1.0))
    baseline.set(np.full(N_FEATURES, 5.0))
    assert given.tolist() == [1.0] * N_FEATURES


def test_the_middle_passes_over_what_is_missing() -> None:
    samples = np.full((10, N_FEATURES), 2.0)
    samples[:3, 0], samples[:9, 1] = np.nan, np.nan
    found = middle(samples)
    assert found[0] == 2.0
    assert np.isnan(found[1])
