"""Emotion labelling: when an expression stays, a tentative sentence that the coach may say, as a question.

The program sees the form of a face and names nobody's feeling. Faces tell feelings unreliably and differently
from person to person (Barrett et al. 2019, 10.1177/1529100619832930), so what it offers is an invitation, in
the coach's voice, that the partner confirms, puts into their own words, or lets pass. Finding a word for a
feeling can ease it (Lieberman et al. 2007, 10.1111/j.1467-9280.2007.01916.x); the last word is the partner's.
Off until it is switched on, after an explanation of what it can and cannot know.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Protocol

from mirrorsync.practice.base import Hold, Stopwatch

__all__ = [
    "OUTCOMES",
    "PATTERNS",
    "EmotionLabelling",
    "HeldPattern",
    "LabelEntry",
    "LabellingResult",
    "LabellingState",
]

PATTERNS: tuple[str, ...] = ("happy", "sad", "surprise", "anger", "fear", "disgust", "contempt")
"""Patterns that there is an invitation for, at ``label.invite.NAME``."""

OUTCOMES: tuple[str, ...] = ("confirmed", "clarified", "passed")
"""What `answer` takes; an entry may also be "unanswered"."""


class HeldPattern(Protocol):
    """An expression pattern that is visible now, as plain values."""

    @property
    def name(self) -> str:
        """One of `PATTERNS`; others are passed over."""

    @property
    def words(self) -> str:
        """What is visible, in words."""

    @property
    def strength(self) -> float:
        """0–1."""


@dataclass(frozen=True, slots=True)
class LabellingState:
    """What to show.

    Attributes
    ----------
    phase : str
        "off", "listening", "inviting" or "resting".
    progress : float
        0–1: while inviting, of the time the invitation stays; while resting, of the cool-down.
    prompt, question : str
        Keys of `mirrorsync.practice.texts`; `question` is the sentence offered, in phase "inviting" only.
    seen : str
        What the invitation goes by, in words ("a sad-looking pattern"); empty otherwise.
    """

    phase: str = "off"
    progress: float = 0.0
    prompt: str = "label.explanation"
    question: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One invitation and what became of it.

    Attributes
    ----------
    at_s, answered_s : float
        When it was offered and answered, on the caller's clock; `answered_s` NaN when it was not.
    pattern, seen : str
        Name of the pattern, and its words.
    strength : float
        0–1, when it was offered.
    held_s : float
        How long the pattern had held by then, by the exercise's own count.
    outcome : str
        "confirmed", "clarified", "passed" or "unanswered".
    clarified_as : str
        The partner's own words, with "clarified".
    """

    at_s: float
    pattern: str
    seen: str
    strength: float
    held_s: float
    outcome: str = "unanswered"
    clarified_as: str = ""
    answered_s: float = math.nan


@dataclass(frozen=True, slots=True)
class LabellingResult:
    """What to keep: every invitation in order of time."""

    kind: ClassVar[str] = "practice.emotion_labelling"

    entries: tuple[LabelEntry, ...]


class EmotionLabelling:
    """Waits for a pattern that holds and offers one invitation at a time.

    Parameters
    ----------
    hold_s : float
        For how long a pattern must be there without a break.
    min_strength : float
        Weaker patterns are passed over, 0–1.
    open_s : float
        An invitation that nobody took up goes away after this.
    cooldown_s : float
        From the end of one invitation to the next.

    Attributes
    ----------
    state : LabellingState
        What to show now.
    """

    def __init__(
        self,
        *,
        hold_s: float = 3.0,
        min_strength: float = 0.5,
        open_s: float = 30.0,
        cooldown_s: float = 90.0,
    ) -> None:
        self._hold_s, self._min_strength = hold_s, min_strength
        self._open_s, self._cooldown_s = open_s, cooldown_s
        self._watch = Stopwatch()
        self._hold = Hold(grace_s=0.0)
        self._name = ""
        self._open: LabelEntry | None = None
        self._closed_s = -math.inf
        self._entries: list[LabelEntry] = []
        self.state = LabellingState()

    @property
    def log(self) -> tuple[LabelEntry, ...]:
        """The invitations that are over, in order of time."""
        return tuple(self._entries)

    def switch_on(self, *, explained: bool) -> LabellingState:
        """Begin to listen.

        Raises
        ------
        ValueError
            `explained` is False: the explanation (``label.explanation``) comes first.
        """
        if not explained:
            raise ValueError("the explanation must have been shown before labelling is switched on")
        if self.state.phase == "off":
            self._hold.clear()
            self.state = LabellingState("listening", prompt="label.listening")
        return self.state

    def tick(self, now_s: float, pattern: HeldPattern | None, *, writing: bool = False) -> LabellingState:
        """Go on to `now_s` with the partner's pattern, None while there is none or it cannot be told.

        An invitation does not go away while words to it are being written.
        """
        passed = self._watch.step(now_s)
        if self.state.phase == "off":
            return self.state
        name = pattern.name if pattern is not None and self._counts(pattern) else ""
        if name != self._name:
            self._name = name
            self._hold.clear()
        held_s = self._hold.update(passed, bool(name))
        if self._open is not None and not writing and now_s - self._open.at_s >= self._open_s:
            self._close(now_s, self._open)
        rested = now_s - self._closed_s >= self._cooldown_s
        if self._open is None and pattern is not None and rested and name and held_s >= self._hold_s:
            self._open = LabelEntry(now_s, name, pattern.words, float(pattern.strength), held_s)
        self.state = self._shown(now_s)
        return self.state

    def answer(self, outcome: str, words: str = "") -> LabelEntry:
        """Note what became of the open invitation; "clarified" takes the partner's words.

        Raises
        ------
        ValueError
            None is open, `outcome` is none of `OUTCOMES`, or "clarified" comes without words.
        """
        if self._open is None:
            raise ValueError("there is no open invitation to answer")
        words = words.strip()
        if outcome not in OUTCOMES or (outcome == "clarified") != bool(words):
            raise ValueError(f"an invitation is confirmed, clarified with words, or passed; not {outcome!r}")
        now_s = self._watch.now_s
        opened = self._open
        entry = LabelEntry(
            at_s=opened.at_s,
            pattern=opened.pattern,
            seen=opened.seen,
            strength=opened.strength,
            held_s=opened.held_s,
            outcome=outcome,
            clarified_as=words,
            answered_s=now_s,
        )
        self._close(now_s, entry)
        self.state = self._shown(now_s)
        return entry

    def stop(self) -> LabellingResult:
        """Switch it off; return what to keep. An open invitation is kept as unanswered."""
        if self._open is not None:
            self._close(self._watch.now_s, self._open)
        self._name = ""
        self._hold.clear()
        self.state = LabellingState()
        return LabellingResult(self.log)

    def _counts(self, pattern: HeldPattern) -> bool:
        return pattern.name in PATTERNS and pattern.strength >= self._min_strength

    def _close(self, now_s: float, entry: LabelEntry) -> None:
        self._entries.append(entry)
        self._open = None
        self._closed_s = now_s
        self._hold.clear()

    def _shown(self, now_s: float) -> LabellingState:
        if self._open is not None:
            return LabellingState(
                phase="inviting",
                progress=min((now_s - self._open.at_s) / self._open_s, 1.0),
                prompt="",
                question=f"label.invite.{self._open.pattern}",
                seen=self._open.seen,
            )
        rested_s = now_s - self._closed_s
        if rested_s < self._cooldown_s:
            return LabellingState("resting", rested_s / self._cooldown_s, "label.resting")
        return LabellingState("listening", prompt="label.listening")
