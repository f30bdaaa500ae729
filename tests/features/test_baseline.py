"""A neutral that is robust, is known early, and stands still once it is learnt."""

from __future__ import annotations

import numpy as np
import pytest

from mirrorsync.features.baseline import Baseline
from mirrorsync.tables import FEATURES, N_FEATURES
from mirrorsync.types import FloatArray

RATE_HZ = 25.0
FACE = np.array([f.group == "expression" for f in FEATURES])


def learn(baseline: Baseline, values: FloatArray) -> list[FloatArray]:
    return [baseline.update(row).copy() for row in values]


def people(n: int, seed: int = 0) -> FloatArray:
    return 3.0 + np.random.default_rng(seed).normal(size=(n, N_FEATURES))


def test_the_middle_resists_a_long_laugh() -> None:
    values = people(60 * 25)
    values[200:800] += 50.0  # 40 % of the time
    baseline = Baseline(rate_hz=RATE_HZ, learn_s=60.0)
    neutral = learn(baseline, values)[-1]
    assert baseline.settled
    assert np.all(np.abs(neutral - 3.0) < 2.0)


def test_a_first_neutral_comes_after_two_seconds() -> None:
    neutrals = learn(Baseline(rate_hz=RATE_HZ, learn_s=60.0), people(100))
    assert all(np.isnan(neutral).all() for neutral in neutrals[:49])
    assert np.isfinite(neutrals[49]).all()
    assert np.all(np.abs(neutrals[49] - 3.0) < 1.5)


def test_once_learnt_nothing_moves_it() -> None:
    baseline = Baseline(rate_hz=RATE_HZ, learn_s=10.0)
    learnt = learn(baseline, people(250))[-1]
    assert baseline.settled
    after = learn(baseline, people(500, seed=1) + 100.0)
    np.testing.assert_array_equal(after, np.broadcast_to(learnt, (500, N_FEATURES)))


def test_what_was_given_before_is_not_changed_later() -> None:
    baseline = Baseline(rate_hz=RATE_HZ, learn_s=60.0)
    given = [baseline.update(row) for row in people(200)]
    copies = [neutral.copy() for neutral in given]
    learn(baseline, people(1500, seed=2) + 10.0)
    np.testing.assert_array_equal(given, copies)


def test_nobody_teaches_nothing() -> None:
    away = np.full((250, N_FEATURES), np.nan)
    away[:, -2:] = 0.0  # nobody found, said with certainty
    baseline = Baseline(rate_hz=RATE_HZ, learn_s=4.0)
    assert np.isnan(learn(baseline, away)[-1]).all()
    assert not baseline.settled
    assert np.isfinite(learn(baseline, people(100))[-1]).all()
    assert baseline.settled


def test_a_feature_that_is_hardly_ever_there_has_no_neutral() -> None:
    values = people(250)
    values[:, 3] = np.nan
    values[::2, 4] = np.nan
    values[:200, 5] = np.nan
    values[200:, 5] = 7.0
    neutral = learn(Baseline(rate_hz=RATE_HZ, learn_s=10.0), values)[-1]
    assert np.isnan(neutral[3])
    assert neutral[4] == pytest.approx(3.0, abs=1.0)
    assert neutral[5] == pytest.approx(7.0)


def test_no_learning_time_takes_the_first_two_seconds() -> None:
    baseline = Baseline(rate_hz=10.0, learn_s=0.0)
    learn(baseline, people(20))
    assert baseline.settled


def test_a_calibrated_neutral_stays() -> None:
    baseline = Baseline(rate_hz=RATE_HZ, learn_s=60.0)
    mine = np.arange(N_FEATURES, dtype=float)
    baseline.set(mine)
    mine[0] = 99.0
    assert baseline.settled
    np.testing.assert_array_equal(learn(baseline, people(100))[-1], np.arange(N_FEATURES))


def test_a_neutral_is_firm_from_twenty_seconds_on() -> None:
    baseline = Baseline(rate_hz=RATE_HZ, learn_s=60.0)
    firm = []
    for row in people(60 * 25):
        baseline.update(row)
        firm.append(baseline.firm)
    assert firm == [k + 1 >= Baseline.FIRM_S * RATE_HZ for k in range(60 * 25)]
    short = Baseline(rate_hz=RATE_HZ, learn_s=5.0)
    learn(short, people(125))
    assert short.firm


def test_a_calibrated_form_is_firm_and_a_calibrated_gaze_is_not() -> None:
    for name, firm in (("smile", True), ("roll", True), ("gaze_yaw", False)):
        at = next(k for k, feature in enumerate(FEATURES) if name in feature.name.lower())
        part = np.full(N_FEATURES, np.nan)
        part[at] = 1.0
        baseline = Baseline(rate_hz=RATE_HZ, learn_s=60.0)
        baseline.set(part)
        assert baseline.firm is firm


def test_a_face_that_comes_after_the_first_minute_is_learnt_then() -> None:
    baseline = Baseline(rate_hz=RATE_HZ, learn_s=30.0)
    faceless = people(30 * 25)
    faceless[:, FACE] = np.nan
    body = learn(baseline, faceless)[-1]
    assert baseline.settled
    assert np.isnan(body[FACE]).all()
    # A fifth of the time there is still too little at once; what is known stands still meanwhile.
    late = people(30 * 25, seed=1) + 4.0
    neutrals = np.array(learn(baseline, late))
    np.testing.assert_array_equal(neutrals[:, ~FACE], np.broadcast_to(body[~FACE], neutrals[:, ~FACE].shape))
    assert np.isnan(neutrals[: round(Baseline.FIRM_S * RATE_HZ) - 1, FACE]).all()
    assert np.all(np.abs(neutrals[round(Baseline.FIRM_S * RATE_HZ) :, FACE] - 7.0) < 1.5)
    # And once that is learnt, it stands still too.
    after = np.array(learn(baseline, people(500, seed=2) + 100.0))
    np.testing.assert_array_equal(after, np.broadcast_to(neutrals[-1], after.shape))


def test_what_is_hardly_there_is_learnt_from_when_it_is_and_anybody_else_adds_nothing() -> None:
    baseline = Baseline(rate_hz=RATE_HZ, learn_s=20.0)
    values = people(100 * 25)
    seen = np.zeros(len(values), dtype=bool)
    seen[4::50] = True  # a tenth of the samples that are looked at, five a second
    values[np.ix_(~seen, FACE)] = np.nan
    neutral = learn(baseline, values[: 20 * 25])[-1]
    assert np.isnan(neutral[FACE]).all()
    learn(baseline, values[20 * 25 :])
    assert np.isnan(baseline.neutral[FACE]).all()  # eight seconds of a face, spread over eighty
    assert np.isfinite(learn(baseline, np.tile(values[seen], (8, 1)))[-1][FACE]).all()
