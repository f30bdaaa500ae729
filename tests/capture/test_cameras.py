"""Cameras by index and by name, as the kernel lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirrorsync.capture.cameras import Camera, CameraWatch, camera_feed, camera_index, list_cameras
from mirrorsync.errors import SourceError


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    """Make the kernel's list: two cameras with a metadata node each, and one without an index."""
    for node, index, name in (
        ("video0", "0", "Integrated Camera"),
        ("video1", "1", "Integrated Camera"),
        ("video10", "0", "Logitech BRIO"),
        ("video11", "1", "Logitech BRIO"),
        ("video2", None, "Old Camera"),
        ("vbi0", "0", "Television"),
    ):
        folder = tmp_path / node
        folder.mkdir()
        (folder / "name").write_text(name + "\n")
        if index is not None:
            (folder / "index").write_text(index + "\n")
    return tmp_path


def test_cameras_are_listed_once_and_in_order(kernel: Path) -> None:
    assert list_cameras(kernel) == (
        Camera(0, "Integrated Camera"),
        Camera(2, "Old Camera"),
        Camera(10, "Logitech BRIO"),
    )


def test_a_camera_is_found_by_number_or_part_of_its_name(kernel: Path) -> None:
    assert camera_index("7", kernel) == 7
    assert camera_index("brio", kernel) == 10
    assert camera_index("old camera", kernel) == 2


def test_names_that_fit_none_or_several_say_which_there_are(kernel: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="camera:10 is Logitech BRIO"):
        camera_index("Sony", kernel)
    with pytest.raises(SourceError, match="Several cameras"):
        camera_index("camera", kernel)
    with pytest.raises(SourceError, match="plug it in"):
        camera_index("Sony", tmp_path / "nothing")


def test_a_camera_is_fed_by_its_name_where_that_is_enough(kernel: Path) -> None:
    cameras = list_cameras(kernel)
    feeds = [camera_feed(camera, cameras) for camera in cameras]
    assert feeds == ["camera:Integrated Camera", "camera:Old Camera", "camera:Logitech BRIO"]
    assert [camera_index(feed.removeprefix("camera:"), kernel) for feed in feeds] == [0, 2, 10]
    for name in ("Cam", "Cam 2", "7", "", "Cam #left"):
        alike = (Camera(0, name), Camera(1, "Cam 2 HD"), Camera(2, name))
        assert camera_feed(alike[0], alike) == "camera:0"


def test_a_camera_that_is_plugged_in_or_taken_away_is_noticed(kernel: Path) -> None:
    watch = CameraWatch(lambda: list_cameras(kernel))
    assert not watch.poll()
    (kernel / "video12").mkdir()
    (kernel / "video12" / "name").write_text("New one\n")
    assert watch.poll()
    assert watch.cameras[-1] == Camera(12, "New one")
    assert not watch.poll()
    (kernel / "video12" / "name").unlink()
    (kernel / "video12").rmdir()
    assert watch.poll()
    assert watch.cameras == list_cameras(kernel)
