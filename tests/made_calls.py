"""A split-screen recording of two people with sound, made of real clips, or of the portrait without them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from mirrorsync.capture.opening import open_source
from mirrorsync.settings import Settings

__all__ = ["make_call"]

CLIPS = ("reg_clm_cap12.mp4", "reg_clm_franck.mp4")
FPS = 12
_WIDTH, _HEIGHT = 320, 240
_RATE_HZ = 16_000
Picture = NDArray[np.uint8]


def make_call(folder: Path, *, seconds: float = 36.0, parts: bool = False) -> list[Path]:
    """Return one file with both people side by side, or with `parts` a file for each; all with sound."""
    sources = [_pictures(side) for side in range(2)]
    count = round(seconds * FPS)
    names = ("you.mp4", "partner.mp4") if parts else ("call.mp4",)
    files = [_File(folder / name, _WIDTH * (1 if parts else 2)) for name in names]
    for pair in itertools.islice(zip(*sources, strict=True), count):
        shown = pair if parts else (np.ascontiguousarray(np.hstack(pair)),)
        for file, picture in zip(files, shown, strict=True):
            file.add(picture)
    for file in files:
        file.close()
    return [folder / name for name in names]


def _pictures(side: int) -> Iterator[Picture]:
    """Return a person's pictures at `FPS`, endlessly."""
    named = os.environ.get("MIRRORSYNC_SHARED")
    clip = (Path(named) if named else Path(__file__).parents[2] / "shared") / "media" / CLIPS[side]
    while True:
        yield from _of_clip(clip) if clip.is_file() else _of_portrait(side)


def _of_clip(clip: Path) -> Iterator[Picture]:
    with av.open(str(clip)) as container:
        due_s = 0.0
        for frame in container.decode(video=0):
            if float(frame.time or 0.0) + 1e-3 >= due_s:
                due_s += 1 / FPS
                yield _small(frame)


def _of_portrait(side: int) -> Iterator[Picture]:
    with open_source(f"portrait:{('you', 'partner')[side]}", Settings(), seconds=60.0) as source:
        for number in itertools.count():
            frame = source.read()
            if frame is None:
                return
            if number % 2 == 0:
                shown = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame.rgb), format="rgb24")
                yield _small(shown)


def _small(frame: av.VideoFrame) -> Picture:
    return frame.reformat(_WIDTH, _HEIGHT, format="rgb24").to_ndarray().astype(np.uint8)


class _File:
    """A film with a sound like somebody speaking: a tone that comes and goes."""

    def __init__(self, path: Path, width: int) -> None:
        self._out = av.open(str(path), "w")
        film = self._out.add_stream("libx264", rate=FPS)
        assert isinstance(film, av.VideoStream)
        film.width, film.height, film.pix_fmt = width, _HEIGHT, "yuv420p"
        film.options = {"preset": "ultrafast", "g": str(FPS)}
        sound = self._out.add_stream("aac", rate=_RATE_HZ)
        assert isinstance(sound, av.AudioStream)
        sound.layout = "mono"
        self._film, self._sound = film, sound
        self._pictures = self._samples = 0

    def add(self, picture: Picture) -> None:
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = self._pictures, Fraction(1, FPS)
        self._out.mux(self._film.encode(frame))
        self._pictures += 1
        while self._samples < self._pictures * _RATE_HZ // FPS:
            self._speak(1024)

    def _speak(self, count: int) -> None:
        at = (self._samples + np.arange(count)) / _RATE_HZ
        loud = np.clip(np.sin(5.1 * at) * np.sin(1.3 * at + 0.4), 0, 1)
        wave = (0.2 * loud * np.sin(2 * np.pi * 180 * at)).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(wave[None], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = _RATE_HZ, self._samples, Fraction(1, _RATE_HZ)
        self._out.mux(self._sound.encode(frame))
        self._samples += count

    def close(self) -> None:
        for stream in (self._film, self._sound):
            self._out.mux(stream.encode(None))
        self._out.close()
