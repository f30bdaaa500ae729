"""A camera that flips its own picture, turned back, so that the person's left is where it is for others."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from mirrorsync.capture.source import WrappedSource
from mirrorsync.types import Frame

__all__ = ["FlippedSource"]


class FlippedSource(WrappedSource):
    """Another source's pictures, left for right; it owns and closes that source."""

    def read(self) -> Frame | None:
        """Return the next frame, turned back."""
        frame = self.inner.read()
        if frame is None:
            return None
        return Frame(frame.feed, frame.index, frame.t_ns, cast("NDArray[np.uint8]", cv2.flip(frame.rgb, 1)))
