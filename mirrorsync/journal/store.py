"""The journal: write, find, undo."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mirrorsync.errors import JournalError
from mirrorsync.journal import drafts, operations, queries
from mirrorsync.journal.cipher import key_of
from mirrorsync.journal.database import BUSY_S, explained
from mirrorsync.journal.entries import Entry, SessionRef, clean_text, new_id, utc_text
from mirrorsync.journal.opening import open_database
from mirrorsync.journal.places import journal_path
from mirrorsync.journal.rows import delete_entry, get_entry, get_session, put_entry, put_session
from mirrorsync.journal.searching import Hit
from mirrorsync.storage.sqlite import transaction

__all__ = ["Journal"]

_FORGET_STEPS_AFTER = timedelta(days=2)


class Journal:
    """An open journal. Calls from several threads are safe; each writes at once, or not at all.

    Parameters
    ----------
    path : path, optional
        The file, made if need be (default: the user's journal).
    passphrase : str, optional
        Needed when the journal is encrypted; a new journal is encrypted with it.
    busy_s : float
        How long to wait, in seconds, for another program that is writing.
    clock : callable
        Gives the present moment, with its time zone.

    Attributes
    ----------
    path : Path
        The file.
    warning : str
        What did not work while opening although the journal itself is well; empty for nothing.

    Raises
    ------
    PassphraseError
        The passphrase is missing or wrong, or encryption is not installed.
    DamagedJournalError
        The file is damaged; the error names the newest good backup, for `restore`.
    JournalError
        From every method: the disk is full, the folder is read-only, another program is writing, the
        journal is from a newer program. What stood in the journal before is then safe.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        passphrase: str | None = None,
        busy_s: float = BUSY_S,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.path = Path(path) if path is not None else journal_path()
        self._key = key_of(passphrase) if passphrase is not None else None
        self._clock = clock
        self._busy_s = busy_s
        self._lock = threading.RLock()
        self._sitting = new_id()
        self._closed = False
        self._connection, self.warning = open_database(self.path, self._key, busy_s=busy_s, now=clock())
        self._file = _file_id(self.path)

    @property
    def encrypted(self) -> bool:
        """Whether the journal has a passphrase."""
        return self._key is not None

    def opens_with(self, passphrase: str | None) -> bool:
        """Whether this is the passphrase it was opened with; None: whether it has none."""
        return self._key == (key_of(passphrase) if passphrase else None)

    # Sessions

    def session(
        self,
        path: Path | str,
        *,
        sha256: str | None = None,
        label: str = "",
        started_utc: str | None = None,
        duration_s: float | None = None,
    ) -> SessionRef:
        """Return the journal's reference to a session or recording, made if it is a new one.

        It is known again by `sha256`, or else by its path; what is newly told replaces what was known.
        """
        place = clean_text(str(path))
        with self.writing() as connection:
            known = queries.find_session(connection, place, sha256)
            ref = known or SessionRef(id=new_id(), path=place)
            ref = replace(
                ref, path=place, sha256=sha256 or ref.sha256, label=clean_text(label) or ref.label,
                started_utc=started_utc or ref.started_utc,
                duration_s=ref.duration_s if duration_s is None else float(duration_s),
            )  # fmt: skip
            if ref != known:
                put_session(connection, ref)
        return ref

    def note_attunement(self, session: str, mean: float | None, coverage: float, scored: str) -> None:
        """Keep a session's mean attunement (None: not enough to say) and its coverage, both 0–1."""
        with self.writing() as connection:
            ref = get_session(connection, session)
            if ref is None:
                raise JournalError("The journal does not know this session; tell it of the session first.")
            put_session(
                connection, replace(ref, attunement=mean, attunement_coverage=coverage, scored=scored)
            )

    def sessions(self) -> list[SessionRef]:
        """Return every session that the journal knows, newest first."""
        with self.reading() as connection:
            return queries.all_sessions(connection)

    # Entries

    def add(
        self,
        kind: str,
        text: str = "",
        *,
        session: str | None = None,
        start_s: float | None = None,
        end_s: float | None = None,
        tags: Iterable[str] = (),
        data: Mapping[str, Any] | None = None,
        draft: str | None = None,
    ) -> Entry:
        """Write a new entry; see `Entry`. `draft` is the key of the draft that it was written as."""
        now = utc_text(self._clock())
        entry = Entry(
            id=new_id(), kind=kind, text=text, session=session, start_s=start_s, end_s=end_s,
            tags=tuple(tags), data=data or {}, created_utc=now, updated_utc=now,
        ).checked()  # fmt: skip
        with self.writing() as connection:
            self._check_session(connection, entry)
            put_entry(connection, entry)
            operations.record(connection, self._sitting, f"add {kind}", [(None, entry)])
            drafts.drop(connection, draft)
        return entry

    def change(self, entry_id: str, *, draft: str | None = None, **changes: Any) -> Entry:
        """Change parts of an entry (`text`, `tags`, `start_s`, `end_s`, `session`, `data`); return it."""
        unknown = set(changes) - {"text", "tags", "start_s", "end_s", "session", "data"}
        if unknown:
            raise TypeError(f"an entry has no {min(unknown)!r} to change")
        with self.writing() as connection:
            before = self._known(connection, entry_id)
            after = replace(before, **changes).checked()
            if not after.same_content(before):
                after = replace(after, updated_utc=utc_text(self._clock()))
                self._check_session(connection, after)
                put_entry(connection, after)
                operations.record(connection, self._sitting, f"change {after.kind}", [(before, after)])
            drafts.drop(connection, draft)
        return after

    def delete(self, entry_id: str) -> None:
        """Take an entry out; `undo` brings it back while this sitting lasts."""
        with self.writing() as connection:
            before = self._known(connection, entry_id)
            delete_entry(connection, entry_id)
            operations.record(connection, self._sitting, f"delete {before.kind}", [(before, None)])

    def entry(self, entry_id: str) -> Entry | None:
        """Return an entry by its id; None when there is none."""
        with self.reading() as connection:
            return get_entry(connection, entry_id)

    def entries(
        self,
        *,
        session: str | None = None,
        kinds: Iterable[str] = (),
        tags: Iterable[str] = (),
        since_utc: str | None = None,
        until_utc: str | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        """Return what fits all that is asked: by time in one session, or else the newest first."""
        with self.reading() as connection:
            return queries.select(
                connection, queries.Filter(session, tuple(kinds), tuple(tags), since_utc, until_utc), limit
            )

    def search(
        self,
        typed: str,
        *,
        session: str | None = None,
        kinds: Iterable[str] = (),
        tags: Iterable[str] = (),
        limit: int = 200,
    ) -> list[Hit]:
        """Return the entries in which all the words stand, best first; anything may be typed.

        Case and accents do not matter, a word also finds what begins with it, and words between double
        quotes must stand side by side. Nothing typed: the newest entries.
        """
        with self.reading() as connection:
            wanted = queries.Filter(session, tuple(kinds), tuple(tags))
            return queries.search(connection, typed, wanted, limit)

    def tags(self) -> list[tuple[str, int]]:
        """Return every tag with the number of its entries, in alphabetical order."""
        with self.reading() as connection:
            return queries.all_tags(connection)

    def excluded(self, session: str) -> list[tuple[float, float]]:
        """Return what statistics leave out of a session: (start_s, end_s), in order, without overlap."""
        return queries.merged(
            (e.start_s, e.end_s)
            for e in self.entries(session=session, kinds=("exclusion",))
            if e.start_s is not None and e.end_s is not None
        )

    # Undo

    def undo(self) -> str:
        """Undo the last step of this sitting; return what it was ("add note"), empty when there is none."""
        with self.writing() as connection:
            return operations.take_step(connection, self._sitting)

    def redo(self) -> str:
        """Do again what was undone last; return what it was, empty when there is nothing."""
        with self.writing() as connection:
            return operations.take_step(connection, self._sitting, redo=True)

    def next_undo(self) -> str:
        """Return what `undo` would undo, empty for nothing."""
        with self.reading() as connection:
            return operations.peek(connection, self._sitting)

    def next_redo(self) -> str:
        """Return what `redo` would do again, empty for nothing."""
        with self.reading() as connection:
            return operations.peek(connection, self._sitting, redo=True)

    # What is being typed

    def save_draft(self, key: str, text: str, data: Mapping[str, Any] | None = None) -> None:
        """Keep what is being typed, under a key of the caller's; the next one replaces it."""
        with self.writing() as connection:
            drafts.keep(connection, drafts.Draft(key, clean_text(text), data or {}, utc_text(self._clock())))

    def drop_draft(self, key: str) -> None:
        """Forget what was being typed; `add` and `change` do so by themselves when told its key."""
        with self.writing() as connection:
            drafts.drop(connection, key)

    def drafts(self) -> list[drafts.Draft]:
        """Return what was being typed and neither saved nor dropped, newest first."""
        with self.reading() as connection:
            return drafts.all_of(connection)

    # Whole

    def close(self) -> None:
        """End the sitting: undo is forgotten and the file is one again. A second call does nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                with contextlib.suppress(JournalError):  # whoever opens it next tidies up
                    self._forget_steps()
            finally:
                self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for statements that only read; for this package's own modules."""
        with self._lock, explained(self.path):
            self._check_open()
            yield self._connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection in a transaction, kept whole or not at all; for this package only."""
        with self._lock, explained(self.path):
            self._check_open()
            if _file_id(self.path) != self._file:
                raise JournalError(
                    f"The journal {self.path} was replaced by another program (a backup came back, or its "
                    "passphrase changed), so this was not saved; open the journal again."
                )
            with transaction(self._connection):
                yield self._connection

    def record(self, connection: sqlite3.Connection, what: str, changes: Sequence[operations.Change]) -> None:
        """Note a step of this sitting inside `writing`; for this package's own modules."""
        if changes:
            operations.record(connection, self._sitting, what, changes)

    def _forget_steps(self) -> None:
        with explained(self.path):
            before = utc_text(self._clock() - _FORGET_STEPS_AFTER)
            with transaction(self._connection):
                operations.forget(self._connection, self._sitting, before_utc=before)

    def _check_open(self) -> None:
        if self._closed:
            raise JournalError("The journal is closed already; open it again.")

    def _known(self, connection: sqlite3.Connection, entry_id: str) -> Entry:
        entry = get_entry(connection, entry_id)
        if entry is None:
            raise JournalError(
                "This entry is no longer in the journal; undo brings back what was deleted here."
            )
        return entry

    def _check_session(self, connection: sqlite3.Connection, entry: Entry) -> None:
        if entry.session is not None and get_session(connection, entry.session) is None:
            raise JournalError("The journal does not know this session; tell it of the session first.")


def _file_id(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - the same call, for what is there or not
    except OSError:
        return None
    return found.st_dev, found.st_ino
