"""The fast grid is the plain definition, cell by cell, whatever the data look like."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirrorsync.errors import SeriesError
from mirrorsync.synchrony import correlation
from mirrorsync.synchrony.correlation import CorrelationGrid, Framing, fisher_z, windowed_correlation
from mirrorsync.types import FloatArray

FRAMINGS: tuple[Framing, ...] = ("centred", "causal", "forward")


def window_starts(framing: Framing, start: int, lag: int) -> tuple[int, int]:
    """Where x's and y's windows begin, straight from the definition."""
    if framing == "centred":
        return start - lag // 2, start - lag // 2 + lag
    if framing == "causal":
        return (start - lag, start) if lag >= 0 else (start, start + lag)
    return (start, start + lag) if lag >= 0 else (start - lag, start)


def plain(x: FloatArray, y: FloatArray, grid: CorrelationGrid, framing: Framing, floor: float) -> FloatArray:
    """The grid cell by cell with numpy.corrcoef."""
    r = np.full(grid.r.shape, np.nan)
    for k, start in enumerate(grid.starts):
        for c, lag in enumerate(grid.lags):
            at_x, at_y = window_starts(framing, int(start), int(lag))
            wx, wy = x[at_x : at_x + grid.window], y[at_y : at_y + grid.window]
            both = np.isfinite(wx) & np.isfinite(wy)
            if both.mean() >= floor and both.sum() > 1 and np.ptp(wx[both]) > 0 and np.ptp(wy[both]) > 0:
                # Differences from the first sample are exact; corrcoef itself loses digits to an offset.
                r[k, c] = np.corrcoef(wx[both] - wx[both][0], wy[both] - wy[both][0])[0, 1]
    return r


def walk(rng: np.random.Generator, n: int) -> FloatArray:
    return rng.standard_normal(n).cumsum()


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    framing=st.sampled_from(FRAMINGS),
    window=st.integers(3, 40),
    max_lag=st.integers(0, 15),
    step=st.integers(1, 50),
    lag_step=st.integers(1, 4),
    offset=st.sampled_from([0.0, -3.0, 1e8]),
    gaps=st.booleans(),
)
def test_every_cell_is_what_corrcoef_says(
    seed: int,
    framing: Framing,
    window: int,
    max_lag: int,
    step: int,
    lag_step: int,
    offset: float,
    gaps: bool,
) -> None:
    rng = np.random.default_rng(seed)
    x, y = walk(rng, 160) + offset, walk(rng, 160) * 1e-3 - offset
    if gaps:
        x[rng.random(160) < 0.1] = np.nan
        y[60:75] = np.nan
    grid = windowed_correlation(
        x, y, window=window, max_lag=max_lag, step=step, lag_step=lag_step, framing=framing, min_coverage=0.6
    )
    np.testing.assert_allclose(grid.r, plain(x, y, grid, framing, 0.6), rtol=0, atol=1e-9)
    assert grid.starts.size == max(0, (160 - window - max_lag) // step + 1)
    assert np.abs(np.nan_to_num(grid.r)).max(initial=0.0) <= 1.0


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("gaps", [False, True])
def test_a_series_that_drifts_far_beyond_its_own_movement_keeps_its_digits(
    framing: Framing, gaps: bool
) -> None:
    rng = np.random.default_rng(3)
    x = rng.standard_normal(400) + np.linspace(0, 1e6, 400) ** 1.2
    y = rng.standard_normal(400)
    y[200:] += 1e7
    if gaps:
        x[50] = np.nan
    grid = windowed_correlation(x, y, window=25, max_lag=6, step=5, framing=framing)
    np.testing.assert_allclose(grid.r, plain(x, y, grid, framing, 0.6), rtol=0, atol=1e-8)


def test_a_still_window_says_nothing_and_a_still_stretch_costs_only_its_own_windows() -> None:
    rng = np.random.default_rng(4)
    x, y = walk(rng, 300), walk(rng, 300)
    x[100:160] = 0.1
    grid = windowed_correlation(x, y, window=30, max_lag=5, step=1, framing="forward")
    np.testing.assert_allclose(grid.r, plain(x, y, grid, "forward", 0.6), atol=1e-9)
    assert np.isnan(grid.r[100:131, grid.lags == 0]).all()
    assert np.isfinite(grid.r[:95]).all()
    assert np.isfinite(grid.r[161:]).all()
    assert np.isnan(windowed_correlation(np.ones(90), y[:90], window=30, max_lag=5, step=5).r).all()


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    framing=st.sampled_from(FRAMINGS),
    max_lag=st.integers(0, 12),
    gaps=st.booleans(),
)
def test_exchanging_the_two_people_mirrors_the_lags(
    seed: int, framing: Framing, max_lag: int, gaps: bool
) -> None:
    rng = np.random.default_rng(seed)
    x, y = walk(rng, 150), walk(rng, 150)
    if gaps:
        x[20:40] = np.nan
    there = windowed_correlation(x, y, window=20, max_lag=max_lag, step=7, framing=framing)
    back = windowed_correlation(y, x, window=20, max_lag=max_lag, step=7, framing=framing)
    np.testing.assert_allclose(there.r, back.r[:, ::-1], atol=1e-10)
    np.testing.assert_allclose(there.coverage, back.coverage[:, ::-1])


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    scale=st.floats(1e-6, 1e6),
    shift=st.floats(-1e4, 1e4),
    framing=st.sampled_from(FRAMINGS),
)
def test_units_and_offsets_do_not_matter(seed: int, scale: float, shift: float, framing: Framing) -> None:
    rng = np.random.default_rng(seed)
    x, y = walk(rng, 200), walk(rng, 200)
    once = windowed_correlation(x, y, window=40, max_lag=10, step=10, framing=framing)
    again = windowed_correlation(
        x * scale + shift * scale, y, window=40, max_lag=10, step=10, framing=framing
    )
    np.testing.assert_allclose(once.r, again.r, atol=1e-8)


@pytest.mark.parametrize("framing", FRAMINGS)
def test_a_gap_touches_only_its_own_windows(framing: Framing) -> None:
    rng = np.random.default_rng(5)
    x, y = walk(rng, 400), walk(rng, 400)
    whole = windowed_correlation(x, y, window=30, max_lag=8, step=3, framing=framing)
    gap = slice(200, 215)
    holed = x.copy()
    holed[gap] = np.nan
    grid = windowed_correlation(holed, y, window=30, max_lag=8, step=3, framing=framing)
    for k, start in enumerate(grid.starts):
        for c, lag in enumerate(grid.lags):
            at_x, _ = window_starts(framing, int(start), int(lag))
            inside = max(0, min(at_x + 30, 215) - max(at_x, 200))
            assert grid.coverage[k, c] == pytest.approx(1 - inside / 30)
            if not inside:
                assert grid.r[k, c] == pytest.approx(whole.r[k, c], abs=1e-10)
            elif 1 - inside / 30 < 0.6:
                assert np.isnan(grid.r[k, c])


def test_a_causal_grid_uses_nothing_after_its_window() -> None:
    rng = np.random.default_rng(6)
    x, y = walk(rng, 300), walk(rng, 300)
    whole = windowed_correlation(x, y, window=40, max_lag=20, step=10, framing="causal")
    for k, start in enumerate(whole.starts):
        end = int(start) + 40
        cut = windowed_correlation(x[:end], y[:end], window=40, max_lag=20, step=10, framing="causal")
        np.testing.assert_allclose(cut.r[k], whole.r[k], atol=1e-10)


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("lag", [-9, 0, 9])
def test_a_positive_lag_means_that_y_follows(framing: Framing, lag: int) -> None:
    rng = np.random.default_rng(7)
    source = rng.standard_normal(440)
    x, y = source[20:420], source[20 - lag : 420 - lag]
    grid = windowed_correlation(x, y, window=60, max_lag=15, step=20, framing=framing)
    assert (grid.lags[np.argmax(grid.r, axis=1)] == lag).all()
    assert grid.r.max() == pytest.approx(1.0)


def test_long_series_lose_nothing_at_their_end() -> None:
    rng = np.random.default_rng(8)
    x, y = rng.standard_normal(400_000), rng.standard_normal(400_000)
    x[:1000] += 1e6
    grid = windowed_correlation(x, y, window=250, max_lag=2, step=25)
    tail = windowed_correlation(
        x[grid.starts[-4] - 1 :], y[grid.starts[-4] - 1 :], window=250, max_lag=2, step=25
    )
    np.testing.assert_allclose(grid.r[-4:], tail.r, atol=1e-9)


def test_results_are_read_only_and_too_short_series_have_no_windows() -> None:
    grid = windowed_correlation(np.arange(10.0), np.arange(10.0), window=10, max_lag=1, step=1)
    assert grid.r.shape == (0, 3)
    assert not windowed_correlation(
        np.arange(20.0), np.arange(20.0), window=9, max_lag=1, step=1
    ).r.flags.writeable


@pytest.mark.parametrize(
    ("x", "y", "window", "message"),
    [
        (np.zeros(5), np.zeros(6), 3, "equally long"),
        (np.zeros((5, 2)), np.zeros((5, 2)), 3, "one-dimensional"),
        (np.array([1.0, np.inf, 2.0]), np.zeros(3), 2, "infinite"),
        (np.zeros(5), np.zeros(5), 1, "window"),
    ],
)
def test_impossible_input_is_named(x: FloatArray, y: FloatArray, window: int, message: str) -> None:
    with pytest.raises(SeriesError, match=message):
        windowed_correlation(x, y, window=window, max_lag=0, step=1)


def test_fisher_z_is_bounded_and_keeps_missing_missing() -> None:
    z = fisher_z([-1.0, 0.0, 0.5, 1.0, np.nan])
    np.testing.assert_allclose(z, [-10.0, 0.0, np.arctanh(0.5), 10.0, np.nan])
    assert fisher_z(0.5).shape == ()


@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_windows_that_stand_still_are_not_looked_at_twice(
    gaps: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=(2, 600))
    x[150:450] = 0.3  # a picture that froze
    y[rng.random(600) < gaps] = np.nan
    looked: list[int] = []
    pairwise = correlation._pairwise

    def counting(wx: np.ndarray, wy: np.ndarray, flat: tuple[float, float]) -> np.ndarray:
        looked.append(wx.shape[0])
        return pairwise(wx, wy, flat)

    monkeypatch.setattr(correlation, "_pairwise", counting)
    grid = windowed_correlation(x, y, window=50, max_lag=10, step=5, min_coverage=0.5)
    still = (grid.starts >= 160) & (grid.starts <= 380)
    assert np.isnan(grid.z[still]).all()
    assert np.isfinite(grid.z[grid.starts < 90]).all()
    assert sum(looked) < 0.02 * grid.z.size


def test_which_windows_move() -> None:
    nan = np.nan
    v = np.array([1.0, 1.0, nan, 1.0, 2.0, 2.0, nan, nan, nan, 2.0, 2.0, 3.0])
    for window in (2, 3, 5):
        parts = np.lib.stride_tricks.sliding_window_view(v, window)
        wanted = [len(set(part[np.isfinite(part)])) > 1 for part in parts]
        assert correlation.moving_windows(v, window).tolist() == wanted
