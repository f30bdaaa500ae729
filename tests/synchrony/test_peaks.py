"""Peaks lie where they were put, between the samples too, and who leads follows from their sign."""

from __future__ import annotations

import numpy as np
import pytest

from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.synchrony.peaks import find_peak, lag_profile, leader_shares, window_peaks


@pytest.mark.parametrize("true_lag", [-7.3, -0.4, 0.0, 3.5, 9.9])
def test_a_parabola_finds_the_peak_between_the_samples(true_lag: float) -> None:
    lags = np.arange(-12, 13)
    peak = find_peak(2.0 - 0.01 * (lags - true_lag) ** 2, lags / 25)
    assert peak.lag == pytest.approx(true_lag / 25)
    assert peak.value == pytest.approx(2.0)


def test_a_maximum_at_the_end_of_the_lags_is_no_peak() -> None:
    lags = np.arange(-3, 4)
    assert np.isnan(find_peak(lags, lags).lag)
    assert find_peak(lags, lags).value == 3
    assert np.isnan(find_peak(np.full(7, np.nan), lags).value)
    assert find_peak([0.3], [0]).lag == 0


def test_missing_neighbours_leave_no_clear_peak() -> None:
    assert np.isnan(find_peak([0.1, np.nan, 0.9, 0.2, 0.1], np.arange(-2, 3)).lag)


def test_a_delayed_copy_peaks_at_its_delay_in_every_window() -> None:
    rng = np.random.default_rng(1)
    source = np.convolve(rng.standard_normal(1000), np.ones(9), "valid")
    x, y = source[20:920], source[8:908]  # y[t] = x[t − 12]
    grid = windowed_correlation(x, y, window=100, max_lag=25, step=50)
    lag, r = window_peaks(grid)
    np.testing.assert_allclose(lag, 12, atol=0.1)
    assert r.min() > 0.99
    profile = lag_profile(grid)
    assert find_peak(profile, grid.lags).lag == pytest.approx(12, abs=0.05)
    np.testing.assert_allclose(
        profile, np.arctanh(np.clip(grid.r, -1, 1 - 1e-15)).clip(-10, 10).mean(0), rtol=1e-3
    )
    assert (lag_profile(grid, absolute=True) >= np.abs(profile) - 1e-12).all()


def test_shares_count_only_clear_peaks_beyond_the_dead_zone() -> None:
    shares = leader_shares([3.0, 4.0, -2.0, 0.5, np.nan], dead_zone=0.5)
    assert (shares.a_leads, shares.b_leads, shares.neither, shares.windows) == (0.5, 0.25, 0.25, 4)
    assert np.isnan(leader_shares([np.nan]).a_leads)
