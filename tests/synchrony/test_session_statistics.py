"""What a whole session says: a copy stands far above chance, strangers do not, little data says nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from moving_people import later, score, somebody, values_of
from scipy.signal import lfilter

from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment import posture_alignment
from mirrorsync.synchrony.session_scores import SessionScores
from mirrorsync.synchrony.session_statistics import (
    MAX_SURROGATES,
    MIN_SURROGATES,
    session_statistics,
    shifts,
    window_profiles,
)
from mirrorsync.tables import CHANNELS, FEATURES, SYNC_CHANNELS
from mirrorsync.types import FloatArray

RATE_HZ = 10.0
SETTINGS = Settings(rate_hz=RATE_HZ, window_s=4.0, lag_s=1.0, step_s=0.5, surrogates=8)
NEUTRAL = np.array([0.3 if f.group == "expression" else 0.0 for f in FEATURES])
ALIGNMENTS = ("posture_alignment", "posture_alignment_anatomical", "expression_alignment", "mutual_gaze")


def session(a: FloatArray, b: FloatArray, seen_b: FloatArray | None = None) -> SessionScores:
    scored = score(a, b, SETTINGS, neutral_a=NEUTRAL, neutral_b=NEUTRAL)
    neutral = np.broadcast_to(NEUTRAL, a.shape)
    return SessionScores.of_features(
        a,
        b,
        seen_a=np.isfinite(a).astype(float),
        seen_b=np.isfinite(b).astype(float) if seen_b is None else seen_b,
        neutral_a=neutral,
        neutral_b=neutral,
        values={name: values_of(scored, name) for name in CHANNELS},
        coverages={name: np.array([one.scores[name].coverage for one in scored]) for name in CHANNELS},
        windows=[row for one in scored for row in one.windows],
        anatomical=np.array([one.mirror_mode == "anatomical" for one in scored]),
        settings=SETTINGS,
    )


def statistics(a: FloatArray, b: FloatArray) -> dict[str, dict[str, float]]:
    return session_statistics(session(a, b), SETTINGS)


N = 600
A, OTHER = somebody(1, N, rate_hz=RATE_HZ), somebody(2, N, rate_hz=RATE_HZ)


@pytest.fixture(scope="module")
def copied() -> dict[str, dict[str, float]]:
    return statistics(A, later(A, 5, before=OTHER))


def test_a_delayed_copy_stands_far_above_chance_with_its_lag_and_leader(
    copied: dict[str, dict[str, float]],
) -> None:
    for name in SYNC_CHANNELS:
        of = copied[name]
        assert of["mean"] > 0.85
        assert of["effect_size"] > 5
        assert of["p_value"] == pytest.approx(1 / 200)  # none of the 199 deals of windows reaches it
        assert of["peak_lag_s"] == pytest.approx(0.5, abs=0.02)
        assert of["a_leads_share"] > 0.7
        assert of["b_leads_share"] == 0
        assert of["coverage"] > 0.9


def test_the_other_way_round_b_leads() -> None:
    swapped = statistics(later(A, 5, before=OTHER), A)
    for name in SYNC_CHANNELS:
        assert swapped[name]["peak_lag_s"] == pytest.approx(-0.5, abs=0.02)
        assert swapped[name]["b_leads_share"] > 0.7
        assert swapped[name]["a_leads_share"] == 0


def test_strangers_stay_within_chance() -> None:
    effects, p_values = [], []
    for seed in range(3):
        of = statistics(somebody(30 + seed, N, rate_hz=RATE_HZ), somebody(40 + seed, N, rate_hz=RATE_HZ))
        effects += [of[name]["effect_size"] for name in (*SYNC_CHANNELS, *ALIGNMENTS)]
        p_values += [of[name]["p_value"] for name in (*SYNC_CHANNELS, *ALIGNMENTS)]
        assert abs(of["attunement"]["mean"] - 0.5) < 0.15
    assert np.mean(np.abs(effects)) < 1.6
    assert np.max(np.abs(effects)) < 4.5
    assert np.mean(np.array(p_values) <= 0.05) < 0.25


def test_the_identities_that_every_channel_keeps(copied: dict[str, dict[str, float]]) -> None:
    assert list(copied) == list(CHANNELS)
    for name in (*SYNC_CHANNELS, *ALIGNMENTS):
        of = copied[name]
        assert of["effect_size"] == of["surrogate_z"]
        if name in ALIGNMENTS:  # synchrony channels' is of the test that their p-value is from
            assert of["effect_size"] == pytest.approx((of["mean"] - of["chance_mean"]) / of["chance_sd"])
        assert 1 / (1 + of["n_surrogates"]) <= of["p_value"] <= 1
        assert MIN_SURROGATES <= of["n_surrogates"] <= (199 if name in SYNC_CHANNELS else MAX_SURROGATES)
        assert 0 <= of["coverage"] <= 1
    for name in SYNC_CHANNELS:
        assert 0 <= copied[name]["a_leads_share"] + copied[name]["b_leads_share"] <= 1
    assert copied["attunement"]["chance_mean"] == 0.5
    assert np.isnan(copied["breathing_match"]["mean"])
    assert np.isnan(copied["breathing_match"]["effect_size"])


def test_the_surrogates_are_scored_as_the_session_was() -> None:
    """Shifting back by nothing must give the session's own mean: the same score, the same floors."""
    given = session(A, OTHER)
    of = session_statistics(given, SETTINGS)
    for name in ALIGNMENTS[:3]:
        assert of[name]["chance_mean"] == pytest.approx(of[name]["mean"], abs=0.05)


def test_what_is_hardly_seen_counts_for_chance_as_little_as_for_the_session() -> None:
    face = [k for k, f in enumerate(FEATURES) if f.group == "expression"]
    hardly = OTHER.copy()
    hardly[::3] += 50.0  # every third tick something far off, of which only little is seen
    hardly[np.ix_(np.arange(N) % 3 == 0, face[5:])] = np.nan
    seen = np.isfinite(hardly).astype(float)
    seen[::3] *= 0.1
    nobody = OTHER.copy()
    nobody[::3] = np.nan
    of, wanted = (
        session_statistics(each, SETTINGS) for each in (session(A, hardly, seen), session(A, nobody))
    )
    for name in ALIGNMENTS[:3]:
        assert of[name]["chance_mean"] == pytest.approx(wanted[name]["chance_mean"], abs=1e-9)


@pytest.mark.parametrize("channel", SYNC_CHANNELS)
def test_windows_of_the_surrogates_are_silent_where_those_of_the_session_are(channel: str) -> None:
    """At the edge of a gap a few far lags are still covered: neither live nor here is that a peak."""
    b = OTHER.copy()
    b[100:180] = np.nan
    given = session(A, b)
    rows = [
        row
        for one in score(A, b, SETTINGS, neutral_a=NEUTRAL, neutral_b=NEUTRAL)
        for row in one.windows
        if row.channel == channel
    ]
    _, peaks, ends = window_profiles(channel, given.signals_a, given.signals_b, given.anatomical, SETTINGS)
    live = {round(row.end_s * RATE_HZ) - 1: row for row in rows}
    told = {end: peak for end, peak in zip(ends.tolist(), peaks, strict=True) if end in live}
    assert 0 < np.isnan(list(told.values())).sum() < len(told)
    for end, peak in told.items():
        assert np.isnan(peak) == np.isnan(live[end].peak_r)
        if not np.isnan(peak):
            assert peak == pytest.approx(live[end].peak_r, abs=0.02)  # lags are looked at more coarsely


def held(seed: int, n: int, *, hold_s: float = 20.0) -> FloatArray:
    """Somebody who wanders slowly from one form to another."""
    rng = np.random.default_rng(seed)
    phi = np.exp(-1.0 / (hold_s * RATE_HZ))
    wander = lfilter([1.0], [1.0, -phi], rng.standard_normal((n + 2000, len(FEATURES))), axis=0)[2000:]
    wander *= np.sqrt(1 - phi**2)
    out = np.empty((n, len(FEATURES)))
    for k, feature in enumerate(FEATURES):
        if feature.group == "expression":
            out[:, k] = np.clip(0.3 + 0.15 * wander[:, k], 0, 1)
        else:
            out[:, k] = (feature.sigma or 0.1) * wander[:, k]
    return out


def test_held_forms_are_no_finding_in_strangers() -> None:
    """One minute holds three independent forms: the rank among fifty shifts would call one in eight alike."""
    empty = {name: np.full(N, np.nan) for name in CHANNELS}
    neutral = np.broadcast_to(NEUTRAL, (N, len(FEATURES)))
    found = []
    for seed in range(60):
        a, b = held(seed, N), held(1000 + seed, N)
        seen = np.ones_like(a)
        value = posture_alignment(a, b, seen, seen, neutral_a=NEUTRAL, neutral_b=NEUTRAL, mirror=True).value
        given = SessionScores.of_features(
            a, b, seen_a=seen, seen_b=seen, neutral_a=neutral, neutral_b=neutral,
            values={**empty, "posture_alignment": value},
            coverages=dict.fromkeys(CHANNELS, np.ones(N)), windows=[],
            anatomical=np.zeros(N, dtype=bool), settings=SETTINGS,
        )  # fmt: skip
        of = session_statistics(given, SETTINGS)["posture_alignment"]
        found.append(of["p_value"] < 0.05)
        low, high = of["effect_low"], of["effect_high"]
        assert low < of["effect_size"] < high
    assert np.mean(found) <= 0.07


def test_two_who_never_change_have_no_effect() -> None:
    """Everything that can be shifted is the same at every moment: chance is what was seen."""
    a, b = A.copy(), OTHER.copy()
    a[:], b[:] = A[10], OTHER[10]
    of = statistics(a, b)
    for name in ("posture_alignment", "posture_alignment_anatomical"):
        assert of[name]["chance_mean"] == pytest.approx(of[name]["mean"], abs=1e-9)
        assert np.isnan(of[name]["effect_size"])
        assert of[name]["p_value"] == 1


@pytest.mark.parametrize("n", [0, 1, 5, 60])
def test_a_short_session_says_so_and_does_not_break(n: int) -> None:
    of = statistics(A[:n], OTHER[:n])
    for name in CHANNELS:
        assert np.isnan(of[name]["p_value"])
        assert name == "attunement" or name == "breathing_match" or np.isnan(of[name]["chance_mean"])
    if n == 60:
        assert np.isfinite(of["posture_alignment"]["mean"])


def test_a_session_with_nobody_in_it() -> None:
    nobody = np.full_like(A, np.nan)
    of = statistics(nobody, nobody)
    for name in CHANNELS:
        assert np.isnan(of[name]["mean"])
        assert of[name]["coverage"] == 0
        assert np.isnan(of[name]["p_value"])
    assert all(np.isnan(of[name]["peak_lag_s"]) for name in SYNC_CHANNELS)


def test_the_shifts_keep_clear_of_every_true_lag_and_of_each_other() -> None:
    for n_ticks in (200, 400, 3000):
        moved = shifts(n_ticks, settings=SETTINGS)
        if moved.size:
            assert MIN_SURROGATES <= moved.size <= MAX_SURROGATES
            assert moved.min() > 2 * SETTINGS.lag_s * RATE_HZ
            assert n_ticks - moved.max() > 2 * SETTINGS.lag_s * RATE_HZ
            assert np.diff(moved).min() >= RATE_HZ - 1
    assert not shifts(100, settings=SETTINGS).size
    assert shifts(3000, settings=SETTINGS).size == MAX_SURROGATES


def test_nothing_is_random() -> None:
    given = session(A[:300], OTHER[:300])
    assert str(session_statistics(given, SETTINGS)) == str(session_statistics(replace(given), SETTINGS))


def test_of_unrelated_people_hardly_any_session_claims_anything() -> None:
    claimed = 0
    for seed in range(20):
        people = (somebody(100 + seed, N, rate_hz=RATE_HZ), somebody(200 + seed, N, rate_hz=RATE_HZ))
        of = statistics(*people)
        assert all(not one["p_family"] < one["p_value"] for one in of.values())
        claimed += any(one["p_family"] < 0.05 for one in of.values())
    assert claimed <= 3  # 1 is expected
