"""Cameras by index and by name, as the kernel lists them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PyQt6.QtCore import QByteArray

from mirrorsync.capture import cameras as cameras_module
from mirrorsync.capture import opencv
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


INPUTS = (("0x8020000046d085e", "Logitech BRIO"), ("0x14100000", "FaceTime HD Camera"))


@pytest.mark.parametrize(
    ("platform", "names"),
    [
        ("darwin", ("FaceTime HD Camera", "Logitech BRIO")),  # as OpenCV counts there: by identifier
        ("win32", ("Logitech BRIO", "FaceTime HD Camera")),
    ],
)
def test_off_linux_qt_is_asked(
    monkeypatch: pytest.MonkeyPatch, platform: str, names: tuple[str, ...]
) -> None:
    monkeypatch.setattr(cameras_module, "_PLATFORM", platform)
    monkeypatch.setattr(cameras_module, "_video_inputs", lambda: INPUTS)
    assert list_cameras() == tuple(Camera(index, name) for index, name in enumerate(names))
    assert camera_index("brio") == names.index("Logitech BRIO")
    monkeypatch.setattr(cameras_module, "_video_inputs", lambda: INPUTS[:1])
    assert camera_index("Logitech BRIO") == 0, "plugged in elsewhere, or the other one taken away"


def test_opening_by_name_takes_the_number_that_the_camera_has_now(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []

    class Nothing:
        def __init__(self, index: int, _backend: int) -> None:
            opened.append(index)

        def isOpened(self) -> bool:
            return False

    there = [Camera(0, "Built-in"), Camera(4, "Logitech BRIO")]
    monkeypatch.setattr(cameras_module, "list_cameras", lambda _root=None: tuple(there))
    monkeypatch.setattr("mirrorsync.capture.opencv.cv2.VideoCapture", Nothing)
    feed = camera_feed(there[1], there)
    for index in (4, 2):
        there[1] = Camera(index, "Logitech BRIO")
        with pytest.raises(SourceError, match="BRIO"):
            opencv.open_camera(feed.removeprefix("camera:"), width=640, height=480)
    assert opened == [4, 2]


def test_qt_is_asked_in_the_first_thread_only(monkeypatch: pytest.MonkeyPatch, qapp: object) -> None:
    from mirrorsync.capture import screen

    class Device:
        def id(self) -> QByteArray:
            return QByteArray(b"0x1")

        def description(self) -> str:
            return "FaceTime HD Camera"

    class Devices:
        asked = 0

        @classmethod
        def videoInputs(cls) -> list[Device]:
            cls.asked += 1
            return [Device()]

    monkeypatch.setattr(screen, "QMediaDevices", Devices)
    monkeypatch.setattr(screen, "_known_inputs", ())
    known = screen.video_inputs()
    assert known == (("0x1", "FaceTime HD Camera"),)
    got: list[object] = []
    thread = threading.Thread(target=lambda: got.append(screen.video_inputs()))
    thread.start()
    thread.join()
    assert got == [known]
    assert Devices.asked == 1
