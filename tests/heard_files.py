"""Sound files and videos with sound, written with PyAV."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000


def speech(seconds: float, seed: int) -> NDArray[np.float32]:
    """Noise that comes in syllables and pauses, as speech does; shape (n,)."""
    rng = np.random.default_rng(seed)
    n = round(seconds * RATE_HZ)
    loud = np.zeros(n)
    at = 0
    while at < n:
        length = int(rng.uniform(0.08, 0.35) * RATE_HZ)
        rise = np.hanning(length)[: n - at]
        loud[at : at + length] = rise * rng.uniform(0.2, 1.0)
        at += length + int(rng.choice([0.02, 0.1, 0.7]) * rng.uniform(0.5, 1.5) * RATE_HZ)
    return (0.5 * loud * rng.normal(size=n)).clip(-1, 1).astype(np.float32)


def write_sound(
    path: Path, samples: NDArray[np.float32], *, codec: str = "aac", picture_late_s: float | None = None
) -> Path:
    """Write mono sound; with `picture_late_s` also a picture track at 10 fps that begins so much later."""
    with av.open(str(path), "w") as container:
        sound = container.add_stream(codec, rate=RATE_HZ, layout="mono")
        assert isinstance(sound, av.AudioStream)
        if picture_late_s is not None:
            video = container.add_stream("libx264", rate=10)
            assert isinstance(video, av.VideoStream)
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            for k in range(20):
                picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 10 * k, np.uint8), format="rgb24")
                picture.pts, picture.time_base = round((picture_late_s + k / 10) * 1000), Fraction(1, 1000)
                container.mux(video.encode(picture))
            container.mux(video.encode())
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, 0, Fraction(1, RATE_HZ)
        fitting = av.AudioResampler(format=sound.codec_context.format, layout="mono", rate=RATE_HZ)
        for part in [*fitting.resample(frame), *fitting.resample(None)]:
            container.mux(sound.encode(part))
        container.mux(sound.encode())
    return path


def write_film(path: Path, tracks: list[NDArray[np.float32]], *, seconds: float, fps: int = 25) -> Path:
    """Write a small film (Matroska) with any number of mono sound tracks, all from time 0."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=fps)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        sounds = [container.add_stream("flac", rate=RATE_HZ, layout="mono") for _ in tracks]
        for k in range(round(seconds * fps)):
            picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), k % 250, np.uint8), format="rgb24")
            picture.pts, picture.time_base = k, Fraction(1, fps)
            container.mux(video.encode(picture))
        container.mux(video.encode())
        for sound, samples in zip(sounds, tracks, strict=True):
            whole = (samples.clip(-1, 1) * 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(whole[None, :], format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, 0, Fraction(1, RATE_HZ)
            fitting = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ, frame_size=4096)
            for part in [*fitting.resample(frame), *fitting.resample(None)]:
                container.mux(sound.encode(part))
            container.mux(sound.encode())
    return path
