"""What each mirroring cue waits for.

Sources: posture sharing goes with rapport (LaFrance & Broadbent 1976, 10.1177/105960117600100307) and comes
about by itself (Chartrand & Bargh 1999, 10.1037/0022-3514.76.6.893); an answered smile mostly comes within
one second (Riehle, Kempkensteffen & Lincoln 2017, 10.1007/s10919-016-0246-8); copying that is noticed as such
is liked less (Bailenson et al. 2008, 10.1016/j.chb.2007.01.015), hence "too exact". The thresholds are ours:
larger than the scatter of webcam landmarks, and for seconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["CUES", "Cue", "Now"]

_QUIET_PACE = 0.06  # shoulder widths a second: below it a person sits still


@dataclass(frozen=True, slots=True)
class Now:
    """What the conditions look at: values now and, under ``usual``, over the person's last minute.

    ``claims`` are the states of "posture", "gaze" and "attunement" (`mirrorsync.synchrony.claims.Claim`).
    """

    values: Mapping[str, float]
    usual: Mapping[str, float]
    claims: Mapping[str, str]

    def change(self, name: str) -> float:
        """Return how far a value is from its usual one; NaN while either is not known."""
        return self.values[name] - self.usual[name]

    def ratio(self, name: str) -> float:
        """Return a value over its usual one; NaN while either is not known, or the usual one is 0."""
        usual = self.usual[name]
        return self.values[name] / usual if usual > 0 else math.nan


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: what must hold, and for how long.

    `condition` returns None while the data do not tell. The words are at ``cue.KEY``, what it is about at
    ``cue.KEY.about``.
    """

    key: str
    hold_s: float
    condition: Callable[[Now], bool | None]


def _below(value: float, limit: float) -> bool | None:
    return None if math.isnan(value) else value < limit


def _above(value: float, limit: float) -> bool | None:
    return None if math.isnan(value) else value > limit


def _claimed(now: Now, what: str, state: str) -> bool | None:
    """Whether something may be claimed of both; None while too little is known."""
    here = now.claims[what]
    return None if here in {"listening", "unknown"} else here == state


def _smile_alone(now: Now) -> bool | None:
    theirs, own = now.change("smile_b"), now.change("smile_a")
    if math.isnan(theirs) or math.isnan(own):
        return None
    return theirs > 0.3 and own < 0.1


def _own_faster(now: Now) -> bool | None:
    own, theirs = now.values["pace_a"], now.values["pace_b"]
    if math.isnan(own) or math.isnan(theirs):
        return None
    return own > 2.0 * theirs and own > _QUIET_PACE


def _slowed(now: Now) -> bool | None:
    if now.usual["pace_b"] <= 1.5 * _QUIET_PACE:
        return None  # who hardly moved cannot slow down
    return _below(now.ratio("pace_b"), 0.55)


def _quickened(now: Now) -> bool | None:
    if now.values["pace_b"] <= 1.5 * _QUIET_PACE:
        return False
    return _above(now.ratio("pace_b"), 1.8)


CUES: Mapping[str, Cue] = MappingProxyType(
    {
        cue.key: cue
        for cue in (
            Cue("too_exact", 4.0, lambda now: _claimed(now, "attunement", "close")),
            Cue("partner_closed", 4.0, lambda now: _below(now.change("openness_b"), -0.25)),
            Cue("own_closed", 4.0, lambda now: _below(now.change("openness_a"), -0.25)),
            Cue("partner_leaned_back", 3.0, lambda now: _below(now.change("lean_b"), -0.12)),
            Cue("partner_leaned_in", 3.0, lambda now: _above(now.change("lean_b"), 0.12)),
            Cue("partner_slowed", 5.0, _slowed),
            Cue("partner_quickened", 5.0, _quickened),
            Cue("own_faster", 8.0, _own_faster),
            Cue("partner_smiles", 1.5, _smile_alone),  # longer than the second in which a smile is answered
            Cue("eyes_apart", 15.0, lambda now: _claimed(now, "gaze", "below")),
            Cue("postures_apart", 8.0, lambda now: _claimed(now, "posture", "below")),
        )
    }
)
"""Every cue by key; when several hold, the one not shown for longest goes first, then the order here."""
