"""What the journal leaves out of a session, for the commands that write of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mirrorsync.errors import PassphraseError

if TYPE_CHECKING:
    from mirrorsync.journal import Journal

__all__ = ["JournalOption", "WholeOption", "known_as", "left_out", "left_out_sentence"]

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
    PassphraseError
        The journal has a passphrase, and nobody can be asked for it.
    """
    from mirrorsync.cli.journal import opened_journal
    from mirrorsync.journal.places import journal_path

    place = journal or journal_path()
    if whole or not place.is_file():
        return []
    try:
        with opened_journal(place) as book:
            ref = known_as(book, session)
            return book.excluded(ref) if ref is not None else []
    except PassphraseError as error:
        raise PassphraseError(f"{error} With --whole it is not opened, and nothing is left out.") from error


def known_as(book: Journal, session: Path) -> str | None:
    """Return the journal's name of a session file, None when it does not know it."""
    return {Path(ref.path).resolve(): ref.id for ref in book.sessions()}.get(session.resolve())


def left_out_sentence(excluded: list[tuple[float, float]]) -> str:
    """Return what was left out, in words."""
    return f"Left out, as in the journal: {', '.join(f'{a:g}-{b:g} s' for a, b in excluded)}."
