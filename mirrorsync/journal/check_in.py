"""The weekly check-in: how one feels, in words from the wheel or of one's own, and how strongly."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mirrorsync.errors import JournalError
from mirrorsync.journal.entries import Entry
from mirrorsync.journal.store import Journal
from mirrorsync.journal.wheel import core_of

__all__ = ["CHECK_IN_EVERY", "CheckInState", "Feeling", "add_check_in", "check_in_state", "feelings_of"]

CHECK_IN_EVERY = timedelta(days=7)
LONGEST_WORD = 80


@dataclass(frozen=True, slots=True)
class Feeling:
    """A word for a feeling, from the wheel or one's own, and how strong it is, 0–1."""

    word: str
    intensity: float

    @property
    def core(self) -> str:
        """Which of the wheel's eight it belongs to; empty for a word of one's own."""
        return core_of(self.word)


@dataclass(frozen=True, slots=True)
class CheckInState:
    """Whether a check-in is due; shown inside the program only.

    Attributes
    ----------
    due : bool
        The last one was more than seven days ago, or there was none yet.
    last : datetime or None
        When the last one was, in UTC.
    days : int or None
        Whole days since.
    """

    due: bool
    last: datetime | None
    days: int | None


def add_check_in(
    journal: Journal, feelings: Iterable[Feeling], words: str = "", *, draft: str | None = None
) -> Entry:
    """Write a check-in.

    Parameters
    ----------
    journal : Journal
        Where it is written.
    feelings : iterable of Feeling
        At least one, unless there are words; of one word said twice the last counts.
    words : str
        What one wants to say about it.
    draft : str, optional
        Key of the draft it was written as.

    Raises
    ------
    JournalError
        Nothing was said, an intensity is not from 0 to 1, or the journal cannot be written.
    """
    chosen: dict[str, Feeling] = {}
    for feeling in feelings:
        word = " ".join(feeling.word.split())
        if not word or len(word) > LONGEST_WORD:
            raise JournalError(f"A word for a feeling has 1 to {LONGEST_WORD} letters; write more as a note.")
        if not (math.isfinite(feeling.intensity) and 0.0 <= feeling.intensity <= 1.0):
            raise JournalError(f"{feeling.intensity} is no intensity; give a number from 0 to 1.")
        chosen[word] = Feeling(word, float(feeling.intensity))
    if not chosen and not words.strip():
        raise JournalError("A check-in needs at least one feeling, or some words.")
    choices = [{"word": f.word, "core": f.core, "intensity": f.intensity} for f in chosen.values()]
    return journal.add("check_in", words, data={"choices": choices}, draft=draft)


def feelings_of(entry: Entry) -> tuple[Feeling, ...]:
    """Return the feelings of a check-in; what another program left there that is none is passed over."""
    found = []
    for choice in entry.data.get("choices", ()):
        try:
            found.append(Feeling(str(choice["word"]), min(max(float(choice["intensity"]), 0.0), 1.0)))
        except (KeyError, TypeError, ValueError):
            continue
    return tuple(found)


def check_in_state(journal: Journal, now: datetime | None = None) -> CheckInState:
    """Return whether a check-in is due at `now` (default: this moment)."""
    newest = journal.entries(kinds=["check_in"], limit=1)
    if not newest:
        return CheckInState(due=True, last=None, days=None)
    last = datetime.fromisoformat(newest[0].created_utc)
    passed = (now or datetime.now(UTC)) - last
    return CheckInState(due=passed > CHECK_IN_EVERY, last=last, days=max(passed.days, 0))
