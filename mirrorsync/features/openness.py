"""Open posture: shoulders toward the camera, arms not crossed, no hand at the face.

A rule about form, not a measurement of attitude: people cross their arms because they are cold. It multiplies
what is left of 1 after each of three closings: shoulders turned away (takes up to all), wrists crossed before
the chest (0.6), each hand at the face (0.4). What cannot be seen takes nothing away and lowers the coverage
instead. On a call the hands are mostly out of the picture; openness then speaks of the shoulders alone and
says so with a coverage of one third.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from mirrorsync.types import FloatArray

__all__ = ["Openness", "openness"]

_L_SHOULDER, _R_SHOULDER, _L_WRIST, _R_WRIST = 11, 12, 15, 16
_POINTS = [_L_SHOULDER, _R_SHOULDER, _L_WRIST, _R_WRIST]
_CROSSED, _AT_FACE = 0.6, 0.4
_HEAD_REACH, _FACE_REACH = 0.6, 0.3  # shoulder widths from the middle of the head: begins, is at the face
_CHEST_HEIGHT = 1.2  # shoulder widths from the shoulder line within which crossed wrists are arms crossed
_FULLY_CROSSED = 0.3  # shoulder widths that the left wrist lies right of the right one


@dataclass(frozen=True, slots=True)
class Openness:
    """How open a posture is.

    Attributes
    ----------
    value : float
        0 closed – 1 open.
    coverage : float
        0–1: a third each for the shoulders, both wrists before the chest, and the hands near the face
        (a sixth a hand).
    facing, crossed, at_face : float
        The parts, 0–1: shoulders toward the camera, arms crossed, the nearer hand at the face; NaN where
        they could not be seen.
    """

    value: float
    coverage: float
    facing: float
    crossed: float
    at_face: float


def openness(
    points: FloatArray, world: FloatArray, seen: FloatArray, *, width: float, min_visibility: float
) -> Openness:
    """Return how open the posture of one frame is.

    Turned shoulders look narrower, and so do those of who leans back: only when the body points in metres say
    so too are they called turned.

    Parameters
    ----------
    points : ndarray, shape (33, 2)
        Body points in pixels (square ones), y down; both shoulders seen.
    world : ndarray, shape (33, 3)
        Body points in metres.
    seen : ndarray, shape (33,)
        Visibilities, 0–1.
    width : float
        The usual width of the shoulders, pixels.
    min_visibility : float
        Wrists below it are not seen.
    """
    # Plain numbers: a few of them are quicker so than in arrays.
    (left_x, left_y), (right_x, right_y), *wrists = points[_POINTS].tolist()
    narrowed = math.hypot(left_x - right_x, left_y - right_y) / width
    across, _, depth = (world[_L_SHOULDER] - world[_R_SHOULDER]).tolist()
    cosine = abs(across) / max(math.hypot(across, depth), 1e-9)
    turned = max(narrowed, cosine) if math.isfinite(cosine) else narrowed
    facing = _ramp(turned, 0.4, 0.9)

    middle_y = (left_y + right_y) / 2
    visibilities = seen[_L_WRIST], seen[_R_WRIST]
    shown = [at for at, visible in zip(wrists, visibilities, strict=True) if visible >= min_visibility]
    both = len(shown) == 2
    crossed = at_face = math.nan
    value = facing
    if both:
        # Own left is the right-hand side of the picture; in a flipped one the points are renamed.
        overlap = (wrists[1][0] - wrists[0][0]) / width
        before_chest = all(abs(y - middle_y) < _CHEST_HEIGHT * width for _, y in wrists)
        crossed = _ramp(overlap, 0.0, _FULLY_CROSSED) if before_chest else 0.0
        value *= 1.0 - _CROSSED * crossed
    if shown:
        head_x, head_y = points[:11].mean(axis=0).tolist()
        distances = [math.hypot(x - head_x, y - head_y) / width for x, y in shown]
        hands = [1.0 - _ramp(distance, _FACE_REACH, _HEAD_REACH) for distance in distances]
        at_face = max(hands)
        for hand in hands:
            value *= 1.0 - _AT_FACE * hand
    coverage = (1.0 + both + 0.5 * len(shown)) / 3.0
    return Openness(value, coverage, facing, crossed, at_face)


def _ramp(value: float, low: float, high: float) -> float:
    """Return 0 up to `low`, 1 from `high` on, straight in between."""
    return min(max((value - low) / (high - low), 0.0), 1.0)
