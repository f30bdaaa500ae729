"""Who leads is said when it is clear, and not otherwise; rhythms are found with their distance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import lfilter

from mirrorsync.errors import SeriesError
from mirrorsync.synchrony.chance import synchrony_test
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.synchrony.leading import LeadVerdict, who_leads
from mirrorsync.synchrony.phase import phase_synchrony
from mirrorsync.types import FloatArray

REFERENCE = Path(__file__).resolve().parents[1] / "golden" / "reference"


def own(name: str) -> FloatArray:
    return np.loadtxt(REFERENCE / f"{name}.csv", delimiter=",", skiprows=1).T


def ar(rng: np.random.Generator, n: int, phi: float = 0.95) -> FloatArray:
    series: FloatArray = lfilter([1.0], [1.0, -phi], rng.standard_normal(n + 500))[500:]
    return series


def verdict(a: FloatArray, b: FloatArray, *, tested: bool = False) -> LeadVerdict:
    grid = windowed_correlation(a, b, window=125, max_lag=50, step=25)
    p = synchrony_test(a, b, rate_hz=25, n=99).p_value if tested else None
    return who_leads(grid, rate_hz=25, p_value=p)


def test_a_lag_names_the_leader_and_exchanging_people_exchanges_it() -> None:
    a, b = own("lagged_a_leads_20")
    there, back = verdict(a, b, tested=True), verdict(b, a, tested=True)
    assert (there.leader, back.leader) == ("a", "b")
    assert there.lag_s == pytest.approx(0.8, abs=0.02)
    assert back.lag_s == pytest.approx(-there.lag_s)
    assert there.confidence > 0.99
    assert there.lag_ci_s[0] <= there.lag_s <= there.lag_ci_s[1]
    assert there.shares.a_leads > 0.8


def test_a_lead_that_changes_hands_is_nobodys() -> None:
    a, b = own("leader_switches_15_then_minus10")
    switching = verdict(a, b)
    assert switching.leader == "neither"
    assert 0.3 < switching.shares.a_leads < 0.7


def test_moving_at_once_is_nobodys_lead() -> None:
    rng = np.random.default_rng(1)
    a = ar(rng, 1500)
    assert verdict(a, a + 0.2 * ar(rng, 1500)).leader == "neither"


def test_confidence_in_nobody_is_how_surely_they_move_at_once() -> None:
    rng = np.random.default_rng(1)
    a = ar(rng, 1500)
    for b in (a, a + 0.2 * ar(rng, 1500)):
        at_once = verdict(a, b, tested=True)
        assert at_once.leader == "neither"
        assert at_once.confidence > 0.99
        assert abs(at_once.lag_s) < 0.1


def test_confidence_in_nobody_is_below_the_bar_when_the_lag_changes() -> None:
    switching = verdict(*own("leader_switches_15_then_minus10"))
    assert abs(switching.lag_s) > 0.1
    assert 0.3 < switching.confidence < 0.9


def test_draws_at_the_border_agree_with_nobody() -> None:
    """B is 2 s behind and a little: the peak lies at the longest lag, or past it."""
    rng = np.random.default_rng(4)
    a = ar(rng, 3000)
    b = np.concatenate([np.zeros(50), a[:-50]]) + 0.5 * ar(rng, 3000)
    grid = windowed_correlation(a, b, window=125, max_lag=50, step=25)
    beyond = who_leads(grid, rate_hz=25)
    assert beyond.leader == "neither"
    assert beyond.confidence < 0.9
    assert np.isfinite(beyond.confidence)


def test_without_data_there_is_no_confidence() -> None:
    nothing = np.full(1500, np.nan)
    blank = verdict(nothing, nothing)
    assert blank.leader == "neither"
    assert np.isnan([blank.confidence, blank.lag_s, *blank.lag_ci_s]).all()


def test_without_a_p_value_unrelated_people_are_given_leaders() -> None:
    """What the docstring warns of; the test against chance keeps it below 5 %."""
    rng = np.random.default_rng(2)
    named = [verdict(ar(rng, 3000), ar(rng, 3000)).leader != "neither" for _ in range(40)]
    assert sum(named) > 2  # 5 % of 40


def test_unrelated_people_are_rarely_said_to_lead() -> None:
    rng = np.random.default_rng(2)
    named = [verdict(ar(rng, 1500), ar(rng, 1500), tested=True).leader != "neither" for _ in range(40)]
    assert sum(named) <= 4  # at most the tests' own 5 %, P(more than 4 of 40) = 0.05


def test_too_few_windows_name_nobody() -> None:
    a = np.arange(130.0) % 7
    grid = windowed_correlation(a, a, window=125, max_lag=2, step=25)
    few = who_leads(grid, rate_hz=25)
    assert few.leader == "neither"
    assert np.isnan(few.confidence)


def test_a_rhythm_is_found_with_its_distance() -> None:
    a, b = own("sine_phase_lag_0s4")
    result = phase_synchrony(a, b, rate_hz=25, band_hz=(0.3, 0.8))
    assert result.locking > 0.95
    assert result.frequency_hz == pytest.approx(0.5, abs=0.01)
    assert result.lag_s == pytest.approx(0.4, abs=0.02)
    assert phase_synchrony(b, a, rate_hz=25, band_hz=(0.3, 0.8)).lag_s == pytest.approx(-result.lag_s)
    louder = phase_synchrony(a * 40 - 3, b, rate_hz=25, band_hz=(0.3, 0.8))
    assert louder.locking == pytest.approx(result.locking)


def test_unrelated_rhythms_stay_inside_chance_and_related_ones_stand_out() -> None:
    rng = np.random.default_rng(3)
    p = [
        phase_synchrony(ar(rng, 6000), ar(rng, 6000), rate_hz=25, band_hz=(0.2, 0.6), seed=k).p_value
        for k in range(60)
    ]
    assert np.mean(np.array(p) < 0.05) < 0.15
    a = ar(rng, 6000)
    related = phase_synchrony(a, a + ar(rng, 6000), rate_hz=25, band_hz=(0.2, 0.6))
    assert related.p_value == 1 / 200
    assert related.effect_size > 3


def test_gaps_are_left_out_of_the_phases() -> None:
    a, b = own("sine_phase_lag_0s4")
    a = a.copy()
    a[1000:1100] = np.nan
    result = phase_synchrony(a, b, rate_hz=25, band_hz=(0.3, 0.8))
    assert result.lag_s == pytest.approx(0.4, abs=0.02)
    assert 0.8 < result.coverage < 1 - 100 / 3000
    with pytest.raises(SeriesError, match="longer recording"):
        phase_synchrony(a[:300], b[:300], rate_hz=25, band_hz=(0.1, 0.5))
    with pytest.raises(SeriesError, match="lower end first"):
        phase_synchrony(a, b, rate_hz=25, band_hz=(2, 1))
