"""Who has the floor: turns, back-channels, interruptions, gaps and overlaps.

Input is when each of two people speaks, in seconds; where that comes from is not this module's concern.
The vocabulary is that of Sacks, Schegloff & Jefferson (1974, 10.1353/lan.1974.0010) and Heldner & Edlund
(2010, 10.1016/j.wocn.2010.08.002); the limits that have no source are named as conventions below.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.types import FloatArray

__all__ = ["BACKCHANNEL_S", "FLOOR_STATES", "Turn", "conversation_measures", "find_turns", "floor_states"]

BACKCHANNEL_S = 1.0
"""Longest back-channel, s. A convention; "mhm" and "yeah, right" last 0.2 to 0.9 s."""
_RESUME_S = 1.5  # convention: how soon after a back-channel the other person goes on
_OVERLAP_S = 0.2  # convention: two people who start or stop within this do not interrupt each other

FLOOR_STATES: tuple[str, ...] = ("a", "b", "both", "none", "unclear")


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that one person said.

    Attributes
    ----------
    person : str
        "a" or "b".
    start_s, end_s : float
        From the first to the last sound; pauses of the same person lie inside.
    kind : str
        "turn": the floor was free or was left. "interruption": the other person was speaking, stopped, and
        this person went on. "overlap": spoken while the other person kept the floor, too long for a
        back-channel. "backchannel": short, and the other person kept the floor.
    transition_s : float
        Floor transfer offset: from the end of the other person's turn to the start of this one; negative:
        they overlap. NaN where the floor did not change hands.
    speech_s : float
        Time spoken inside, s; the rest are pauses.
    """

    person: str
    start_s: float
    end_s: float
    kind: str
    transition_s: float
    speech_s: float


@dataclass(frozen=True, slots=True)
class _Utterance:
    person: str
    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s


def find_turns(speech_a: FloatArray, speech_b: FloatArray) -> tuple[Turn, ...]:
    """Return what two people said, in order of its start.

    Parameters
    ----------
    speech_a, speech_b : ndarray, shape (n, 2)
        Start and end of each stretch of speech, s, in order and without overlap within a person
        (`mirrorsync.voice.activity.speech_segments`).

    Returns
    -------
    tuple of Turn
        Swapping the arguments swaps the people and changes nothing else.
    """
    spoken = [
        _Utterance(person, float(start), float(end))
        for person, segments in (("a", speech_a), ("b", speech_b))
        for start, end in np.asarray(segments, np.float64).reshape(-1, 2)
    ]
    spoken.sort(key=lambda one: (one.start_s, -one.end_s, one.person))
    by_person = {person: [one for one in spoken if one.person == person] for person in ("a", "b")}
    starts = {person: [one.start_s for one in own] for person, own in by_person.items()}
    short = [
        _is_backchannel(one, starts[one.person], by_person["b" if one.person == "a" else "a"])
        for one in spoken
    ]
    turns = [
        Turn(one.person, one.start_s, one.end_s, "backchannel", float("nan"), one.length_s)
        for one, is_short in zip(spoken, short, strict=True)
        if is_short
    ]
    turns += _floor_turns([one for one, is_short in zip(spoken, short, strict=True) if not is_short])
    return tuple(sorted(turns, key=lambda turn: (turn.start_s, turn.person)))


def _is_backchannel(one: _Utterance, own: Sequence[float], others: Sequence[_Utterance]) -> bool:
    """Whether it is short and the other person had the floor before it and keeps it after it.

    `own` are the starts of this person's utterances, `others` the other person's utterances, both in order.
    """
    if one.length_s > BACKCHANNEL_S:
        return False
    place = bisect_left(others, one.start_s, key=lambda other: other.start_s)
    if place == 0:
        return False
    last = others[place - 1]
    if last.end_s >= one.end_s:
        return last.length_s > one.length_s  # spoken within the other's utterance
    if place == len(others) or others[place].start_s - one.end_s > _RESUME_S:
        return False
    after = others[place]
    if bisect_left(own, after.start_s) - bisect_right(own, last.start_s) > 1:
        return False  # this person says more before the other goes on
    return min(last.length_s, after.length_s) > one.length_s


def _floor_turns(spoken: Sequence[_Utterance]) -> list[Turn]:
    turns: list[Turn] = []
    holder: list[_Utterance] = []  # utterances of the turn that has the floor

    def close(transition_s: float, kind: str) -> None:
        speech_s = sum(one.length_s for one in holder)
        turns.append(Turn(holder[0].person, holder[0].start_s, _end(holder), kind, transition_s, speech_s))

    transition_s, kind = float("nan"), "turn"
    for one in spoken:
        if not holder:
            holder = [one]
        elif one.person == holder[-1].person:
            holder.append(one)
        elif one.end_s <= _end(holder):  # the floor stays
            turns.append(Turn(one.person, one.start_s, one.end_s, "overlap", float("nan"), one.length_s))
        else:
            close(transition_s, kind)
            transition_s = one.start_s - _end(holder)
            cut = transition_s < -_OVERLAP_S and one.start_s - holder[-1].start_s > _OVERLAP_S
            kind = "interruption" if cut else "turn"
            holder = [one]
    if holder:
        close(transition_s, kind)
    return turns


def _end(utterances: Sequence[_Utterance]) -> float:
    return max(one.end_s for one in utterances)


def floor_states(
    times_s: FloatArray,
    speech_a: FloatArray,
    speech_b: FloatArray,
    unclear: FloatArray | None = None,
) -> NDArray[np.str_]:
    """Return who speaks at each time: "a", "b", "both", "none" or "unclear".

    Parameters
    ----------
    times_s : ndarray, shape (n,)
        Seconds.
    speech_a, speech_b, unclear : ndarray, shape (m, 2)
        Start and end of each stretch, s. `unclear` is speech that could not be given to anybody.
    """
    a, b = _inside(times_s, speech_a), _inside(times_s, speech_b)
    states = np.select([a & b, a, b], ["both", "a", "b"], default="none").astype("<U7")
    if unclear is not None:
        states[_inside(times_s, unclear)] = "unclear"
    return states


def _inside(times_s: FloatArray, segments: FloatArray) -> NDArray[np.bool_]:
    edges = np.asarray(segments, np.float64).reshape(-1)
    return np.asarray(np.searchsorted(edges, times_s, side="right") % 2 == 1)


def conversation_measures(
    turns: Sequence[Turn], speech_a: FloatArray, speech_b: FloatArray, *, duration_s: float
) -> dict[str, float]:
    """Return talk balance and turn-taking of a conversation as named numbers.

    Shares are 0–1, rates are per minute of the conversation, times are in seconds; quartiles stand beside
    medians because these distributions are skewed. NaN where there is nothing to count.

    Parameters
    ----------
    turns : sequence of Turn
        From `find_turns`.
    speech_a, speech_b : ndarray, shape (n, 2)
        When each speaks.
    duration_s : float
        Length of what was listened to.

    Raises
    ------
    ValueError
        `duration_s` is not positive.
    """
    if duration_s <= 0:
        raise ValueError(f"duration_s must be positive, got {duration_s}")
    spoken = {person: _total(speech) for person, speech in (("a", speech_a), ("b", speech_b))}
    both_s = _overlap_s(speech_a, speech_b)
    minutes, total = duration_s / 60, spoken["a"] + spoken["b"]
    found: dict[str, float] = {
        "silence_share": 1 - (total - both_s) / duration_s,
        "overlap_share": both_s / duration_s,
    }
    for person in ("a", "b"):
        own = [turn for turn in turns if turn.person == person]
        floor = [turn for turn in own if turn.kind in {"turn", "interruption"}]
        found[f"talk_share_{person}"] = spoken[person] / total if total else float("nan")
        found[f"turns_{person}"] = float(len(floor))
        found |= _quartiles(f"turn_length_{person}", [turn.end_s - turn.start_s for turn in floor])
        found |= _quartiles(f"transition_{person}", [turn.transition_s for turn in floor])
        found[f"pause_share_{person}"] = _pause_share(floor)
        for kind in ("interruption", "backchannel", "overlap"):
            found[f"{kind}s_{person}_per_min"] = sum(turn.kind == kind for turn in own) / minutes
    return found


def _total(segments: FloatArray) -> float:
    rows = np.asarray(segments, np.float64).reshape(-1, 2)
    return float((rows[:, 1] - rows[:, 0]).sum())


def _overlap_s(first: FloatArray, second: FloatArray) -> float:
    x, y = (np.asarray(rows, np.float64).reshape(-1, 2) for rows in (first, second))
    low = np.maximum(x[:, None, 0], y[None, :, 0])
    return float(np.maximum(0, np.minimum(x[:, None, 1], y[None, :, 1]) - low).sum())


def _quartiles(name: str, values: Sequence[float]) -> Mapping[str, float]:
    there = np.array([value for value in values if np.isfinite(value)])
    low, middle, high = np.quantile(there, (0.25, 0.5, 0.75)) if there.size else (float("nan"),) * 3
    return {f"{name}_median_s": float(middle), f"{name}_q1_s": float(low), f"{name}_q3_s": float(high)}


def _pause_share(turns: Sequence[Turn]) -> float:
    whole = sum(turn.end_s - turn.start_s for turn in turns)
    return 1 - sum(turn.speech_s for turn in turns) / whole if whole else float("nan")
