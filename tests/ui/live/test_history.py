"""The ring behind the strip."""

from __future__ import annotations

import numpy as np

from mirrorsync.ui.live.history import History


def test_it_keeps_the_last_span_and_no_more() -> None:
    history = History(("x",), span_s=10, rate_hz=10)
    for k in range(1000):
        history.push(k / 10, {"x": k / 1000})
    ago_s, levels = history.ago_s(), history.levels("x")
    assert len(levels) == 100
    assert np.allclose(ago_s, np.arange(-99, 1) / 10)
    assert np.allclose(levels, np.arange(900, 1000) / 1000)


def test_it_takes_no_more_than_the_rate() -> None:
    history = History(("x",), span_s=10, rate_hz=10)
    kept = [history.push(k / 30, {"x": 0.5}) for k in range(90)]
    assert sum(kept) == 30


def test_missing_levels_and_long_pauses_are_gaps() -> None:
    history = History(("x",), span_s=10, rate_hz=10, gap_s=1.0)
    history.push(0.0, {"x": 0.5})
    history.push(0.1, {})
    history.push(5.0, {"x": 0.7})
    levels = history.levels("x")[-4:]
    assert np.array_equal(levels, [0.5, np.nan, np.nan, 0.7], equal_nan=True)
    assert np.allclose(history.ago_s()[-4:], [-5.0, -4.9, -4.8, 0.0])


def test_going_back_in_time_forgets() -> None:
    history = History(("x",), span_s=10, rate_hz=10)
    history.push(50.0, {"x": 0.5})
    history.push(0.0, {"x": 0.7})
    assert np.count_nonzero(np.isfinite(history.levels("x"))) == 1
