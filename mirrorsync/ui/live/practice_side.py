"""The exercises beside the pictures: their panel comes and goes, cues and invitations find their places."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QMainWindow, QScrollArea, QWidget

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
_SCROLL_BAR = 10  # of the style sheet


class PracticeSide(QObject):
    """Joins the exercises to the window.

    Parameters
    ----------
    window : QMainWindow
        Owns this.
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
    coming(), came(int), gone()
        The panel is about to be shown; it takes this width beside the pictures; it takes none any more.
    shown(bool)
        The panel has come or gone.
    answered(WarmupAnswers)
        What is known of the warm-up's questions, after each answer.
    """

    coming = pyqtSignal()
    came = pyqtSignal(int)
    gone = pyqtSignal()
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
        self._compact = compact
        self._settings = settings
        self._change = change
        desk, card = self.desk, self.card
        self.place = _place_of(desk.panel)
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
            self.place.hide()
            self.gone.emit()
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
            self.coming.emit()
            panel.show()
            self.place.show()
            self.came.emit(self.place.width() + _GAP)
        self.shown.emit(True)

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


def _place_of(panel: QWidget) -> QScrollArea:
    """Return the place beside the pictures, hidden: on a low screen the panel can be scrolled in it."""
    place = QScrollArea()
    place.setFrameShape(QFrame.Shape.NoFrame)
    place.setWidgetResizable(True)
    place.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    place.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    place.setWidget(panel)
    viewport = place.viewport()
    if viewport is not None:
        viewport.setAutoFillBackground(False)
    place.setFixedWidth(panel.width() + _SCROLL_BAR)
    panel.hide()  # setWidget shows it
    place.hide()
    return place
