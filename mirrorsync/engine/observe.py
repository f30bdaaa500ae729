"""One feed's share of the work: frames in, observations out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Self

from mirrorsync.capture.picture import shrink
from mirrorsync.engine.step_down import FULL, Plan
from mirrorsync.features.extract import FeatureExtractor
from mirrorsync.landmarks.detector import Landmarker
from mirrorsync.session.frames import as_kept
from mirrorsync.types import Frame, Observation

__all__ = ["MakeLandmarker", "Observer", "observations", "piece_start_ns"]

PIECE_S = 120.0
WARM_S = 2.0
_PIECE_NS, _WARM_NS = round(PIECE_S * 1e9), round(WARM_S * 1e9)

MakeLandmarker = Callable[[], Landmarker]
"""Makes the landmarker of one feed, in the thread that will use it."""


class Observer:
    """Finds landmarks and takes features of the frames of one feed, in order of time."""

    def __init__(self, landmarker: Landmarker, extract: FeatureExtractor | None = None) -> None:
        self._landmarker = landmarker
        self._extract = extract or FeatureExtractor()

    def observe(
        self, frame: Frame, *, captured_ns: int = 0, dropped: int = 0, plan: Plan = FULL
    ) -> Observation:
        """Return the frame with all that was found in it.

        Parameters
        ----------
        frame : Frame
            The next one.
        captured_ns, dropped : int
            Handed on, see `mirrorsync.types.Observation`.
        plan : Plan
            What may be left out.
        """
        looked_at = frame
        if plan.max_side is not None and max(frame.width, frame.height) > plan.max_side:
            looked_at = replace(frame, rgb=shrink(frame.rgb, plan.max_side))
        landmarks = self._landmarker.detect(looked_at, body=plan.body)
        return Observation(frame, landmarks, self._extract(landmarks), captured_ns, dropped)

    def expect(self, frame: Frame) -> None:
        """Begin on a frame that will be observed in its turn, with all of `FULL`."""
        self._landmarker.expect(frame)

    def count_people(self, frame: Frame) -> int:
        """Return how many people there are in a picture, whomever `observe` holds on to."""
        return self._landmarker.count_people(frame)


def piece_start_ns(t_ns: int) -> int:
    """Return the beginning of the piece of a recording that a time of its feed lies in."""
    return t_ns // _PIECE_NS * _PIECE_NS


def observations(
    source: Iterable[Frame],
    make_landmarker: MakeLandmarker,
    *,
    from_ns: int = 0,
    extract: FeatureExtractor | None = None,
) -> Iterator[Observation]:
    """Observe a recording to its end; the source is the caller's to close.

    Every `PIECE_S` a new landmarker takes over, which has looked on for `WARM_S` before: what is found in a
    piece depends on nothing earlier but the running shoulder width, so an analysis that was interrupted
    goes on at the beginning of a piece and finds the same. Features are rounded as they are kept.

    Parameters
    ----------
    source : iterable of Frame
        A recording's, in order.
    make_landmarker : callable
        Makes one landmarker a piece.
    from_ns : int
        Begin at this piece (see `piece_start_ns`); what comes before it is read and passed over.
    extract : FeatureExtractor, optional
        That remembers the frames before `from_ns`.
    """
    extract = extract or FeatureExtractor()
    observer: Observer | None = None
    piece = -1
    with _Relay(make_landmarker) as relay:
        for frame, following in _with_next(source):
            if frame.t_ns < from_ns - _WARM_NS:
                continue
            at = frame.t_ns // _PIECE_NS
            if at > piece and frame.t_ns >= from_ns:
                observer, piece = Observer(relay.take_over(), extract), at
                observer.expect(frame)
            if frame.t_ns >= (at + 1) * _PIECE_NS - _WARM_NS:
                relay.look_on(frame)
            if observer is not None:
                if following is not None and frame.t_ns < following.t_ns < (at + 1) * _PIECE_NS:
                    observer.expect(following)
                seen = observer.observe(frame)
                yield replace(seen, features=as_kept(seen.features))


def _with_next(source: Iterable[Frame]) -> Iterator[tuple[Frame, Frame | None]]:
    """Yield every frame with the one after it; an error of the source comes where it would without that."""
    frames = iter(source)
    frame = next(frames, None)
    while frame is not None:
        following, trouble = None, None
        try:
            following = next(frames, None)
        except Exception as error:  # noqa: BLE001 - raised below, in its turn
            trouble = error
        yield frame, following
        if trouble is not None:
            raise trouble
        frame = following


class _Relay:
    """The landmarker at work and the one that will take over from it; closes both."""

    def __init__(self, make_landmarker: MakeLandmarker) -> None:
        self._make = make_landmarker
        self._working: Landmarker | None = None
        self._following: Landmarker | None = None

    def look_on(self, frame: Frame) -> None:
        """Let the next landmarker see a frame, so that it has found its person when it takes over."""
        if self._following is None:
            self._following = self._make()
        self._following.detect(frame)

    def take_over(self) -> Landmarker:
        """Return the next landmarker; the one before is closed."""
        following, self._following = self._following or self._make(), None
        if self._working is not None:
            self._working.close()
        self._working = following
        return following

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._working, self._following):
            if one is not None:
                one.close()
