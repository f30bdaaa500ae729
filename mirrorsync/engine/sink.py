"""Where a live session's snapshots go beside the window and the recording."""

from __future__ import annotations

from typing import Protocol

from mirrorsync.types import Snapshot

__all__ = ["SnapshotSink"]


class SnapshotSink(Protocol):
    """Takes every snapshot as it is made; used and closed in the thread that scores.

    Attributes
    ----------
    name : str
        What the window says that snapshots are sent to.
    """

    name: str

    def send(self, snapshot: Snapshot, at_ns: int) -> None:
        """Take a snapshot whose tick was at `at_ns` on `time.monotonic_ns()`; must not wait.

        Raises
        ------
        MirrorSyncError
            It can take no more; the session goes on without it.
        """
        ...

    def close(self) -> None:
        """Let go of everything; called once."""
        ...
