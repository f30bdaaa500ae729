"""What a result depends on, as a hash: the same key, the same bytes, so nothing is computed twice."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mirrorsync.assets import asset_hashes
from mirrorsync.capture.feed import parse_feed
from mirrorsync.checksums import file_sha256
from mirrorsync.errors import MirrorSyncError, SourceError, UsageError
from mirrorsync.session.meta import program_versions
from mirrorsync.settings import Settings
from mirrorsync.version import __version__

__all__ = ["FeatureJob", "FileHashes", "digest", "feature_job", "sentence_of", "write_atomically"]

_FORMAT = 1  # of what the stages store; a change makes all keys new
_FEATURE_SETTINGS = ("max_side", "length_s")


def digest(**parts: Any) -> str:
    """Return a hash of named parts that JSON can hold."""
    text = json.dumps({"format": _FORMAT, "program": __version__, **parts}, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def write_atomically(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)


class FileHashes:
    """SHA-256 of files, remembered from run to run while size and time of change stay the same.

    Parameters
    ----------
    path : Path
        Where they are remembered.
    told : callable
        Called with the size of each file that is about to be read, in bytes.
    """

    def __init__(self, path: Path, told: Callable[[int], None] = lambda _: None) -> None:
        self._path, self._told = path, told
        try:
            self._known: dict[str, list[Any]] = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            self._known = {}

    def of(self, file: Path) -> str:
        """Return the hash of a file.

        Raises
        ------
        SourceError
            It is not there, or cannot be read.
        """
        try:
            state = file.stat()
            if not file.is_file():
                raise SourceError(f"{file} is a folder, not a file; check the manifest.")
            seen = [state.st_size, state.st_mtime_ns]
            known = self._known.get(str(file))
            if known is None or known[:2] != seen:
                self._told(state.st_size)
                known = self._known[str(file)] = [*seen, file_sha256(file)]
        except FileNotFoundError as error:
            raise SourceError(f"There is no file {file}; check the manifest.") from error
        except OSError as error:
            raise SourceError(f"{file} cannot be read ({error.strerror}); check the manifest.") from error
        return str(known[2])

    def save(self) -> None:
        """Remember them for the next run."""
        write_atomically(self._path, json.dumps(self._known))


@dataclass(frozen=True, slots=True)
class FeatureJob:
    """The features of one feed: their key, the feed with its whole path, hash and size of the file."""

    key: str
    feed: str
    sha256: str | None
    size: int


def feature_job(feed: str, settings: Settings, hashes: FileHashes) -> FeatureJob:
    """Return what the features of a feed depend on; the feed is not opened.

    Raises
    ------
    MirrorSyncError
        The feed is live, cannot be understood, or is not there.
    """
    spec = parse_feed(feed)
    if spec.kind not in {"file", "frames", "portrait"}:
        raise UsageError(f"{feed} is live and has no end; a manifest names recordings.")
    sha256, size = None, 0
    if spec.kind == "file":
        file = Path(spec.target)
        sha256 = hashes.of(file)
        size = file.stat().st_size
    if spec.kind == "frames":
        from mirrorsync.capture.frames import FrameFiles, frames_sha256

        sha256 = frames_sha256(spec.target, hashes.of)
        size = sum(file.stat().st_size for file in FrameFiles(spec.target).files)
    key = digest(
        stage="features",
        input=sha256 or spec.base,
        crop=str(spec.crop) if spec.crop else "",
        settings={name: getattr(settings, name) for name in _FEATURE_SETTINGS},
        versions=program_versions(),
        assets=asset_hashes(),
    )
    return FeatureJob(key, feed, sha256, size)


def sentence_of(error: BaseException) -> str:
    """Return an error as one sentence."""
    if isinstance(error, MirrorSyncError):
        return str(error)
    return f"Something unexpected happened ({type(error).__name__}: {error}); report it with the file."
