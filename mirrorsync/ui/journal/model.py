"""The journal in a thread of its own: nothing that touches the disk holds the window up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from PyQt6 import sip
from PyQt6.QtCore import QObject, pyqtSignal

from mirrorsync.errors import DamagedJournalError, JournalError, MirrorSyncError, PassphraseError
from mirrorsync.journal import Journal, journal_path, restore, set_passphrase
from mirrorsync.journal.drafts import Draft
from mirrorsync.ui.journal import texts

__all__ = ["JournalModel"]

T = TypeVar("T")


class JournalModel(QObject):
    """One journal for all widgets that show it; every call returns at once, answers come as calls back.

    Answers arrive in the thread of the window, in the order in which they were asked for, and never at a
    widget that is gone.

    Parameters
    ----------
    path : path, optional
        The journal (default: the user's). `open` opens it.
    """

    opened = pyqtSignal()
    """The journal is open."""
    changed = pyqtSignal()
    """Something was written: show anew what is shown."""
    failed = pyqtSignal(str)
    """A sentence for whoever tried something."""
    locked = pyqtSignal(str)
    """The passphrase is missing or wrong; the sentence is empty the first time."""
    damaged = pyqtSignal(str, bool)
    """The file is damaged: the sentence, and whether there is a backup to restore."""
    _answered = pyqtSignal(object)

    def __init__(self, path: Path | None = None, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path or journal_path()
        self.is_open = False
        self.encrypted = False
        self.unkept: dict[str, Draft] = {}  # by key; on their way to the disk, or it would not take them
        self.gives_up = False  # what is unkept may be lost: the user has seen it
        self._journal: Journal | None = None
        self._backup: Path | None = None
        self._worker: ThreadPoolExecutor | None = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._answered.connect(lambda answer: answer())

    def open(self, passphrase: str | None = None) -> None:
        """Open the journal; `opened`, `locked`, `damaged` or `failed` tells how that went."""

        def work() -> str:
            if self._journal is None:
                self._journal = Journal(self.path, passphrase=passphrase)
            return self._journal.warning

        def done(warning: str) -> None:
            self.is_open = True
            self.encrypted = self._journal is not None and self._journal.encrypted
            self.opened.emit()
            self.changed.emit()
            if warning:
                self.failed.emit(warning)

        def wrong(error: MirrorSyncError) -> None:
            if isinstance(error, PassphraseError):
                self.locked.emit("" if passphrase is None else str(error))
            elif isinstance(error, DamagedJournalError):
                self._backup = error.backup
                self.damaged.emit(str(error), error.backup is not None)
            else:
                self.failed.emit(str(error))

        self._submit(work, done, wrong)

    def ask(
        self,
        question: Callable[[Journal], T],
        then: Callable[[T], object] | None = None,
        *,
        writes: bool = False,
        failed: Callable[[str], object] | None = None,
    ) -> None:
        """Have `question` answered by the journal's thread, and `then` called with the answer.

        Parameters
        ----------
        question : callable
            Gets the journal; may read or write.
        then : callable, optional
            Gets the answer, in the window's thread.
        writes : bool
            Whether `changed` is to be told.
        failed : callable, optional
            Gets the sentence instead of the signal `failed`.
        """

        def work() -> T:
            if self._journal is None:
                raise JournalError("The journal is not open; open it first.")
            return question(self._journal)

        def done(answer: T) -> None:
            if then is not None and not _gone(then):
                then(answer)
            if writes:
                self.changed.emit()

        def wrong(error: MirrorSyncError) -> None:
            if failed is None:
                self.failed.emit(str(error))
            elif not _gone(failed):
                failed(str(error))
            if isinstance(error, DamagedJournalError) and self.is_open:
                self._open_again()

        self._submit(work, done, wrong)

    def _open_again(self) -> None:
        """Damage was met in the open journal: opening it anew looks for a backup and offers it."""
        self.is_open = False
        self._submit(self._close_journal, lambda _: self.open(), lambda _: None)

    def set_passphrase(
        self, old: str | None, new: str | None, then: Callable[[], object], failed: Callable[[str], object]
    ) -> None:
        """Encrypt the journal with `new`, or take its passphrase away (None); it is open afterwards."""

        def work() -> None:
            if self._journal is not None:
                if not self._journal.opens_with(old):
                    raise PassphraseError(texts.LOCK_WRONG)
                self._journal.close()
                self._journal = None
            words = old
            try:
                set_passphrase(self.path, old, new)
                words = new
            finally:
                self._journal = _reopened(self.path, words)

        def done(_: None) -> None:
            self.encrypted = new is not None
            then()
            self.changed.emit()

        def wrong(error: MirrorSyncError) -> None:
            if self._journal is None:
                self.is_open = False
                self.locked.emit("")
            failed(str(error))

        self._submit(work, done, wrong)

    def restore(self, then: Callable[[Path | None], object], failed: Callable[[str], object]) -> None:
        """Put the newest good backup in the damaged journal's place; `then` gets where that one is kept."""
        backup = self._backup

        def work() -> Path | None:
            if backup is None:
                raise JournalError("There is no good backup of the journal.")
            return restore(self.path, backup)

        self._submit(work, then, lambda error: failed(str(error)))

    def wait(self) -> None:
        """Wait until all that was asked for is done; answers still come later."""
        if self._worker is not None:
            self._worker.submit(lambda: None).result()

    def close(self) -> None:
        """Finish what was asked, close the journal and end its thread; a second call does nothing."""
        if self._worker is None:
            return
        worker, self._worker = self._worker, None
        worker.submit(self._close_journal)
        worker.shutdown(wait=True)
        self.is_open = False

    def _close_journal(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _submit(
        self, work: Callable[[], T], done: Callable[[T], object], wrong: Callable[[MirrorSyncError], object]
    ) -> None:
        if self._worker is None:
            return

        def answer(future: Future[T]) -> None:
            error = future.exception()
            if error is None:
                done(future.result())
            elif isinstance(error, MirrorSyncError):
                wrong(error)
            else:
                wrong(JournalError(texts.UNEXPECTED.format(error=f"{type(error).__name__}: {error}")))

        def tell(future: Future[T]) -> None:
            if not sip.isdeleted(self):
                self._answered.emit(lambda: answer(future))

        self._worker.submit(work).add_done_callback(tell)


def _reopened(path: Path, passphrase: str | None) -> Journal | None:
    try:
        return Journal(path, passphrase=passphrase)
    except JournalError:
        return None  # another program was quicker: it is opened anew


def _gone(call: Callable[..., Any]) -> bool:
    """Whether `call` is a method of a widget that Qt has deleted."""
    owner = getattr(getattr(call, "func", call), "__self__", None)  # also of a partial
    return isinstance(owner, QObject) and sip.isdeleted(owner)
