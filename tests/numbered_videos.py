"""Videos whose every picture carries its own number in black and white blocks, written with PyAV."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

BITS = 16
BLOCK = 16
WIDTH, HEIGHT = BITS * BLOCK, 4 * BLOCK


def numbered(number: int, *, width: int = WIDTH) -> NDArray[np.uint8]:
    """A picture whose blocks spell `number` in binary, lowest bit first, twice: plain and inverted."""
    bits = (number >> np.arange(BITS)) & 1
    row = np.repeat(bits * 255, BLOCK).astype(np.uint8)
    half = np.tile(row, (HEIGHT // 2, 1))
    picture = np.concatenate([half, 255 - half])
    out = np.zeros((HEIGHT, width, 3), np.uint8)
    out[:, :WIDTH] = picture[:, :, None]
    return out


def number_in(rgb: NDArray[np.uint8]) -> int:
    """Read the number off a picture; fails when the two rows do not spell the same one."""
    scale = rgb.shape[1] / WIDTH
    columns = ((np.arange(BITS) + 0.5) * BLOCK * scale).astype(int)
    top, bottom = rgb[rgb.shape[0] // 4, columns, 0] > 127, rgb[3 * rgb.shape[0] // 4, columns, 0] > 127
    assert (top != bottom).all(), "the picture is not one of these"
    return int((top.astype(int) << np.arange(BITS)).sum())


def write_numbered(
    path: Path,
    pts: Sequence[int],
    *,
    time_base: Fraction,
    rate: Fraction,
    codec: str = "libx264",
    b_frames: int = 2,
    gop: int = 12,
    width: int = WIDTH,
    interlaced: bool = False,
) -> Path:
    """Write picture k at `pts[k]` units of `time_base`."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, HEIGHT, "yuv420p"
        stream.time_base = stream.codec_context.time_base = time_base
        stream.codec_context.gop_size = gop
        stream.codec_context.max_b_frames = b_frames
        if codec == "libx264":
            stream.options = {"preset": "veryfast", "crf": "26"}
            if interlaced:
                stream.options = {**stream.options, "flags": "+ilme+ildct"}
        for number, at in enumerate(pts):
            frame = av.VideoFrame.from_ndarray(numbered(number, width=width), format="rgb24")
            frame.pts, frame.time_base = at, time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
