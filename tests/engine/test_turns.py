"""Short turns: set where Python's own are longer, left where they are shorter."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

from mirrorsync.engine.turns import spare_the_collector, take_short_turns


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize(("before_s", "after_s"), [(0.005, 0.0005), (0.0001, 0.0001)])
def test_turns_are_short(before_s: float, after_s: float) -> None:
    sys.setswitchinterval(before_s)
    take_short_turns()
    assert sys.getswitchinterval() == pytest.approx(after_s, abs=2e-6)


def test_what_there_is_before_the_first_session_is_looked_at_no_more() -> None:
    gc.unfreeze()
    try:
        spare_the_collector()
        frozen = gc.get_freeze_count()
        assert frozen > 1000
        later = [[] for _ in range(1000)]  # type: ignore[var-annotated]  # anything that is tracked
        spare_the_collector()
        assert gc.get_freeze_count() <= frozen, "a second session's objects are still collected"
        assert any(one is later for one in gc.get_objects())
    finally:
        gc.unfreeze()
