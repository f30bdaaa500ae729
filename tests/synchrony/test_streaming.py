"""The stream gives the numbers of the batch, whatever the window, the gaps and the length of the session."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mirrorsync.synchrony import streaming
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.synchrony.streaming import StreamingCorrelation
from mirrorsync.types import FloatArray


def batch(
    x: FloatArray,
    y: FloatArray,
    stream: StreamingCorrelation,
    delay: int,
    min_coverage: float,
    *,
    max_lag: int,
    lag_step: int = 1,
) -> tuple[FloatArray, FloatArray]:
    """r and coverage of one signal at every full step; before the beginning all is missing."""
    before = np.full(max_lag + stream.window - stream.step, np.nan)
    y = np.concatenate([np.full(delay, np.nan), y])[: x.size]
    grid = windowed_correlation(
        np.concatenate([before, x]),
        np.concatenate([before, y]),
        window=stream.window,
        max_lag=max_lag,
        step=stream.step,
        lag_step=lag_step,
        framing="causal",
        min_coverage=min_coverage,
    )
    return grid.r, grid.coverage


def streamed(stream: StreamingCorrelation, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """r and coverage at every full step, (n_steps, n_signals, n_delays, n_lags)."""
    out = [stream.correlations() for one, two in zip(x, y, strict=True) if stream.push(one, two)]
    return np.array([r for r, _ in out]), np.array([coverage for _, coverage in out])


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000), n=st.integers(10, 90), step=st.integers(1, 5), blocks=st.integers(1, 6),
    max_lag=st.integers(0, 7), lag_step=st.integers(1, 3),
    delays=st.lists(st.integers(1, 20), max_size=2, unique=True),
    holes=st.sampled_from([0.0, 0.1, 0.5]), still=st.booleans(),
    min_coverage=st.one_of(st.sampled_from([0.0, 0.5, 0.6, 1.0]), st.floats(0.0, 1.0)),
)  # fmt: skip
def test_equals_the_batch_at_every_step(
    seed: int, n: int, step: int, blocks: int, max_lag: int, lag_step: int, delays: list[int], holes: float,
    still: bool, min_coverage: float,
) -> None:  # fmt: skip
    """Whole numbers are used, so that sums are exact and "constant" means the same to both."""
    assume(step * blocks >= 4)
    rng = np.random.default_rng(seed)
    x, y = rng.integers(-9, 10, (2, n, 2)).astype(float)
    if still:
        x[n // 3 : 2 * n // 3] = 4.0
    x[rng.random((n, 2)) < holes] = np.nan
    y[rng.random((n, 2)) < holes] = np.nan
    stream = StreamingCorrelation(
        n_signals=2, window=step * blocks, max_lag=max_lag, step=step, lag_step=lag_step,
        delays=(0, *delays), min_coverage=min_coverage,
    )  # fmt: skip
    r, coverage = streamed(stream, x, y)
    for signal in range(2):
        for k, delay in enumerate(stream.delays):
            wanted, share = batch(
                x[:, signal], y[:, signal], stream, delay, min_coverage, max_lag=max_lag, lag_step=lag_step
            )
            np.testing.assert_allclose(coverage[:, signal, k], share, atol=1e-12)
            # two samples always lie on a line: the stream wants three
            wanted = np.where(share * stream.window >= 2.5, wanted, np.nan)
            np.testing.assert_allclose(r[:, signal, k], wanted, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(window=st.integers(4, 150), share=st.integers(1, 100), step=st.integers(1, 7), off=st.integers(-1, 1))
@example(window=25, share=28, step=5, off=0)
def test_just_enough_is_enough_for_stream_and_batch_alike(
    window: int, share: int, step: int, off: int
) -> None:
    """Exactly as many as are asked for, at any rate: 7 of 25 are 0.28, but 0.28 · 25 is more than 7."""
    min_coverage = share / 100
    stream = StreamingCorrelation(n_signals=1, window=window, max_lag=0, step=step, min_coverage=min_coverage)
    assume(stream.window >= 4)
    there = share * stream.window // 100 + off
    assume(3 <= there <= stream.window)
    rng = np.random.default_rng(window)
    x, y = rng.normal(size=(2, stream.window, 1))
    x[rng.permutation(stream.window)[there:]] = np.nan
    r, coverage = streamed(stream, x, y)
    wanted, share_of_batch = batch(x[:, 0], y[:, 0], stream, 0, min_coverage, max_lag=0)
    assert coverage[-1, 0, 0, 0] == share_of_batch[-1, 0]
    np.testing.assert_allclose(r[-1, 0, 0], wanted[-1], atol=1e-9)


def test_a_delay_is_the_same_as_a_shifted_series() -> None:
    x, y = np.random.default_rng(1).normal(size=(2, 200, 1))
    shifted = np.concatenate([np.full((17, 1), np.nan), y[:-17]])
    now, _ = streamed(StreamingCorrelation(n_signals=1, window=30, max_lag=5, step=5, delays=(0, 17)), x, y)
    alone, _ = streamed(StreamingCorrelation(n_signals=1, window=30, max_lag=5, step=5), x, shifted)
    np.testing.assert_allclose(now[:, :, 1], alone[:, :, 0], atol=1e-12)


def test_two_streams_on_one_history_are_each_as_if_alone() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 300, 3))
    x[120:150, 1] = np.nan
    stream = partial(StreamingCorrelation, n_signals=3, window=40, max_lag=8, step=5)
    far = stream(lag_step=2, delays=(23, 31))
    near = stream(history=far.history)
    alone, _ = streamed(stream(), x, y)
    shared = []
    for one, two in zip(x, y, strict=True):
        if far.push(one, two):
            near.advance()
            shared.append(near.correlations()[0])
    np.testing.assert_array_equal(np.array(shared), alone)
    with pytest.raises(ValueError, match="shorter than"):
        stream(delays=(100,), history=near.history)


def test_what_does_not_fit_into_memory_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks that leave the window are then summed from the history: the same numbers."""
    x, y = np.random.default_rng(5).normal(size=(2, 400, 2))
    stream = partial(StreamingCorrelation, n_signals=2, window=40, max_lag=6, step=4, delays=(0, 21))
    kept, _ = streamed(stream(), x, y)
    monkeypatch.setattr(streaming, "_MOST_BYTES", 0)
    again, _ = streamed(stream(), x, y)
    np.testing.assert_allclose(again, kept, atol=1e-12)


def test_b_following_has_a_positive_lag() -> None:
    x = np.random.default_rng(2).normal(size=(200, 1))
    stream = StreamingCorrelation(n_signals=1, window=40, max_lag=6, step=4)
    r, _ = streamed(stream, x, np.roll(x, 4, axis=0))
    assert stream.lags[np.argmax(r[-1, 0, 0])] == 4
    assert r[-1, 0, 0].max() == pytest.approx(1.0)


def test_rounding_does_not_grow_over_a_long_session() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(2, 50_000, 1))
    y += 0.5 * x
    x[20_000:20_010] *= 1e6  # a glitch must leave no trace once it is out of the window
    stream = StreamingCorrelation(n_signals=1, window=20, max_lag=2, step=4, min_coverage=0.6)
    r, _ = streamed(stream, x, y)
    wanted, _ = batch(x[:, 0], y[:, 0], stream, 0, 0.6, max_lag=2)
    np.testing.assert_allclose(r[-100:, 0, 0], wanted[-100:], atol=1e-12)
    np.testing.assert_allclose(r[5100:, 0, 0], wanted[5100:], atol=1e-9)
    assert np.max(np.abs(r[:5000, 0, 0] - wanted[:5000])[10:]) < 1e-9


@pytest.mark.parametrize("offset", [1e5, 1e6, 1e8])
def test_an_offset_costs_no_digits(offset: float) -> None:
    """Also of a signal that is seen late, and with a glitch in the very first block."""
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(2, 1500, 2)) + offset
    y += 0.5 * x
    x[:40, 1] = np.nan
    y[0] += 1e6
    stream = StreamingCorrelation(n_signals=2, window=125, max_lag=10, step=5, delays=(0, 60))
    r, _ = streamed(stream, x, y)
    for signal in range(2):
        for k, delay in enumerate(stream.delays):
            wanted, _ = batch(x[:, signal], y[:, signal], stream, delay, 0.6, max_lag=10)
            np.testing.assert_allclose(r[90:, signal, k], wanted[90:], atol=1e-9)  # the glitch is forgotten
            assert np.isfinite(wanted[90:]).all()


def test_the_window_is_whole_steps() -> None:
    stream = StreamingCorrelation(n_signals=1, window=23, max_lag=1, step=5)
    assert (stream.window, stream.n_blocks) == (25, 5)
    assert StreamingCorrelation(n_signals=1, window=1, max_lag=0, step=3).window == 3


def test_windows_in_which_somebody_hardly_moves_say_nothing_also_in_the_past() -> None:
    """Both the true pair's and those with B's past, each by what is in that window."""
    rng = np.random.default_rng(5)
    x, y = rng.normal(3.0, 1.0, (2, 200, 2))
    y[60:120] = 3.0 + 0.01 * (y[60:120] - 3.0)
    sizes = {"n_signals": 2, "window": 20, "max_lag": 0, "step": 5, "delays": (0, 30)}
    plain, least = (StreamingCorrelation(**sizes, least_sd=sd) for sd in (None, np.array([0.0, 0.1])))  # type: ignore[arg-type]  # of several kinds
    for k in range(200):
        full = plain.push(x[k], y[k]), least.push(x[k], y[k])
        if all(full) and k >= 50:
            wanted, found = plain.correlations()[0][:, :, 0], least.correlations()[0][:, :, 0]
            np.testing.assert_array_equal(found[0], wanted[0])
            for which, delay in enumerate((0, 30)):
                still = y[k - 19 - delay : k + 1 - delay, 1].std() < 0.1
                assert np.isnan(found[1, which]) == still
                assert still or found[1, which] == wanted[1, which]
