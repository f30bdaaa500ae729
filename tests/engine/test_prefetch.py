"""A thread that runs a little ahead, carries its errors and is always joined."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from mirrorsync.engine.prefetch import Prefetch
from mirrorsync.errors import SourceError


def test_items_come_in_order_from_the_named_thread_and_then_no_more() -> None:
    def where() -> Iterator[tuple[int, str]]:
        for k in range(20):
            yield k, threading.current_thread().name

    with Prefetch(where(), name="somewhere") as ahead:
        assert list(ahead) == [(k, "somewhere") for k in range(20)]
        assert list(ahead) == []


def test_an_error_comes_in_its_place_and_ends_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        yield 2
        raise SourceError("it broke off")

    with Prefetch(broken(), name="broken") as ahead:
        assert [next(ahead), next(ahead)] == [1, 2]
        with pytest.raises(SourceError, match="broke off"):
            next(ahead)
        with pytest.raises(StopIteration):
            next(ahead)


def test_it_runs_ahead_no_further_than_it_may() -> None:
    made: list[int] = []
    full = threading.Event()

    def endless() -> Iterator[int]:
        k = 0
        while True:
            made.append(k)
            if k == 3:
                full.set()
            yield k
            k += 1

    ahead = Prefetch(endless(), name="ahead", ahead=3)
    assert full.wait(10)
    assert [next(ahead) for _ in range(5)] == list(range(5))
    assert len(made) <= 5 + 3 + 1
    ahead.close()


def test_closing_early_ends_the_thread_and_closes_what_it_read_from() -> None:
    closed = threading.Event()

    def held() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    before = threading.active_count()
    ahead = Prefetch(held(), name="held")
    next(ahead)
    ahead.close()
    ahead.close()
    assert closed.is_set()
    assert threading.active_count() == before
    assert list(ahead) == []
