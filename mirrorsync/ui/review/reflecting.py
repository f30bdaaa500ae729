"""Pause and reflect in the window: asking, keeping the answers, and losing none of them."""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal

from mirrorsync.practice.reflection import Reflection, ReflectionMoment
from mirrorsync.synchrony.moments import Moment
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.marks import Marks
from mirrorsync.ui.review.reflect_panel import ReflectPanel

__all__ = ["Reflecting"]


class Reflecting(QObject):
    """Joins the questions, the panel that shows them and the journal that keeps the answers.

    The panel closes when the answers are in the journal, or are left as a draft; never before.

    Signals
    -------
    asking(bool)
        The panel is shown, or gone.
    over()
        Playback may go on.
    switched_off()
        The user wants no more stops.
    said(str)
        A sentence about what was done.
    """

    asking = pyqtSignal(bool)
    over = pyqtSignal()
    switched_off = pyqtSignal()
    said = pyqtSignal(str)

    def __init__(self, reflection: Reflection, panel: ReflectPanel, marks: Marks) -> None:
        super().__init__(panel)
        self._reflection, self._panel, self._marks = reflection, panel, marks
        panel.answered.connect(self._answered)
        panel.skipped.connect(self._leave)
        panel.switched_off.connect(self._switch_off)
        marks.ready.connect(panel.set_session)

    def ask(self, moment: Moment) -> None:
        """Ask about a moment now, or go on with what was begun about it."""
        asked = ReflectionMoment(moment.start_s, moment.kind, moment.sentence)
        self._reflection.ask(self._marks.unfinished.get(moment.start_s, asked))
        self.show()

    def show(self) -> None:
        """Show what is asked now, or nothing."""
        state = self._reflection.state
        self._panel.show_state(state)
        self.asking.emit(state.phase == "asking")

    def _answered(self, answers: dict[str, str]) -> None:
        result = self._reflection.result(answers)
        if result is None:
            self._leave()
            return
        self._panel.set_busy(True)
        self._marks.reflect(result, draft=self._panel.draft_key, kept=self._kept, failed=self._not_kept)

    def _kept(self) -> None:
        self._panel.forget_draft()
        self._close()

    def _not_kept(self, why: str) -> None:
        self._panel.set_busy(False)
        self._panel.keep_draft()
        self._panel.say(texts.REFLECT_NOT_KEPT.format(why=why))

    def _leave(self) -> None:
        """Go on without the answers; what is written waits as a draft."""
        moment = self._reflection.state.moment
        written = moment is not None and self._panel.is_edited
        if written and not self._panel.draft_key:
            self._not_kept(texts.NO_JOURNAL)  # nowhere to leave it
            return
        self._close()
        self._marks.refresh()
        if moment is not None and written:
            self.said.emit(texts.REFLECT_WAITS.format(at=texts.clock(moment.time_s)))

    def _switch_off(self) -> None:
        self.switched_off.emit()
        self._leave()

    def _close(self) -> None:
        self._reflection.skip()
        self.show()
        self.over.emit()
