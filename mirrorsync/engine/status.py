"""How a live session is doing: the two values that the engine reports and the window shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

__all__ = ["CONDITIONS", "Condition", "FeedState", "FeedStatus", "LiveStatus", "Reduced"]

FeedState = Literal["opening", "live", "stalled", "lost", "ended"]

Condition = Literal[
    "reconnecting",
    "stalled",
    "still",
    "too_few_pictures",
    "too_dark",
    "nobody",
    "more_than_one_person",
    "too_small",
    "out_of_frame_face",
    "out_of_frame_body",
]
"""What is wrong with a picture now, as a key: the sentences stand in the window's texts."""

CONDITIONS: tuple[Condition, ...] = get_args(Condition)
"""All of them, what weighs most first."""

Reduced = Literal["", "body_second", "body_third"]
"""What is left out on a slow machine: the body is looked for in every second picture; in every third, and
pictures are made smaller."""


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """One feed.

    Attributes
    ----------
    state : str
        "opening" until the first frame, "live", "stalled" while frames stay away, "lost" when the
        source broke off (with the condition "reconnecting": it is being opened again), "ended" when a
        file is through or the session was stopped.
    sentence : str
        What a person should know, in plain words; empty when all is well.
    fps : float
        Frames analysed a second; NaN when not known yet.
    dropped : int
        Frames dropped so far because something was slow.
    conditions : tuple of str
        What is wrong with the picture now, in the order of `CONDITIONS`; empty when all is well.
    """

    state: FeedState = "opening"
    sentence: str = ""
    fps: float = float("nan")
    dropped: int = 0
    conditions: tuple[Condition, ...] = ()


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
    reduced : str
        What the program has stepped down to because this machine is slow; empty: nothing is left out.
    sending : str
        What the scores are being sent to over the network, by name; empty: they stay here.
    broke_off : str
        Why the last recording stopped by itself, as one sentence; empty when it did not.
    """

    running: bool = False
    a: FeedStatus = field(default_factory=FeedStatus)
    b: FeedStatus = field(default_factory=FeedStatus)
    error: str | None = None
    recording: Path | None = None
    reduced: Reduced = ""
    sending: str = ""
    broke_off: str = ""
