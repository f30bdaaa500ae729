"""What may be claimed: not of unrelated people, and of those who go together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.signal import lfilter

from mirrorsync.synchrony.claims import CLAIM_LIMITS, Claims, level_of_evidence
from mirrorsync.types import NO_SCORE, FloatArray, SyncScore


def levels(rng: np.random.Generator, seconds: float, *, hold_s: float, mean: float = 0.0) -> FloatArray:
    """Return a level at 5 Hz whose SDs of chance hold for `hold_s`."""
    n, phi = round(5 * seconds), math.exp(-1 / (5 * hold_s))
    sds = lfilter([math.sqrt(1 - phi**2)], [1, -phi], rng.normal(size=n + 500))[500:] + mean
    shown: FloatArray = 0.5 + 0.5 * np.tanh(sds / 3)
    return shown


def states(channel: str, shown: FloatArray, *, rate_hz: float = 5.0, lag_s: float = math.nan) -> list[str]:
    claims = Claims()
    return [
        claims.update(k / rate_hz, {channel: SyncScore(level=float(level))}, lag_s)[channel].state
        for k, level in enumerate(shown)
    ]


@pytest.mark.parametrize("hold_s", [0.5, 1.5, 3.0])
def test_of_unrelated_people_hardly_anything_is_claimed(hold_s: float) -> None:
    rng = np.random.default_rng(round(10 * hold_s))
    for channel, most in (("head_synchrony", 0.05), ("expression_synchrony", 0.05)):
        said = states(channel, levels(rng, 1800, hold_s=hold_s))
        assert said.count("above") < most * len(said)
        assert said.count("below") < most * len(said)


def test_of_people_who_go_together_it_is_claimed_and_stays() -> None:
    said = states("attunement", levels(np.random.default_rng(1), 300, hold_s=2.0, mean=1.7))
    assert said[:49] == ["listening"] * 49
    assert said[100:].count("above") > 0.9 * len(said[100:])


def test_it_begins_and_ends_at_different_heights() -> None:
    low, high = CLAIM_LIMITS["attunement"]
    between = level_of_evidence(0.85 * high)
    up, down = level_of_evidence(1.3 * high), level_of_evidence(0.0)
    assert states("attunement", np.full(300, between))[-1] == "neutral"
    assert states("attunement", np.r_[np.full(300, up), np.full(300, between)])[-1] == "above"
    assert states("attunement", np.r_[np.full(300, up), np.full(300, down)])[-1] == "neutral"
    assert states("attunement", np.full(300, level_of_evidence(1.1 * low)))[-1] == "below"


def test_copying_without_delay_is_close() -> None:
    shown = np.full(200, level_of_evidence(2.0))
    assert states("attunement", shown, lag_s=0.04)[-1] == "close"
    assert states("attunement", shown, lag_s=0.9)[-1] == "above"


@pytest.mark.parametrize("rate_hz", [2.0, 8.0, 25.0])
def test_how_often_one_looks_changes_nothing(rate_hz: float) -> None:
    n = round(40 * rate_hz)
    claims = Claims()
    for k in range(n):
        claims.update(k / rate_hz, {"attunement": SyncScore(level=0.8)}, math.nan)
    assert claims.now["attunement"].evidence == pytest.approx(3 * math.atanh(0.6), abs=0.05)


def test_what_is_missing_fades_and_one_moment_counts_for_little() -> None:
    claims = Claims()
    for k in range(200):
        claims.update(k / 5, {"attunement": SyncScore(level=0.8)}, math.nan)
    for k in range(200, 300):
        claims.update(k / 5, {"attunement": NO_SCORE}, math.nan)
    assert claims.now["attunement"].state == "unknown"
    assert states("attunement", np.r_[np.full(100, 0.5), [1.0], np.full(10, 0.5)])[-1] == "neutral"


@pytest.mark.parametrize("channel", ["breathing_match", "pace_match"])
def test_of_what_strangers_share_nothing_is_claimed(channel: str) -> None:
    assert set(states(channel, np.full(400, 0.99))) == {"listening", "neutral"}
