"""The live session: one thread a feed, one thread that scores and stores, and one way to stop."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from mirrorsync.capture.mailbox import Mailbox, wait_any
from mirrorsync.capture.source import VideoSource
from mirrorsync.engine.changes import Changes
from mirrorsync.engine.engine import Engine
from mirrorsync.engine.feed_thread import FeedThread, Starter
from mirrorsync.engine.observe import MakeLandmarker
from mirrorsync.engine.pairing import Pairing
from mirrorsync.engine.recording import LiveRecording
from mirrorsync.engine.sink import SnapshotSink
from mirrorsync.engine.status import LiveStatus
from mirrorsync.engine.step_down import StepDown
from mirrorsync.engine.turns import spare_the_collector, take_short_turns
from mirrorsync.errors import MirrorSyncError, SessionError
from mirrorsync.features.breathing import BreathEstimate
from mirrorsync.features.expression_words import Reading
from mirrorsync.features.gaze_calibration import GazeTarget
from mirrorsync.features.pace import Pace
from mirrorsync.session.consent import Consent
from mirrorsync.session.meta import SessionMeta
from mirrorsync.settings import Settings
from mirrorsync.types import Observation, Pair, SessionEvent, Snapshot

__all__ = ["LiveSession"]

_PATIENCE_S = 0.3
_DROPOUT_S = 0.07  # two pictures at 30 a second: longer waits would be seen as a picture that stops
_POLL_S = 0.05
_JOIN_S = 5.0
_MESSAGES = 5  # so many are kept


class LiveSession:
    """Two live feeds, scored as they come.

    Parameters
    ----------
    open_a, open_b : callable
        Open the feeds; called in the feed's own thread.
    settings : Settings
        All that the scores depend on.
    make_landmarker : callable
        Makes one landmarker a feed; called in the feed's own thread.
    make_meta : callable
        What to store with a recording.
    open_sink : callable, optional
        Opens what every snapshot is also sent to; called in the thread that scores, which closes it.
    """

    def __init__(
        self,
        open_a: Callable[[], VideoSource],
        open_b: Callable[[], VideoSource],
        settings: Settings,
        *,
        make_landmarker: MakeLandmarker,
        make_meta: Callable[[], SessionMeta],
        open_sink: Callable[[], SnapshotSink] | None = None,
    ) -> None:
        self._settings = settings
        self._make_meta = make_meta
        self._open_sink = open_sink
        self._sink: SnapshotSink | None = None
        self._stopping = threading.Event()
        news = threading.Condition()
        self._mailboxes: tuple[Mailbox[Observation], Mailbox[Observation]] = Mailbox(news), Mailbox(news)
        starter = Starter(self._stopping)
        self._step_down = StepDown(enabled=settings.step_down)
        self._changes = Changes()
        self._feeds = tuple(
            FeedThread(
                name,
                opening,
                make_landmarker,
                mailbox,
                starter,
                self._step_down,
                max_gap_s=settings.max_gap_s,
            )
            for name, opening, mailbox in zip("ab", (open_a, open_b), self._mailboxes, strict=True)
        )
        self._scoring = threading.Thread(target=self._score, name="mirrorsync-scoring", daemon=True)
        self._outbox: Mailbox[Snapshot] = Mailbox()
        self._error: BaseException | None = None
        self._keeping = threading.Lock()  # while a recording is opened or closed: nothing scored waits for it
        self._recording = threading.Lock()
        self._writer: LiveRecording | None = None
        self._closing: LiveRecording | None = None
        self._noting = threading.Lock()  # never held while anything is written
        self._notes: list[SessionEvent] = []
        self._messages: tuple[str, ...] = ()
        self._broke_off = ""
        self._engine = Engine(settings)
        self._recording_begins = False
        self._started = self._stopped = False
        self._stop_lock = threading.Lock()

    def start(self) -> None:
        """Open both feeds in their threads and begin to score; returns at once.

        A feed that does not open ends the session: `status().error` says why, and `stop` raises it.
        """
        if self._started:
            raise MirrorSyncError("This session was started before; make a new one to start again.")
        self._started = True
        take_short_turns()
        spare_the_collector()
        for feed in self._feeds:
            feed.start()
        self._scoring.start()

    def stop(self) -> None:
        """Stop, join every thread, release both feeds and close the recording; may be called again.

        Raises
        ------
        MirrorSyncError
            The first error of the session, or a thread that did not come back within seconds.
        """
        with self._stop_lock:
            if self._stopped or not self._started:
                return
            self._stopped = True
            self._stopping.set()
            for mailbox in self._mailboxes:
                mailbox.close()
            for feed in self._feeds:
                feed.release()
            hung = []
            for thread in (*(feed.thread for feed in self._feeds), self._scoring):
                thread.join(_JOIN_S)
                if thread.is_alive():
                    hung.append(thread.name)
            self._outbox.close()
            error = self._first_error()
            try:
                self.stop_recording()
            except SessionError as unsaved:
                error = error or unsaved
            if error is not None:
                raise error
            if hung:
                raise MirrorSyncError(
                    f"{' and '.join(hung)} did not stop within {_JOIN_S:.0f} s (a camera may hang); "
                    "unplug the camera or close the program."
                )

    def latest(self) -> Snapshot | None:
        """Return the newest snapshot since the last call, None when there is no new one."""
        return self._outbox.get(timeout=0)

    def status(self) -> LiveStatus:
        """Return how both feeds and the recording are doing."""
        error = self._first_error()
        writer = self._writer or self._closing
        return LiveStatus(
            running=self._scoring.is_alive(),
            a=self._feeds[0].status(),
            b=self._feeds[1].status(),
            error=None if error is None else str(error),
            recording=None if writer is None else writer.path,
            reduced=self._step_down.reduced,
            sending="" if (sink := self._sink) is None else sink.name,
            broke_off=self._broke_off,
        )

    def record(self, path: Path, *, consents: Sequence[Consent] = ()) -> None:
        """Store every tick from now on in a new session file; the meters go on while it is opened.

        Parameters
        ----------
        path : Path
            A file that does not exist yet; videos lie beside it.
        consents : sequence of Consent
            What the people have agreed to: landmarks and video of somebody are kept only with theirs.

        Raises
        ------
        SessionError
            The file exists already or cannot be written, somebody has not agreed, or the session is over;
            nothing is recorded then.
        """
        with self._keeping:
            if self._stopping.is_set():
                raise SessionError("The session is over; start it again to record.")
            if (before := self._writer) is not None:
                raise SessionError(f"{before.path} is being recorded; stop that recording first.")
            writer = LiveRecording(path, self._make_meta(), consents)
            with self._recording:
                self._take_notes()
                self._writer = writer
                self._broke_off = ""
                self._recording_begins = True

    def stop_recording(self) -> None:
        """Close the session file, which `status` names until then; without a recording nothing happens."""
        with self._keeping:
            with self._recording:
                writer = self._closing = self._writer
                self._writer = None
                notes = self._take_notes()
            if writer is None:
                return
            try:
                try:
                    for event in notes:
                        writer.add_event(event)
                finally:
                    writer.close()
            except SessionError as error:
                self._broke_off = str(error)
                raise
            finally:
                self._closing = None

    def set_mirror(self, choice: str) -> None:
        """Compare from now on as "mirror" image, "anatomical", or by what fits better ("auto")."""
        self._engine.set_mirror(self._settings.with_(mirror=choice).mirror)

    def calibrate(self, side: str, *, seconds: float = 3.0) -> None:
        """Take what is seen of "a" or "b" in the next seconds as that person's neutral.

        `Snapshot.messages` says when it is done, or why it could not be.
        """
        self._engine.calibrate(side, seconds=seconds)

    def calibrate_gaze(self, side: str, *, target: str = "partner") -> None:
        """Take the next three seconds as "a" or "b" looking at the partner's picture or at the camera."""
        self._engine.calibrate_gaze(side, target=target)

    def gaze_target(self, side: str, *, target: str = "partner") -> GazeTarget | None:
        """Return what that found, useful or not; None while it goes on."""
        return self._engine.gaze_target(side, target=target)

    def expression(self, side: str) -> Reading:
        """Return what the face of "a" or "b" shows now; like all that is asked here, from any thread."""
        return self._engine.expression(side)

    def breath(self, side: str) -> BreathEstimate:
        """Return the newest breathing rate of "a" or "b", NaN when it cannot be told, and its quality."""
        return self._engine.breath(side)

    def pace(self, side: str) -> Pace:
        """Return the newest pace of "a" or "b", NaN when too little was seen."""
        return self._engine.pace(side)

    def note(self, event: SessionEvent) -> bool:
        """Keep an event with the recording, at its own time; returns at once, also while the disk is slow.

        Returns
        -------
        bool
            False: nothing is being recorded, so nothing is kept.
        """
        with self._noting:
            if self._writer is None:
                return False
            self._notes.append(event)
            return True

    def _first_error(self) -> BaseException | None:
        for feed in self._feeds:
            if feed.opening_error is not None:
                return feed.opening_error
        return self._error

    def _score(self) -> None:
        try:
            if self._open_sink is not None:
                self._sink = self._open_sink()
            self._score_until_stopped()
        except BaseException as error:  # noqa: BLE001 - carried to whoever stops the session
            self._error = error
        finally:
            self._close_sink()
            self._stopping.set()
            for feed in self._feeds:
                feed.release()

    def _score_until_stopped(self) -> None:
        pairing: Pairing | None = None
        origin_ns = 0
        while not self._stopping.is_set():
            wait_any(self._mailboxes, _POLL_S)
            for side, mailbox in enumerate(self._mailboxes):
                observation = mailbox.get(timeout=0)
                if observation is None:
                    continue
                if pairing is None:
                    origin_ns = observation.frame.t_ns
                    pairing = Pairing(self._settings, origin_ns=origin_ns, max_wait_s=_DROPOUT_S)
                pairing.push(side, observation)
                self._keep(side, observation, origin_ns)
            if any(feed.opening_error is not None for feed in self._feeds):
                return
            if pairing is not None:
                for side, feed in enumerate(self._feeds):
                    if feed.over and not pairing.ended[side] and not self._mailboxes[side].waiting:
                        pairing.end(side)
                # B's times are set back by the offset: a tick's B comes that much later.
                patience_ns = round((_PATIENCE_S + max(self._settings.offset_s, 0.0)) * 1e9)
                late_ns = time.monotonic_ns() - origin_ns - patience_ns
                for pair in pairing.ready(not_after_ns=late_ns):
                    self._publish(pair, origin_ns)
            # A feed may have left its last picture after the mailboxes were looked into.
            through = pairing is None or all(pairing.ended)
            if (
                through
                and all(feed.over for feed in self._feeds)
                and not any(box.waiting for box in self._mailboxes)
            ):
                return

    def _publish(self, pair: Pair, origin_ns: int) -> None:
        snapshot = self._engine.step(pair)
        a, b = (feed.status() for feed in self._feeds)
        events, said = self._changes.look(pair.t_ns, a, b, self._step_down.reduced)
        if snapshot.messages or said:
            self._messages = (*self._messages, *snapshot.messages, *said)[-_MESSAGES:]
        captured = [seen.captured_ns for seen in (pair.seen_a, pair.seen_b) if seen is not None]
        snapshot = replace(
            snapshot,
            latency_ms=(time.monotonic_ns() - min(captured)) / 1e6 if captured else float("nan"),
            dropped_a=a.dropped,
            dropped_b=b.dropped,
            fps_a=a.fps,
            fps_b=b.fps,
            messages=self._messages,
            events=(*snapshot.events, *events),
        )
        self._store(snapshot)
        self._outbox.put(snapshot)
        if self._sink is not None:
            try:
                self._sink.send(snapshot, origin_ns + pair.t_ns)
            except MirrorSyncError as error:  # the meters go on
                self._messages = (*self._messages, str(error))[-_MESSAGES:]
                self._close_sink()

    def _close_sink(self) -> None:
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.close()

    def _take_notes(self) -> list[SessionEvent]:
        with self._noting:
            notes, self._notes = self._notes, []
            return notes

    def _keep(self, side: int, seen: Observation, origin_ns: int) -> None:
        """Keep of a frame what its person agreed to, at its time on the session's clock."""
        offset_ns = round(self._settings.offset_s * 1e9) if side else 0
        with self._recording:
            if self._writer is not None:
                try:
                    self._writer.see("ab"[side], seen, seen.frame.t_ns - origin_ns - offset_ns)
                except SessionError as error:
                    self._break_off(self._writer, error)

    def _break_off(self, writer: LiveRecording, error: SessionError) -> None:
        """Stop recording and say why in the status: the meters go on, what was recorded stays good."""
        self._broke_off = str(error)
        self._writer = None
        with contextlib.suppress(SessionError):
            writer.close(complete=False)

    def _store(self, snapshot: Snapshot) -> None:
        with self._recording:
            writer = self._writer
            if writer is None:
                return
            if self._recording_begins:  # in the middle, perhaps: say from which neutrals
                t_ns = snapshot.pair.t_ns
                snapshot = replace(snapshot, events=(*self._engine.neutrals(t_ns), *self._changes.now(t_ns)))
                self._recording_begins = False
            try:
                writer.add(snapshot)
                for event in self._take_notes():
                    writer.add_event(event)
            except SessionError as error:
                self._break_off(writer, error)
