"""What a container says of time, shape, tracks and damage, in films made here."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from mirrorsync.capture import open_source
from mirrorsync.capture.exact import ExactVideo
from mirrorsync.settings import Settings
from mirrorsync.types import Frame

SETTINGS = Settings()
SIZE = (96, 64)


def picture(k: int = 0, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """Return a picture whose four quarters differ, and that changes with `k`."""
    width, height = size
    rgb = np.full((height, width, 3), 40 + 2 * (k % 40), np.uint8)
    rgb[: height // 2, : width // 2] = (230, 30, 30)
    rgb[: height // 2, width // 2 :] = (30, 230, 30)
    return rgb


def write(
    path: Path,
    frames: int,
    prepare: Callable[[Any], None] = lambda _track: None,
    *,
    codec: str = "mpeg4",
    gop: int = 12,
    late: int = 0,
    sound_s: float = 0.0,
) -> Path:
    """Write a film of 25 frames per second."""
    with av.open(str(path), "w") as container:
        track: Any = container.add_stream(codec, rate=25)
        track.width, track.height = SIZE
        track.pix_fmt = "yuv420p"
        track.gop_size = gop
        track.time_base = Fraction(1, 25)
        prepare(track)
        sound: Any = container.add_stream("aac", rate=16_000) if sound_s else None
        if sound is not None:
            for start in range(0, round(16_000 * sound_s), 1024):
                piece = av.AudioFrame.from_ndarray(
                    np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
                )
                piece.sample_rate, piece.pts = 16_000, start
                container.mux(sound.encode(piece))
            container.mux(sound.encode(None))
        for k in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(k), format="rgb24")
            frame.pts, frame.time_base = late + k, Fraction(1, 25)
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return path


def read(path: Path | str) -> tuple[list[Frame], tuple[str, ...]]:
    with open_source(str(path), SETTINGS) as source:
        return list(source), source.notes


def quarters(rgb: NDArray[np.uint8]) -> list[str]:
    """Return the colours of the quarters: upper left, upper right, lower left, lower right."""
    height, width = rgb.shape[:2]
    out = []
    for y in (height // 4, 3 * height // 4):
        for x in (width // 4, 3 * width // 4):
            red, green, _ = rgb[y, x].astype(int)
            out.append("red" if red - green > 90 else "green" if green - red > 90 else "grey")
    return out


@pytest.mark.parametrize(
    ("degrees", "flip", "expected"),
    [
        (0, (False, False), ["red", "green", "grey", "grey"]),
        (0, (True, False), ["green", "red", "grey", "grey"]),
        (0, (False, True), ["grey", "grey", "red", "green"]),
        (180, (False, False), ["grey", "grey", "green", "red"]),
        (90, (False, False), ["green", "grey", "red", "grey"]),
        (-90, (False, False), ["grey", "red", "grey", "green"]),
    ],
)
def test_the_display_matrix_counts(
    tmp_path: Path, degrees: int, flip: tuple[bool, bool], expected: list[str]
) -> None:
    def turned(track: Any) -> None:
        track.set_display_rotation(degrees, hflip=flip[0], vflip=flip[1])

    path = write(tmp_path / "turned.mp4", 3, turned)
    frames, _ = read(path)
    assert quarters(frames[0].rgb) == expected
    with ExactVideo(str(path)) as video:
        np.testing.assert_array_equal(video.read(1), frames[1].rgb)


def test_pixels_become_square(tmp_path: Path) -> None:
    def wide(track: Any) -> None:
        track.codec_context.sample_aspect_ratio = Fraction(4, 3)

    frames, _ = read(write(tmp_path / "wide.mp4", 2, wide))
    assert (frames[0].width, frames[0].height) == (128, 64)


def test_damage_costs_up_to_the_next_key_picture(tmp_path: Path) -> None:
    path = write(tmp_path / "whole.mkv", 60, gop=12)
    whole, notes = read(path)
    assert notes == ()
    broken = tmp_path / "broken.mkv"
    keys: list[int] = []
    bad_ms = 0
    with av.open(str(path)) as source, av.open(str(broken), "w") as to:
        track = to.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.size and packet.pts is not None:
                keys += [packet.pts] if packet.is_keyframe else []
                wanted = len(keys) >= 2 and not packet.is_keyframe and not bad_ms
                bad_ms = packet.pts if wanted else bad_ms
                kept = _zeroed(packet) if wanted else packet
                kept.stream = track
                to.mux(kept)
    again_ms = next(key for key in keys if key > bad_ms)
    frames, notes = read(broken)
    expected = [frame.t_ns for frame in whole if not bad_ms * 1e6 <= frame.t_ns < again_ms * 1e6]
    assert [frame.t_ns for frame in frames] == expected
    assert f"is damaged from {bad_ms / 1000:.2f} s to {again_ms / 1000:.2f} s" in notes[0]


def _zeroed(packet: Any) -> Any:
    out = av.Packet(bytes(packet.size))
    out.pts, out.dts, out.time_base = packet.pts, packet.dts, packet.time_base
    return out


def test_a_rectangle_is_a_share_of_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "call.mjpeg.avi"
    with av.open(str(path), "w") as container:
        track = container.add_stream("mjpeg", rate=25)
        track.width, track.height, track.pix_fmt = *SIZE, "yuvj420p"
        for k in range(6):
            small = av.CodecContext.create("mjpeg", "w")
            width, height = SIZE if k < 3 else (48, 32)
            small.width, small.height, small.pix_fmt, small.time_base = (
                width,
                height,
                "yuvj420p",
                Fraction(1, 25),
            )
            frame = av.VideoFrame.from_ndarray(picture(k, (width, height)), format="rgb24").reformat(
                format="yuvj420p"
            )
            frame.pts = k
            for packet in small.encode(frame):
                packet.stream, packet.pts, packet.dts = track, k, k
                container.mux(packet)
    frames, notes = read(f"{path}#48,0,48,32")
    assert [(frame.width, frame.height) for frame in frames] == [(48, 32)] * 3 + [(24, 16)] * 3
    assert all(quarters(frame.rgb) == ["green"] * 4 for frame in frames)
    assert not any("another shape" in note for note in notes)


def test_the_default_track_is_read(tmp_path: Path) -> None:
    from av.stream import Disposition

    path = tmp_path / "two.mkv"
    with av.open(str(path), "w") as container:
        tracks = [container.add_stream("mpeg4", rate=25) for _ in range(2)]
        for track in tracks:
            track.width, track.height, track.pix_fmt = *SIZE, "yuv420p"
        tracks[0].disposition = Disposition(0)
        tracks[1].disposition = Disposition.default
        for k in range(3):
            for track, rgb in zip(tracks, (np.zeros((64, 96, 3), np.uint8), picture(k)), strict=True):
                frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
                frame.pts = k
                container.mux(track.encode(frame))
        for track in tracks:
            container.mux(track.encode(None))
    frames, notes = read(path)
    assert quarters(frames[0].rgb)[:2] == ["red", "green"]
    assert "has 2 picture tracks" in notes[0]


def test_pictures_that_begin_late_keep_the_clock_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "late.mp4", 50, late=50, sound_s=4.0)
    frames, notes = read(path)
    assert frames[0].t_ns == pytest.approx(2e9, abs=5e7)
    assert notes == ()
    with ExactVideo(str(path)) as video:
        assert video.times_ns.tolist() == [frame.t_ns for frame in frames]
        assert video.read_at(2.5).t_ns == pytest.approx(2.5e9, abs=4e7)


def test_a_jump_of_a_broadcast_clock_is_told_and_is_no_gap(tmp_path: Path) -> None:
    path = write(tmp_path / "part.ts", 50, codec="mpeg2video")
    jumped = tmp_path / "jump.ts"
    with av.open(str(path)) as source, av.open(str(jumped), "w", options={"mpegts_copyts": "1"}) as to:
        track = to.add_stream_from_template(source.streams.video[0])
        packets: Any = source.demux(source.streams.video[0])
        for number, packet in enumerate(packets):
            if packet.size:
                far = 90_000 * 3600 if number >= 25 else 0
                packet.pts, packet.dts = packet.pts + far, packet.dts + far
                packet.stream = track
                to.mux(packet)
    frames, notes = read(jumped)
    steps = np.diff([frame.t_ns for frame in frames])
    assert steps.max() < 0.2e9
    assert any("jumps forward by 36" in note for note in notes)


def test_a_variable_rate_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "vfr.mkv"
    with av.open(str(path), "w") as container:
        track = container.add_stream("mpeg4", rate=25)
        track.width, track.height, track.pix_fmt = *SIZE, "yuv420p"
        track.time_base = track.codec_context.time_base = Fraction(1, 25)
        for k in range(60):
            if k % 3 != 2:
                frame = av.VideoFrame.from_ndarray(picture(k), format="rgb24")
                frame.pts, frame.time_base = k, Fraction(1, 25)
                container.mux(track.encode(frame))
        container.mux(track.encode(None))
    frames, notes = read(path)
    assert len(frames) == 40
    assert notes == ()
