from __future__ import annotations

import numpy as np
import pytest
from made_speech import RATE_HZ, speak

from mirrorsync.voice.prosody import prosody_of, prosody_of_turn


@pytest.mark.parametrize(("pitch_hz", "rate_syl_s"), [(110, 3.0), (160, 4.0), (210, 5.0)])
def test_pitch_rate_and_level_come_back(pitch_hz: float, rate_syl_s: float) -> None:
    sound = np.concatenate(
        [
            np.zeros(RATE_HZ, np.float32),
            speak(4, pitch_hz=pitch_hz, rate_syl_s=rate_syl_s),
            np.zeros(8000, np.float32),
        ]
    )
    speech = np.array([[1.0, 5.0]])
    loud = prosody_of_turn(prosody_of(sound), speech, 1.0, 5.0)
    assert loud.pitch_hz == pytest.approx(pitch_hz, rel=0.12)  # the voice wanders around it
    assert loud.rate_syl_s == pytest.approx(rate_syl_s, rel=0.1)
    soft = prosody_of_turn(prosody_of(np.asarray(sound / 2, np.float32)), speech, 1.0, 5.0)
    assert loud.loudness_db - soft.loudness_db == pytest.approx(6.02, abs=0.1)
    assert soft.pitch_hz == pytest.approx(loud.pitch_hz, rel=0.01)


def test_an_octave_is_twelve_semitones_whoever_speaks() -> None:
    low, high = (prosody_of(speak(3, pitch_hz=hz, seed=4)) for hz in (100, 200))
    whole = np.array([[0.0, 3.0]])
    a, b = (prosody_of_turn(one, whole, 0, 3) for one in (low, high))
    assert 12 * np.log2(b.pitch_hz / a.pitch_hz) == pytest.approx(12, abs=0.5)


def test_what_lies_outside_the_speech_does_not_count() -> None:
    sound = np.concatenate([speak(2, pitch_hz=100), speak(2, pitch_hz=200)])
    first = prosody_of_turn(prosody_of(sound), np.array([[0.0, 2.0]]), 0, 4)
    assert first.pitch_hz == pytest.approx(100, rel=0.12)


def test_too_little_to_tell_is_missing() -> None:
    nothing = prosody_of(np.zeros(10, np.float32))
    assert not np.isfinite(nothing.pitch_hz).any()
    silent = prosody_of_turn(prosody_of(np.zeros(RATE_HZ, np.float32)), np.array([[0.2, 0.8]]), 0, 1)
    assert np.isnan(silent.pitch_hz)
    assert silent.rate_syl_s == 0
    unspoken = prosody_of_turn(nothing, np.empty((0, 2)), 0, 1)
    assert np.isnan(unspoken.loudness_db)
