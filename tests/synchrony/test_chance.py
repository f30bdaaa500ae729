"""Chance is what it says: calibrated on unrelated pairs, sharp on related ones, the same every time."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from mirrorsync.errors import SeriesError
from mirrorsync.synchrony.chance import (
    Statistic,
    SurrogateTest,
    _height,
    _statistic,
    repaired_tests,
    synchrony_test,
    window_z,
)
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.synchrony.dealing import dealt_profiles
from mirrorsync.synchrony.peaks import lag_profile
from mirrorsync.types import FloatArray


def ar(rng: np.random.Generator, n: int, phi: float) -> FloatArray:
    series: FloatArray = lfilter([1.0], [1.0, -phi], rng.standard_normal(n + 500))[500:]
    return series


def followed(
    rng: np.random.Generator, lag: int, n: int = 1500, phi: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """b is a, `lag` samples later, plus as much noise again."""
    source = ar(rng, n + 200, phi)
    b = source[100 - lag : 100 - lag + n]
    noise = ar(rng, n, phi)
    return source[100 : 100 + n], b + noise * b.std() / noise.std()


@pytest.mark.parametrize("phi", [0.9, 0.98])
def test_unrelated_minutes_are_called_synchronous_as_often_as_chance_allows(phi: float) -> None:
    rng = np.random.default_rng(1)
    tests = [
        synchrony_test(ar(rng, 1500, phi), ar(rng, 1500, phi), rate_hz=25, n=99, seed=k) for k in range(120)
    ]
    p = np.array([test.p_value for test in tests])
    # Binomial(120, 0.05): P(more than 12) = 0.005. The long run is in scripts/validate_synchrony.py.
    assert 1 <= np.sum(p < 0.05) <= 12
    assert 0.4 < p.mean() < 0.6
    assert abs(np.mean([test.effect_size for test in tests])) < 0.3


def test_related_minutes_are_found_with_their_lag() -> None:
    rng = np.random.default_rng(2)
    found = 0
    for k in range(40):
        lag = int(rng.integers(-40, 41))
        test = synchrony_test(*followed(rng, lag), rate_hz=25, n=99, seed=k)
        found += test.p_value < 0.05 and abs(test.lag_s * 25 - lag) <= 1
    assert found >= 38


def same(one: SurrogateTest, other: SurrogateTest) -> bool:
    return one.p_value == other.p_value and bool((one.surrogates == other.surrogates).all())


@pytest.mark.parametrize("kind", ["segments", "circular"])
def test_the_seed_decides_and_is_recorded(kind: str) -> None:
    rng = np.random.default_rng(3)
    a, b = ar(rng, 1500, 0.9), ar(rng, 1500, 0.9)
    runs = [
        synchrony_test(
            a, b, rate_hz=25, kind="segments" if kind == "segments" else "circular", n=30, seed=seed
        )
        for seed in (7, 7, 8)
    ]
    assert same(runs[0], runs[1])
    assert not same(runs[0], runs[2])
    assert (runs[0].n, runs[0].seed, runs[0].kind) == (30, 7, kind)
    assert runs[0].p_value == (np.sum(runs[0].surrogates >= runs[0].observed) + 1) / 31
    assert runs[0].effect_size == pytest.approx((runs[0].observed - runs[0].mean) / runs[0].sd)
    low, high = runs[0].effect_ci
    assert low < runs[0].effect_size < high


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("statistic", ["peak", "mean_absolute"])
def test_a_deal_that_changes_nothing_gives_the_observed_value(gaps: bool, statistic: Statistic) -> None:
    """The fast tables of all pairs and the grid are the same definition, signal by signal."""
    rng = np.random.default_rng(4)
    a, b = rng.standard_normal((2, 1200, 2)).cumsum(axis=1)
    b[300:420, 1] = 2.5
    if gaps:
        a[100:130] = np.nan
        b[700:900, 0] = np.nan
    z = window_z(a, b, window=100, lag=21)
    profiles, magnitudes = dealt_profiles(a, b, 100, 21, 0.6, np.arange(len(z)), np.arange(len(z))[None, :])
    grids = [windowed_correlation(a[:, k], b[:, k], window=100, max_lag=21, step=100) for k in (0, 1)]
    if not gaps and statistic == "peak":
        first, second = (grid.z for grid in grids)
        both = np.where(np.isnan(second), first, (first + second) / 2)
        np.testing.assert_allclose(z, both)
        np.testing.assert_allclose(lag_profile(grids[0]), np.mean(grids[0].z, axis=0))
    rows = profiles if statistic == "peak" else magnitudes
    assert _height(rows[0], statistic) == pytest.approx(_statistic(z, statistic), rel=1e-9)


def test_several_signals_of_a_channel_add_up() -> None:
    rng = np.random.default_rng(5)
    pairs = [followed(rng, 10, n=1000) for _ in range(3)]
    noise = [2.5 * ar(rng, 1000, 0.95) for _ in range(3)]
    a = np.column_stack([pair[0] for pair in pairs])
    b = np.column_stack([pair[1] + extra for pair, extra in zip(pairs, noise, strict=True)])
    alone = [synchrony_test(a[:, k], b[:, k], rate_hz=25).effect_size for k in range(3)]
    together = synchrony_test(a, b, rate_hz=25)
    assert together.effect_size > np.mean(alone)
    assert together.lag_s == pytest.approx(0.4, abs=0.05)


def test_units_do_not_matter_and_exchanging_people_mirrors_the_lag() -> None:
    rng = np.random.default_rng(6)
    a, b = followed(rng, 12)
    test = synchrony_test(a, b, rate_hz=25, n=50)
    scaled = synchrony_test(a * 1e3 + 1e6, b * 0.01 - 4, rate_hz=25, n=50)
    assert scaled.p_value == test.p_value
    np.testing.assert_allclose(scaled.surrogates, test.surrogates, atol=1e-7)
    back = synchrony_test(b, a, rate_hz=25, n=50)
    assert back.observed == pytest.approx(test.observed)
    assert back.lag_s == pytest.approx(-test.lag_s)


def test_a_gap_leaves_chance_as_many_windows_as_the_pair_has() -> None:
    """Cutting a shared gap out of both series, or leaving it in, must say nearly the same."""
    rng = np.random.default_rng(10)
    a, b = ar(rng, 1600, 0.95), ar(rng, 1600, 0.95)
    gap = slice(600, 1100)
    whole_a, whole_b = (np.insert(x, 600, np.full(500, np.nan)) for x in (a, b))
    assert np.isnan(whole_a[gap]).all()
    cut, gapped = (synchrony_test(x, y, rate_hz=25, n=499) for x, y in ((a, b), (whole_a, whole_b)))
    assert abs(gapped.windows - cut.windows) <= 1
    assert gapped.sd == pytest.approx(cut.sd, rel=0.25)
    assert gapped.mean == pytest.approx(cut.mean, rel=0.25)


@pytest.mark.parametrize("shared", [False, True])
def test_gaps_make_nobody_synchronous_or_safe(shared: bool) -> None:
    rng = np.random.default_rng(12)
    p_values = []
    for seed, phi in enumerate(rng.uniform(0.9, 0.98, 150)):
        a, b = ar(rng, 3000, phi), ar(rng, 3000, phi)
        a[1000:2200] = np.nan
        if shared:
            b[1000:2200] = np.nan
        else:
            a[1000:2200] = ar(rng, 1200, phi)
            a[:1000] = b[-1000:] = np.nan
        p_values.append(synchrony_test(a, b, rate_hz=25, n=99, seed=seed).p_value)
    assert 0.01 <= np.mean(np.array(p_values) <= 0.05) <= 0.09
    assert 0.4 < np.mean(p_values) < 0.6


def test_what_does_not_scatter_has_no_effect_size_and_is_no_finding() -> None:
    """Every window of a wave of whole periods is the same: no deal changes anything."""
    wave = np.sin(2 * np.pi * np.arange(1500) / 25)
    ramp = np.arange(1500.0)
    for series in (wave, ramp):
        test = synchrony_test(series, series, rate_hz=25)
        assert np.isnan(test.effect_size)
        assert np.isnan(test.effect_ci).all()
        assert test.p_value == 1


def test_circular_shifts_find_a_long_recording() -> None:
    rng = np.random.default_rng(7)
    test = synchrony_test(*followed(rng, -8, n=5000), rate_hz=25, kind="circular", n=39)
    assert test.p_value == 1 / 40
    assert test.lag_s == pytest.approx(-0.32, abs=0.04)


def test_re_pairing_finds_the_true_dyads_and_clears_the_others() -> None:
    rng = np.random.default_rng(8)
    dyads = [followed(rng, 10, n=1250 + 125 * k) for k in range(11)]
    dyads.append((ar(rng, 1500, 0.95), ar(rng, 1500, 0.95)))
    tests = repaired_tests([a for a, _ in dyads], [b for _, b in dyads], rate_hz=25)
    assert all(test.p_value == 1 / 23 for test in tests[:11])
    assert tests[11].p_value > 0.05
    assert {test.n for test in tests} == {22}
    assert tests[0].kind == "re-paired"


def test_too_little_is_said_to_be_too_little() -> None:
    rng = np.random.default_rng(9)
    a, b = ar(rng, 600, 0.9), ar(rng, 600, 0.9)
    with pytest.raises(SeriesError, match="Only 4 windows"):
        synchrony_test(a, b, rate_hz=25)
    with pytest.raises(SeriesError, match="Only 0 windows"):
        synchrony_test(np.ones(1500), ar(rng, 1500, 0.9), rate_hz=25)
    with pytest.raises(SeriesError, match="same samples and signals"):
        synchrony_test(a, b[:-1], rate_hz=25)
    with pytest.raises(SeriesError, match="shifted beyond"):
        synchrony_test(ar(rng, 400, 0.9), ar(rng, 400, 0.9), rate_hz=25, window_s=1, lag_s=5, kind="circular")
    with pytest.raises(SeriesError, match="two dyads"):
        repaired_tests([a], [b], rate_hz=25)
