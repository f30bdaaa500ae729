"""One suite over every kind of source, real and fake: what the rest of the house relies on."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from fakes import FakeCapture, FakeSource, ManualClock, colours
from made_videos import FORMATS, make_video, picture_server

from mirrorsync.capture import VideoSource, open_source
from mirrorsync.capture.crop import CropSource
from mirrorsync.capture.feed import Crop
from mirrorsync.capture.opencv import LiveCapture, Recording
from mirrorsync.capture.pacing import PacedSource
from mirrorsync.capture.shared import SharedCamera
from mirrorsync.capture.source import LimitedSource
from mirrorsync.settings import Settings
from mirrorsync.types import Frame

SETTINGS = Settings()
MOST_FRAMES = 30
Open = Callable[[], VideoSource]


def _fake() -> FakeSource:
    return FakeSource([index / 25 for index in range(20)])


def _variable() -> FakeSource:
    return FakeSource([0.0, 0.014, 0.05, 0.091, 0.5, 0.52], fps=math.nan)


def _paced(inner: VideoSource) -> PacedSource:
    clock = ManualClock()
    return PacedSource(inner, clock_ns=clock, wait=clock.wait)


def _camera() -> LiveCapture:
    clock = ManualClock()  # stands still: times must rise all the same
    return LiveCapture(FakeCapture([colours(i) for i in range(40)]), "camera:0", "Camera 0", clock_ns=clock)


def _shared_camera() -> VideoSource:
    return SharedCamera(_camera).open()


def _file_of_memory() -> Recording:
    pictures = [colours(i) for i in range(20)]
    times = [5000.0 + 40 * i for i in range(20)]
    return Recording(FakeCapture(pictures, stated_ms=times, frame_count=20.0), "memory.mp4")


IN_MEMORY: dict[str, Open] = {
    "fake": _fake,
    "fake, variable rate": _variable,
    "crop of fake": lambda: CropSource(_fake(), Crop("left"), feed="fake:source#left", max_side=30),
    "limited": lambda: LimitedSource(_fake(), 0.41),
    "paced": lambda: _paced(_fake()),
    "paced, variable rate": lambda: _paced(_variable()),
    "camera": _camera,
    "shared camera": _shared_camera,
    "recording of memory": _file_of_memory,
}
PORTRAITS = ("portrait:you", "portrait:partner", "portrait:you#right")


@pytest.fixture(
    params=[
        *IN_MEMORY,
        *FORMATS,
        "crop of file",
        "paced file",
        "image sequence",
        "stream",
        "stream of a file",
        *PORTRAITS,
    ]
)
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Yield a function that opens a fresh source of one kind."""
    name = request.param
    if name in IN_MEMORY:
        yield IN_MEMORY[name]
    elif name in FORMATS:
        path = make_video(tmp_path, name)
        yield lambda: open_source(str(path), SETTINGS)
    elif name == "crop of file":
        path = make_video(tmp_path)
        yield lambda: open_source(f"{path}#3,5,20,11", SETTINGS)
    elif name == "paced file":
        path = make_video(tmp_path, frames=4)
        yield lambda: open_source(str(path), SETTINGS, paced=True)
    elif name == "image sequence":
        for index in range(20):
            cv2.imwrite(str(tmp_path / f"{index:04}.png"), colours(index)[:, :, ::-1])
        yield lambda: open_source(f"{tmp_path}@30", SETTINGS)
    elif name == "stream":
        with picture_server(200) as address:
            yield lambda: open_source(f"{address}/live", SETTINGS)
    elif name == "stream of a file":
        with picture_server(0, make_video(tmp_path, "vp8_30_webm")) as address:
            yield lambda: open_source(f"{address}/file.webm", SETTINGS)
    else:
        _need_portrait()
        yield lambda: open_source(name, SETTINGS, seconds=0.5)


def _need_portrait() -> None:
    from mirrorsync.assets import asset_path
    from mirrorsync.errors import AssetError

    try:
        asset_path("astronaut.png")
    except AssetError as error:
        pytest.skip(f"the portrait's photograph is not here: {error}")


def _take(source: VideoSource) -> list[Frame]:
    return list(itertools.islice(source, MOST_FRAMES))


def test_it_is_a_source(opener: Open) -> None:
    with opener() as source:
        assert isinstance(source, VideoSource)
        assert source.feed
        assert math.isnan(source.fps) or source.fps > 0
        assert source.frame_count is None or source.frame_count > 0
        assert math.isnan(source.duration_s) or source.duration_s > 0
        assert source.notes == ()


def test_pictures_are_as_announced(opener: Open) -> None:
    with opener() as source:
        frames = _take(source)
        assert frames
        for frame in frames:
            assert frame.feed == source.feed
            assert (frame.width, frame.height) == source.size
            assert frame.rgb.dtype == np.uint8
            assert frame.rgb.flags.c_contiguous
            assert not frame.rgb.flags.writeable


def test_times_and_numbers_rise(opener: Open) -> None:
    with opener() as source:
        frames = _take(source)
        assert all(b.t_ns > a.t_ns for a, b in itertools.pairwise(frames))
        assert all(b.index > a.index for a, b in itertools.pairwise(frames))
        assert frames[0].index == 0
        if source.live:
            assert frames[0].t_ns > 0
        else:
            assert frames[0].t_ns == 0


def test_frames_are_kept_when_the_next_is_read(opener: Open) -> None:
    """A source must not paint over a picture it has given away."""
    with opener() as source:
        first = source.read()
        assert first is not None
        before = first.rgb.copy()
        _take(source)
        np.testing.assert_array_equal(first.rgb, before)


def test_recordings_keep_their_promise(opener: Open) -> None:
    with opener() as source:
        if source.frame_count is None:
            pytest.skip("nothing is promised by this source")
        frames = _take(source)
        dropped = source.dropped if isinstance(source, PacedSource) else 0
        assert len(frames) + dropped == source.frame_count
        assert source.notes == ()
        lasted_s = (frames[-1].t_ns - frames[0].t_ns) / 1e9
        if math.isfinite(source.fps):
            assert lasted_s + 1 / source.fps == pytest.approx(source.duration_s, abs=1.01 / source.fps)


def test_the_end_stays_the_end(opener: Open) -> None:
    with opener() as source:
        if source.frame_count is None:
            pytest.skip("this source has no end")
        list(source)
        assert source.read() is None
        assert source.read() is None


def test_closing_twice_is_fine_and_ends_reading(opener: Open) -> None:
    source = opener()
    assert source.read() is not None
    source.close()
    source.close()
    assert source.read() is None


def test_with_closes(opener: Open) -> None:
    with opener() as source:
        pass
    assert source.read() is None


def test_recordings_repeat_to_the_byte(opener: Open) -> None:
    with opener() as one, opener() as two:
        if one.live:
            pytest.skip("a live feed happens once")
        for a, b in zip(_take(one), _take(two), strict=True):
            assert (a.index, a.t_ns) == (b.index, b.t_ns)
            np.testing.assert_array_equal(a.rgb, b.rgb)
