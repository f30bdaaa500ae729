"""What the presets do beyond the peers' numbers: missing samples, edges, and who leads."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from mirrorsync.errors import SeriesError
from mirrorsync.synchrony.loess import loess_then_spline
from mirrorsync.synchrony.rmea import moving_average, rmea, scale_by_sd
from mirrorsync.synchrony.susy import susy
from mirrorsync.synchrony.wcc import pick_peaks, wcc
from mirrorsync.types import FloatArray


def delayed_pair(delay: int, n: int = 1500, seed: int = 1) -> tuple[FloatArray, FloatArray]:
    """b follows a by `delay` samples."""
    rng = np.random.default_rng(seed)
    source = np.convolve(rng.standard_normal(n + 200), np.ones(10), "same")
    return source[100 : 100 + n], source[100 - delay : 100 - delay + n]


@pytest.mark.parametrize("delay", [-15, 15])
def test_all_three_agree_on_who_leads(delay: int) -> None:
    a, b = delayed_pair(delay)
    energy = rmea(a, b, rate_hz=25, lag_s=2, window_s=10, step_s=5)
    assert (energy.a_leads_mean > energy.b_leads_mean) == (delay > 0)
    np.testing.assert_allclose(energy.best_lag_s, delay / 25)
    surrogate = susy(a, b, rate_hz=25, segment_s=10, lag_s=2)
    assert surrogate.lags_s[np.argmax(surrogate.profile_signed)] == delay / 25
    assert (surrogate.z_a_leads > surrogate.z_b_leads) == (delay > 0)
    windowed = wcc(a, b, rate_hz=25, window_s=10, lag_s=2, step_s=1)
    assert windowed.lags_s[np.argmax(windowed.profile)] == delay / 25


def test_missing_samples_stay_missing_when_smoothed_and_the_end_is_zero() -> None:
    x = np.arange(60.0)
    smooth = moving_average(x, rate_hz=25)
    assert smooth[20] == pytest.approx(x[14:26].sum() / 12.5)
    assert smooth[0] == pytest.approx(x[:6].sum() / 12.5)
    assert (smooth[-5:] == 0).all()
    assert smooth[-6] > 0
    x[30] = np.nan
    holed = moving_average(x, rate_hz=25)
    assert np.isnan(holed[25:37]).all()
    np.testing.assert_allclose(holed[:25], smooth[:25])
    np.testing.assert_allclose(holed[37:], smooth[37:])


def test_smoothing_far_from_zero_loses_no_digits() -> None:
    x = np.random.default_rng(3).normal(size=15_000) + 1e9
    smooth = moving_average(x, rate_hz=25)
    wanted = np.array([x[t - 6 : t + 6].sum() / 12.5 for t in range(6, x.size - 6)])
    np.testing.assert_allclose(smooth[6 : x.size - 6], wanted, atol=1e-6, rtol=0)


def test_a_gap_leaves_the_other_windows_of_rmea_where_they_are() -> None:
    a, b = delayed_pair(5)
    whole = rmea(a, b, rate_hz=25, lag_s=1, window_s=5, step_s=5)
    a = a.copy()
    a[250:450] = np.nan
    holed = rmea(a, b, rate_hz=25, lag_s=1, window_s=5, step_s=5)
    assert len(holed.starts_s) == len(whole.starts_s)
    assert np.isnan(holed.all_lags[2])
    np.testing.assert_allclose(holed.all_lags[4:], whole.all_lags[4:], atol=1e-9)
    np.testing.assert_allclose(holed.all_lags[0], whole.all_lags[0], atol=1e-9)
    assert np.isfinite(holed.grand_average)


def test_susy_leaves_out_segments_with_gaps_and_those_that_stand_still() -> None:
    a, b = delayed_pair(5, n=2000)
    holed, still = a.copy(), a.copy()
    holed[260] = np.nan
    still[250:500] = 3.0
    without = np.r_[0:250, 500:2000]
    reference = susy(a[without], b[without], rate_hz=25, segment_s=10, lag_s=2)
    assert susy(holed, b, rate_hz=25, segment_s=10, lag_s=2).z == pytest.approx(reference.z)
    assert susy(still, b, rate_hz=25, segment_s=10, lag_s=2).z == pytest.approx(reference.z)


def test_susys_effect_size_is_no_test() -> None:
    rng = np.random.default_rng(2)
    beyond = 0
    for _ in range(40):
        a, b = lfilter([1.0], [1.0, -0.95], rng.standard_normal((2, 15_500)))[:, 500:]
        beyond += abs(susy(a, b, rate_hz=25).es_signed) > 1.96
    assert beyond > 8  # of 40 unrelated pairs; a test at 5 % would allow 2


def test_identical_series_have_finite_scores() -> None:
    a, _ = delayed_pair(0)
    assert rmea(a, a, rate_hz=25, lag_s=1, window_s=10, step_s=10).lag_zero_mean == 10
    assert np.isfinite(susy(a, a, rate_hz=25, segment_s=10, lag_s=2).z)


def test_what_does_not_fit_is_refused_in_a_sentence() -> None:
    a, b = delayed_pair(0, n=200)
    with pytest.raises(SeriesError, match="8 s, but one window with its lags takes 65 s"):
        rmea(a, b, rate_hz=25)
    with pytest.raises(SeriesError, match="two complete segments"):
        susy(a, b, rate_hz=25)
    with pytest.raises(SeriesError, match="shorter than a segment"):
        susy(a, b, rate_hz=25, segment_s=1, lag_s=1)
    with pytest.raises(SeriesError, match="Nothing moves"):
        susy(np.ones(200), b, rate_hz=25, segment_s=2, lag_s=1)
    with pytest.raises(SeriesError, match="shorter window or lag"):
        wcc(a, b, rate_hz=25)
    with pytest.raises(SeriesError, match="only 5 lags"):
        wcc(a, b, rate_hz=25, window_s=2, lag_s=2 / 25, step_s=1)
    with pytest.raises(SeriesError, match="does not change"):
        scale_by_sd(np.ones(5))
    with pytest.raises(SeriesError, match="at least one sample"):
        moving_average(a, rate_hz=25, window_s=0.01)


@pytest.mark.parametrize("n", [21, 51, 101, 251])
def test_the_smoother_keeps_every_parabola(n: int) -> None:
    x = np.arange(1.0, n + 1)
    fine = np.linspace(1, n, 2 * n - 1)
    smooth = loess_then_spline(n, 0.5) @ (3 - 0.2 * x + 0.01 * x**2)
    np.testing.assert_allclose(smooth, 3 - 0.2 * fine + 0.01 * fine**2, rtol=1e-9)


def test_the_nearest_peak_is_picked_and_missing_rows_have_none() -> None:
    lags = np.arange(-50, 51)
    near = np.exp(-(((lags - 12.5) / 8) ** 2)) + 1.5 * np.exp(-(((lags + 40) / 5) ** 2))
    rising = lags / 100
    holed = near.copy()
    holed[3] = np.nan
    offset, value = pick_peaks(np.stack([near, rising, holed]))
    assert offset[0] == pytest.approx(12.5, abs=0.5)
    assert value[0] == pytest.approx(1, abs=0.1)
    assert np.isnan(offset[1:]).all()


def test_smoothing_keeps_exact_zeros_and_flat_windows_are_flat() -> None:
    rng = np.random.default_rng(5)
    a, b = (np.round(np.abs(rng.normal(size=3000).cumsum())) for _ in range(2))
    a[1000:2000] = b[1000:2000] = 0.0
    smooth = moving_average(a, rate_hz=25), moving_average(b, rate_hz=25)
    assert (smooth[0][1010:1990] == 0).all()
    found = rmea(*smooth, rate_hz=25, window_s=10, step_s=5, lag_s=2)
    flat = (found.starts_s >= 41) & (found.starts_s + 12 <= 79)
    assert flat.any()
    assert np.isnan(found.z[flat]).all()
    for rough in (1e-12, 1e-9):  # what resampling, detrending or an offset leave behind
        noisy = [one + rough * rng.normal(size=one.size) * (one == 0) for one in smooth]
        again = rmea(*noisy, rate_hz=25, window_s=10, step_s=5, lag_s=2)
        assert np.isnan(again.z[flat]).all()


def test_wcc_counts_flat_windows_as_zero() -> None:
    rng = np.random.default_rng(6)
    a, b = rng.normal(size=(2, 2000))
    a[500:1000] = 1.0
    found = wcc(a, b, rate_hz=25, window_s=4, lag_s=1)
    flat = (found.ends_s > 26) & (found.ends_s < 39)
    assert (found.r[flat] == 0).all()
    assert found.mean == pytest.approx(found.r.mean())
