"""A whole session on a real screen: FOLDER FEED_A FEED_B. Pictures of every state are left in FOLDER.

Every step waits on what a person would see. The window is closed while it records.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from mirrorsync.cli.live import live_factory
from mirrorsync.settings import Settings
from mirrorsync.ui.application import application
from mirrorsync.ui.live.consent import ConsentDialog
from mirrorsync.ui.live.main_window import MainWindow

_TEST: Any = QTest  # PyQt6 annotates its static functions as methods
_DEADLINE_S = 60.0


class Session:
    """The window, driven by its keys and buttons."""

    def __init__(self, folder: Path, feed_a: str, feed_b: str) -> None:
        self._folder = folder
        self.window = MainWindow(
            feed_a,
            feed_b,
            Settings(warmup_s=20.0, gaze_s=5.0, gaze_calibrate=False),
            live_factory(None),
            recordings=folder,
            journal=folder / "journal.db",
            facts=folder / "cameras.json",
        )
        self.window.show()
        self.window.activateWindow()

    def until(self, happens: Callable[[], bool], what: str) -> None:
        """Wait until something happens."""
        deadline = time.monotonic() + _DEADLINE_S
        while not happens():
            if time.monotonic() > deadline:
                self.picture("stuck")
                raise TimeoutError(f"{what} did not come: {self.window.status_bar.sentence}")
            _TEST.qWait(20)

    def picture(self, name: str, of: QWidget | None = None) -> None:
        """Keep a picture of a window."""
        (of or self.window).grab().save(str(self._folder / f"{name}.png"))

    def press(self, key: Qt.Key, *, ctrl: bool = False) -> None:
        """Press a key of the window."""
        held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        _TEST.keyClick(self.window, key, held)

    def start_and_record(self) -> None:
        """Start, and record once the other has agreed."""
        window = self.window
        window.toggle_running()
        self.until(lambda: window.card_b.view.observation is not None, "the partner's picture")
        self.until(window.card_b.face_chip.isEnabled, "the partner's face")
        self.until(window.card_a.face_chip.isEnabled, "your own face")
        window.recording.toggle()
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, ConsentDialog)]
        dialog = found[0]
        for box in (dialog.you, dialog.partner):
            self.until(box.isVisible, "the question before recording")
            box.setFocus()
            _TEST.keyClick(box, Qt.Key.Key_Space)
        self.picture("consent", dialog)
        self.until(dialog.ok.isEnabled, "what was agreed to")
        dialog.ok.click()
        self.until(window.recording.sign.isVisible, "the recording sign")
        self.picture("recording")

    def practise(self) -> None:
        """Go through every exercise."""
        desk = self.window.practice.desk
        self.press(Qt.Key.Key_1, ctrl=True)
        mirror = desk.warmup.page.choices["warmup.mirror", "mirror"]
        self.until(mirror.isVisible, "the question of the warm-up")
        self.picture("warmup_question")
        mirror.click()
        self.until(lambda: desk.warmup.page.bar.value() > 300, "the second half of the warm-up")
        self.picture("warmup")
        self.until(lambda: not desk.warmup.running, "the end of the warm-up")
        self.press(Qt.Key.Key_3, ctrl=True)
        box = desk.breathing.page.pace
        box.setCurrentIndex(box.findData(6.0))
        self.until(lambda: desk.breathing.page.circle.state.phase == "in", "a breath in")
        self.picture("breathing")
        self.press(Qt.Key.Key_4, ctrl=True)
        desk.gaze.page.buttons["begin"].click()
        began = time.monotonic()
        self.until(
            lambda: desk.gaze.page.state.phase == "question" or time.monotonic() - began > 4.0, "looking"
        )
        self.picture("gaze")
        if desk.gaze.page.state.phase == "looking":
            desk.gaze.page.buttons["stop"].click()
        self.until(desk.gaze.page.answer.isVisible, "the question about looking")
        _TEST.keyClicks(desk.gaze.page.answer, "Calm")
        self.picture("gaze_question")
        desk.gaze.page.buttons["keep"].click()
        self.press(Qt.Key.Key_5, ctrl=True)
        self.picture("labelling_explained")
        desk.labelling.page.on.click()
        self.until(lambda: desk.labelling.on, "listening")
        self.press(Qt.Key.Key_2, ctrl=True)
        self.picture("cues")
        self.press(Qt.Key.Key_P)
        self.window.toggle_compact()
        self.until(self.window.compact.isVisible, "the strip")
        self.picture("compact", self.window.compact)
        self.window.toggle_compact()

    def close(self) -> Path:
        """Close the window while it records; return the session's file."""
        path = self.window.bridge.status.recording
        assert path is not None
        self.window.close()
        self.until(lambda: self.window.bridge.state == "idle", "the end")
        return path


def main() -> None:
    """Run the session and say where it lies."""
    application()
    session = Session(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
    session.start_and_record()
    session.practise()
    sys.stdout.write(json.dumps({"session": str(session.close())}) + "\n")


if __name__ == "__main__":
    main()
