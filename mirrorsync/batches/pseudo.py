"""Pseudo-dyads: people of the manifest who never met, A of one dyad with B of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["candidates", "choose"]


def candidates(people: Sequence[tuple[str, str] | None]) -> list[tuple[int, int]]:
    """Return all (i, j) such that A of dyad i and B of dyad j are no dyad of the manifest, in order.

    Parameters
    ----------
    people : sequence of (str, str) or None
        What identifies A and B of each dyad (the hash of what was recorded); None for a dyad that failed.
        Each pair of recordings is taken once, a recording is never paired with itself, and who really met
        counts in either order.
    """
    known = {frozenset(pair) for pair in people if pair is not None}
    found = []
    for i, one in enumerate(people):
        for j, other in enumerate(people):
            if one is None or other is None:
                continue
            pair = (one[0], other[1])
            if pair[0] != pair[1] and frozenset(pair) not in known:
                known.add(frozenset(pair))
                found.append((i, j))
    return found


def choose(pairs: Sequence[tuple[int, int]], count: int, *, seed: int) -> list[tuple[int, int]]:
    """Return `count` of the pairs (all when there are fewer), drawn with `seed`, in their order."""
    if count >= len(pairs):
        return list(pairs)
    drawn = np.random.default_rng(seed).permutation(len(pairs))[:count]
    return [pairs[k] for k in sorted(drawn.tolist())]
