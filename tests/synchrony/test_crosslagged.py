"""The gain is what least squares says, window by window, and unrelated smooth series have next to none."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from scipy.signal import lfilter

from mirrorsync.errors import SeriesError
from mirrorsync.synchrony.crosslagged import cross_lagged
from mirrorsync.types import FloatArray


def ar(rng: np.random.Generator, n: int, phi: float) -> FloatArray:
    series: FloatArray = lfilter([1.0], [1.0, -phi], rng.standard_normal(n + 500))[500:]
    return series


def r_squared(y: FloatArray, *predictors: FloatArray) -> float:
    design = np.column_stack([np.ones(y.size), *predictors])
    rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return float(1 - rest @ rest / ((y - y.mean()) @ (y - y.mean())))


@pytest.mark.parametrize("own_past", ["last", "same_lag"])
def test_every_gain_is_what_two_regressions_say(own_past: Literal["last", "same_lag"]) -> None:
    rng = np.random.default_rng(1)
    a, b = ar(rng, 220, 0.9), ar(rng, 220, 0.9)
    b[5:] += 0.5 * a[:-5]
    result = cross_lagged(a, b, window=50, max_lag=7, step=20, own_past=own_past)
    assert 0 not in result.lags
    for k, start in enumerate(result.starts):
        for c, lag in enumerate(result.lags):
            leader, follower = (a, b) if lag > 0 else (b, a)
            y = follower[start : start + 50]
            back = 1 if own_past == "last" else abs(int(lag))
            own = follower[start - back : start - back + 50]
            other = leader[start - abs(lag) : start - abs(lag) + 50]
            gain = r_squared(y, own, other) - r_squared(y, own)
            assert result.gain[k, c] == pytest.approx(gain, abs=1e-9)
            rest_y, rest_x = (v - np.polyval(np.polyfit(own, v, 1), own) for v in (y, other))
            assert result.partial_r[k, c] == pytest.approx(np.corrcoef(rest_y, rest_x)[0, 1], abs=1e-7)


@pytest.mark.parametrize("own_past", ["last", "same_lag"])
@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_with_scattered_gaps_both_regressions_run_over_the_samples_all_have(
    own_past: Literal["last", "same_lag"], offset: float
) -> None:
    rng = np.random.default_rng(5)
    a, b = ar(rng, 400, 0.95) + offset, ar(rng, 400, 0.95)
    a[rng.random(400) < 0.2] = np.nan
    b[rng.random(400) < 0.2] = np.nan
    result = cross_lagged(a, b, window=100, max_lag=9, step=30, own_past=own_past)
    checked = 0
    for k, start in enumerate(result.starts):
        for c, lag in enumerate(result.lags):
            leader, follower = (a, b) if lag > 0 else (b, a)
            back = 1 if own_past == "last" else abs(int(lag))
            y, own, other = (
                v[start - shift : start - shift + 100]
                for v, shift in ((follower, 0), (follower, back), (leader, abs(int(lag))))
            )
            whole = np.isfinite(y + own + other)
            if np.isfinite(y + other).sum() < 60:
                assert np.isnan(result.gain[k, c])
                continue
            y, own, other = y[whole], own[whole], other[whole]
            centred = other - other.mean()
            gain = r_squared(y - y.mean(), own - own.mean(), centred) - r_squared(
                y - y.mean(), own - own.mean()
            )
            assert result.gain[k, c] == pytest.approx(gain, abs=1e-8)
            checked += 1
    assert checked > 50


def test_gaps_do_not_make_unrelated_people_look_related() -> None:
    """What 20 % of missing samples in each add by accident is what fewer samples explain."""
    rng = np.random.default_rng(6)
    whole, holed = [], []
    for _ in range(20):
        a, b = ar(rng, 3000, 0.98), ar(rng, 3000, 0.98)
        whole.append(cross_lagged(a, b, window=250, max_lag=20, step=250).a_leads)
        a[rng.random(3000) < 0.2] = np.nan
        b[rng.random(3000) < 0.2] = np.nan
        holed.append(cross_lagged(a, b, window=250, max_lag=20, step=250).a_leads)
    assert np.mean(holed) < 1.2 * np.mean(whole) / 0.8**3


def test_what_the_own_past_explains_fully_has_no_gain() -> None:
    """A steady climb is known from the sample before: there is nothing left for anybody to explain."""
    rng = np.random.default_rng(7)
    a, b = ar(rng, 600, 0.9), ar(rng, 600, 0.9)
    b[200:400] = 0.01 * np.arange(200) + 50.0
    result = cross_lagged(a, b, window=50, max_lag=5, step=25)
    climbing = (result.starts >= 201) & (result.starts <= 350)
    assert climbing.sum() >= 5
    assert np.isnan(result.gain[climbing][:, result.lags > 0]).all()
    assert np.isnan(result.partial_r[climbing][:, result.lags > 0]).all()
    inside = (result.starts >= 206) & (result.starts <= 350)
    assert np.isfinite(result.gain[inside][:, result.lags < 0]).all()
    assert np.isfinite(result.gain[result.starts <= 150]).all()


def test_who_leads_shows_and_exchanging_people_mirrors_it() -> None:
    rng = np.random.default_rng(2)
    a = ar(rng, 3000, 0.95)
    b = np.roll(a, 10) + 0.3 * ar(rng, 3000, 0.95)
    result = cross_lagged(a, b, window=250, max_lag=20, step=125)
    mirrored = cross_lagged(b, a, window=250, max_lag=20, step=125)
    assert result.a_leads > 3 * result.b_leads
    assert result.a_leads == pytest.approx(mirrored.b_leads)
    np.testing.assert_allclose(result.gain, mirrored.gain[:, ::-1])
    assert result.lags[np.argmax(result.gain.mean(axis=0))] in {9, 10}


def test_autocorrelation_does_not_make_unrelated_people_look_related() -> None:
    rng = np.random.default_rng(3)
    gains = {"last": [], "same_lag": []}  # type: dict[Literal["last", "same_lag"], list[float]]
    for _ in range(10):
        a, b = ar(rng, 3000, 0.98), ar(rng, 3000, 0.98)
        for own_past, values in gains.items():
            result = cross_lagged(a, b, window=250, max_lag=50, step=250, own_past=own_past)
            values.append((result.a_leads + result.b_leads) / 2)
    # White residuals of 250 samples leave an R² gain of about (1 − R² of the own past) / 250.
    assert np.mean(gains["last"]) < 0.001
    assert np.mean(gains["same_lag"]) > 20 * np.mean(gains["last"])


def test_gaps_and_still_windows_are_nan_and_lags_are_demanded() -> None:
    rng = np.random.default_rng(4)
    a, b = ar(rng, 400, 0.9), ar(rng, 400, 0.9)
    a[100:200] = np.nan
    b[300:] = 1.0
    result = cross_lagged(a, b, window=50, max_lag=5, step=50)
    assert np.isnan(result.gain[2]).all()
    assert np.isnan(result.gain[-1]).all()
    assert np.isfinite(result.gain[0]).all()
    with pytest.raises(SeriesError, match="one sample or more"):
        cross_lagged(a, b, window=50, max_lag=0, step=50)
