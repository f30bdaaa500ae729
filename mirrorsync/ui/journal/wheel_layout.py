"""Where each word of the emotion wheel lies, and what lies under a point; no painting."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mirrorsync.journal.wheel import WHEEL

__all__ = ["RINGS", "SEGMENTS", "Segment", "find", "inward", "outward", "segment_at", "sideways"]

# Inner and outer radius of each ring, as shares of the wheel's.
RINGS: tuple[tuple[float, float], ...] = ((0.15, 0.46), (0.46, 0.73), (0.73, 1.0))


@dataclass(frozen=True, slots=True)
class Segment:
    """One word on the wheel.

    Attributes
    ----------
    word : str
        The word, as it is kept.
    ring : int
        0 inside, 2 outside.
    place : int
        Number along its ring, clockwise from the top.
    core : int
        Which of the eight it belongs to.
    parent : str
        The word inside of it; empty on the inner ring.
    start_deg, span_deg : float
        Where it begins, clockwise from the top, and how wide it is.
    """

    word: str
    ring: int
    place: int
    core: int
    parent: str
    start_deg: float
    span_deg: float

    @property
    def middle_deg(self) -> float:
        """The middle of it, clockwise from the top."""
        return self.start_deg + self.span_deg / 2


def _segments() -> tuple[Segment, ...]:
    rings: list[list[tuple[str, int, str]]] = [[], [], []]
    for number, core in enumerate(WHEEL):
        rings[0].append((core.word, number, ""))
        for shade in core.shades:
            rings[1].append((shade.word, number, core.word))
            rings[2] += [(word, number, shade.word) for word in shade.words]
    return tuple(
        Segment(word, ring, place, core, parent, place * 360 / len(words), 360 / len(words))
        for ring, words in enumerate(rings)
        for place, (word, core, parent) in enumerate(words)
    )


SEGMENTS: tuple[Segment, ...] = _segments()
_BY_WORD = {segment.word: segment for segment in SEGMENTS}
_BY_RING = tuple(tuple(s for s in SEGMENTS if s.ring == ring) for ring in range(len(RINGS)))


def find(word: str) -> Segment | None:
    """Return the segment of a word; None when it is not on the wheel."""
    return _BY_WORD.get(word)


def segment_at(x: float, y: float) -> Segment | None:
    """Return the segment under a point: the middle of the wheel is (0, 0), its radius 1, y points down."""
    radius = math.hypot(x, y)
    angle = math.degrees(math.atan2(x, -y)) % 360
    for ring, (inner, outer) in enumerate(RINGS):
        if inner <= radius < outer:
            words = _BY_RING[ring]
            return words[int(angle / 360 * len(words)) % len(words)]
    return None


def sideways(segment: Segment, steps: int) -> Segment:
    """Return the segment so many steps clockwise along the ring."""
    words = _BY_RING[segment.ring]
    return words[(segment.place + steps) % len(words)]


def outward(segment: Segment) -> Segment:
    """Return the (middle) segment outside of this one; on the outer ring, itself."""
    if segment.ring == len(RINGS) - 1:
        return segment
    outside = [s for s in _BY_RING[segment.ring + 1] if s.parent == segment.word]
    return outside[(len(outside) - 1) // 2]


def inward(segment: Segment) -> Segment:
    """Return the segment inside of this one; on the inner ring, itself."""
    return _BY_WORD.get(segment.parent, segment)
