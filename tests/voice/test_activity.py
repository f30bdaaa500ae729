from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_speech import RATE_HZ, conversation
from numpy.typing import NDArray

from mirrorsync.voice.activity import FRAME_S, SpeechDetector, speech_probability, speech_segments

SPOKEN = [("a", 1.0, 3.5), ("a", 4.5, 5.2), ("a", 7.0, 9.5), ("a", 10.4, 13.0)]
LENGTH_S = 15.0


@pytest.fixture(scope="module")
def sound() -> NDArray[np.float32]:
    return conversation(SPOKEN, LENGTH_S)[0]


def noise_of(kind: str, size: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(7)
    if kind == "white":
        return rng.normal(size=size)
    times = np.arange(size) / RATE_HZ
    if kind == "music":
        notes = 220 * 2 ** (rng.integers(0, 12, size // 4000 + 1) / 12)
        pitch = np.repeat(notes, 4000)[:size]
        decay = np.exp(-6 * (times % 0.25))
        return np.asarray(sum(np.sin(2 * np.pi * pitch * h * times) for h in (1, 1.25, 1.5, 2)) * decay)
    if kind == "typing":
        clicks = np.zeros(size)
        for at in rng.integers(0, size - 400, 5 * size // RATE_HZ):
            clicks[at : at + 400] += rng.normal(size=400) * np.exp(-np.arange(400) / 60)
        return clicks
    breath = np.convolve(rng.normal(size=size), np.hanning(12), "same")
    return np.asarray(breath * np.maximum(0, np.sin(2 * np.pi * 0.25 * times)) ** 2)


def f1(probability: NDArray[np.float64]) -> float:
    """Frame F1 of the segments against what was spoken."""
    middles = (np.arange(probability.size) + 0.5) * FRAME_S
    edges = speech_segments(probability).reshape(-1)
    found = np.searchsorted(edges, middles, side="right") % 2 == 1
    spoken = (
        np.searchsorted(np.array([times for _, *times in SPOKEN]).reshape(-1), middles, side="right") % 2 == 1
    )
    hits = np.sum(found & spoken)
    return float(2 * hits / (np.sum(found) + np.sum(spoken)))


def test_clean_speech_is_found_where_it_is(sound: NDArray[np.float32]) -> None:
    probability = speech_probability(sound)
    assert f1(probability) >= 0.95
    segments = speech_segments(probability)
    np.testing.assert_allclose(segments, [times for _, *times in SPOKEN], atol=0.15)


@pytest.mark.parametrize("kind", ["white", "music", "typing", "breath"])
def test_speech_is_found_at_10_db_and_noise_alone_is_no_speech(kind: str, sound: NDArray[np.float32]) -> None:
    noise = noise_of(kind, sound.size)
    noise *= np.sqrt(np.mean(sound[sound != 0] ** 2) / np.mean(noise**2) / 10)
    assert f1(speech_probability(np.asarray(sound + noise, np.float32))) >= 0.85
    alone = speech_probability(np.asarray(3 * noise, np.float32))
    segments = speech_segments(alone)
    assert (segments[:, 1] - segments[:, 0]).sum() < 0.02 * LENGTH_S


def test_silence_and_nothing_hold_no_speech() -> None:
    assert speech_segments(speech_probability(np.zeros(RATE_HZ, np.float32))).shape == (0, 2)
    assert speech_probability(np.zeros(100, np.float32)).size == 0
    assert speech_segments(np.full(20, np.nan)).shape == (0, 2)


@settings(max_examples=5)
@given(st.lists(st.integers(1, 30_000), min_size=1, max_size=8))
def test_any_chunking_gives_the_same(cuts: list[int]) -> None:
    sound = conversation([("a", 0.2, 2.2)], 2.5)[0]
    detector = SpeechDetector()
    pieces = np.split(sound, np.unique(np.minimum(np.cumsum(cuts), sound.size)))
    found = np.concatenate([detector.add(piece) for piece in pieces])
    np.testing.assert_array_equal(found, speech_probability(sound))


def test_short_pauses_are_bridged_and_clicks_left_out() -> None:
    probability = np.zeros(100)
    probability[[*range(10, 20), *range(23, 40), 60, *range(80, 100)]] = 0.9
    segments = speech_segments(probability, frame_s=0.04)
    np.testing.assert_allclose(segments, [[0.4, 1.6], [3.2, 4.0]])


def test_hysteresis_keeps_what_falls_a_little() -> None:
    probability = np.array([0.4, 0.6, 0.4, 0.36, 0.3, 0.4, 0.6])
    np.testing.assert_allclose(
        speech_segments(probability, frame_s=0.2, min_speech_s=0, min_pause_s=0.1), [[0.2, 0.8], [1.2, 1.4]]
    )
