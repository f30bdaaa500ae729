"""What playback is steered with: play, step, speed, loop, sound, lines, and the partner's offset."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mirrorsync.review.clock import SPEEDS
from mirrorsync.ui.layer_chip import LayerChip
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button, by_tab, name_widget
from mirrorsync.ui.theme import scaled_font

__all__ = ["SOUNDS", "Transport"]

SOUNDS: tuple[str, ...] = ("both", "a", "b", "none")


class Transport(QWidget):
    """Rows of controls, narrow enough for a small screen; it knows nothing of the player.

    Signals
    -------
    play_wanted()
        Play or pause.
    steps_wanted(int)
        So many pictures on.
    skip_wanted(float)
        So many seconds on.
    speed_wanted(float), sound_wanted(str)
        A choice.
    loop_wanted(bool)
        Loop the marked stretch, or no longer.
    layers_wanted(bool, bool)
        Body lines and face lines.
    nudged(float), nudged_frames(int)
        The partner's recording later by so many seconds or pictures.
    """

    play_wanted = pyqtSignal()
    steps_wanted = pyqtSignal(int)
    skip_wanted = pyqtSignal(float)
    speed_wanted = pyqtSignal(float)
    sound_wanted = pyqtSignal(str)
    loop_wanted = pyqtSignal(bool)
    layers_wanted = pyqtSignal(bool, bool)
    nudged = pyqtSignal(float)
    nudged_frames = pyqtSignal(int)
    estimate_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.play_button = button(texts.PLAY, self.play_wanted.emit, "primary")
        self.play_button.setMinimumWidth(92)
        self.position = QLabel("0:00.0")
        self.position.setAccessibleName(texts.POSITION_NAME)
        self.position.setFont(scaled_font(self.font(), 1.25, bold=True))
        self.length = QLabel()
        self.length.setObjectName("soft")
        self.speed = QComboBox()
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g}×", speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        name_widget(self.speed, (texts.SPEED_NAME, texts.SPEED_TOOLTIP))
        self.sound = QComboBox()
        for name in SOUNDS:
            self.sound.addItem(texts.SOUND[name], name)
        name_widget(self.sound, (texts.SOUND_NAME, texts.SOUND_TOOLTIP))
        by_tab(self.speed, self.sound)
        self.loop = LayerChip(texts.LOOP[0], texts.LOOP[0], texts.LOOP[1], checked=False)
        self.body = _chip(texts.LAYER_BODY)
        self.face = _chip(texts.LAYER_FACE)
        self.offset = QLabel()
        self.offset.setAccessibleName(texts.OFFSET_NAME)
        self.offset.setToolTip(texts.OFFSET_TOOLTIP)
        self.estimate = button(texts.OFFSET_FROM_SOUND, self.estimate_wanted.emit, "quiet")
        self._nudges = [
            button(texts.OFFSET_FRAME_LESS, lambda: self.nudged_frames.emit(-1), "quiet"),
            button(texts.OFFSET_LESS, lambda: self.nudged.emit(-0.01), "quiet"),
            button(texts.OFFSET_MORE, lambda: self.nudged.emit(0.01), "quiet"),
            button(texts.OFFSET_FRAME_MORE, lambda: self.nudged_frames.emit(1), "quiet"),
            self.estimate,
        ]
        self._lay_out()
        self.speed.activated.connect(lambda row: self.speed_wanted.emit(SPEEDS[row]))
        self.sound.activated.connect(lambda row: self.sound_wanted.emit(SOUNDS[row]))
        self.loop.toggled.connect(self.loop_wanted.emit)
        for chip in (self.body, self.face):
            chip.toggled.connect(
                lambda _: self.layers_wanted.emit(self.body.isChecked(), self.face.isChecked())
            )

    def _lay_out(self) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(6)
        upper.addWidget(button(texts.BACK, lambda: self.skip_wanted.emit(-5.0), "quiet"))
        upper.addWidget(button(texts.FRAME_BACK, lambda: self.steps_wanted.emit(-1), "quiet"))
        upper.addWidget(self.play_button)
        upper.addWidget(button(texts.FRAME_ON, lambda: self.steps_wanted.emit(1), "quiet"))
        upper.addWidget(button(texts.ON, lambda: self.skip_wanted.emit(5.0), "quiet"))
        upper.addSpacing(10)
        upper.addWidget(self.position)
        upper.addWidget(self.length)
        upper.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(6)
        middle.addWidget(self.loop)
        middle.addWidget(self.body)
        middle.addWidget(self.face)
        middle.addStretch(1)
        middle.addWidget(self.sound)
        middle.addWidget(self.speed)
        self._offset_row = QWidget()
        lower = QHBoxLayout(self._offset_row)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(2)
        lower.addStretch(1)
        lower.addWidget(self.offset)
        lower.addSpacing(8)
        for nudge in self._nudges:
            lower.addWidget(nudge)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(upper)
        layout.addLayout(middle)
        layout.addWidget(self._offset_row)

    def show_playing(self, playing: bool) -> None:
        """Say what the button does now."""
        text = texts.PAUSE if playing else texts.PLAY
        self.play_button.setText(text[0])
        name_widget(self.play_button, text)

    def show_position(self, time_s: float, duration_s: float) -> None:
        """Show where playback is."""
        self.position.setText(texts.clock(time_s, tenths=True))
        self.length.setText(f"/ {texts.clock(duration_s)}")

    def show_offset(self, offset_s: float) -> None:
        """Show how late the partner's recording is."""
        self.offset.setText(texts.OFFSET_LABEL.format(offset=offset_s))

    def offer_offset(self, offered: bool) -> None:
        """Show the offset's row only where there are two recordings to move against each other."""
        self._offset_row.setVisible(offered)

    def offer_sound(self, offered: bool) -> None:
        """Grey the sound where there is no device or nothing to hear."""
        self.sound.setEnabled(offered)
        self.sound.setToolTip(texts.SOUND_TOOLTIP if offered else texts.SOUND_NO_DEVICE)

    def change_speed(self, rows: int) -> None:
        """Choose the next slower or quicker speed."""
        row = min(max(self.speed.currentIndex() + rows, 0), len(SPEEDS) - 1)
        self.speed.setCurrentIndex(row)
        self.speed_wanted.emit(SPEEDS[row])

    def next_sound(self) -> None:
        """Choose the next sound."""
        row = (self.sound.currentIndex() + 1) % len(SOUNDS)
        self.sound.setCurrentIndex(row)
        self.sound_wanted.emit(SOUNDS[row])


def _chip(text: tuple[str, str]) -> LayerChip:
    chip = LayerChip(text[0], texts.LAYER_NAMES.format(layer=text[0]), text[1])
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return chip
