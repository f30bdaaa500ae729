"""Mirroring cues: now and then one plain sentence about what has just changed between two people.

A cue tells what is there; it does not judge, and it does not say what to do. Every one of them needs a change
that is larger than the scatter of the landmarks and that lasts for seconds, on data that is there: what is
missing says nothing. At most one appears in `gap_s`, whatever happens.

Changes are measured against the person's own last minute, so nobody is told twice about the way they sit.

What each cue waits for, and the sources, stand in `mirrorsync.practice.cue_table`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from mirrorsync.practice.base import Hold, Stopwatch, seen_value
from mirrorsync.practice.cue_table import CUES, Now
from mirrorsync.synchrony.claims import Claims
from mirrorsync.types import NO_SCORE, Features, Snapshot, SyncScore

__all__ = ["CueInputs", "CueShown", "CueState", "Cues", "CuesResult"]

_USUAL_MEMORY_S, _USUAL_FIRST_S = 60.0, 10.0
_MIN_VISIBILITY = 0.5
# Openness of shoulders alone, hands out of the picture as on most calls, has a coverage of one third.
_MIN_VISIBILITY_OPENNESS = 0.25


@dataclass(frozen=True, slots=True)
class CueInputs:
    """One tick.

    Attributes
    ----------
    snapshot : Snapshot
        Scores and features of the tick.
    pace_a, pace_b : float
        Mean speed of each person's movements, shoulder widths a second; NaN while not known.
    """

    snapshot: Snapshot
    pace_a: float = math.nan
    pace_b: float = math.nan


@dataclass(frozen=True, slots=True)
class CueShown:
    """A cue that was shown, and when, in seconds of the caller's clock."""

    key: str
    at_s: float


@dataclass(frozen=True, slots=True)
class CueState:
    """What to show: `prompt` is empty in phase "quiet"; in "showing" `progress` runs 0–1 until it leaves."""

    phase: str = "quiet"
    progress: float = 0.0
    prompt: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class CuesResult:
    """What to keep: the cues that were shown, in order, and those that were switched off at the end."""

    kind: ClassVar[str] = "practice.cues"

    shown: tuple[CueShown, ...]
    off: tuple[str, ...]


class Cues:
    """Watches for cues and shows at most one at a time.

    Parameters
    ----------
    off : iterable of str
        Keys of cues that are switched off.
    gap_s : float
        Least time from one cue to the next.
    cooldown_s : float
        Least time before the same cue comes again.
    show_s : float
        For how long a cue stays, at most `gap_s`.
    min_coverage : float
        Scores with less coverage say nothing.

    Attributes
    ----------
    state : CueState
        What to show now.

    Raises
    ------
    ValueError
        A key in `off` is no cue, or `show_s` is longer than `gap_s`.
    """

    def __init__(
        self,
        off: Iterable[str] = (),
        *,
        gap_s: float = 20.0,
        cooldown_s: float = 120.0,
        show_s: float = 8.0,
        min_coverage: float = 0.6,
    ) -> None:
        if show_s > gap_s:
            raise ValueError(f"a cue cannot stay for {show_s} s when the next may come after {gap_s} s")
        self._off: set[str] = set()
        self._gap_s, self._cooldown_s, self._show_s = gap_s, cooldown_s, show_s
        self._min_coverage = min_coverage
        self._watch = Stopwatch()
        self._claims = Claims()
        self._holds = {key: Hold() for key in CUES}
        self._usual = {name: _Usual() for name in _COMPARED}
        self._last_s = dict.fromkeys(CUES, -math.inf)
        self._shown: list[CueShown] = []
        self._dismissed = False
        self.state = CueState()
        for key in off:
            self.switch(key, on=False)

    def switch(self, key: str, *, on: bool) -> None:
        """Switch one cue on or off; raises ValueError when there is no such cue."""
        if key not in CUES:
            raise ValueError(f"there is no cue called {key!r}; the cues are {', '.join(CUES)}")
        if on:
            self._off.discard(key)
        else:
            self._off.add(key)
            if self.state.prompt == f"cue.{key}":
                self.dismiss()

    def is_on(self, key: str) -> bool:
        """Whether a cue is switched on."""
        return key in CUES and key not in self._off

    def dismiss(self) -> CueState:
        """Take away the cue that is shown; the next one is not sooner for it."""
        self._dismissed = True
        self.state = CueState()
        return self.state

    def tick(self, now_s: float, inputs: CueInputs) -> CueState:
        """Look at one tick."""
        passed = self._watch.step(now_s)
        now = self._now(passed, inputs)
        for key, cue in CUES.items():
            self._holds[key].update(passed, cue.condition(now))
        since = now_s - self._shown[-1].at_s if self._shown else math.inf
        if since >= self._gap_s:
            self._choose(now_s)
            since = now_s - self._shown[-1].at_s if self._shown else math.inf
        showing = since < self._show_s and not self._dismissed
        prompt = f"cue.{self._shown[-1].key}" if showing else ""
        self.state = CueState("showing", since / self._show_s, prompt) if showing else CueState()
        return self.state

    def stop(self) -> CuesResult:
        """End it; return what to keep."""
        self.state = CueState()
        self._dismissed = True
        return CuesResult(tuple(self._shown), tuple(key for key in CUES if key in self._off))

    def _choose(self, now_s: float) -> None:
        """Show, if there is one, the cue that holds and was not shown for longest."""
        ready = [
            key
            for key, cue in CUES.items()
            if key not in self._off
            and self._holds[key].held_s >= cue.hold_s
            and now_s - self._last_s[key] >= self._cooldown_s
        ]
        if not ready:
            return
        key = min(ready, key=lambda one: self._last_s[one])
        self._last_s[key] = now_s
        self._holds[key].clear()
        self._shown.append(CueShown(key, now_s))
        self._dismissed = False

    def _now(self, passed_s: float, inputs: CueInputs) -> Now:
        snapshot = inputs.snapshot
        posture = "posture_alignment" + ("_anatomical" if snapshot.mirror_mode == "anatomical" else "")
        covered = {name: self._covered(snapshot, name) for name in snapshot.scores}
        claims = self._claims.update(self._watch.now_s, covered, snapshot.lag_s)
        values = {
            "pace_a": inputs.pace_a,
            "pace_b": inputs.pace_b,
            "openness_a": _openness(snapshot.pair.a),
            "openness_b": _openness(snapshot.pair.b),
            "lean_b": seen_value(snapshot.pair.b, "lean_forward", min_visibility=_MIN_VISIBILITY),
            "smile_a": _smile(snapshot.pair.a),
            "smile_b": _smile(snapshot.pair.b),
        }
        # Against what was usual before this tick.
        usual = {name: self._usual[name].value for name in _COMPARED}
        for name in _COMPARED:
            self._usual[name].update(passed_s, values[name])
        named = {"posture": posture, "gaze": "mutual_gaze", "attunement": "attunement"}
        return Now(values, usual, {what: claims[name].state for what, name in named.items()})

    def _covered(self, snapshot: Snapshot, channel: str) -> SyncScore:
        score = snapshot.scores.get(channel, NO_SCORE)
        return score if score.coverage >= self._min_coverage else NO_SCORE


_COMPARED = ("openness_a", "openness_b", "lean_b", "pace_b", "smile_a", "smile_b")


class _Usual:
    """What a value has been over the last minute: a running mean that fades, NaN for the first seconds."""

    def __init__(self) -> None:
        self._mean = 0.0
        self._known_s = 0.0

    @property
    def value(self) -> float:
        return self._mean if self._known_s >= _USUAL_FIRST_S else math.nan

    def update(self, passed_s: float, value: float) -> None:
        if math.isnan(value):
            return
        passed_s = min(passed_s, 1.0)
        self._known_s += passed_s
        weight = passed_s / min(max(self._known_s, passed_s), _USUAL_MEMORY_S) if passed_s > 0 else 0.0
        self._mean += weight * (value - self._mean)


def _openness(features: Features | None) -> float:
    return seen_value(features, "openness", min_visibility=_MIN_VISIBILITY_OPENNESS)


def _smile(features: Features | None) -> float:
    left, right = (
        seen_value(features, name, min_visibility=_MIN_VISIBILITY)
        for name in ("mouthSmileLeft", "mouthSmileRight")
    )
    return (left + right) / 2
