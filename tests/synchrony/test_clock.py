"""Any real rate in, one clock out: against a plain interpolation written down here, for any chunking."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirrorsync.synchrony.clock import UniformClock, resample, tick_ns
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


def taken(clock: UniformClock, first: int, rate_hz: float, n_ticks: int, width: int) -> list[FloatArray]:
    """The ticks from `first` on that are certain by now."""
    rows: list[FloatArray] = []
    while first + len(rows) < n_ticks and tick_ns(first + len(rows), rate_hz) <= clock.until_ns:
        row = clock.at(tick_ns(first + len(rows), rate_hz))
        rows.append(np.full(width, np.nan) if row is None else row.copy())
    return rows


@given(
    steps_ms=st.lists(st.integers(5, 150), min_size=1, max_size=60),
    chunks=st.lists(st.integers(1, 7), min_size=1, max_size=40),
    rate_hz=st.sampled_from([5.0, 25.0, 30.0, 60.0]),
    max_gap_s=st.sampled_from([0.0, 0.05, 0.2, 1.0]),
    holes=st.floats(0.0, 0.9),
    seed=st.integers(0, 10_000),
)
def test_every_feature_is_bridged_by_itself_in_any_chunking(
    steps_ms: list[int], chunks: list[int], rate_hz: float, max_gap_s: float, holes: float, seed: int
) -> None:
    """To a feature a sample without it is none: each column is as if it were alone, and certain for good."""
    t_ns = [int(t) * 1_000_000 for t in np.cumsum([0, *steps_ms])]
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(len(t_ns), 4))
    values[rng.random(values.shape) < holes] = np.nan  # scattered, ...
    values[len(t_ns) // 3 : len(t_ns) // 2, :2] = np.nan  # ... in one go, ...
    values[:, 3] = np.nan  # ... and never there
    untouched = values.copy()
    n_ticks = int(t_ns[-1] * rate_hz // 1e9) + 1
    wanted = np.full((n_ticks, 4), np.nan)
    for column in range(4):
        there = np.flatnonzero(np.isfinite(values[:, column]))
        if there.size:
            times = [t_ns[k] for k in there]
            wanted[:, column] = expected(times, values[there, column], n_ticks, rate_hz, max_gap_s)
    clock, pushed = UniformClock(max_gap_s=max_gap_s), 0
    out: list[FloatArray] = []
    for chunk in [*chunks, len(t_ns)]:
        for t, row in zip(t_ns[pushed : pushed + chunk], values[pushed : pushed + chunk], strict=True):
            clock.push(t, row)
        pushed = min(pushed + chunk, len(t_ns))
        assert t_ns[pushed - 1] - clock.until_ns < max(max_gap_s * 1e9, 1)
        out += taken(clock, len(out), rate_hz, n_ticks, 4)
    clock.end()
    out += taken(clock, len(out), rate_hz, n_ticks, 4)
    np.testing.assert_allclose(np.array(out), wanted, atol=1e-12)
    np.testing.assert_array_equal(values, untouched)
    whole = resample(np.array(t_ns) / 1e9, values, rate_hz=rate_hz, max_gap_s=max_gap_s, n_ticks=n_ticks)
    np.testing.assert_array_equal(whole, np.array(out))


def test_a_tick_waits_for_what_has_just_gone_missing_and_for_nothing_else() -> None:
    """Samples every 0.05 s; the second feature is never there, the first goes missing at 0.1 s."""
    clock = UniformClock(max_gap_s=0.2)
    until = []
    for k in range(10):
        clock.push(k * SECOND // 20, np.array([np.nan if 2 <= k < 8 else 1.0, np.nan, 5.0]))
        until.append(clock.until_ns / SECOND)
    np.testing.assert_allclose(until, [0, 0.05, 0.05, 0.05, 0.05, 0.25, 0.3, 0.35, 0.4, 0.45])


def test_a_wait_can_be_made_shorter() -> None:
    """Two lost samples of 30 a second are bridged; of more, what was given before they ended is a gap."""
    for lost, bridged in ((2, [True] * 6), (4, [True, False, True, True, True, True])):
        clock, rows = UniformClock(max_gap_s=0.2, max_wait_s=0.07), list[FloatArray]()
        for k in range(lost + 3):
            clock.push(k * SECOND // 30, np.array([np.nan if 1 <= k <= lost else float(k)]))
            assert k * SECOND // 30 - clock.until_ns <= 0.07 * SECOND
            rows += taken(clock, len(rows), 30.0, 100, 1)
        assert np.isfinite(np.concatenate(rows))[:6].tolist() == bridged[: len(rows)]


def test_a_caller_who_cannot_wait_misses_only_what_is_not_known_yet() -> None:
    clock = UniformClock(max_gap_s=0.2)
    clock.push(0, np.array([0.0, 0.0]))
    clock.push(SECOND // 10, np.array([np.nan, 1.0]))
    early = clock.at(SECOND // 20)
    assert early is not None
    np.testing.assert_allclose(early, [np.nan, 0.5])
    clock.push(SECOND // 5, np.array([2.0, 2.0]))
    later = clock.at(SECOND // 10)
    assert later is not None
    np.testing.assert_allclose(later, [1.0, 1.0])


def test_a_gap_of_a_feature_begins_right_after_its_last_sample() -> None:
    """No value is held on to, however near: neither before nor after a gap that is too long."""
    t_s = np.arange(20) / 20
    values = np.where((t_s > 0.2) & (t_s < 0.7), np.nan, 1.0)
    out = resample(t_s, values, rate_hz=100.0, max_gap_s=0.2)
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(out)), np.arange(21, 70))


def test_memory_does_not_grow_while_a_feature_comes_and_goes() -> None:
    clock, tick = UniformClock(max_gap_s=0.2), 0
    longest = 0
    for k in range(3000):
        clock.push(k * SECOND // 60, np.array([1.0, np.nan if k % 30 > 5 else 2.0, np.nan if k % 3 else 1.0]))
        while tick_ns(tick, 25.0) <= clock.until_ns:
            clock.at(tick_ns(tick, 25.0))
            tick += 1
        longest = max(longest, len(clock._samples))
    assert longest <= 0.2 * 60 + 4


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
