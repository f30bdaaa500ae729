"""Warm-up: one minute in which posture opens and the gaze softens while both neutrals are learnt.

Two questions come first, once and for all: whether one's own picture arrives flipped, and which form of
mirroring counts (LaFrance & Broadbent 1976, 10.1177/105960117600100307, counted both as posture sharing).
They come first because whoever reads and clicks is not at rest. Neutrals are taken from the second half of
the minute: expressions are compared after subtracting them, so a face that is still settling would tilt every
later score.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from mirrorsync.practice.base import LONGEST_STEP_S, Stopwatch

__all__ = ["CHOICES", "Warmup", "WarmupAnswers", "WarmupInputs", "WarmupResult", "WarmupState"]

CHOICES: dict[str, tuple[str, ...]] = {
    "warmup.flipped": ("flipped", "not_flipped", "later"),
    "warmup.mirror": ("mirror", "anatomical", "auto", "later"),
}
"""Question key to the answers it takes; the words of an answer are at ``question.answer``."""

_MIN_SEEN = 0.5  # share of the learning in which a person must be seen for a neutral
_UNSEEN_S = 2.0  # nobody is told that they are missing for less


@dataclass(frozen=True, slots=True)
class WarmupAnswers:
    """What is remembered from one session to the next.

    Attributes
    ----------
    flipped : bool or None
        Whether one's own picture arrives flipped, as in a mirror; None: not known yet.
    mirror : str or None
        "mirror", "anatomical" or "auto", as `Settings.mirror`; None: not known yet.
    """

    flipped: bool | None = None
    mirror: str | None = None


@dataclass(frozen=True, slots=True)
class WarmupInputs:
    """Whether each person's face was found at this tick; None where there was no picture to look at."""

    seen_a: bool | None
    seen_b: bool | None


@dataclass(frozen=True, slots=True)
class WarmupState:
    """What to show.

    Attributes
    ----------
    phase : str
        "ready", "question", "posture", "gaze" or "done".
    progress : float
        0–1 of the minute.
    prompt, question : str
        Keys of `mirrorsync.practice.texts`.
    notice : str
        Key of a remark beside the prompt (who is not in the picture); empty for none.
    learning : bool
        True while neutrals are to be learnt: when it turns True, calibrate both for `Warmup.learn_s`.
    left_s : float
        Seconds left of the minute.
    outcome : tuple of str
        Keys of what holds from now on, once it is done.
    """

    phase: str = "ready"
    progress: float = 0.0
    prompt: str = ""
    question: str = ""
    notice: str = ""
    learning: bool = False
    left_s: float = math.nan
    outcome: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WarmupResult:
    """What to keep.

    `seen_a` and `seen_b` are the shares of the learning in which each was seen, NaN when there was none;
    `learnt_a` and `learnt_b` say whether that was enough for a neutral.
    """

    kind: ClassVar[str] = "practice.warmup"

    completed: bool
    duration_s: float
    seen_a: float
    seen_b: float
    learnt_a: bool
    learnt_b: bool
    answers: WarmupAnswers


class Warmup:
    """Leads through the minute.

    Parameters
    ----------
    known : WarmupAnswers
        What was answered before; only the rest is asked.
    seconds : float
        Length without the questions.

    Attributes
    ----------
    learn_s : float
        For how long neutrals are learnt, at the end of the minute.
    state : WarmupState
        What to show now.
    result : WarmupResult or None
        What to keep, once it is over.
    """

    def __init__(self, known: WarmupAnswers | None = None, *, seconds: float = 60.0) -> None:
        self._answers = known or WarmupAnswers()
        self._seconds = seconds
        self.learn_s = seconds / 2
        self._open = [
            question
            for question, answer in (
                ("warmup.flipped", self._answers.flipped),
                ("warmup.mirror", self._answers.mirror),
            )
            if answer is None
        ]
        self._watch = Stopwatch()
        self._settling_s = 0.0
        self._learnt_s = 0.0
        self._seen_s = {"a": 0.0, "b": 0.0}
        self._unseen_s = {"a": 0.0, "b": 0.0}
        self.state = WarmupState()
        self.result: WarmupResult | None = None

    @property
    def answers(self) -> WarmupAnswers:
        """What is known of the two questions now."""
        return self._answers

    def tick(self, now_s: float, inputs: WarmupInputs) -> WarmupState:
        """Go on to `now_s`; while a question is open the minute waits."""
        passed = self._watch.step(now_s)
        if self.result is not None:
            return self.state
        if not self._open and self.state.phase in ("posture", "gaze"):
            self._settling_s += passed
            self._count(passed, inputs)
        if self._settling_s >= self._seconds:
            self._finish(completed=True)
        else:
            self.state = self._state()
        return self.state

    def answer(self, choice: str) -> WarmupState:
        """Answer the open question with one of `CHOICES`; "later" leaves it for the next session.

        Raises
        ------
        ValueError
            No question is open, or it does not take `choice`.
        """
        question = self.state.question
        if choice not in CHOICES.get(question, ()):
            raise ValueError(f"{choice!r} does not answer {question or 'anything that was asked'}")
        if choice != "later":
            if question == "warmup.flipped":
                self._answers = replace(self._answers, flipped=choice == "flipped")
            else:
                self._answers = replace(self._answers, mirror=choice)
        self._open.remove(question)
        self.state = self._state()
        return self.state

    def stop(self) -> WarmupResult:
        """End it now; return what to keep."""
        return self.result or self._finish(completed=False)

    def _count(self, passed: float, inputs: WarmupInputs) -> None:
        """Add the time in which each was seen, and in which each was missing."""
        learning = self.state.learning
        self._learnt_s += passed if learning else 0.0
        for side, seen in (("a", inputs.seen_a), ("b", inputs.seen_b)):
            if learning and seen:
                self._seen_s[side] += min(passed, LONGEST_STEP_S)
            if seen is not None:  # whether a picture is missing is said by the picture
                self._unseen_s[side] = 0.0 if seen else self._unseen_s[side] + passed

    def _state(self) -> WarmupState:
        if self._open:
            return WarmupState("question", question=self._open[0], left_s=self._seconds)
        learning = self._settling_s >= self._seconds - self.learn_s
        phase = "gaze" if learning else "posture"
        notice = {
            (False, False): "",
            (True, False): "warmup.unseen_you",
            (False, True): "warmup.unseen_partner",
            (True, True): "warmup.unseen_both",
        }[self._unseen_s["a"] > _UNSEEN_S, self._unseen_s["b"] > _UNSEEN_S]
        return WarmupState(
            phase=phase,
            progress=min(self._settling_s / self._seconds, 1.0),
            prompt=f"warmup.{phase}",
            notice=notice,
            learning=learning,
            left_s=self._seconds - self._settling_s,
        )

    def _finish(self, *, completed: bool) -> WarmupResult:
        seen = {s: self._seen_s[s] / self._learnt_s if self._learnt_s > 0 else math.nan for s in ("a", "b")}
        learnt_a, learnt_b = (completed and seen[side] >= _MIN_SEEN for side in ("a", "b"))
        self.result = WarmupResult(
            completed=completed,
            duration_s=self._settling_s,
            seen_a=seen["a"],
            seen_b=seen["b"],
            learnt_a=learnt_a,
            learnt_b=learnt_b,
            answers=self._answers,
        )
        prompt = {
            (True, True): "warmup.done",
            (True, False): "warmup.done_you",
            (False, True): "warmup.done_partner",
            (False, False): "warmup.done_none",
        }[learnt_a, learnt_b]
        self.state = WarmupState(
            phase="done",
            progress=min(self._settling_s / self._seconds, 1.0),
            prompt=prompt if completed else "warmup.stopped",
            left_s=0.0,
            outcome=self._outcome(),
        )
        return self.result

    def _outcome(self) -> tuple[str, ...]:
        flipped = {None: "", True: "warmup.now.flipped", False: "warmup.now.not_flipped"}
        mirror = f"warmup.now.{self._answers.mirror}" if self._answers.mirror else ""
        return tuple(key for key in (flipped[self._answers.flipped], mirror) if key)
