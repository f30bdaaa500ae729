"""The exercises beside the pictures: their panel comes and goes, cues and invitations find their places."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QMainWindow

from mirrorsync.practice.cues import CueState
from mirrorsync.practice.emotion_labelling import LabellingState
from mirrorsync.practice.texts import say
from mirrorsync.practice.warmup import WarmupAnswers
from mirrorsync.settings import Settings
from mirrorsync.ui.live.compact import CompactStrip
from mirrorsync.ui.practice.cue_card import CueCard
from mirrorsync.ui.practice.desk import PracticeDesk
from mirrorsync.ui.practice.own_words import OwnWords

__all__ = ["PracticeSide"]

_GAP = 12


class PracticeSide(QObject):
    """Joins the exercises to the window.

    Parameters
    ----------
    window : QMainWindow
        Widened while the panel is there, where the screen has room.
    compact : CompactStrip
        Shows cues and invitations, too.
    settings : Settings
        Those in force.
    words : OwnWords
        Takes what is written in one's own words.
    change : callable
        Called with settings that were changed on a page, by name.

    Signals
    -------
    shown(bool)
        The panel has come or gone.
    answered(WarmupAnswers)
        What is known of the warm-up's questions, after each answer.
    """

    shown = pyqtSignal(bool)
    answered = pyqtSignal(object)

    def __init__(
        self,
        window: QMainWindow,
        compact: CompactStrip,
        settings: Settings,
        *,
        words: OwnWords,
        change: Callable[..., None],
    ) -> None:
        super().__init__(window)
        self.desk = PracticeDesk(settings, words)
        self.card = CueCard()
        self._window = window
        self._compact = compact
        self._settings = settings
        self._change = change
        self._widened = 0
        desk, card = self.desk, self.card
        desk.panel.hide()
        desk.panel.closed.connect(self.close)
        desk.opened.connect(self._show)
        desk.changed.connect(self._changed)
        desk.cues.shown.connect(self._show_cue)
        desk.labelling.offered.connect(self._show_offer)
        desk.warmup.answered.connect(self._take_answers)
        card.dismissed.connect(desk.cues.dismiss)
        card.switched_off.connect(lambda key: change(**{f"cue_{key}": False}))
        card.asked.connect(partial(self.open, "labelling"))
        card.setVisible(settings.cues)

    def toggle(self) -> None:
        """Show the list of exercises, or put the panel away."""
        if self.desk.panel.isHidden():
            self._show()
            self.desk.show_list()
        else:
            self.close()

    def open(self, name: str) -> None:
        """Open an exercise."""
        self.desk.open(name)

    def close(self) -> None:
        """Put the panel away; an exercise that was under way ends."""
        if not self.desk.panel.isHidden():
            self.desk.show_list()
            self.desk.panel.hide()
            self._give_room_back()
        self.shown.emit(False)

    def follow(self, settings: Settings) -> None:
        """Take changed settings."""
        self._settings = settings
        self.desk.follow(settings)
        self._show_card()

    def _changed(self, name: str, value: Any) -> None:
        self._change(**{name: value})

    def _show(self) -> None:
        panel = self.desk.panel
        if panel.isHidden():
            self._make_room(panel.sizeHint().width() + _GAP)
            panel.show()
        self.shown.emit(True)

    def _make_room(self, width: int) -> None:
        """Widen the window, so that the pictures stay as they are, where the screen has room for it."""
        window, screen = self._window, self._window.screen()
        if screen is None or window.isMaximized() or window.isFullScreen():
            return
        room = screen.availableGeometry()
        more = min(width, room.width() - window.frameGeometry().width())
        if more > 0:
            self._widened = more
            window.resize(window.width() + more, window.height())
            left = min(window.x(), room.right() - window.frameGeometry().width())
            window.move(max(room.left(), left), window.y())

    def _give_room_back(self) -> None:
        window = self._window
        if self._widened and not (window.isMaximized() or window.isFullScreen()):
            window.resize(window.width() - self._widened, window.height())
        self._widened = 0

    def _show_cue(self, state: CueState) -> None:
        self.card.show_state(state)
        self._show_in_strip()

    def _show_offer(self, state: LabellingState) -> None:
        self.card.show_invitation(say(state.question))
        self._show_card()
        self._show_in_strip()

    def _show_card(self) -> None:
        """Keep room for sentences while any may come."""
        self.card.setVisible(self._settings.cues or self.desk.labelling.on)

    def _show_in_strip(self) -> None:
        self._compact.show_sentence(self.card.invitation or say(self.card.state.prompt))

    def _take_answers(self, answers: WarmupAnswers) -> None:
        """Let the form of mirroring count from now on, and remember it."""
        if answers.mirror is not None and answers.mirror != self._settings.mirror:
            if self.desk.source is not None:
                self.desk.source.set_mirror(answers.mirror)
            self._change(mirror=answers.mirror)
        self.answered.emit(answers)
