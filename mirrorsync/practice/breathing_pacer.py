"""Breathing pacer: swells and sinks at the partner's measured rhythm, or at a chosen one.

Breathing out takes longer than breathing in, 3 : 2 by default: slow breathing with the longer part out was
felt as more relaxing than with the longer part in (Van Diest et al. 2014, 10.1007/s10484-014-9253-x). The
pacer goes to a new rate slowly and never jumps, for a jump would break the breath that follows it. It paces
the rate alone: a webcam tells how often a chest rises, not reliably when, so the partner's single breaths are
not followed and nothing is claimed about one's own phase.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from mirrorsync.errors import SettingsError
from mirrorsync.practice.base import Stopwatch

__all__ = ["BreathingInputs", "BreathingPacer", "BreathingResult", "BreathingState"]

LOWEST_PER_MIN, HIGHEST_PER_MIN = 4.0, 20.0
"""Rates that can be followed in comfort; a faster partner is not followed all the way."""

_LONGEST_STEP_S = 0.25  # a longer pause between ticks must not be seen as a leap of the breath
_MATCH_SIGMA = 3.0  # breaths a minute, as in the score `breathing_match`
_SAME, _NEAR = 0.85, 0.5
_REMIND_S = 60.0  # the reminder to breathe as one likes returns this often …
_REMIND_FOR_S = 8.0  # … and stays so long


@dataclass(frozen=True, slots=True)
class BreathingInputs:
    """Breaths a minute of both, as measured; NaN while it cannot be told."""

    own_per_min: float = math.nan
    partner_per_min: float = math.nan


@dataclass(frozen=True, slots=True)
class BreathingState:
    """What to show.

    Attributes
    ----------
    phase : str
        "waiting" (no rhythm known yet), "in", "out" or "done".
    progress : float
        0–1 within breathing in or out.
    fullness : float
        0 (all out) – 1 (all in), without corners: what the pacer's size follows.
    rate_per_min : float
        The pacer's rate now; NaN while waiting.
    target_per_min : float
        The rate it goes to; NaN while waiting.
    source : str
        Where the target comes from: "chosen", "measured", "remembered" (it was measured before), "none".
    own_per_min : float
        One's own rate; NaN when it cannot be told.
    difference_per_min : float
        Own rate minus the pacer's; NaN when either is not known.
    closeness : float
        0–1: exp(−(difference / 3)²), 1 is the same rate; NaN likewise.
    prompt : str
        Key of what the pacer shows, or why it cannot.
    notice : str
        Key of how close the two are, or that one's own breath cannot be measured.
    question : str
        Always empty: nothing is asked.
    """

    phase: str = "waiting"
    progress: float = 0.0
    fullness: float = 0.0
    rate_per_min: float = math.nan
    target_per_min: float = math.nan
    source: str = "none"
    own_per_min: float = math.nan
    difference_per_min: float = math.nan
    closeness: float = math.nan
    prompt: str = "breathing.waiting"
    notice: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class BreathingResult:
    """What to keep: means over the seconds in which they were known, NaN when there were none."""

    kind: ClassVar[str] = "practice.breathing"

    duration_s: float
    paced_s: float
    own_known_s: float
    mean_pacer_per_min: float
    mean_own_per_min: float
    mean_closeness: float
    chosen_per_min: float


class BreathingPacer:
    """Paces the breath.

    Parameters
    ----------
    chosen_per_min : float or None
        Breaths a minute, 4–20; None follows the partner.
    in_share : float
        Share of a breath that goes in; 0.4 is 2 : 3.
    slew_per_min_per_s : float
        How fast the rate moves, breaths a minute each second.

    Attributes
    ----------
    state : BreathingState
        What to show now.

    Raises
    ------
    SettingsError
        `chosen_per_min` lies outside 4–20.
    ValueError
        `in_share` lies outside 0.2–0.8.
    """

    def __init__(
        self,
        chosen_per_min: float | None = None,
        *,
        in_share: float = 0.4,
        slew_per_min_per_s: float = 0.2,
    ) -> None:
        if not 0.2 <= in_share <= 0.8:
            raise ValueError(f"in_share must lie between 0.2 and 0.8, not {in_share}")
        self._in_share = in_share
        self._slew = slew_per_min_per_s
        self._chosen = math.nan
        self._measured = math.nan
        self._rate = math.nan
        self._cycle = 0.0  # 0–1 of one breath, beginning with in
        self._watch = Stopwatch()
        self._duration_s = self._paced_s = self._own_s = self._both_s = 0.0
        self._pacer_sum = self._own_sum = self._close_sum = 0.0
        self._done = False
        self.state = BreathingState()
        self.choose(chosen_per_min)

    def choose(self, per_min: float | None) -> None:
        """Pace at this rate from now on, or, with None, at the partner's."""
        if per_min is not None and not LOWEST_PER_MIN <= per_min <= HIGHEST_PER_MIN:
            raise SettingsError(
                f"The breathing pacer takes {LOWEST_PER_MIN:g} to {HIGHEST_PER_MIN:g} breaths a minute; "
                f"{per_min:g} is outside."
            )
        self._chosen = math.nan if per_min is None else per_min

    def tick(self, now_s: float, inputs: BreathingInputs) -> BreathingState:
        """Go on to `now_s`; after a pause between ticks the pacer goes on where it was."""
        passed = min(self._watch.step(now_s), _LONGEST_STEP_S)
        if self._done:
            return self.state
        if math.isfinite(inputs.partner_per_min):
            self._measured = inputs.partner_per_min
        source, wanted = self._source(inputs)
        target = min(max(wanted, LOWEST_PER_MIN), HIGHEST_PER_MIN) if source != "none" else math.nan
        self._move(passed, target)
        own = inputs.own_per_min
        difference = own - self._rate
        closeness = math.exp(-((difference / _MATCH_SIGMA) ** 2)) if math.isfinite(difference) else math.nan
        self._count(passed, own, closeness)
        self.state = self._shown(source, target, limited=target != wanted, own=own, closeness=closeness)
        return self.state

    def stop(self) -> BreathingResult:
        """End it; return what to keep."""
        self._done = True
        self.state = BreathingState(phase="done", prompt="breathing.done")
        return BreathingResult(
            duration_s=self._duration_s,
            paced_s=self._paced_s,
            own_known_s=self._own_s,
            mean_pacer_per_min=_mean(self._pacer_sum, self._paced_s),
            mean_own_per_min=_mean(self._own_sum, self._own_s),
            mean_closeness=_mean(self._close_sum, self._both_s),
            chosen_per_min=self._chosen,
        )

    def _source(self, inputs: BreathingInputs) -> tuple[str, float]:
        if math.isfinite(self._chosen):
            return "chosen", self._chosen
        if math.isfinite(inputs.partner_per_min):
            return "measured", inputs.partner_per_min
        if math.isfinite(self._measured):
            return "remembered", self._measured
        return "none", math.nan

    def _move(self, passed: float, target: float) -> None:
        """Bring the rate nearer to `target` and go on in the breath."""
        if math.isnan(target):
            # Only before there was ever a rhythm, or when a chosen one was taken back: what runs runs on.
            target = self._rate
        if math.isnan(self._rate):
            self._rate = target  # it begins at once: there is no breath yet that could be broken
            return
        step = self._slew * passed
        self._rate += min(max(target - self._rate, -step), step)
        self._cycle = (self._cycle + passed * self._rate / 60.0) % 1.0

    def _count(self, passed: float, own: float, closeness: float) -> None:
        self._duration_s += passed
        if math.isfinite(self._rate):
            self._paced_s += passed
            self._pacer_sum += passed * self._rate
        if math.isfinite(own):
            self._own_s += passed
            self._own_sum += passed * own
        if math.isfinite(closeness):
            self._both_s += passed
            self._close_sum += passed * closeness

    def _shown(
        self, source: str, target: float, *, limited: bool, own: float, closeness: float
    ) -> BreathingState:
        if math.isnan(self._rate):
            return BreathingState(own_per_min=own)
        going_in = self._cycle < self._in_share
        share = (
            self._cycle / self._in_share
            if going_in
            else (self._cycle - self._in_share) / (1.0 - self._in_share)
        )
        swing = 0.5 - 0.5 * math.cos(math.pi * share)
        prompt = {"none": "breathing.waiting"}.get(source, f"breathing.{source}")
        if source == "measured" and limited:
            prompt = "breathing.limited"
        if self._paced_s % _REMIND_S >= _REMIND_S - _REMIND_FOR_S:
            prompt = "breathing.ease"
        return BreathingState(
            phase="in" if going_in else "out",
            progress=share,
            fullness=swing if going_in else 1.0 - swing,
            rate_per_min=self._rate,
            target_per_min=target,
            source=source,
            own_per_min=own,
            difference_per_min=own - self._rate,
            closeness=closeness,
            prompt=prompt,
            notice=_closeness_key(closeness),
        )


def _closeness_key(closeness: float) -> str:
    if math.isnan(closeness):
        return "breathing.own_unknown"
    if closeness > _SAME:
        return "breathing.same"
    return "breathing.near" if closeness > _NEAR else "breathing.apart"


def _mean(total: float, seconds: float) -> float:
    return total / seconds if seconds > 0 else math.nan
