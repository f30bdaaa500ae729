"""The one-slot hand-off: newest wins, nothing blocks the sender, nobody waits for ever."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from patience import patient_s

from mirrorsync.capture import Mailbox, wait_any

DEADLINE_S = patient_s(20.0)


def test_the_newest_wins_and_the_rest_is_counted() -> None:
    box: Mailbox[int] = Mailbox()
    for item in (1, 2, 3):
        box.put(item)
    assert box.waiting
    assert box.get(0) == 3
    assert box.dropped == 2
    assert box.get(0) is None
    assert not box.waiting


def test_after_closing_the_last_item_is_still_there_and_nothing_new() -> None:
    box: Mailbox[str] = Mailbox()
    box.put("last")
    box.close()
    box.close()
    box.put("too late")
    assert box.closed
    assert box.get() == "last"
    assert box.get() is None
    assert box.dropped == 1


@given(st.lists(st.sampled_from(["put", "get", "close"])))
def test_nothing_is_lost_or_made_up(steps: list[str]) -> None:
    box: Mailbox[int] = Mailbox()
    put, taken = 0, []
    for step in steps:
        if step == "put":
            box.put(put)
            put += 1
        elif step == "get":
            item = box.get(0)
            if item is not None:
                taken.append(item)
        else:
            box.close()
    assert len(taken) + box.dropped + box.waiting == put
    assert taken == sorted(set(taken))


def test_a_fast_sender_and_a_slow_reader() -> None:
    box: Mailbox[int] = Mailbox()
    items = 2000

    def send() -> None:
        for item in range(items):
            box.put(item)
        box.close()

    thread = threading.Thread(target=send, name="sender")
    thread.start()
    seen = []
    while (item := box.get(DEADLINE_S)) is not None:
        seen.append(item)
    thread.join(DEADLINE_S)
    assert seen == sorted(set(seen))
    assert seen[-1] == items - 1
    assert len(seen) + box.dropped == items


def test_closing_wakes_who_waits() -> None:
    box: Mailbox[int] = Mailbox()
    got: list[int | None] = []
    thread = threading.Thread(target=lambda: got.append(box.get()), name="reader")
    thread.start()
    box.close()
    thread.join(DEADLINE_S)
    assert got == [None]


@pytest.mark.parametrize("sender", [0, 1])
def test_one_thread_waits_for_two(sender: int) -> None:
    condition = threading.Condition()
    boxes: list[Mailbox[int]] = [Mailbox(condition), Mailbox(condition)]
    got: list[bool] = []
    thread = threading.Thread(target=lambda: got.append(wait_any(boxes, DEADLINE_S)), name="reader")
    thread.start()
    boxes[sender].put(7)
    thread.join(DEADLINE_S)
    assert got == [True]
    assert boxes[sender].get(0) == 7
    assert boxes[1 - sender].get(0) is None


def test_waiting_for_two_ends_only_when_both_are_closed_and_empty() -> None:
    condition = threading.Condition()
    boxes: list[Mailbox[int]] = [Mailbox(condition), Mailbox(condition)]
    boxes[0].put(1)
    boxes[0].close()
    assert wait_any(boxes, 0)
    assert boxes[0].get(0) == 1
    assert not wait_any(boxes, 0)  # one is still open: it waited, for no time at all
    boxes[1].close()
    assert not wait_any(boxes)  # both are closed: it does not wait


def test_mailboxes_without_a_common_condition_cannot_be_waited_for() -> None:
    lonely: list[Mailbox[int]] = [Mailbox(), Mailbox()]
    with pytest.raises(ValueError, match="share one condition"):
        wait_any(lonely, 0)
    with pytest.raises(ValueError, match="share one condition"):
        wait_any([], 0)
