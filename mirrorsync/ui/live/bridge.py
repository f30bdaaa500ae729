"""Between the engine's threads and the window: the only place where the window meets a live session."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from mirrorsync.engine.status import LiveStatus
from mirrorsync.errors import MirrorSyncError
from mirrorsync.session.consent import Consent
from mirrorsync.settings import Settings
from mirrorsync.types import Snapshot
from mirrorsync.ui import texts
from mirrorsync.ui.live.readout import Readout
from mirrorsync.ui.practice.source import PracticeSource

__all__ = ["ControllerFactory", "LiveBridge", "LiveController"]

_TICK_MS = 12  # looking for a snapshot costs next to nothing; what was found late is shown late
_STATUS_EVERY_TICKS = 17
_LATENCY_MEMORY_S = 5.0

log = logging.getLogger(__name__)


class LiveController(PracticeSource, Protocol):
    """What the window needs of a live session."""

    def start(self) -> None:
        """Open the feeds in their own threads; return at once."""

    def stop(self) -> None:
        """End everything and join the threads; may take seconds, may be called again."""

    def latest(self) -> Snapshot | None:
        """Return the newest snapshot since the last call, or None."""

    def status(self) -> LiveStatus:
        """Say how the feeds and the session are."""

    def record(self, path: Path, *, consents: Sequence[Consent] = ()) -> None:
        """Keep in a new file, from now on, what the people have agreed to."""

    def stop_recording(self) -> None:
        """Close that file."""


ControllerFactory = Callable[[str, str, Settings], LiveController]
_Request = Callable[[LiveController], None]


class LiveBridge(QObject):
    """Starts and stops sessions and brings their newest values to the GUI thread.

    Signals
    -------
    snapshot_changed(Snapshot)
        The newest snapshot, about 30 times a second at most.
    reading_changed(Reading)
        The same snapshot as the meters show it.
    status_changed(LiveStatus)
        About five times a second while running, and after every change.
    state_changed(str)
        "idle", "running" or "stopping".
    keeping_changed(str)
        "opening" while a recording is begun, "closing" while it is ended, and "" in between.
    failed(str)
        One sentence about what went wrong.

    Attributes
    ----------
    settings : Settings
        Those of the next session; one that runs keeps its own.
    state, keeping : str
        As the signals said last.
    """

    snapshot_changed = pyqtSignal(object)
    reading_changed = pyqtSignal(object)
    status_changed = pyqtSignal(object)
    state_changed = pyqtSignal(str)
    keeping_changed = pyqtSignal(str)
    failed = pyqtSignal(str)
    _stop_returned = pyqtSignal(str)
    _request_returned = pyqtSignal(str)

    def __init__(self, make_controller: ControllerFactory, settings: Settings) -> None:
        super().__init__()
        self._make_controller = make_controller
        self.settings = settings
        self._controller: LiveController | None = None
        self._stopper: threading.Thread | None = None
        self._requests: deque[tuple[str, _Request]] = deque()
        self._keeper: threading.Thread | None = None
        self._readout = Readout()
        self._ticks = 0
        self._latencies: deque[tuple[float, float]] = deque(maxlen=1024)
        self.state = "idle"
        self.keeping = ""
        self.status = LiveStatus()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._stop_returned.connect(self._stopped)
        self._request_returned.connect(self._request_done)

    @property
    def session(self) -> LiveController | None:
        """The session that runs or is being stopped."""
        return self._controller

    def start(self, feed_a: str, feed_b: str) -> bool:
        """Begin a session on two feeds; False (and `failed`) when that cannot be."""
        if self.state != "idle":
            return False
        try:
            controller = self._make_controller(feed_a, feed_b, self.settings)
            controller.start()
        except MirrorSyncError as error:
            self.failed.emit(str(error))
            return False
        self._controller = controller
        self._readout = Readout()
        self._latencies.clear()
        self._ticks = 0
        self._set_state("running")
        self._poll_status()
        self._timer.start()
        return True

    def stop(self) -> None:
        """End the session without waiting for it; "idle" comes when its threads are gone.

        A recording that is being opened or closed is finished first.
        """
        if self.state != "running" or self._controller is None:
            return
        self._timer.stop()
        self._requests.clear()
        self._set_state("stopping")
        self._stopper = threading.Thread(
            target=self._stop_controller,
            args=(self._controller, self._keeper),
            name="mirrorsync-ui-stop",
            daemon=True,
        )
        self._stopper.start()

    def record(self, path: Path, *, consents: Sequence[Consent] = ()) -> None:
        """Keep in `path`, as soon as it is open, what the people have agreed to; returns at once."""
        self._ask("opening", lambda controller: controller.record(path, consents=consents))

    def stop_recording(self) -> None:
        """Stop keeping the scores; returns at once."""
        self._ask("closing", lambda controller: controller.stop_recording())

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Bring one snapshot to the window, as the timer does while a session runs."""
        self.snapshot_changed.emit(snapshot)
        self.reading_changed.emit(self._readout.update(snapshot))

    def note_painted(self, captured_ns: int) -> None:
        """Take down that the frame captured at `captured_ns` (`time.monotonic_ns`) is on the screen now."""
        now_ns = time.monotonic_ns()
        self._latencies.append((now_ns / 1e9, (now_ns - captured_ns) / 1e6))

    def latency_ms(self, *, share: float = 0.95) -> float:
        """Return the latency from capture to paint not exceeded by `share` of the last seconds' frames."""
        since_s = time.monotonic() - _LATENCY_MEMORY_S
        recent = sorted(ms for t_s, ms in self._latencies if t_s >= since_s)
        return recent[math.ceil(share * len(recent)) - 1] if recent else float("nan")

    def _tick(self) -> None:
        if self._controller is None:
            return
        snapshot = self._controller.latest()
        if snapshot is not None:
            self.show_snapshot(snapshot)
        self._ticks += 1
        if self._ticks % _STATUS_EVERY_TICKS == 0:
            self._poll_status()

    def _poll_status(self) -> None:
        if self._controller is None:
            return
        was_running = self.status.running
        self.status = self._controller.status()
        self.status_changed.emit(self.status)
        if self.state == "running" and not self.status.running and (was_running or self.status.error):
            self.stop()

    def _ask(self, keeping: str, request: _Request) -> None:
        """Let a thread of its own do what may wait for the disk or an encoder, one after the other."""
        if self.state == "running":
            self._requests.append((keeping, request))
            self._next_request()

    def _next_request(self) -> None:
        if self._keeper is not None or self._controller is None:
            return
        if self._requests:
            keeping, request = self._requests.popleft()
            self._keeper = threading.Thread(
                target=self._carry_out,
                args=(self._controller, request),
                name="mirrorsync-ui-keep",
                daemon=True,
            )
            self._set_keeping(keeping)
            self._keeper.start()
        else:
            self._set_keeping("")

    def _carry_out(self, controller: LiveController, request: _Request) -> None:
        sentence = ""
        try:
            request(controller)
        except MirrorSyncError as error:
            sentence = str(error)
        except Exception as error:
            log.exception("opening or closing a recording failed")
            sentence = texts.UNEXPECTED.format(error=error)
        self._request_returned.emit(sentence)

    def _request_done(self, sentence: str) -> None:
        if self._keeper is not None:
            self._keeper.join()
            self._keeper = None
        if sentence:
            self.failed.emit(sentence)
        self._poll_status()
        self._next_request()

    def _stop_controller(self, controller: LiveController, keeper: threading.Thread | None) -> None:
        """Run in a thread of its own: a camera may take long to let go."""
        sentence = ""
        if keeper is not None:
            keeper.join()
        try:
            controller.stop()
        except MirrorSyncError as error:
            sentence = str(error)
        except Exception as error:
            log.exception("stopping the live session failed")
            sentence = texts.UNEXPECTED.format(error=error)
        self._stop_returned.emit(sentence)

    def _stopped(self, sentence: str) -> None:
        if self._stopper is not None:
            self._stopper.join()
            self._stopper = None
        self._poll_status()
        self._controller = None
        sentence = sentence or self.status.error or ""
        self.status = LiveStatus()
        self._set_state("idle")
        if sentence:
            self.failed.emit(sentence)

    def _set_state(self, state: str) -> None:
        self.state = state
        self.state_changed.emit(state)

    def _set_keeping(self, keeping: str) -> None:
        if keeping != self.keeping:
            self.keeping = keeping
            self.keeping_changed.emit(keeping)
