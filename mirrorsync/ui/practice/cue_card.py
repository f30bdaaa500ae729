"""One sentence at a time, on a card that keeps its room: nothing moves when a cue comes or goes."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel

from mirrorsync.practice.cues import CueState
from mirrorsync.practice.texts import say
from mirrorsync.ui.practice.parts import KeyKeeper, button, on_keys
from mirrorsync.ui.theme import scaled_font

__all__ = ["CueCard"]


class CueCard(KeyKeeper):
    """Shows a `CueState`, or an invitation to put an expression into words, which goes first.

    Signals
    -------
    dismissed()
        The cue is to go away.
    switched_off(str)
        The cue with this key is to come no more.
    asked()
        The invitation is to be answered.
    """

    dismissed = pyqtSignal()
    switched_off = pyqtSignal(str)
    asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(say("cue.title"))
        self.state = CueState()
        self.invitation = ""
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setFont(scaled_font(self.font(), 1.15))
        self.dismiss = button("cue.dismiss", self.dismissed.emit)
        self.off = button("cue.off", self._switch_off)
        self.answer = button("cue.invitation", self.asked.emit)
        on_keys(self, ("Escape",), self.dismiss.click)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 2, 10, 2)
        layout.addWidget(self.words, 1)
        for made in (self.answer, self.off, self.dismiss):
            made.setObjectName("quiet")
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            policy = made.sizePolicy()
            policy.setRetainSizeWhenHidden(made is not self.answer)
            made.setSizePolicy(policy)
            made.hide()
            layout.addWidget(made)
        self._look(quiet=True)

    def show_state(self, state: CueState) -> None:
        """Show a cue, or none."""
        if state.prompt != self.state.prompt:
            self.state = state
            self._show()
        self.state = state

    def show_invitation(self, sentence: str) -> None:
        """Show a sentence that waits for an answer; an empty one takes it away."""
        if sentence != self.invitation:
            self.invitation = sentence
            self._show()

    def _show(self) -> None:
        cue = "" if self.invitation else self.state.prompt
        words = self.invitation or say(cue)
        self.words.setText(words)
        self.setAccessibleDescription(words)
        self.setToolTip(say(f"{cue}.about") if cue else "")
        self._look(quiet=not words)
        if any(made.hasFocus() for made in (self.answer, self.off, self.dismiss)):
            self.setFocus()  # what had it goes: the next Space is to press nothing
        self.answer.setVisible(bool(self.invitation))
        for made in (self.off, self.dismiss):
            made.setVisible(bool(cue))

    def _look(self, *, quiet: bool) -> None:
        """Show the card, or only its room."""
        self.setProperty("quiet", "true" if quiet else "false")
        style = self.style()
        if style is not None:
            style.unpolish(self)
            style.polish(self)

    def _switch_off(self) -> None:
        self.switched_off.emit(self.state.prompt.removeprefix("cue."))
