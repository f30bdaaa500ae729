"""What OpenFace 2 and Py-feat measured of a face, under the names that MirrorSync scores.

Head angles are converted to MirrorSync's signs: chin up, toward own left and toward own left shoulder are
positive in a picture that was not flipped. OpenFace (Baltrušaitis et al. 2018, 10.1109/FG.2018.00019) gives
radians about x (picture's right), y (down) and z (away), R = Rx·Ry·Rz; its action units are intensities 0–5.
Py-feat (Cheong et al. 2023, 10.1007/s42761-023-00191-4) gives Pitch, Roll and Yaw, radians or degrees by
version, with signs that depend on the face model; its action units are probabilities 0–1. Signs and units
make no difference to the synchrony of two files from one program.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mirrorsync.errors import SeriesError
from mirrorsync.readers.plain import rate_of
from mirrorsync.readers.series_table import SeriesTable
from mirrorsync.readers.text_table import TextTable, read_text_table
from mirrorsync.types import FloatArray

__all__ = ["is_openface", "is_pyfeat", "read_openface", "read_pyfeat"]

_OPENFACE = re.compile(
    r"frame|face_id|timestamp|confidence|success|pose_[RT][xyz]|gaze_angle_[xy]|AU\d\d_[rc]"
)
_PYFEAT = re.compile(
    r"frame|Identity|FaceScore|FaceRect\w+|Pitch|Roll|Yaw|AU\d\d|"
    r"anger|disgust|fear|happiness|sadness|surprise|neutral"
)
_OPENFACE_OWN = re.compile(r"AU\d\d_[rc]|pose_[RT][xyz]|gaze_angle_[xy]")  # names that only OpenFace gives
_PYFEAT_OWN = re.compile(r"AU\d\d|FaceScore|FaceRect\w+")
_OPENFACE_NEEDS = ("timestamp", "confidence", "success")
_PYFEAT_NEEDS = ("FaceScore", "frame")
_OPENFACE_LEVELS = {
    "smile": ("AU12_r",),
    "jaw": ("AU26_r",),
    "brow_up": ("AU01_r", "AU02_r"),
    "brow_down": ("AU04_r",),
}
_PYFEAT_LEVELS = {
    "smile": ("AU12",),
    "jaw": ("AU26",),
    "brow_up": ("AU01", "AU02"),
    "brow_down": ("AU04",),
}
_OPENFACE_STRONGEST = 5.0


def is_openface(names: tuple[str, ...]) -> bool:
    """Whether a header is OpenFace's, be it whole or not.

    Examples
    --------
    >>> is_openface(("frame", "AU12_r")), is_openface(("frame", "AU12"))
    (True, False)
    """
    return any(_OPENFACE_OWN.fullmatch(name) for name in names)


def is_pyfeat(names: tuple[str, ...]) -> bool:
    """Whether a header is Py-feat's, be it whole or not.

    Examples
    --------
    >>> is_pyfeat(("frame", "AU12")), is_pyfeat(("time_s", "Pitch"))
    (True, False)
    """
    return any(_PYFEAT_OWN.fullmatch(name) for name in names)


def read_openface(
    path: Path, *, part: str | None, rate_hz: float | None, min_confidence: float
) -> SeriesTable:
    """Read an OpenFace 2 CSV; rows without success or below `min_confidence` are NaN.

    Parameters
    ----------
    part : str, optional
        `face_id` of the person in a file with several; by default the one seen in most rows.
    rate_hz : float, optional
        Rows a second, where the timestamps are not to be used.
    min_confidence : float
        OpenFace calls 0.75 and more reliable on its own pictures.

    Raises
    ------
    SeriesError
        A column is missing, by name; the times do not rise; there is no such face.
    """
    table = _read(path, _OPENFACE)
    _demand(table, path, "OpenFace", _OPENFACE_NEEDS, rate_hz)
    columns = table.named()
    rows = _one_face(columns, "face_id", part, path)
    columns = {name: values[rows] for name, values in columns.items()}
    success = columns.get("success", np.ones(rows.sum()))
    sure = (success > 0.5) & (columns["confidence"] >= min_confidence)
    times_s, rate = _clock(columns.get("timestamp"), columns.get("frame"), rate_hz, path)
    derived = _groups(columns, _OPENFACE_LEVELS, _OPENFACE_STRONGEST)
    for name, source, sign in (("head_pitch", "x", -1.0), ("head_yaw", "y", -1.0), ("head_roll", "z", 1.0)):
        if f"pose_R{source}" in columns:
            derived[name] = sign * np.degrees(columns[f"pose_R{source}"])
    _demand_any(
        derived, path, "OpenFace", "pose_Rx, pose_Ry, pose_Rz, AU12_r, AU26_r, AU01_r, AU02_r, AU04_r"
    )
    kept = {"frame", "timestamp", "confidence", "success", "face_id"}
    return _table(columns | derived, kept, sure, times_s, rate, "openface", path)


def read_pyfeat(path: Path, *, part: str | None, rate_hz: float | None, min_confidence: float) -> SeriesTable:
    """Read a Py-feat `fex.csv`; of several faces in a frame the most certain one counts.

    Parameters
    ----------
    part : str, optional
        `Identity` of the person, where the file names people.
    rate_hz : float
        Frames a second of the video: the file has frame numbers, but no times.
    min_confidence : float
        Of `FaceScore`; rows below it are NaN.

    Raises
    ------
    SeriesError
        `rate_hz` is missing, a column is missing, or there is no such face.
    """
    if rate_hz is None:
        raise SeriesError(
            f"{path} is a Py-feat file, which has frame numbers but no times; "
            "say how many frames a second the video had (--rate)."
        )
    table = _read(path, _PYFEAT)
    _demand(table, path, "Py-feat", _PYFEAT_NEEDS, None)
    columns = table.named()
    if part is not None:
        rows = _identity(path, part)
        columns = {name: values[rows] for name, values in columns.items()}
    score = np.nan_to_num(columns["FaceScore"], nan=-1.0)
    order = np.lexsort((-score, columns["frame"]))  # by frame, the most certain first
    _, first = np.unique(columns["frame"][order], return_index=True)
    columns = {name: values[order[first]] for name, values in columns.items()}
    sure = columns["FaceScore"] >= min_confidence
    times_s, _ = _clock(None, columns["frame"], rate_hz, path)
    derived = _groups(columns, _PYFEAT_LEVELS, 1.0)
    for name, source in (("head_pitch", "Pitch"), ("head_yaw", "Yaw"), ("head_roll", "Roll")):
        if source in columns:
            angles = columns[source]
            in_radians = np.nanmax(np.abs(angles), initial=0.0) <= np.pi
            derived[name] = np.degrees(angles) if in_radians else angles
    _demand_any(derived, path, "Py-feat", "Pitch, Roll, Yaw, AU12, AU26, AU01, AU02, AU04")
    return _table(columns | derived, {"frame", "FaceScore"}, sure, times_s, rate_hz, "pyfeat", path)


def _read(path: Path, names: re.Pattern[str]) -> TextTable:
    return read_text_table(path, wanted=lambda name: names.fullmatch(name) is not None)


def _demand(
    table: TextTable, path: Path, program: str, needed: tuple[str, ...], rate_hz: float | None
) -> None:
    named = table.named()
    instead = {"timestamp"} if rate_hz is not None else set()
    missing = [name for name in needed if name not in named and name not in instead]
    if missing:
        raise SeriesError(
            f"{path} lacks {', '.join(missing)}, which {program} writes; export it again with "
            f"{'this column' if len(missing) == 1 else 'these columns'}, or name one column to compare as it "
            f"stands, as in {path.name}#{'AU12_r' if program == 'OpenFace' else 'AU12'}."
        )


def _demand_any(derived: dict[str, FloatArray], path: Path, program: str, named: str) -> None:
    if not derived:
        raise SeriesError(
            f"{path} has nothing to score: none of {named} is in it; run {program} with head pose and "
            "action units."
        )


def _one_face(columns: dict[str, FloatArray], name: str, part: str | None, path: Path) -> NDArray[np.bool_]:
    """Return the rows of one face."""
    n = next(iter(columns.values())).size
    if name not in columns:
        return np.ones(n, dtype=np.bool_)
    faces, counts = np.unique(columns[name], return_counts=True)
    if part is None:
        return np.asarray(columns[name] == faces[counts.argmax()])
    known = [f"{face:g}" for face in faces]
    if part not in known:
        raise SeriesError(f"{path} has no face {part!r}; its faces are: {', '.join(known)}.")
    return np.asarray(columns[name] == faces[known.index(part)])


def _identity(path: Path, part: str) -> NDArray[np.bool_]:
    """Return the rows that Py-feat gave to one person; identities are words."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row.get("Identity", "") for row in csv.DictReader(file, skipinitialspace=True)]
    if part not in rows:
        known = ", ".join(sorted(set(rows) - {""})) or "none"
        raise SeriesError(f"{path} has no person {part!r}; its identities are: {known}.")
    return np.array([row == part for row in rows])


def _clock(
    stamps: FloatArray | None, frames: FloatArray | None, rate_hz: float | None, path: Path
) -> tuple[FloatArray, float]:
    """Return times and rate: from the rate that was said and the frame numbers, or from the timestamps."""
    if rate_hz is None:
        if stamps is None:
            raise SeriesError(f"{path} has no timestamps; say how many frames a second it has (--rate).")
        return stamps, rate_of(stamps, path)
    if frames is None:
        n = 0 if stamps is None else stamps.size
        return np.arange(n) / rate_hz, rate_hz
    times_s = (frames - (frames[0] if frames.size and frames[0] <= 1 else 0)) / rate_hz
    rate_of(times_s, path)
    return times_s, rate_hz


def _groups(
    columns: dict[str, FloatArray], groups: dict[str, tuple[str, ...]], strongest: float
) -> dict[str, FloatArray]:
    """Return each group's mean over its action units, 0–1; groups that are not whole are left out."""
    return {
        name: np.mean([columns[unit] for unit in units], axis=0) / strongest
        for name, units in groups.items()
        if all(unit in columns for unit in units)
    }


def _table(
    columns: dict[str, FloatArray],
    kept: set[str],
    sure: NDArray[np.bool_],
    times_s: FloatArray,
    rate_hz: float,
    kind: str,
    path: Path,
) -> SeriesTable:
    """Return the table with NaN wherever the measurement was not sure."""
    masked = {
        name: values if name in kept else np.where(sure, values, np.nan) for name, values in columns.items()
    }
    share = float(sure.mean()) if sure.size else 0.0
    return SeriesTable(times_s, masked, rate_hz, kind, str(path), share)
