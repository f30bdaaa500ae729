"""The journal: `mirrorsync journal` opens its window, and its commands work without one."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mirrorsync.errors import MirrorSyncError, PassphraseError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mirrorsync.journal import Entry, Journal, SessionRef

__all__ = ["PASSPHRASE_VARIABLE", "opened_journal", "register"]

PASSPHRASE_VARIABLE = "MIRRORSYNC_PASSPHRASE"  # noqa: S105 - the name of a variable

_File = Annotated[
    Path | None, typer.Option("--journal", metavar="FILE", help="Another journal than the user's own.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
_Kind = Annotated[str, typer.Option(help="Only entries of this kind, such as note or reflection.")]
_Tag = Annotated[str, typer.Option(help="Only entries with this tag.")]


def register(app: typer.Typer) -> None:
    """Add the group to `app`."""
    group = typer.Typer(
        no_args_is_help=False,
        help="Notes, reflections and check-ins; without a command: the window. An encrypted journal asks for "
        f"its passphrase, or takes it from the variable {PASSPHRASE_VARIABLE}.",
        epilog="Example: mirrorsync journal search breathing",
    )
    group.callback(invoke_without_command=True)(_window)
    group.command("search", epilog='Example: mirrorsync journal search "soft gaze"')(search)
    group.command("add", epilog="Example: mirrorsync journal add 'She leaned back' --tag posture")(add)
    group.command("check-in", epilog="Example: mirrorsync journal check-in calm=0.7 tired=0.4")(check_in)
    group.command("weeks", epilog="Example: mirrorsync journal weeks --json")(weeks)
    group.command("export", epilog="Example: mirrorsync journal export journal.zip")(export)
    group.command("import", epilog="Example: mirrorsync journal import journal.zip")(import_)
    group.command("passphrase", epilog="Example: mirrorsync journal passphrase --set")(passphrase)
    group.command("restore", epilog="Example: mirrorsync journal restore")(restore)
    app.add_typer(group, name="journal")


def _window(context: typer.Context, journal: _File = None) -> None:
    if context.invoked_subcommand is not None:
        return
    from mirrorsync.cli.live import display_problem

    problem = display_problem()
    if problem:
        raise MirrorSyncError(problem)
    from mirrorsync.ui.journal.window import run_journal_window

    code = run_journal_window(journal)
    if code:
        raise typer.Exit(code)


def search(
    words: Annotated[list[str] | None, typer.Argument(help="What to look for; nothing: the newest.")] = None,
    kind: _Kind = "",
    tag: _Tag = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    as_json: _Json = False,
    journal: _File = None,
) -> None:
    """Find entries; every word also finds what begins with it, words in quotes stand side by side."""
    typed = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words or ())
    with opened_journal(journal) as opened:
        hits = opened.search(typed, kinds=[kind] if kind else (), tags=[tag] if tag else (), limit=limit)
        labels = {ref.id: ref.label or Path(ref.path).name for ref in opened.sessions()}
    if as_json:
        _print_json([hit.entry.as_dict() for hit in hits])
        return
    for hit in hits:
        typer.echo(_line(hit.entry, hit.snippet, labels))
    if not hits:
        typer.echo("Nothing was found.", err=True)


def add(
    text: Annotated[str, typer.Argument(help="The note; - reads it from standard input.")],
    tag: Annotated[list[str] | None, typer.Option(help="A tag; may be given again.")] = None,
    session: Annotated[Path | None, typer.Option(help="The session file or recording it is about.")] = None,
    at: Annotated[float | None, typer.Option(metavar="SECONDS", help="When in the session.")] = None,
    journal: _File = None,
) -> None:
    """Write a note."""
    words = sys.stdin.read() if text == "-" else text
    with opened_journal(journal) as opened:
        ref = _ref_of(opened, session.resolve()) if session is not None else None
        entry = opened.add("note", words, session=ref.id if ref else None, start_s=at, tags=tag or ())
    typer.echo(f"Noted as {entry.id}.", err=True)


def _ref_of(journal: Journal, path: Path) -> SessionRef:
    """Return the journal's reference to a session file, which may have moved, or to a recording."""
    from mirrorsync.review.library import introduce
    from mirrorsync.session.places import SESSION_SUFFIX

    known_again = path.suffix == SESSION_SUFFIX and path.is_file()
    return introduce(journal, path) if known_again else journal.session(path)


def check_in(
    feelings: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD=INTENSITY]…", help="Feelings, 0 to 1 each.")
    ] = None,
    words: Annotated[str, typer.Option(help="What you want to say about it.")] = "",
    journal: _File = None,
) -> None:
    """Check in: say how you feel; without feelings, tell whether a check-in is due."""
    from mirrorsync.journal import add_check_in, check_in_state

    with opened_journal(journal) as opened:
        if feelings or words:
            add_check_in(opened, [_feeling(text) for text in feelings or ()], words)
            typer.echo("Noted.", err=True)
            return
        state = check_in_state(opened)
    since = (
        "There was no check-in yet."
        if state.days is None
        else f"The last check-in was {state.days} days ago."
    )
    typer.echo(f"{since} {'It is time for one.' if state.due else 'The next is not due yet.'}")


def weeks(as_json: _Json = False, journal: _File = None) -> None:
    """Show feelings and attunement week by week, after reading new sessions."""
    from dataclasses import asdict

    from mirrorsync.analysis.journal_sessions import note_sessions
    from mirrorsync.journal import weeks as weeks_of

    with opened_journal(journal) as opened:
        if journal is None:
            note_sessions(opened)
        table = weeks_of(opened)
    if as_json:
        _print_json([_plain({**asdict(week), "monday": week.monday.isoformat()}) for week in table])
        return
    typer.echo("week of     check-ins  balance  sessions  attunement")
    for week in table:
        balance = f"{week.balance:+.2f}" if isfinite(week.balance) else "–"
        attunement = f"{week.attunement:.2f}" if isfinite(week.attunement) else "–"
        typer.echo(f"{week.monday}  {week.check_ins:9d}  {balance:>7}  {week.sessions:8d}  {attunement:>10}")


def export(
    out: Annotated[Path, typer.Argument(metavar="FILE.zip", help="The zip to write.")], journal: _File = None
) -> None:
    """Write everything to a zip of JSON and CSV; it is not encrypted."""
    from mirrorsync.journal import export_journal

    with opened_journal(journal) as opened:
        count = export_journal(opened, out)
        sealed = opened.encrypted
    note = " The export is not encrypted: keep it in a safe place." if sealed else ""
    typer.echo(f"Wrote {count} entries to {out}.{note}", err=True)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="An export.")], journal: _File = None
) -> None:
    """Bring in an export; what is there already is not doubled, and the newer of two versions stays."""
    from mirrorsync.journal import import_journal

    with opened_journal(journal) as opened:
        done = import_journal(opened, file)
    typer.echo(
        f"Added {done.added}, changed {done.changed}, kept {done.kept} that are newer here; "
        f"{done.same} were here already.",
        err=True,
    )


def passphrase(
    set_: Annotated[bool, typer.Option("--set", help="Set or change it; asks for it.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take it away.")] = False,
    journal: _File = None,
) -> None:
    """Set, change or take away the passphrase that encrypts the journal."""
    from mirrorsync.journal import journal_path, set_passphrase
    from mirrorsync.journal.database import file_state
    from mirrorsync.journal.passphrase import LOSING_IT

    path = journal or journal_path()
    sealed = file_state(path) == "sealed"
    if set_ == remove:
        state = "has a passphrase" if sealed else "has no passphrase"
        raise UsageError(f"The journal {path} {state}; say --set or --remove.")
    if remove and not sealed:
        raise UsageError(f"The journal {path} has no passphrase.")
    old = _ask("Passphrase now") if sealed else None
    new = None
    if set_:
        typer.echo(LOSING_IT, err=True)
        new = _ask("New passphrase", variable=f"{PASSPHRASE_VARIABLE}_NEW", again=True)
    set_passphrase(path, old, new)
    done = "is encrypted now, and so are its backups" if set_ else "is no longer encrypted"
    typer.echo(f"The journal {done}.", err=True)


def restore(
    journal: _File = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put the newest good backup in the place of a damaged journal, which is kept beside it."""
    from mirrorsync.journal import journal_path
    from mirrorsync.journal import restore as put_back
    from mirrorsync.journal.backups import backups, good_backup, taken_at
    from mirrorsync.journal.cipher import key_of
    from mirrorsync.journal.database import file_state

    path = journal or journal_path()
    kept = backups(path)
    sealed = bool(kept) and file_state(kept[0]) == "sealed"
    backup = good_backup(path, key_of(_ask("Passphrase")) if sealed else None)
    taken = taken_at(backup) if backup is not None else None
    if backup is None or taken is None:
        raise MirrorSyncError(f"There is no backup of {path} that opens and is whole; nothing was changed.")
    question = f"Put the backup of {taken:%Y-%m-%d %H:%M} UTC in the place of {path}?"
    if not yes and not typer.confirm(question, err=True):
        raise MirrorSyncError("Nothing was changed.")
    aside = put_back(path, backup)
    typer.echo(f"The backup is in place{f'; what was there is kept as {aside}' if aside else ''}.", err=True)


@contextmanager
def opened_journal(path: Path | None) -> Iterator[Journal]:
    """Open the user's journal, or the one at `path`; asks for its passphrase when it has one."""
    from mirrorsync.journal import Journal, journal_path
    from mirrorsync.journal.database import file_state

    place = path or journal_path()
    words = _ask("Passphrase") if file_state(place) == "sealed" else None
    with Journal(place, passphrase=words) as journal:
        if journal.warning:
            typer.echo(journal.warning, err=True)
        yield journal


def _ask(prompt: str, *, variable: str = PASSPHRASE_VARIABLE, again: bool = False) -> str:
    """Return a passphrase from the environment, or typed unseen; never from the command line."""
    if variable in os.environ:
        return os.environ[variable]
    if not sys.stdin.isatty():
        raise PassphraseError(
            f"The journal's passphrase is needed; run this in a terminal, or set the variable {variable}."
        )
    return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=again, err=True))


def _feeling(text: str) -> Any:
    from mirrorsync.journal import Feeling

    word, _, number = text.partition("=")
    try:
        return Feeling(word, float(number or 0.5))
    except ValueError as error:
        raise UsageError(f"{text!r} is no feeling; write for instance calm=0.7.") from error


def _line(entry: Entry, snippet: str, labels: dict[str, str]) -> str:
    """Return an entry as one line for a terminal, without signs that would steer it."""
    where = f" {labels.get(entry.session, '')}" if entry.session else ""
    at = f" {int(entry.start_s // 60)}:{entry.start_s % 60:04.1f}" if entry.start_s is not None else ""
    tags = "".join(f" #{tag}" for tag in entry.tags)
    line = f"{entry.created_utc[:10]} {entry.kind}{where}{at}{tags}: {snippet or _feelings(entry)}"
    return "".join(letter if letter.isprintable() else " " for letter in line)


def _feelings(entry: Entry) -> str:
    from mirrorsync.journal import feelings_of

    return ", ".join(f"{feeling.word} {feeling.intensity:.1f}" for feeling in feelings_of(entry))


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
