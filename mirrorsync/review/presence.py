"""Who was found in a recording at all: without people nothing can be scored, and that must be said."""

from __future__ import annotations

import numpy as np

from mirrorsync.session.pyramid import Pyramid

__all__ = ["found_shares", "presence_sentence"]

_NOBODY = 0.02  # of the time: a stray detection is nobody yet
_HARDLY = 0.5


def found_shares(pyramid: Pyramid) -> tuple[float, float]:
    """Return in which share of the time a body or a face of A and of B was found; NaN without ticks."""
    n = int(pyramid.duration_s)
    shares = []
    for row in ("found_a", "found_b"):
        mean = pyramid.step(row, 0, n, points=n + 1).mean
        known = mean[np.isfinite(mean)]
        shares.append(float(known.mean()) if known.size else float("nan"))
    return shares[0], shares[1]


def presence_sentence(pyramid: Pyramid) -> str:
    """Return what a viewer should know about who was found; empty when both were, most of the time.

    Parameters
    ----------
    pyramid : Pyramid
        The session's timeline.
    """
    a, b = found_shares(pyramid)
    if a < _NOBODY and b < _NOBODY:
        return (
            "Nobody was found in either picture, so nothing could be scored: both people's heads and "
            "shoulders have to be seen."
        )
    parts = []
    for share, whose in ((a, "your"), (b, "your partner's")):
        if share < _NOBODY:
            parts.append(f"Nobody was found in {whose} picture, so there is nothing to compare.")
        elif share < _HARDLY:
            parts.append(
                f"Somebody was found in {whose} picture only {share:.0%} of the time; the rest is not scored."
            )
    return " ".join(parts)
