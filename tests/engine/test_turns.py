"""Short turns: set where Python's own are longer, left where they are shorter."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from mirrorsync.engine.turns import take_short_turns


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
