"""Visible words from known faces, held and let go; patterns only where all their parts are seen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from mirrorsync.features.expression_words import PATTERNS, WORDS, ExpressionWords, Reading
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import FloatArray

RATE_HZ = 25.0
REST = 0.1

SMILE = {"mouthSmileLeft": 0.6, "mouthSmileRight": 0.6}
SQUINT = {"eyeSquintLeft": 0.4, "eyeSquintRight": 0.4}
BROWS_UP = {"browInnerUp": 0.6, "browOuterUpLeft": 0.6, "browOuterUpRight": 0.6}
BROWS_DOWN = {"browDownLeft": 0.5, "browDownRight": 0.5}
WIDE = {"eyeWideLeft": 0.4, "eyeWideRight": 0.4}
JAW = {"jawOpen": 0.6}
FROWN = {"mouthFrownLeft": 0.4, "mouthFrownRight": 0.4}
PRESS = {"mouthPressLeft": 0.5, "mouthPressRight": 0.5}


def face(*parts: Mapping[str, float]) -> FloatArray:
    """A face whose blendshapes are `REST`, raised by the parts."""
    values = np.full(N_FEATURES, REST)
    for part in parts:
        for name, rise in part.items():
            values[FEATURE_INDEX[name]] += rise
    return values


NEUTRAL = face()


def read(meter: ExpressionWords, values: FloatArray, seconds: float) -> Reading:
    for _ in range(round(seconds * RATE_HZ)):
        reading = meter.update(values, NEUTRAL)
    return reading


def words(reading: Reading) -> list[str]:
    return [said.name for said in reading.words]


def test_a_smile_is_said_after_a_second_and_taken_back() -> None:
    meter = ExpressionWords(rate_hz=RATE_HZ)
    assert words(read(meter, face(SMILE), 0.9)) == []
    reading = read(meter, face(SMILE), 0.2)
    (said,) = reading.words
    assert (said.name, said.words) == ("smile", "a smile")
    assert said.strength == 1.0
    assert said.held_s == pytest.approx(1.1, abs=0.05)
    assert reading.coverage == 1.0
    assert reading.pattern is None
    assert words(read(meter, NEUTRAL, 0.3)) == ["smile"]  # a blink of the landmarker does not end it
    assert words(read(meter, NEUTRAL, 0.2)) == []


def test_hysteresis_keeps_a_smile_that_wavers_but_starts_none() -> None:
    half = dict.fromkeys(SMILE, 0.2)  # strength 0.4, between off and on
    meter = ExpressionWords(rate_hz=RATE_HZ)
    assert words(read(meter, face(half), 5)) == []
    read(meter, face(SMILE), 1.2)
    (said,) = read(meter, face(half), 5).words
    assert said.strength == pytest.approx(0.4)
    flicker = ExpressionWords(rate_hz=RATE_HZ)
    for _ in range(10):
        assert words(read(flicker, face(SMILE), 0.6)) == []
        read(flicker, NEUTRAL, 0.2)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ([BROWS_UP], "brows_up"),
        ([BROWS_DOWN], "brows_down"),
        ([JAW], "jaw_dropped"),
        ([SQUINT], "eyes_narrow"),
        ([WIDE], "eyes_wide"),
        ([PRESS], "lips_pressed"),
        ([FROWN], "corners_down"),
        ([{"mouthPucker": 0.6}], "lips_pursed"),
        ([{"mouthStretchLeft": 0.6, "mouthStretchRight": 0.6}], "lips_stretched"),
        ([{"mouthLowerDownLeft": 0.6, "mouthLowerDownRight": 0.6}], "lower_lip_down"),
        ([{"noseSneerLeft": 0.4, "noseSneerRight": 0.4}], "nose_wrinkled"),
        ([{"eyeBlinkLeft": 0.6, "eyeBlinkRight": 0.6}], "eyes_closed"),
    ],
)
def test_each_word_has_its_own_cause(parts: list[dict[str, float]], name: str) -> None:
    assert words(read(ExpressionWords(rate_hz=RATE_HZ), face(*parts), 1.5)) == [name]


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ([SMILE, SQUINT], "happy"),
        ([{"browInnerUp": 0.6}, BROWS_DOWN, FROWN], "sad"),
        ([BROWS_UP, JAW], "surprise"),
        ([BROWS_DOWN, WIDE, SQUINT, PRESS], "anger"),
        (
            [BROWS_UP, BROWS_DOWN, WIDE, SQUINT, JAW, {"mouthStretchLeft": 0.6, "mouthStretchRight": 0.6}],
            "fear",
        ),
        (
            [
                {"noseSneerLeft": 0.4, "noseSneerRight": 0.4},
                FROWN,
                {"mouthLowerDownLeft": 0.6, "mouthLowerDownRight": 0.6},
            ],
            "disgust",
        ),
        ([{"mouthSmileRight": 0.6, "mouthDimpleRight": 0.4}], "contempt"),
        ([{"mouthSmileLeft": 0.6, "mouthDimpleLeft": 0.4}], "contempt"),
    ],
)
def test_patterns_need_all_their_parts(parts: list[dict[str, float]], name: str) -> None:
    whole = read(ExpressionWords(rate_hz=RATE_HZ), face(*parts), 1.5)
    assert whole.pattern is not None
    assert whole.pattern.name == name
    assert "pattern" in whole.pattern.words
    for left_out in range(len(parts)):
        rest = [part for k, part in enumerate(parts) if k != left_out]
        pattern = read(ExpressionWords(rate_hz=RATE_HZ), face(*rest), 1.5).pattern
        assert pattern is None or pattern.name != name


def test_a_smile_on_both_sides_is_not_contempt() -> None:
    dimples = {"mouthDimpleLeft": 0.4, "mouthDimpleRight": 0.4}
    assert read(ExpressionWords(rate_hz=RATE_HZ), face(SMILE, dimples), 1.5).pattern is None


def test_it_is_the_difference_from_the_own_neutral_that_counts() -> None:
    smiler = face(dict.fromkeys(SMILE, 0.45))
    meter = ExpressionWords(rate_hz=RATE_HZ)
    for _ in range(50):
        reading = meter.update(smiler, smiler)
    assert reading.words == ()


def test_missing_is_silence_with_its_coverage() -> None:
    meter = ExpressionWords(rate_hz=RATE_HZ)
    read(meter, face(SMILE), 2)
    gone = read(meter, np.full(N_FEATURES, np.nan), 1)
    assert gone == Reading()
    unknown = meter.update(face(SMILE), np.full(N_FEATURES, np.nan))
    assert (unknown.words, unknown.coverage) == ((), 0.0)
    half = face(SMILE, JAW)
    half[[FEATURE_INDEX[name] for name in SMILE]] = np.nan
    reading = read(ExpressionWords(rate_hz=RATE_HZ), half, 1.5)
    assert words(reading) == ["jaw_dropped"]
    assert 0.8 < reading.coverage < 1.0


def test_words_name_what_is_visible_and_nothing_felt() -> None:
    said = " ".join(text for text, _ in WORDS.values()).lower()
    assert not any(word in said for word in ("happy", "sad", "angry", "fear", "feel", "emotion"))
    assert all(text.endswith("-looking pattern") for text, _ in PATTERNS.values())
    assert WORDS.keys().isdisjoint(PATTERNS)
