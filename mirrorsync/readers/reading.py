"""One door for every kind of series."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mirrorsync.errors import SeriesError, UsageError
from mirrorsync.readers.faces import is_openface, is_pyfeat, read_openface, read_pyfeat
from mirrorsync.readers.plain import read_motion_energy, read_plain
from mirrorsync.readers.row_clock import check_rate, rate_of
from mirrorsync.readers.series_table import PLACES, SeriesTable
from mirrorsync.readers.text_table import read_header, read_text_table
from mirrorsync.tables import FEATURE_NAMES

__all__ = ["KINDS", "exists", "kind_of", "read", "split_part"]

KINDS: tuple[str, ...] = ("auto", "series", "motion_energy", "openface", "pyfeat", "features")

_GROUPS = {
    "smile": ("mouthSmileLeft", "mouthSmileRight"),
    "jaw": ("jawOpen",),
    "brow_up": ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    "brow_down": ("browDownLeft", "browDownRight"),
}


def read(
    path: str | Path,
    *,
    kind: str = "auto",
    rate_hz: float | None = None,
    min_confidence: float = 0.8,
    which: int | None = None,
) -> SeriesTable:
    """Read one person's series from a file.

    Parameters
    ----------
    path : str or Path
        A text file; `FILE#NAME` or `FILE#2` takes one column of it (of motion energy and plain series),
        or one face: `FILE#NAME` by OpenFace's `face_id` or Py-feat's `Identity`, `FILE#face=1` by place, from
        the left; a column of these that is named so is read as it stands, also where the program was not
        sure. Motion energy without it is the first column's.
    kind : str
        One of `KINDS`. "auto" tells OpenFace, Py-feat and MirrorSync's own `features_a.csv` by their header;
        of the others, a `.txt` file without negative numbers is motion energy, the rest plain series.
    rate_hz : float, optional
        Rows per second (Py-feat: frames of the video, needed there). Must agree with a clock in the file;
        25 where nothing says otherwise.
    min_confidence : float
        Rows in which OpenFace (`confidence`) or Py-feat (`FaceScore`) was less sure than this are NaN.

    which : int, optional
        Of a plain file or motion energy: which column that measures something, from 0.

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
    file, part = split_part(Path(path))
    if kind == "auto":
        kind = _kind_of(file)
        if kind in {"openface", "pyfeat"} and part in read_header(file):
            kind = "series"  # one column, as it stands
    if kind == "openface":
        return read_openface(file, part=part, rate_hz=rate_hz, min_confidence=min_confidence)
    if kind == "pyfeat":
        return read_pyfeat(file, part=part, rate_hz=rate_hz, min_confidence=min_confidence)
    if kind == "features":
        return _read_features(file, rate_hz)
    if kind == "motion_energy":
        return read_motion_energy(file, part=part, rate_hz=rate_hz, which=which)
    return read_plain(file, part=part, rate_hz=rate_hz, which=which)


def kind_of(path: str | Path) -> str:
    """Return what `read` takes a file for when it is not told: one of `KINDS`, not "auto".

    Raises
    ------
    SeriesError
        The file cannot be read.
    """
    return _kind_of(split_part(Path(path))[0])


def split_part(path: Path) -> tuple[Path, str | None]:
    """Return the file and what stands behind the last # of its name; a file that is called so goes first.

    A # in the name of a folder is part of that name.
    """
    if "#" not in path.name or exists(path):
        return path, None
    stem, _, part = path.name.rpartition("#")
    return path.with_name(stem), part


def exists(path: Path) -> bool:
    """Whether there is such a file; one whose name is too long for this system is none."""
    try:
        return path.exists()
    except OSError:
        return False


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


def _read_features(path: Path, rate_hz: float | None) -> SeriesTable:
    """Read a `features_a.csv` or `features_b.csv` of MirrorSync."""
    table = read_text_table(path)
    for at, sentence in table.unreadable.items():
        if table.names[at] in FEATURE_NAMES or table.names[at] == "time_s":
            raise SeriesError(sentence)
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
    own_hz = rate_of(times_s, path)
    check_rate(own_hz, rate_hz, "time_s", path)
    return SeriesTable(times_s, columns | derived, own_hz, "features", str(path), clock="time_s", even=True)
