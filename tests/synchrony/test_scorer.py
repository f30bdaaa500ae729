"""Two people of known truth: who follows whom and by how much, chance, gaps, mirror, and no look ahead."""

from __future__ import annotations

import numpy as np
import pytest
from moving_people import later, score, somebody, values_of

from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment import mirrored
from mirrorsync.synchrony.scorer import Scored, Scorer
from mirrorsync.synchrony.synchrony_meter import leader_of, peak_lag
from mirrorsync.tables import CHANNELS, FEATURE_INDEX, FEATURES, N_FEATURES, SYNC_CHANNELS
from mirrorsync.types import FloatArray

RATE_HZ = 10.0
SETTINGS = Settings(rate_hz=RATE_HZ, window_s=5.0, lag_s=2.0, step_s=0.5, surrogates=8)
NEUTRAL = np.array([0.3 if f.group == "expression" else 0.0 for f in FEATURES])
N = 450
LATE = 8  # ticks: 0.8 s
A, OTHER = somebody(1, N, rate_hz=RATE_HZ), somebody(2, N, rate_hz=RATE_HZ)
FOLLOWER = later(A, LATE, before=OTHER)


def scored(a: FloatArray, b: FloatArray, settings: Settings = SETTINGS) -> list[Scored]:
    return score(a, b, settings, neutral_a=NEUTRAL, neutral_b=NEUTRAL)


def same(one: float, two: float) -> bool:
    return one == two or (np.isnan(one) and np.isnan(two))


@pytest.fixture(scope="module")
def following() -> list[Scored]:
    return scored(A, FOLLOWER)


def test_b_follows_a_by_what_it_was_delayed(following: list[Scored]) -> None:
    end = following[-1]
    assert end.leader == "a"
    assert end.lag_s == pytest.approx(0.8, abs=0.01)
    for name in SYNC_CHANNELS:
        assert end.scores[name].value == pytest.approx(1.0, abs=0.01)
        assert end.scores[name].lag_s == pytest.approx(0.8, abs=0.01)
        assert end.scores[name].level > 0.85
        assert end.scores[name].coverage == 1.0
    assert end.scores["attunement"].value > 0.6


def test_the_other_way_round_is_minus_that(following: list[Scored]) -> None:
    for there, back in zip(following, scored(FOLLOWER, A), strict=True):
        if np.isfinite(there.lag_s) and np.isfinite(back.lag_s):
            assert back.lag_s == pytest.approx(-there.lag_s, abs=1e-6)
            assert {there.leader, back.leader} == {"a", "b"}
    assert back.leader == "b"
    assert back.lag_s == pytest.approx(-0.8, abs=0.01)


def test_at_no_delay_nobody_leads() -> None:
    end = scored(A[:250], A[:250])[-1]
    assert end.leader == "none"
    assert end.lag_s == pytest.approx(0.0, abs=0.01)


def test_windows_are_told_when_they_are_complete(following: list[Scored]) -> None:
    first = next(k for k, one in enumerate(following) if one.windows)
    assert first + 1 == 5.0 * RATE_HZ
    rows = [row for one in following for row in one.windows]
    assert {row.channel for row in rows} == set(SYNC_CHANNELS)
    for name in SYNC_CHANNELS:
        mine = [row for row in rows if row.channel == name]
        assert [row.window for row in mine] == list(range(len(mine)))
        np.testing.assert_allclose([row.end_s - row.start_s for row in mine], 5.0)
        np.testing.assert_allclose(np.diff([row.end_s for row in mine]), 0.5)
        full = [row for row in mine if row.start_s > LATE / RATE_HZ + 2.0]
        np.testing.assert_allclose([row.peak_r for row in full], 1.0, atol=0.01)
        np.testing.assert_allclose([row.peak_lag_s for row in full], 0.8, atol=0.01)
        assert {row.leader for row in mine if row.end_s > 30} == {"a"}


def test_the_first_value_comes_once_chance_is_known(following: list[Scored]) -> None:
    """A window of a past that is 2 · lag + 1 s old, three fifths full, and 3 s of such scores."""
    first_s = 2 * SETTINGS.lag_s + 1 + SETTINGS.min_coverage * SETTINGS.window_s + 3
    assert first_s == 11.0
    for name in SYNC_CHANNELS:
        told = np.isfinite([one.scores[name].value for one in following])
        assert np.argmax(told) / RATE_HZ == pytest.approx(first_s, abs=1.0)


def test_unrelated_people_get_the_middle_of_the_meter() -> None:
    """Five pairs: the best correlation over lags is high for all of them, the value and level are not."""
    means, levels, peaks, told = [], [], [], []
    for seed in range(5):
        run = scored(somebody(10 + seed, N, rate_hz=RATE_HZ), somebody(20 + seed, N, rate_hz=RATE_HZ))
        means += [np.nanmean(values_of(run, name)) for name in SYNC_CHANNELS]
        levels.append(np.nanmean(values_of(run, "attunement")))
        peaks += [row.peak_r for one in run for row in one.windows]
        told += [np.isfinite(one.lag_s) for one in run]
    assert np.nanmean(peaks) > 0.3
    assert abs(np.mean(means)) < 0.1
    assert np.mean(levels) == pytest.approx(0.5, abs=0.05)
    assert np.max(np.abs(np.array(levels) - 0.5)) < 0.15
    assert np.mean(told) < 0.15


def test_all_scores_lie_in_their_range_or_are_missing(following: list[Scored]) -> None:
    for one in following:
        assert set(one.scores) == set(CHANNELS)
        for name, channel in CHANNELS.items():
            s = one.scores[name]
            assert np.isnan(s.value) or channel.low - 1e-9 <= s.value <= channel.high + 1e-9
            assert np.isnan(s.level) or 0 <= s.level <= 1
            assert 0 <= s.coverage <= 1 + 1e-9


def test_a_gap_touches_only_its_own_windows_and_is_never_zero() -> None:
    start, end = 150, 200
    holed = FOLLOWER.copy()
    holed[start:end] = np.nan
    whole, run = scored(A, FOLLOWER), scored(A, holed)
    inside = run[end - 1]
    for name in CHANNELS:
        assert np.isnan(inside.scores[name].value)
    assert inside.leader == "none"
    assert np.isnan(inside.lag_s)
    assert inside.scores["posture_alignment"].coverage == 0.0
    # Frame by frame channels are back at once.
    for name in ("posture_alignment", "expression_alignment", "mutual_gaze"):
        np.testing.assert_array_equal(values_of(run, name)[:start], values_of(whole, name)[:start])
        np.testing.assert_array_equal(values_of(run, name)[end:], values_of(whole, name)[end:])
    # Windows: the same before the gap, and again once gap, lag and smoothing have left them.
    clear_s = (end / RATE_HZ) + SETTINGS.window_s + SETTINGS.lag_s + 10 * SETTINGS.smooth_s
    for one, two in zip(whole, run, strict=True):
        for row, holed_row in zip(one.windows, two.windows, strict=True):
            if row.end_s <= start / RATE_HZ or row.end_s >= clear_s:
                assert holed_row.peak_r == pytest.approx(row.peak_r, abs=1e-3)
                assert holed_row.r_zero == pytest.approx(row.r_zero, abs=1e-2)
                assert holed_row.coverage == row.coverage
            if holed_row.coverage < SETTINGS.min_coverage - 1e-9:
                assert np.isnan(holed_row.peak_r)
                assert holed_row.leader == "none"
    silent = [one.scores["head_synchrony"] for one in run[12:]]
    assert all(np.isnan(s.value) for s in silent if s.coverage < SETTINGS.min_coverage - 1e-9)


def test_a_gap_in_a_is_as_good_as_one_in_b() -> None:
    holed = A.copy()
    holed[150:220] = np.nan
    run = scored(holed, FOLLOWER)
    assert all(np.isnan(run[219].scores[name].value) for name in CHANNELS)
    assert run[-1].leader == "a"


def test_the_form_that_fits_is_found() -> None:
    assert scored(A, mirrored(FOLLOWER))[-1].mirror_mode == "mirror"
    run = scored(A, FOLLOWER)
    assert run[0].mirror_mode == "mirror"  # what is assumed until something speaks against it
    assert run[-1].mirror_mode == "anatomical"
    fixed = scored(A, FOLLOWER, SETTINGS.with_(mirror="mirror"))
    assert {one.mirror_mode for one in fixed} == {"mirror"}
    # In the wrong form turning and tilting run against each other: nodding alone remains.
    assert fixed[-1].scores["head_synchrony"].value < 0.7
    assert {one.mirror_mode for one in scored(A, A, SETTINGS.with_(mirror="anatomical"))} == {"anatomical"}


def test_flipping_both_people_changes_no_score(following: list[Scored]) -> None:
    flat = mirrored(NEUTRAL)
    run = score(mirrored(A), mirrored(FOLLOWER), SETTINGS, neutral_a=flat, neutral_b=flat)
    for one, two in zip(following, run, strict=True):
        assert one.mirror_mode == two.mirror_mode
        for name in CHANNELS:
            assert two.scores[name].value == pytest.approx(one.scores[name].value, abs=1e-9, nan_ok=True)


def test_what_comes_later_changes_nothing_that_was_said(following: list[Scored]) -> None:
    cut = 300
    other = FOLLOWER.copy()
    other[cut:] = OTHER[cut:]
    for one, two in zip(following[:cut], scored(A, other)[:cut], strict=True):
        assert one.leader == two.leader
        assert same(one.lag_s, two.lag_s)
        assert all(same(one.scores[n].value, two.scores[n].value) for n in CHANNELS)
        assert all(same(one.scores[n].level, two.scores[n].level) for n in CHANNELS)


def test_nobody_at_all_is_silence() -> None:
    nobody = np.full((100, N_FEATURES), np.nan)
    for one in scored(nobody, nobody):
        assert all(np.isnan(s.value) and s.coverage == 0 for s in one.scores.values())
        assert one.leader == "none"


def test_body_speeds_are_those_of_the_last_tick() -> None:
    scorer = Scorer(SETTINGS)
    assert np.isnan(scorer.body_speeds).all()
    for row in A[:3]:
        scorer.update(row, 2 * row, row * 0 + 1, row * 0 + 1, neutral_a=NEUTRAL, neutral_b=NEUTRAL)
    assert scorer.body_speeds[1] == pytest.approx(2 * scorer.body_speeds[0])


@pytest.mark.parametrize(
    ("lag_s", "leader"), [(0.8, "a"), (0.1, "a"), (0.09, "none"), (-0.1, "b"), (float("nan"), "none")]
)
def test_who_leads_at_a_lag(lag_s: float, leader: str) -> None:
    assert leader_of(lag_s) == leader


def test_the_peak_of_a_profile_lies_between_samples() -> None:
    lags = np.arange(-5, 6)
    assert peak_lag(1 - 0.01 * np.square(lags - 1.3)) == pytest.approx(1.3)
    assert peak_lag(lags.astype(float)) == 5
    assert np.isnan(peak_lag(np.full(11, np.nan)))
    holed = np.where(lags == 2, 1.0, np.nan)
    assert peak_lag(holed) == 2


def test_of_bodies_that_only_jitter_no_synchrony_is_told() -> None:
    """B sits still from the middle on; head and face go on as before, and what chance gives stays known."""
    places = [FEATURE_INDEX[name] for name in ("lean_side", "height", "head_x", "head_y")]
    half, still = N // 2, FOLLOWER.copy()
    jitter = np.random.default_rng(3).normal(scale=0.002, size=(N - half, len(places)))
    still[half:, places] = still[half, places] + jitter
    run, before = scored(A, still), scored(A, FOLLOWER)
    settled = half + round((SETTINGS.window_s + SETTINGS.step_s) * RATE_HZ)
    assert np.isnan(values_of(run, "body_synchrony")[settled:]).all()
    assert np.isfinite(values_of(before, "body_synchrony")[settled:]).all()
    for one, other in zip(run[settled:], before[settled:], strict=True):
        body = one.scores["body_synchrony"]
        assert body.coverage == 1.0
        assert np.isnan(body.level)
        assert np.isfinite(body.chance_sd)
        assert {row.leader for row in one.windows if row.channel == "body_synchrony"} <= {"none"}
        for name in ("head_synchrony", "expression_synchrony"):
            assert same(one.scores[name].value, other.scores[name].value)
