"""Cameras by index and by name, as the kernel lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirrorsync.capture.cameras import Camera, camera_index, list_cameras
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
