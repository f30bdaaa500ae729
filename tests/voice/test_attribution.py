from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirrorsync.types import FloatArray
from mirrorsync.voice.attribution import attribute_speech, mouth_activity

RATE_HZ = 25.0


def mouths(seed: int, talks: NDArray[np.bool_]) -> FloatArray:
    """Return a mouth that opens at the pace of syllables while it talks, and hardly moves otherwise."""
    rng = np.random.default_rng(seed)
    times = np.arange(talks.size) / RATE_HZ
    syllables = np.abs(np.sin(np.pi * np.cumsum(rng.uniform(3, 5, talks.size)) / RATE_HZ)) * 0.25
    quiet = 0.05 + 0.02 * np.sin(2 * np.pi * 0.2 * times) + 0.003 * rng.normal(size=talks.size)
    return np.asarray(quiet + syllables * talks)


def dialogue(seed: int, minutes: float = 2) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    n = round(minutes * 60 * RATE_HZ)
    who = np.concatenate([np.full(rng.integers(20, 120), rng.integers(0, 3)) for _ in range(n // 20)])[:n]
    return who == 1, who == 2


def test_speech_is_given_to_the_mouth_that_moves() -> None:
    right = decided = spoken = 0
    for seed in range(6):
        talks_a, talks_b = dialogue(seed)
        found = attribute_speech(
            mouths(seed, talks_a), mouths(seed + 100, talks_b), talks_a | talks_b, rate_hz=RATE_HZ
        )
        truth = np.select([talks_a, talks_b], ["a", "b"], "none")
        said = np.isin(found, ["a", "b"])
        right, decided, spoken = (
            right + np.sum(said & (found == truth)),
            decided + said.sum(),
            spoken + np.sum(truth != "none"),
        )
        assert np.all(found[truth == "none"] == "none")
    assert right / decided >= 0.95
    assert decided / spoken >= 0.7


def test_neither_both_and_unseen_are_unclear() -> None:
    still, talking = np.zeros(500, bool), np.ones(500, bool)
    heard = np.zeros(500, bool)
    heard[100:450] = True
    quiet, moving = mouths(1, still), mouths(2, talking)
    for a, b in ((quiet, quiet), (moving, mouths(3, talking)), (np.full(500, np.nan), moving)):
        found = attribute_speech(a, b, heard, rate_hz=RATE_HZ)
        assert set(found[heard]) == {"unclear"}
        assert set(found[~heard]) == {"none"}


def test_swapping_the_people_swaps_the_answer() -> None:
    talks_a, talks_b = dialogue(11)
    a, b = mouths(1, talks_a), mouths(2, talks_b)
    heard = talks_a | talks_b
    there, back = (attribute_speech(*pair, heard, rate_hz=RATE_HZ) for pair in ((a, b), (b, a)))
    np.testing.assert_array_equal(there == "a", back == "b")
    np.testing.assert_array_equal(there == "unclear", back == "unclear")


def test_a_slow_smile_is_no_talk() -> None:
    times = np.arange(250) / RATE_HZ
    smile = 0.4 / (1 + np.exp(-(times - 5) * 2))
    assert np.nanmax(mouth_activity(smile, rate_hz=RATE_HZ)) < np.nanmedian(
        mouth_activity(mouths(1, np.ones(250, bool)), rate_hz=RATE_HZ)
    )


def test_frames_too_far_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 4"):
        mouth_activity(np.zeros(10), rate_hz=4)
