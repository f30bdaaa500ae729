"""Who speaks in the recordings of a session: their sound, heard on the session's clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirrorsync.capture.feed import parse_feed
from mirrorsync.capture.sound import sound_chunks, sound_tracks
from mirrorsync.engine.exclusion import Exclusion
from mirrorsync.errors import SourceError
from mirrorsync.settings import Settings
from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import FloatArray, Snapshot
from mirrorsync.voice.activity import SAMPLE_RATE_HZ
from mirrorsync.voice.conversation import Conversation, conversation_of_mix, conversation_of_two
from mirrorsync.voice.listening import VoiceListener, VoiceTrack

__all__ = ["Mouths", "listen"]

_JAW = FEATURE_INDEX["jawOpen"]
_LEAST_RATE_HZ = 4.0
_CLIPPED = 0.02


class Mouths:
    """How far both mouths are open, tick by tick."""

    def __init__(self) -> None:
        self._open: tuple[list[float], list[float]] = ([], [])

    def add(self, snapshot: Snapshot) -> None:
        """Take one tick."""
        for person, values in zip((snapshot.pair.a, snapshot.pair.b), self._open, strict=True):
            values.append(float("nan") if person is None else float(person.values[_JAW]))

    @property
    def opening(self) -> tuple[FloatArray, FloatArray]:
        """Of A and B, each of shape (n,); NaN where not seen."""
        return np.array(self._open[0]), np.array(self._open[1])


@dataclass(frozen=True, slots=True)
class _Sound:
    """One track of one file, and by how much its clock is late against the session's."""

    path: str
    track: int
    late_s: float = 0.0


def listen(
    feed_a: str, feed_b: str, mouths: Mouths, settings: Settings, *, duration_s: float
) -> tuple[Conversation | None, tuple[str, ...]]:
    """Return the conversation in two recordings and sentences worth telling; None where nothing can be known.

    Two files, or a file with two sound tracks, hold one person each. One mixed track is given to people by
    their mouths. Sound that cannot be read costs the voice, never the rest of an analysis.

    Parameters
    ----------
    feed_a, feed_b : str
        Feed strings of recordings.
    mouths : Mouths
        Of every tick of the session.
    settings : Settings
        `rate_hz`, `offset_s` and `exclude`.
    duration_s : float
        Length of the session: sound beyond it is not listened to.
    """
    paths = [spec.target for spec in map(parse_feed, (feed_a, feed_b)) if spec.kind == "file"]
    if len(paths) < 2 or duration_s <= 0:
        return None, ()
    try:
        counts = [sound_tracks(path) for path in paths]
        if not any(counts):
            who = paths[0] if paths[0] == paths[1] else f"{paths[0]} and {paths[1]}"
            return None, (f"There is no sound in {who}, so who speaks is not known.",)
        found, notes = _conversation(paths, counts, mouths, settings, duration_s)
    except SourceError as error:
        return None, (f"The sound could not be read, so who speaks is not known. {error}",)
    if found is None:
        return None, notes
    return found.without(Exclusion(settings).stretches), notes


def _conversation(
    paths: list[str], counts: list[int], mouths: Mouths, settings: Settings, duration_s: float
) -> tuple[Conversation | None, tuple[str, ...]]:
    first = _Sound(paths[0], 0)
    if paths[0] == paths[1]:
        sounds = [first, _Sound(paths[0], 1)] if counts[0] > 1 else [first]
    else:
        both = [first, _Sound(paths[1], 0, settings.offset_s)]
        sounds = [sound for sound, count in zip(both, counts, strict=True) if count]
    heard = [_heard(sound, duration_s) for sound in sounds]
    notes = tuple(
        f"The sound of {sound.path} is clipped in {track.clipped_share:.0%} of its time; loudness and pitch "
        "are not reliable there. Record it more softly."
        for sound, track in zip(sounds, heard, strict=True)
        if track.clipped_share > _CLIPPED
    )
    if not any(track.power.any() for track in heard):
        return None, (*notes, "The sound is silent, so who speaks is not known.")
    if len(heard) == 2:
        found, more = conversation_of_two(heard[0], heard[1])
        if found is not None:
            return found, (*notes, *more)
        notes = (*notes, "Both recordings hold the same mixed sound; who speaks is told by the mouths.")
    if settings.rate_hz <= _LEAST_RATE_HZ:
        return None, (
            *notes,
            f"{settings.rate_hz:g} ticks per second are too few to tell who speaks by the mouths.",
        )
    mouth_a, mouth_b = mouths.opening
    mixed = conversation_of_mix(heard[0], mouth_a, mouth_b, rate_hz=settings.rate_hz)
    return mixed, notes


def _heard(sound: _Sound, duration_s: float) -> VoiceTrack:
    """Listen to a track on the session's clock, up to the session's end."""
    listener = VoiceListener()
    left = round(duration_s * SAMPLE_RATE_HZ)
    if sound.late_s < 0:  # it begins within the session
        silence = min(left, round(-sound.late_s * SAMPLE_RATE_HZ))
        listener.add(np.zeros(silence, np.float32))
        left -= silence
    chunks = sound_chunks(
        sound.path, rate_hz=SAMPLE_RATE_HZ, channels=1, start_s=max(0.0, sound.late_s), track=sound.track
    )
    for chunk in chunks:
        if left <= 0:
            break
        samples = chunk.samples[:left, 0]
        listener.add(samples)
        left -= samples.size
    chunks.close()
    return listener.finish()
