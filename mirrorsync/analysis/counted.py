"""A source that remembers what was read of it: what an analysis says of its inputs."""

from __future__ import annotations

import math
from pathlib import Path

from mirrorsync.capture.feed import parse_feed
from mirrorsync.capture.source import VideoSource, WrappedSource
from mirrorsync.checksums import file_sha256
from mirrorsync.session.meta import InputInfo
from mirrorsync.types import Frame

__all__ = ["Counted"]


class Counted(WrappedSource):
    """Counts what it passes on; one thread reads."""

    def __init__(self, inner: VideoSource) -> None:
        super().__init__(inner)
        self.frames = 0
        self.first_ns = self.last_ns = 0

    def read(self) -> Frame | None:
        """Return the next frame; None at the end."""
        frame = self.inner.read()
        if frame is not None:
            self.first_ns = self.first_ns if self.frames else frame.t_ns
            self.frames, self.last_ns = self.frames + 1, frame.t_ns
        return frame

    def info(self, sha256: str | None = None) -> InputInfo:
        """Return what was read so far, with the hash of the file (computed unless it is given)."""
        spec = parse_feed(self.feed)
        if spec.kind == "file" and sha256 is None:
            sha256 = file_sha256(Path(spec.target))
        if spec.kind == "frames" and sha256 is None:
            from mirrorsync.capture.frames import frames_sha256

            sha256 = frames_sha256(spec.target)
        fps = self.fps
        if self.frames > 1:
            fps = (self.frames - 1) / ((self.last_ns - self.first_ns) * 1e-9)
        known = math.isfinite(fps) and fps > 0
        return InputInfo(
            feed=self.feed,
            sha256=sha256,
            frames=self.frames,
            fps=round(fps, 4) if known else None,
            duration_s=round(self.last_ns * 1e-9 + (1.0 / fps if known else 0.0), 4),
        )
