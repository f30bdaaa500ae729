"""What came of exercises goes into the journal, without holding the window up.

One's own words go there at once, the results after the recording that they were kept with.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from mirrorsync.errors import MirrorSyncError, PassphraseError
from mirrorsync.journal import Journal
from mirrorsync.practice.texts import say
from mirrorsync.review.practice_entries import keep_practice, practice_of
from mirrorsync.ui import texts
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.practice.own_words import OwnWords

__all__ = ["PracticeJournal"]


class PracticeJournal(QObject):
    """Writes into the journal that is open, or else opens it for a moment in a thread of its own.

    A journal with a passphrase that is not open waits until it is: see `catch_up`.

    Parameters
    ----------
    path : Path or None
        The journal (None: the user's).
    open_model : callable
        Returns the journal's model while the journal is open in a window.

    Attributes
    ----------
    words : OwnWords
        Writes one's own words.

    Signals
    -------
    told(str)
        A sentence for the status line.
    """

    told = pyqtSignal(str)
    _unwritten = pyqtSignal(object, bool)

    def __init__(self, path: Path | None, open_model: Callable[[], JournalModel | None]) -> None:
        super().__init__()
        self.words = OwnWords(path, open_model)
        self._path = path
        self._open_model = open_model
        self._waiting: list[Path] = []
        self._writer: threading.Thread | None = None
        self._unwritten.connect(self._wait)

    def keep(self, session: Path, quietly: bool = False) -> None:
        """Keep what came of a session that was recorded; own words, which stand there first, join it.

        Parameters
        ----------
        session : Path
            The session.
        quietly : bool
            Say nothing about it, as there is something worse to be read; what cannot be written now waits
            for the journal to be opened.
        """
        self.words.finish()
        model = self._open_model()
        if model is not None and model.is_open:
            self._ask(model, session, quietly=quietly)
            return
        self._finish_writing()
        self._writer = threading.Thread(
            target=self._write, args=(session, quietly), name="mirrorsync-practice-journal"
        )
        self._writer.start()

    def catch_up(self, model: JournalModel) -> None:
        """Write what waited for the journal, which is open now."""
        self.words.try_again()
        waiting, self._waiting = self._waiting, []
        for session in waiting:
            self._ask(model, session)

    def finish(self) -> bool:
        """Wait until what is being written is written; return whether all own words are."""
        self._finish_writing()
        if self.words.finish():
            return True
        self.told.emit(say("words.leave_first"))
        return False

    def _finish_writing(self) -> None:
        if self._writer is not None:
            self._writer.join()
            self._writer = None

    def _ask(self, model: JournalModel, session: Path, *, quietly: bool = False) -> None:
        model.ask(
            lambda journal: keep_practice(journal, session),
            partial(self._kept, session, quietly),
            writes=True,
        )

    def _write(self, session: Path, quietly: bool) -> None:
        """Run in a thread; a session without exercises, or deleted meanwhile, leaves the journal alone."""
        try:
            if session.is_file() and practice_of(session):
                with Journal(self._path) as journal:
                    self._kept(session, quietly, keep_practice(journal, session))
        except PassphraseError:
            self._unwritten.emit(session, quietly)
        except MirrorSyncError as error:
            if quietly:
                self._unwritten.emit(session, quietly)
            else:
                self.told.emit(str(error))

    def _kept(self, session: Path, quietly: bool, new: int) -> None:
        if new and not quietly:
            self.told.emit(texts.PRACTICE_IN_JOURNAL.format(path=session))

    def _wait(self, session: Path, quietly: bool) -> None:
        self._waiting.append(session)
        if not quietly:
            self.told.emit(texts.PRACTICE_WAITS)
