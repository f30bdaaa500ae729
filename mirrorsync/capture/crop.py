"""Two people in one picture: the part of a source that a feed string names after `#`."""

from __future__ import annotations

import numpy as np

from mirrorsync.capture.feed import Crop
from mirrorsync.capture.picture import fitted_size, shrink
from mirrorsync.capture.source import VideoSource, WrappedSource
from mirrorsync.types import Frame

__all__ = ["CropSource"]


class CropSource(WrappedSource):
    """A part of another source's pictures, contiguous, shrunk to `max_side` after cropping.

    Parameters
    ----------
    inner : VideoSource
        Owned and closed by this one.
    crop : Crop
        In pixels of the inner source's pictures.
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

    def read(self) -> Frame | None:
        """Return the part of the next frame."""
        frame = self.inner.read()
        if frame is None:
            return None
        x, y, width, height = self._crop.box(frame.width, frame.height)
        part = shrink(frame.rgb[y : y + height, x : x + width], self._max_side)
        return Frame(self.feed, frame.index, frame.t_ns, np.ascontiguousarray(part))
