"""The chance level, its memory, and the one number."""

from __future__ import annotations

import numpy as np
import pytest

from mirrorsync.settings import Settings
from mirrorsync.synchrony.attunement import RunningChance, attunement, chance_level, weights
from mirrorsync.synchrony.gaze import Looking
from mirrorsync.synchrony.past import Past, surrogate_delays
from mirrorsync.synchrony.scorer import BREATH_CHANCE_MEAN, BREATH_CHANCE_SD, breathing_match
from mirrorsync.tables import CHANNELS, FEATURE_INDEX, N_FEATURES

WEIGHTS = {"head_synchrony": 1.0, "mutual_gaze": 3.0}


def test_the_middle_of_a_meter_is_chance() -> None:
    assert chance_level(0.3, 0.3, 0.1) == 0.5
    assert chance_level(0.4, 0.3, 0.1) == pytest.approx(0.66, abs=0.005)
    assert chance_level(0.6, 0.3, 0.1) == pytest.approx(0.88, abs=0.005)
    assert chance_level(0.2, 0.3, 0.1) == pytest.approx(1 - chance_level(0.4, 0.3, 0.1))
    assert np.isnan(chance_level(float("nan"), 0.3, 0.1))
    assert np.isnan(chance_level(0.5, float("nan"), float("nan")))


def test_running_chance_is_mean_and_sd_first_and_fades_later() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(0.4, 0.2, size=(50, 8))
    chance = RunningChance(memory=1000, first=10, floor_sd=0.01)
    for k, row in enumerate(rows):
        assert np.isnan(chance.mean) == np.isnan(chance.sd) == (k < 10)
        chance.update(row)
    assert chance.mean == pytest.approx(rows.mean())
    assert chance.sd == pytest.approx(rows.std())
    fading = RunningChance(memory=20, first=1, floor_sd=0.01)
    for value in [0.0] * 200 + [1.0] * 100:
        fading.update(np.full(4, value))
    assert fading.mean == pytest.approx(1 - np.exp(-100 / 20), abs=0.01)


def test_chance_passes_over_what_is_missing_and_keeps_its_floor() -> None:
    chance = RunningChance(memory=10, first=2, floor_sd=0.05)
    chance.update(np.array([np.nan, np.nan]))
    chance.update(np.array([0.5, np.nan]))
    assert np.isnan(chance.mean)
    chance.update(np.array([0.5]))
    assert (chance.mean, chance.sd) == (0.5, 0.05)


def test_the_one_number_is_the_weighted_mean_of_what_is_known() -> None:
    full = {"head_synchrony": 1.0, "mutual_gaze": 1.0}
    both = attunement({"head_synchrony": 0.9, "mutual_gaze": 0.5}, full, WEIGHTS, min_coverage=0.6)
    assert both.value == both.level == pytest.approx(0.6)
    assert (both.coverage, both.chance_mean) == (1.0, 0.5)
    one = attunement({"head_synchrony": float("nan"), "mutual_gaze": 0.5}, full, WEIGHTS, min_coverage=0.6)
    assert [one.value, one.coverage] == pytest.approx([0.5, 0.75])
    little = attunement({"head_synchrony": 0.9}, full, WEIGHTS, min_coverage=0.6)
    assert np.isnan(little.value)
    assert little.coverage == pytest.approx(0.25)
    half_seen = attunement(
        {"head_synchrony": 1.0, "mutual_gaze": 0.0}, {"head_synchrony": 1.0, "mutual_gaze": 0.5}, WEIGHTS,
        min_coverage=0.6,
    )  # fmt: skip
    assert half_seen.value == pytest.approx(1.0 / 2.5)
    nothing = attunement({}, {}, dict.fromkeys(WEIGHTS, 0.0), min_coverage=0.6)
    assert np.isnan(nothing.value)


def test_every_channel_but_the_other_form_of_posture_has_a_weight() -> None:
    given = weights(Settings(weight_head=3.0), "posture_alignment_anatomical")
    assert given["head_synchrony"] == 3.0
    assert set(given) == set(CHANNELS) - {"attunement", "posture_alignment"}


def test_the_past_is_what_was_and_nothing_before_the_beginning() -> None:
    past = Past(length=6, width=1)
    for k in range(4):
        past.push(np.array([float(k)]))
    np.testing.assert_array_equal(past.ago(np.array([0, 1, 3, 4]))[:, 0], [3, 2, 0, np.nan])
    for k in range(4, 20):
        past.push(np.array([float(k)]))
    np.testing.assert_array_equal(past.ago(np.array([0, 5]))[:, 0], [19, 14])


@pytest.mark.parametrize(("rate_hz", "max_lag"), [(25.0, 50), (5.0, 10), (60.0, 600), (25.0, 0)])
def test_no_surrogate_contains_a_true_lag(rate_hz: float, max_lag: int) -> None:
    delays = surrogate_delays(n=8, max_lag=max_lag, rate_hz=rate_hz)
    assert len(set(delays)) == 8
    assert min(delays) - max_lag > max_lag


def looking(*yaws: float) -> list[float]:
    toward, one = np.zeros(N_FEATURES), Looking()
    out = []
    for yaw in yaws:
        values = np.zeros(N_FEATURES)
        values[FEATURE_INDEX["gaze_yaw"]] = yaw
        out.append(one.update(values, toward))
    return out


def test_looking_has_hysteresis_and_says_nothing_without_eyes() -> None:
    assert looking(20, 12, 9, 12, 13.9, 14.1, 12) == [0, 0, 1, 1, 1, 0, 0]
    np.testing.assert_array_equal(looking(5, float("nan"), 12), [1, np.nan, 0])


def test_breathing_match_and_its_chance() -> None:
    assert breathing_match((14.0, 1.0), (14.0, 0.8)).value == 1.0
    assert breathing_match((14.0, 1.0), (17.0, 0.8)).value == pytest.approx(np.exp(-1))
    assert breathing_match((14.0, 1.0), (17.0, 0.8)).coverage == 0.8
    assert np.isnan(breathing_match((float("nan"), 0.0), (17.0, 1.0)).level)
    rng = np.random.default_rng(0)
    drawn = np.exp(-np.square((rng.normal(15, 3, 200_000) - rng.normal(15, 3, 200_000)) / 3.0))
    assert pytest.approx(drawn.mean(), abs=0.003) == BREATH_CHANCE_MEAN
    assert pytest.approx(drawn.std(), abs=0.003) == BREATH_CHANCE_SD
