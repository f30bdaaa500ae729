"""Any real rate in, one clock out: against a plain interpolation written down here, for any chunking."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirrorsync.synchrony.clock import UniformClock, interpolate, resample, tick_ns
from mirrorsync.types import FloatArray

SECOND = 1_000_000_000


def expected(
    t_ns: list[int], values: FloatArray, n_ticks: int, rate_hz: float, max_gap_s: float
) -> FloatArray:
    """Linear between neighbours no further apart than the gap, NaN elsewhere."""
    out = np.full(n_ticks, np.nan)
    for tick in range(n_ticks):
        at = round(tick * 1e9 / rate_hz)
        if at in t_ns:
            out[tick] = values[t_ns.index(at)]
            continue
        after = next((k for k, t in enumerate(t_ns) if t > at), None)
        if not after or t_ns[after] - t_ns[after - 1] > round(max_gap_s * 1e9):
            continue
        t0, t1 = t_ns[after - 1], t_ns[after]
        out[tick] = np.interp(at, [t0, t1], values[[after - 1, after]])
    return out


@given(
    steps_ms=st.lists(st.integers(5, 400), min_size=1, max_size=40),
    start_ms=st.integers(-300, 500),
    chunks=st.lists(st.integers(1, 7), min_size=1, max_size=40),
    rate_hz=st.sampled_from([5.0, 12.5, 25.0, 30.0, 60.0]),
    max_gap_s=st.sampled_from([0.0, 0.05, 0.2, 1.0]),
)
def test_any_chunking_gives_the_same_ticks(
    steps_ms: list[int], start_ms: int, chunks: list[int], rate_hz: float, max_gap_s: float
) -> None:
    t_ns = [int(t) * 1_000_000 for t in np.cumsum([start_ms, *steps_ms])]
    values = np.random.default_rng(len(t_ns)).normal(size=len(t_ns))
    n_ticks = max(int(t_ns[-1] * rate_hz // 1e9) + 1, 0)
    clock, pushed = UniformClock(max_gap_s=max_gap_s), 0
    out: list[float] = []
    for chunk in [*chunks, len(t_ns)]:
        for t, value in zip(t_ns[pushed : pushed + chunk], values[pushed : pushed + chunk], strict=True):
            clock.push(t, np.array([value]))
        pushed = min(pushed + chunk, len(t_ns))
        while len(out) < n_ticks and tick_ns(len(out), rate_hz) <= clock.until_ns:
            row = clock.at(tick_ns(len(out), rate_hz))
            out.append(np.nan if row is None else float(row[0]))
    wanted = expected(t_ns, values, n_ticks, rate_hz, max_gap_s)
    np.testing.assert_allclose(out, wanted, atol=1e-12)
    whole = resample(np.array(t_ns) / 1e9, values, rate_hz=rate_hz, max_gap_s=max_gap_s, n_ticks=n_ticks)
    np.testing.assert_allclose(whole, wanted, atol=1e-12)


@pytest.mark.parametrize("fps", [24.0, 25.0, 30000 / 1001, 30.0, 60000 / 1001])
def test_a_line_stays_a_line_from_every_real_rate(fps: float) -> None:
    """Ten minutes, so that a rate taken for its neighbour (29.97 for 30) would drift 0.6 s."""
    t_s = np.arange(round(600 * fps)) / fps
    out = resample(t_s, 3.0 * t_s + 1.0, rate_hz=25.0, max_gap_s=0.2)
    ticks = np.arange(out.size) / 25.0
    assert ticks[-1] == pytest.approx(t_s[-1], abs=0.04)
    np.testing.assert_allclose(out, 3.0 * ticks + 1.0, atol=1e-6)


def test_a_variable_rate_too() -> None:
    t_s = np.cumsum(np.random.default_rng(1).uniform(0.01, 0.15, 200))
    out = resample(t_s, np.stack([t_s, -t_s], axis=1), rate_hz=25.0, max_gap_s=0.2)
    ticks = np.arange(out.shape[0]) / 25.0
    inside = ticks >= t_s[0]
    np.testing.assert_allclose(out[inside], np.stack([ticks, -ticks], axis=1)[inside], atol=1e-9)


def test_a_gap_of_exactly_the_longest_is_bridged_and_a_nanosecond_more_is_not() -> None:
    for gap_ns, bridged in ((SECOND // 5, True), (SECOND // 5 + 1, False)):
        clock = UniformClock(max_gap_s=0.2)
        clock.push(0, np.array([1.0]))
        clock.push(gap_ns, np.array([2.0]))
        assert (clock.at(SECOND // 10) is not None) is bridged


def test_a_late_start_is_missing_and_so_is_what_follows_the_end() -> None:
    out = resample(np.array([1.0, 1.1, 1.2]), np.ones(3), rate_hz=10.0, max_gap_s=0.2, n_ticks=20)
    np.testing.assert_array_equal(np.flatnonzero(np.isfinite(out)), [10, 11, 12])


def test_a_caller_who_cannot_wait_gets_a_gap_and_the_rest_later() -> None:
    clock = UniformClock(max_gap_s=0.2)
    assert clock.at(0) is None
    assert clock.until_ns == float("-inf")
    clock.push(0, np.array([0.0]))
    assert clock.at(SECOND // 20) is None  # nothing later is known yet
    clock.push(SECOND // 10, np.array([1.0]))
    assert clock.at(SECOND // 10) == pytest.approx(1.0)
    assert clock.last_ns == SECOND // 10
    clock.end()
    assert clock.until_ns == float("inf")
    assert clock.at(SECOND) is None


def test_one_sided_values_come_from_the_nearer_sample_only() -> None:
    before, after = np.array([1.0, np.nan, 3.0, np.nan]), np.array([2.0, 5.0, np.nan, np.nan])
    np.testing.assert_allclose(interpolate(before, after, 0.25), [1.25, np.nan, 3.0, np.nan])
    np.testing.assert_allclose(interpolate(before, after, 0.75), [1.75, 5.0, np.nan, np.nan])


def test_times_must_rise_and_lengths_agree() -> None:
    clock = UniformClock(max_gap_s=0.2)
    clock.push(5, np.zeros(1))
    with pytest.raises(ValueError, match="must rise"):
        clock.push(5, np.zeros(1))
    with pytest.raises(ValueError, match="2 times for 3"):
        resample(np.array([0.0, 1.0]), np.zeros(3), rate_hz=25, max_gap_s=0.2)
    assert resample(np.empty(0), np.empty(0), rate_hz=25, max_gap_s=0.2).size == 0


def test_ticks_do_not_drift_over_a_day() -> None:
    assert tick_ns(24 * 3600 * 30, 30.0) == 24 * 3600 * SECOND
    assert tick_ns(1, 30.0) == 33_333_333
