"""The exercises that go on all session long: mirroring cues, and putting expressions into words."""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal

from mirrorsync.practice.base import as_data
from mirrorsync.practice.cue_table import CUES
from mirrorsync.practice.cues import CueInputs, Cues, CueState
from mirrorsync.practice.emotion_labelling import EmotionLabelling, LabelEntry, LabellingState
from mirrorsync.settings import Settings
from mirrorsync.types import Snapshot
from mirrorsync.ui.practice.cue_page import CuePractice
from mirrorsync.ui.practice.labelling import LabellingPractice
from mirrorsync.ui.practice.runs import now_s
from mirrorsync.ui.practice.source import Keep, PracticeSource

__all__ = ["CueWatch", "LabellingWatch"]

CUE_KIND = "practice.cue"
_READABLE = 0.5  # share of the face's measures that must be known
_UNREAD_S = 2.0  # nobody is told that a face cannot be read for less
LABEL_KIND = "practice.emotion_label"


class CueWatch(QObject):
    """Looks for cues while a session runs; its page has a switch for each.

    Signals
    -------
    shown(CueState)
        What the card is to show, at every change.
    switched(str, bool)
        A setting ("cues", or "cue_" and a key) was changed by hand.
    """

    shown = pyqtSignal(object)
    switched = pyqtSignal(str, bool)

    def __init__(self, keep: Keep) -> None:
        super().__init__()
        self.page = CuePractice()
        self.running = False
        self._keep = keep
        self._machine = Cues()
        self._source: PracticeSource | None = None
        self._on = True
        self._state = CueState()
        self.page.switched.connect(self.switched)

    def begin(self, source: PracticeSource, settings: Settings) -> None:
        """Watch a new session."""
        self._source = source
        self._machine = Cues(gap_s=settings.cue_gap_s)
        self.running = True
        self.follow(settings)
        self._show(CueState())

    def follow(self, settings: Settings) -> None:
        """Take the switches from the settings."""
        self._on = settings.cues
        for key in CUES:
            self._machine.switch(key, on=getattr(settings, f"cue_{key}"))
        self.page.show_switches(settings)
        if self._on:
            self._show(self._machine.state)
        else:
            self._show(CueState())

    def take(self, snapshot: Snapshot) -> None:
        """Look at one snapshot."""
        if not self.running or self._source is None:
            return
        pace_a, pace_b = (self._source.pace(side).speed for side in ("a", "b"))
        before = self._state.prompt
        state = self._machine.tick(now_s(snapshot), CueInputs(snapshot, pace_a, pace_b))
        if not self._on:
            return
        self._show(state)
        if state.prompt and state.prompt != before:
            self._keep(CUE_KIND, {"key": state.prompt.removeprefix("cue.")})

    def dismiss(self) -> None:
        """Take the cue away that is shown."""
        self._show(self._machine.dismiss())

    def end(self) -> None:
        """Stop looking."""
        if self.running:
            self.running = False
            self._machine.stop()
            self._show(CueState())

    def _show(self, state: CueState) -> None:
        changed = state.prompt != self._state.prompt
        self._state = state
        if changed:
            self.shown.emit(state)


class LabellingWatch(QObject):
    """Offers sentences about expressions that stay, once it was switched on.

    Every offered sentence is kept by itself, at the time of its end, with what became of it.

    Signals
    -------
    offered(LabellingState)
        At every change of phase; "inviting" has the sentence.
    """

    offered = pyqtSignal(object)

    def __init__(self, keep: Keep) -> None:
        super().__init__()
        self.page = LabellingPractice()
        self.running = False
        self._keep = keep
        self._kept = 0
        self._machine = EmotionLabelling()
        self._source: PracticeSource | None = None
        self._phase = "off"
        self._unread_s = self._last_s = 0.0
        self.page.set_running(running=False)
        self.page.switched_on.connect(self._switch_on)
        self.page.answered.connect(self._answer)
        self.page.stopped.connect(self._stop)

    @property
    def on(self) -> bool:
        """Whether sentences may be offered."""
        return self._phase != "off"

    def begin(self, source: PracticeSource, settings: Settings) -> None:
        """Be ready for a new session; off until it is switched on."""
        self._source = source
        self._machine = EmotionLabelling(hold_s=settings.label_hold_s, cooldown_s=settings.label_pause_s)
        self._kept = 0
        self.running = True
        self.page.show_log(())
        self.page.set_running(running=True)
        self._unread_s = self._last_s = 0.0
        self._show(self._machine.state)

    def take(self, snapshot: Snapshot) -> None:
        """Look at the partner's face."""
        if self.running and self._source is not None:
            reading, now = self._source.expression("b"), now_s(snapshot)
            readable = reading.coverage >= _READABLE
            self._unread_s = 0.0 if readable else self._unread_s + max(now - self._last_s, 0.0)
            self._last_s = now
            self.page.show_seen(seen=self._unread_s < _UNREAD_S)
            writing = bool(self.page.clarified_as.text())
            self._show(self._machine.tick(now, reading.pattern, writing=writing))
            self._keep_new()

    def end(self) -> None:
        """Switch off; an open sentence is kept as unanswered."""
        if self.running:
            self._stop()
            self.running = False
            self.page.set_running(running=False)

    def _switch_on(self) -> None:
        if self.running:
            self._show(self._machine.switch_on(explained=True))

    def _answer(self, outcome: str, words: str) -> None:
        if self._machine.state.phase == "inviting" and (words or outcome != "clarified"):
            self._machine.answer(outcome, words)
            self._show(self._machine.state)
            self._keep_new()

    def _stop(self) -> None:
        self._answer("clarified", self.page.clarified_as.text().strip())  # what stands written by then counts
        self._machine.stop()
        self._show(self._machine.state)
        self._keep_new()

    def _keep_new(self) -> None:
        log: tuple[LabelEntry, ...] = self._machine.log
        if len(log) > self._kept:
            for entry in log[self._kept :]:
                self._keep(LABEL_KIND, as_data(entry))
            self._kept = len(log)
            self.page.show_log(log)

    def _show(self, state: LabellingState) -> None:
        self.page.show_state(state)
        if state.phase != self._phase:
            self._phase = state.phase
            self.offered.emit(state)
