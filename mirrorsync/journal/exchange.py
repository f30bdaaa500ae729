"""Everything in the journal as one zip that other programs can read, and back again.

`journal.json` holds all of it, unchanged; the tables beside it are for spreadsheets. The format is described
in `docs/journal.md` and in the zip itself. Everything has a UUID, so the same export can be imported twice,
or into a journal that has gone its own way since, without doubles.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from mirrorsync.errors import ExportError, JournalError
from mirrorsync.journal import drafts, operations, queries
from mirrorsync.journal.entries import Entry, SessionRef, clean_text, utc_text
from mirrorsync.journal.exchange_tables import README, SESSION_COLUMNS, tables
from mirrorsync.journal.places import make_private_file
from mirrorsync.journal.rows import get_entry, get_session, put_entry, put_session
from mirrorsync.journal.store import Journal
from mirrorsync.version import __version__

__all__ = ["FORMAT", "FORMAT_VERSION", "Imported", "export_journal", "import_journal"]

FORMAT = "mirrorsync-journal"
FORMAT_VERSION = 1
_INNER = "journal.json"
_MOST_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, in numbers of entries.

    Attributes
    ----------
    added : int
        Entries that the journal did not have.
    changed : int
        Entries that were newer in the export; undo brings the old ones back.
    kept : int
        Entries that are newer in the journal, and stayed.
    same : int
        Entries that the journal had already.
    """

    added: int = 0
    changed: int = 0
    kept: int = 0
    same: int = 0


def export_journal(journal: Journal, path: Path) -> int:
    """Write everything to a new zip at `path` (one that is there is replaced); return the number of entries.

    The zip is readable by its owner only, and is not encrypted.

    Raises
    ------
    ExportError
        It cannot be written; what was at `path` is still there.
    JournalError
        The journal cannot be read.
    """
    with journal.reading() as connection:
        connection.execute("BEGIN")  # one moment for all of it
        try:
            sessions = queries.all_sessions(connection)
            entries = queries.select(connection, queries.Filter(), None)[::-1]  # the oldest first
            unsaved = drafts.all_of(connection)
        finally:
            connection.execute("ROLLBACK")
    whole = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "program": f"MirrorSync {__version__}",
        "exported_utc": utc_text(),
        "sessions": [_session_dict(ref) for ref in sessions],
        "entries": [entry.as_dict() for entry in entries],
        "drafts": [
            {"key": d.key, "text": d.text, "data": d.data, "updated_utc": d.updated_utc} for d in unsaved
        ],
    }
    parts = {_INNER: json.dumps(whole, ensure_ascii=False, indent=1), "README.txt": README}
    parts |= tables(sessions, entries)
    _write_zip(Path(path), parts)
    return len(entries)


def import_journal(journal: Journal, path: Path) -> Imported:
    """Bring in an export (the zip, or its `journal.json` alone); all of it, or nothing.

    An entry known here stays when it is the newer one. Undo takes the whole import back.

    Raises
    ------
    JournalError
        It is no export, is damaged or from a newer program; the journal is then as it was.
    """
    whole = _read(Path(path))
    try:
        sessions = [_session(values) for values in whole["sessions"]]
        entries = [_entry(values) for values in whole["entries"]]
        unsaved = [
            drafts.Draft(
                str(v["key"]), clean_text(v["text"]), dict(v["data"]), utc_text(_moment(v["updated_utc"]))
            )
            for v in whole["drafts"]
        ]
    except (JournalError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _no_export(Path(path), str(error)) from error
    with journal.writing() as connection:
        names = {ref.id: _take_session(connection, ref) for ref in sessions}
        changes: list[operations.Change] = []
        kept = same = 0
        for entry in entries:
            if entry.session is not None and entry.session not in names:
                raise _no_export(Path(path), f"entry {entry.id} is of a session that is not in it")
            ours = replace(entry, session=names[entry.session] if entry.session is not None else None)
            known = get_entry(connection, ours.id)
            if known is not None and known.same_content(ours):
                same += 1
            elif known is not None and known.updated_utc >= ours.updated_utc:
                kept += 1
            else:
                put_entry(connection, ours)
                changes.append((known, ours))
        here = {draft.key for draft in drafts.all_of(connection)}
        for draft in unsaved:
            if draft.key not in here:
                drafts.keep(connection, draft)
        journal.record(connection, "import", changes)
    added = sum(before is None for before, _ in changes)
    return Imported(added, len(changes) - added, kept, same)


def _write_zip(path: Path, parts: Mapping[str, str]) -> None:
    partial = path.with_name(path.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        make_private_file(partial)
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                archive.writestr(name, text.encode("utf-8"))
        partial.replace(path)
    except (OSError, JournalError) as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        why = error.strerror if isinstance(error, OSError) else "the folder cannot be written"
        raise ExportError(
            f"The export {path} could not be written ({why}); make room or choose another place. The journal "
            "is as it was."
        ) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if archive.getinfo(_INNER).file_size > _MOST_BYTES:
                    raise _no_export(path, f"{_INNER} is larger than 1 GB")
                raw = archive.read(_INNER)
        else:
            raw = path.read_bytes()
        whole = json.loads(raw)
    except OSError as error:
        raise JournalError(f"The export {path} cannot be read ({error.strerror}); check the name.") from error
    except (
        KeyError,
        ValueError,
        RecursionError,
        NotImplementedError,
        RuntimeError,
        zipfile.BadZipFile,
    ) as error:
        raise _no_export(path, str(error)) from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise _no_export(path, "it says nothing of a journal")
    if not isinstance(whole.get("version"), int) or whole["version"] > FORMAT_VERSION:
        raise JournalError(f"The export {path} is from a newer MirrorSync; update MirrorSync to import it.")
    return whole


def _no_export(path: Path, why: str) -> JournalError:
    return JournalError(f"{path} is not a whole export of a journal ({why}); nothing was imported.")


def _session_dict(ref: SessionRef) -> dict[str, Any]:
    return {name: getattr(ref, name) for name in SESSION_COLUMNS}


def _session(values: Mapping[str, Any]) -> SessionRef:
    started, sha256 = values["started_utc"], values["sha256"]
    return SessionRef(
        id=clean_text(values["id"]),
        path=clean_text(values["path"]),
        sha256=None if sha256 is None else clean_text(sha256),
        label=clean_text(values["label"]),
        started_utc=None if started is None else clean_text(started),
        duration_s=_number(values["duration_s"]),
        attunement=_number(values.get("attunement")),
        attunement_coverage=_number(values.get("attunement_coverage")),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _entry(values: Mapping[str, Any]) -> Entry:
    entry = Entry.from_dict(values)
    if not isinstance(entry.id, str) or not entry.id:
        raise ValueError("an entry has no id")
    return replace(
        entry,
        id=clean_text(entry.id),
        created_utc=utc_text(_moment(entry.created_utc)),
        updated_utc=utc_text(_moment(entry.updated_utc)),
    ).checked()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _take_session(connection: Any, ref: SessionRef) -> str:
    """Return what a session of the export is called here; a new one is written."""
    known = get_session(connection, ref.id) or queries.find_session(connection, ref.path, ref.sha256)
    if known is None:
        put_session(connection, ref)
        return ref.id
    more = replace(
        known,
        sha256=known.sha256 or ref.sha256,
        label=known.label or ref.label,
        started_utc=known.started_utc or ref.started_utc,
        duration_s=ref.duration_s if known.duration_s is None else known.duration_s,
        attunement=ref.attunement if known.attunement is None else known.attunement,
        attunement_coverage=known.attunement_coverage or ref.attunement_coverage,
    )
    if more != known:
        put_session(connection, more)
    return known.id
