"""Brings the exercises together: one panel, one live session, one place where results go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from mirrorsync.practice.texts import say
from mirrorsync.settings import Settings
from mirrorsync.types import SessionEvent, Snapshot
from mirrorsync.ui.practice.own_words import OwnAnswer, OwnWords
from mirrorsync.ui.practice.panel import PracticePanel
from mirrorsync.ui.practice.runs import BreathingRun, GazeRun, WarmupRun
from mirrorsync.ui.practice.source import Exercise, PracticeSource
from mirrorsync.ui.practice.watches import CueWatch, LabellingWatch
from mirrorsync.ui.practice.words_card import WordsCard
from mirrorsync.ui.theme import Theme

__all__ = ["PracticeDesk"]


class PracticeDesk(QObject):
    """Opens, feeds and ends the exercises.

    Cues and labelling go on while a session runs, whatever page is shown; of the others one goes on while
    its page is open. What comes of them is kept with the recording. While nothing is recorded it is held
    until a recording begins in the same session, and given up with the session; only what was written in
    one's own words goes into the journal at once, recording or not.

    Parameters
    ----------
    settings : Settings
        Those in force.
    words : OwnWords
        Takes one's own words.

    Signals
    -------
    changed(str, object)
        A setting was changed on a page: its name and value.
    opened()
        A page was opened: the panel is to be seen.
    """

    changed = pyqtSignal(str, object)
    opened = pyqtSignal()

    def __init__(self, settings: Settings, words: OwnWords) -> None:
        super().__init__()
        self.words = words
        self.warmup = WarmupRun(self._keep)
        self.cues = CueWatch(self._keep)
        self.breathing = BreathingRun(self._keep)
        self.gaze = GazeRun(self._keep)
        self.labelling = LabellingWatch(self._keep)
        self.runs: dict[str, Exercise] = {
            "warmup": self.warmup,
            "breathing": self.breathing,
            "gaze": self.gaze,
        }
        self._watches: tuple[Exercise, ...] = (self.cues, self.labelling)
        pages = {name: run.page for name, run in self.runs.items()}
        pages |= {"cues": self.cues.page, "labelling": self.labelling.page}
        self.panel = PracticePanel(pages, WordsCard(words))
        self._settings = settings
        self._source: PracticeSource | None = None
        self._t_ns = 0
        self._held: list[SessionEvent] = []
        self.cues.follow(settings)
        self.panel.chosen.connect(self.open)
        self.panel.back.connect(self.show_list)
        words.changed.connect(self._words_changed)
        for run in (self.warmup, self.breathing, self.gaze):
            run.left.connect(self.panel.show_list)
        self.cues.switched.connect(self.changed.emit)
        self.breathing.chosen.connect(lambda pace: self.changed.emit("breathing_pace", pace))

    @property
    def source(self) -> PracticeSource | None:
        """The session that is worked on."""
        return self._source

    @property
    def held(self) -> tuple[SessionEvent, ...]:
        """What waits for a recording."""
        return tuple(self._held)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        for page in (self.warmup.page, self.breathing.page, self.gaze.page, self.labelling.page):
            page.set_theme(theme)

    def follow(self, settings: Settings) -> None:
        """Take changed settings; exercises under way go on as they began."""
        self._settings = settings
        self.cues.follow(settings)

    def begin(self, source: PracticeSource) -> None:
        """Work on a session that has just begun."""
        self._source = source
        self._t_ns = 0
        self._held.clear()
        for watch in self._watches:
            watch.begin(source, self._settings)
        self.panel.footnote.setText("")
        self.panel.set_running(running=True)

    def end(self) -> None:
        """End everything before the session stops, so that what came of it is still kept."""
        for exercise in (*self.runs.values(), *self._watches):
            exercise.end()
        self._source = None
        self._held.clear()
        self.panel.set_running(running=False)

    def take(self, snapshot: Snapshot) -> None:
        """Feed all that is under way; what was held is kept as soon as something is recorded."""
        self._t_ns = snapshot.pair.t_ns
        for exercise in (*self._watches, *self.runs.values()):
            exercise.take(snapshot)

    def recording_began(self) -> None:
        """Keep what was held."""
        held, self._held = self._held, []
        for event in held:
            self._note(event)

    def open(self, name: str) -> None:
        """Open an exercise; a run begins afresh, and another one that was under way ends."""
        if not self.panel.entries[name].isEnabled():
            self.show_list()
            self.opened.emit()
            return
        if name in self.runs and self.runs[name].running and self.panel.name == name:
            self.opened.emit()
            return
        self._end_runs()
        self.panel.show_page(name)
        self.opened.emit()
        if name in self.runs and self._source is not None:
            self.runs[name].begin(self._source, self._settings)
        self.panel.take_focus()

    def show_list(self) -> None:
        """Leave the page; an exercise that was under way on it ends."""
        self._end_runs()
        self.panel.show_list()

    def _end_runs(self) -> None:
        for run in self.runs.values():
            run.end()

    def _words_changed(self) -> None:
        """Say where one's own words are; those that could not be written are put on the screen."""
        if self.words.trouble:
            self.opened.emit()
        else:
            self.panel.footnote.setText(say("panel.words"))

    def _keep(self, kind: str, data: Mapping[str, Any]) -> None:
        if data.get("answer"):
            own = OwnAnswer(kind.removeprefix("practice."), str(data["question"]), str(data["answer"]))
            data = {**data, "words_id": own.words_id}
            self.words.write(own)
        self._note(SessionEvent(self._t_ns, kind, data))

    def _note(self, event: SessionEvent) -> None:
        kept = self._source is not None and self._source.note(event)
        if not kept:
            self._held.append(event)
        if event.kind != "practice.cue":
            self.panel.footnote.setText(say("panel.kept" if kept else "panel.held"))
