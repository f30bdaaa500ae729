"""The two pictures of the window: where they come from, what they show, and the cameras there are."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QObject, pyqtSignal

from mirrorsync.capture.cameras import Camera, CameraWatch
from mirrorsync.engine.status import LiveStatus
from mirrorsync.types import Snapshot
from mirrorsync.ui import texts
from mirrorsync.ui.live.feed_picker import FeedPicker
from mirrorsync.ui.live.person_card import PersonCard
from mirrorsync.ui.recent import RecentFiles

__all__ = ["Pictures"]


class Pictures(QObject):
    """Both people's cards.

    Signals
    -------
    told(str)
        A sentence for the status line.
    painted(int)
        A new frame is on the screen; carries its capture time.
    """

    told = pyqtSignal(str)
    painted = pyqtSignal(object)

    def __init__(
        self,
        feeds: tuple[str, str],
        recent: RecentFiles,
        cameras: Sequence[Camera],
        watch: CameraWatch | None,
    ) -> None:
        super().__init__()
        self._watch = watch
        self._choosing = True
        self._offered = () if watch is None else watch.cameras
        self.cards = tuple(
            PersonCard(side, FeedPicker(side, feed, recent, cameras=cameras))
            for side, feed in zip("ab", feeds, strict=True)
        )
        for card in self.cards:
            card.view.painted.connect(self.painted)

    @property
    def feeds(self) -> tuple[str, str]:
        """The feed strings that are chosen or stand typed."""
        a, b = (card.picker.feed() for card in self.cards)
        return a, b

    def ready(self) -> bool:
        """Whether both feeds are chosen; if not, say which is missing and take the keyboard there."""
        for card, side, feed in zip(self.cards, "ab", self.feeds, strict=True):
            if not feed.strip():
                self.told.emit(texts.PICTURE_MISSING[side])
                card.picker.setFocus()
                return False
        return True

    def clear(self) -> None:
        """Take both pictures away, before a new session."""
        for card in self.cards:
            card.view.clear()

    def let_choose(self, on: bool) -> None:
        """Let feeds be chosen, or not while they are open."""
        self._choosing = on
        for card in self.cards:
            card.let_choose(on)

    def set_narrow(self, narrow: bool) -> None:
        """Take less width."""
        for card in self.cards:
            card.set_narrow(narrow)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the frames of one snapshot."""
        for card, seen in zip(self.cards, (snapshot.pair.seen_a, snapshot.pair.seen_b), strict=True):
            card.view.set_observation(seen)

    def show_status(self, status: LiveStatus) -> None:
        """Show what is wrong with the feeds, if anything."""
        for card, feed in zip(self.cards, (status.a, status.b), strict=True):
            card.view.set_status(feed)

    def look_for_cameras(self) -> None:
        """Offer the cameras that are there now; while feeds are open, only see which there are.

        A camera that is opened again by its name has to be found under the number that it has now.
        """
        if self._watch is None:
            return
        before, now = self._offered, self._watch.poll()
        if self._choosing and (now or before != self._watch.cameras):
            self._offered = self._watch.cameras
            for card in self.cards:
                card.picker.set_cameras(self._offered)
            if now:
                self.told.emit(texts.CAMERAS_CHANGED)
