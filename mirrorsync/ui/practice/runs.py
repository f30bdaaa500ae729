"""The exercises that begin and end: warm-up, breathing, looking at each other. Each drives its page."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from mirrorsync.practice.base import as_data
from mirrorsync.practice.breathing_pacer import BreathingInputs, BreathingPacer
from mirrorsync.practice.mutual_gaze import MutualGaze, MutualGazeResult, MutualGazeState
from mirrorsync.practice.warmup import Warmup, WarmupAnswers, WarmupInputs, WarmupResult
from mirrorsync.settings import Settings
from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import NO_SCORE, Features, Snapshot
from mirrorsync.ui.practice.breathing import BreathingPractice
from mirrorsync.ui.practice.gaze import GazePractice
from mirrorsync.ui.practice.source import Keep, PracticeSource
from mirrorsync.ui.practice.warmup import WarmupPractice

__all__ = ["BreathingRun", "GazeRun", "WarmupRun", "now_s"]

_FACE = FEATURE_INDEX["face_found"]
_PACER_MS = 33
_STALE_S = 2.0


def now_s(snapshot: Snapshot) -> float:
    """Return a snapshot's time in seconds of its session."""
    return snapshot.pair.t_ns / 1e9


def _face_found(person: Features | None) -> bool | None:
    """Whether a face was found; None while there is no picture, as on a machine that does not keep up."""
    found = math.nan if person is None else float(person.values[_FACE])
    return None if math.isnan(found) else found > 0.5


class WarmupRun(QObject):
    """Leads through the minute and has both neutrals learnt.

    Signals
    -------
    answered(WarmupAnswers)
        All that is known of the two questions, after each answer.
    left()
        The page is to be left.
    """

    answered = pyqtSignal(object)
    left = pyqtSignal()

    def __init__(self, keep: Keep) -> None:
        super().__init__()
        self.page = WarmupPractice()
        self.known = WarmupAnswers()
        self.running = False
        self._keep = keep
        self._machine = Warmup()
        self._source: PracticeSource | None = None
        self._learning = False
        self.page.answered.connect(self._answer)
        self.page.stopped.connect(self._stop)
        self.page.left.connect(self.left)

    def know(self, answers: WarmupAnswers) -> None:
        """Take what was answered before: it is not asked again."""
        self.known = answers

    def begin(self, source: PracticeSource, settings: Settings) -> None:
        """Start afresh."""
        self._source = source
        self._machine = Warmup(self.known, seconds=settings.warmup_s)
        self._learning = False
        self.running = True
        self.page.show_state(self._machine.state)

    def take(self, snapshot: Snapshot) -> None:
        """Go on; when the learning begins both neutrals are calibrated for its whole length."""
        if not self.running or self._source is None:
            return
        pair = snapshot.pair
        state = self._machine.tick(now_s(snapshot), WarmupInputs(_face_found(pair.a), _face_found(pair.b)))
        if state.learning and not self._learning:
            for side in ("a", "b"):
                self._source.calibrate(side, seconds=self._machine.learn_s)
        self._learning = state.learning
        self.page.show_state(state)
        if self._machine.result is not None:
            self._finish(self._machine.result)

    def end(self) -> None:
        """End it early; keep that it was tried."""
        if self.running:
            self._finish(self._machine.stop())
            self.page.show_state(self._machine.state)

    def _answer(self, choice: str) -> None:
        if self.running:
            self.page.show_state(self._machine.answer(choice))
            self.known = self._machine.answers
            self.answered.emit(self.known)

    def _stop(self) -> None:
        self.end()
        self.left.emit()

    def _finish(self, result: WarmupResult) -> None:
        self.running = False
        self._keep(result.kind, as_data(result))


class BreathingRun(QObject):
    """Paces the breath by a clock of its own, so that the circle never stutters.

    Signals
    -------
    chosen(str)
        The rhythm that was chosen, as the setting `breathing_pace`.
    left()
        The page is to be left.
    """

    chosen = pyqtSignal(str)
    left = pyqtSignal()

    def __init__(self, keep: Keep, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.page = BreathingPractice()
        self.running = False
        self._keep = keep
        self._clock = clock
        self._machine = BreathingPacer()
        self._source: PracticeSource | None = None
        self._heard_s = -math.inf
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_PACER_MS)
        self._timer.timeout.connect(self.step)
        self.page.chosen.connect(self._choose)
        self.page.stopped.connect(self._stop)
        self.page.left.connect(self.left)

    def begin(self, source: PracticeSource, settings: Settings) -> None:
        """Start afresh at the rhythm that the settings name."""
        self._source = source
        self._machine = BreathingPacer(_per_min(settings.breathing_pace))
        self.page.choose(_per_min(settings.breathing_pace))
        self.running = True
        self._timer.start()
        self.step()

    def take(self, snapshot: Snapshot) -> None:  # noqa: ARG002 - any snapshot says that the session is alive
        """Hear that the session goes on; without it both rates count as not known."""
        self._heard_s = self._clock()

    def step(self) -> None:
        """Go on to now."""
        if not self.running or self._source is None:
            return
        now = self._clock()
        inputs = BreathingInputs()
        if now - self._heard_s <= _STALE_S:
            own, partner = (self._source.breath(side).rate_per_min for side in ("a", "b"))
            inputs = BreathingInputs(own, partner)
        self.page.show_state(self._machine.tick(now, inputs))

    def end(self) -> None:
        """End it and keep how close the two were."""
        if not self.running:
            return
        self.running = False
        self._timer.stop()
        result = self._machine.stop()
        self._keep(result.kind, as_data(result))
        self.page.show_state(self._machine.state)

    def _choose(self, per_min: float | None) -> None:
        self._machine.choose(per_min)
        self.chosen.emit("partner" if per_min is None else f"{per_min:g}")

    def _stop(self) -> None:
        self.end()
        self.left.emit()


def _per_min(choice: str) -> float | None:
    return None if choice == "partner" else float(choice)


class GazeRun(QObject):
    """Leads through looking at each other, and keeps the answer to its question.

    Signals
    -------
    left()
        The page is to be left.
    """

    left = pyqtSignal()

    def __init__(self, keep: Keep) -> None:
        super().__init__()
        self.page = GazePractice()
        self.running = False
        self._keep = keep
        self._machine = MutualGaze()
        self._source: PracticeSource | None = None
        self._measured: PracticeSource | None = None  # the session whose directions of gaze are known
        self._calibrating = ""
        page = self.page
        page.begun.connect(lambda: self._show(self._machine.begin()))
        page.grounded.connect(lambda: self._show(self._machine.ground()))
        page.resumed.connect(lambda: self._show(self._machine.resume()))
        page.retried.connect(lambda: self._show(self._machine.again()))
        page.gone_on.connect(lambda: self._show(self._machine.go_on()))
        page.stopped.connect(self._stop)
        page.answered.connect(self._answer)
        page.left.connect(self.left)

    def begin(self, source: PracticeSource, settings: Settings) -> None:
        """Start afresh; where the eyes rest is measured once a session."""
        self._source = source
        calibrate = settings.gaze_calibrate and self._measured is not source
        timer = not calibrate and self._measured is not source
        self._machine = MutualGaze(settings.gaze_s, calibrate=calibrate, timer=timer)
        self._calibrating = ""
        self.running = True
        self.page.show_state(self._machine.state)

    def take(self, snapshot: Snapshot) -> None:
        """Go on with whether both look."""
        if not self.running or self._machine.state.phase in ("question", "done"):
            return
        mutual = snapshot.scores.get("mutual_gaze", NO_SCORE)
        self._show(self._machine.tick(now_s(snapshot), mutual.value))
        self._see_measured()

    def _see_measured(self) -> None:
        """Tell the exercise once it is known whether the looks of both could be measured."""
        target = self._machine.state.calibrating
        if not target or self._source is None or self._machine.state.progress < 1.0:
            return
        found = [self._source.gaze_target(side, target=target) for side in ("a", "b")]
        if all(found):
            you, partner = (one is not None and one.useful for one in found)
            self._show(self._machine.measured(you=you, partner=partner))
            if self._machine.calibrated:
                self._measured = self._source

    def end(self) -> None:
        """End it; what stands written as an answer by then is kept."""
        if not self.running:
            return
        if self._machine.state.phase != "question":
            self._show(self._machine.stop())
        if self._machine.state.phase == "question":
            self._machine.answer(self.page.answer.toPlainText())
        self._finish()

    def _stop(self) -> None:
        self._show(self._machine.stop())
        if self._machine.result is not None:
            self._finish()
            self.left.emit()

    def _answer(self, text: str) -> None:
        self._machine.answer(text)
        self._finish()

    def _finish(self) -> None:
        self.running = False
        result: MutualGazeResult | None = self._machine.result
        if result is not None and result.duration_s > 0:
            self._keep(result.kind, as_data(result))
        self.page.show_state(self._machine.state)

    def _show(self, state: MutualGazeState) -> None:
        if state.calibrating and state.calibrating != self._calibrating and self._source is not None:
            for side in ("a", "b"):
                self._source.calibrate_gaze(side, target=state.calibrating)
        self._calibrating = state.calibrating
        self.page.show_state(state)
