"""What is remembered of each camera: whether its own picture arrives flipped, as in a mirror.

A small JSON file of the user, by the camera's name (or, where it has none, its feed). It is asked once; a
flipped picture is turned back before anything is measured in it, so that left is left in every score.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from mirrorsync.capture.cameras import camera_index, list_cameras
from mirrorsync.capture.feed import FeedSpec, parse_feed
from mirrorsync.errors import CaptureError, MirrorSyncError, SourceError

__all__ = ["CameraFacts", "facts_file", "facts_of", "remember_flipped"]


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """What is known of one camera.

    Attributes
    ----------
    name : str
        The name under which it is remembered.
    flipped : bool or None
        Whether its picture arrives flipped, left for right; None: not asked yet.
    """

    name: str
    flipped: bool | None = None


def facts_file() -> Path:
    """Return the file in which cameras are remembered; it need not exist."""
    return Path(platformdirs.user_config_dir("MirrorSync", appauthor=False)) / "cameras.json"


def facts_of(feed: str | FeedSpec, path: Path | None = None) -> CameraFacts | None:
    """Return what is known of the camera that a feed names; None: the feed is no camera.

    A file that cannot be read or understood is as good as none: everything is asked again.

    Parameters
    ----------
    feed : str or FeedSpec
        Only cameras are remembered; a part of a camera's picture is that camera.
    path : Path, optional
        The file, by default `facts_file()`.
    """
    name = _camera_name(feed)
    if name is None:
        return None
    flipped = _read(path or facts_file()).get(name)
    return CameraFacts(name, flipped if isinstance(flipped, bool) else None)


def remember_flipped(feed: str | FeedSpec, flipped: bool, path: Path | None = None) -> None:
    """Remember whether a camera's picture arrives flipped; it counts from the next opening on.

    Raises
    ------
    CaptureError
        The feed is no camera, or the file cannot be written.
    """
    name = _camera_name(feed)
    if name is None:
        raise CaptureError(f"{feed} is no camera; only of cameras is it remembered whether they flip.")
    path = path or facts_file()
    known = {**_read(path), name: flipped}
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written aside and put in place whole; made readable by its owner only from the start.
        handle, aside = tempfile.mkstemp(prefix=".cameras-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(known, out, ensure_ascii=False, indent=2, sort_keys=True)
            Path(aside).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(aside).unlink()
            raise
    except OSError as error:
        raise CaptureError(
            f"What was said of the camera could not be kept in {path} ({error.strerror}); check the folder."
        ) from error


def _camera_name(feed: str | FeedSpec) -> str | None:
    try:
        spec = parse_feed(feed) if isinstance(feed, str) else feed
    except MirrorSyncError:
        return None
    if spec.kind != "camera":
        return None
    try:
        index = camera_index(spec.target)
    except SourceError:  # not plugged in now
        return spec.target
    names = [camera.name for camera in list_cameras() if camera.index == index]
    return names[0] if names else f"camera:{index}"


def _read(path: Path) -> dict[str, object]:
    try:
        known = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
