"""The protocol that a landmarker satisfies: one frame in, one person's landmarks out."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from mirrorsync.types import Frame, Landmarks

__all__ = ["Landmarker"]


@runtime_checkable
class Landmarker(Protocol):
    """Finds one person in the frames of one feed, in order of time.

    A landmarker keeps state (it tracks), so each feed has its own and calls it from one thread.
    """

    def expect(self, frame: Frame) -> None:
        """Begin on a frame that `detect` will be called with later, with its body; it may do nothing.

        Frames are expected in the order in which they come to `detect`, one or more ahead of it.

        Raises
        ------
        LandmarkerError
            The frame's time does not rise.
        """
        ...

    def detect(self, frame: Frame, *, body: bool = True) -> Landmarks:
        """Return the landmarks of `frame`, NaN where nobody was found.

        Parameters
        ----------
        frame : Frame
            Later than the one before.
        body : bool
            Whether to look for the body; otherwise the one of the frame before is kept (`body_held`).

        Raises
        ------
        LandmarkerError
            The frame's time does not rise, or the model failed.
        """
        ...

    def count_people(self, frame: Frame) -> int:
        """Return how many faces there are in a frame, whomever `detect` holds on to; for now and then."""
        ...

    def close(self) -> None:
        """Release the models; closing twice is fine."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
