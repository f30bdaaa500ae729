"""The demo pair as feeds, ``portrait:you`` and ``portrait:partner``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mirrorsync.capture.source import SourceBase
from mirrorsync.demo.curves import Curve
from mirrorsync.demo.portrait import Portrait
from mirrorsync.types import Frame

__all__ = ["PortraitSource"]


class PortraitSource(SourceBase):
    """An animated portrait as a feed; parameters and errors as of `mirrorsync.demo.portrait.Portrait`."""

    def __init__(
        self,
        who: str,
        *,
        seconds: float | None = None,
        fps: float = 30.0,
        size: tuple[int, int] = (640, 480),
        path: Path | None = None,
        curves: Mapping[str, Curve | ArrayLike] | None = None,
        flip: bool | None = None,
        brightness: float | None = None,
        zoom: float | None = None,
        breathing_per_min: float | None = None,
    ) -> None:
        portrait = Portrait(
            who,
            seconds=seconds,
            fps=fps,
            size=size,
            path=path,
            curves=curves,
            flip=flip,
            brightness=brightness,
            zoom=zoom,
            breathing_per_min=breathing_per_min,
        )
        count = portrait.frame_count
        super().__init__(
            feed=f"portrait:{who}", fps=fps, size=size, live=False, frame_count=count, duration_s=count / fps
        )
        self._controls = portrait.controls
        self._portrait: Portrait | None = portrait
        self._next = 0

    @property
    def controls(self) -> dict[str, NDArray[np.float64]]:
        """The ground truth: every control's value in every frame, shape (frame_count,)."""
        return {name: values.copy() for name, values in self._controls.items()}

    def read(self) -> Frame | None:
        """Return the next frame; None at the end and after closing."""
        portrait = self._portrait
        if portrait is None or self._next >= portrait.frame_count:
            return None
        index = self._next
        self._next += 1
        return Frame(self.feed, index, round(index * 1e9 / self.fps), portrait.paint(index))

    def close(self) -> None:
        """Let go of the pictures; may be called again."""
        self._portrait = None
