from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from mirrorsync.types import FloatArray
from mirrorsync.voice.entrainment import entrainment


def voice(rng: np.random.Generator, n: int, phi: float) -> FloatArray:
    return np.asarray(lfilter([1], [1, -phi], rng.normal(size=n + 100))[100:])


@pytest.mark.parametrize("phi", [0.0, 0.5])
def test_unrelated_voices_are_found_as_often_as_said(phi: float) -> None:
    rng = np.random.default_rng(3)
    found = [entrainment(voice(rng, 60, phi), voice(rng, 60, phi)) for _ in range(600)]
    for share in (
        np.mean([one.synchrony_p < 0.05 for one in found]),
        np.mean([one.convergence_p < 0.05 for one in found]),
    ):
        assert 0.02 <= share <= 0.075  # 600 draws: 0.05 ± 0.018


def test_two_who_both_tire_do_not_answer_each_other() -> None:
    rng = np.random.default_rng(5)
    tired = -0.03 * np.arange(100)
    found = [entrainment(voice(rng, 100, 0) + tired, voice(rng, 100, 0) + tired) for _ in range(200)]
    assert np.mean([one.synchrony_p < 0.05 for one in found]) < 0.1


def test_answers_that_follow_are_found() -> None:
    rng = np.random.default_rng(6)
    a = voice(rng, 60, 0.3)
    follows = entrainment(a, 0.8 * a + 0.5 * rng.normal(size=60))
    assert follows.synchrony > 0.6
    assert follows.synchrony_p < 0.05


def test_coming_nearer_is_positive() -> None:
    rng = np.random.default_rng(7)
    apart = np.linspace(4, 0, 60) * rng.choice([-1, 1], 60)
    a = rng.normal(size=60) * 0.3
    assert entrainment(a, a + apart).convergence > 0.5
    assert entrainment(a, a + apart[::-1]).convergence < -0.3


def test_too_few_turns_and_flat_voices_are_missing() -> None:
    few = entrainment(np.arange(5.0), np.arange(5.0))
    assert few.pairs == 5
    assert np.isnan(few.synchrony)
    assert np.isnan(entrainment(np.ones(30), np.arange(30.0)).synchrony_p)
    holes = np.arange(30.0)
    holes[::2] = np.nan
    assert entrainment(holes, np.arange(30.0)).pairs == 15
    with pytest.raises(ValueError, match="same length"):
        entrainment([1.0], [1.0, 2.0])
