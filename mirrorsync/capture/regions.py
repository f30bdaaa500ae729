"""Where a rectangle of the desktop lies on its screens, and which of a screen's pictures are new ones.

Rectangles are in device-independent pixels of the virtual desktop, the plane in which the system lays out
its screens, as windows are placed: on a display scaled to 150 % a screen of 1920 × 1080 pixels is
1280 × 720 of them. The origin is the top left of the primary screen, so that screens to the left of it or
above have negative coordinates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.capture.feed import Crop
from mirrorsync.errors import SourceError

__all__ = ["NewPictures", "ScreenArea", "pixels_of", "screen_of"]

_LEAST_GAP_NS = 26_000_000  # two pictures of a screen of 60 or 75 Hz, one of which comes a little early
_COARSE = 16


@dataclass(frozen=True, slots=True)
class ScreenArea:
    """A screen's place on the virtual desktop, in device-independent pixels."""

    name: str
    x: int
    y: int
    width: int
    height: int

    def holds(self, region: Crop) -> bool:
        """Whether all of `region` lies on this screen."""
        return (
            self.x <= region.x
            and self.y <= region.y
            and region.x + region.width <= self.x + self.width
            and region.y + region.height <= self.y + self.height
        )

    def __str__(self) -> str:
        return f"{self.x},{self.y},{self.width},{self.height}"


def screen_of(region: Crop, areas: Sequence[ScreenArea]) -> int:
    """Return the index of the screen on which `region` lies.

    Raises
    ------
    SourceError
        It lies on no screen, or not all of it on one.
    """
    for index, area in enumerate(areas):
        if area.holds(region):
            return index
    screens = " and ".join(f"screen:{area}" for area in areas)
    raise SourceError(
        f"screen:{region} does not lie on one screen; choose X, Y, WIDTH and HEIGHT inside {screens}."
    )


def pixels_of(region: Crop, area: ScreenArea, width: int, height: int) -> tuple[slice, slice]:
    """Return the rows and columns of `region` in a picture of the whole screen.

    Parameters
    ----------
    region : Crop
        A rectangle that lies on `area`, device-independent pixels of the virtual desktop.
    area : ScreenArea
        The screen.
    width, height : int
        The size of the screen's picture in its own pixels; what it has more of than `area` is the scale.
    """
    across, down = width / area.width, height / area.height
    left, top = round((region.x - area.x) * across), round((region.y - area.y) * down)
    right = round((region.x + region.width - area.x) * across)
    bottom = round((region.y + region.height - area.y) * down)
    return slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))


class NewPictures:
    """Lets a picture pass when it differs from the last that passed, and at most some thirty a second.

    A call of 25 pictures a second on a screen of 60 is seen when it changes, to the precision of the
    screen. Only equality to the bit counts as the same, so that nothing that moves is taken for still.

    Parameters
    ----------
    least_gap_ns : int
        A picture sooner than this after the last that passed is not looked at.
    """

    def __init__(self, least_gap_ns: int = _LEAST_GAP_NS) -> None:
        self.repeated = 0
        self._least_gap_ns = least_gap_ns
        self._last: NDArray[np.uint32] | None = None
        self._passed_ns = 0

    def due(self, t_ns: int) -> bool:
        """Whether a picture at `t_ns` is worth looking at."""
        return self._last is None or t_ns - self._passed_ns >= self._least_gap_ns

    def take(self, t_ns: int, pixels: NDArray[np.uint32]) -> NDArray[np.uint32] | None:
        """Return a copy of the picture (H, W), one number a pixel, or None when it is the last again.

        The copy is kept to compare with and must not be changed.
        """
        last = self._last
        if last is not None and last.shape == pixels.shape and _same(last, pixels):
            self.repeated += 1
            return None
        self._last = pixels.copy()
        self._passed_ns = t_ns
        return self._last


def _same(a: NDArray[np.uint32], b: NDArray[np.uint32]) -> bool:
    """Whether two pictures are equal; most that differ do so on a coarse grid already."""
    grid = (slice(None, None, _COARSE), slice(None, None, _COARSE))
    return np.array_equal(a[grid], b[grid]) and np.array_equal(a, b)
