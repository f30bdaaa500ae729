"""Two people in front of one camera: one device, two feeds."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeCapture, FakeSource, colours
from made_videos import make_video
from patience import patient_s

from mirrorsync.capture import VideoSource, opencv, pair_openers
from mirrorsync.capture.opencv import LiveCapture
from mirrorsync.capture.shared import SharedCamera
from mirrorsync.errors import SourceError, UsageError
from mirrorsync.settings import Settings

SETTINGS = Settings()
DEADLINE_S = patient_s(20.0)


def test_both_halves_of_one_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    captures = []

    def open_camera(target: str, *, width: int, height: int, max_side: int | None) -> LiveCapture:
        assert (target, width, height, max_side) == ("0", 640, 480, None)
        captures.append(FakeCapture([colours(i) for i in range(10)]))
        return LiveCapture(captures[-1], f"camera:{target}", "Camera 0")

    monkeypatch.setattr(opencv, "open_camera", open_camera)
    open_left, open_right = pair_openers("camera:0#left", "camera:0#right", SETTINGS)
    with open_left() as left, open_right() as right:
        assert (left.feed, right.feed) == ("camera:0#left", "camera:0#right")
        for _ in range(3):
            one, other = left.read(), right.read()
            assert one is not None
            assert other is not None
            assert one.t_ns == other.t_ns  # the very same picture
            np.testing.assert_array_equal(
                np.hstack([one.rgb, other.rgb]), colours(one.index + 1)
            )  # the first told the size
        left.close()
        assert captures[0].released == 0
        assert right.read() is not None
    assert [capture.released for capture in captures] == [1]


def test_two_readers_in_two_threads_each_see_rising_pictures() -> None:
    count = 300
    camera = SharedCamera(lambda: FakeSource([i / 25 for i in range(count)], live=True))
    readers = [camera.open(), camera.open()]
    seen: list[list[int]] = [[], []]

    def read(reader: VideoSource, into: list[int]) -> None:
        into.extend(frame.index for frame in reader)

    threads = [
        threading.Thread(target=read, args=pair, name=f"reader {i}")
        for i, pair in enumerate(zip(readers, seen, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    for reader in readers:
        reader.close()
    for indices in seen:
        assert indices == sorted(set(indices))
    assert set(seen[0]) | set(seen[1]) == set(range(count))


def test_what_goes_wrong_reaches_both() -> None:
    def fail() -> VideoSource:
        raise SourceError("Camera 0 did not open. Is another program using it?")

    broken = SharedCamera(fail)
    for _ in "ab":
        with pytest.raises(SourceError, match="did not open"):
            broken.open()
    breaking = SharedCamera(lambda: FakeSource([0.0, 0.1], fail_at=1))
    one, other = breaking.open(), breaking.open()
    assert one.read() is not None
    assert other.read() is not None
    for reader in (one, other):
        with pytest.raises(SourceError, match="broke off"):
            reader.read()


def test_other_pairs_open_on_their_own(tmp_path: Path) -> None:
    path = make_video(tmp_path)
    open_a, open_b = pair_openers(f"{path}#left", f"{path}#right", SETTINGS, paced=True, seconds=0.1)
    with open_a() as a, open_b() as b:
        assert a.live
        assert b.live
        assert a.feed == f"{path}#left"
        assert b.duration_s == pytest.approx(0.1)
    with pytest.raises(UsageError, match="choose two cameras"):
        pair_openers("camera:0", "camera:0", SETTINGS)


def test_a_camera_that_breaks_off_is_opened_again_once_for_both() -> None:
    opened: list[FakeSource] = []

    def opening() -> FakeSource:
        opened.append(FakeSource([i / 25 for i in range(20)], live=True, fail_at=3 if not opened else None))
        return opened[-1]

    camera = SharedCamera(opening)
    left, right = camera.open(), camera.open()
    for _ in range(3):
        assert left.read() is not None
        assert right.read() is not None
    with pytest.raises(SourceError, match="broke off"):
        left.read()
    left.close()
    left = camera.open()  # before the other one has noticed
    assert (len(opened), opened[0].closed) == (2, True)
    assert left.read() is not None
    with pytest.raises(SourceError, match="broke off"):
        right.read()
    right.close()
    right = camera.open()
    for _ in range(5):
        one, other = left.read(), right.read()
        assert one is not None
        assert other is not None
    assert len(opened) == 2
    left.close()
    assert [one.closed for one in opened] == [True, False]
    right.close()
    assert [one.closed for one in opened] == [True, True]
    assert right.read() is None
