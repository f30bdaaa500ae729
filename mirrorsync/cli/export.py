"""`mirrorsync export SESSION --format … --out DIR`: a session in the formats of other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mirrorsync.errors import UsageError

if TYPE_CHECKING:
    from mirrorsync.session.store import SessionReader

__all__ = ["export", "register"]

_EPILOG = "Example: mirrorsync export demo-session/session.mirrorsync --format elan --out for-elan"


class Format(StrEnum):
    """What to write."""

    CSV = "csv"
    PARQUET = "parquet"
    RMEA = "rmea"
    ELAN = "elan"
    TEXTGRID = "textgrid"
    DATAPACKAGE = "datapackage"


_FROM_TABLES = (Format.PARQUET, Format.DATAPACKAGE)


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(export)


def export(
    session: Annotated[
        Path,
        typer.Argument(
            metavar="SESSION", help="A session file, or the folder of an analysis that holds one."
        ),
    ],
    wanted: Annotated[Format, typer.Option("--format", help="What to write.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder for the files.", show_default=False)],
) -> None:
    """Write a session for other tools.

    csv: the tables of `analyze`. parquet: the same, typed, with units. rmea: movement as motion energy text.
    elan: an .eaf with tiers for moments, leaders, smiles, nods and windows. textgrid: the same tiers for
    Praat. datapackage: the tables with a schema of each (Frictionless). parquet and datapackage can also be
    made from a folder that holds only the CSV files of an analysis.
    """
    from mirrorsync.export.folder import output_folder

    with output_folder(out) as folder:
        if wanted in _FROM_TABLES:
            with _tables(session) as tables:
                _WRITERS_OF_TABLES[wanted](tables, folder, session)
        else:
            from mirrorsync.session.store import SessionReader

            with SessionReader(_session_file(session)) as reader:
                _WRITERS[wanted](reader, folder, out)
        written = sorted(path.name for path in folder.iterdir())
    typer.echo(f"In {out}: {', '.join(written)}.", err=True)


def _session_file(session: Path) -> Path:
    """Return the session file that is meant: the file itself, or the only one in a folder."""
    from mirrorsync.session.places import SESSION_SUFFIX

    if not session.is_dir():
        return session
    found = sorted(session.glob(f"*{SESSION_SUFFIX}"))
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{session} holds {len(found)} sessions; name the one you mean, as in {found[0]}.")
    raise UsageError(
        f"{session} holds no session file (*{SESSION_SUFFIX}); name one, or analyse again "
        "with --keep-session."
    )


@contextmanager
def _tables(session: Path) -> Iterator[Path]:
    """Give a folder with the tables of a session, or of an analysis whose tables are there already."""
    import tempfile

    from mirrorsync.analysis import export_session
    from mirrorsync.export.dictionary import COLUMNS
    from mirrorsync.session.store import SessionReader

    names = (*COLUMNS, "columns.csv")
    if session.is_dir() and all((session / name).is_file() for name in names):
        yield session
        return
    with (
        SessionReader(_session_file(session)) as reader,
        tempfile.TemporaryDirectory(prefix="mirrorsync-") as temporary,
    ):
        export_session(reader, Path(temporary))
        yield Path(temporary)


def _csv(reader: SessionReader, folder: Path, _out: Path) -> None:
    from mirrorsync.analysis import export_session

    export_session(reader, folder)


def _rmea(reader: SessionReader, folder: Path, _out: Path) -> None:
    from mirrorsync.export.motion_text import write_motion_text

    write_motion_text(reader, folder, name=reader.path.stem)


def _elan(reader: SessionReader, folder: Path, out: Path) -> None:
    from mirrorsync.export.annotations import tiers
    from mirrorsync.export.elan import write_eaf

    write_eaf(folder / f"{reader.path.stem}.eaf", tiers(reader), reader.meta, folder=out)


def _textgrid(reader: SessionReader, folder: Path, _out: Path) -> None:
    from mirrorsync.export.annotations import tiers
    from mirrorsync.export.textgrid import write_textgrid

    write_textgrid(folder / f"{reader.path.stem}.TextGrid", tiers(reader), duration_s=reader.duration_s)


def _parquet(tables: Path, folder: Path, _session: Path) -> None:
    from mirrorsync.export.parquet import write_parquet

    write_parquet(tables, folder)


def _datapackage(tables: Path, folder: Path, session: Path) -> None:
    from mirrorsync.export.datapackage import write_datapackage

    write_datapackage(tables, folder, name=session.resolve().stem)


_WRITERS: dict[Format, Callable[[SessionReader, Path, Path], None]] = {
    Format.CSV: _csv,
    Format.RMEA: _rmea,
    Format.ELAN: _elan,
    Format.TEXTGRID: _textgrid,
}
_WRITERS_OF_TABLES: dict[Format, Callable[[Path, Path, Path], None]] = {
    Format.PARQUET: _parquet,
    Format.DATAPACKAGE: _datapackage,
}
