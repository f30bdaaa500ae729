"""Pace from known speeds, and its match between two people against chance."""

from __future__ import annotations

import numpy as np
import pytest

from mirrorsync.features.pace import Pace, PaceMeter, pace_series
from mirrorsync.settings import Settings
from mirrorsync.synchrony.pace import QUIET, PaceMatch, pace_match
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import FloatArray

RATE_HZ = 25.0
SIDE = FEATURE_INDEX["lean_side"]
HEAD_X = FEATURE_INDEX["head_x"]


def swaying(hz: float, size: float, seconds: float = 30.0) -> FloatArray:
    """A person who sways sideways by ± `size` shoulder widths; hands are not seen."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    values = np.zeros((t.size, N_FEATURES))
    values[:, [SIDE, HEAD_X]] = size * np.sin(2 * np.pi * hz * t)[:, None]
    for hand in ("wrist_left_x", "wrist_left_y", "wrist_right_x", "wrist_right_y"):
        values[:, FEATURE_INDEX[hand]] = np.nan
    return values


def pace_of(values: FloatArray) -> Pace:
    meter = PaceMeter(rate_hz=RATE_HZ)
    for row in values:
        pace = meter.update(row)
    return pace


@pytest.mark.parametrize(("hz", "size"), [(0.25, 0.3), (0.5, 0.2), (0.5, 0.4)])
def test_speed_and_onsets_of_a_known_sway(hz: float, size: float) -> None:
    pace = pace_of(swaying(hz, size))
    smoothed = 1 / np.hypot(1, 2 * np.pi * hz * 0.2)
    assert pace.speed == pytest.approx(4 * hz * size * smoothed, rel=0.03)  # mean of |sine|: 4 · f · size
    assert pace.onsets_per_min == pytest.approx(2 * hz * 60, abs=6)  # each way is a movement
    assert pace.coverage == 1.0


def test_head_and_hands_count_too() -> None:
    t = np.arange(750) / RATE_HZ
    nodding = swaying(0.5, 0.0)
    nodding[:, FEATURE_INDEX["head_pitch"]] = 20 * np.sin(2 * np.pi * 0.5 * t)
    assert pace_of(nodding).speed == pytest.approx(0.0044 * 40 * 0.85, rel=0.03)
    waving = swaying(0.5, 0.0)
    waving[:, FEATURE_INDEX["wrist_left_x"]] = 0.5 * np.sin(2 * np.pi * 0.5 * t)
    waving[:, FEATURE_INDEX["wrist_left_y"]] = 0.0
    assert pace_of(waving).speed == pytest.approx(0.25 * 1.0 * 0.85, rel=0.03)


def test_who_sits_still_has_no_onsets_and_a_small_speed() -> None:
    still = swaying(0.5, 0.0)
    still[:, [SIDE, HEAD_X]] += 0.002 * np.random.default_rng(1).normal(size=(750, 2))
    pace = pace_of(still)
    assert pace.speed < QUIET
    assert pace.onsets_per_min == 0


def test_missing_data_lower_the_coverage_and_silence_it() -> None:
    values = swaying(0.5, 0.3)
    values[-75:] = np.nan
    pace = pace_of(values)
    assert pace.coverage == pytest.approx(0.7, abs=0.01)
    assert pace.speed == pytest.approx(pace_of(swaying(0.5, 0.3)).speed, rel=0.1)
    assert np.isnan(pace_of(np.full((500, N_FEATURES), np.nan)).speed)
    assert np.isnan(pace_of(values[:100]).speed)  # too short to tell


def test_the_series_is_the_stream_and_forgets_what_is_past() -> None:
    values = np.concatenate([swaying(0.5, 0.5), swaying(0.5, 0.1)])
    meter = PaceMeter(rate_hz=RATE_HZ)
    streamed = [meter.update(row).speed for row in values]
    np.testing.assert_array_equal(pace_series(values, rate_hz=RATE_HZ), streamed)
    assert streamed[-1] == pytest.approx(pace_of(swaying(0.5, 0.1)).speed, rel=0.02)


def test_the_match_is_one_at_the_same_pace_and_falls_with_the_ratio() -> None:
    match = pace_match(np.array([0.3, 0.3, 0.3, 1.2, 0.01]), np.array([0.3, 0.6, 0.15, 0.3, 0.5]))
    assert match[:3] == pytest.approx([1, np.exp(-1), np.exp(-1)])
    assert match[3] == pytest.approx(np.exp(-4))
    assert match[4] < 0.01
    assert np.isnan(pace_match(np.array([0.02, np.nan, 0.3]), np.array([0.03, 0.3, np.nan]))).all()


def _meter(speed_a: FloatArray, speed_b: FloatArray) -> PaceMatch:
    meter = PaceMatch(Settings())
    for a, b in zip(speed_a.tolist(), speed_b.tolist(), strict=True):
        meter.update((a, 1.0), (b, 0.9))
    return meter


def _tempo(seed: int, minutes: float = 6.0) -> FloatArray:
    """A speed that wanders over half a minute or so."""
    rng = np.random.default_rng(seed)
    knots = np.exp(rng.normal(size=round(minutes * 4)) * 0.6 - 1.5)
    ticks, at = np.arange(minutes * 60 * RATE_HZ), np.arange(knots.size) * 15 * RATE_HZ
    speed: FloatArray = np.interp(ticks, at, knots)
    return speed


def test_matching_paces_stand_above_chance_and_unrelated_ones_do_not() -> None:
    levels: dict[str, list[float]] = {"same": [], "other": []}
    for seed in range(12):
        a = _tempo(seed)
        for name, b in (("same", a), ("other", _tempo(seed + 100))):
            meter = PaceMatch(Settings())
            for tick, (x, y) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
                score = meter.update((x, 1.0), (y, 1.0))
                if tick > 1500 and tick % 250 == 0:
                    levels[name].append(score.level)
    assert np.nanmean(levels["same"]) > 0.6
    assert np.nanmean(levels["other"]) == pytest.approx(0.5, abs=0.07)


def test_unknown_paces_give_no_score() -> None:
    none = np.full(1000, np.nan)
    score = _meter(none, none).score
    assert np.isnan([score.value, score.level, score.chance_mean]).all()
    score = _meter(np.full(1000, 0.3), np.full(1000, 0.3)).score
    assert (score.value, score.coverage) == (1.0, 0.9)
    assert score.level == pytest.approx(0.5)  # chance scores the same when nothing ever changes
