"""A switch for every mirroring cue, in words of the cue itself."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from mirrorsync.practice.cue_table import CUES
from mirrorsync.practice.texts import say
from mirrorsync.settings import Settings
from mirrorsync.ui.theme import Theme

__all__ = ["CuePractice"]


class CuePractice(QScrollArea):
    """Shows which cues are on; scrolls where there is little room.

    Signals
    -------
    switched(str, bool)
        The setting that was changed: "cues" for all of them, or "cue_" and the cue's key.
    """

    switched = pyqtSignal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(say("cue.page"))
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._about.setObjectName("soft")
        self.all = self._box("cues", say("cue.all"), say("cue.all.tip"))
        self.boxes = {
            key: self._box(f"cue_{key}", say(f"cue.{key}"), say(f"cue.{key}.about")) for key in CUES
        }
        inside = QWidget()
        inside.setObjectName("clear")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(12, 12, 8, 12)
        layout.setSpacing(8)
        layout.addWidget(self._about)
        layout.addSpacing(6)
        layout.addWidget(self.all)
        for box in self.boxes.values():
            row = QVBoxLayout()
            row.setContentsMargins(22, 0, 0, 0)
            row.addWidget(box)
            layout.addLayout(row)
        layout.addStretch(1)
        self.setWidget(inside)
        self.show_switches(Settings())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`; the style sheet has them all."""

    def show_switches(self, settings: Settings) -> None:
        """Show what is on."""
        self._about.setText(say("cue.page.about").format(gap=settings.cue_gap_s))
        for name, box in (("cues", self.all), *((f"cue_{key}", box) for key, box in self.boxes.items())):
            box.blockSignals(True)
            box.setChecked(getattr(settings, name))
            box.blockSignals(False)
            box.setEnabled(name == "cues" or settings.cues)

    def _box(self, setting: str, label: str, tip: str) -> QCheckBox:
        box = QCheckBox(label)
        box.setAccessibleName(label)
        box.setToolTip(tip)
        box.toggled.connect(lambda on: self.switched.emit(setting, on))
        return box
