"""The timeline in steps says what the ticks say, however it was filled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_sessions import snapshots, store

from mirrorsync.session.pyramid import PYRAMID, Pyramid, PyramidBuilder, keep_pyramid, pyramid_of
from mirrorsync.session.store import SessionReader


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store(tmp_path_factory.mktemp("s") / "s.mirrorsync", snapshots(1000))


@pytest.mark.parametrize("points", [40, 10, 3])
def test_steps_hold_minimum_maximum_and_mean_of_the_ticks(path: Path, points: int) -> None:
    with SessionReader(path) as reader:
        pyramid = pyramid_of(reader)
        block = reader.read()
    step = pyramid.step("attunement.level", 0, 40, points=points)
    assert len(step.mean) <= points + 1
    level = block.scores["attunement"].level
    for at, low, high, mean in zip(step.time_s, step.low, step.high, step.mean, strict=True):
        inside = level[(block.time_s >= at) & (block.time_s < at + step.width_s)]
        assert (low, high) == (np.nanmin(inside), np.nanmax(inside))
        assert mean == pytest.approx(np.nanmean(inside))
    led = pyramid.step("a_leads", 0, 40, points=1000)
    assert led.mean[0] == pytest.approx(np.mean(block.leader[:25] == "a"))


def test_a_growing_session_gives_the_same_as_the_whole(path: Path) -> None:
    builder = PyramidBuilder()
    with SessionReader(path) as reader:
        whole = pyramid_of(reader)
        for start, end in ((0, 3.3), (3.3, 3.4), (3.4, 99)):
            for block in reader.timeline(start, end):
                builder.add(block)
    grown = builder.pyramid()
    for row in ("attunement.level", "head_synchrony.coverage", "lag_s", "found_b"):
        one, other = (p.step(row, 0, 40, points=100) for p in (whole, grown))
        np.testing.assert_allclose(one.mean, other.mean)
        np.testing.assert_array_equal(one.low, other.low)


def test_it_is_kept_with_the_session_and_a_strange_one_is_made_anew(path: Path) -> None:
    with SessionReader(path) as reader:
        pyramid = pyramid_of(reader)
        assert reader.blob(PYRAMID) is None
    keep_pyramid(path, pyramid)
    with SessionReader(path) as reader:
        data = reader.blob(PYRAMID)
        assert data is not None
        back = Pyramid.from_bytes(data)
        assert back is not None
        assert back.duration_s == pyramid.duration_s == 40
        np.testing.assert_allclose(
            back.step("lag_s", 5, 20, points=50).mean, pyramid.step("lag_s", 5, 20, points=50).mean, rtol=1e-6
        )
    assert Pyramid.from_bytes(b"not a pyramid") is None


def test_an_empty_session_has_an_empty_one() -> None:
    empty = PyramidBuilder().pyramid()
    assert empty.duration_s == 0
    assert empty.step("attunement.level", 0, 10, points=100).mean.size == 0
