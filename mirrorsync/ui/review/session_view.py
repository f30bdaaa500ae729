"""What is known of the session that is open: its scores, growing or changed, moments and numbers."""

from __future__ import annotations

import threading
from pathlib import Path

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from mirrorsync.errors import MirrorSyncError
from mirrorsync.review.moments import Range, labelled_emotions, outside, timeline_moments
from mirrorsync.review.numbers import SessionNumbers, exclusion_text, kept_numbers
from mirrorsync.review.presence import presence_sentence
from mirrorsync.review.recording import source_notes
from mirrorsync.session.files import keep_blob
from mirrorsync.session.pyramid import PYRAMID, Pyramid, PyramidBuilder, keep_pyramid, pyramid_of
from mirrorsync.session.reader import SessionReader
from mirrorsync.synchrony.moments import Moment
from mirrorsync.ui.review.job import Job

__all__ = ["SessionView"]

_GROW_MS = 1_000
_SETTLE_MS = 1_200
_WANTED = "offset-wanted"


class SessionView(QObject):
    """Follows a session file and has the long work on it done by a `Job`.

    Signals
    -------
    scores_changed()
        `pyramid` and `duration_s` are others now.
    moments_changed()
        `moments` are others now.
    numbers_changed()
        `numbers` are others now, or are being worked out.
    job_changed()
        The job has begun, ended or stopped.
    failed(str)
        One sentence.
    """

    scores_changed = pyqtSignal()
    moments_changed = pyqtSignal()
    numbers_changed = pyqtSignal()
    job_changed = pyqtSignal()
    failed = pyqtSignal(str)
    _pyramid_made = pyqtSignal(object)

    def __init__(self, path: Path, *, models_dir: Path | None = None) -> None:
        super().__init__()
        self.path = path
        self._reader = SessionReader(path)
        self.meta = self._reader.meta
        self.complete = self._reader.complete
        self.duration_s = self._reader.duration_s
        self.offset_s = float(self.meta.parameters.get("offset_s", 0.0))
        self.pyramid = PyramidBuilder().pyramid()
        self.moments: list[Moment] = []
        self.numbers: SessionNumbers | None = None
        self.trouble = ""
        self._excluded: list[Range] = []
        self._builder: PyramidBuilder | None = None
        self._read_to_s = 0.0
        self._maker: threading.Thread | None = None
        self._closed = False
        self.job = Job(models_dir=models_dir)
        self.job.ended.connect(self._job_ended)
        self._pyramid_made.connect(self._take_pyramid)
        self._growing = QTimer(self)
        self._growing.setInterval(_GROW_MS)
        self._growing.timeout.connect(self._grow)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLE_MS)
        self._settling.timeout.connect(self._settle)
        wanted = self._reader.blob(_WANTED)
        if wanted is not None:
            self.offset_s = float(wanted)

    def load(self) -> None:
        """Get the scores: at once when their timeline was kept, else in a thread."""
        kept = self._reader.blob(PYRAMID) if self.complete else None
        pyramid = None if kept is None else Pyramid.from_bytes(kept)
        if pyramid is not None:
            self._take_pyramid(pyramid)
        elif self.complete or self.job.task == "":
            self._make_pyramid()
        if abs(self.offset_s - float(self.meta.parameters.get("offset_s", 0.0))) > 1e-9:
            self._settling.start()
        elif self.complete:
            self._want_numbers()

    @property
    def notices(self) -> tuple[str, ...]:
        """What should be known before the numbers are believed: a damaged recording, somebody not found."""
        if not self.complete:
            return ()
        return (*source_notes(self._reader), self.unseen)

    @property
    def unseen(self) -> str:
        """A sentence about who was not found; empty when both were, or the analysis is not through."""
        return presence_sentence(self.pyramid) if self.complete else ""

    @property
    def can_nudge(self) -> bool:
        """Whether another offset can be scored: single frames were kept."""
        return any(info.sha256 for info in self.meta.inputs) or not self.complete

    def analyse(self) -> None:
        """Start or go on with the analysis; the scores come in while it runs."""
        if self.complete:
            return
        self.trouble = ""
        self._builder, self._read_to_s = PyramidBuilder(), 0.0
        self.job.start("analyse", self.path)
        self._growing.start()
        self.job_changed.emit()

    def stop(self) -> None:
        """Stop the analysis; what there is stays."""
        self.job.hang_up()

    def nudge(self, offset_s: float) -> None:
        """Take another offset; the scores follow when it has been left alone for a moment."""
        self.offset_s = round(offset_s, 4)
        keep_blob(self.path, _WANTED, repr(self.offset_s).encode())
        self._settling.start()

    def set_excluded(self, excluded: list[Range]) -> None:
        """Leave stretches out of moments and numbers."""
        if excluded != self._excluded:
            self._excluded = excluded
            self._find_moments()
            if self.complete:
                self.numbers = None
                self._settling.start()

    def close(self) -> None:
        """Stop what is running and let go of the file."""
        self._closed = True
        self._growing.stop()
        self._settling.stop()
        self.job.blockSignals(True)
        self.job.stop()
        if self._maker is not None:
            self._maker.join()
        self._reader.close()

    def _grow(self) -> None:
        """Read what has been added since the last look."""
        if self._builder is None:
            return
        grown = False
        try:
            for block in self._reader.timeline(self._read_to_s):
                self._builder.add(block)
                self._read_to_s = int(block.t_ns[-1]) / 1e9 + 1e-6
                grown = True
            self.duration_s = self._reader.duration_s
        except MirrorSyncError as error:
            self.failed.emit(str(error))
        if grown:
            self.pyramid = self._builder.pyramid()
            self.scores_changed.emit()
            self._find_moments()

    def _make_pyramid(self) -> None:
        path, complete = self.path, self.complete

        def work() -> None:
            try:
                with SessionReader(path) as reader:
                    pyramid = pyramid_of(reader)
                if complete:
                    keep_pyramid(path, pyramid)
                self._pyramid_made.emit(pyramid)
            except MirrorSyncError as error:
                self.failed.emit(str(error))

        if self._maker is not None:
            self._maker.join()
        self._maker = threading.Thread(target=work, name="mirrorsync-timeline", daemon=True)
        self._maker.start()

    def _take_pyramid(self, pyramid: Pyramid) -> None:
        if self._closed or self._growing.isActive():
            return  # an analysis has begun meanwhile and tells by itself
        self.pyramid = pyramid
        self.duration_s = self._reader.duration_s
        self.scores_changed.emit()
        self._find_moments()

    def _find_moments(self) -> None:
        found = timeline_moments(self.pyramid, excluded=self._excluded)
        found += [
            one for one in labelled_emotions(self._reader.events()) if outside(one.start_s, self._excluded)
        ]
        if self.numbers is not None:
            found += [smile for smile in self.numbers.smiles if outside(smile.start_s, self._excluded)]
        self.moments = sorted(found, key=lambda one: one.start_s)
        self.moments_changed.emit()

    def _settle(self) -> None:
        """Start what was wanted: another offset first, then the numbers."""
        if abs(self.offset_s - float(self._reader.meta.parameters.get("offset_s", 0.0))) > 1e-9:
            self.job.start("offset", self.path, offset=repr(self.offset_s))
            self.numbers = None
            self.numbers_changed.emit()
            self.job_changed.emit()
        elif self.complete:
            self._want_numbers()

    def _want_numbers(self) -> None:
        excluded = exclusion_text(self._excluded)
        self.numbers = kept_numbers(self._reader, excluded=excluded)
        if self.numbers is None and self.job.task == "":
            self.job.start("numbers", self.path, exclude=excluded)
        self.numbers_changed.emit()
        self._find_moments()

    def _job_ended(self, task: str, well: bool, sentence: str) -> None:
        was_growing = self._growing.isActive()
        self._growing.stop()
        if was_growing:
            self._grow()
        self.meta, self.complete = self._reader.meta, self._reader.complete
        self.trouble = sentence
        if sentence:
            self.failed.emit(sentence)
        if task == "offset" and well:
            self._reload()
        elif task == "analyse" and well:
            self._builder = None
            self._reload()
        elif task == "numbers" and well:
            self._want_numbers()
        self.job_changed.emit()

    def _reload(self) -> None:
        """The scores were written anew."""
        if not self.complete:
            self.analyse()
            return
        self._take_pyramid(pyramid_of(self._reader))
        self._settle()
