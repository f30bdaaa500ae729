"""What the practitioner wrote: into the journal at once, with or without a recording, and never dropped.

One's own answer needs nobody's consent, so it does not wait for one. Nothing measured goes with it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PyQt6 import sip
from PyQt6.QtCore import QObject, pyqtSignal

from mirrorsync.errors import MirrorSyncError, PassphraseError
from mirrorsync.journal import Journal
from mirrorsync.journal.entries import new_id
from mirrorsync.practice.texts import say
from mirrorsync.ui.journal.model import JournalModel

__all__ = ["OwnAnswer", "OwnWords"]

_LONGEST_WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """An answer in one's own words: the exercise, the question's key, the words, and an id of its own."""

    exercise: str
    question: str
    text: str
    words_id: str = field(default_factory=new_id)


class OwnWords(QObject):
    """Writes answers into the journal that is open, or else opens it for a moment in a thread of its own.

    What could not be written is held until it is written after all, or given up by hand.

    Parameters
    ----------
    path : Path or None
        The journal (None: the user's).
    open_model : callable
        Returns the journal's model while the journal is open in a window.

    Attributes
    ----------
    trouble : str
        Why the newest attempt failed; empty when it did not.

    Signals
    -------
    changed()
        Something was written, could not be, or was given up.
    """

    changed = pyqtSignal()
    _ended = pyqtSignal(object)

    def __init__(
        self, path: Path | None, open_model: Callable[[], JournalModel | None] = lambda: None
    ) -> None:
        super().__init__()
        self.trouble = ""
        self._path = path
        self._open_model = open_model
        self._waiting: list[OwnAnswer] = []
        self._attempt: _Attempt | None = None
        self._writer: threading.Thread | None = None
        self._ended.connect(self._settle)

    @property
    def waiting(self) -> tuple[OwnAnswer, ...]:
        """What does not stand in the journal yet."""
        return tuple(self._waiting)

    def write(self, answer: OwnAnswer) -> None:
        """Write an answer; returns at once."""
        self._waiting.append(answer)
        self.try_again()

    def try_again(self) -> None:
        """Write what waits; returns at once, and does nothing while an attempt is under way."""
        if self._attempt is not None or not self._waiting:
            return
        attempt = self._attempt = _Attempt(tuple(self._waiting))
        model = self._open_model()
        if model is not None and model.is_open:
            model.ask(
                attempt.write,
                lambda _: self._settle(attempt),
                writes=True,
                failed=partial(self._refused, attempt),
            )
            return
        self._writer = threading.Thread(target=self._write, args=(attempt,), name="mirrorsync-own-words")
        self._writer.start()

    def give_up(self) -> None:
        """Let go of what waits, because its writer said so."""
        self._waiting.clear()
        self.trouble = ""
        self.changed.emit()

    def finish(self) -> bool:
        """Wait until what is being written is written; return whether nothing waits any more."""
        while (attempt := self._attempt) is not None:
            if not attempt.done.wait(_LONGEST_WAIT_S):
                return False
            self._settle(attempt)
        if self._waiting:
            self.changed.emit()  # whatever has become of the card: it is to be seen
        return not self._waiting

    def _write(self, attempt: _Attempt) -> None:
        """Run in a thread of its own."""
        try:
            with Journal(self._path) as journal:
                attempt.write(journal)
        except PassphraseError:
            attempt.end(say("words.locked"))
        except MirrorSyncError as error:
            attempt.end(str(error))
        finally:
            attempt.end(say("words.failed"))
        if not sip.isdeleted(self):
            self._ended.emit(attempt)

    def _refused(self, attempt: _Attempt, sentence: str) -> None:
        attempt.end(sentence)
        self._settle(attempt)

    def _settle(self, attempt: _Attempt) -> None:
        """Take over what became of an attempt, once."""
        if attempt is not self._attempt:
            return
        self._attempt = None
        if self._writer is not None:
            self._writer.join()
            self._writer = None
        self._waiting = [one for one in self._waiting if one not in attempt.written]
        self.trouble = attempt.trouble if self._waiting else ""
        self.changed.emit()
        if not attempt.trouble:
            self.try_again()


class _Attempt:
    """One go at writing; what it says is read only once it is done."""

    def __init__(self, answers: tuple[OwnAnswer, ...]) -> None:
        self._answers = answers
        self.written: list[OwnAnswer] = []
        self.trouble = ""
        self.done = threading.Event()

    def write(self, journal: Journal) -> None:
        """Write the answers one by one; what was written stays written when the next cannot be."""
        try:
            for one in self._answers:
                data = {"question": say(one.question), "exercise": one.exercise, "words_id": one.words_id}
                journal.add("reflection", one.text, data=data)
                self.written.append(one)
        except MirrorSyncError as error:
            self.trouble = str(error)
        self.done.set()

    def end(self, trouble: str) -> None:
        """End it without having written all."""
        if not self.done.is_set():
            self.trouble = trouble
            self.done.set()
