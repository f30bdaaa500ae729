"""A session as tiers of labelled stretches of time, for tools that annotate recordings (ELAN, Praat)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.session.store import SessionReader
from mirrorsync.synchrony.events import WITHIN_S, NodOnsets, SmileOnsets
from mirrorsync.tables import CHANNELS, FEATURE_INDEX, N_FEATURES, SYNC_CHANNELS
from mirrorsync.types import FloatArray, SessionEvent, WindowRow
from mirrorsync.voice.conversation import VOICE_EVENT, Conversation

__all__ = ["Interval", "Tier", "plain_text", "tiers"]

_HIGH, _LOW = 0.66, 0.34  # attunement one chance SD above and below chance
_MIN_STRETCH_S = 2.0
_MIN_LEAD_S = 0.5
_MIN_GONE_S = 0.5
_SMILE_OFF = 0.08  # as SmileOnsets
_NOD_S = 0.6
_SMILES = [FEATURE_INDEX["mouthSmileLeft"], FEATURE_INDEX["mouthSmileRight"]]
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of a session, seconds from its start, and what is said of it."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Tier:
    """Intervals of one kind, in order, none overlapping another.

    `kind` is leader, moment, event, window, gap, turn or note; `person` is "A", "B" or "" for both.
    """

    name: str
    kind: str
    person: str
    intervals: tuple[Interval, ...]


def plain_text(text: str) -> str:
    """Return text without the characters that XML cannot hold, in one line."""
    return " ".join(_CONTROL.sub(" ", text).split())


def tiers(reader: SessionReader, *, left_out: Sequence[tuple[float, float]] = ()) -> tuple[Tier, ...]:
    """Return the tiers of a session.

    Attunement a chance SD above and below chance for 2 s or more, shared smiles, who leads, smiles and nods
    of each, where a face was not found, the synchrony windows (of those that overlap, every next one that
    does not), who speaks where there was sound, what else was kept with the session, and, if any,
    the stretches that are left out.

    Parameters
    ----------
    reader : SessionReader
        The session, without what was seen in the stretches.
    left_out : sequence of (start_s, end_s)
        Stretches in which "no face" would only say that nobody looked.
    """
    times: list[FloatArray] = []
    attunement: list[FloatArray] = []
    leaders: list[NDArray[np.str_]] = []
    found: dict[str, list[NDArray[np.bool_]]] = {"A": [], "B": []}
    shown: dict[str, list[NDArray[np.bool_]]] = {"A": [], "B": []}
    faces = {side: _Face(_neutrals(reader, side.lower()), reader) for side in "AB"}
    for block in reader.blocks():
        times.append(block.time_s)
        attunement.append(block.scores["attunement"].value)
        leaders.append(block.leader)
        for side, there, values in (
            ("A", block.face_a, block.features_a),
            ("B", block.face_b, block.features_b),
        ):
            found[side].append(there)
            shown[side].append(np.asarray(np.isfinite(values).any(axis=1)))
            faces[side].add(block.t_ns, values)
    time_s = _joined(times)
    end_s = reader.duration_s + (time_s[0] if time_s.size else 0.0)
    smiles = {side: face.smiles(time_s, end_s) for side, face in faces.items()}
    level = _joined(attunement)
    stretches = np.where(level >= _HIGH, "above chance", np.where(level <= _LOW, "below chance", ""))
    lead = np.concatenate(leaders) if leaders else np.empty(0, dtype=np.str_)
    lead_texts = np.where(lead == "a", "A leads", np.where(lead == "b", "B leads", ""))
    out = [
        Tier("Attunement", "moment", "", tuple(_runs(stretches, time_s, end_s, _MIN_STRETCH_S))),
        Tier("Shared smiles", "moment", "", tuple(_shared(smiles["A"], smiles["B"]))),
        Tier("Leader", "leader", "", tuple(_runs(lead_texts, time_s, end_s, _MIN_LEAD_S))),
    ]
    looked = np.ones(time_s.shape, dtype=np.bool_)
    for start_s, stop_s in left_out:
        looked &= ~((time_s >= start_s) & (time_s < stop_s))
    for side in "AB":
        there = np.concatenate(found[side]) if found[side] else np.empty(0, dtype=np.bool_)
        pictures = np.concatenate(shown[side]) if shown[side] else np.empty(0, dtype=np.bool_)
        begun = np.logical_or.accumulate(pictures)  # before its first picture nobody could be seen
        gone = np.where(there | ~looked | ~begun, "", "no face")
        out += [
            Tier(f"Smiles {side}", "event", side, tuple(smiles[side])),
            Tier(f"Nods {side}", "event", side, tuple(faces[side].nods(time_s, end_s))),
            Tier(f"Not seen {side}", "gap", side, tuple(_runs(gone, time_s, end_s, _MIN_GONE_S))),
        ]
    windows = list(reader.windows())
    out += [
        Tier(f"{CHANNELS[name].title} windows", "window", "", tuple(_windows(windows, name, end_s)))
        for name in SYNC_CHANNELS
    ]
    spoken = Conversation.of_events(reader.events(VOICE_EVENT))
    if spoken is not None:
        out += [
            Tier(f"Turns {side}", "turn", side, tuple(_turns(spoken, side.lower(), end_s))) for side in "AB"
        ]
    out.append(Tier("Events", "note", "", tuple(_kept(reader, end_s))))
    if left_out:
        marked = _apart(Interval(start_s, min(stop_s, end_s), "left out") for start_s, stop_s in left_out)
        out.append(Tier("Left out", "gap", "", tuple(marked)))
    return tuple(out)


class _Face:
    """Finds the smiles and nods of one person, block by block."""

    def __init__(self, neutrals: list[tuple[int, FloatArray]], reader: SessionReader) -> None:
        rate_hz = float(reader.meta.parameters.get("rate_hz", 25.0))
        self._neutrals = neutrals
        self._smile, self._nod = SmileOnsets(rate_hz=rate_hz), NodOnsets(rate_hz=rate_hz)
        self._smiled: list[int] = []
        self._nodded: list[int] = []
        self._height: list[FloatArray] = []

    def add(self, t_ns: NDArray[np.int64], values: FloatArray) -> None:
        starts = [at for at, _ in self._neutrals]
        known = [np.full(N_FEATURES, np.nan), *(neutral for _, neutral in self._neutrals)]
        for row, which in zip(values, np.searchsorted(starts, t_ns, side="right"), strict=True):
            neutral = known[which]
            for onset, to in (
                (self._smile.update(row, neutral), self._smiled),
                (self._nod.update(row), self._nodded),
            ):
                if onset is not None:
                    to.append(onset)
            self._height.append(row[_SMILES] - neutral[_SMILES])

    def smiles(self, time_s: FloatArray, end_s: float) -> list[Interval]:
        """Return the smiles, each to where the lips have come back or the face is lost."""
        if not self._smiled:
            return []
        off = ~(np.array(self._height).mean(axis=1) > _SMILE_OFF)
        out = []
        for at in self._smiled:
            later = np.flatnonzero(off[at:])
            stop = time_s[at + later[0]] if later.size else end_s
            out.append(Interval(float(time_s[at]), float(stop), "smile"))
        return _apart(out)

    def nods(self, time_s: FloatArray, end_s: float) -> list[Interval]:
        """Return the nods, each from where it began."""
        began = [float(time_s[at]) for at in self._nodded]
        return _apart(Interval(start, min(start + _NOD_S, end_s), "nod") for start in began)


def _neutrals(reader: SessionReader, side: str) -> list[tuple[int, FloatArray]]:
    """Return from when each neutral of a person holds, nanoseconds, and its features."""
    out = []
    for event in reader.events("neutral"):
        if event.data["side"] == side:
            values = np.full(N_FEATURES, np.nan)
            for name, value in event.data["values"].items():
                if name in FEATURE_INDEX:
                    values[FEATURE_INDEX[name]] = value
            out.append((event.t_ns, values))
    return out


def _joined(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate(parts) if parts else np.empty(0)


def _runs(texts: NDArray[np.str_], time_s: FloatArray, end_s: float, min_s: float) -> Iterator[Interval]:
    """Yield the runs of one and the same text, "" left out, that last `min_s` or more."""
    if not texts.size:
        return
    starts = np.flatnonzero(np.concatenate([[True], texts[1:] != texts[:-1]]))
    bounds = np.append(time_s[starts], end_s)
    for k, at in enumerate(starts):
        if texts[at] and bounds[k + 1] - bounds[k] >= min_s:
            yield Interval(float(bounds[k]), float(bounds[k + 1]), str(texts[at]))


def _shared(a: list[Interval], b: list[Interval]) -> list[Interval]:
    """Return smiles that one began within a second of the other's beginning."""
    out = []
    for mine in a:
        for yours in b:
            late_s = yours.start_s - mine.start_s
            if abs(late_s) <= WITHIN_S["smile"]:
                who = "B answers" if late_s > 0 else "A answers" if late_s < 0 else "together"
                first, last = min(mine.start_s, yours.start_s), max(mine.end_s, yours.end_s)
                out.append(Interval(first, last, f"{who}, {abs(late_s):.1f} s" if late_s else who))
                break
    return _apart(out)


def _windows(rows: list[WindowRow], channel: str, end_s: float) -> Iterator[Interval]:
    """Yield what the windows of a channel say, passing over those that overlap the one before."""
    free_s = 0.0
    for row in rows:
        if row.channel != channel or row.start_s < free_s - 1e-6 or not np.isfinite(row.peak_r):
            continue
        free_s = row.end_s
        lag = f" at {row.peak_lag_s:+.2f} s" if np.isfinite(row.peak_lag_s) else ""
        lead = f", {row.leader.upper()} leads" if row.leader != "none" else ""
        yield Interval(max(row.start_s, 0.0), min(row.end_s, end_s), f"r {row.peak_r:.2f}{lag}{lead}")


def _turns(spoken: Conversation, person: str, end_s: float) -> list[Interval]:
    """Return what a person said: "turn", "interruption", "overlap" or "backchannel"."""
    own = (turn for turn in spoken.turns if turn.person == person)
    return _apart(Interval(turn.start_s, min(turn.end_s, end_s), turn.kind) for turn in own)


def _kept(reader: SessionReader, end_s: float) -> list[Interval]:
    """Return what was kept with the session beside neutrals and voice: notes, bookmarks, cues, answers."""
    found = [event for event in reader.events() if event.kind not in {"neutral", VOICE_EVENT}]
    out = []
    for event in found:
        start_s = event.t_ns / 1e9
        out.append(Interval(start_s, min(start_s + 1.0, max(end_s, start_s)), _said(event)))
    return _apart(out)


def _said(event: SessionEvent) -> str:
    details = [str(value) for value in event.data.values() if isinstance(value, (str, int, float))]
    return plain_text(": ".join([event.kind, ", ".join(details)] if details else [event.kind]))


def _apart(intervals: Iterable[Interval]) -> list[Interval]:
    """Return intervals in order, each cut where the next begins; empty ones are left out."""
    ordered = sorted(intervals, key=lambda one: (one.start_s, one.end_s))
    out = []
    for k, one in enumerate(ordered):
        limit = ordered[k + 1].start_s if k + 1 < len(ordered) else one.end_s
        if min(one.end_s, limit) > one.start_s:
            out.append(Interval(one.start_s, min(one.end_s, limit), one.text))
    return out
