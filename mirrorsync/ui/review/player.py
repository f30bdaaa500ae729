"""The player: one clock, both recordings locked to it, sound beside them."""

from __future__ import annotations

import math
from pathlib import Path

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from mirrorsync.review.clock import PlaybackClock
from mirrorsync.ui.review.pictures import PictureThread, Wish

__all__ = ["Player"]

_TICK_MS = 16


class Player(QObject):
    """Plays a session; widgets ask it and follow its signals.

    Signals
    -------
    pictures_changed(PairOfPictures)
        Both pictures of one time, to be shown.
    position_changed(float)
        Seconds since the start of the session, about 60 times a second while playing.
    playing_changed(bool)
        Playback goes on, or stands still.
    failed(str)
        One sentence about a recording that cannot be shown.
    """

    pictures_changed = pyqtSignal(object)
    position_changed = pyqtSignal(float)
    playing_changed = pyqtSignal(bool)
    failed = pyqtSignal(str)

    def __init__(
        self, feed_a: str, feed_b: str, session: Path, *, duration_s: float, offset_s: float
    ) -> None:
        super().__init__()
        self.clock = PlaybackClock(duration_s)
        self._scored_s = duration_s
        self._was_playing = False
        self._pictures = PictureThread(
            feed_a, feed_b, session, offset_s, show=self.pictures_changed.emit, fail=self.failed.emit
        )
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._pictures.want(0.0)

    @property
    def position_s(self) -> float:
        """Where playback is."""
        return self.clock.position_s

    @property
    def playing(self) -> bool:
        """Whether playback goes on."""
        return self.clock.playing

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self.clock.playing else self.play()

    def play(self) -> None:
        """Play on."""
        self._take_length()
        self.clock.play()
        self._timer.start()
        self._tell_playing()

    def pause(self) -> None:
        """Stand still, on the picture that is due."""
        self.clock.pause()
        self._timer.stop()
        self._show(Wish.GO)
        self._tell_playing()

    def seek(self, time_s: float) -> None:
        """Go to a time; nothing but its own pictures is shown."""
        self._take_length()
        self.clock.seek(time_s)
        self._show(Wish.GO)

    def scrub(self, time_s: float) -> None:
        """Go to a time that is being dragged: near pictures are shown while its own are decoded."""
        self._take_length()
        self.clock.seek(time_s)
        self._show(Wish.SCRUB)

    def skip(self, seconds: float) -> None:
        """Go forward or, with a negative number, back."""
        self.seek(self.clock.position_s + seconds)

    def step(self, frames: int) -> None:
        """Pause and go to the very beginning of another picture."""
        self.pause()
        self.seek(self._pictures.stepped(self.clock.position_s, frames))

    def set_speed(self, speed: float) -> None:
        """Change the speed; see `mirrorsync.review.clock.SPEEDS`."""
        self.clock.speed = speed

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Play a range over and over, or no longer."""
        if loop is None:
            self.clock.loop = None
        else:
            self.clock.set_loop(*loop)
            self._show(Wish.GO)

    def set_offset(self, offset_s: float) -> None:
        """Move B's pictures against A's."""
        self._pictures.set_offset(offset_s)

    def frame_s(self) -> float:
        """Return how long the picture at this time is shown, in seconds."""
        at = self.clock.position_s
        step = self._pictures.stepped(at, 1) - self._pictures.stepped(at, 0)
        return step if step > 0 else 0.04

    def set_scored(self, duration_s: float) -> None:
        """Say how long the part is that is scored; the recordings may be longer."""
        self._scored_s = duration_s
        self._take_length()

    def refresh(self) -> None:
        """Show the pictures again: more landmarks may be known."""
        self._pictures.refresh()

    def close(self) -> None:
        """Let go of the recordings."""
        self._timer.stop()
        self.clock.pause()
        self._pictures.close()

    def _take_length(self) -> None:
        filmed_s = self._pictures.duration_s
        longest_s = max(self._scored_s, filmed_s if math.isfinite(filmed_s) else 0.0)
        if abs(longest_s - self.clock.duration_s) > 1e-6:
            self.clock.duration_s = longest_s

    def _tick(self) -> None:
        self._show()
        if not self.clock.playing:
            self._timer.stop()
        self._tell_playing()

    def _show(self, kind: Wish = Wish.PLAY) -> None:
        at = self.clock.position_s
        self._pictures.want(at, kind)
        self.position_changed.emit(at)

    def _tell_playing(self) -> None:
        playing = self.clock.playing
        if playing != self._was_playing:
            self._was_playing = playing
            self.playing_changed.emit(playing)
