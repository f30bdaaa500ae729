"""One voice channel, listened to from beginning to end: speech, power, pitch and loudness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.types import FloatArray
from mirrorsync.voice.activity import (
    SAMPLE_RATE_HZ,
    SpeechDetector,
    frame_power,
    speech_segments,
)
from mirrorsync.voice.prosody import Prosody, ProsodyTracker

__all__ = ["VoiceListener", "VoiceTrack"]

_HEAD_S = 300  # an echo does not change; five minutes show it
_FRAME_SAMPLES = 512


@dataclass(frozen=True, slots=True)
class VoiceTrack:
    """What was heard on one channel.

    Attributes
    ----------
    speech : ndarray, shape (n, 2)
        Start and end of each stretch of speech, s.
    power : ndarray, shape (n_frames,)
        Mean power of every 32 ms.
    prosody : Prosody
        Pitch, loudness and syllables.
    head : ndarray of float32
        The sound of the first five minutes, to look for an echo in.
    clipped_share : float
        Share of the frames in which the sound was clipped (touches full scale), 0–1.
    duration_s : float
        Length of the sound.
    """

    speech: FloatArray
    power: FloatArray
    prosody: Prosody
    head: NDArray[np.float32]
    clipped_share: float
    duration_s: float


class VoiceListener:
    """Listens to one channel piece by piece; memory grows by some 25 bytes every 16 ms.

    Not for several threads at once.
    """

    def __init__(self) -> None:
        self._detector, self._prosody = SpeechDetector(), ProsodyTracker()
        self._probability: list[FloatArray] = []
        self._power: list[FloatArray] = []
        self._head: list[NDArray[np.float32]] = []
        self._rest = np.empty(0, np.float32)
        self._clipped = 0
        self._samples = 0

    def add(self, samples: NDArray[np.float32]) -> None:
        """Take samples: mono, 16 kHz, −1 to 1, shape (n,)."""
        self._probability.append(self._detector.add(samples))
        self._prosody.add(samples)
        whole = np.concatenate([self._rest, samples])
        used = whole.size - whole.size % _FRAME_SAMPLES
        frames, self._rest = whole[:used], whole[used:].copy()
        self._power.append(frame_power(frames))
        self._clipped += int((np.abs(frames.reshape(-1, _FRAME_SAMPLES)).max(axis=1) >= 0.999).sum())
        missing = _HEAD_S * SAMPLE_RATE_HZ - self._samples
        if missing > 0:
            self._head.append(samples[:missing].copy())
        self._samples += samples.size

    def finish(self) -> VoiceTrack:
        """Return what was heard; nothing may be added afterwards."""
        power = np.concatenate([np.empty(0), *self._power])
        return VoiceTrack(
            speech=speech_segments(np.concatenate([np.empty(0), *self._probability])),
            power=power,
            prosody=self._prosody.finish(),
            head=np.concatenate([np.empty(0, np.float32), *self._head]),
            clipped_share=self._clipped / max(1, power.size),
            duration_s=self._samples / SAMPLE_RATE_HZ,
        )
