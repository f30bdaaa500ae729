"""One feed's share of the work: frames in, observations out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mirrorsync.capture.source import VideoSource
from mirrorsync.features.extract import FeatureExtractor
from mirrorsync.landmarks.detector import Landmarker
from mirrorsync.types import Frame, Observation

__all__ = ["MakeLandmarker", "Observer", "observations"]

MakeLandmarker = Callable[[], Landmarker]
"""Makes the landmarker of one feed, in the thread that will use it."""


class Observer:
    """Finds landmarks and takes features of the frames of one feed, in order of time."""

    def __init__(self, landmarker: Landmarker) -> None:
        self._landmarker = landmarker
        self._extract = FeatureExtractor()

    def observe(self, frame: Frame, *, captured_ns: int = 0, dropped: int = 0) -> Observation:
        """Return the frame with all that was found in it."""
        landmarks = self._landmarker.detect(frame)
        return Observation(frame, landmarks, self._extract(landmarks), captured_ns, dropped)


def observations(source: VideoSource, make_landmarker: MakeLandmarker) -> Iterator[Observation]:
    """Observe a source to its end; the source is the caller's to close."""
    with make_landmarker() as landmarker:
        observer = Observer(landmarker)
        for frame in source:
            yield observer.observe(frame)
