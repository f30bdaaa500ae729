"""One-slot, newest-wins hand-off between threads; counts what it dropped.

Nothing in the live path is an unbounded queue: a slow reader gets the newest item, never an old one.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Generic, TypeVar

__all__ = ["Mailbox", "wait_any"]

T = TypeVar("T")


class Mailbox(Generic[T]):
    """A slot for one item; a new item replaces one that nobody took.

    Parameters
    ----------
    condition : threading.Condition, optional
        Share one between several mailboxes so that one thread can wait for any of them (`wait_any`).
    """

    def __init__(self, condition: threading.Condition | None = None) -> None:
        self.condition = condition or threading.Condition()
        self._slot: list[T] = []
        self._dropped = 0
        self._closed = False

    @property
    def dropped(self) -> int:
        """Items that were replaced, or put after closing, before anybody took them."""
        with self.condition:
            return self._dropped

    @property
    def closed(self) -> bool:
        """Whether `close` was called; an item put before may still be waiting."""
        with self.condition:
            return self._closed

    @property
    def waiting(self) -> bool:
        """Whether an item waits to be taken."""
        with self.condition:
            return bool(self._slot)

    def put(self, item: T) -> None:
        """Leave `item`; never blocks. After closing it is dropped and counted."""
        with self.condition:
            if self._closed:
                self._dropped += 1
                return
            self._dropped += len(self._slot)
            self._slot[:] = [item]
            self.condition.notify_all()

    def get(self, timeout: float | None = None) -> T | None:
        """Take the item, waiting for one; None after `timeout` seconds or once closed and empty.

        `timeout` None waits as long as it takes, 0 not at all.
        """
        with self.condition:
            self.condition.wait_for(lambda: self._slot or self._closed, timeout)
            return self._slot.pop() if self._slot else None

    def close(self) -> None:
        """Accept nothing more and wake everybody who waits; may be called again."""
        with self.condition:
            self._closed = True
            self.condition.notify_all()


def wait_any(mailboxes: Sequence[Mailbox[T]], timeout: float | None = None) -> bool:
    """Wait until any of `mailboxes` has an item; they must share one condition.

    Returns
    -------
    bool
        True when an item waits; False after `timeout` seconds (None: no limit), or when all are
        closed and empty.

    Raises
    ------
    ValueError
        There is no mailbox, or they do not share one condition.
    """
    if not mailboxes or any(box.condition is not mailboxes[0].condition for box in mailboxes):
        raise ValueError("wait_any needs mailboxes that share one condition")
    condition = mailboxes[0].condition
    with condition:
        condition.wait_for(
            lambda: any(box.waiting for box in mailboxes) or all(box.closed for box in mailboxes), timeout
        )
        return any(box.waiting for box in mailboxes)
