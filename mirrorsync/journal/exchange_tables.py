"""The tables of an export: UTF-8, comma, LF, for spreadsheets, and harmless in them.

A spreadsheet takes a cell that begins with = + - @ for a formula, and a formula can start programs. Such a
cell gets an apostrophe in front, as does what a spreadsheet set to semicolons or tabs would cut off into a
cell of its own. `journal.json` has the text as it was written.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence

from mirrorsync.journal.entries import Entry, SessionRef

__all__ = ["README", "SESSION_COLUMNS", "harmless", "tables"]

# A cell's beginning, or what another separator would make one; white space and quotes may stand between (but
# none that is a separator itself: that would take quadratic time on many of them).
_FORMULA = re.compile(r"(\A|[;\t\r\n|])((?:[^\S\t\r\n]|[\"'])*)([=+\-@\uff1d\uff0b\uff0d\uff20])")
_ENTRY_COLUMNS = (
    "id", "kind", "created_utc", "updated_utc", "session", "session_label", "start_s", "end_s", "tags",
    "text", "data",
)  # fmt: skip
_CHECK_IN_COLUMNS = ("check_in", "created_utc", "word", "core", "intensity", "own_words")
SESSION_COLUMNS = (
    "id", "path", "sha256", "label", "started_utc", "duration_s", "attunement", "attunement_coverage",
)  # fmt: skip

README = """\
A journal exported by MirrorSync
================================

journal.json   everything, exactly as written; this is the file that MirrorSync imports
entries.csv    one row an entry, for spreadsheets
check_ins.csv  one row for each feeling of each check-in
sessions.csv   the sessions and recordings that entries speak of

Texts are UTF-8. Tables have a comma between cells and a line feed after each row. In tables, a cell that a
spreadsheet would take for a formula has an apostrophe (') in front; journal.json has not.

journal.json (format "mirrorsync-journal", version 1) is one object:

sessions  id (UUID), path, sha256 or null, label, started_utc or null, duration_s or null,
          attunement (mean, 0 to 1, 0.5 is chance) or null, attunement_coverage (0 to 1) or null
entries   id (UUID), kind, text, session (its id) or null, start_s and end_s (seconds from the start of
          the session) or null, tags, data, created_utc, updated_utc (ISO 8601, UTC)
drafts    key, text, data, updated_utc: what was being typed and is not an entry yet

kind is note, bookmark, exclusion (a stretch that statistics leave out), reflection (data.question), practice
(data: the result), emotion_label (data: the label), check_in (data.choices: word, core, intensity 0 to 1).

To import it: mirrorsync journal import FILE.zip, or Import in the journal's window. Importing twice makes no
doubles; of two versions of an entry the newer one stays.
"""


def tables(sessions: Sequence[SessionRef], entries: Sequence[Entry]) -> dict[str, str]:
    """Return the name and the text of every table."""
    labels = {ref.id: ref.label or ref.path for ref in sessions}
    return {
        "entries.csv": _table(_ENTRY_COLUMNS, (_entry_row(entry, labels) for entry in entries)),
        "check_ins.csv": _table(_CHECK_IN_COLUMNS, (row for entry in entries for row in _feelings(entry))),
        "sessions.csv": _table(
            SESSION_COLUMNS, ([getattr(ref, name) for name in SESSION_COLUMNS] for ref in sessions)
        ),
    }


def harmless(text: str) -> str:
    """Return `text` so that no spreadsheet takes it, or a part that it splits off, for a formula."""
    return _FORMULA.sub(r"\1'\2\3", text)


def _entry_row(entry: Entry, labels: Mapping[str, str]) -> list[object]:
    return [
        entry.id, entry.kind, entry.created_utc, entry.updated_utc, entry.session,
        labels.get(entry.session) if entry.session else None, entry.start_s, entry.end_s,
        ", ".join(entry.tags), entry.text, json.dumps(dict(entry.data), ensure_ascii=False),
    ]  # fmt: skip


def _feelings(entry: Entry) -> Iterable[list[object]]:
    if entry.kind != "check_in":
        return
    for choice in entry.data.get("choices", []):
        yield [
            entry.id, entry.created_utc, choice.get("word"), choice.get("core"), choice.get("intensity"),
            entry.text,
        ]  # fmt: skip


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()
