"""What a person writes down about sessions, and about themselves: one SQLite database, for years.

`Journal` is the door; it needs neither Qt nor NumPy.
"""

from __future__ import annotations

from mirrorsync.journal.backups import restore
from mirrorsync.journal.check_in import CheckInState, Feeling, add_check_in, check_in_state, feelings_of
from mirrorsync.journal.entries import KINDS, Entry, SessionRef
from mirrorsync.journal.exchange import Imported, export_journal, import_journal
from mirrorsync.journal.passphrase import set_passphrase
from mirrorsync.journal.places import journal_path
from mirrorsync.journal.searching import Hit
from mirrorsync.journal.store import Journal
from mirrorsync.journal.weeks import Week, weeks

__all__ = [
    "KINDS",
    "CheckInState",
    "Entry",
    "Feeling",
    "Hit",
    "Imported",
    "Journal",
    "SessionRef",
    "Week",
    "add_check_in",
    "check_in_state",
    "export_journal",
    "feelings_of",
    "import_journal",
    "journal_path",
    "restore",
    "set_passphrase",
    "weeks",
]
