"""Speech made of pulses and formants, with known times, pitch and syllables; no recording of anybody."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

__all__ = ["RATE_HZ", "conversation", "speak"]

RATE_HZ = 16_000
# First three formants of some vowels, Hz (Peterson & Barney 1952, men).
_VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
_BANDWIDTHS = (80, 110, 160)


def speak(
    length_s: float, *, pitch_hz: float = 120.0, rate_syl_s: float = 4.0, seed: int = 1, level: float = 0.2
) -> NDArray[np.float32]:
    """Return a voice that says syllables: a vowel each, with a breath of noise before it."""
    rng = np.random.default_rng(seed)
    n = round(length_s * RATE_HZ)
    syllable = round(RATE_HZ / rate_syl_s)
    out = np.zeros(n)
    drift = np.cumsum(rng.normal(size=n)) / np.sqrt(n)
    pitch = pitch_hz * 2 ** (0.15 * drift + 0.05 * np.sin(np.arange(n) / RATE_HZ * 7))
    phase = np.cumsum(pitch / RATE_HZ)
    pulses = np.diff(np.floor(phase), prepend=0.0) * (1 + 0.1 * rng.normal(size=n))
    pulses = lfilter([1], [1, -0.9], pulses)
    for start in range(0, n, syllable):
        piece = slice(start, min(n, start + syllable))
        count = piece.stop - piece.start
        vowel = pulses[piece].copy()
        for formant, width in zip(_VOWELS[rng.integers(len(_VOWELS))], _BANDWIDTHS, strict=True):
            radius = np.exp(-np.pi * width / RATE_HZ)
            vowel = lfilter(
                [1 - radius], [1, -2 * radius * np.cos(2 * np.pi * formant / RATE_HZ), radius**2], vowel
            )
        vowel /= np.abs(vowel).max() + 1e-9
        shape = np.sin(np.pi * np.clip((np.arange(count) / syllable - 0.1) / 0.9, 0, 1)) ** 0.7
        hiss = rng.normal(size=count) * np.exp(-np.arange(count) / (0.02 * RATE_HZ)) * 0.15
        out[piece] = vowel * shape + hiss
    return np.asarray(out / np.abs(out).max() * level, dtype=np.float32)


def conversation(
    spoken: list[tuple[str, float, float]], length_s: float, *, pitch_hz: tuple[float, float] = (115.0, 205.0)
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the sound of A and of B who speak at given times: (person, start_s, end_s)."""
    sounds = {person: np.zeros(round(length_s * RATE_HZ), np.float32) for person in ("a", "b")}
    for number, (person, start_s, end_s) in enumerate(spoken):
        voice = speak(end_s - start_s, pitch_hz=pitch_hz[person == "b"], seed=number)
        first = round(start_s * RATE_HZ)
        sounds[person][first : first + voice.size] += voice
    return sounds["a"], sounds["b"]
