"""How the chest moves: optical flow below the shoulders, because landmarks jitter as much as a breath.

One least-squares (Lucas & Kanade 1981) displacement a tile over a small picture of the chest; the
gradient-weighted median over the tiles resists a hand or a badge that moves by itself.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from mirrorsync.types import Frame

__all__ = ["ChestFlow"]

# Two feeds fill two cores with their landmarkers: OpenCV's own threads would only get in their way.
cv2.setNumThreads(1)

_LEFT_SHOULDER, _RIGHT_SHOULDER = 11, 12
_SMALL = (96, 72)  # width, height of the picture of the chest that is looked at
_TILES = (3, 4)  # rows, columns
_BY_ROW, _BY_COLUMN = (  # a picture between them is the sums over its tiles
    np.kron(np.eye(n, dtype=np.float32), np.ones(side // n, np.float32))
    for n, side in zip(_TILES, _SMALL[::-1], strict=True)
)
_MIN_VISIBILITY = 0.5
_LONGEST_NS = 250_000_000  # pictures further apart show two moments rather than a movement


class ChestFlow:
    """Vertical velocity of the chest between consecutive frames of one feed.

    The region spans the shoulders and reaches 0.8 shoulder widths below them. It stays where it is while
    the shoulders stay within a tenth of their width, so that landmark jitter does not enter the flow. Over
    a gap of more than a quarter of a second no velocity is told: what was breathed in between is lost.
    """

    def __init__(self) -> None:
        self._region: tuple[int, int, int, int] | None = None
        self._before: NDArray[np.float32] | None = None
        self._before_ns = 0
        self._size = (0, 0)

    def update(
        self,
        frame: Frame,
        pose: NDArray[np.float32] | None,
        visibility: NDArray[np.float32] | None,
    ) -> float:
        """Return the chest's upward velocity in picture heights a second; NaN when it cannot be told.

        Parameters
        ----------
        frame : Frame
            The picture.
        pose : ndarray of float32, shape (33, 3), or None
            Body points in it, image coordinates; None: nobody.
        visibility : ndarray of float32, shape (33,), or None
            How well they are seen.
        """
        wanted = _chest_region(frame, pose, visibility)
        if wanted is None:
            self._region = self._before = None
            return float("nan")
        moved = (
            self._region is None or _far(self._region, wanted) or self._size != (frame.width, frame.height)
        )
        region = wanted if moved or self._region is None else self._region
        x0, y0, x1, y1 = region
        chest = cv2.cvtColor(frame.rgb[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY)
        small = cv2.resize(chest, _SMALL, interpolation=cv2.INTER_AREA).astype(np.float32)
        before, before_ns = self._before, self._before_ns
        self._region, self._before, self._before_ns = region, small, frame.t_ns
        self._size = (frame.width, frame.height)
        if moved or before is None or not 0 < frame.t_ns - before_ns <= _LONGEST_NS:
            return float("nan")
        down_px = _vertical_flow(before, small) * (y1 - y0) / _SMALL[1]
        return -down_px / frame.height / ((frame.t_ns - before_ns) * 1e-9)


def _chest_region(
    frame: Frame, pose: NDArray[np.float32] | None, visibility: NDArray[np.float32] | None
) -> tuple[int, int, int, int] | None:
    """Return x0, y0, x1, y1 in pixels, or None when the shoulders are not seen or the rest is cut off."""
    if pose is None or visibility is None:
        return None
    if min(visibility[[_LEFT_SHOULDER, _RIGHT_SHOULDER]].tolist()) < _MIN_VISIBILITY:
        return None
    # Plain Python on two points a frame is faster here than NumPy.
    (left_x, left_y, _), (right_x, right_y, _) = pose[[_LEFT_SHOULDER, _RIGHT_SHOULDER]].tolist()
    width = math.hypot((left_x - right_x) * frame.width, (left_y - right_y) * frame.height)
    middle_x, middle_y = (left_x + right_x) / 2 * frame.width, (left_y + right_y) / 2 * frame.height
    x0, x1 = int(max(middle_x - 0.5 * width, 0)), int(min(middle_x + 0.5 * width, frame.width))
    y0, y1 = int(max(middle_y - 0.1 * width, 0)), int(min(middle_y + 0.8 * width, frame.height))
    if x1 - x0 < 32 or y1 - y0 < 24:
        return None
    return x0, y0, x1, y1


def _far(old: tuple[int, int, int, int], new: tuple[int, int, int, int]) -> bool:
    tolerance = 0.1 * (old[2] - old[0])
    return any(abs(a - b) > tolerance for a, b in zip(old, new, strict=True))


def _vertical_flow(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """Return the downward displacement in pixels of the small picture; NaN where nothing has texture."""
    mean = cv2.GaussianBlur((before + after) * 0.5, (5, 5), 1.0)
    change = cv2.GaussianBlur(after - before, (5, 5), 1.0)
    # ksize 1 is the plain central difference (−1, 0, 1): twice the slope
    gx = cv2.Sobel(mean, cv2.CV_32F, 1, 0, ksize=1) * 0.5
    gy = cv2.Sobel(mean, cv2.CV_32F, 0, 1, ksize=1) * 0.5

    slopes = np.empty((5, *mean.shape), np.float32)
    for k, (first, second) in enumerate(((gx, gx), (gy, gy), (gx, gy), (gx, change), (gy, change))):
        np.multiply(first, second, out=slopes[k])
    sums = (_BY_ROW @ slopes @ _BY_COLUMN.T).reshape(5, -1).astype(float)
    xx, yy, xy, xt, yt = sums
    determinant = xx * yy - xy * xy
    textured = determinant > 1e-3 * (xx + yy) ** 2 + 1e-6
    if not textured.any():
        return float("nan")
    dy = -(xx[textured] * yt[textured] - xy[textured] * xt[textured]) / determinant[textured]
    weight = yy[textured]
    order = np.argsort(dy)
    cumulated = np.cumsum(weight[order])
    return float(dy[order][np.searchsorted(cumulated, 0.5 * cumulated[-1])])
