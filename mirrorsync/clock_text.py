"""A time in a session as people read it: the same in the window, the journal and the report."""

from __future__ import annotations

import math

__all__ = ["clock_text"]

_ROUNDING_S = 1e-6  # 59.9999999 is a minute that was computed


def clock_text(seconds: float, *, tenths: bool = False) -> str:
    """Return a time as m:ss, or h:mm:ss from one hour on; "–" where it is not known.

    What has begun counts, as on every player: 59.9 s are 0:59, and with `tenths` 0:59.9.

    Parameters
    ----------
    seconds : float
        Since the start; times before it are 0.
    tenths : bool
        Whether tenths of a second are told, too.
    """
    if not math.isfinite(seconds):
        return "–"
    tenth = int((max(seconds, 0.0) + _ROUNDING_S) * 10)
    whole = tenth // 10
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    text = f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
    return f"{text}.{tenth % 10}" if tenths else text
