"""Features to velocities: causal, scaled by the rate, missing where a feature was missing."""

from __future__ import annotations

import numpy as np
import pytest
from moving_people import somebody

from mirrorsync.synchrony.alignment import mirrored
from mirrorsync.synchrony.movement import MIRROR_SIGNS, SIGNAL_CHANNEL, SIGNALS, Movement, movement
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES, SYNC_CHANNELS

PITCH, SPEED, SMILE = (SIGNALS.index(name) for name in ("head_pitch", "body_speed", "smile"))


def test_a_steady_turn_has_its_own_velocity_at_any_rate() -> None:
    for rate_hz in (10.0, 25.0, 60.0):
        values = np.zeros((round(4 * rate_hz), N_FEATURES))
        values[:, FEATURE_INDEX["head_pitch"]] = 30.0 * np.arange(values.shape[0]) / rate_hz
        signals = movement(values, rate_hz=rate_hz, smooth_s=0.2)
        assert signals[-1, PITCH] == pytest.approx(30.0, abs=1e-3)
        np.testing.assert_allclose(np.delete(signals[1:], PITCH, axis=1), 0.0, atol=1e-12)


def test_without_smoothing_it_is_the_plain_difference() -> None:
    values = somebody(1, 30)
    signals = movement(values, rate_hz=25.0, smooth_s=0.0)
    yaw = values[:, FEATURE_INDEX["head_yaw"]]
    np.testing.assert_allclose(signals[1:, 1], np.diff(yaw) * 25.0)
    both = values[:, [FEATURE_INDEX["mouthSmileLeft"], FEATURE_INDEX["mouthSmileRight"]]].mean(axis=1)
    np.testing.assert_allclose(signals[1:, SMILE], np.diff(both) * 25.0)
    assert np.isnan(signals[0]).all()


def test_body_speed_is_how_fast_the_body_moves_over_the_picture() -> None:
    """Shoulders and head together 0.3 right and 0.4 up a second: 0.5 shoulder widths a second."""
    values = np.zeros((100, N_FEATURES))
    t = np.arange(100) / 25.0
    for name, speed in (("lean_side", 0.3), ("head_x", 0.3), ("height", 0.4), ("head_y", 0.4)):
        values[:, FEATURE_INDEX[name]] = speed * t
    assert movement(values, rate_hz=25.0, smooth_s=0.0)[-1, SPEED] == pytest.approx(0.5)


def test_missing_now_or_before_is_missing_and_touches_no_other_signal() -> None:
    values = somebody(2, 60)
    whole = movement(values, rate_hz=25.0, smooth_s=0.2)
    values[30, FEATURE_INDEX["head_pitch"]] = np.nan
    values[40, FEATURE_INDEX["browOuterUpLeft"]] = np.nan
    holed = movement(values, rate_hz=25.0, smooth_s=0.2)
    brow = SIGNALS.index("brow_up")
    assert set(np.flatnonzero(np.isnan(holed[:, PITCH]))) == {0, 30, 31}
    assert set(np.flatnonzero(np.isnan(holed[:, brow]))) == {0, 40, 41}
    others = [k for k in range(len(SIGNALS)) if k not in {PITCH, brow}]
    np.testing.assert_array_equal(holed[:, others], whole[:, others])


def test_the_stream_uses_no_future() -> None:
    values = somebody(3, 60)
    stream = Movement(rate_hz=25.0, smooth_s=0.2)
    first = np.array([stream.update(row) for row in values[:40]])
    np.testing.assert_array_equal(first, movement(values, rate_hz=25.0, smooth_s=0.2)[:40])


def test_the_mirror_signs_are_those_of_a_flipped_picture() -> None:
    values = somebody(4, 60)
    straight, flipped = (movement(v, rate_hz=25.0, smooth_s=0.2) for v in (values, mirrored(values)))
    np.testing.assert_allclose(flipped, straight * MIRROR_SIGNS, atol=1e-12)
    assert set(SIGNAL_CHANNEL) == set(SYNC_CHANNELS)
    assert len(SIGNAL_CHANNEL) == len(SIGNALS)
