"""`mirrorsync report SESSION --out FILE.html`: a session as a page for somebody else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mirrorsync.cli.left_out import WholeOption
from mirrorsync.errors import UsageError

if TYPE_CHECKING:
    from mirrorsync.journal.entries import Entry

__all__ = ["register", "report", "report_worker"]

_EPILOG = "Example: mirrorsync report role-play.mirrorsync --out report.html --notes"
_WRITTEN = ("note", "bookmark", "reflection")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(report)
    app.command(hidden=True, epilog="Example: mirrorsync report-worker < request.json")(report_worker)


def report(
    session: Annotated[
        Path,
        typer.Argument(
            metavar="SESSION", help="A session file, or the folder of an analysis that holds one."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The HTML file to write.", show_default=False)],
    notes: Annotated[
        bool, typer.Option("--notes", help="Put in all notes, bookmarks and reflections of this session.")
    ] = False,
    note: Annotated[
        list[str] | None, typer.Option(help="Put in this journal entry, by its id; may be given again.")
    ] = None,
    picture: Annotated[
        list[float] | None,
        typer.Option(help="Put in the pictures of both people at this second; may be given again."),
    ] = None,
    journal: Annotated[
        Path | None, typer.Option(help="The journal to take notes and excluded ranges from.")
    ] = None,
    whole: WholeOption = False,
) -> None:
    """Write one self-contained HTML page: what was measured and how, figures, moments, effect sizes in words.

    It opens without the internet and without this program. There is no note and no picture of anybody in
    it unless you ask for it. Ranges that the journal excludes are left out of all numbers.
    """
    from mirrorsync.analysis.journal_sessions import known_session
    from mirrorsync.cli.journal import opened_journal
    from mirrorsync.cli.left_out import left_out
    from mirrorsync.journal.places import journal_path
    from mirrorsync.report.making import make_report
    from mirrorsync.session.places import session_file

    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"--out takes the name of an HTML file, such as report.html; {out} is not one.")
    session = session_file(session)
    chosen: list[Entry] = []
    excluded: list[tuple[float, float]] = []
    place = journal or journal_path()
    if not (notes or note):
        excluded = left_out(session, place, whole=whole)
    elif place.is_file():
        with opened_journal(place) as book:
            ref = known_session(book, session)
            if ref is not None:
                excluded = [] if whole else book.excluded(ref)
                chosen = book.entries(session=ref, kinds=_WRITTEN) if notes else []
            for wanted in note or ():
                entry = book.entry(wanted)
                if entry is None:
                    raise UsageError(f"The journal has no entry {wanted}; look its id up in an export.")
                if entry not in chosen:
                    chosen.append(entry)
    else:
        raise UsageError(f"There is no journal at {place}, so there are no notes; leave --notes away.")
    content = make_report(session, out, notes=chosen, pictures=picture or (), excluded=excluded)
    if (notes or note) and not chosen:
        typer.echo("The journal holds no notes on this session.", err=True)
    typer.echo(f"{out}: {' '.join(content.gist)}", err=True)


def report_worker() -> None:
    """Make the report that a window asks for on standard input, in a process of its own; print each step."""
    import os
    import sys

    from mirrorsync.cli.native_noise import silence_native_stderr
    from mirrorsync.report.request import fulfil

    silence_native_stderr()
    if hasattr(os, "nice"):
        os.nice(5)  # the window comes first
    request = sys.stdin.buffer.read().decode("utf-8")

    def reached(step: str) -> None:
        sys.stdout.write(f"{step}\n")
        sys.stdout.flush()

    fulfil(request, reached)
