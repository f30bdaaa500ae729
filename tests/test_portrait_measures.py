"""Breath and expression words through real pixels and the real landmarker; several minutes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from mirrorsync.capture.portrait import PortraitSource
from mirrorsync.demo.curves import CONTROLS, Curve
from mirrorsync.errors import AssetError
from mirrorsync.features.breathing import BreathingRate
from mirrorsync.features.expression_words import ExpressionWords
from mirrorsync.features.extract import FeatureExtractor
from mirrorsync.landmarks.mediapipe_tasks import MediaPipeLandmarker
from mirrorsync.synchrony.movement import SIGNALS, movement
from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import FloatArray

pytestmark = pytest.mark.validation

RATE_HZ = 25.0
BODY = SIGNALS.index("body_speed")
CHEST = FEATURE_INDEX["chest_velocity"]
STILL: dict[str, Curve] = {name: np.zeros_like for name in CONTROLS if name != "breath"}


def features(seconds: float, curves: Mapping[str, Curve], per_min: float | None = None) -> FloatArray:
    """What is measured of the portrait, a row a frame."""
    try:
        source = PortraitSource(
            "you", seconds=seconds, fps=RATE_HZ, curves=curves, breathing_per_min=per_min
        )  # fmt: skip
        extract = FeatureExtractor()
        with MediaPipeLandmarker() as landmarker:
            return np.array([extract(landmarker.detect(frame)).values for frame in source])
    except AssetError as error:
        pytest.skip(str(error))


def rates(values: FloatArray) -> FloatArray:
    """The rates told from 20 s on, NaN where none was."""
    meter = BreathingRate(rate_hz=RATE_HZ)
    speed = movement(values, rate_hz=RATE_HZ, smooth_s=0.2)[:, BODY]
    pairs = zip(values[:, CHEST].tolist(), speed.tolist(), strict=True)
    return np.array([meter.update(*pair).rate_per_min for pair in pairs])[round(20 * RATE_HZ) :]


@pytest.mark.parametrize("per_min", [8, 12, 16, 20, 24])
def test_breathing_rates_are_found_within_one_a_minute(per_min: int) -> None:
    told = rates(features(32, STILL, per_min))
    assert np.isfinite(told).all()
    assert np.abs(told - per_min).max() <= 1.0


def test_a_portrait_that_keeps_moving_has_no_rate_that_is_wrong() -> None:
    told = rates(features(32, {}, 16))
    told = told[np.isfinite(told)]
    assert (np.abs(told - 16) <= 2.0).all()


def test_the_words_are_those_of_the_curves_and_no_others() -> None:
    def shown(begin_s: float) -> Curve:
        def curve(t: FloatArray) -> FloatArray:
            return np.clip(t - begin_s, 0, 1) * np.clip(begin_s + 5 - t, 0, 1)

        return curve

    curves = {**STILL, "smile": shown(3), "jaw": shown(9), "brows": shown(15)}
    values = features(21, curves)
    neutral = np.full(values.shape[1], np.nan)
    seen = np.isfinite(values[12:60]).all(axis=0)
    neutral[seen] = np.median(values[12:60, seen], axis=0)
    meter = ExpressionWords(rate_hz=RATE_HZ)
    said = [[word.name for word in meter.update(row, neutral).words] for row in values]
    at = {
        name: [k / RATE_HZ for k, words in enumerate(said) if name in words]
        for words in said
        for name in words
    }
    assert set(at) == {"smile", "jaw_dropped", "brows_up"}
    for name, begin in (("smile", 3), ("jaw_dropped", 9), ("brows_up", 15)):
        assert begin + 1 <= min(at[name]) <= begin + 2.5
        assert max(at[name]) <= begin + 6
    for shape in ("noseSneerLeft", "cheekPuff", "cheekSquintLeft", "mouthFrownLeft"):
        assert np.nanmax(values[:, FEATURE_INDEX[shape]]) < 0.001
    assert np.nanmax(values[:, FEATURE_INDEX["eyeWideLeft"]]) < 0.09
