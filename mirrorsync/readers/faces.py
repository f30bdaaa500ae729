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
from mirrorsync.readers.row_clock import check_length, check_rate, rate_of
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
_RARE = 0.05  # share of rows below which a face was seen for moments only
_NO_CAMERA_HZ = 300.0


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
        `face_id` of the person, needed in a file with several.
    rate_hz : float, optional
        Frames per second of the video; must agree with the timestamps, except where these only count up by
        1 ms, as OpenFace does when it does not know the rate.
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
    success = columns.get("success", np.ones(table.n_rows))
    sure = (success > 0.5) & (columns["confidence"] >= min_confidence)
    notes: list[str] = []
    if "face_id" in columns:
        labels = np.array([f"{face:g}" for face in columns["face_id"]])
        rows = _one_face(labels, sure, part, path, notes)
        columns, sure = {name: values[rows] for name, values in columns.items()}, sure[rows]
    times_s, rate = _clock(columns.get("timestamp"), columns.get("frame"), rate_hz, path, notes)
    derived = _groups(columns, _OPENFACE_LEVELS, _OPENFACE_STRONGEST)
    for name, source, sign in (("head_pitch", "x", -1.0), ("head_yaw", "y", -1.0), ("head_roll", "z", 1.0)):
        if f"pose_R{source}" in columns:
            derived[name] = sign * np.degrees(columns[f"pose_R{source}"])
    _demand_any(
        derived, path, "OpenFace", "pose_Rx, pose_Ry, pose_Rz, AU12_r, AU26_r, AU01_r, AU02_r, AU04_r"
    )
    kept = {"frame", "timestamp", "confidence", "success", "face_id"}
    return _table(columns | derived, kept, sure, times_s, rate, "openface", path, notes)


def read_pyfeat(path: Path, *, part: str | None, rate_hz: float | None, min_confidence: float) -> SeriesTable:
    """Read one person of a Py-feat `fex.csv`.

    Parameters
    ----------
    part : str, optional
        `Identity` of the person, or the number of the face from the left (`face=1`), followed by its place.
        Needed where several faces were seen.
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
    sure = np.nan_to_num(columns["FaceScore"], nan=-1.0) >= min_confidence
    notes: list[str] = []
    labels = _identities(path)
    if labels is None or (part is not None and part.startswith("face=")):
        labels = _by_place(columns, path)
    rows = _one_face(labels, sure, part, path, notes)
    columns, sure = {name: values[rows] for name, values in columns.items()}, sure[rows]
    _, first = np.unique(columns["frame"], return_index=True)
    columns, sure = {name: values[first] for name, values in columns.items()}, sure[first]
    times_s, own_hz = _clock(None, columns["frame"], rate_hz, path, notes)
    derived = _groups(columns, _PYFEAT_LEVELS, 1.0)
    for name, source in (("head_pitch", "Pitch"), ("head_yaw", "Yaw"), ("head_roll", "Roll")):
        if source in columns:
            angles = columns[source]
            in_radians = np.nanmax(np.abs(angles), initial=0.0) <= np.pi
            derived[name] = np.degrees(angles) if in_radians else angles
    _demand_any(derived, path, "Py-feat", "Pitch, Roll, Yaw, AU12, AU26, AU01, AU02, AU04")
    return _table(columns | derived, {"frame", "FaceScore"}, sure, times_s, own_hz, "pyfeat", path, notes)


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


def _one_face(
    labels: NDArray[np.str_], sure: NDArray[np.bool_], part: str | None, path: Path, notes: list[str]
) -> NDArray[np.bool_]:
    """Return the rows of one face: the one asked for, or the only one that is there for more than moments."""
    if part is not None:
        part = part.removeprefix("face=")
        if part not in labels:
            known = ", ".join(sorted(set(labels.tolist()) - {""})) or "none"
            raise SeriesError(f"{path} has no face {part!r}; its faces are: {known}.")
        return np.asarray(labels == part)
    faces, counts = np.unique(labels[sure] if sure.any() else labels, return_counts=True)
    most = str(faces[counts.argmax()])
    often = faces[counts >= _RARE * counts.max()].tolist()
    if len(often) > 1:
        raise SeriesError(
            f"{path} holds {len(often)} faces ({', '.join(often)}); say which one is meant, as in "
            f"{path.name}#{often[0]}."
        )
    if len(np.unique(labels)) > 1:
        notes.append(f"Of the faces in {path}, {most} is read; others were seen for moments only.")
    return np.asarray(labels == most)


def _identities(path: Path) -> NDArray[np.str_] | None:
    """Return the name that Py-feat gave to the person of each row; None where it gave none."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, skipinitialspace=True)
        if "Identity" not in (rows.fieldnames or ()):
            return None
        labels = np.array([row["Identity"] or "" for row in rows])
    return labels if (labels != "").any() else None


def _by_place(columns: dict[str, FloatArray], path: Path) -> NDArray[np.str_]:
    """Return the number of the face of each row, from the left, following each from frame to frame."""
    frames = columns["frame"]
    _, counts = np.unique(frames, return_counts=True)
    if counts.max(initial=0) < 2:
        return np.full(frames.size, "1")
    missing = [name for name in ("FaceRectX",) if name not in columns]
    if missing:
        raise SeriesError(
            f"{path} has several faces in a frame and lacks {missing[0]}, by which they could be followed; "
            "export it again with it, or with identities."
        )
    places = np.column_stack([columns["FaceRectX"], columns.get("FaceRectY", np.zeros(frames.size))])
    reach = np.nan_to_num(columns.get("FaceRectWidth", np.full(frames.size, 100.0)), nan=100.0)
    tracks: list[tuple[FloatArray, list[int]]] = []
    taken_in: dict[int, float] = {}
    for row in np.argsort(frames, kind="stable").tolist():
        free = [k for k in range(len(tracks)) if taken_in.get(k) != frames[row]]
        away = {k: float(np.hypot(*(tracks[k][0] - places[row]))) for k in free}
        nearest = min(away, key=lambda k: away[k], default=None)
        if nearest is None or not away[nearest] <= max(reach[row], 1.0):
            tracks.append((places[row], []))
            nearest = len(tracks) - 1
        tracks[nearest][1].append(row)
        tracks[nearest] = (places[row], tracks[nearest][1])
        taken_in[nearest] = frames[row]
    tracks.sort(key=lambda track: float(np.nanmean(places[track[1], 0])))
    labels = np.empty(frames.size, dtype="<U8")
    for number, (_, rows) in enumerate(tracks, 1):
        labels[rows] = str(number)
    return labels


def _clock(
    stamps: FloatArray | None,
    frames: FloatArray | None,
    rate_hz: float | None,
    path: Path,
    notes: list[str],
) -> tuple[FloatArray, float]:
    """Return times and rows per second, by the stated rate and the frame numbers or by the timestamps."""
    own_hz = None if stamps is None or not (np.diff(stamps) > 0).all() else rate_of(stamps, path)
    if rate_hz is None:
        if stamps is None:
            raise SeriesError(f"{path} has no timestamps; say how many frames a second it has (--rate).")
        rate = rate_of(stamps, path)
        if rate > _NO_CAMERA_HZ:
            raise SeriesError(
                f"The timestamps of {path} are {1000 / rate:.3g} ms apart, as OpenFace writes them when it "
                "does not know the video's rate; say how many frames per second the video had (--rate)."
            )
        check_length(stamps, rate, str(path))
        return stamps, rate
    if own_hz is not None and own_hz > _NO_CAMERA_HZ:
        notes.append(
            f"The timestamps of {path} are {1000 / own_hz:.3g} ms apart, which no video is; the stated rate "
            "counts."
        )
    elif own_hz is not None:
        check_rate(own_hz, rate_hz, "timestamp", path)
    if frames is None:
        n = 0 if stamps is None else stamps.size
        return np.arange(n) / rate_hz, rate_hz
    times_s = (frames - (frames[0] if frames.size and frames[0] <= 1 else 0)) / rate_hz
    rate = rate_of(times_s, path)
    check_length(times_s, rate, str(path))
    return times_s, rate


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
    notes: list[str],
) -> SeriesTable:
    """Return the table with NaN wherever the measurement was not sure."""
    masked = {
        name: values if name in kept else np.where(sure, values, np.nan) for name, values in columns.items()
    }
    share = float(sure.mean()) if sure.size else 0.0
    even = bool(np.allclose(np.diff(times_s), 1.0 / rate_hz, rtol=0.05)) if times_s.size > 1 else True
    return SeriesTable(
        times_s, masked, rate_hz, kind, str(path), share, clock="frames", even=even, notes=tuple(notes)
    )  # fmt: skip
