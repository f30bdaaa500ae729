from __future__ import annotations

import numpy as np
import pytest
from made_speech import RATE_HZ, conversation
from numpy.typing import NDArray

from mirrorsync.types import FloatArray
from mirrorsync.voice.activity import frame_power, speech_probability, speech_segments
from mirrorsync.voice.echo import find_echo, without_echo


def power(sound: NDArray[np.float32]) -> FloatArray:
    return frame_power(sound[: sound.size // 512 * 512])


SPOKEN = [("a", 0.5, 3.0), ("b", 3.5, 6.5), ("a", 7.0, 9.0), ("b", 9.4, 12.0), ("a", 12.3, 14.0)]


def test_an_echo_is_found_by_lag_and_level_and_not_counted_twice() -> None:
    a, b = conversation(SPOKEN, 15)
    late = round(0.12 * RATE_HZ)
    echoed = a + 0.15 * np.concatenate([np.zeros(late, np.float32), b[:-late]])
    heard = np.asarray(echoed + 0.0005 * np.random.default_rng(1).normal(size=a.size), np.float32)
    echo = find_echo(b, heard)
    assert echo is not None
    assert echo.lag_s == pytest.approx(0.12, abs=0.002)
    assert echo.gain == pytest.approx(0.15, abs=0.02)
    counted = speech_segments(speech_probability(heard))
    own = without_echo(counted, power(b), power(heard), echo)
    assert np.diff(counted).sum() > 9  # both voices: the echo sounds like speech
    assert np.diff(own).sum() == pytest.approx(6.2, abs=0.5)
    for start, end in own:
        assert any(low - 0.2 <= start and end <= high + 0.2 for person, low, high in SPOKEN if person == "a")


def test_own_voice_over_the_echo_is_kept() -> None:
    a, b = conversation([("a", 2.0, 4.0), ("b", 0.5, 6.0)], 7)
    heard = np.asarray(a + 0.1 * b, np.float32)
    echo = find_echo(b, heard)
    assert echo is not None
    own = without_echo(np.array([[0.5, 6.0]]), power(b), power(heard), echo)
    assert np.diff(own).sum() == pytest.approx(2.0, abs=0.4)


def test_two_voices_of_their_own_have_no_echo() -> None:
    a, b = conversation(SPOKEN, 15)
    assert find_echo(b, a) is None
    assert find_echo(np.zeros_like(a), a) is None
    assert find_echo(a[:100], b[:100]) is None
