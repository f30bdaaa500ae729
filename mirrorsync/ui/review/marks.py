"""Bookmarks, excluded stretches and reflections of one session, in the journal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from mirrorsync.journal import Entry, Journal, SessionRef
from mirrorsync.journal.drafts import Draft
from mirrorsync.practice.reflection import ReflectionMoment, ReflectionResult
from mirrorsync.review.library import introduce
from mirrorsync.synchrony.moments import Moment
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.unfinished import Unfinished, unfinished, words_of

__all__ = ["Marks"]


class Marks(QObject):
    """What the user has marked in a session; every call returns at once.

    Signals
    -------
    changed()
        `excluded` or `bookmarks` are others now.
    ready(str)
        The journal knows the session, by this id.
    said(str)
        A sentence about what was done.

    Attributes
    ----------
    excluded : list of (float, float)
        Stretches that are left out, in seconds.
    bookmarks : list of Moment
        Bookmarks, reflections, and reflections that were begun and not kept.
    unfinished : mapping of float to ReflectionMoment
        What the latter were about, by their time in seconds.
    """

    changed = pyqtSignal()
    ready = pyqtSignal(str)
    said = pyqtSignal(str)

    def __init__(self, model: JournalModel, session: Path) -> None:
        super().__init__()
        self._model = model
        self._path = session
        self._ref: str | None = None
        self._exclusions: list[Entry] = []
        self.excluded: list[tuple[float, float]] = []
        self.bookmarks: list[Moment] = []
        self.unfinished: dict[float, ReflectionMoment] = {}
        model.changed.connect(self.refresh)
        model.opened.connect(self._introduce)
        if model.is_open:
            self._introduce()

    @property
    def session(self) -> str | None:
        """The journal's id of the session; None until the journal is open."""
        return self._ref

    def bookmark(self, at_s: float) -> None:
        """Mark a place."""
        self._write(
            lambda journal, ref: journal.add("bookmark", session=ref, start_s=at_s),
            texts.BOOKMARKED.format(at=texts.clock(at_s)),
        )

    def exclude(self, start_s: float, end_s: float) -> None:
        """Leave a stretch out of all statistics."""
        self._write(
            lambda journal, ref: journal.add("exclusion", session=ref, start_s=start_s, end_s=end_s),
            texts.EXCLUDED.format(start=texts.clock(start_s), end=texts.clock(end_s)),
        )

    def include_at(self, at_s: float) -> bool:
        """Let the excluded stretch at a time count again; False when there is none."""
        for entry in self._exclusions:
            start_s, end_s = entry.start_s or 0.0, entry.end_s or 0.0
            if start_s <= at_s <= end_s:
                self._exclusions.remove(entry)  # a second key may come before the journal has answered
                self._write(
                    lambda journal, _, known=entry.id: journal.delete(known),  # type: ignore[misc]  # bound now
                    texts.INCLUDED.format(start=texts.clock(start_s), end=texts.clock(end_s)),
                )
                return True
        return False

    def reflect(
        self,
        result: ReflectionResult,
        *,
        draft: str,
        kept: Callable[[], object],
        failed: Callable[[str], object],
    ) -> None:
        """Keep the answers given at a moment.

        Parameters
        ----------
        result : ReflectionResult
            What was answered.
        draft : str
            Key of the draft it was written as.
        kept : callable
            Called when it is in the journal.
        failed : callable
            Gets the sentence when it could not be kept.
        """
        moment = result.moment
        words = words_of(result.answers)
        data = {"moment": moment.kind, "sentence": moment.sentence, "answers": dict(result.answers)}

        def done(_: Entry) -> None:
            kept()
            self.said.emit(texts.REFLECT_KEPT.format(at=texts.clock(moment.time_s)))

        ref = self._ref
        if ref is None:
            failed(texts.NO_JOURNAL)
            return
        self._model.ask(
            lambda journal: journal.add(
                "reflection", words, session=ref, start_s=moment.time_s, data=data, draft=draft
            ),
            done,
            writes=True,
            failed=failed,
        )

    def undo(self) -> None:
        """Take back the last thing that was written."""
        self._model.ask(
            lambda journal: journal.undo(),
            lambda what: self.said.emit(texts.UNDONE.format(what=what) if what else texts.NOTHING_TO_UNDO),
            writes=True,
        )

    def _introduce(self) -> None:
        path = self._path

        def known(ref: SessionRef) -> None:
            self._ref = ref.id
            self.ready.emit(ref.id)
            self.refresh()

        self._model.ask(lambda journal: introduce(journal, path), known)

    def _write(self, work: Callable[[Journal, str], object], done: str) -> None:
        ref = self._ref
        if ref is None:
            self.said.emit(texts.NO_JOURNAL)
            return
        self._model.ask(lambda journal: work(journal, ref), lambda _: self.said.emit(done), writes=True)

    def refresh(self) -> None:
        """Look into the journal again."""
        ref = self._ref
        if ref is None or not self._model.is_open:
            return
        self._model.ask(
            lambda journal: (
                journal.entries(session=ref, kinds=("exclusion", "bookmark", "reflection")),
                journal.excluded(ref),
                journal.drafts(),
            ),
            self._take,
        )

    def _take(self, answer: tuple[list[Entry], list[tuple[float, float]], list[Draft]]) -> None:
        entries, excluded, drafts = answer
        self._exclusions = [entry for entry in entries if entry.kind == "exclusion"]
        begun = unfinished(drafts, self._ref or "")
        self.unfinished = {one.moment.time_s: one.moment for one in begun}
        bookmarks = [
            Moment(entry.start_s, entry.start_s, entry.kind, _line(entry))
            for entry in entries
            if entry.start_s is not None and entry.kind in ("bookmark", "reflection")
        ]
        bookmarks += [_begun(one) for one in begun]
        if (excluded, bookmarks) != (self.excluded, self.bookmarks):
            self.excluded, self.bookmarks = excluded, bookmarks
            self.changed.emit()


def _begun(one: Unfinished) -> Moment:
    """Return a reflection that was not kept as a row of the list."""
    words = " ".join(" · ".join(text for text in one.answers.values() if text.strip()).split())[:160]
    said = texts.REFLECT_UNFINISHED.format(words=words)
    return Moment(one.moment.time_s, one.moment.time_s, "reflection", said)


def _line(entry: Entry) -> str:
    """Return the beginning of what was written, on one line."""
    if entry.kind == "reflection":
        answers = entry.data.get("answers", {})
        said = (
            " · ".join(str(answer) for answer in answers.values())
            if isinstance(answers, dict)
            else entry.text
        )
        return " ".join(said.split())[:160]
    return " ".join(entry.text.split())[:160]
