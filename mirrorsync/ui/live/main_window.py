"""The window: two pictures, the meters under them, the last two minutes, and a status line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QSettings, Qt
from PyQt6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PyQt6.QtWidgets import (
    QDialog,
    QMainWindow,
    QWidget,
)

from mirrorsync.capture.cameras import Camera, CameraWatch
from mirrorsync.engine.status import LiveStatus
from mirrorsync.errors import MirrorSyncError
from mirrorsync.practice.warmup import WarmupAnswers
from mirrorsync.settings import Settings
from mirrorsync.types import Snapshot
from mirrorsync.ui import texts
from mirrorsync.ui.live.arrangement import framed_page, header_row, scene_of
from mirrorsync.ui.live.bridge import ControllerFactory, LiveBridge
from mirrorsync.ui.live.compact import CompactStrip
from mirrorsync.ui.live.controls import push_button, relabel, restyle
from mirrorsync.ui.live.feed_picker import FeedPicker
from mirrorsync.ui.live.help_dialog import HelpDialog
from mirrorsync.ui.live.keys import join_keys
from mirrorsync.ui.live.look_back import LookBack
from mirrorsync.ui.live.meter_panel import MeterPanel
from mirrorsync.ui.live.person_card import PersonCard
from mirrorsync.ui.live.practice_journal import PracticeJournal
from mirrorsync.ui.live.practice_side import PracticeSide
from mirrorsync.ui.live.readout import Reading
from mirrorsync.ui.live.recording_side import RecordingSide, sure_to_delete
from mirrorsync.ui.live.sessions_dialog import run_program
from mirrorsync.ui.live.settings_side import SettingsSide
from mirrorsync.ui.live.status_bar import StatusBar
from mirrorsync.ui.live.strip_card import StripCard
from mirrorsync.ui.live.warmup_memory import WarmupMemory
from mirrorsync.ui.practice.panel import NAMES, shortcut_of
from mirrorsync.ui.recent import RecentFiles
from mirrorsync.ui.theme import DARK, LIGHT, Theme, palette, style_sheet, system_theme

__all__ = ["MainWindow"]


class MainWindow(QMainWindow):
    """Arranges the widgets and joins them to the bridge.

    Parameters
    ----------
    feed_a, feed_b : str
        The feeds that stand in the pickers at first; may be empty.
    settings : Settings
        Handed to every session.
    make_controller : callable
        Makes the session behind Start: ``make_controller(feed_a, feed_b, settings)``.
    cameras : sequence of Camera
        Offered in the pickers.
    watch : CameraWatch, optional
        Asked by `look_for_cameras`.
    store : QSettings, optional
        Where recent files are remembered between runs; without it they are not.
    recordings : Path, optional
        Folder proposed for recordings (default: the user's sessions).
    journal : Path, optional
        The journal that is opened (default: the user's).
    keep_settings : callable, optional
        Keeps changed settings for the next time.
    facts : Path, optional
        File in which it is remembered which cameras flip (default: the user's).
    sure : callable
        Asks before a session is deleted.
    run : callable
        Starts this program with other arguments, for the review.
    """

    def __init__(
        self,
        feed_a: str,
        feed_b: str,
        settings: Settings,
        make_controller: ControllerFactory,
        *,
        cameras: Sequence[Camera] = (),
        watch: CameraWatch | None = None,
        store: QSettings | None = None,
        recordings: Path | None = None,
        journal: Path | None = None,
        keep_settings: Callable[[Settings], None] | None = None,
        facts: Path | None = None,
        sure: Callable[[QWidget, Path], bool] = sure_to_delete,
        run: Callable[[list[str]], bool] = run_program,
    ) -> None:
        super().__init__()
        self.setWindowTitle(texts.APP)
        self.bridge = LiveBridge(make_controller, settings)
        self.settings = SettingsSide(settings, keep_settings, open_dialog=self._open, front=self._front)
        self._recent = RecentFiles(store)
        self._memory = WarmupMemory(store, facts=facts)
        self._restarting = False
        self._watch = watch
        self._closing = False
        self._latest_message = ""
        self.card_a = PersonCard("a", FeedPicker("a", feed_a, self._recent, cameras=cameras))
        self.card_b = PersonCard("b", FeedPicker("b", feed_b, self._recent, cameras=cameras))
        self.panel = MeterPanel(settings)
        self.strip_card = StripCard()
        self.status_bar = StatusBar()
        self.practice_journal = PracticeJournal(journal, lambda: self.look_back.model)
        self.start_button = push_button(texts.START, self.toggle_running, "primary")
        self.recording = RecordingSide(
            self.bridge, recordings, open_dialog=self._open, front=self._front, sure=sure
        )
        self.practice_button = push_button(texts.PRACTICE, lambda: self.practice.toggle(), "quiet")
        self.practice_button.setCheckable(True)
        self.compact_button = push_button(texts.COMPACT, self.toggle_compact, "quiet")
        self.look_back = LookBack(
            self.bridge, recordings, journal, open_dialog=self._open, front=self._front, run=run
        )
        self.settings_button = push_button(texts.SETTINGS, self.settings.show, "quiet")
        self.theme_button = push_button(texts.THEME, self.toggle_theme, "quiet")
        self.help_button = push_button(texts.HELP, self.show_help, "quiet")
        self.compact_stop = push_button(texts.START, self.toggle_running)
        self.expand_button = push_button(texts.EXPAND, self.toggle_compact)
        self.compact = CompactStrip(self.expand_button, self.compact_stop)
        words, change = self.practice_journal.words, self.settings.change
        self.practice = PracticeSide(self, self.compact, settings, words=words, change=change)
        self._build()
        self._connect()
        self._theme_is_chosen = False
        self.theme: Theme = LIGHT
        self._apply_theme(system_theme())
        self._show_state("idle")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    def _build(self) -> None:
        quiet = (
            self.practice_button,
            self.look_back.button,
            self.compact_button,
            self.settings_button,
            self.theme_button,
            self.help_button,
        )
        recording = self.recording
        self._frame = framed_page(
            header_row(
                (recording.sign, recording.delete_button), quiet, (recording.button, self.start_button)
            ),
            scene_of((self.card_a, self.card_b), self.practice.card, self.panel, self.strip_card),
            self.practice.desk.panel,
            self.status_bar,
        )
        self.setCentralWidget(self._frame)
        self.resize(1280, 800)

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.snapshot_changed.connect(self._show_snapshot)
        bridge.reading_changed.connect(self._show_reading)
        bridge.status_changed.connect(self._show_status)
        bridge.state_changed.connect(self._show_state)
        bridge.keeping_changed.connect(self._show_keeping)
        bridge.failed.connect(self.status_bar.say)
        self.card_a.view.painted.connect(bridge.note_painted)
        self.card_b.view.painted.connect(bridge.note_painted)
        self.compact.closed.connect(self._compact_closed)
        self.compact.space_pressed.connect(self.toggle_running)
        join_keys(
            (self, self.compact),
            {
                "R": self.recording.toggle,
                "C": self.toggle_compact,
                "F1": self.show_help,
                "Ctrl+,": self.settings.show,
                "P": self.practice.toggle,
                "H": self.practice.card.dismiss.click,
                **{shortcut_of(name): partial(self.open_practice, name) for name in NAMES},
            },
        )
        self.look_back.join(self, self.compact)
        self.look_back.told.connect(self.status_bar.say)
        self.settings.changed.connect(self._settings_changed)
        self.settings.told.connect(self.status_bar.say)
        self.recording.began.connect(self._recording_changed)
        self.recording.ended.connect(self._recording_changed)
        self.recording.told.connect(self.status_bar.say)
        self.recording.kept.connect(self.practice_journal.keep)
        self.practice_journal.told.connect(self.status_bar.say)
        self.look_back.opened.connect(self.practice_journal.catch_up)
        self.practice.shown.connect(self._practice_shown)
        self.practice.answered.connect(self._keep_answers)
        hints = QGuiApplication.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._system_theme_changed)

    # What the buttons and keys do

    def toggle_running(self) -> None:
        """Start on the chosen feeds, or stop."""
        if self.bridge.state == "running":
            self._stop()
        elif self.bridge.state == "idle":
            self._start()

    def look_for_cameras(self) -> None:
        """Offer the cameras that are there now."""
        if self._watch is not None and self.bridge.state == "idle" and self._watch.poll():
            for card in (self.card_a, self.card_b):
                card.picker.set_cameras(self._watch.cameras)
            self.status_bar.say(texts.CAMERAS_CHANGED)

    def _start(self) -> None:
        feed_a, feed_b = self.card_a.picker.feed(), self.card_b.picker.feed()
        for card in (self.card_a, self.card_b):
            card.view.clear()
        self.strip_card.strip.clear()
        self._latest_message = ""
        self.status_bar.say("")
        self.recording.forget()
        if self.bridge.start(feed_a, feed_b) and self.bridge.session is not None:
            self.practice.desk.warmup.know(self._memory.known(feed_a, self.settings.value))
            self.practice.desk.begin(self.bridge.session)
            if self._memory.new_camera(feed_a):
                self.status_bar.say(texts.NEW_CAMERA)

    def _stop(self) -> None:
        self.practice.desk.end()  # before the session goes: what came of the exercises is kept with it
        self.bridge.stop()

    def open_practice(self, name: str) -> None:
        """Open an exercise beside the pictures."""
        if self.compact.isVisible():
            self.toggle_compact()
        self.practice.open(name)

    def _keep_answers(self, answers: WarmupAnswers) -> None:
        try:
            self._memory.keep(self.card_a.picker.feed(), answers, restart=self._restart)
        except MirrorSyncError as error:
            self.status_bar.say(str(error))

    def _restart(self) -> None:
        """Open the camera anew, now that it is known that it flips, and come back to the warm-up."""
        if self.bridge.status.recording is not None or self.bridge.keeping:
            self.status_bar.say(texts.FLIP_LATER)
        elif self.bridge.state == "running":
            self._restarting = True
            self._stop()

    def _practice_shown(self, shown: bool) -> None:
        self.practice_button.setChecked(shown)
        if not shown:
            self.setFocus()

    def _settings_changed(self, settings: Settings) -> None:
        self.bridge.settings = settings
        self.practice.follow(settings)

    def toggle_compact(self) -> None:
        """Change between the full window and the compact strip."""
        if self.compact.isVisible():
            self.compact.hide()
            self.show()
            self.activateWindow()
        else:
            self.compact.show_at_bottom()
            self.hide()

    def toggle_theme(self) -> None:
        """Change between light and dark; from then on the system's choice is not followed."""
        self._theme_is_chosen = True
        self._apply_theme(LIGHT if self.theme is DARK else DARK)

    def _open(self, dialog: QDialog) -> None:
        dialog.setPalette(palette(self.theme))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_help(self) -> None:
        """Show what the meters mean."""
        self._open(HelpDialog(self._front()))

    def _front(self) -> QWidget:
        return self.compact if self.compact.isVisible() else self

    # What the bridge tells

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self.practice.desk.take(snapshot)
        self.card_a.view.set_observation(snapshot.pair.seen_a)
        self.card_b.view.set_observation(snapshot.pair.seen_b)
        if snapshot.messages and snapshot.messages[-1] != self._latest_message:
            self._latest_message = snapshot.messages[-1]
            self.status_bar.say(self._latest_message)

    def _show_reading(self, reading: Reading) -> None:
        self.panel.set_reading(reading)
        self.strip_card.strip.add(reading)
        if self.compact.isVisible():
            self.compact.set_reading(reading)

    def _show_status(self, status: LiveStatus) -> None:
        self.card_a.view.set_status(status.a)
        self.card_b.view.set_status(status.b)
        self.status_bar.show_figures(status, self.bridge.latency_ms())
        self.recording.show(status)

    def _show_keeping(self, _keeping: str) -> None:
        self.recording.show_button()

    def _recording_changed(self) -> None:
        recording = self.recording.recording
        self.compact.set_recording(recording)
        self._frame.setProperty("recording", "true" if recording else "false")
        restyle(self._frame)
        self.setWindowTitle(f"● {texts.REC} – {texts.APP}" if recording else texts.APP)
        if recording:
            self.practice.desk.recording_began()

    def _show_state(self, state: str) -> None:
        running = state == "running"
        text = {"idle": texts.START, "running": texts.STOP, "stopping": texts.STOPPING}[state]
        for button in (self.start_button, self.compact_stop):
            relabel(button, text)
            button.setEnabled(state != "stopping")
        self.start_button.setProperty("running", "true" if running else "false")
        restyle(self.start_button)
        self.recording.show_button()
        for card in (self.card_a, self.card_b):
            card.let_choose(state == "idle")
        if running:
            self.setFocus()
        if state == "stopping":
            self.practice.desk.end()
        if state == "idle":
            self.recording.show(LiveStatus())
            self.status_bar.clear_figures()
            again, self._restarting = self._restarting, False
            if self._closing:
                self.close()
            elif again:
                self._start()
                self.open_practice("warmup")

    # Theme

    def _apply_theme(self, theme: Theme) -> None:
        self.theme = theme
        pictures, numbers = (self.card_a, self.card_b), (self.panel, self.strip_card, self.compact)
        for part in (*pictures, *numbers, self.practice.desk, self.look_back):
            part.set_theme(theme)
        for window in (self, self.compact):
            window.setPalette(palette(theme))
            window.setStyleSheet(style_sheet(theme))
            window.ensurePolished()  # or a hidden window keeps the first of two style sheets

    def _system_theme_changed(self) -> None:
        if not self._theme_is_chosen:
            self._apply_theme(system_theme())

    # Qt's events

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Start or stop with Space, unless a field or a button has taken it for itself."""
        if event is not None and event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.toggle_running()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Close when the session's threads are gone; a second attempt closes at once."""
        if event is None:
            return
        if self.bridge.state == "idle" or (self._closing and self.bridge.state == "stopping"):
            if not self.practice_journal.finish():
                self._closing = False
                event.ignore()
                return
            self.compact.hide()
            event.accept()
            return
        self._closing = True
        self._stop()
        event.ignore()

    def _compact_closed(self) -> None:
        self.show()
        self.close()
