"""A conversation as it is kept: who spoke when, in which turns, and how."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields, replace
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mirrorsync.types import FloatArray, SessionEvent
from mirrorsync.voice.attribution import attribute_speech
from mirrorsync.voice.echo import find_echo, without_echo
from mirrorsync.voice.entrainment import entrainment
from mirrorsync.voice.listening import VoiceTrack
from mirrorsync.voice.prosody import TurnProsody, prosody_of_turn
from mirrorsync.voice.turns import Turn, conversation_measures, find_turns, floor_states

__all__ = ["VOICE_EVENT", "Conversation", "SpokenTurn", "conversation_of_mix", "conversation_of_two"]

VOICE_EVENT = "voice"
"""Kind of the session event that holds `Conversation.as_dict()`."""

_SAME_GAIN = 0.7  # convention: two channels that hold each other at −3 dB or more are the same mixture
_DIGITS = 4
_MEASURES = {"pitch_st": "pitch", "loudness_db": "loudness", "rate_syl_s": "rate"}


@dataclass(frozen=True, slots=True)
class SpokenTurn(Turn):
    """A turn and how it was spoken, see `Turn` and `mirrorsync.voice.prosody.TurnProsody`."""

    pitch_hz: float = math.nan
    pitch_sd_st: float = math.nan
    loudness_db: float = math.nan
    rate_syl_s: float = math.nan

    @property
    def pitch_st(self) -> float:
        """Pitch in semitones above 1 Hz: differences mean the same for high and low voices."""
        return 12 * math.log2(self.pitch_hz) if self.pitch_hz > 0 else math.nan


@dataclass(frozen=True, slots=True)
class Conversation:
    """Who spoke when.

    Attributes
    ----------
    source : str
        "two channels" (one person each) or "one mixture" (told by the mouths).
    duration_s : float
        What was listened to.
    speech_a, speech_b : ndarray, shape (n, 2)
        Start and end of each stretch of speech, s.
    unclear : ndarray, shape (n, 2)
        Speech that could not be given to anybody.
    turns : tuple of SpokenTurn
        In order. Of a mixture, the unclear speech is in none, so that turns may be shorter than they were.
    """

    source: str
    duration_s: float
    speech_a: FloatArray
    speech_b: FloatArray
    unclear: FloatArray
    turns: tuple[SpokenTurn, ...]

    def floor(self, times_s: FloatArray) -> NDArray[np.str_]:
        """Return who speaks at each time: "a", "b", "both", "none" or "unclear", shape (n,)."""
        return floor_states(times_s, self.speech_a, self.speech_b, self.unclear)

    def measures(self) -> dict[str, Any]:
        """Return talk balance, turn-taking and vocal synchrony as named numbers; NaN: too little of it.

        See `mirrorsync.voice.turns.conversation_measures` and `mirrorsync.voice.entrainment.entrainment`.
        """
        found: dict[str, Any] = {"source": self.source, "duration_s": self.duration_s}
        found["unclear_share"] = float(np.diff(self.unclear).sum()) / self.duration_s
        found |= conversation_measures(self.turns, self.speech_a, self.speech_b, duration_s=self.duration_s)
        pairs = list(self._answers())
        for measure, name in _MEASURES.items():
            a, b = ([getattr(pair[person], measure) for pair in pairs] for person in ("a", "b"))
            found[f"vocal_synchrony_{name}"] = asdict(entrainment(a, b))
        return found

    def without(self, stretches: Sequence[tuple[float, float]]) -> Conversation:
        """Return it without some stretches (start, end in s): speech is cut there, turns there go."""
        if not stretches:
            return self
        kept = replace(
            self,
            speech_a=_cut(self.speech_a, stretches),
            speech_b=_cut(self.speech_b, stretches),
            unclear=_cut(self.unclear, stretches),
            duration_s=self.duration_s
            - sum(max(0.0, min(end, self.duration_s) - start) for start, end in stretches),
        )
        whole = [
            t for t in self.turns if not any(t.start_s < end and t.end_s > start for start, end in stretches)
        ]
        return replace(kept, turns=tuple(whole))

    def as_dict(self) -> dict[str, Any]:
        """Return plain, JSON-ready values."""
        return {
            "source": self.source,
            "duration_s": self.duration_s,
            **{
                name: np.round(getattr(self, name), _DIGITS).tolist()
                for name in ("speech_a", "speech_b", "unclear")
            },
            "turns": [{key: _plain(value) for key, value in asdict(turn).items()} for turn in self.turns],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return what `as_dict` gave; KeyError or TypeError when it is not that."""
        names = [field.name for field in fields(SpokenTurn)]
        stored: list[dict[str, Any]] = [
            {name: math.nan if turn[name] is None else turn[name] for name in names}
            for turn in values["turns"]
        ]
        turns = tuple(SpokenTurn(**turn) for turn in stored)
        speech = {
            name: np.array(values[name], np.float64).reshape(-1, 2)
            for name in ("speech_a", "speech_b", "unclear")
        }
        return cls(source=values["source"], duration_s=values["duration_s"], turns=turns, **speech)

    @classmethod
    def of_events(cls, events: Iterable[SessionEvent]) -> Self | None:
        """Return the conversation among the events of a session; None when nobody listened."""
        stored = next((event for event in events if event.kind == VOICE_EVENT), None)
        return None if stored is None else cls.from_dict(stored.data)

    def _answers(self) -> Sequence[Mapping[str, SpokenTurn]]:
        """Return the turns on both sides of every change of the floor, by person."""
        floor = [turn for turn in self.turns if turn.kind in {"turn", "interruption"}]
        return [
            {one.person: one, other.person: other}
            for one, other in pairwise(floor)
            if one.person != other.person
        ]


def conversation_of_two(a: VoiceTrack, b: VoiceTrack) -> tuple[Conversation | None, tuple[str, ...]]:
    """Return the conversation on two channels of one clock, one person each, and what is worth telling.

    An echo of the other person is taken out. None when both channels hold the same mixture.
    """
    echoes = {"a": find_echo(b.head, a.head), "b": find_echo(a.head, b.head)}
    if all(echo is not None and echo.gain >= _SAME_GAIN for echo in echoes.values()):
        return None, ()
    notes: list[str] = []
    speech = {"a": a.speech, "b": b.speech}
    for person, own, other in (("a", a, b), ("b", b, a)):
        echo = echoes[person]
        if echo is not None:
            speech[person] = without_echo(own.speech, other.power, own.power, echo)
            heard = "B is heard in A's sound" if person == "a" else "A is heard in B's sound"
            notes.append(
                f"{heard}, {echo.lag_s * 1000:.0f} ms late; that echo is not counted as speech. "
                "Headphones prevent it."
            )
    tracks = {"a": a, "b": b}
    turns = tuple(
        _spoken(
            turn, prosody_of_turn(tracks[turn.person].prosody, speech[turn.person], turn.start_s, turn.end_s)
        )
        for turn in find_turns(speech["a"], speech["b"])
    )
    duration_s = max(a.duration_s, b.duration_s)
    found = Conversation("two channels", duration_s, speech["a"], speech["b"], np.empty((0, 2)), turns)
    return found, tuple(notes)


def conversation_of_mix(
    mixture: VoiceTrack, mouth_a: FloatArray, mouth_b: FloatArray, *, rate_hz: float
) -> Conversation:
    """Return the conversation on one mixed track, told by the mouths.

    Parameters
    ----------
    mixture : VoiceTrack
        The sound, on the clock of the mouths.
    mouth_a, mouth_b : ndarray, shape (n,)
        Opening of each mouth (`jawOpen`), NaN where not seen.
    rate_hz : float
        Their values per second, more than 4.

    Raises
    ------
    ValueError
        Fewer than 4 values per second.
    """
    times = np.arange(mouth_a.size) / rate_hz
    edges = mixture.speech.reshape(-1)
    speaking = np.searchsorted(edges, times, side="right") % 2 == 1
    states = attribute_speech(mouth_a, mouth_b, np.asarray(speaking), rate_hz=rate_hz)
    given = {name: _runs(states == name) / rate_hz for name in ("a", "b", "unclear")}
    turns = tuple(
        _spoken(turn, prosody_of_turn(mixture.prosody, given[turn.person], turn.start_s, turn.end_s))
        for turn in find_turns(given["a"], given["b"])
    )
    return Conversation("one mixture", mixture.duration_s, given["a"], given["b"], given["unclear"], turns)


def _spoken(turn: Turn, prosody: TurnProsody) -> SpokenTurn:
    return SpokenTurn(*astuple(turn), *astuple(prosody))


def _runs(mask: NDArray[np.bool_]) -> FloatArray:
    """Return start and end (behind the last) of each run of True, shape (n, 2)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return edges.reshape(-1, 2).astype(np.float64)


def _cut(segments: FloatArray, stretches: Sequence[tuple[float, float]]) -> FloatArray:
    rows = [tuple(row) for row in segments.tolist()]
    for low, high in stretches:
        rows = [
            piece
            for start, end in rows
            for piece in ((start, min(end, low)), (max(start, high), end))
            if piece[1] > piece[0]
        ]
    return np.array(rows, np.float64).reshape(-1, 2)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS) if math.isfinite(value) else None
    return value
