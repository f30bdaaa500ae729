"""What a live session sends elsewhere: every snapshot, once, with the time of its tick."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
from fake_landmarks import FakeLandmarker, Person
from fakes import FakeSource
from made_sessions import META
from patience import patient_s

from mirrorsync.capture.pacing import PacedSource
from mirrorsync.capture.source import VideoSource
from mirrorsync.engine.live import LiveSession
from mirrorsync.errors import ExportError, MirrorSyncError
from mirrorsync.settings import Settings
from mirrorsync.types import Snapshot

SETTINGS = Settings(rate_hz=25.0, window_s=1.0, lag_s=0.2, step_s=0.2, surrogates=2, baseline_s=0.0)
DEADLINE_S = patient_s(20.0)


def recording() -> VideoSource:
    """A second, played in real time."""
    return PacedSource(FakeSource([k / 25.0 for k in range(25)]))


def turning() -> FakeLandmarker:
    return FakeLandmarker(lambda frame: Person(yaw_deg=float(frame.index)))


class Listener:
    """Takes everything until `fail_at`."""

    name = "somewhere"

    def __init__(self, *, fail_at: int | None = None) -> None:
        self.got: list[tuple[int, int]] = []
        self.closed = 0
        self._fail_at = fail_at

    def send(self, snapshot: Snapshot, at_ns: int) -> None:
        if snapshot.pair.tick == self._fail_at:
            raise ExportError("Nobody takes it any more.")
        self.got.append((snapshot.pair.tick, at_ns))

    def close(self) -> None:
        self.closed += 1


def run(open_sink: Callable[[], Listener]) -> tuple[LiveSession, list[Snapshot], set[str]]:
    """Run a second of two feeds; return the session, what the window saw, and what it said of sending."""
    running = LiveSession(
        recording, recording, SETTINGS, make_landmarker=turning, make_meta=lambda: META, open_sink=open_sink
    )
    running.start()
    deadline, pause = time.monotonic() + DEADLINE_S, threading.Event()
    got: list[Snapshot] = []
    said: set[str] = set()
    over = False
    while not over:
        assert time.monotonic() < deadline, "it did not end"
        pause.wait(0.005)
        status = running.status()
        over = not status.running
        said.add(status.sending)
        newest = running.latest()
        got += [newest] if newest is not None else []
    return running, got, said


@pytest.mark.parametrize("fail_at", [None, 5])
def test_every_snapshot_is_sent_and_trouble_ends_only_the_sending(fail_at: int | None) -> None:
    listener = Listener(fail_at=fail_at)
    before_ns = time.monotonic_ns()
    running, got, said = run(lambda: listener)
    running.stop()
    ticks = [tick for tick, _ in listener.got]
    assert ticks == list(range(len(ticks)))
    assert len(ticks) == (fail_at or got[-1].pair.tick + 1)
    times_ns = [at_ns for _, at_ns in listener.got]
    assert all(before_ns < at_ns < time.monotonic_ns() for at_ns in times_ns)
    assert set(np.diff(times_ns).tolist()) == {40_000_000}
    assert listener.closed == 1
    assert "somewhere" in said
    assert running.status().sending == ""
    assert any("Nobody takes it" in text for text in got[-1].messages) == (fail_at is not None)


def test_what_cannot_be_opened_ends_the_session_with_its_sentence() -> None:
    def refuse() -> Listener:
        raise ExportError("It is not installed here.")

    running, got, said = run(refuse)
    assert (got, said) == ([], {""})
    with pytest.raises(MirrorSyncError, match="not installed"):
        running.stop()
