"""What the engine says of feeds and of its measuring, in one place; English.

What it says of one person's calibration stands with it, in `person.py`; the window's own words stand in
`mirrorsync.ui`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["LIVE_ENDED", "NO_PICTURE", "OPENING", "PICTURE_BACK", "REDUCED", "STANDS_STILL", "VIDEO_ENDED"]

OPENING = "Opening…"
VIDEO_ENDED = "The video has ended."
LIVE_ENDED = "It has ended: no more pictures come."
NO_PICTURE = "No new picture for a while."
STANDS_STILL = "The picture on the screen stands still."
PICTURE_BACK: Mapping[str, str] = MappingProxyType(
    {"a": "Your picture is back.", "b": "Your partner's picture is back."}
)
# What is left out on a slow machine.
REDUCED: Mapping[str, str] = MappingProxyType(
    {
        "": "This machine keeps up again: the body is looked for in every picture.",
        "body_second": (
            "This machine is busy: the body is looked for in every second picture, the face in each."
        ),
        "body_third": (
            "This machine is very busy: the body is looked for in every third picture, made smaller."
        ),
    }
)
