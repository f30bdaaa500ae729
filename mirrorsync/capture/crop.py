"""Two people in one picture: the part of a source that a feed string names after `#`."""

from __future__ import annotations

import numpy as np

from mirrorsync.capture.feed import Crop
from mirrorsync.capture.picture import fitted_size, shrink
from mirrorsync.capture.source import VideoSource, WrappedSource
from mirrorsync.types import Frame

__all__ = ["CropSource"]

_SAME_SHAPE = 0.05


class CropSource(WrappedSource):
    """A part of another source's pictures, contiguous, shrunk to `max_side` after cropping.

    Parameters
    ----------
    inner : VideoSource
        Owned and closed by this one.
    crop : Crop
        In pixels of the inner source's first picture; the same share of others.
    feed : str
        The whole feed string, crop included.
    max_side : int, optional
        Longest side of the result in pixels.

    Raises
    ------
    SourceError
        The part reaches outside the picture.
    """

    def __init__(self, inner: VideoSource, crop: Crop, *, feed: str, max_side: int | None = None) -> None:
        super().__init__(inner)
        _, _, width, height = crop.box(*inner.size)
        self.feed = feed
        self.size = fitted_size(width, height, max_side)
        self._crop = crop
        self._max_side = max_side
        self._changed = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was odd about the recording so far."""
        return (*self.inner.notes, *([self._changed] if self._changed else []))

    def read(self) -> Frame | None:
        """Return the part of the next frame."""
        frame = self.inner.read()
        if frame is None:
            return None
        x, y, width, height = self._crop.box(frame.width, frame.height, first=self.inner.size)
        self._note_shape(frame)
        part = shrink(frame.rgb[y : y + height, x : x + width], self._max_side)
        return Frame(self.feed, frame.index, frame.t_ns, np.ascontiguousarray(part))

    def _note_shape(self, frame: Frame) -> None:
        """Note when the picture gets another shape: the same part may show something else then."""
        width, height = self.inner.size
        if self._changed or abs(frame.width * height / (frame.height * width) - 1.0) < _SAME_SHAPE:
            return
        self._changed = (
            f"{self.feed}: from {frame.t_ns * 1e-9:.1f} s on the picture has another shape ({frame.width} × "
            f"{frame.height} instead of {width} × {height}); look whether #{self._crop} still shows the "
            "person."
        )
