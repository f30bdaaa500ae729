"""Where a split-screen picture is divided: the one straight edge that goes all through it and stays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["find_seam"]

_MIDDLE = (0.25, 0.75)  # of the side: a part that is narrower shows nobody
_LEAST = 12.0  # of 255: how much the two sides of a seam differ, in most of its length
_AHEAD = 2.0  # times as clear as the next edge


def find_seam(pictures: Sequence[NDArray[np.uint8]], *, upright: bool) -> int | None:
    """Return the first column (or row) of the second part, or None where no edge is clear enough.

    Parameters
    ----------
    pictures : sequence of ndarray of uint8, shape (H, W, 3)
        Some pictures of one recording, far apart: an edge in the room of one person moves or ends, a seam
        does neither.
    upright : bool
        Whether the parts stand side by side (a column is looked for) or one above the other (a row).

    Notes
    -----
    The strength of a line is the first quartile, along its length, of how much neighbours on both sides of it
    differ, averaged over the pictures: three quarters of a seam must differ by so much at least.
    """
    strengths = []
    for picture in pictures:
        grey = picture.astype(np.float64).mean(axis=2)
        steps = np.abs(np.diff(grey if upright else grey.T, axis=1))
        strengths.append(np.quantile(steps, 0.25, axis=0))
    if not strengths:
        return None
    strength = np.mean(strengths, axis=0)
    low, high = (int(share * strength.size) for share in _MIDDLE)
    inner = strength[low:high]
    if not inner.size:
        return None
    best = int(inner.argmax())
    others = np.delete(inner, slice(max(best - 2, 0), best + 3))
    if inner[best] < _LEAST or (others.size and inner[best] < _AHEAD * others.max()):
        return None
    return low + best + 1
