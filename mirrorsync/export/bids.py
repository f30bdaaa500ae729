"""A session as a BIDS dataset: two subjects with motion data, and the dyad's scores as a derivative.

https://bids-specification.readthedocs.io (Motion-BIDS: Jeung et al. 2024, 10.1038/s41597-024-03559-8).
BIDS knows subjects, not dyads: who belongs together stands in participants.tsv, and the times of both
are on one clock. Written by hand: the files are few, and a library for them would bring a notebook kernel.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mirrorsync.errors import ExportError
from mirrorsync.export.bids_motion import ANGLES, POSE, write_json, write_motion, write_tsv
from mirrorsync.export.summary import LEADERS, MEANINGS
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.store import SessionReader
from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import FloatArray

__all__ = ["subject_labels", "write_bids"]

_BIDS_VERSION = "1.10.0"
_TASK = "interaction"
_COLUMNS = ("participant_id", "dyad", "person")
_DESCRIBED = {
    "dyad": {"Description": "The session in which the participant was seen; two participants share one."},
    "person": {
        "Description": "Which of the two.",
        "Levels": {"A": "The first feed.", "B": "The second feed, the partner."},
    },
}
_README = """\
Two people in conversation, followed by MirrorSync in two video feeds.

Each is a subject; participants.tsv says who belongs together. All times (the channel "latency") are
seconds since the start of the session, on one clock for both. "tracksys-angles" holds the angles of head,
shoulders and arms at every tick of that clock. "tracksys-pose", where landmarks were kept, holds the body
points frame by frame. Angles and points are estimated from one camera: depth is the least certain, and a
point that was not seen is a guess.

Synchrony is a property of two, so its scores are no motion data: they lie in derivatives/mirrorsync, one
folder a dyad, with a dictionary of every column (columns.csv).

MirrorSync does not know what the two were doing. The task is called "interaction"; name it as in your
study, and fill in authors and licence in dataset_description.json.
"""
_README_OF_SCORES = """\
The files of `mirrorsync analyze`, a folder a dyad (the column "dyad" of participants.tsv). columns.csv says
what every column is; a positive lag means that B follows A; missing is an empty cell. summary.json says of
every channel (null where there was too little to say):

{statistics}
"""
_FEATURES = np.array([FEATURE_INDEX[channel.feature] for channel in ANGLES[1:]])
_SIGNS = np.array([channel.sign for channel in ANGLES[1:]], dtype=np.float64)


def subject_labels(meta: SessionMeta) -> tuple[str, str]:
    """Return what the two are called as subjects: the letters and digits of their labels.

    A label without any becomes A or B; two that are the same get A and B behind them.
    """
    plain = [
        re.sub("[^0-9a-zA-Z]", "", unicodedata.normalize("NFKD", label))
        for label in (meta.label_a, meta.label_b)
    ]
    a, b = (label or side for label, side in zip(plain, "AB", strict=True))
    return (a, b) if a.casefold() != b.casefold() else (f"{a}A", f"{b}B")


def write_bids(
    reader: SessionReader, folder: Path, *, dataset: Path, left_out: Sequence[tuple[float, float]] = ()
) -> Path:
    """Write a session's subjects; return the (made) folder for the scores of the dyad.

    Parameters
    ----------
    reader : SessionReader
        The session.
    folder : Path
        Where the files go.
    dataset : Path
        Where they will lie in the end. Subjects, description and README that are there already are kept.
    left_out : sequence of (start_s, end_s)
        Stretches of which nothing measured is written; the session is read without them already.

    Raises
    ------
    ExportError
        The session is empty, or `dataset` is of another kind or has subjects of these names.
    OSError
        The files cannot be written.
    """
    meta = reader.meta
    if reader.ticks < 2:
        raise ExportError(f"The session {reader.path} holds no measurements, so there is nothing to write.")
    dyad, subjects = _dyad(meta), subject_labels(meta)
    people = _people(dataset / "participants.tsv", dyad, subjects)
    write_tsv(folder / "participants.tsv", people)
    by = {"Name": "MirrorSync", "Version": meta.versions.get("mirrorsync", "n/a")}
    description = {"Name": "Two people in conversation", "BIDSVersion": _BIDS_VERSION, "GeneratedBy": [by]}
    derivative = folder / "derivatives" / "mirrorsync"
    scores = derivative / f"dyad-{dyad}"
    scores.mkdir(parents=True)
    if not (dataset / "dataset_description.json").exists():
        write_json(folder / "dataset_description.json", {**description, "DatasetType": "raw"})
        write_json(folder / "participants.json", _DESCRIBED)
        (folder / "README").write_text(_README, encoding="utf-8", newline="\n")
    of_two = {**description, "Name": "Interpersonal synchrony", "DatasetType": "derivative"}
    write_json(derivative / "dataset_description.json", of_two)
    (derivative / ".bidsignore").write_text("dyad-*\n", encoding="utf-8", newline="\n")
    told = "\n".join(f"* {name}: {meaning}" for name, meaning in MEANINGS.items())
    readme = _README_OF_SCORES.format(statistics=f"{told}\n* {LEADERS}")
    (derivative / "README").write_text(readme, encoding="utf-8", newline="\n")
    for side, subject in zip("ab", subjects, strict=True):
        stem = folder / f"sub-{subject}" / "motion" / f"sub-{subject}_task-{_TASK}"
        rate_hz = float(meta.parameters.get("rate_hz", 25.0))
        about = _about("MirrorSync, from face and body landmarks of video", meta)
        write_motion(_tracked(stem, "angles"), ANGLES, _angles(reader, side), about, rate_hz=rate_hz)
        about = _about("MediaPipe pose landmarker, on video", meta)
        write_motion(_tracked(stem, "pose"), POSE, _points(reader, side, left_out), about)
    return scores


def _tracked(stem: Path, system: str) -> Path:
    return stem.with_name(f"{stem.name}_tracksys-{system}")


def _dyad(meta: SessionMeta) -> str:
    """Return what identifies the session, and tells nothing else."""
    known = meta.as_dict()
    told = [known[name] for name in ("feed_a", "feed_b", "label_a", "label_b", "created", "inputs")]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]


def _people(path: Path, dyad: str, subjects: tuple[str, str]) -> list[list[str]]:
    """Return the rows of participants.tsv: those that are there, and the two of this session."""
    header, rows = list(_COLUMNS), list[dict[str, str]]()
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            header, rows = list(table.fieldnames or ()), list(table)
    if not set(_COLUMNS) <= set(header):
        raise ExportError(f"{path.parent} holds a dataset that is not ours; choose another folder.")
    ours = {f"sub-{subject}": side for subject, side in zip(subjects, "AB", strict=True)}
    for row in rows:
        taken = row["participant_id"].casefold() in {name.casefold() for name in ours}
        if taken and row["dyad"] != dyad:
            raise ExportError(
                f"{path.parent} has {row['participant_id']} of another session already; choose another "
                'folder, or give everybody a name of their own, as in analyze --labels "07A,07B".'
            )
    before = {row["participant_id"]: row for row in rows}
    others = [row for row in rows if row["participant_id"] not in ours]
    two = [
        {**before.get(name, {}), "participant_id": name, "dyad": dyad, "person": person}
        for name, person in ours.items()
    ]
    return [header, *([row.get(name) or "n/a" for name in header] for row in (*others, *two))]


def _about(system: str, meta: SessionMeta) -> dict[str, Any]:
    programs = [name for name in ("mirrorsync", "mediapipe") if name in meta.versions]
    return {
        "TaskName": _TASK,
        "TaskDescription": "Two people with each other; what they did is not known to MirrorSync.",
        "TrackingSystemName": system,
        "SoftwareVersions": ", ".join(f"{name} {meta.versions[name]}" for name in programs) or "n/a",
    }


def _angles(reader: SessionReader, side: str) -> Iterator[FloatArray]:
    for block in reader.blocks():
        values = (block.features_a if side == "a" else block.features_b)[:, _FEATURES] * _SIGNS
        yield np.column_stack([block.time_s, values])


def _points(
    reader: SessionReader, side: str, left_out: Sequence[tuple[float, float]]
) -> Iterator[FloatArray]:
    """Yield the kept body points of a person: of the session, else of an analysis beside it."""
    kept = False
    for found in reader.landmarks(side):
        kept = True
        # An earlier frame's body is no measurement of this one.
        there = 1.0 if not found.body_held else np.nan
        yield _rows(
            np.array([found.t_ns / 1e9]), found.world.ravel()[None] * there, found.visibility[None] * there
        )
    if kept:
        return
    path, meta = reader.path.with_name(f"landmarks_{side}.parquet"), reader.meta
    if not path.is_file():
        return
    from mirrorsync.export.parquet_blocks import read_blocks, read_metadata

    if read_metadata(path).get("feed") != (meta.feed_a if side == "a" else meta.feed_b):
        return
    late_s = float(meta.parameters.get("offset_s", 0.0)) if side == "b" else 0.0
    for block in read_blocks(path):
        rows = _rows(block["time_s"] - late_s, block["world"], block["visibility"])
        at_s = np.round(rows[:, 0], 6)  # as they are written
        for start_s, end_s in left_out:
            rows[(at_s >= start_s) & (at_s < end_s), 1:] = np.nan
        yield rows


def _rows(times_s: FloatArray, world: Any, visibility: Any) -> FloatArray:
    """Return times, points (from x right, y down, z away to X right, Y up, Z near) and visibilities."""
    points = np.asarray(world, dtype=np.float64).reshape(len(times_s), -1, 3) * (1.0, -1.0, -1.0)
    seen = np.asarray(visibility, dtype=np.float64)[:, :, None]
    return np.column_stack([times_s, np.concatenate([points, seen], axis=2).reshape(len(times_s), -1)])
