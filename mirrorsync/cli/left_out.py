"""What the journal leaves out of a session, for the commands that write of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mirrorsync.errors import PassphraseError

__all__ = ["JournalOption", "WholeOption", "left_out", "left_out_sentence"]

JournalOption = Annotated[
    Path | None,
    typer.Option("--journal", metavar="FILE", help="Another journal than your own to take them from."),
]
WholeOption = Annotated[
    bool, typer.Option("--whole", help="Leave nothing out that the journal excludes; it is not opened.")
]


def left_out(session: Path, journal: Path | None = None, *, whole: bool = False) -> list[tuple[float, float]]:
    """Return the stretches (start_s, end_s) that a journal, or the user's own, excludes of a session.

    There are none when there is no journal, when it does not know the session, and when all is wanted.

    Raises
    ------
    SessionError
        The session cannot be read.
    PassphraseError
        The journal has a passphrase, and nobody can be asked for it.
    """
    from mirrorsync.analysis.journal_sessions import known_session
    from mirrorsync.cli.journal import opened_journal
    from mirrorsync.journal.places import journal_path

    place = journal or journal_path()
    if whole or not place.is_file():
        return []
    try:
        with opened_journal(place) as book:
            ref = known_session(book, session)
            return book.excluded(ref) if ref is not None else []
    except PassphraseError as error:
        raise PassphraseError(f"{error} With --whole it is not opened, and nothing is left out.") from error


def left_out_sentence(excluded: list[tuple[float, float]]) -> str:
    """Return what was left out, in words."""
    return f"Left out, as in the journal: {', '.join(f'{a:g}-{b:g} s' for a, b in excluded)}."
