"""Rows kept in little memory come back as float32 would have kept them."""

from __future__ import annotations

import numpy as np

from mirrorsync.analysis.kept_rows import RepeatedRows, Shares


def test_repeated_rows_are_those_that_were_put() -> None:
    rng = np.random.default_rng(1)
    different = rng.normal(size=(6, 4))
    different[2, 1] = np.nan
    rows = np.repeat(different, [1, 30, 5, 1, 1, 62], axis=0)
    kept = RepeatedRows(len(rows))
    for at, row in enumerate(rows):
        kept.put(at, row)
    assert kept.different == 6
    narrow = rows.astype(np.float32)
    for places in (slice(None), np.array([99, 0, 37, 0]), np.arange(20, 60), 36):
        np.testing.assert_array_equal(kept[places], narrow[places])


def test_shares_are_those_that_a_session_stores() -> None:
    stored = np.random.default_rng(2).integers(0, 256, (50, 7)) / 255.0
    kept = Shares(50, 7)
    for at, row in enumerate(stored):
        kept.put(at, row)
    np.testing.assert_array_equal(kept[np.arange(50)], stored.astype(np.float32))
