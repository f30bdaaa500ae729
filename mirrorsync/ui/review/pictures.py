"""Pictures of both recordings for one time, read in a thread of their own; the newest wish wins."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from pathlib import Path

import numpy as np

from mirrorsync.capture.exact import ExactVideo, Picture
from mirrorsync.capture.feed import parse_feed
from mirrorsync.errors import MirrorSyncError, SourceError
from mirrorsync.session.frames import KeptFrames
from mirrorsync.tables import N_FEATURES
from mirrorsync.types import Features, Frame, Landmarks, Observation

GoOn = Callable[[], bool]

__all__ = ["PairOfPictures", "PictureThread", "Wish"]

_MAX_SIDE = 960
_FPS = 25.0
_GLANCE_S = 0.06  # for each recording, before the nearest picture is shown while scrubbing


class Wish(Enum):
    """What the pictures of a time are wanted for.

    Attributes
    ----------
    PLAY
        Time goes on; newer wishes of this kind wait until these are shown.
    GO
        A place was chosen: only its very own pictures are shown.
    SCRUB
        The place is being dragged: the nearest pictures that are quickly there first, then its own.
    """

    PLAY = "play"
    GO = "go"
    SCRUB = "scrub"


@dataclass(frozen=True, slots=True)
class PairOfPictures:
    """What both recordings show at one time; None where a recording has nothing to show.

    Attributes
    ----------
    time_s : float
        The time that was asked for.
    a, b : Observation or None
        The pictures, each with its own time.
    exact : bool
        Whether they are those of `time_s`, and not only near ones on the way there.
    """

    time_s: float
    a: Observation | None
    b: Observation | None
    exact: bool = True


class PictureThread:
    """Reads the pictures of a session's two recordings, with what was found in them.

    Parameters
    ----------
    feed_a, feed_b : str
        Feed strings of files; parts of one file are decoded once.
    session : Path
        Where the landmarks were kept.
    offset_s : float
        How late B is: at time t of the session B shows t + offset_s of its recording.
    show : callable
        Called in the thread with every `PairOfPictures`.
    fail : callable
        Called in the thread with one sentence, when a recording does not open or breaks.
    """

    def __init__(
        self,
        feed_a: str,
        feed_b: str,
        session: Path,
        offset_s: float,
        *,
        show: Callable[[PairOfPictures], None],
        fail: Callable[[str], None],
    ) -> None:
        self._feeds = (feed_a, feed_b)
        self._session = session
        self._show, self._fail = show, fail
        self._condition = threading.Condition()
        self._wish: float | None = None
        self._kind = Wish.GO
        self._sought = 0  # how often another place was asked for: what is read for an older one is given up
        self._again = False
        self._stopping = False
        self._offset_s = offset_s
        self._feeds_open: list[_Feed | None] = [None, None]
        self._thread = threading.Thread(target=self._work, name="mirrorsync-pictures", daemon=True)
        self._thread.start()

    def want(self, time_s: float, kind: Wish = Wish.PLAY) -> None:
        """Ask for the pictures of a time; an older wish is forgotten, or given up halfway."""
        with self._condition:
            if kind is not Wish.PLAY:
                self._sought += 1
                self._kind = kind
            elif self._wish is None:
                self._kind = kind
            self._wish = time_s
            self._condition.notify()

    def set_offset(self, offset_s: float) -> None:
        """Move B against A and show the same time again."""
        with self._condition:
            self._offset_s, self._again = offset_s, True
            self._condition.notify()

    def refresh(self) -> None:
        """Show the same time again: more may be known about it."""
        with self._condition:
            self._again = True
            self._condition.notify()

    def stepped(self, time_s: float, frames: int) -> float:
        """Return the time of the picture `frames` after the one shown at `time_s`: exactly its beginning.

        Counted in A's pictures, or in B's where A has none. Until their times are known (moments after
        opening) a step is 1/25 s.
        """
        with self._condition:
            feed, late_s = self._feeds_open[0], 0.0
            if feed is None:
                feed, late_s = self._feeds_open[1], self._offset_s
        if feed is None or not feed.video.indexed:
            return max(time_s + frames / _FPS, 0.0)
        times_ns = feed.video.times_ns
        at = feed.video.index_at(time_s + late_s) + frames
        at_ns = int(times_ns[min(max(at, 0), times_ns.size - 1)])
        return max(at_ns / 1e9 - late_s, 0.0)

    @property
    def duration_s(self) -> float:
        """Length of the longer recording on the session's clock; NaN while unknown."""
        with self._condition:
            lengths = [
                feed.video.duration_s - late_s
                for feed, late_s in zip(self._feeds_open, (0.0, self._offset_s), strict=True)
                if feed is not None
            ]
        return max((one for one in lengths if math.isfinite(one)), default=math.nan)

    def close(self) -> None:
        """End the thread and let go of the files."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        self._thread.join()

    def _work(self) -> None:
        with contextlib.ExitStack() as stack:
            for side, name in enumerate("ab"):
                try:
                    feed = _Feed(self._feeds[side], name, self._session, self._feeds_open)
                except MirrorSyncError as error:
                    self._fail(str(error))
                    continue
                stack.callback(feed.close)
                with self._condition:
                    self._feeds_open[side] = feed
            last_s = 0.0
            while True:
                with self._condition:
                    self._condition.wait_for(lambda: self._stopping or self._again or self._wish is not None)
                    if self._stopping:
                        return
                    time_s = last_s if self._wish is None else self._wish
                    kind = Wish.GO if self._wish is None else self._kind
                    self._wish, again, self._again = None, self._again, False
                    late_s = (0.0, self._offset_s)
                    sought = self._sought
                last_s = time_s
                if kind is Wish.SCRUB:
                    near = self._read(time_s, late_s, again, _Patience)
                    self._show(near)
                    if near.exact:
                        continue
                pair = self._read(time_s, late_s, again, partial(partial, self._holds, sought))
                if pair.exact or self._holds(sought):
                    self._show(pair)

    def _holds(self, sought: int) -> bool:
        """Whether no other place has been asked for since."""
        return self._sought == sought and not self._stopping

    def _read(
        self, time_s: float, late_s: tuple[float, float], again: bool, patience: Callable[[], GoOn]
    ) -> PairOfPictures:
        seen: list[Observation | None] = []
        exact = True
        for feed, late in zip(self._feeds_open, late_s, strict=True):
            try:
                seen.append(None if feed is None else feed.at(time_s + late, again=again, go_on=patience()))
                exact = exact and (feed is None or feed.exact)
            except MirrorSyncError as error:
                self._fail(str(error))
                seen.append(None)
        return PairOfPictures(time_s, seen[0], seen[1], exact)


class _Patience:
    """Says yes until the time for a glance is over."""

    def __init__(self) -> None:
        self._until_s = time.monotonic() + _GLANCE_S

    def __call__(self) -> bool:
        return time.monotonic() < self._until_s


class _Feed:
    """One recording: its video (shared by parts of one file), its part of the picture, its landmarks."""

    def __init__(self, feed: str, side: str, session: Path, others: list[_Feed | None]) -> None:
        spec = parse_feed(feed)
        if spec.kind != "file":
            raise SourceError(f"{feed} is no file, so there are no pictures to show; the scores are there.")
        if not Path(spec.target).is_file():
            raise SourceError(
                f"{spec.target} is not there any more, so its pictures cannot be shown; put it back and open "
                "the session again."
            )
        shared = next((one for one in others if one is not None and one.target == spec.target), None)
        self.target: str = spec.target
        self.video: ExactVideo = shared.video if shared is not None else ExactVideo(spec.target)
        self._crop = spec.crop
        self._owns = shared is None
        self._shared = shared
        self._feed, self._side = feed, side
        self._kept = KeptFrames(session)
        self._whole: Picture | None = None
        self._asked_s = math.nan
        self._last: Observation | None = None

    @property
    def exact(self) -> bool:
        """Whether the last picture was the one of the time asked for."""
        return self._whole is None or self._whole.exact

    def at(self, time_s: float, *, again: bool, go_on: GoOn) -> Observation:
        """Return what is shown at a time of this recording, with its landmarks when they are known.

        When `go_on` says no, it is the nearest picture that was reached, with its own time.
        """
        picture = self._picture(time_s, go_on)
        last = self._last
        if last is not None and last.frame.t_ns == picture.t_ns and not again:
            return last
        rgb = picture.rgb
        if self._crop is not None:
            x, y, width, height = self._crop.box(rgb.shape[1], rgb.shape[0])
            rgb = np.ascontiguousarray(rgb[y : y + height, x : x + width])
        kept = self._kept.at(self._side, picture.t_ns)
        height, width = rgb.shape[:2]
        if kept is not None and kept.landmarks.t_ns == picture.t_ns:
            landmarks = replace(kept.landmarks, width=width, height=height)
            number, features = kept.number, kept.features
        else:
            landmarks, number = Landmarks(picture.t_ns, width, height), 0
            features = Features(picture.t_ns, np.full(N_FEATURES, np.nan), np.zeros(N_FEATURES))
        self._last = Observation(Frame(self._feed, number, picture.t_ns, rgb), landmarks, features)
        return self._last

    def close(self) -> None:
        """Let go of the file."""
        self._kept.close()
        if self._owns:
            self.video.close()

    def _picture(self, time_s: float, go_on: GoOn) -> Picture:
        """Read the picture; a part of a file takes the other part's, when that shows the same time."""
        other = self._shared
        self._asked_s = time_s
        if other is not None and other._whole is not None and self.video.indexed:
            t_ns = int(self.video.times_ns[self.video.index_at(time_s)])
            if other._whole.t_ns == t_ns or (other._asked_s == time_s and not other._whole.exact):
                self._whole = other._whole
                return self._whole
        side = _MAX_SIDE if self._crop is None else None
        self._whole = self.video.read_at(max(time_s, 0.0), max_side=side, go_on=go_on)
        return self._whole
