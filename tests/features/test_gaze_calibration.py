"""Calibrating where a look goes: the middle, its scatter, and when that says nothing."""

from __future__ import annotations

import numpy as np
import pytest

from mirrorsync.features.gaze_calibration import GazeCalibration, GazeTarget, apart
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES

RATE_HZ = 25.0
GAZE = [FEATURE_INDEX["gaze_yaw"], FEATURE_INDEX["gaze_pitch"]]


def calibrate(
    yaw: float, pitch: float, *, spread: float = 1.5, seed: int = 0, lost: float = 0.0
) -> GazeTarget:
    rng = np.random.default_rng(seed)
    calibration = GazeCalibration(rate_hz=RATE_HZ)
    ticks = 0
    while not calibration.done:
        values = np.zeros(N_FEATURES)
        values[GAZE] = [yaw, pitch] + spread * rng.normal(size=2)
        if ticks < 12:  # the eyes are still on their way
            values[GAZE] += 20
        if rng.random() < lost:
            values[GAZE] = np.nan
        calibration.collect(values)
        ticks += 1
    assert ticks == 75
    return calibration.result()


@pytest.mark.parametrize("seed", range(5))
def test_the_middle_and_the_scatter_are_found(seed: int) -> None:
    target = calibrate(-6.0, 3.0, seed=seed)
    assert [target.yaw_deg, target.pitch_deg] == pytest.approx([-6, 3], abs=0.7)
    assert target.spread_deg == pytest.approx(1.5, rel=0.35)
    assert target.tolerance_deg == 6.0
    assert target.coverage == 1.0
    assert target.useful
    assert target.problem == ""


def test_a_blink_or_a_glance_aside_does_not_move_it() -> None:
    calibration = GazeCalibration(rate_hz=RATE_HZ)
    for tick in range(75):
        values = np.zeros(N_FEATURES)
        values[GAZE] = (40.0, -30.0) if 30 <= tick < 45 else (5.0, 1.0)
        calibration.collect(values)
    assert (calibration.result().yaw_deg, calibration.result().pitch_deg) == (5.0, 1.0)


def test_too_wide_a_scatter_is_said_to_be_useless() -> None:
    target = calibrate(0, 0, spread=8)
    assert not target.useful
    assert "too much to be useful" in target.problem
    wider = calibrate(0, 0, spread=3.5)
    assert wider.useful
    assert wider.tolerance_deg == pytest.approx(3 * wider.spread_deg)


def test_eyes_that_are_not_seen_are_said_to_be_missing() -> None:
    assert calibrate(0, 0, lost=0.3).useful
    hardly = calibrate(0, 0, lost=0.8)
    assert not hardly.useful
    assert "not seen long enough" in hardly.problem
    none = calibrate(0, 0, lost=1.1)
    assert np.isnan(none.yaw_deg)
    assert none.coverage == 0.0
    assert not none.useful


def test_nothing_is_taken_after_it_is_done() -> None:
    calibration = GazeCalibration(rate_hz=RATE_HZ, seconds=1)
    for _ in range(25):
        calibration.collect(np.zeros(N_FEATURES))
    before = calibration.result()
    assert calibration.collect(np.full(N_FEATURES, 50.0))
    assert calibration.result() == before


def test_picture_and_camera_can_be_told_apart_only_beyond_the_tolerance() -> None:
    camera = calibrate(0, 0)
    assert not apart(calibrate(0, -5), camera)
    assert apart(calibrate(0, -12), camera)
    assert not apart(calibrate(0, -12, spread=4.5), camera)
