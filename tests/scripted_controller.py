"""A live session that plays a script, and the snapshots such a script is made of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from mirrorsync.engine.status import FeedStatus, LiveStatus
from mirrorsync.features.breathing import BreathEstimate
from mirrorsync.features.expression_words import Reading, Said
from mirrorsync.features.gaze_calibration import GazeTarget
from mirrorsync.features.pace import Pace
from mirrorsync.session.consent import Consent
from mirrorsync.settings import Settings
from mirrorsync.tables import N_FEATURES
from mirrorsync.types import Features, Frame, Landmarks, Observation, Pair, SessionEvent, Snapshot, SyncScore

TICK_NS = 40_000_000


def score(level: float, *, lag_s: float = float("nan"), coverage: float = 1.0) -> SyncScore:
    """Return a score whose chance is known."""
    return SyncScore(level, coverage, lag_s, 0.2, 0.1, level)


def landmarks(t_ns: int = 0, *, width: int = 64, height: int = 48, face: bool = True) -> Landmarks:
    """Return a body in the middle of the picture, shoulders on one level, and a face above it."""
    pose = np.zeros((33, 3), dtype=np.float32)
    pose[:, 0] = np.linspace(0.3, 0.7, 33)
    pose[:, 1] = 0.75
    points = np.full((478, 3), np.nan, dtype=np.float32)
    if face:
        turn = np.linspace(0, 2 * np.pi, 478, dtype=np.float32)
        points = np.stack([0.5 + 0.2 * np.cos(turn), 0.3 + 0.2 * np.sin(turn), 0 * turn], axis=1)
    seen = np.ones(33, dtype=np.float32)
    return Landmarks(t_ns=t_ns, width=width, height=height, pose=pose, visibility=seen, face=points)


def observation(
    index: int = 0, *, grey: int = 128, captured_ns: int = 0, found: Landmarks | None = None
) -> Observation:
    """Return an evenly grey picture with what was found in it."""
    t_ns = index * TICK_NS
    rgb = np.full((48, 64, 3), grey, dtype=np.uint8)
    values = np.full(N_FEATURES, np.nan)
    return Observation(
        frame=Frame("made", index, t_ns, rgb),
        landmarks=found if found is not None else landmarks(t_ns),
        features=Features(t_ns, values, np.zeros(N_FEATURES)),
        captured_ns=captured_ns,
    )


def snapshot(
    tick: int,
    scores: Mapping[str, SyncScore] | None = None,
    *,
    leader: str = "none",
    lag_s: float = float("nan"),
    a: Observation | None = None,
    b: Observation | None = None,
    messages: tuple[str, ...] = (),
    mirror_mode: str = "mirror",
) -> Snapshot:
    """Return a snapshot at `tick` of a 25 Hz clock."""
    pair = Pair(tick, tick * TICK_NS, None, None, a, b)
    return Snapshot(
        pair, scores or {}, leader=leader, lag_s=lag_s, messages=messages, mirror_mode=mirror_mode
    )


class ScriptedController:
    """Hands out the snapshots of a script, one a call, and writes down what it was asked."""

    def __init__(self, script: Iterable[Snapshot] = ()) -> None:
        self._script = iter(script)
        self.running = False
        self.stops = 0
        self.handed_out = 0
        self.recording: Path | None = None
        self.error: str | None = None
        self.broke_off = ""
        self.a = FeedStatus("live", fps=30.0, dropped=2)
        self.b = FeedStatus("live", fps=29.0, dropped=3)
        self.stop_may_return = threading.Event()
        self.stop_may_return.set()
        self.stop_thread = ""
        self.sink_may_return = threading.Event()  # cleared: a disk that takes its time
        self.sink_may_return.set()
        self.sink_threads: list[str] = []
        self.events: list[SessionEvent] = []
        self.consents: tuple[Consent, ...] = ()
        self.asked: list[tuple[str, ...]] = []
        self.pattern: Said | None = None
        self.breaths = {"a": BreathEstimate(13.0, 0.9, 1.0), "b": BreathEstimate(11.0, 0.9, 1.0)}
        self.gaze_found = dict.fromkeys("ab", GazeTarget(0.0, 0.0, 1.0, 6.0, 1.0))
        self.paces = {"a": Pace(), "b": Pace()}

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.stops += 1
        self.stop_thread = threading.current_thread().name
        self.stop_may_return.wait(10)
        self.running = False
        self.recording = None

    def latest(self) -> Snapshot | None:
        newest = next(self._script, None)
        self.handed_out += newest is not None
        return newest

    def status(self) -> LiveStatus:
        return LiveStatus(self.running, self.a, self.b, self.error, self.recording, broke_off=self.broke_off)

    def record(self, path: Path, *, consents: Sequence[Consent] = ()) -> None:
        self._sink()
        self.recording, self.consents = path, tuple(consents)

    def stop_recording(self) -> None:
        self._sink()
        self.recording = None

    def _sink(self) -> None:
        self.sink_threads.append(threading.current_thread().name)
        self.sink_may_return.wait(10)

    def expression(self, side: str) -> Reading:
        return Reading(pattern=self.pattern if side == "b" else None, coverage=1.0)

    def breath(self, side: str) -> BreathEstimate:
        return self.breaths[side]

    def pace(self, side: str) -> Pace:
        return self.paces[side]

    def calibrate(self, side: str, *, seconds: float = 3.0) -> None:
        self.asked.append(("calibrate", side, f"{seconds:g}"))

    def calibrate_gaze(self, side: str, *, target: str = "partner") -> None:
        self.asked.append(("calibrate_gaze", side, target))

    def gaze_target(self, side: str, *, target: str = "partner") -> GazeTarget | None:
        return self.gaze_found.get(side)

    def set_mirror(self, choice: str) -> None:
        self.asked.append(("set_mirror", choice))

    def note(self, event: SessionEvent) -> bool:
        if self.recording is None:
            return False
        self.events.append(event)
        return True


def factory(controller: ScriptedController) -> Callable[[str, str, Settings], ScriptedController]:
    """Return a factory that always hands out `controller`."""
    return lambda _a, _b, _settings: controller
