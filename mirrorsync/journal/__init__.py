"""What a person writes down about sessions, and about themselves: one SQLite database, for years.

`Journal` is the door; it needs neither Qt nor NumPy.
"""

from __future__ import annotations

from mirrorsync.journal.backups import restore
from mirrorsync.journal.entries import KINDS, Entry, SessionRef
from mirrorsync.journal.exchange import Imported, export_journal, import_journal
from mirrorsync.journal.passphrase import set_passphrase
from mirrorsync.journal.places import journal_path
from mirrorsync.journal.searching import Hit
from mirrorsync.journal.store import Journal

__all__ = [
    "KINDS",
    "Entry",
    "Hit",
    "Imported",
    "Journal",
    "SessionRef",
    "export_journal",
    "import_journal",
    "journal_path",
    "restore",
    "set_passphrase",
]
