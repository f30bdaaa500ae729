"""Which cameras there are, by index and by name, without opening one."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mirrorsync.capture.feed import FeedSpec
from mirrorsync.errors import SourceError, UsageError

__all__ = [
    "Camera",
    "CameraWatch",
    "camera_feed",
    "camera_index",
    "check_distinct",
    "list_cameras",
    "same_camera",
]

_SYSFS = Path("/sys/class/video4linux")
_PLATFORM: str = sys.platform


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera: the index that `camera:INDEX` takes, and the name it gives itself."""

    index: int
    name: str


def list_cameras(root: Path = _SYSFS) -> tuple[Camera, ...]:
    """Return the cameras there are, by the index that opens them.

    On Linux the kernel's list is read; a camera has several device nodes there, and only the first of each
    (`index` 0) delivers pictures. Elsewhere Qt is asked, in the program's first thread; other threads get
    what it said last. What Qt says is put into the order in which OpenCV counts: by the cameras' identifiers
    on macOS, as they come on Windows.

    Parameters
    ----------
    root : Path
        The kernel's list of video devices.
    """
    if _PLATFORM != "linux":
        return _of_inputs(_video_inputs(), _PLATFORM)
    found = []
    for node in root.glob("video*"):
        number = re.fullmatch(r"video([0-9]+)", node.name)
        if number is not None and _text(node / "index") in {"0", ""}:
            found.append(Camera(int(number[1]), _text(node / "name") or node.name))
    return tuple(sorted(found, key=lambda camera: camera.index))


def _video_inputs() -> tuple[tuple[str, str], ...]:
    """Return identifier and name of every camera that Qt knows, in its order."""
    from mirrorsync.capture.screen import video_inputs

    return video_inputs()


def _of_inputs(inputs: Sequence[tuple[str, str]], platform: str) -> tuple[Camera, ...]:
    counted = sorted(inputs) if platform == "darwin" else inputs
    return tuple(Camera(index, name) for index, (_, name) in enumerate(counted))


def camera_feed(camera: Camera, cameras: Sequence[Camera]) -> str:
    """Return the feed string of one of `cameras`: by its name, if that finds no other, or by its index.

    The name stays when a camera is plugged in elsewhere; the index may not.
    """
    name = camera.name.strip()
    found = [other for other in cameras if name.casefold() in other.name.casefold()]
    plain = bool(name) and "#" not in name and not re.fullmatch(r"[+-]?[0-9]+", name)
    return f"camera:{name}" if plain and len(found) == 1 else f"camera:{camera.index}"


class CameraWatch:
    """Notices cameras that are plugged in or taken away, for a list that is kept up to date.

    It does nothing by itself: whoever shows the list calls `poll` every second or two (it takes well below a
    millisecond a camera and opens none).

    Parameters
    ----------
    listing : callable
        Returns the cameras there are now.

    Attributes
    ----------
    cameras : tuple of Camera
        As of the last look.
    """

    def __init__(self, listing: Callable[[], tuple[Camera, ...]] = list_cameras) -> None:
        self._listing = listing
        self.cameras = listing()

    def poll(self) -> bool:
        """Look again; return whether there is another camera than before, or one less."""
        before, self.cameras = self.cameras, self._listing()
        return self.cameras != before


def camera_index(target: str, root: Path = _SYSFS) -> int:
    """Return the index of the camera that `target` names: an index, or a part of exactly one name.

    Raises
    ------
    SourceError
        No camera's name contains `target`, several do, or the names are not known on this system.
    """
    if re.fullmatch(r"[0-9]+", target):
        return int(target)
    cameras = list_cameras(root)
    exact = [camera for camera in cameras if camera.name.casefold() == target.casefold()]
    matches = exact or [camera for camera in cameras if target.casefold() in camera.name.casefold()]
    if len(matches) == 1:
        return matches[0].index
    if matches:
        names = "; ".join(f"camera:{camera.index} is {camera.name}" for camera in matches)
        raise SourceError(f"Several cameras are called {target!r} ({names}); name one by its number.")
    if cameras:
        names = "; ".join(f"camera:{camera.index} is {camera.name}" for camera in cameras)
        raise SourceError(f"No camera is called {target!r} ({names}).")
    raise SourceError(
        f"No camera is known by the name {target!r}; plug it in, or name it by its number, as in camera:0."
    )


def same_camera(a: FeedSpec, b: FeedSpec) -> bool:
    """Return whether two feeds are one camera, named by index, by name, or one by each."""
    if a.kind != "camera" or b.kind != "camera":
        return False
    return a.target.casefold() == b.target.casefold() or _index(a.target) == _index(b.target)


def check_distinct(a: FeedSpec, b: FeedSpec) -> None:
    """Refuse two feeds from one camera unless they are two different parts of its picture.

    Raises
    ------
    UsageError
        Both show the same camera, or one shows a part of what the other shows in whole.
    """
    if same_camera(a, b) and (a.crop is None or b.crop is None or a.crop == b.crop):
        raise UsageError(
            f"Both feeds are camera {a.target}; choose two cameras (mirrorsync devices lists them), or two "
            f"parts of one, as in camera:{a.target}#left and camera:{a.target}#right."
        )


def _index(target: str) -> int | str:
    """Index of a camera; its name when there is no such camera (opening it will say so)."""
    try:
        return camera_index(target)
    except SourceError:
        return target


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace").strip()
    except OSError:  # the device went away while looking
        return ""
