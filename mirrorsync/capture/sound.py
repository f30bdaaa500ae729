"""The sound of a recording: its loudness over time, and its samples for playing.

Time 0 is the start of the recording, as everywhere (`mirrorsync.capture.seeking.origin_s`); sound that starts
later or earlier than the pictures keeps its place.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import numpy as np
from numpy.typing import NDArray

from mirrorsync.capture.diagnose import check_path, explain_unreadable
from mirrorsync.capture.seeking import jump_s, origin_s, picture_tracks
from mirrorsync.errors import SourceError

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

__all__ = ["ENVELOPE_HZ", "SoundChunk", "has_sound", "loudness", "sound_chunks", "sound_tracks"]

ENVELOPE_HZ = 200.0
_ENVELOPE_SAMPLE_HZ = 8_000
_GAP_S = 0.05  # what is missing for longer is filled with silence
_SEEK_BACK_S = 0.5


@dataclass(frozen=True, slots=True)
class SoundChunk:
    """A piece of sound.

    Attributes
    ----------
    t_ns : int
        When its first sample is heard, nanoseconds from the start of the recording.
    samples : ndarray of float32, shape (n, channels)
        −1 to 1.
    """

    t_ns: int
    samples: NDArray[np.float32]


def has_sound(path: str) -> bool:
    """Whether a file has a sound track; raises SourceError when it cannot be read at all."""
    with _opened(path) as container:
        return bool(container.streams.audio)


def sound_tracks(path: str) -> int:
    """Return how many sound tracks a file has; raises SourceError when it cannot be read at all."""
    with _opened(path) as container:
        return len(container.streams.audio)


def sound_chunks(
    path: str, *, rate_hz: int = 48_000, channels: int = 2, start_s: float = 0.0, track: int = 0
) -> Generator[SoundChunk, None, None]:
    """Yield the sound of a recording from `start_s` to its end, without a hole and in order.

    Close the generator to let go of the file early.

    Parameters
    ----------
    path : str
        A video or sound file.
    rate_hz : int
        Samples a second wanted.
    channels : int
        1 or 2; more are mixed down.
    start_s : float
        Seconds from the start of the recording.
    track : int
        Which sound track, from 0 (see `sound_tracks`).

    Raises
    ------
    SourceError
        The file cannot be read or has no sound.
    """
    with _opened(path) as container:
        stream = _track(container, path, track)
        start = _origin_s(container)
        leap_s = jump_s(container)
        resampler = av.AudioResampler(
            format="flt", layout="mono" if channels == 1 else "stereo", rate=rate_hz
        )
        if start_s > 0:
            with contextlib.suppress(av.FFmpegError):
                container.seek(round((start_s + start - _SEEK_BACK_S) * av.time_base), backward=True)
        next_at = round(start_s * rate_hz)  # number of the sample that is due, from the start
        begun = False
        for at_s, samples in _decoded(container, stream, resampler, channels):
            at = round((at_s - start) * rate_hz)
            if begun and at - next_at > leap_s * rate_hz:
                start += (at - next_at) / rate_hz  # the clock jumps: see `RisingClock`
                at = next_at
            begun = True
            if abs(at - next_at) <= _GAP_S * rate_hz and at_s - start > start_s:
                at = next_at  # stated times are rounded; the samples themselves lie side by side
            missing = at - next_at
            if missing > 0:
                yield SoundChunk(_ns(next_at, rate_hz), np.zeros((missing, channels), np.float32))
                next_at += missing
            rest = samples[max(0, -missing) :]
            if rest.size:
                yield SoundChunk(_ns(next_at, rate_hz), rest)
                next_at += len(rest)


def loudness(path: str, *, rate_hz: float = ENVELOPE_HZ) -> NDArray[np.float32]:
    """Return how loud a recording is over time: the logarithm of its power in short slices.

    Parameters
    ----------
    path : str
        A video or sound file.
    rate_hz : float
        Slices a second; a divisor of 8000.

    Returns
    -------
    ndarray of float32, shape (n,)
        Natural logarithm of the mean square; slice k covers k / `rate_hz` to (k + 1) / `rate_hz` seconds.
        Empty when there is no sound.

    Raises
    ------
    SourceError
        The file cannot be read.
    """
    if not has_sound(path):
        return np.empty(0, np.float32)
    length = round(_ENVELOPE_SAMPLE_HZ / rate_hz)
    powers: list[NDArray[np.float32]] = []
    rest = np.empty(0, np.float32)
    for chunk in sound_chunks(path, rate_hz=_ENVELOPE_SAMPLE_HZ, channels=1):
        rest = np.concatenate([rest, chunk.samples[:, 0]])
        whole = rest.size - rest.size % length
        if whole:
            powers.append(np.square(rest[:whole]).reshape(-1, length).mean(axis=1))
            rest = rest[whole:]
    power = np.concatenate(powers) if powers else np.empty(0, np.float32)
    return np.asarray(np.log(power + np.float32(1e-8)), dtype=np.float32)


def _opened(path: str) -> InputContainer:
    absolute = check_path(path)
    try:
        return av.open(str(absolute))
    except (av.FFmpegError, ValueError) as error:
        raise SourceError(explain_unreadable(absolute)) from error


def _track(container: InputContainer, path: str, track: int) -> AudioStream:
    if track >= len(container.streams.audio):
        raise SourceError(
            f"{path} has no sound." if track == 0 else f"{path} has no sound track {track + 1}."
        )
    from av.stream import Disposition

    default = sorted(container.streams.audio, key=lambda one: not one.disposition & Disposition.default)
    return default[track]


def _origin_s(container: InputContainer) -> float:
    """Return where the file's clock has its 0, by its pictures where there are some."""
    tracks = (*picture_tracks(container), *container.streams.audio)
    return origin_s(container, tracks[0]) if tracks else 0.0


def _decoded(
    container: InputContainer, track: AudioStream, resampler: av.AudioResampler, channels: int
) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Yield (seconds on the container's clock, samples (n, channels)); what is damaged is left out."""
    last_s = 0.0
    try:
        for packet in container.demux(track):
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            for frame in frames:
                for part in resampler.resample(frame):
                    if part.time is not None:
                        last_s = part.time
                    yield last_s, _samples(part, channels)
        for part in resampler.resample(None):
            yield part.time if part.time is not None else last_s, _samples(part, channels)
    except av.FFmpegError:
        return


def _samples(frame: AudioFrame, channels: int) -> NDArray[np.float32]:
    return np.asarray(frame.to_ndarray(), dtype=np.float32).reshape(-1, channels)


def _ns(sample: int, rate_hz: int) -> int:
    return round(sample * 1e9 / rate_hz)
