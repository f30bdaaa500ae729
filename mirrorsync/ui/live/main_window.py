"""The window: two pictures, the meters under them, the last two minutes, and a status line."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QSettings, Qt
from PyQt6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from mirrorsync.capture.cameras import Camera
from mirrorsync.engine.status import LiveStatus
from mirrorsync.errors import MirrorSyncError
from mirrorsync.session.places import new_session_path
from mirrorsync.settings import Settings
from mirrorsync.types import Snapshot
from mirrorsync.ui import texts
from mirrorsync.ui.live.bridge import ControllerFactory, LiveBridge
from mirrorsync.ui.live.compact import CompactStrip
from mirrorsync.ui.live.consent import ConsentDialog
from mirrorsync.ui.live.controls import push_button, rec_sign, relabel, restyle
from mirrorsync.ui.live.feed_picker import FeedPicker
from mirrorsync.ui.live.help_dialog import HelpDialog
from mirrorsync.ui.live.meter_panel import MeterPanel
from mirrorsync.ui.live.person_card import PersonCard
from mirrorsync.ui.live.practice_side import PracticeSide
from mirrorsync.ui.live.readout import Reading
from mirrorsync.ui.live.settings_dialog import SettingsDialog
from mirrorsync.ui.live.status_bar import StatusBar
from mirrorsync.ui.live.strip_card import StripCard
from mirrorsync.ui.practice.panel import NAMES, shortcut_of
from mirrorsync.ui.recent import RecentFiles
from mirrorsync.ui.theme import DARK, LIGHT, Theme, palette, scaled_font, style_sheet, system_theme

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
    store : QSettings, optional
        Where recent files are remembered between runs; without it they are not.
    recordings : Path, optional
        Folder proposed for recordings (default: the user's sessions).
    keep_settings : callable, optional
        Keeps changed settings for the next time.
    """

    def __init__(
        self,
        feed_a: str,
        feed_b: str,
        settings: Settings,
        make_controller: ControllerFactory,
        *,
        cameras: Sequence[Camera] = (),
        store: QSettings | None = None,
        recordings: Path | None = None,
        keep_settings: Callable[[Settings], None] | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle(texts.APP)
        self.bridge = LiveBridge(make_controller, settings)
        self._settings = settings
        self._keep_settings = keep_settings
        self._recordings = recordings
        self._recent = RecentFiles(store)
        self._recording_since_s: float | None = None
        self._kept_path: Path | None = None
        self._closing = False
        self._latest_message = ""
        self.card_a = PersonCard("a", FeedPicker("a", feed_a, self._recent, cameras=cameras))
        self.card_b = PersonCard("b", FeedPicker("b", feed_b, self._recent, cameras=cameras))
        self.panel = MeterPanel(settings)
        self.strip_card = StripCard()
        self.status_bar = StatusBar()
        self.start_button = push_button(texts.START, self.toggle_running, "primary")
        self.record_button = push_button(texts.RECORD, self.toggle_recording)
        self.practice_button = push_button(texts.PRACTICE, lambda: self.practice.toggle(), "quiet")
        self.practice_button.setCheckable(True)
        self.compact_button = push_button(texts.COMPACT, self.toggle_compact, "quiet")
        self.settings_button = push_button(texts.SETTINGS, self.show_settings, "quiet")
        self.theme_button = push_button(texts.THEME, self.toggle_theme, "quiet")
        self.help_button = push_button(texts.HELP, self.show_help, "quiet")
        self.compact_stop = push_button(texts.START, self.toggle_running)
        self.expand_button = push_button(texts.EXPAND, self.toggle_compact)
        self.compact = CompactStrip(self.expand_button, self.compact_stop)
        self.practice = PracticeSide(self, self.compact, settings, change=self.change_settings)
        self.rec = rec_sign()
        self._build()
        self._connect()
        self._theme_is_chosen = False
        self.theme: Theme = LIGHT
        self._apply_theme(system_theme())
        self._show_state("idle")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    def _build(self) -> None:
        name = QLabel(texts.APP)
        name.setFont(scaled_font(self.font(), 1.3, bold=True))
        header = QHBoxLayout()
        header.setSpacing(8)
        header.addWidget(name)
        header.addSpacing(12)
        header.addWidget(self.rec)
        header.addStretch(1)
        for button in (
            self.practice_button,
            self.compact_button,
            self.settings_button,
            self.theme_button,
            self.help_button,
        ):
            header.addWidget(button)
        header.addSpacing(12)
        header.addWidget(self.record_button)
        header.addWidget(self.start_button)
        pictures = QHBoxLayout()
        pictures.setSpacing(12)
        pictures.addWidget(self.card_a, 1)
        pictures.addWidget(self.card_b, 1)
        scene = QVBoxLayout()
        scene.setSpacing(12)
        scene.addLayout(pictures, 10)
        scene.addWidget(self.practice.card, 0)
        scene.addWidget(self.panel, 0)
        scene.addWidget(self.strip_card, 4)
        beside = QHBoxLayout()
        beside.setSpacing(12)
        beside.addLayout(scene, 1)
        beside.addWidget(self.practice.desk.panel)
        self._frame = QFrame()
        self._frame.setObjectName("frame")
        page = QVBoxLayout(self._frame)
        page.setContentsMargins(16, 12, 16, 8)
        page.setSpacing(12)
        page.addLayout(header)
        page.addLayout(beside, 1)
        page.addWidget(self.status_bar, 0)
        self.setCentralWidget(self._frame)
        self.resize(1280, 800)

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.snapshot_changed.connect(self._show_snapshot)
        bridge.reading_changed.connect(self._show_reading)
        bridge.status_changed.connect(self._show_status)
        bridge.state_changed.connect(self._show_state)
        bridge.failed.connect(self.status_bar.say)
        self.card_a.view.painted.connect(bridge.note_painted)
        self.card_b.view.painted.connect(bridge.note_painted)
        self.compact.closed.connect(self._compact_closed)
        self.compact.space_pressed.connect(self.toggle_running)
        for window in (self, self.compact):
            for key, action in (
                ("R", self.toggle_recording),
                ("C", self.toggle_compact),
                ("F1", self.show_help),
                ("Ctrl+,", self.show_settings),
                ("P", self.practice.toggle),
                ("H", self.practice.card.dismiss.click),
            ):
                QShortcut(QKeySequence(key), window).activated.connect(action)
            for name in NAMES:
                QShortcut(QKeySequence(shortcut_of(name)), window).activated.connect(
                    partial(self.open_practice, name)
                )
        self.practice.shown.connect(self._practice_shown)
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

    def _start(self) -> None:
        feed_a, feed_b = self.card_a.picker.feed(), self.card_b.picker.feed()
        for card in (self.card_a, self.card_b):
            card.view.clear()
        self.strip_card.strip.clear()
        self._latest_message = ""
        self.status_bar.say("")
        if self.bridge.start(feed_a, feed_b) and self.bridge.session is not None:
            self.practice.desk.begin(self.bridge.session)

    def _stop(self) -> None:
        self.practice.desk.end()  # before the session goes: what came of the exercises is kept with it
        self.bridge.stop()

    def toggle_recording(self) -> None:
        """Ask for consent and record, or stop recording."""
        if self.bridge.state != "running":
            return
        if self.bridge.status.recording is not None:
            self.bridge.stop_recording()
            return
        try:
            path = new_session_path(datetime.now().astimezone(), self._recordings)
        except MirrorSyncError as error:
            self.status_bar.say(str(error))
            return
        dialog = ConsentDialog(self._front(), path)
        dialog.accepted.connect(lambda: self.bridge.record(dialog.path, consents=dialog.consents()))
        self._open(dialog)

    def open_practice(self, name: str) -> None:
        """Open an exercise beside the pictures."""
        if self.compact.isVisible():
            self.toggle_compact()
        self.practice.open(name)

    def _practice_shown(self, shown: bool) -> None:
        self.practice_button.setChecked(shown)
        if not shown:
            self.setFocus()

    def change_settings(self, **changes: Any) -> None:
        """Change settings, keep them, and let everything take them that can before the next session."""
        self.take_settings(self._settings.with_(**changes))

    def take_settings(self, settings: Settings) -> None:
        """Take `settings`; what changes scores waits for the next start."""
        if settings == self._settings:
            return
        self._settings = settings
        self.bridge.settings = settings
        self.practice.follow(settings)
        if self._keep_settings is not None:
            try:
                self._keep_settings(settings)
            except MirrorSyncError as error:
                self.status_bar.say(str(error))

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

    def show_settings(self) -> None:
        """Open the settings."""
        dialog = SettingsDialog(self._front(), self._settings)
        dialog.accepted.connect(lambda: self.take_settings(dialog.settings))
        self._open(dialog)

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
        self._show_recording(status.recording)

    def _show_recording(self, path: Path | None) -> None:
        recording = path is not None
        if recording != (self._recording_since_s is not None):
            self._recording_since_s = time.monotonic() if recording else None
            self.rec.setVisible(recording)
            self.compact.set_recording(recording)
            self._frame.setProperty("recording", "true" if recording else "false")
            self.record_button.setObjectName("recording" if recording else "")
            relabel(self.record_button, texts.STOP_RECORD if recording else texts.RECORD)
            for widget in (self._frame, self.record_button):
                restyle(widget)
            self.setWindowTitle(f"● {texts.REC} – {texts.APP}" if recording else texts.APP)
            if recording:
                self.practice.desk.recording_began()
            if not recording and self._kept_path is not None:
                self.status_bar.say(texts.SAVED.format(path=self._kept_path))
            self._kept_path = path
            self.rec.setToolTip(texts.REC_TOOLTIP.format(path=path) if recording else "")
        if self._recording_since_s is not None:
            minutes, seconds = divmod(int(time.monotonic() - self._recording_since_s), 60)
            self.rec.setText(f"● {texts.REC}  {minutes}:{seconds:02d}")

    def _show_state(self, state: str) -> None:
        running = state == "running"
        text = {"idle": texts.START, "running": texts.STOP, "stopping": texts.STOPPING}[state]
        for button in (self.start_button, self.compact_stop):
            relabel(button, text)
            button.setEnabled(state != "stopping")
        self.start_button.setProperty("running", "true" if running else "false")
        restyle(self.start_button)
        self.record_button.setEnabled(running)
        for card in (self.card_a, self.card_b):
            card.picker.setEnabled(state == "idle")
        if running:
            self.setFocus()
        if state == "stopping":
            self.practice.desk.end()
        if state == "idle":
            self._show_recording(None)
            self.status_bar.clear_figures()
            if self._closing:
                self.close()

    # Theme

    def _apply_theme(self, theme: Theme) -> None:
        self.theme = theme
        for part in (self.card_a, self.card_b, self.panel, self.strip_card, self.compact, self.practice.desk):
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
            self.compact.hide()
            event.accept()
            return
        self._closing = True
        self._stop()
        event.ignore()

    def _compact_closed(self) -> None:
        self.show()
        self.close()
