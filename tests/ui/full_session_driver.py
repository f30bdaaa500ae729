"""A whole session on a real screen: FOLDER FEED_A X Y WIDTH HEIGHT [PICTURES].

The partner plays in a window of its own at that place, and is captured from there. Every step is done by
keyboard and waits on what a person would see; a picture of every state is left in PICTURES, light and dark
(without it in FOLDER, light only). The window is closed while it records.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from patience import patient_s
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from mirrorsync.cli.live import live_factory
from mirrorsync.practice.texts import say
from mirrorsync.settings import MACHINE_PRESETS, Settings
from mirrorsync.ui.application import application
from mirrorsync.ui.live.consent import ConsentDialog
from mirrorsync.ui.live.main_window import MainWindow
from mirrorsync.ui.practice.desk import PracticeDesk
from mirrorsync.ui.practice.gaze import GazePractice
from mirrorsync.ui.theme import DARK

_TEST: Any = QTest  # PyQt6 annotates its static functions as methods
_DEADLINE_S = patient_s(60.0)
TOO_SLOW = 77
_LEAST_HZ = 4.0
_SURPRISE = "brows=1.7 jaw=0.95"
_CTRL = Qt.KeyboardModifier.ControlModifier
_EXERCISES = {"warmup": Qt.Key.Key_1, "cues": Qt.Key.Key_2, "breathing": Qt.Key.Key_3, "gaze": Qt.Key.Key_4}
_EXERCISES["labelling"] = Qt.Key.Key_5


class Partner:
    """The window that plays the partner."""

    def __init__(self, place: list[str]) -> None:
        self.feed = "screen:" + ",".join(place)
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("picture_player.py")), *place],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "playing\n"

    def tell(self, line: str) -> None:
        """Say what happens next."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


class Session:
    """The window, driven by its keys."""

    def __init__(self, folder: Path, pictures: Path | None, feed_a: str, partner: Partner) -> None:
        self._pictures, self._both = pictures or folder, pictures is not None
        self._partner = partner
        self._seen_cue = False
        self.window = MainWindow(
            feed_a,
            partner.feed,
            Settings(warmup_s=20.0, gaze_s=5.0, max_gap_s=0.5, **MACHINE_PRESETS["weak"]),
            live_factory(None),
            recordings=folder,
            journal=folder / "journal.db",
            facts=folder / "cameras.json",
        )
        self.window.move(0, 0)
        self.window.show()
        self.window.activateWindow()
        if self.window.theme is DARK:
            self.window.toggle_theme()

    @property
    def desk(self) -> PracticeDesk:
        """The exercises."""
        return self.window.practice.desk

    def until(self, happens: Callable[[], bool], what: str) -> None:
        """Wait until something happens."""
        deadline = time.monotonic() + _DEADLINE_S
        while not happens():
            if time.monotonic() > deadline:
                self.picture("stuck")
                raise TimeoutError(f"{what} did not come: {self.window.status_bar.sentence}")
            _TEST.qWait(20)
            if self.window.practice.card.state.prompt and not self._seen_cue:
                self._seen_cue = True
                self.picture("cue")

    def picture(self, name: str, of: QWidget | None = None) -> None:
        """Keep a picture of a window."""
        widget = of or self.window
        widget.grab().save(str(self._pictures / f"{name}.png"))
        if self._both:
            self.window.toggle_theme()
            widget.grab().save(str(self._pictures / f"{name}_dark.png"))
            self.window.toggle_theme()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        _TEST.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def type(self, text: str) -> None:
        """Type where the keyboard is."""
        _TEST.keyClicks(self.window.focusWidget(), text)

    @contextmanager
    def exercise(self, name: str) -> Iterator[Any]:
        """Open an exercise by its key; at its end the list is there, and the session goes on."""
        self.press(_EXERCISES[name], _CTRL)
        self.until(lambda: self.desk.panel.name == name, name)
        yield getattr(self.desk, name)
        self.until(lambda: self.desk.panel.name == "", f"the end of {name}")
        assert self.window.bridge.state == "running", f"{name} stopped the session"
        assert self.window.recording.recording, f"{name} stopped the recording"

    def start_and_record(self) -> None:
        """Start, and record once the other has agreed."""
        window = self.window
        self.picture("idle")
        self.press(Qt.Key.Key_Space)
        self.until(lambda: window.card_b.view.observation is not None, "the partner's picture")
        self.until(window.card_b.face_chip.isEnabled, "the partner's face")
        self.until(window.card_a.face_chip.isEnabled, "your own face")
        self._leave_if_too_slow()
        self.press(Qt.Key.Key_R)
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, ConsentDialog)]
        dialog = found[0]
        for box in (dialog.you, dialog.partner):
            self.until(box.isVisible, "the question before recording")
            box.setFocus()
            _TEST.keyClick(box, Qt.Key.Key_Space)
        self.picture("consent", dialog)
        self.until(dialog.ok.isEnabled, "what was agreed to")
        dialog.ok.setFocus()
        _TEST.keyClick(dialog.ok, Qt.Key.Key_Return)
        self.until(window.recording.sign.isVisible, "the recording sign")
        self.picture("recording")

    def _leave_if_too_slow(self) -> None:
        """End with `TOO_SLOW`, and say what the machine does, where exercises cannot be followed."""
        bridge = self.window.bridge
        self.until(lambda: min(bridge.status.a.fps, bridge.status.b.fps) > 0, "a rate of both feeds")
        _TEST.qWait(5000)
        rate_hz = min(bridge.status.a.fps, bridge.status.b.fps)
        if rate_hz < _LEAST_HZ:
            self.window.close()
            self.until(lambda: bridge.state == "idle", "the end")
            sys.stdout.write(
                f"{rate_hz:.1f} frames per second of each person; the exercises need {_LEAST_HZ:g}"
            )
            sys.exit(TOO_SLOW)

    def practise(self) -> None:
        """Go through every exercise to its end."""
        self.press(Qt.Key.Key_P)
        self.until(self.desk.panel.isVisible, "the list of exercises")
        self.picture("list")
        self.warm_up()
        self.breathe()
        self.look_at_each_other()
        self.put_into_words()
        with self.exercise("cues"):
            self.picture("cues")
            self.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        self.press(Qt.Key.Key_P)
        self.press(Qt.Key.Key_C)
        self.until(self.window.compact.isVisible, "the strip")
        self.picture("compact", self.window.compact)
        _TEST.keyClick(self.window.expand_button, Qt.Key.Key_Space)
        self.until(self.window.isVisible, "the window")

    def warm_up(self) -> None:
        """Answer its question, miss the partner for a moment, and see it through."""
        with self.exercise("warmup") as run:
            page = run.page
            self.until(page.choices["warmup.mirror", "mirror"].isVisible, "the question of the warm-up")
            self.picture("warmup_question")
            self.press(Qt.Key.Key_Space)
            self.until(page.bar.isVisible, "the first half of the warm-up")
            self.picture("warmup_posture")
            self._partner.tell("away")
            self.until(lambda: "partner" in page.notice.text(), "a word on the partner")
            self.picture("warmup_unseen")
            self._partner.tell("back")
            self.until(lambda: page.words.text() == say("warmup.gaze"), "the second half of the warm-up")
            self.picture("warmup_gaze")
            self.until(page.done.isVisible, "the end of the warm-up")
            learnt = page.words.text() == say("warmup.done")
            if learnt:
                self.picture("warmup_done")
            self.press(Qt.Key.Key_Return)
        if not learnt:
            self._warm_up_again()

    def _warm_up_again(self) -> None:
        """Do what somebody does whom a slow machine saw too little of: the warm-up again, twice at most."""
        for _ in range(2):
            with self.exercise("warmup") as run:
                page = run.page
                self.until(page.done.isVisible, "the end of the warm-up")
                words = page.words.text()
                self.picture("warmup_done")
                self.press(Qt.Key.Key_Return)
            if words == say("warmup.done"):
                return
        raise AssertionError(f"three warm-ups ended with: {words}")

    def breathe(self) -> None:
        """Choose a rhythm, and breathe once."""
        with self.exercise("breathing") as run:
            circle = run.page.circle
            self.picture("breathing_begins")
            run.page.pace.setCurrentIndex(run.page.pace.findData(6.0))
            self.until(lambda: circle.state.phase == "in" and circle.state.fullness > 0.7, "a breath in")
            self.picture("breathing_in")
            self.until(lambda: circle.state.phase == "out" and circle.state.fullness < 0.6, "a breath out")
            self.picture("breathing_out")
            self.press(Qt.Key.Key_Escape)

    def look_at_each_other(self) -> None:
        """Fail to measure the eyes once, then measure them, look, pause, look on, and answer."""
        with self.exercise("gaze") as run:
            page = run.page
            self.picture("gaze_ready")
            self._partner.tell("away")
            self.press(Qt.Key.Key_Return)
            self.until(lambda: page.state.phase == "unmeasured", "a word on the eyes that were not measured")
            assert page.words.text() == say("gaze.unmeasured_partner")
            self.picture("gaze_unmeasured")
            self._partner.tell("back")
            self.until(self.window.card_b.face_chip.isEnabled, "the partner's face")
            self.press(Qt.Key.Key_Return)
            for target in ("partner", "camera"):
                self.until(partial(_is_measured, page, target), f"the look at the {target}")
                self.picture(f"gaze_calibrating_{target}")
            self.until(lambda: page.state.together, "a look at each other")
            self.picture("gaze_together")
            self.press(Qt.Key.Key_G)
            self.until(lambda: page.state.phase == "grounding", "the pause")
            self.picture("gaze_grounding")
            self.press(Qt.Key.Key_G)
            self.until(lambda: page.state.phase == "question", "the question about looking")
            self.type("Calm")
            self.picture("gaze_question")
            self.press(Qt.Key.Key_Return, _CTRL)
            self.until(page.buttons["done"].isVisible, "the end of looking")
            self.until(lambda: self.desk.panel.footnote.text() == say("panel.words"), "the journal")
            self.picture("gaze_done")
            self.press(Qt.Key.Key_Return)

    def put_into_words(self) -> None:
        """Be invited by the partner's face, and write their words."""
        with self.exercise("labelling") as run:
            page = run.page
            self.picture("labelling_explained")
            self.press(Qt.Key.Key_Space)
            self.until(lambda: run.on, "listening")
            self.picture("labelling_listening")
            self._partner.tell(_SURPRISE)
            self.until(page.answers["confirmed"].isVisible, "an invitation")
            self.picture("labelling_invited")
            self._partner.tell("back")
            self.press(Qt.Key.Key_Tab)
            self.press(Qt.Key.Key_Tab)
            assert self.window.focusWidget() is page.clarified_as
            self.type("relief")
            self.picture("labelling_written")
            self.press(Qt.Key.Key_Return)
            self.until(lambda: "relief" in page.log.text(), "the log")
            self.picture("labelling_answered")
            self.press(Qt.Key.Key_Escape)
            self.until(lambda: not run.on, "the end of listening")
            self.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)

    def close(self) -> Path:
        """Close the window while it records; return the session's file."""
        path = self.window.bridge.status.recording
        assert path is not None
        self.window.close()
        self.until(lambda: self.window.bridge.state == "idle", "the end")
        return path


def _is_measured(page: GazePractice, target: str) -> bool:
    return page.state.calibrating == target


def main() -> None:
    """Run the session and say where it lies."""
    folder, feed_a, *place = sys.argv[1:7]
    application()
    partner = Partner(place)
    try:
        pictures = Path(sys.argv[7]) if len(sys.argv) > 7 else None
        session = Session(Path(folder), pictures, feed_a, partner)
        session.start_and_record()
        session.practise()
        path = session.close()
    finally:
        partner.close()
    sys.stdout.write(json.dumps({"session": str(path)}) + "\n")


if __name__ == "__main__":
    main()
