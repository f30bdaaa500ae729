"""The partner's offset from the sound of both recordings, worked out in a thread."""

from __future__ import annotations

import threading

from PyQt6.QtCore import QObject, pyqtSignal

from mirrorsync.analysis.sound import offset_from_sound
from mirrorsync.capture.feed import parse_feed
from mirrorsync.errors import MirrorSyncError

__all__ = ["OffsetFinder"]


class OffsetFinder(QObject):
    """Asks the sound how late the partner's recording is.

    Signals
    -------
    found(float, str)
        The offset in s (NaN: it cannot be told) and a sentence.

    Attributes
    ----------
    two_files : bool
        Whether there are two recordings that can be moved against each other.
    """

    found = pyqtSignal(float, str)

    def __init__(self, feed_a: str, feed_b: str) -> None:
        super().__init__()
        self._feeds = (feed_a, feed_b)
        specs = [parse_feed(feed) for feed in self._feeds]
        self.two_files = all(spec.kind == "file" for spec in specs) and specs[0].target != specs[1].target
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether it is being worked out."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin, unless it is under way."""
        if self.running:
            return
        self._thread = threading.Thread(target=self._work, name="mirrorsync-offset", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Wait for the end."""
        self.blockSignals(True)
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        try:
            estimate = offset_from_sound(*self._feeds)
        except MirrorSyncError as error:
            self.found.emit(float("nan"), str(error))
            return
        self.found.emit(estimate.offset_s, estimate.sentence)
