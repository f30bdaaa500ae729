"""The offset between two recordings by their sound: a known truth, degraded, and strangers."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from heard_files import RATE_HZ, speech, write_sound

from mirrorsync.analysis.sound import offset_from_sound
from mirrorsync.synchrony.sound_offset import offset_of_loudness


@pytest.mark.parametrize("delay_s", [1.37, -2.043, 0.0])
def test_the_same_sound_delayed_and_degraded(delay_s: float, tmp_path: Path) -> None:
    room = speech(45.0, seed=1)
    rng = np.random.default_rng(2)
    start = round(3.0 * RATE_HZ)
    heard = room[start - round(delay_s * RATE_HZ) :][: 30 * RATE_HZ]
    echo = np.convolve(heard, np.exp(-np.arange(2000) / 500) * rng.normal(size=2000) * 0.02)[: heard.size]
    dull = np.convolve(heard + echo, np.ones(8) / 8)[: heard.size]
    worse = 0.2 * dull + 0.01 * rng.normal(size=heard.size)
    a = write_sound(tmp_path / "a.m4a", room[start:][: 40 * RATE_HZ])
    b = write_sound(tmp_path / "b.mka", worse.astype(np.float32), codec="libmp3lame")
    found = offset_from_sound(str(a), str(b))
    assert found.offset_s == pytest.approx(delay_s, abs=0.010)
    assert found.confidence > 0.8
    assert found.sentence.startswith("By its sound, recording B")


def test_strangers_are_not_brought_together() -> None:
    rng = np.random.default_rng(5)
    for seed in range(8):
        sounds = (speech(40.0, seed=10 + seed), speech(40.0, seed=50 + seed))
        a, b = (
            np.log(np.square(s).reshape(-1, RATE_HZ // 200).mean(axis=1) + 1e-8) + rng.normal(scale=0.1)
            for s in sounds
        )
        found = offset_of_loudness(a, b, rate_hz=200.0)
        assert math.isnan(found.offset_s)
        assert found.confidence == 0.0
        assert "do not sound alike" in found.sentence


def test_silence_and_no_sound_are_said() -> None:
    noise = np.random.default_rng(1).normal(size=4000)
    for a, b, says in (
        (np.empty(0), noise, "Recording A has no sound"),
        (noise, np.full(4000, -18.0), "Recording B is silent"),
        (noise, noise[:100], "Recording B is too short"),
    ):
        found = offset_of_loudness(a, b, rate_hz=200.0)
        assert math.isnan(found.offset_s)
        assert found.confidence == 0.0
        assert says in found.sentence
