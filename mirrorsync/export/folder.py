"""Results appear in their folder whole or not at all."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mirrorsync.errors import ExportError

__all__ = ["output_folder"]


@contextmanager
def output_folder(path: Path, *, owned: Collection[str] = ()) -> Iterator[Path]:
    """Give a temporary folder to write into; at the end its files replace their namesakes in `path`.

    `path` is made if need be. Files move one by one, each atomically, in the alphabet's order, those of
    folders into folders of that name; other files in `path` stay, except those named in `owned` that were not
    written now: they belong to earlier results. When something goes wrong inside, `path` is as it was before;
    after a kill, a folder `.partial-…` may stay in it.

    Parameters
    ----------
    path : Path
        The folder for the results.
    owned : collection of str
        Names of files in it that would contradict the new ones.

    Raises
    ------
    ExportError
        `path` is a file, cannot be made or written, or the disk is full.
    """
    target = Path(path)
    if target.exists() and not target.is_dir():
        raise ExportError(f"{target} is a file, not a folder; choose another folder for the results.")
    made = [folder for folder in (target, *target.parents) if not folder.exists()]
    partial: Path | None = None
    written: set[str] = set()
    try:
        target.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=target))
        yield partial
        for file in sorted(path for path in partial.rglob("*") if path.is_file()):
            place = target / file.relative_to(partial)
            place.parent.mkdir(parents=True, exist_ok=True)
            written.add(file.relative_to(partial).as_posix())
            file.replace(place)
        for name in sorted(set(owned) - written):
            (target / name).unlink(missing_ok=True)
        made = []
    except OSError as error:
        if not _concerns(target, error):
            raise
        raise ExportError(_sentence(target, error)) from error
    finally:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)
        for folder in made:
            with suppress(OSError):  # someone else has put something there meanwhile
                folder.rmdir()


def _concerns(target: Path, error: OSError) -> bool:
    """Whether the error is about the folder, and not about a feed that is read meanwhile."""
    if error.filename is None:
        return True
    place = Path(str(error.filename))
    return place.is_relative_to(target) or target.is_relative_to(place)


def _sentence(target: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full, so nothing was written to {target}; free some space and run it again."
    return (
        f"The results cannot be written to {target} ({error.strerror or error}); "
        "choose a folder you may write to."
    )
