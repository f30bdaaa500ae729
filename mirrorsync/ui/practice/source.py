"""What the exercises need of a live session, and what they have in common on the window's side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from PyQt6.QtWidgets import QWidget

from mirrorsync.features.breathing import BreathEstimate
from mirrorsync.features.expression_words import Reading
from mirrorsync.features.gaze_calibration import GazeTarget
from mirrorsync.features.pace import Pace
from mirrorsync.settings import Settings
from mirrorsync.types import SessionEvent, Snapshot

__all__ = ["Exercise", "Keep", "PracticeSource"]

Keep = Callable[[str, Mapping[str, Any]], None]
"""Takes a kind ("practice.…") and what JSON can hold, and keeps it with the session at the time it is now."""


class PracticeSource(Protocol):
    """The part of a live session that the exercises look at; "a" is you, "b" your partner."""

    def expression(self, side: str) -> Reading:
        """Return what a face shows now."""

    def breath(self, side: str) -> BreathEstimate:
        """Return the newest breathing rate."""

    def pace(self, side: str) -> Pace:
        """Return the newest pace of movement."""

    def calibrate(self, side: str, *, seconds: float = 3.0) -> None:
        """Learn a person's neutral from the next seconds."""

    def calibrate_gaze(self, side: str, *, target: str = "partner") -> None:
        """Learn where a person looks, at the picture ("partner") or at the "camera"."""

    def gaze_target(self, side: str, *, target: str = "partner") -> GazeTarget | None:
        """Return what that found, useful or not; None while it goes on."""

    def set_mirror(self, choice: str) -> None:
        """Compare as "mirror" image, "anatomical" or by what fits better ("auto") from now on."""

    def note(self, event: SessionEvent) -> bool:
        """Keep an event with the recording; False when nothing is being recorded."""


class Exercise(Protocol):
    """One exercise: its page, and the state machine behind it; `running` while it is under way."""

    running: bool

    @property
    def page(self) -> QWidget:
        """What is shown of it."""

    def begin(self, source: PracticeSource, settings: Settings) -> None:
        """Start afresh on a session that runs."""

    def take(self, snapshot: Snapshot) -> None:
        """Go on to a snapshot; they come in order of time."""

    def end(self) -> None:
        """End it and keep what came of it; nothing happens when it does not run."""
