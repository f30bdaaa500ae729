"""The offset between two recordings, as their sound tells it."""

from __future__ import annotations

from mirrorsync.capture.feed import parse_feed
from mirrorsync.capture.sound import ENVELOPE_HZ, loudness
from mirrorsync.synchrony.sound_offset import OffsetEstimate, offset_of_loudness

__all__ = ["offset_from_sound"]


def offset_from_sound(feed_a: str, feed_b: str, *, max_offset_s: float = 600.0) -> OffsetEstimate:
    """Return by how much recording B is late against A.

    Takes about a second for every ten minutes of sound: call it from a thread, not from the window's.

    Parameters
    ----------
    feed_a, feed_b : str
        Feed strings of files; their crops do not matter.
    max_offset_s : float
        Longest offset looked for, each way.

    Returns
    -------
    OffsetEstimate
        `offset_s` is NaN, with a sentence that says why, when a file has no sound or nothing stands out.

    Raises
    ------
    SourceError
        A file cannot be read.
    """
    heard = [loudness(parse_feed(feed).target) for feed in (feed_a, feed_b)]
    return offset_of_loudness(heard[0], heard[1], rate_hz=ENVELOPE_HZ, max_offset_s=max_offset_s)
