"""One door for every kind of series."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mirrorsync.errors import SeriesError, UsageError
from mirrorsync.readers.faces import is_openface, is_pyfeat, read_openface, read_pyfeat
from mirrorsync.readers.plain import rate_of, read_motion_energy, read_plain
from mirrorsync.readers.series_table import PLACES, SeriesTable
from mirrorsync.readers.text_table import read_header, read_text_table
from mirrorsync.tables import FEATURE_NAMES

__all__ = ["KINDS", "kind_of", "read"]

KINDS: tuple[str, ...] = ("auto", "series", "motion_energy", "openface", "pyfeat", "features")

_GROUPS = {
    "smile": ("mouthSmileLeft", "mouthSmileRight"),
    "jaw": ("jawOpen",),
    "brow_up": ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    "brow_down": ("browDownLeft", "browDownRight"),
}


def read(
    path: str | Path, *, kind: str = "auto", rate_hz: float | None = None, min_confidence: float = 0.8
) -> SeriesTable:
    """Read one person's series from a file.

    Parameters
    ----------
    path : str or Path
        A text file; `FILE#NAME` or `FILE#2` takes one column of it (of motion energy and plain series),
        or one face (`face_id` of OpenFace, `Identity` of Py-feat); a column of these that is named so is
        read as it stands, also where the program was not sure. Motion energy without it is the first
        column's.
    kind : str
        One of `KINDS`. "auto" tells OpenFace, Py-feat and MirrorSync's own `features_a.csv` by their header;
        of the others, a `.txt` file without negative numbers is motion energy, the rest plain series.
    rate_hz : float, optional
        Rows a second. Needed for Py-feat; goes before the times in the file where there are some; 25 where
        nothing says otherwise.
    min_confidence : float
        Rows in which OpenFace (`confidence`) or Py-feat (`FaceScore`) was less sure than this are NaN.

    Raises
    ------
    SeriesError
        The file cannot be read, or lacks columns (they are named).
    UsageError
        There is no such kind, or the rate is not above 0.
    """
    if kind not in KINDS:
        raise UsageError(f"There is no kind of series called {kind!r}; the kinds are: {', '.join(KINDS)}.")
    if rate_hz is not None and not 0 < rate_hz < float("inf"):
        raise UsageError(f"The rate must be a number above 0; {rate_hz:g} is not that.")
    file, part = _split(Path(path))
    if kind == "auto":
        kind = _kind_of(file)
        if kind in {"openface", "pyfeat"} and part in read_header(file):
            kind = "series"  # one column, as it stands
    if kind == "openface":
        return read_openface(file, part=part, rate_hz=rate_hz, min_confidence=min_confidence)
    if kind == "pyfeat":
        return read_pyfeat(file, part=part, rate_hz=rate_hz, min_confidence=min_confidence)
    if kind == "features":
        return _read_features(file)
    if kind == "motion_energy":
        return read_motion_energy(file, part=part, rate_hz=rate_hz)
    return read_plain(file, part=part, rate_hz=rate_hz)


def kind_of(path: str | Path) -> str:
    """Return what `read` takes a file for when it is not told: one of `KINDS`, not "auto".

    Raises
    ------
    SeriesError
        The file cannot be read.
    """
    return _kind_of(_split(Path(path))[0])


def _split(path: Path) -> tuple[Path, str | None]:
    """Return the file and what stands behind its last #; a file that is really called so goes first."""
    if path.exists() or "#" not in path.name:
        return path, None
    stem, _, part = path.name.rpartition("#")
    return path.with_name(stem), part


def _kind_of(path: Path) -> str:
    names = read_header(path)
    if is_openface(names):
        return "openface"
    if is_pyfeat(names):
        return "pyfeat"
    if "time_s" in names and {"head_pitch", "mouthSmileLeft"} <= set(names):
        return "features"
    if path.suffix.lower() == ".txt":
        columns = read_text_table(path).columns.values()
        if columns and all(np.nanmin(values) >= 0 for values in columns):
            return "motion_energy"
    return "series"


def _read_features(path: Path) -> SeriesTable:
    """Read a `features_a.csv` or `features_b.csv` of MirrorSync."""
    table = read_text_table(path)
    columns = table.named()
    # A feature that was missing throughout is no numeric column: it is there all the same.
    gaps = {name: np.full(table.n_rows, np.nan) for name in table.names if name in FEATURE_NAMES}
    columns = {**gaps, **columns}
    groups = (name for group in _GROUPS.values() for name in group)
    needed = ("time_s", "head_pitch", "head_yaw", "head_roll", *PLACES, *groups)
    missing = [name for name in needed if name not in columns]
    if missing:
        raise SeriesError(
            f"{path} lacks {', '.join(missing)}, which MirrorSync writes; take the features_a.csv or "
            "features_b.csv of an analysis."
        )
    derived = {name: np.mean([columns[one] for one in group], axis=0) for name, group in _GROUPS.items()}
    times_s = columns.pop("time_s")
    return SeriesTable(times_s, columns | derived, rate_of(times_s, path), "features", str(path))
