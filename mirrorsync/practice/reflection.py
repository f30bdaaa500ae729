"""Pause and reflect: playback stops at a moment that matters and asks; the answers go into the journal.

A state machine: it is told where playback is, says when to stop and what to ask, and gives back what was
answered. It never stops twice at the same moment, never within `rest_s` after the last stop, and never
after a jump over a moment: only what was watched is asked about.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

__all__ = ["QUESTIONS", "Reflection", "ReflectionMoment", "ReflectionResult", "ReflectionState"]

QUESTIONS: tuple[str, ...] = ("reflect.what_happened", "reflect.body", "reflect.now")
"""What is asked, as keys of `mirrorsync.practice.texts`."""

_LONGEST_STEP_S = 2.0  # playback moved further than this: a jump, not watching


@dataclass(frozen=True, slots=True)
class ReflectionMoment:
    """A moment to stop at: when, of which kind, and what it is, in words."""

    time_s: float
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ReflectionState:
    """What to show.

    Attributes
    ----------
    phase : str
        "off", "watching" or "asking".
    moment : ReflectionMoment or None
        What is asked about, while asking.
    questions : tuple of str
        Keys of the questions, while asking.
    """

    phase: str
    moment: ReflectionMoment | None = None
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReflectionResult:
    """What was answered at a moment: question key to answer, without the empty ones."""

    kind: ClassVar[str] = "reflection"

    moment: ReflectionMoment
    answers: tuple[tuple[str, str], ...]


class Reflection:
    """Decides when to stop and ask.

    Parameters
    ----------
    moments : iterable of ReflectionMoment
        Where to stop; may be replaced while playback goes on.
    after_s : float
        Stop this long after the moment, so that it has been seen.
    rest_s : float
        At least so much is watched between two stops, in seconds of the session.
    on : bool
        Whether it stops at all.
    """

    def __init__(
        self,
        moments: Iterable[ReflectionMoment] = (),
        *,
        after_s: float = 1.5,
        rest_s: float = 30.0,
        on: bool = True,
    ) -> None:
        self._after_s = after_s
        self._rest_s = rest_s
        self._on = on
        self._at_s = math.nan
        self._watched_s = math.inf  # since the last stop
        self._asking: ReflectionMoment | None = None
        self._asked: set[tuple[float, str]] = set()
        self._moments: list[ReflectionMoment] = []
        self.set_moments(moments)

    @property
    def state(self) -> ReflectionState:
        """What to show now."""
        if self._asking is not None:
            return ReflectionState("asking", self._asking, QUESTIONS)
        return ReflectionState("watching" if self._on else "off")

    def set_moments(self, moments: Iterable[ReflectionMoment]) -> None:
        """Replace the moments to stop at; what was asked already is not asked again."""
        self._moments = sorted(moments, key=lambda moment: moment.time_s)

    def switch(self, on: bool) -> None:
        """Switch stopping on or off; a question that is open stays open."""
        self._on = on

    def tick(self, position_s: float, *, playing: bool) -> bool:
        """Say where playback is; return True when it is to stop now.

        Parameters
        ----------
        position_s : float
            Seconds since the start of the session.
        playing : bool
            Whether it goes on; only what plays is watched.
        """
        before_s, self._at_s = self._at_s, position_s
        step_s = position_s - before_s
        if not playing or self._asking is not None or not 0 < step_s <= _LONGEST_STEP_S:
            return False
        self._watched_s += step_s
        if not self._on or self._watched_s < self._rest_s:
            return False
        for moment in self._moments:
            key = (moment.time_s, moment.kind)
            if before_s < moment.time_s + self._after_s <= position_s and key not in self._asked:
                self._begin(moment)
                return True
        return False

    def ask(self, moment: ReflectionMoment) -> None:
        """Ask about a moment now, because the user wants to."""
        self._begin(moment)

    def answer(self, answers: dict[str, str]) -> ReflectionResult | None:
        """Take the answers and close the question; see `result`."""
        result = self.result(answers)
        self._asking = None
        return result

    def result(self, answers: dict[str, str]) -> ReflectionResult | None:
        """Return what to keep of answers by question key, None when nothing was said; the question stays.

        Raises
        ------
        ValueError
            Nothing was asked, or a key is not a question's.
        """
        if self._asking is None:
            raise ValueError("nothing was asked")
        if not answers.keys() <= set(QUESTIONS):
            raise ValueError(f"no such questions: {sorted(answers.keys() - set(QUESTIONS))}")
        said = tuple((key, answers[key]) for key in QUESTIONS if answers.get(key, "").strip())
        return ReflectionResult(self._asking, said) if said else None

    def skip(self) -> None:
        """Close the question without an answer."""
        self._asking = None

    def _begin(self, moment: ReflectionMoment) -> None:
        self._asking = moment
        self._asked.add((moment.time_s, moment.kind))
        self._watched_s = 0.0
