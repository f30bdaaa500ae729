"""What is remembered of a camera comes back, and nothing else is taken for it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeSource

from mirrorsync.capture import camera_facts
from mirrorsync.capture.camera_facts import CameraFacts, facts_of, remember_flipped
from mirrorsync.capture.cameras import Camera
from mirrorsync.capture.feed import parse_feed
from mirrorsync.capture.opening import dressed
from mirrorsync.errors import CaptureError
from mirrorsync.settings import Settings


@pytest.fixture
def two_cameras(monkeypatch: pytest.MonkeyPatch) -> None:
    cameras = (Camera(0, "Built-in"), Camera(2, "Desk cam"))
    monkeypatch.setattr(camera_facts, "list_cameras", lambda: cameras)
    named = {camera.name: camera.index for camera in cameras}
    monkeypatch.setattr(
        camera_facts, "camera_index", lambda target: int(target) if target.isdigit() else named[target]
    )


@pytest.mark.usefixtures("two_cameras")
def test_asked_once_and_remembered_by_name(tmp_path: Path) -> None:
    path = tmp_path / "made" / "cameras.json"
    assert facts_of("camera:2", path) == CameraFacts("Desk cam", None)
    remember_flipped("camera:2", True, path)
    remember_flipped("camera:0#left", False, path)
    assert facts_of("camera:Desk cam#right", path) == CameraFacts("Desk cam", True)
    assert facts_of("camera:0", path) == CameraFacts("Built-in", False)
    assert facts_of("camera:7", path) == CameraFacts("camera:7", None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["cameras.json"]


def test_only_cameras_are_remembered(tmp_path: Path) -> None:
    path = tmp_path / "cameras.json"
    for feed in ("portrait:you", "screen:0,0,64,48", "call.mp4", "nonsense:1", ""):
        assert facts_of(feed, path) is None
    with pytest.raises(CaptureError, match="no camera"):
        remember_flipped("portrait:you", True, path)
    assert not path.exists()


@pytest.mark.usefixtures("two_cameras")
@pytest.mark.parametrize("text", ["", "{", "[1]", json.dumps({"Built-in": "yes"}), "\udcff"])
def test_a_damaged_file_is_asked_again(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cameras.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert facts_of("camera:0", path) == CameraFacts("Built-in", None)
    remember_flipped("camera:0", True, path)
    assert facts_of("camera:0", path) == CameraFacts("Built-in", True)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CaptureError, match="could not be kept"):
        remember_flipped("camera:0", True, tmp_path / "file" / "cameras.json")


def test_a_camera_that_flips_is_turned_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_facts, "facts_file", lambda: tmp_path / "cameras.json")
    spec = parse_feed("camera:0#left")
    slope = np.tile(np.arange(64, dtype=np.uint8)[None, :, None], (48, 1, 3))

    def camera() -> FakeSource:
        return FakeSource([0.0], feed="camera:0", live=True, picture=lambda _: slope)

    plain = dressed(camera(), spec, Settings())
    as_it_came = next(iter(plain)).rgb
    remember_flipped("camera:0", True)
    turned = dressed(camera(), spec, Settings())
    assert turned.size == plain.size
    np.testing.assert_array_equal(next(iter(turned)).rgb, as_it_came[:, ::-1])
