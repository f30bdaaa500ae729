"""One mirroring cue at a time, on a card that keeps its room: nothing moves when a cue comes or goes."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mirrorsync.practice.cues import CueState
from mirrorsync.practice.texts import say
from mirrorsync.ui.practice.parts import button, on_keys
from mirrorsync.ui.theme import scaled_font

__all__ = ["CueCard"]


class CueCard(QWidget):
    """Shows a `CueState`.

    Signals
    -------
    dismissed()
        It is to go away.
    switched_off(str)
        The cue with this key is to come no more.
    """

    dismissed = pyqtSignal()
    switched_off = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(say("cue.title"))
        self.state = CueState()
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setFont(scaled_font(self.font(), 1.15))
        self.dismiss = button("cue.dismiss", self.dismissed.emit)
        self.off = button("cue.off", self._switch_off)
        on_keys(self, ("Escape",), self.dismiss.click)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 10, 12, 10)
        layout.addWidget(self.words, 1)
        for made in (self.off, self.dismiss):
            made.setObjectName("quiet")
            policy = made.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            made.setSizePolicy(policy)
            made.hide()
            layout.addWidget(made)

    def show_state(self, state: CueState) -> None:
        """Show `state`."""
        if state.prompt != self.state.prompt:
            self.words.setText(say(state.prompt))
            self.setAccessibleDescription(say(state.prompt))
            self.setToolTip(say(f"{state.prompt}.about") if state.prompt else "")
            for made in (self.off, self.dismiss):
                made.setVisible(bool(state.prompt))
        self.state = state

    def _switch_off(self) -> None:
        self.switched_off.emit(self.state.prompt.removeprefix("cue."))
