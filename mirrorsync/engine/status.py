"""How a live session is doing: the two values that the engine reports and the window shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

__all__ = ["FeedState", "FeedStatus", "LiveStatus"]

FeedState = Literal["opening", "live", "stalled", "lost", "ended"]


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """One feed.

    Attributes
    ----------
    state : str
        "opening" until the first frame, "live", "stalled" while frames stay away, "lost" when the
        source broke off, "ended" when a file is through.
    sentence : str
        What a person should know, in plain words; empty when all is well.
    fps : float
        Frames analysed a second; NaN when not known yet.
    dropped : int
        Frames dropped so far because something was slow.
    """

    state: FeedState = "opening"
    sentence: str = ""
    fps: float = float("nan")
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """Both feeds and the session around them.

    Attributes
    ----------
    running : bool
        Whether the session's threads are at work.
    a, b : FeedStatus
        The two feeds.
    error : str or None
        The first error that ended the session, as one sentence; None while there is none.
    recording : Path or None
        The session file being written; None while nothing is recorded.
    """

    running: bool = False
    a: FeedStatus = field(default_factory=FeedStatus)
    b: FeedStatus = field(default_factory=FeedStatus)
    error: str | None = None
    recording: Path | None = None
