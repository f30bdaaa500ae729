"""What came of the exercises of a recorded session, as entries of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mirrorsync.journal import Journal
from mirrorsync.practice.texts import TEXTS, say
from mirrorsync.review.library import introduce
from mirrorsync.session.reader import SessionReader
from mirrorsync.types import SessionEvent

__all__ = ["PracticeEntry", "keep_practice", "practice_entries", "practice_of"]

_LABEL = "practice.emotion_label"
_NAMED = ("confirmed", "clarified")


@dataclass(frozen=True, slots=True)
class PracticeEntry:
    """One entry: its kind in the journal, its words, seconds since the session's start, and the result."""

    kind: str
    text: str
    start_s: float
    data: Mapping[str, Any] = field(default_factory=dict)


def practice_entries(events: Iterable[SessionEvent]) -> list[PracticeEntry]:
    """Return an entry for each exercise that was done and each feeling that was named.

    Cues are passed over, and sentences that were let pass or not taken up: nothing is made of them.
    """
    found = []
    for event in events:
        words = _WORDS.get(event.kind)
        data = dict(event.data)
        if words is not None:
            entry = {"exercise": event.kind.removeprefix("practice."), **data}
            found.append(PracticeEntry("practice", words(data), event.t_ns / 1e9, entry))
        elif event.kind == _LABEL and data.get("outcome") in _NAMED:
            at_s = float(data.get("at_s") or event.t_ns / 1e9)
            found.append(PracticeEntry("emotion_label", _label(data), at_s, data))
    return found


def practice_of(path: Path) -> list[PracticeEntry]:
    """Return the entries of a session file.

    Raises
    ------
    SessionError
        It cannot be read.
    """
    with SessionReader(path) as reader:
        return practice_entries(reader.events())


def keep_practice(journal: Journal, path: Path) -> int:
    """Write what came of a session's exercises into the journal; return how many entries are new.

    An entry that stands there already is not written again. Answers that were written there during the
    session are joined to it instead.

    Raises
    ------
    SessionError
        The session cannot be read.
    JournalError
        The journal cannot be written.
    """
    entries = practice_of(path)
    if not entries:
        return 0
    ref = introduce(journal, path)
    _join_own_words(journal, ref.id, entries)
    there = journal.entries(session=ref.id, kinds=("practice", "emotion_label"))
    known = [(one.kind, one.start_s, dict(one.data)) for one in there]
    new = [one for one in entries if (one.kind, one.start_s, dict(one.data)) not in known]
    for one in new:
        journal.add(one.kind, one.text, session=ref.id, start_s=one.start_s, data=one.data)
    return len(new)


def _join_own_words(journal: Journal, session: str, entries: list[PracticeEntry]) -> None:
    """Tell answers that stand in the journal already of their session, and leave them out of `entries`."""
    times = {one.data["words_id"]: one.start_s for one in entries if one.data.get("words_id")}
    if not times:
        return
    written = {
        one.data["words_id"]: one
        for one in journal.entries(kinds=("reflection",))
        if one.data.get("words_id") in times
    }
    for words_id, answer in written.items():
        journal.change(answer.id, session=session, start_s=times[words_id])
    for at, one in enumerate(entries):
        if one.data.get("words_id") in written:
            data = {name: value for name, value in one.data.items() if name != "answer"}
            entries[at] = replace(one, text=_gaze(data), data=data)


def _warmup(data: Mapping[str, Any]) -> str:
    learnt = bool(data.get("learnt_a")), bool(data.get("learnt_b"))
    ending = {(True, True): "done", (True, False): "done_you", (False, True): "done_partner"}
    outcome = say(f"warmup.{ending.get(learnt, 'done_none')}")
    return say("journal.warmup").format(seconds=_number(data, "duration_s"), outcome=outcome)


def _breathing(data: Mapping[str, Any]) -> str:
    key = "journal.breathing" if data.get("mean_own_per_min") is not None else "journal.breathing_unknown"
    minutes, seconds = divmod(round(_number(data, "duration_s")), 60)
    return say(key).format(
        minutes=minutes,
        seconds=seconds,
        pacer=_number(data, "mean_pacer_per_min"),
        own=_number(data, "mean_own_per_min"),
    )


def _gaze(data: Mapping[str, Any]) -> str:
    key = "journal.gaze" if data.get("measured", True) else "journal.gaze.timer"
    line = say(key).format(filled=_number(data, "filled_s"), wanted=_number(data, "wanted_s"))
    if not data.get("answer"):
        return line
    return f"{line}\n\n{TEXTS.get(str(data.get('question')), '')}\n{data['answer']}"


def _label(data: Mapping[str, Any]) -> str:
    outcome = say(f"label.outcome.{data['outcome']}").format(words=data.get("clarified_as", ""))
    return say("journal.label").format(seen=data.get("seen", ""), outcome=outcome)


def _number(data: Mapping[str, Any], name: str) -> float:
    value = data.get(name)
    return 0.0 if value is None else float(value)


_WORDS = {"practice.warmup": _warmup, "practice.breathing": _breathing, "practice.mutual_gaze": _gaze}
