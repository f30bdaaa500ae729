"""Decoding at any place of a recording: back to the picture from which decoding can start, then forward."""

from __future__ import annotations

import contextlib
import itertools
import math
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING, cast

import av
import numpy as np

from mirrorsync.capture.diagnose import check_path, explain_unreadable
from mirrorsync.capture.frame_index import FrameIndex, PacketTimes
from mirrorsync.capture.timestamps import JUMP_S
from mirrorsync.errors import SourceError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

__all__ = [
    "PROBED",
    "Seeker",
    "jump_s",
    "nominal_fps",
    "open_track",
    "origin_s",
    "packet_times",
    "picture_tracks",
    "times_rise",
]

_THREADS = 4  # one decodes at ease in real time; the others shorten the way from a key picture after a jump
_RUN_ON_S = 1.0  # a place so near ahead is reached by decoding on
_HELD_BYTES = 96 * 2**20
_MOST_HELD = 48
PROBED = 12  # pictures from which it is seen whether their times can be used
_TOGETHER_S = 0.05
_TS_DISCONT = 0x0200  # FFmpeg's AVFMT_TS_DISCONT
_JUMP_OF_STREAMS_S = 10.0
_ALL = -(2**62)  # earlier than any picture


def open_track(path: str) -> tuple[InputContainer, VideoStream]:
    """Open a video file and choose its picture track; raises SourceError with what is wrong with it."""
    absolute = check_path(path)
    try:
        container = av.open(str(absolute))
    except (av.FFmpegError, ValueError) as error:
        raise SourceError(explain_unreadable(absolute)) from error
    tracks = picture_tracks(container)
    if not tracks:
        container.close()
        raise SourceError(explain_unreadable(absolute))
    return container, tracks[0]


def picture_tracks(container: InputContainer) -> list[VideoStream]:
    """Return the picture tracks of a file, what it marks as its default first; covers of albums are none."""
    from av.stream import Disposition

    tracks = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    return sorted(tracks, key=lambda one: not one.disposition & Disposition.default)


def origin_s(container: InputContainer, track: Stream) -> float:
    """Return where a file's clock has its 0, s: its start as players take it, for pictures and sound alike.

    Pictures that begin within 0.05 s of the file begin with it: sound often starts a little early, because
    encoders put silence before it.
    """
    own = (
        float(track.start_time * track.time_base)
        if track.start_time is not None and track.time_base
        else None
    )
    stated = cast("int | None", container.start_time)
    if stated is None:
        return own or 0.0
    start = stated / av.time_base
    return own if own is not None and abs(own - start) < _TOGETHER_S else start


def jump_s(container: InputContainer) -> float:
    """Return the longest step forward of a file's clock that is a pause and no jump, s.

    FFmpeg's own limit where a format's clock may jump (broadcast streams), half an hour elsewhere.
    """
    return _JUMP_OF_STREAMS_S if container.format.flags & _TS_DISCONT else JUMP_S


def nominal_fps(track: VideoStream) -> float:
    """Return the pictures a second that the file states; NaN when it states none."""
    rate = track.guessed_rate or track.average_rate
    return float(rate) if rate else math.nan


def times_rise(pts: Sequence[int | None]) -> bool:
    """Whether the times are there and rise, one odd one apart; not so in some AVI, and in raw video."""

    def rise(times: Sequence[int | None]) -> bool:
        return all(a is not None and b is not None and a < b for a, b in itertools.pairwise(times))

    if rise(pts):
        return bool(pts) and pts[0] is not None
    return len(pts) >= PROBED and any(rise([*pts[:k], *pts[k + 1 :]]) for k in range(1, len(pts)))


def packet_times(container: InputContainer, track: VideoStream) -> Iterator[PacketTimes]:
    """Yield the times of every picture to the end, in the order of decoding."""
    vp8 = track.codec_context.name == "vp8"
    try:
        for packet in container.demux(track):
            if not packet.size:  # the end
                continue
            if vp8 and not bytes(packet)[0] & 0x10:  # an alternate reference, never shown (RFC 6386, 9.1)
                continue
            yield PacketTimes(packet.pts, packet.dts, packet.is_keyframe, packet.is_discard)
    except av.FFmpegError:
        return  # cut off: what was there until here can be shown


class Seeker:
    """One open recording that decodes where it is told to; for one thread at a time.

    Places are `pts` in units of the track's time base, or picture numbers when `counted`. The pictures
    around the last place are held as decoded, so that a step back costs nothing.

    Parameters
    ----------
    path : str
        A video file.

    Raises
    ------
    SourceError
        It cannot be read, or not a single picture decodes.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._held: OrderedDict[int, VideoFrame] = OrderedDict()
        self.counted = False
        self._open()
        self.time_base = self.track.time_base
        self.first_pts = self._probe()

    def _open(self) -> None:
        self.container, self.track = open_track(self._path)
        self.track.codec_context.thread_count = _THREADS
        self.track.codec_context.thread_type = "AUTO"
        self._frames = self._decode()
        self._ahead: VideoFrame | None = None
        self._at: int | None = None
        self._count = 0
        self._keep_from = _ALL
        self._thinned_to = _ALL

    def _probe(self) -> int:
        """Decode the first pictures: where they start, and whether their times can be used."""
        first = self._peek()
        if first is None:
            self.close()
            raise SourceError(
                f"{self._path} has no pictures in it (0 frames could be decoded); record or copy it again."
            )
        start = first.pts
        seen: list[int | None] = []
        while len(seen) < PROBED and (frame := self._take()) is not None:
            seen.append(frame.pts)
        if start is None or not times_rise(seen) or self.track.start_time is None:
            self.count()
            return 0
        return start

    def count(self) -> None:
        """Find pictures by counting from the start from now on: their stated times cannot be used."""
        self._held.clear()
        self.close()
        self.counted = True
        self._open()

    def at(
        self, place: int, *, index: FrameIndex | None = None, go_on: Callable[[], bool] | None = None
    ) -> VideoFrame:
        """Return the picture shown at `place`: the last one that is not later.

        Parameters
        ----------
        place : int
            `pts`, or the picture's number when `counted`.
        index : FrameIndex, optional
            Of this recording; without it the container is asked, and a little may be decoded in vain.
        go_on : callable, optional
            Asked before each further picture that is decoded on the way. When it says False, the nearest
            picture so far is returned (its `pts` tell), and a later call goes on from there.

        Raises
        ------
        SourceError
            Nothing decodes there.
        """
        held = self._held.get(place)
        if held is not None:
            self._held.move_to_end(place)
            return held
        # Without an index the picture shown may lie far back (a gap), and must not be passed over.
        self._keep_from = _ALL if index is None else place
        if not self._runs_on(place, index):
            self._seek(place, index)
        shown = None if self._at is None else self._held.get(self._at)
        while (ahead := self._peek()) is not None and self._place(ahead) <= place:
            shown = self._take()
            if self._at == place or (go_on is not None and not go_on()):
                break
        if shown is None:
            shown = self._peek()  # before the first picture: the first
        if shown is None:
            raise SourceError(f"{self._path}: nothing decodes at this place; the file may be damaged there.")
        return shown

    def place_of(self, frame: VideoFrame) -> int:
        """Return the place of a picture that `at` has just returned; -1 when it is not known."""
        if not self.counted:
            return -1 if frame.pts is None else frame.pts
        return next((place for place, held in self._held.items() if held is frame), -1)

    def close(self) -> None:
        """Let go of the file; may be called again."""
        self._frames.close()
        self.container.close()

    def _runs_on(self, place: int, index: FrameIndex | None) -> bool:
        """Whether decoding on from here is the way to `place`."""
        if self._at is None or place < self._at or place <= self._thinned_to:
            return False
        if self.counted or (place - self._at) * float(self.time_base or 0) <= _RUN_ON_S:
            return True
        if index is None:
            return False
        nearest = _key_before(place, index)
        return nearest < 0 or int(index.keys[nearest]) <= self._at

    def _seek(self, place: int, index: FrameIndex | None) -> None:
        """Go to where decoding must start so that `place` is decoded; earlier when that lands too late."""
        if self.counted:
            self.close()
            self._open()
            return
        back = round(_RUN_ON_S / float(self.time_base or 1))
        number = -1 if index is None else _key_before(place, index)
        target = place
        while target > self.first_pts:
            if index is not None and number >= 0:
                target = int((index.key_dts if self._by_dts else index.keys)[number])
                number -= 1
            else:
                target, back = target - back, back * 4
            self._jump(target)
            ahead = self._peek()
            if ahead is not None and self._place(ahead) <= place:
                return
        self.close()
        self._open()

    def _jump(self, target: int) -> None:
        self._frames.close()
        with contextlib.suppress(av.FFmpegError):
            self.container.seek(target, stream=self.track, backward=True, any_frame=False)
        self._frames = self._decode()
        self._ahead, self._at = None, None
        self._thinned_to = _ALL

    def _decode(self) -> Generator[VideoFrame, None, None]:
        context = self.track.codec_context
        try:
            for packet in self.container.demux(self.track):
                early = (
                    packet.pts is not None and not self.counted and packet.pts < self._keep_from - self._near
                )
                context.skip_frame = "NONREF" if early else "DEFAULT"
                if early and packet.pts is not None:
                    self._thinned_to = max(self._thinned_to, packet.pts)
                try:
                    yield from packet.decode()
                except av.FFmpegError:
                    continue  # a damaged picture: the next ones may be good
        except av.FFmpegError:
            return

    @property
    def _by_dts(self) -> bool:
        """Whether this kind of container is searched by time of decoding (streams without an index)."""
        return self.container.format.name.startswith("mpeg")

    @property
    def _near(self) -> int:
        """How far before a place its neighbours are worth decoding in full, for steps back."""
        return round(_RUN_ON_S / float(self.time_base or 1))

    def _peek(self) -> VideoFrame | None:
        if self._ahead is None:
            self._ahead = next(self._frames, None)
        return self._ahead

    def _take(self) -> VideoFrame | None:
        frame, self._ahead = self._peek(), None
        if frame is None:
            return None
        self._at = self._place(frame)
        self._count += 1
        self._held[self._at] = frame
        self._held.move_to_end(self._at)
        most = max(4, min(_MOST_HELD, _HELD_BYTES // max(1, 2 * frame.width * frame.height)))
        while len(self._held) > most:
            self._held.popitem(last=False)
        return frame

    def _place(self, frame: VideoFrame) -> int:
        if self.counted:
            return self._count
        return frame.pts if frame.pts is not None else self._at or 0


def _key_before(place: int, index: FrameIndex) -> int:
    """Return the number of the key from which decoding reaches `place`; -1 when there is none."""
    return int(np.searchsorted(index.keys, place, side="right")) - 1
