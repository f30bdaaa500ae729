"""From the status of a session to the one sentence that matters most."""

from __future__ import annotations

from dataclasses import dataclass

from mirrorsync.engine.status import CONDITIONS, FeedStatus, LiveStatus
from mirrorsync.ui import trouble_texts

__all__ = ["NO_TROUBLE", "Trouble", "sentence_of", "worst_of"]

_GRAVE = ("lost", "stalled", "ended")  # nothing comes from that side any more, what weighs most first


@dataclass(frozen=True, slots=True)
class Trouble:
    """A sentence that says whose picture is meant, and whether nothing comes from it."""

    sentence: str = ""
    grave: bool = False


NO_TROUBLE = Trouble()


def sentence_of(status: FeedStatus, side: str) -> str:
    """Return what a person should know: what weighs most of the picture's conditions, else of the feed."""
    if not status.conditions:
        return "" if status.state == "opening" else status.sentence
    worst = status.conditions[0]
    if worst in ("reconnecting", "stalled") and status.sentence:
        return f"{status.sentence} {trouble_texts.CONDITIONS[worst][side]}".strip()
    return trouble_texts.CONDITIONS[worst][side]


def worst_of(status: LiveStatus) -> Trouble:
    """Return what is wrong with the side that is worse off."""
    ranked = []
    for side, feed in (("a", status.a), ("b", status.b)):
        sentence = sentence_of(feed, side)
        if not sentence:
            continue
        grave = feed.state in _GRAVE or "still" in feed.conditions
        rank = _GRAVE.index(feed.state) if feed.state in _GRAVE else len(_GRAVE)
        worst = CONDITIONS.index(feed.conditions[0]) if feed.conditions else len(CONDITIONS)
        if grave and "still" not in feed.conditions:  # what the feed says itself does not say whose it is
            sentence = trouble_texts.WHOSE[side].format(sentence=sentence)
        ranked.append((rank, worst, side, Trouble(sentence, grave)))
    return min(ranked, key=lambda one: one[:3])[3] if ranked else NO_TROUBLE
