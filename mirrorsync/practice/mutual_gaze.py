"""Mutual gaze: a ring that fills only while both look at each other, and one question afterwards.

Unless the gaze directions of both people were calibrated, the ring is a plain timer and claims nothing
about who looked.

Half a minute is long on purpose: people left to themselves prefer about 3 s at a stretch (Binetti et al.
2016, 10.1098/rsos.160086). So the ring asks for no unbroken look (it never empties), it can be left at any
moment, and a key brings a sentence that grounds.

What counts is the score `mutual_gaze`: both within several degrees of the other's picture. A webcam cannot
tell a look into the eyes from one beside them; calibrating both directions first makes the most of it. When
that fails it is said, and it can be tried again or done with a plain timer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from mirrorsync.errors import SettingsError
from mirrorsync.practice.base import LONGEST_STEP_S, Stopwatch

__all__ = ["MutualGaze", "MutualGazeResult", "MutualGazeState"]

SHORTEST_S, LONGEST_S = 5.0, 300.0
_DIRECTIONS = ("partner", "camera")
_GET_THERE_S = 1.5  # from the request to look somewhere until it is measured
_LATE_S = 5.0  # a measurement that takes so much longer than it should has failed
_UNKNOWN_S = 1.0  # nobody is told that eyes are not seen for less


@dataclass(frozen=True, slots=True)
class MutualGazeState:
    """What to show.

    Attributes
    ----------
    phase : str
        "ready" (before `begin`), "calibrating", "unmeasured" (that failed: `again` or `go_on`), "looking",
        "grounding", "question" or "done".
    progress : float
        0–1: how full the ring is; while calibrating, how much of that is done.
    together : bool
        Both look, or looked a fraction of a second ago: whether the ring is lit.
    prompt, notice, question : str
        Keys of `mirrorsync.practice.texts`; the notice goes beside the prompt.
    calibrating : str
        "partner" or "camera" while that direction is to be measured: when it changes, calibrate for
        `MutualGaze.calibrate_s`, and tell `MutualGaze.measured` of the outcome. Empty otherwise.
    filled_s, left_s : float
        Seconds looked at each other so far, and those still to go.
    """

    phase: str = "ready"
    progress: float = 0.0
    together: bool = False
    prompt: str = "gaze.ready"
    notice: str = ""
    question: str = ""
    calibrating: str = ""
    filled_s: float = 0.0
    left_s: float = math.nan


@dataclass(frozen=True, slots=True)
class MutualGazeResult:
    """What to keep.

    Seconds: `wanted_s`; `filled_s` of both looking; `longest_s` of these in one stretch (breaks within the
    grace do not end one); `duration_s` in all without groundings; `unknown_s` of it in which the eyes were
    not seen. `answer` is empty when the question was left alone. `measured` is False when the ring was a
    plain timer: then `filled_s` is clock time, and who looked is not known.
    """

    kind: ClassVar[str] = "practice.mutual_gaze"

    completed: bool
    wanted_s: float
    filled_s: float
    longest_s: float
    duration_s: float
    unknown_s: float
    groundings: int
    question: str
    answer: str
    measured: bool = True


class MutualGaze:
    """Leads through the exercise.

    Parameters
    ----------
    seconds : float
        How long to look at each other in all, 5–300.
    calibrate : bool
        Whether to measure first where the eyes rest on the picture and on the camera.
    timer : bool
        Fill the ring with time alone, whatever the eyes do.
    calibrate_s : float
        For how long each direction is measured.
    grace_s : float
        A break up to this long (a blink) leaves the ring lit, but does not fill it.

    Attributes
    ----------
    state : MutualGazeState
        What to show now.
    result : MutualGazeResult or None
        What to keep, once it is over.
    calibrated : bool
        Whether the look at the other's picture was measured for both.

    Raises
    ------
    SettingsError
        `seconds` lies outside 5–300.
    """

    def __init__(
        self,
        seconds: float = 30.0,
        *,
        calibrate: bool = False,
        timer: bool = False,
        calibrate_s: float = 3.0,
        grace_s: float = 0.4,
    ) -> None:
        if not SHORTEST_S <= seconds <= LONGEST_S:
            raise SettingsError(
                f"Looking at each other takes {SHORTEST_S:g} to {LONGEST_S:g} seconds; "
                f"{seconds:g} is outside."
            )
        self._seconds = seconds
        self.calibrate_s = calibrate_s
        self._directions = list(_DIRECTIONS) if calibrate else []
        self._unmeasured = ""
        self.calibrated = False
        self._timer = timer
        self._grace_s = grace_s
        self._watch = Stopwatch()
        self._step_s = 0.0  # within one direction of the calibration
        self._looked = False
        self._since_look_s = math.inf
        self._since_known_s = 0.0
        self._filled_s = self._stretch_s = self._longest_s = self._duration_s = self._unknown_s = 0.0
        self._groundings = 0
        self.state = MutualGazeState(left_s=seconds)
        self.result: MutualGazeResult | None = None

    def begin(self) -> MutualGazeState:
        """Leave "ready"; does nothing later."""
        if self.state.phase == "ready":
            self._show("calibrating" if self._directions else "looking")
        return self.state

    def tick(self, now_s: float, mutual: float) -> MutualGazeState:
        """Go on to `now_s`.

        Parameters
        ----------
        now_s : float
            Seconds.
        mutual : float
            Score `mutual_gaze`: 1 while both look, 0 while not, NaN while it cannot be told.
        """
        passed = self._watch.step(now_s)
        phase = self.state.phase
        if phase == "calibrating":
            self._step_s += passed
            if self._step_s >= _GET_THERE_S + self.calibrate_s + _LATE_S:
                return self.measured(you=False, partner=False)
        elif phase == "looking":
            self._look(passed, mutual)
            if self._filled_s >= self._seconds:
                phase = "question"
        self._show(phase)
        return self.state

    def measured(self, *, you: bool, partner: bool) -> MutualGazeState:
        """Take that the direction in `state.calibrating` was measured, and of whom it could be.

        Only the look at the other's picture has to be: the ring goes by it. The one at the camera says
        how well the two can be told apart.
        """
        direction = self.state.calibrating
        if direction == "partner" and not (you and partner):
            self._unmeasured = {(False, True): "you", (True, False): "partner"}.get((you, partner), "both")
            self._show("unmeasured")
        elif direction:
            self.calibrated = self.calibrated or direction == "partner"
            self._directions.pop(0)
            self._step_s = 0.0
            self._show("calibrating" if self._directions else "looking")
        return self.state

    def again(self) -> MutualGazeState:
        """Measure once more, after that failed."""
        if self.state.phase == "unmeasured":
            self._step_s = 0.0
            self._show("calibrating")
        return self.state

    def go_on(self) -> MutualGazeState:
        """Go on with a plain timer after the calibration failed."""
        if self.state.phase == "unmeasured":
            self._timer = True
            self._show("looking")
        return self.state

    def ground(self) -> MutualGazeState:
        """It became much: hold the clock and show the grounding sentence."""
        if self.state.phase == "looking":
            self._groundings += 1
            self._pause()
            self._show("grounding")
        return self.state

    def resume(self) -> MutualGazeState:
        """Go on after grounding."""
        if self.state.phase == "grounding":
            self._show("looking")
        return self.state

    def stop(self) -> MutualGazeState:
        """End the looking now and ask the question; before there was any, or at the question, end it all."""
        if self.state.phase in ("looking", "grounding"):
            self._show("question")
        elif self.state.phase != "done":
            self._finish("")
        return self.state

    def answer(self, text: str) -> MutualGazeResult:
        """Answer the question, in the user's own words or with nothing; return what to keep.

        Raises
        ------
        ValueError
            The question is not open.
        """
        if self.state.phase != "question":
            raise ValueError("there is no question to answer yet")
        return self._finish(text.strip())

    def _look(self, passed: float, mutual: float) -> None:
        self._duration_s += passed
        if self._timer:
            self._filled_s = min(self._filled_s + passed, self._seconds)
            return
        looks = mutual >= 0.5
        if math.isnan(mutual):
            self._unknown_s += passed
            self._since_known_s += passed
        else:
            self._since_known_s = 0.0
        if looks and self._looked and passed <= LONGEST_STEP_S:
            # Not before the last second is full: the ring closes exactly when the time is looked.
            self._filled_s = min(self._filled_s + passed, self._seconds)
            self._stretch_s += passed
            self._longest_s = max(self._longest_s, min(self._stretch_s, self._seconds))
        else:
            self._since_look_s += passed
            if self._since_look_s > self._grace_s:
                self._stretch_s = 0.0
        if looks:
            self._since_look_s = 0.0
        self._looked = looks

    def _pause(self) -> None:
        """Forget the newest look: what follows a pause is a new stretch."""
        self._looked = False
        self._since_look_s = math.inf
        self._stretch_s = self._since_known_s = 0.0

    def _show(self, phase: str) -> None:
        together = phase == "looking" and self._since_look_s <= self._grace_s
        state = MutualGazeState(
            phase=phase,
            progress=self._filled_s / self._seconds,
            together=together,
            prompt="",
            filled_s=self._filled_s,
            left_s=self._seconds - self._filled_s,
        )
        if phase == "ready":
            state = replace(state, prompt="gaze.ready")
        elif phase == "calibrating":
            whole = _GET_THERE_S + self.calibrate_s
            direction = self._directions[0]
            state = replace(
                state,
                progress=min(self._step_s / whole, 1.0),
                prompt=f"gaze.calibrate_{direction}",
                calibrating=direction if self._step_s >= _GET_THERE_S else "",
            )
        elif phase == "unmeasured":
            prompt = f"gaze.unmeasured_{self._unmeasured}"
            state = replace(state, prompt=prompt, notice="gaze.unmeasured")
        elif phase == "looking":
            unknown = "gaze.unknown" if self._since_known_s > _UNKNOWN_S else "gaze.waiting"
            prompt = "gaze.timer" if self._timer else "gaze.together" if together else unknown
            state = replace(state, prompt=prompt)
        elif phase == "grounding":
            state = replace(state, prompt="gaze.grounding")
        elif phase == "question":
            state = replace(state, question="gaze.reflect")
        elif phase == "done":
            state = replace(state, prompt="gaze.done")
        self.state = state

    def _finish(self, text: str) -> MutualGazeResult:
        self.result = MutualGazeResult(
            completed=self._filled_s >= self._seconds,
            wanted_s=self._seconds,
            filled_s=self._filled_s,
            longest_s=self._longest_s,
            duration_s=self._duration_s,
            unknown_s=self._unknown_s,
            groundings=self._groundings,
            question="gaze.reflect",
            answer=text,
            measured=not self._timer and self.state.phase not in ("calibrating", "unmeasured"),
        )
        self._show("done")
        return self.result
