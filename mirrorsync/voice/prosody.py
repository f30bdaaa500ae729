"""Pitch, loudness and speech rate of one voice.

Pitch comes from SwiftF0 (Nieradzik 2025, arXiv 2508.18440; MIT licence), whose model travels inside the
package `swift-f0`. Syllables are counted as their nuclei: voiced peaks of intensity between dips, after
de Jong and Wempe (2009, 10.3758/BRM.41.2.385).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from mirrorsync.types import FloatArray
from mirrorsync.voice.activity import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from swift_f0 import PitchResult

__all__ = ["PROSODY_STEP_S", "Prosody", "ProsodyTracker", "TurnProsody", "prosody_of", "prosody_of_turn"]

PROSODY_STEP_S = 0.016
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 500.0  # adult speech; laughter and children go higher
_VOICED = 0.5  # SwiftF0's own limit of confidence
_DIP_DB = 2.0  # de Jong & Wempe: for sound without background noise
_FLOOR_DB = 25.0  # de Jong & Wempe: below the loudest
_SMOOTH = np.hanning(7)[1:-1] / np.hanning(7)[1:-1].sum()  # about Praat's 64 ms intensity window


@dataclass(frozen=True, slots=True)
class Prosody:
    """A voice over time; entry k lies at k · `PROSODY_STEP_S` seconds.

    Attributes
    ----------
    pitch_hz : ndarray, shape (n,)
        NaN where the voice is not voiced.
    loudness_db : ndarray, shape (n,)
        Level relative to full scale, dB (0: the loudest a file can hold); −140 is digital silence.
    nuclei_s : ndarray, shape (m,)
        Times of the syllable nuclei.
    """

    pitch_hz: FloatArray
    loudness_db: FloatArray
    nuclei_s: FloatArray


@dataclass(frozen=True, slots=True)
class TurnProsody:
    """How something was said; NaN where there was too little voice to tell.

    Attributes
    ----------
    pitch_hz : float
        Median pitch, Hz.
    pitch_sd_st : float
        SD of the pitch in semitones.
    loudness_db : float
        Mean level of the speech, dB relative to full scale.
    rate_syl_s : float
        Syllable nuclei per second of speech without pauses (articulation rate).
    """

    pitch_hz: float
    pitch_sd_st: float
    loudness_db: float
    rate_syl_s: float


class ProsodyTracker:
    """Follows pitch and loudness of one voice in sound that arrives piece by piece.

    What it keeps grows by 16 bytes every 16 ms. Not for several threads at once.
    """

    def __init__(self) -> None:
        from swift_f0 import SwiftF0  # onnxruntime with it: loaded when somebody listens

        self._stream = SwiftF0(threads=1, spin=False).stream(fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ)
        self._pitch: list[FloatArray] = []
        self._loudness: list[FloatArray] = []

    def add(self, samples: NDArray[np.float32]) -> None:
        """Take samples: mono, 16 kHz, −1 to 1, shape (n,)."""
        self._keep(self._stream.push(samples, SAMPLE_RATE_HZ))

    def finish(self) -> Prosody:
        """Return what was heard; nothing may be added afterwards."""
        self._keep(self._stream.flush())
        pitch, loudness = np.concatenate(self._pitch), np.concatenate(self._loudness)
        return Prosody(pitch, loudness, _nuclei(loudness, np.isfinite(pitch)))

    def _keep(self, found: PitchResult) -> None:
        self._pitch.append(np.where(found.confidence >= _VOICED, found.pitch_hz, np.nan))
        self._loudness.append(np.asarray(found.loudness_db, np.float64))


def prosody_of(samples: NDArray[np.float32]) -> Prosody:
    """Return pitch, loudness and syllable nuclei of a recording of one voice.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz, −1 to 1.
    """
    tracker = ProsodyTracker()
    tracker.add(samples)
    return tracker.finish()


def _nuclei(loudness_db: FloatArray, voiced: NDArray[np.bool_]) -> FloatArray:
    """Return the times of voiced peaks of intensity that rise at least 2 dB above the dips around them."""
    if loudness_db.size < _SMOOTH.size:
        return np.empty(0)
    level = np.convolve(loudness_db, _SMOOTH, mode="same")
    lowest = float(np.quantile(level, 0.99)) - _FLOOR_DB
    peaks, _ = find_peaks(level, height=lowest, prominence=_DIP_DB)
    return np.asarray(peaks[voiced[peaks]] * PROSODY_STEP_S, dtype=np.float64)


def prosody_of_turn(prosody: Prosody, speech: FloatArray, start_s: float, end_s: float) -> TurnProsody:
    """Return how something was said between two times.

    Parameters
    ----------
    prosody : Prosody
        Of the whole recording of that person.
    speech : ndarray, shape (n, 2)
        When that person speaks, s: what lies between belongs to nobody or to the other person.
    start_s, end_s : float
        Of the turn.
    """
    pieces = np.asarray(speech, np.float64).reshape(-1, 2)
    pieces = np.clip(pieces[(pieces[:, 1] > start_s) & (pieces[:, 0] < end_s)], start_s, end_s)
    spoken_s = float((pieces[:, 1] - pieces[:, 0]).sum())
    nan = float("nan")
    if not spoken_s:
        return TurnProsody(nan, nan, nan, nan)
    edges = pieces.reshape(-1)

    def inside(times_s: NDArray[np.floating]) -> NDArray[np.bool_]:
        return np.asarray(np.searchsorted(edges, times_s, side="right") % 2 == 1)

    first, last = int(start_s / PROSODY_STEP_S), int(np.ceil(end_s / PROSODY_STEP_S)) + 1
    own = inside(np.arange(first, min(last, prosody.pitch_hz.size)) * PROSODY_STEP_S)
    pitch, level = prosody.pitch_hz[first:last][own], prosody.loudness_db[first:last][own]
    pitch = pitch[np.isfinite(pitch)]
    power = 10 ** (level / 10)
    enough = pitch.size * PROSODY_STEP_S >= 0.1  # convention: a tenth of a second of voice
    return TurnProsody(
        pitch_hz=float(np.median(pitch)) if enough else nan,
        pitch_sd_st=float(np.std(12 * np.log2(pitch), ddof=1)) if enough else nan,
        loudness_db=float(10 * np.log10(power.mean())) if power.size else nan,
        rate_syl_s=float(inside(prosody.nuclei_s).sum()) / spoken_s if spoken_s >= 0.5 else nan,
    )
