"""Reflections that were begun and not kept: drafts in the journal, one for each moment of a session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mirrorsync.journal.drafts import Draft
from mirrorsync.practice.reflection import ReflectionMoment
from mirrorsync.practice.texts import say

__all__ = ["Unfinished", "draft_key", "draft_of", "unfinished", "words_of"]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The moment that was asked about, and what was written so far, by question key."""

    moment: ReflectionMoment
    answers: Mapping[str, str]


def draft_key(session: str, moment: ReflectionMoment) -> str:
    """Return the name of the draft of a moment, whatever it is called: its time in milliseconds counts."""
    return f"reflect {session} {round(1000 * moment.time_s)}"


def draft_of(draft: Draft) -> Unfinished:
    """Return what stands in a draft; what another program left there that is none is passed over."""
    start_s, answers = draft.data.get("start_s"), draft.data.get("answers")
    moment = ReflectionMoment(
        float(start_s) if isinstance(start_s, int | float) else 0.0,
        str(draft.data.get("moment", "")),
        str(draft.data.get("sentence", "")),
    )
    found = answers if isinstance(answers, dict) else {}
    return Unfinished(moment, {key: text for key, text in found.items() if isinstance(text, str)})


def unfinished(drafts: Iterable[Draft], session: str) -> list[Unfinished]:
    """Return the reflections of a session that are not finished, in the order of their time."""
    found = [draft_of(draft) for draft in drafts if draft.key.startswith(f"reflect {session} ")]
    return sorted(found, key=lambda one: one.moment.time_s)


def words_of(answers: Iterable[tuple[str, str]]) -> str:
    """Return answers by question key as one text, each below its question."""
    return "\n\n".join(f"{say(key)}\n{answer}" for key, answer in answers)
