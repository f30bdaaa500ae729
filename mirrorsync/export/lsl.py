"""Live streams to Lab Streaming Layer (https://labstreaminglayer.org): the only module that imports pylsl.

LSL announces its streams on the local network by multicast, and whoever asks there gets them: this is off
unless it is asked for. Scores, features, landmarks and markers are sent; pictures never are.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from mirrorsync.errors import ExportError
from mirrorsync.tables import CHANNELS, FEATURES, Channel
from mirrorsync.types import Features, Observation, Snapshot
from mirrorsync.version import __version__

__all__ = ["LslSink", "check_lsl"]

_POSE_PARTS = ("x", "y", "z", "visibility")
_N_POSE, _N_FACE = 33, 478
_MEASURE = 20
_AGAIN_S = 10.0
_NO_LSL = (
    "Lab Streaming Layer is not installed here; install it with `pip install 'mirrorsync[lsl]'`, or start "
    "without --lsl."
)
# label, unit, type, meaning
_Channel = tuple[str, str, str, str]


def _pylsl() -> Any:
    try:
        import pylsl
    except (ImportError, RuntimeError, OSError) as error:  # the native library may be missing, too
        raise ExportError(_NO_LSL) from error
    return pylsl


def check_lsl() -> None:
    """Raise ExportError, with what to do, when Lab Streaming Layer cannot be used here."""
    _pylsl()


class LslSink:
    """Outlets for a live session: scores, features of A and B, markers, and landmarks when asked for.

    Streams are called `MirrorSync scores`, `MirrorSync features A`, … and described in their XML header:
    label, unit, type and meaning of every channel. Timestamps are those of the ticks (landmarks: of the
    frames), carried from the monotonic clock to LSL's; the distance between the two clocks is measured every
    ten seconds.

    Parameters
    ----------
    rate_hz : float
        Rate of the ticks.
    landmarks : bool
        Also send body and face points of both, as many a second as frames come.

    Raises
    ------
    ExportError
        Lab Streaming Layer is not installed, or an outlet cannot be made.
    """

    name = "Lab Streaming Layer"

    def __init__(self, *, rate_hz: float, landmarks: bool = False) -> None:
        self._lsl = _pylsl()
        scores = [
            *((c.name, _unit(c), c.kind, c.meaning) for c in CHANNELS.values()),
            ("lag_s", "s", "lag", "Lag behind whoever leads; positive: B follows A; NaN when nobody does."),
            ("coverage", "ratio", "quality", "Share of the data behind attunement that was there."),
        ]
        features = [(f.name, f.unit, f.group, f.meaning) for f in FEATURES]
        try:
            self._scores = self._outlet("scores", "Synchrony", scores, rate_hz)
            self._features = [
                self._outlet(f"features {side}", "Features", features, rate_hz) for side in "AB"
            ]
            self._markers = self._outlet(
                "markers", "Markers", [("marker", "", "Markers", "JSON")], 0.0, text=True
            )
            points = _landmark_channels() if landmarks else []
            self._landmarks = [
                self._outlet(f"landmarks {side}", "Mocap", points, 0.0)
                for side in ("AB" if landmarks else "")
            ]
        except RuntimeError as error:
            raise ExportError(f"Lab Streaming Layer could not be opened ({error}).") from error
        self._sent_ns = [-1, -1]
        self._leader = "none"
        self._measured_ns = 0
        self._offset_s = 0.0
        self._measure()

    def send(self, snapshot: Snapshot, at_ns: int) -> None:
        """Send one snapshot whose tick was at `at_ns` on `time.monotonic_ns()`; never waits.

        Raises
        ------
        ExportError
            Lab Streaming Layer takes no more.
        """
        if time.monotonic_ns() - self._measured_ns > _AGAIN_S * 1e9:
            self._measure()
        stamp = self._stamp(at_ns)
        try:
            self._scores.push_sample(_score_values(snapshot), stamp)
            for outlet, person in zip(self._features, (snapshot.pair.a, snapshot.pair.b), strict=True):
                outlet.push_sample(_feature_values(person), stamp)
            for side, seen in enumerate((snapshot.pair.seen_a, snapshot.pair.seen_b)):
                if self._landmarks and seen is not None and seen.frame.t_ns != self._sent_ns[side]:
                    self._sent_ns[side] = seen.frame.t_ns
                    self._landmarks[side].push_sample(_landmark_values(seen), self._stamp(seen.frame.t_ns))
            for text in self._told(snapshot):
                self._markers.push_sample([text], stamp)
        except (RuntimeError, ValueError, OSError) as error:
            raise ExportError(f"Lab Streaming Layer takes no more ({error}); start again to send.") from error

    def close(self) -> None:
        """Take the streams off the network."""
        self._scores = self._markers = None
        self._features, self._landmarks = [], []

    def _stamp(self, at_ns: int) -> float:
        return at_ns * 1e-9 + self._offset_s

    def _measure(self) -> None:
        """Measure how far LSL's clock is ahead of the monotonic one; the quickest reading is the closest."""
        best_ns = math.inf
        for _ in range(_MEASURE):
            before_ns = time.monotonic_ns()
            lsl_s = self._lsl.local_clock()
            after_ns = time.monotonic_ns()
            if after_ns - before_ns < best_ns:
                best_ns = after_ns - before_ns
                self._offset_s = lsl_s - 0.5e-9 * (before_ns + after_ns)
        self._measured_ns = time.monotonic_ns()

    def _told(self, snapshot: Snapshot) -> list[str]:
        """Return what happened at this tick as markers: events, and a change of leader."""
        told = [json.dumps({"kind": e.kind, **dict(e.data)}, ensure_ascii=False) for e in snapshot.events]
        if snapshot.leader != self._leader:
            self._leader = snapshot.leader
            told.append(json.dumps({"kind": "leader", "leader": snapshot.leader}))
        return told

    def _outlet(
        self, what: str, kind: str, channels: Sequence[_Channel], rate_hz: float, *, text: bool = False
    ) -> Any:
        lsl = self._lsl
        info = lsl.StreamInfo(
            f"MirrorSync {what}", kind, len(channels), rate_hz or lsl.IRREGULAR_RATE,
            lsl.cf_string if text else lsl.cf_float32, f"mirrorsync-{what.replace(' ', '-')}-{os.getpid()}",
        )  # fmt: skip
        about = info.desc()
        about.append_child_value("manufacturer", "MirrorSync")
        about.append_child_value("version", __version__)
        listed = about.append_child("channels")
        for label, unit, sort, meaning in channels:
            channel = listed.append_child("channel")
            for name, value in (("label", label), ("unit", unit), ("type", sort), ("meaning", meaning)):
                channel.append_child_value(name, value)
        return lsl.StreamOutlet(info, max_buffered=60)


def _unit(channel: Channel) -> str:
    return "correlation" if channel.kind == "synchrony" else "ratio"


def _score_values(snapshot: Snapshot) -> list[float]:
    values = [snapshot.scores[name].value if name in snapshot.scores else math.nan for name in CHANNELS]
    whole = snapshot.scores.get("attunement")
    lag_s = snapshot.lag_s if snapshot.leader != "none" else math.nan
    return [*values, lag_s, math.nan if whole is None else whole.coverage]


def _feature_values(person: Features | None) -> list[float]:
    if person is None:
        return [math.nan] * len(FEATURES)
    values: list[float] = person.values.tolist()
    return values


def _landmark_channels() -> list[_Channel]:
    body = [
        (
            f"pose_{k}_{part}",
            "ratio" if part == "visibility" else "picture",
            "pose",
            f"Body point {k}, {part}.",
        )
        for k in range(_N_POSE)
        for part in _POSE_PARTS
    ]
    face = [
        (f"face_{k}_{part}", "picture", "face", f"Face point {k}, {part}.")
        for k in range(_N_FACE)
        for part in "xyz"
    ]
    return [*body, *face]


def _landmark_values(seen: Observation) -> list[float]:
    found = seen.landmarks
    pose = np.column_stack([found.pose, found.visibility]).ravel()
    values: list[float] = np.concatenate([pose, found.face.ravel()]).astype(float).tolist()
    return values
