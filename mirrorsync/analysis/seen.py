"""In how much of a session each person was seen, and what is told where that is little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mirrorsync.session.meta import InputInfo
from mirrorsync.session.reader import SessionReader

__all__ = ["LEAST_SEEN", "hardly_seen", "seen_notes", "seen_shares"]

LEAST_SEEN = 0.5
"""Share of the time in which a person must be seen. A convention: below it, a session says little of them."""
_FEW_HZ = 8.0


def seen_shares(reader: SessionReader) -> dict[str, float]:
    """Return the share of the session, 0–1, in which "a" and "b" were found; empty when it has no ticks."""
    found, ticks = {"a": 0, "b": 0}, 0
    for block in reader.timeline():
        ticks += len(block)
        found["a"] += int(block.found_a.sum())
        found["b"] += int(block.found_b.sum())
    return {side: count / ticks for side, count in found.items()} if ticks else {}


def hardly_seen(shares: Mapping[str, float]) -> list[str]:
    """Return the people ("a", "b") who were seen for less than `LEAST_SEEN` of the time."""
    return [side for side, share in shares.items() if share < LEAST_SEEN]


def seen_notes(shares: Mapping[str, float], inputs: Sequence[InputInfo]) -> tuple[str, ...]:
    """Return a sentence for each person who was hardly seen, with the likely reason."""
    told = []
    for side, of in zip("ab", inputs, strict=False):
        share = shares.get(side, 1.0)
        if of.fps is not None and of.fps < _FEW_HZ:
            told.append(
                f"{of.feed} has {of.fps:.3g} frames per second: its gaps are bridged, but nods and other "
                f"quick movement fall between the frames. Record {_FEW_HZ:g} or more."
            )
        if share >= LEAST_SEEN:
            continue
        seen = (
            "nobody was found"
            if share == 0
            else f"{side.upper()} was seen in {100 * share:.0f} % of the time"
        )
        why = (
            "check that the right part of the picture was chosen"
            if "#" in of.feed
            else "check that this is the right recording, or name the person's part of it, as in #left,"
        )
        told.append(f"In {of.feed} {seen}; {why} and that the person is lit, large and upright in it.")
    return tuple(told)
