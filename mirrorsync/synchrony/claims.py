"""What may be said of two people while they talk: one rule for every meter, word, colour and cue.

A claim is that a channel stands above, or below, what unrelated people reach. It rests on evidence gathered
over some seconds, not on a moment: the mean of the channel's level in SDs of its chance, with a memory that
fades with `MEMORY_S`. It begins where the evidence passes the channel's limit, and ends where that falls
below `_LEAVE` of it.

The limits are set so that unrelated people pass those of the composite in less than 1 % of the scored time,
and those of a single channel in less than 5 %. They were chosen on 100 runs of made people of four kinds
(talking, still, slow, restless; three hours) and on 32 pairs cut from four real clips of people who never
met. Breathing and pace have none: strangers who idle alike are as alike as people who attune, so that nothing
can be claimed of these.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mirrorsync.types import NO_SCORE, SyncScore

__all__ = ["CLAIM_LIMITS", "MEMORY_S", "Claim", "Claims", "level_of_evidence"]

MEMORY_S = 8.0
"""Time constant of the memory, s."""
_FIRST_S = 10.0  # of data before anything is claimed
_LEAST_S = 2.0  # of data that must be left in the memory
_LEAVE = 0.7
_CLIP = 3.0  # SDs of chance: no single moment counts for more
_CLOSE_S = 0.12  # three frames: copying without delay
_CLOSE_SHARE = 0.8

CLAIM_LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "attunement": (-1.25, 1.0),
        "posture_alignment": (-1.5, 0.7),
        "posture_alignment_anatomical": (-1.5, 0.7),
        "expression_alignment": (-1.0, 1.4),
        "head_synchrony": (-1.3, 1.5),
        "body_synchrony": (-2.4, 2.1),
        "expression_synchrony": (-1.7, 1.3),
        "mutual_gaze": (-1.4, 0.7),
        "breathing_match": (-math.inf, math.inf),
        "pace_match": (-math.inf, math.inf),
    }
)
"""By channel: evidence below and above which something may be claimed, SDs of chance."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What may be said of a channel now.

    Attributes
    ----------
    state : str
        "listening" before there is enough; "unknown" where too little is left of it; "neutral"; "above";
        "below"; of attunement also "close": above, and copied without delay.
    evidence : float
        Mean level over the memory, SDs of chance; NaN while listening, and the last one while unknown.
    """

    state: str = "listening"
    evidence: float = math.nan


def level_of_evidence(evidence: float) -> float:
    """Return evidence as a level, 0–1: the inverse of what `Claims` does with levels.

    Examples
    --------
    >>> level_of_evidence(0.0), round(level_of_evidence(1.0), 2)
    (0.5, 0.66)
    """
    return 0.5 + 0.5 * math.tanh(evidence / 3.0)


class _Evidence:
    """The memory of one channel."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._high = low, high
        self._weighted = self._weight = self._known_s = 0.0
        self._close = 0.0
        self.claim = Claim()

    def update(self, passed_s: float, level: float, *, at_once: bool) -> Claim:
        fade = math.exp(-passed_s / MEMORY_S)
        self._weighted *= fade
        self._weight *= fade
        self._close *= fade
        if math.isfinite(level):
            sds = 3.0 * math.atanh(min(max(2.0 * level - 1.0, -0.999), 0.999))
            self._weighted += passed_s * min(max(sds, -_CLIP), _CLIP)
            self._weight += passed_s
            self._close += passed_s * at_once
            self._known_s += passed_s
        if self._known_s < _FIRST_S:
            return self.claim
        if self._weight < _LEAST_S:
            self.claim = Claim("unknown", self.claim.evidence)
            return self.claim
        evidence = self._weighted / self._weight
        self.claim = Claim(self._state(evidence), evidence)
        return self.claim

    def _state(self, evidence: float) -> str:
        was = self.claim.state
        high = self._high * (_LEAVE if was in {"above", "close"} else 1.0)
        low = self._low * (_LEAVE if was == "below" else 1.0)
        if evidence > high:
            return "close" if self._close > _CLOSE_SHARE * self._weight else "above"
        return "below" if evidence < low else "neutral"


class Claims:
    """Follows what may be claimed of every channel.

    Attributes
    ----------
    now : mapping of str to Claim
        By channel of `CLAIM_LIMITS`.
    """

    def __init__(self) -> None:
        self._evidence = {name: _Evidence(*limits) for name, limits in CLAIM_LIMITS.items()}
        self._t_s = math.nan
        self.now: Mapping[str, Claim] = dict.fromkeys(CLAIM_LIMITS, Claim())

    def update(self, t_s: float, scores: Mapping[str, SyncScore], lag_s: float) -> Mapping[str, Claim]:
        """Add the scores of a moment.

        Parameters
        ----------
        t_s : float
            Time, s; must rise. What lies between two calls is taken to be as the later one, for a second at
            most.
        scores : mapping of str to SyncScore
            By channel.
        lag_s : float
            Lag of what the two do together, s; NaN while none is clear.

        Returns
        -------
        mapping of str to Claim
        """
        passed_s = 0.0 if math.isnan(self._t_s) else min(max(t_s - self._t_s, 0.0), 1.0)
        self._t_s = t_s
        at_once = math.isfinite(lag_s) and abs(lag_s) <= _CLOSE_S
        self.now = {
            name: of.update(passed_s, scores.get(name, NO_SCORE).level, at_once=at_once)
            for name, of in self._evidence.items()
        }
        return self.now
