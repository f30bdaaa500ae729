"""What happens to every picture on its way in: red first, and not larger than asked."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["fitted_size", "shrink", "to_rgb"]


def fitted_size(width: int, height: int, max_side: int | None) -> tuple[int, int]:
    """Return (width, height) shrunk, aspect kept, so that neither exceeds `max_side` (None: no limit)."""
    if max_side is None or max(width, height) <= max_side:
        return width, height
    scale = max_side / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def shrink(picture: NDArray[np.uint8], max_side: int | None) -> NDArray[np.uint8]:
    """Return the picture (H, W, 3), shrunk when it is larger than `max_side`.

    To half or less by area averaging; above half bilinear, where no pixel is passed over and OpenCV's
    area averaging takes five times as long (9.4 against 1.8 ms from 1280 × 720 to 960 × 540).
    """
    height, width = picture.shape[:2]
    size = fitted_size(width, height, max_side)
    if size == (width, height):
        return picture
    way = cv2.INTER_AREA if 2 * size[0] <= width else cv2.INTER_LINEAR
    return cast("NDArray[np.uint8]", cv2.resize(picture, size, interpolation=way))


def to_rgb(bgr: NDArray[np.uint8], max_side: int | None) -> NDArray[np.uint8]:
    """Return OpenCV's picture (H, W, 3), blue first, as a new contiguous one, red first and shrunk."""
    return cast("NDArray[np.uint8]", cv2.cvtColor(shrink(bgr, max_side), cv2.COLOR_BGR2RGB))
