"""A constant offset is found, offered, and told from leaders who change and from nothing."""

from __future__ import annotations

import numpy as np
import pytest
from moving_people import smooth_noise

from mirrorsync.synchrony.movement import MIRROR_SIGNS, SIGNALS
from mirrorsync.synchrony.offset import Offset, estimate_offset, offset_sentence
from mirrorsync.types import FloatArray

RATE_HZ = 25.0
N = 3000  # two minutes


def moves(seed: int, n: int = N) -> FloatArray:
    signals: FloatArray = smooth_noise(np.random.default_rng(seed), n + 2000, len(SIGNALS), width=6)
    signals[:, 3] = np.abs(signals[:, 3])
    return signals


def pair(late_s: float, *, seed: int = 0, share: float = 0.7) -> tuple[FloatArray, FloatArray]:
    """A, and a B who repeats A's movements `late_s` later with movements of her own over them."""
    both, own = moves(seed), moves(seed + 500)
    late = round(late_s * RATE_HZ)
    a, b = both[1000 : 1000 + N], both[1000 - late : 1000 - late + N]
    return a, share * b + (1 - share) * own[:N]


def find(a: FloatArray, b: FloatArray) -> Offset:
    return estimate_offset(a, b, rate_hz=RATE_HZ)


@pytest.mark.parametrize("late_s", [-20.0, -5.52, -0.8, 0.4, 3.0, 12.0, 25.0])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_constant_offset_is_found_with_its_sign(late_s: float, mirrored: bool) -> None:
    a, b = pair(late_s)
    found = find(a, b * MIRROR_SIGNS if mirrored else b)
    assert found.clear
    assert found.offset_s == pytest.approx(late_s, abs=0.04)
    assert found.confidence >= 0.6


def test_exchanging_the_two_negates_it() -> None:
    a, b = pair(2.0)
    assert find(a, b).offset_s == pytest.approx(-find(b, a).offset_s, abs=1e-6)


def test_missing_data_and_wild_values_do_not_matter() -> None:
    a, b = pair(4.0)
    rng = np.random.default_rng(1)
    a, b = a.copy(), b.copy()
    a[rng.random(N) < 0.2] = np.nan
    b[500:900] = np.nan
    b[1500:1505] = 1e4
    found = find(a, b)
    assert found.clear
    assert found.offset_s == pytest.approx(4.0, abs=0.04)


def test_unrelated_people_have_none() -> None:
    clear = [find(moves(seed)[:N], moves(seed + 900)[:N]).clear for seed in range(40)]
    assert sum(clear) == 0


def test_leaders_who_change_are_no_offset() -> None:
    a, late = pair(0.8)
    _, early = pair(-0.8)
    b = np.where((np.arange(N) < N // 2)[:, None], late, early)
    assert not find(a, b).clear


def test_too_short_or_empty_says_nothing() -> None:
    a, b = pair(1.0)
    assert np.isnan(find(a[:500], b[:500]).offset_s)
    nothing = find(np.full_like(a, np.nan), b)
    assert np.isnan(nothing.offset_s)
    assert not nothing.clear
    assert not find(np.zeros_like(a), b).clear


def test_the_sentence_offers_and_explains() -> None:
    text = offset_sentence(find(*pair(3.0)), applied_s=0.5)
    assert "3.00 s late" in text
    assert "--offset 3.50" in text
    assert "both look the same" in text
    assert "Nothing was changed" in text
    assert "1.20 s early" in offset_sentence(find(*pair(-1.2)))
    assert offset_sentence(find(*pair(0.08))) == ""  # too little to matter
    assert offset_sentence(Offset(2.0, 3.0, 0.3, 0.0, clear=False)) == ""
