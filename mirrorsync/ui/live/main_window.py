"""The window: two pictures, the meters under them, the last two minutes, and a status line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QSettings, QSize, Qt
from PyQt6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PyQt6.QtWidgets import QDialog, QMainWindow, QWidget

from mirrorsync.capture.cameras import Camera, CameraWatch
from mirrorsync.engine.status import LiveStatus
from mirrorsync.errors import MirrorSyncError
from mirrorsync.practice.warmup import WarmupAnswers
from mirrorsync.settings import Settings
from mirrorsync.types import Snapshot
from mirrorsync.ui import texts, trouble_texts
from mirrorsync.ui.live.arrangement import framed_page, header_row, program_name, scene_of
from mirrorsync.ui.live.banner import Banner
from mirrorsync.ui.live.bridge import ControllerFactory, LiveBridge
from mirrorsync.ui.live.compact import CompactStrip
from mirrorsync.ui.live.controls import label_start, push_button, restyle
from mirrorsync.ui.live.help_dialog import HelpDialog
from mirrorsync.ui.live.keys import join_keys
from mirrorsync.ui.live.look_back import LookBack
from mirrorsync.ui.live.meter_panel import MeterPanel
from mirrorsync.ui.live.pictures import Pictures
from mirrorsync.ui.live.practice_journal import PracticeJournal
from mirrorsync.ui.live.practice_side import PracticeSide
from mirrorsync.ui.live.readout import Reading
from mirrorsync.ui.live.recording_side import RecordingSide, sure_to_delete
from mirrorsync.ui.live.screen_fit import ScreenFit
from mirrorsync.ui.live.sessions_dialog import run_program
from mirrorsync.ui.live.settings_side import SettingsSide
from mirrorsync.ui.live.status_bar import StatusBar
from mirrorsync.ui.live.strip_card import StripCard
from mirrorsync.ui.live.theme_side import ThemeSide
from mirrorsync.ui.live.warmup_memory import WarmupMemory
from mirrorsync.ui.practice.panel import NAMES, shortcut_of
from mirrorsync.ui.recent import RecentFiles
from mirrorsync.ui.theme import Theme, palette

__all__ = ["MainWindow"]

_WANTED = QSize(1280, 800)


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
        Asked by `Pictures.look_for_cameras`.
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
        self._memory = WarmupMemory(store, facts=facts)
        self._restarting = False
        self._closing = False
        self._latest_message = ""
        self._name = program_name()
        self.pictures = Pictures((feed_a, feed_b), RecentFiles(store), cameras, watch)
        self.card_a, self.card_b = self.pictures.cards
        self.panel = MeterPanel(settings)
        self.strip_card = StripCard()
        self.status_bar = StatusBar()
        self.banner = Banner()
        self.practice_journal = PracticeJournal(journal, lambda: self.look_back.journal_model)
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
        pictures, numbers = (self.card_a, self.card_b), (self.panel, self.strip_card, self.compact)
        self._themes = ThemeSide(
            (self, self.compact), (*pictures, *numbers, self.practice.desk, self.look_back, self.banner)
        )
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
        self._frame = framed_page(
            header_row(
                (self._name, self.recording.sign, self.recording.delete_button),
                quiet,
                (self.recording.button, self.start_button),
            ),
            self.banner,
            scene_of((self.card_a, self.card_b), self.practice.card, self.panel, self.strip_card),
            self.practice.place,
            self.status_bar,
        )
        self.setCentralWidget(self._frame)
        self.fit = ScreenFit(
            self,
            _WANTED,
            (self._name.setHidden, self.pictures.set_narrow, self.panel.set_narrow),
            (self.strip_card.setHidden,),
        )

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.snapshot_changed.connect(self._show_snapshot)
        bridge.reading_changed.connect(self._show_reading)
        bridge.status_changed.connect(self._show_status)
        bridge.state_changed.connect(self._show_state)
        bridge.keeping_changed.connect(self._show_keeping)
        bridge.failed.connect(self._say)
        self.pictures.painted.connect(bridge.note_painted)
        self.pictures.told.connect(self._say)
        self.banner.changed.connect(self.compact.show_notice)
        self.banner.changed.connect(self.fit.fit)
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
                "X": self.banner.put_away,
                **{shortcut_of(name): partial(self.open_practice, name) for name in NAMES},
            },
        )
        self.look_back.join(self, self.compact)
        self.look_back.told.connect(self._say)
        self.settings.changed.connect(self._settings_changed)
        self.settings.told.connect(self._say)
        self.recording.began.connect(self._recording_changed)
        self.recording.ended.connect(self._recording_changed)
        self.recording.told.connect(self._say)
        self.recording.kept.connect(self.practice_journal.keep)
        self.recording.broke_off.connect(self._recording_broke_off)
        self.practice_journal.told.connect(self._say)
        self.look_back.opened.connect(self.practice_journal.catch_up)
        self.practice.coming.connect(self.fit.remember)
        self.practice.came.connect(self.fit.make_room)
        self.practice.gone.connect(self.fit.give_room_back)
        self.practice.shown.connect(self._practice_shown)
        self.practice.answered.connect(self._keep_answers)

    @property
    def theme(self) -> Theme:
        """The colours worn now."""
        return self._themes.theme

    # What the buttons and keys do

    def toggle_running(self) -> None:
        """Start on the chosen feeds, or stop."""
        if self.bridge.state == "running":
            self._stop()
        elif self.bridge.state == "idle":
            self._start()

    def _start(self) -> None:
        if not self.pictures.ready():
            return
        feed_a, feed_b = self.pictures.feeds
        self.pictures.clear()
        self.strip_card.strip.clear()
        self._latest_message = ""
        self._say("")
        self.recording.forget()
        if self.bridge.start(feed_a, feed_b) and self.bridge.session is not None:
            self.practice.desk.warmup.know(self._memory.known(feed_a, self.settings.value))
            self.practice.desk.begin(self.bridge.session)
            if self._memory.new_camera(feed_a):
                self._say(texts.NEW_CAMERA)

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
            self._say(str(error))

    def _restart(self) -> None:
        """Open the camera anew, now that it is known that it flips, and come back to the warm-up."""
        if self.bridge.status.recording is not None or self.bridge.keeping:
            self._say(texts.FLIP_LATER)
        elif self.bridge.state == "running":
            self._restarting = True
            self._stop()

    def _practice_shown(self, shown: bool) -> None:
        self.practice_button.setChecked(shown)
        if not shown:
            self.setFocus()

    def _recording_broke_off(self, why: str) -> None:
        """Say so until it is put away; nothing that is said later takes its place."""
        self.banner.say(trouble_texts.RECORDING_STOPPED, why)

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
        """Change between light and dark."""
        self._themes.toggle()

    def _open(self, dialog: QDialog) -> None:
        dialog.setPalette(palette(self.theme))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_help(self) -> None:
        """Show what the meters mean."""
        self._open(HelpDialog(self._front()))

    def _front(self) -> QWidget:
        return self.compact if self.compact.isVisible() else self

    def _say(self, sentence: str) -> None:
        self.status_bar.say(sentence)
        self.compact.show_message(sentence)

    # What the bridge tells

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self.practice.desk.take(snapshot)
        self.pictures.show_snapshot(snapshot)
        if snapshot.messages and snapshot.messages[-1] != self._latest_message:
            self._latest_message = snapshot.messages[-1]
            self._say(self._latest_message)

    def _show_reading(self, reading: Reading) -> None:
        self.panel.set_reading(reading)
        self.strip_card.strip.add(reading)
        if self.compact.isVisible():
            self.compact.set_reading(reading)

    def _show_status(self, status: LiveStatus) -> None:
        self.pictures.show_status(status)
        self.status_bar.show_figures(status, self.bridge.latency_ms())
        self.compact.show_status(status)
        self.recording.show(status)

    def _show_keeping(self) -> None:
        self.recording.show_button()
        self.fit.fit()  # its words are longer than before

    def _recording_changed(self) -> None:
        recording = self.recording.recording
        self.compact.set_recording(recording)
        self.fit.fit()
        self._frame.setProperty("recording", "true" if recording else "false")
        restyle(self._frame)
        self.setWindowTitle(f"● {texts.REC} – {texts.APP}" if recording else texts.APP)
        if recording:
            self.banner.put_away()
            self.practice.desk.recording_began()

    def _show_state(self, state: str) -> None:
        label_start(state, self.start_button, self.compact_stop)
        self.recording.show_button()
        self.pictures.let_choose(state == "idle")
        if state == "running":
            self.setFocus()
        if state == "stopping":
            self.practice.desk.end()
            self._say("")
        if state == "idle":
            self.compact.show_status(LiveStatus())
            self.recording.show(LiveStatus())
            self.status_bar.clear_figures()
            if not self.status_bar.sentence:
                self._say(texts.STATUS_STOPPED)
            again, self._restarting = self._restarting, False
            if self._closing:
                self.close()
            elif again:
                self._start()
                self.open_practice("warmup")

    # Qt's events

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """Fit into the screen."""
        super().showEvent(event)
        self.fit.shown()

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
