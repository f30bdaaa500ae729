"""What the warm-up asks only once: a camera's flip by camera, the form of mirroring for good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QSettings

from mirrorsync.capture.camera_facts import facts_of, remember_flipped
from mirrorsync.practice.warmup import WarmupAnswers
from mirrorsync.settings import Settings

__all__ = ["WarmupMemory"]

_MIRROR_ASKED = "mirror_asked"


class WarmupMemory:
    """Knows what was answered before.

    Parameters
    ----------
    store : QSettings, optional
        Remembers that the form of mirroring was chosen; without it that holds for this window only.
    facts : Path, optional
        File in which cameras are remembered (default: the user's).
    """

    def __init__(self, store: QSettings | None = None, *, facts: Path | None = None) -> None:
        self._store = store
        self._facts = facts
        self._mirror_asked = bool(store.value(_MIRROR_ASKED, False, bool)) if store is not None else False

    def known(self, feed: str, settings: Settings) -> WarmupAnswers:
        """Return what need not be asked for your own feed; only cameras flip."""
        facts = facts_of(feed, self._facts)
        mirror = settings.mirror if self._mirror_asked or settings.mirror != "auto" else None
        return WarmupAnswers(flipped=False if facts is None else facts.flipped, mirror=mirror)

    def new_camera(self, feed: str) -> bool:
        """Whether a feed is a camera of which it is not known whether it flips."""
        facts = facts_of(feed, self._facts)
        return facts is not None and facts.flipped is None

    def keep(self, feed: str, answers: WarmupAnswers, *, restart: Callable[[], None]) -> None:
        """Remember answers; a camera that turned out to flip has to be opened anew, which `restart` does.

        Raises
        ------
        CaptureError
            What was said of the camera cannot be kept.
        """
        if answers.mirror is not None and not self._mirror_asked:
            self._mirror_asked = True
            if self._store is not None:
                self._store.setValue(_MIRROR_ASKED, True)
        facts = facts_of(feed, self._facts)
        if facts is not None and answers.flipped is not None and answers.flipped != facts.flipped:
            remember_flipped(feed, answers.flipped, self._facts)
            if answers.flipped != bool(facts.flipped):
                restart()
