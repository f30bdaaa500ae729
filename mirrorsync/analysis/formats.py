"""A session in the formats of other tools: what `mirrorsync export` and the review window write."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mirrorsync.analysis.exporting import export_session
from mirrorsync.analysis.left_out import SessionWithout
from mirrorsync.analysis.recordings import files_of_earlier
from mirrorsync.engine.exclusion import Exclusion
from mirrorsync.export.dictionary import COLUMNS
from mirrorsync.export.folder import output_folder
from mirrorsync.export.formats import Format
from mirrorsync.session.places import session_file
from mirrorsync.session.store import SessionReader
from mirrorsync.settings import load_settings

__all__ = ["write_format"]

_FROM_TABLES = (Format.PARQUET, Format.DATAPACKAGE)


def write_format(
    session: Path, wanted: Format, out: Path, *, excluded: Sequence[tuple[float, float]] = ()
) -> list[str]:
    """Write a session in a format, whole or not at all, and return the names of the files.

    Parameters
    ----------
    session : Path
        A session file, or the folder of an analysis that holds one; for the formats made from tables also
        a folder that holds only the tables.
    wanted : Format
        What to write.
    out : Path
        The folder for the files; made if need be.
    excluded : sequence of (start_s, end_s)
        Stretches that the user left out; with any, tables that are there already are made anew.

    Raises
    ------
    UsageError
        The folder holds no session, or several.
    SessionError
        The session cannot be read.
    ExportError
        The files cannot be written.
    """
    owned = [name for name in files_of_earlier(out) if not _is_source(session, out / name)]
    with output_folder(out, owned=owned if wanted is Format.CSV else ()) as folder:
        if wanted in _FROM_TABLES:
            with _tables(session, excluded) as tables:
                _WRITERS_OF_TABLES[wanted](tables, folder, session)
        else:
            with SessionWithout(session_file(session), excluded) as reader:
                _WRITERS[wanted](reader, folder, out)
        return sorted(path.name for path in folder.iterdir())


def _is_source(session: Path, file: Path) -> bool:
    """Whether a file is what is exported."""
    return file.resolve() in (session.resolve(), *(path.resolve() for path in session.glob("*")))


@contextmanager
def _tables(session: Path, excluded: Sequence[tuple[float, float]]) -> Iterator[Path]:
    """Give a folder with the tables of a session, or of an analysis whose tables are there already."""
    names = (*COLUMNS, "columns.csv")
    if not excluded and session.is_dir() and all((session / name).is_file() for name in names):
        yield session
        return
    with (
        SessionWithout(session_file(session), excluded) as reader,
        tempfile.TemporaryDirectory(prefix="mirrorsync-") as temporary,
    ):
        export_session(reader, Path(temporary))
        yield Path(temporary)


def _stretches(reader: SessionReader) -> list[tuple[float, float]]:
    """Return all stretches that are left out, those of the analysis and those of the journal."""
    return Exclusion(load_settings(**reader.meta.parameters)).stretches


def _csv(reader: SessionReader, folder: Path, _out: Path) -> None:
    export_session(reader, folder)


def _rmea(reader: SessionReader, folder: Path, _out: Path) -> None:
    from mirrorsync.export.motion_text import write_motion_text

    write_motion_text(reader, folder, name=reader.path.stem)


def _elan(reader: SessionReader, folder: Path, out: Path) -> None:
    from mirrorsync.export.annotations import tiers
    from mirrorsync.export.elan import write_eaf

    told = tiers(reader, left_out=_stretches(reader))
    write_eaf(folder / f"{reader.path.stem}.eaf", told, reader.meta, folder=out)


def _textgrid(reader: SessionReader, folder: Path, _out: Path) -> None:
    from mirrorsync.export.annotations import tiers
    from mirrorsync.export.textgrid import write_textgrid

    told = tiers(reader, left_out=_stretches(reader))
    write_textgrid(folder / f"{reader.path.stem}.TextGrid", told, duration_s=reader.duration_s)


def _bids(reader: SessionReader, folder: Path, out: Path) -> None:
    from mirrorsync.export.bids import write_bids

    export_session(reader, write_bids(reader, folder, dataset=out, left_out=_stretches(reader)))


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
    Format.BIDS: _bids,
}
_WRITERS_OF_TABLES: dict[Format, Callable[[Path, Path, Path], None]] = {
    Format.PARQUET: _parquet,
    Format.DATAPACKAGE: _datapackage,
}
