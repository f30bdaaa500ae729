"""One session on the screen: pictures, playback, timeline, moments, journal and numbers, joined together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QTabWidget, QVBoxLayout, QWidget

from mirrorsync.practice.reflection import Reflection, ReflectionMoment
from mirrorsync.review.recording import settings_of
from mirrorsync.synchrony.moments import Moment
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.notes_panel import NotesPanel
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.analysis_bar import AnalysisBar
from mirrorsync.ui.review.marks import Marks
from mirrorsync.ui.review.moments_panel import MomentsPanel
from mirrorsync.ui.review.notice import Notice
from mirrorsync.ui.review.numbers_panel import NumbersPanel
from mirrorsync.ui.review.offset import OffsetFinder
from mirrorsync.ui.review.parts import SpaceForWindow
from mirrorsync.ui.review.pictures import PairOfPictures
from mirrorsync.ui.review.player import Player
from mirrorsync.ui.review.reflect_panel import ReflectPanel
from mirrorsync.ui.review.reflecting import Reflecting
from mirrorsync.ui.review.session_view import SessionView
from mirrorsync.ui.review.sound import SoundPlayer
from mirrorsync.ui.review.stretch import Stretch
from mirrorsync.ui.review.timeline import Timeline
from mirrorsync.ui.review.transport import Transport
from mirrorsync.ui.theme import LIGHT, Theme
from mirrorsync.ui.video_view import VideoView

__all__ = ["Workspace"]

_LOAD_AT_LAST_MS = 600  # pictures that take longer are not waited for
_PAINT_MS = 20
_STOP_AT = ("best", "drop", "smile", "leader", "emotion")


class Workspace(QWidget):
    """Opens a session and joins its parts; the window around it has the menus.

    Signals
    -------
    said(str)
        A sentence for the status line.
    """

    said = pyqtSignal(str)

    def __init__(
        self, path: Path, journal: JournalModel, *, models_dir: Path | None = None, stopping: bool = True
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.theme: Theme = LIGHT
        self.closed = False
        self.view = SessionView(path, models_dir=models_dir)
        meta = self.view.meta
        feeds = meta.feed_a, meta.feed_b
        self.player = Player(*feeds, path, duration_s=self.view.duration_s, offset_s=self.view.offset_s)
        self.sound = SoundPlayer(*feeds)
        self.marks = Marks(journal, path)
        self.reflection = Reflection(on=stopping)
        self.stretch = Stretch()
        self.offset_finder = OffsetFinder(*feeds)
        self.pictures = (VideoView("a"), VideoView("b"))
        self.transport = Transport()
        self.timeline = Timeline(longest_lag_s=settings_of(meta).lag_s)
        self.analysis = AnalysisBar()
        self.notice = Notice()
        self.moments = MomentsPanel()
        self.notes = NotesPanel(journal, lambda: self.player.position_s)
        self.numbers = NumbersPanel()
        self.reflect = ReflectPanel(journal)
        self.reflecting = Reflecting(self.reflection, self.reflect, self.marks)
        self.tabs = QTabWidget()
        self._space = SpaceForWindow(self.moments.list, self.notes.list)
        self._notes_page = _lay_out(self)
        self.transport.offer_offset(self.offset_finder.two_files and self.view.can_nudge)
        self.transport.offer_sound(self.sound.available)
        self.transport.show_offset(self.view.offset_s)
        self.moments.stopping.setChecked(stopping)
        self._connect()
        self._connect_session()
        self.player.pictures_changed.connect(self._load_after_picture)
        self._loading = QTimer(self)
        self._loading.setSingleShot(True)
        self._loading.timeout.connect(self._load)
        self._loading.start(_LOAD_AT_LAST_MS)
        self.player.refresh()  # the first pictures may have come before anybody listened

    # What the keys and menus do

    def toggle_playing(self) -> None:
        """Play or pause."""
        self.player.toggle()

    def bookmark(self) -> None:
        """Mark this place."""
        self.marks.bookmark(self.player.position_s)

    def write_note(self) -> None:
        """Begin a note about this place."""
        self.tabs.setCurrentWidget(self._notes_page)
        self.notes.editor.setFocus()

    def exclude(self) -> None:
        """Leave the marked stretch out, or let the one at this place count again."""
        mark = self.timeline.mark
        if mark is not None:
            self.marks.exclude(*mark)
            self._mark(None)
        elif not self.marks.include_at(self.player.position_s):
            self.said.emit(texts.NO_STRETCH)

    def mark_start(self) -> None:
        """Let the stretch that is looped or left out begin at this place."""
        self._mark_by_key(self.stretch.begin)

    def mark_end(self) -> None:
        """Let the stretch end at this place."""
        self._mark_by_key(self.stretch.end)

    def to_moment(self, way: int) -> None:
        """Go to the moment before or after this place."""
        moment = self.moments.neighbour(self.player.position_s, way)
        if moment is not None:
            self.seek(moment.start_s)

    def seek(self, time_s: float) -> None:
        """Go to a time, and turn the timeline's page when it lies outside."""
        self.player.seek(time_s)
        start, end = self.timeline.shown_s
        if not start <= time_s <= end:
            half = (end - start) / 2
            self.timeline.show_range(time_s - half, time_s + half)

    def nudge(self, seconds: float) -> None:
        """Move the partner's recording later."""
        if not self.offset_finder.two_files or not self.view.can_nudge:
            return
        self.view.nudge(self.view.offset_s + seconds)
        self._offset_changed()

    def nudge_frames(self, frames: int) -> None:
        """Move the partner's recording later by so many pictures."""
        self.nudge(frames * self.player.frame_s())

    def toggle_loop(self, wanted: bool) -> None:
        """Loop the marked stretch, or no longer."""
        mark = self.timeline.mark
        if wanted and mark is None:
            self.transport.loop.setChecked(False)
            self.said.emit(texts.NO_STRETCH)
            return
        self.player.set_loop(mark if wanted else None)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.theme = theme
        for part in (*self.pictures, self.timeline, self.moments, self.notes, self.numbers):
            part.set_theme(theme)

    def close_session(self) -> None:
        """Stop everything and let go of the files."""
        self.closed = True
        self._loading.stop()
        self.keep_drafts()
        self.sound.stop()
        self.player.close()
        self.offset_finder.close()
        self.view.close()

    def keep_drafts(self) -> None:
        """Keep what is being typed at once."""
        self.notes.keep_draft()
        self.reflect.keep_draft()

    # How it is joined

    def _connect(self) -> None:
        player, transport = self.player, self.transport
        player.pictures_changed.connect(self._show_pictures)
        player.position_changed.connect(self._show_position)
        player.playing_changed.connect(self._playing)
        player.failed.connect(self.said.emit)
        transport.play_wanted.connect(self.toggle_playing)
        transport.steps_wanted.connect(player.step)
        transport.skip_wanted.connect(player.skip)
        transport.speed_wanted.connect(self._set_speed)
        transport.sound_wanted.connect(self._set_sound)
        transport.loop_wanted.connect(self.toggle_loop)
        transport.layers_wanted.connect(self._show_layers)
        transport.nudged.connect(self.nudge)
        transport.nudged_frames.connect(self.nudge_frames)
        transport.estimate_wanted.connect(self.offset_finder.start)
        self.offset_finder.found.connect(self._offset_found)
        self.timeline.sought.connect(self.seek)
        self.timeline.marked.connect(lambda *mark: self._mark(mark if mark[1] > mark[0] else None))
        self.timeline.scrubbed.connect(player.scrub)
        self.moments.jump.connect(self.seek)
        self.notes.jump.connect(self.seek)
        self.numbers.jump.connect(self.seek)
        self.moments.stopping_changed.connect(self.reflection.switch)
        self.moments.reflect_wanted.connect(self._reflect_on)
        self.reflecting.asking.connect(lambda asking: self.tabs.setVisible(not asking))
        self.reflecting.over.connect(self._go_on)
        self.reflecting.switched_off.connect(lambda: self.moments.stopping.setChecked(False))
        self.reflecting.said.connect(self.said.emit)

    def _connect_session(self) -> None:
        view, marks = self.view, self.marks
        view.scores_changed.connect(self._show_scores)
        view.moments_changed.connect(self._show_moments)
        view.numbers_changed.connect(self._show_numbers)
        view.job_changed.connect(self._show_job)
        view.failed.connect(self.said.emit)
        view.job.progressed.connect(
            lambda at_s, of_s, left_s: self.analysis.show_progress(view.job.task, at_s, of_s, left_s)
        )
        self.analysis.stop_wanted.connect(view.stop)
        self.analysis.resume_wanted.connect(view.analyse)
        marks.changed.connect(self._marks_changed)
        marks.ready.connect(self.notes.set_session)
        marks.said.connect(self.said.emit)

    def _load_after_picture(self) -> None:
        """The first pictures are there: once they are painted, the scores follow."""
        self.player.pictures_changed.disconnect(self._load_after_picture)
        self._loading.start(_PAINT_MS)

    def _load(self) -> None:
        if not self.closed:
            self.view.load()
            self._show_scores()

    # Playback

    def _show_pictures(self, pair: PairOfPictures) -> None:
        late = 0.0, self.view.offset_s
        for view, seen, late_s in zip(self.pictures, (pair.a, pair.b), late, strict=True):
            view.set_observation(seen)
            note = ""
            if seen is not None and not pair.exact:
                at = texts.clock(seen.frame.t_ns / 1e9 - late_s, tenths=True)  # as the timeline has it
                note = texts.NEAR_PICTURE.format(at=at)
            view.set_note(note)

    def _show_position(self, time_s: float) -> None:
        self.transport.show_position(time_s, self.player.clock.duration_s)
        self.timeline.set_position(time_s, follow=self.player.playing)
        if self.reflection.tick(time_s, playing=self.player.playing):
            self.player.pause()
            self.reflecting.show()
        elif self.player.playing and self.sound.drifted(time_s):
            self._start_sound()

    def _playing(self, playing: bool) -> None:
        self.transport.show_playing(playing)
        if playing:
            self._start_sound()
        else:
            self.sound.stop()

    def _start_sound(self) -> None:
        self.sound.start(self.player.position_s, self.player.clock.speed, self.view.offset_s)

    def _set_speed(self, speed: float) -> None:
        self.player.set_speed(speed)
        if self.player.playing:
            self._start_sound()

    def _set_sound(self, choice: str) -> None:
        self.sound.choose(choice)
        if self.player.playing:
            self._start_sound()

    def _show_layers(self, body: bool, face: bool) -> None:
        for view in self.pictures:
            view.show_layers(body=body, face=face)

    def _offset_found(self, offset_s: float, sentence: str) -> None:
        if offset_s == offset_s:  # NaN: it could not be told
            self.nudge(offset_s - self.view.offset_s)
        self.said.emit(sentence)

    def _offset_changed(self) -> None:
        self.player.set_offset(self.view.offset_s)
        self.transport.show_offset(self.view.offset_s)

    # Reflection

    def _reflect_on(self, moment: Moment) -> None:
        self.player.pause()
        self.reflecting.ask(moment)

    def _go_on(self) -> None:
        if not self.closed:
            self.setFocus()
            self.player.play()

    # The marked stretch

    def _mark(self, mark: tuple[float, float] | None) -> None:
        """Take another stretch; a loop that runs goes on with it, or ends."""
        self.stretch.set(mark)
        self._follow_stretch()

    def _mark_by_key(self, end: Callable[[float], str]) -> None:
        if self.timeline.mark is not None:
            self.stretch.set(self.timeline.mark)
        sentence = end(self.player.position_s)
        self._follow_stretch()
        self.said.emit(sentence)

    def _follow_stretch(self) -> None:
        mark, loop = self.stretch.mark, self.transport.loop
        self.timeline.set_mark(mark, known_s=self.stretch.known_s)
        if loop.isChecked():
            self.player.set_loop(mark)
            loop.setChecked(mark is not None)

    # The session

    def _show_scores(self) -> None:
        self.player.set_scored(self.view.duration_s)
        self.timeline.set_pyramid(self.view.pyramid, max(self.player.clock.duration_s, self.view.duration_s))
        self.transport.show_position(self.player.position_s, self.player.clock.duration_s)
        if not self.player.playing:
            self.player.refresh()
        self.notice.tell(self.view.notices)
        self._show_numbers()

    def _show_moments(self) -> None:
        moments = sorted([*self.view.moments, *self.marks.bookmarks], key=lambda one: one.start_s)
        waiting = self.view.job.task == "analyse"
        self.moments.set_moments(moments, waiting=waiting, unseen=self.view.unseen)
        self.timeline.set_marks(self.marks.excluded, moments)
        self.reflection.set_moments(
            ReflectionMoment(one.start_s, one.kind, one.sentence) for one in moments if one.kind in _STOP_AT
        )

    def _marks_changed(self) -> None:
        self.view.set_excluded(self.marks.excluded)
        self._show_moments()

    def _show_numbers(self) -> None:
        waiting = self.view.job.task != "" or not self.view.complete
        self.numbers.set_numbers(self.view.numbers, waiting=waiting, unseen=self.view.unseen)

    def _show_job(self) -> None:
        task = self.view.job.task
        if task in ("analyse", "offset"):
            self.analysis.show_waiting()
        elif not self.view.complete:
            self.analysis.show_stopped(self.view.duration_s, self.view.trouble)
        else:
            self.analysis.hide()
        self._show_moments()


def _lay_out(room: Workspace) -> QWidget:
    """Put the parts of a workspace in their places; return the page of its notes."""
    pictures = QHBoxLayout()
    pictures.setSpacing(10)
    for picture in room.pictures:
        pictures.addWidget(picture, 1)
    film = _card()
    inside = QVBoxLayout(film)
    inside.setContentsMargins(12, 12, 12, 8)
    inside.setSpacing(8)
    inside.addLayout(pictures, 1)
    inside.addWidget(room.transport)
    notes_page = _page(room.notes)
    room.tabs.setDocumentMode(True)
    for page, (name, tooltip) in (
        (_page(room.moments), texts.MOMENTS_TITLE),
        (notes_page, texts.NOTES_TITLE),
        (_page(room.numbers), texts.NUMBERS_TITLE),
    ):
        room.tabs.setTabToolTip(room.tabs.addTab(page, name), tooltip)
    bar = room.tabs.tabBar()
    if bar is not None:
        bar.setAccessibleName(texts.TABS_NAME)
    side = _card()
    beside = QVBoxLayout(side)
    beside.setContentsMargins(0, 0, 0, 0)
    beside.addWidget(room.tabs)
    beside.addWidget(room.reflect)
    upper = QSplitter(Qt.Orientation.Horizontal)
    upper.addWidget(film)
    upper.addWidget(side)
    upper.setStretchFactor(0, 3)
    upper.setStretchFactor(1, 1)
    upper.setSizes([900, 340])
    strip = _card()
    under = QVBoxLayout(strip)
    under.setContentsMargins(6, 8, 10, 4)
    under.addWidget(room.timeline)
    whole = QSplitter(Qt.Orientation.Vertical)
    whole.addWidget(upper)
    whole.addWidget(strip)
    whole.setSizes([470, 330])
    for splitter in (upper, whole):
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(10)
    layout = QVBoxLayout(room)
    layout.setContentsMargins(12, 8, 12, 8)
    layout.setSpacing(8)
    layout.addWidget(room.analysis)
    layout.addWidget(room.notice)
    layout.addWidget(whole, 1)
    return notes_page


def _card() -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    return card


def _page(inside: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(12, 10, 12, 12)
    layout.addWidget(inside)
    return page
