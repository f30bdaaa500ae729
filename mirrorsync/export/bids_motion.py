"""One subject's tracked points as Motion-BIDS files: `…_motion.tsv` and what describes its columns.

https://bids-specification.readthedocs.io/en/stable/modality-specific-files/motion.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mirrorsync.landmarks.topology import PosePoint
from mirrorsync.types import FloatArray

__all__ = ["ANGLES", "CHANNEL_TYPES", "LATENCY", "POSE", "Channel", "write_json", "write_motion", "write_tsv"]

CHANNEL_TYPES = ("ACCEL", "ANGACCEL", "GYRO", "JNTANG", "LATENCY", "MAGN", "Misc", "ORNT", "POS", "VEL")
"""As in the names of the counts (`ORNTChannelCount`)."""

_FRAME = "facing"
_FRAMES = {
    _FRAME: {
        "SpatialAxes": "LUF",
        "RotationRule": "right-hand",
        "RotationOrder": "ZXY",
        "Description": (
            "Axes of somebody who faces the camera: X to their own left (to the right in the picture), Y up, "
            "Z forward, toward the camera. Positions count from the middle between the hips; a head turned "
            "to the camera, upright, has angles of 0."
        ),
    }
}


@dataclass(frozen=True, slots=True)
class Channel:
    """A column of `_motion.tsv` and its row of `_channels.tsv`.

    `feature` names the measure of `mirrorsync.tables.FEATURES` that it holds, times `sign`; "" for others.
    """

    name: str
    component: str
    type: str
    point: str
    units: str
    placement: str
    description: str
    digits: int
    feature: str = ""
    sign: int = 1

    def row(self) -> tuple[str, ...]:
        """Return the row of `_channels.tsv`."""
        frame = _FRAME if self.type in {"ORNT", "POS"} else "n/a"
        return (
            self.name, self.component, self.type, self.point, self.units, self.placement, frame,
            self.description,
        )  # fmt: skip


_HEADER = (
    "name",
    "component",
    "type",
    "tracked_point",
    "units",
    "placement",
    "reference_frame",
    "description",
)

LATENCY = Channel(
    "latency", "n/a", "LATENCY", "n/a", "s", "n/a",
    "Time since the start of the session, on one clock for both people.", 6,
)  # fmt: skip


def _angle(
    name: str, component: str, point: str, placement: str, meaning: str, feature: str, sign: int = 1
) -> Channel:
    kind = "JNTANG" if component == "n/a" else "ORNT"
    return Channel(name, component, kind, point, "deg", placement, meaning, 4, feature, sign)


ANGLES: tuple[Channel, ...] = (
    LATENCY,
    _angle("Head_x", "x", "Head", "head", "Nod; positive: chin down.", "head_pitch", -1),
    _angle("Head_y", "y", "Head", "head", "Turn; positive: to the own left.", "head_yaw"),
    _angle("Head_z", "z", "Head", "head", "Tilt; positive: to the own right shoulder.", "head_roll", -1),
    _angle(
        "Shoulders_z", "z", "Shoulders", "shoulder line", "Tilt; positive: left shoulder higher.",
        "shoulder_roll",
    ),
    *(
        _angle(f"{side}{joint}", "n/a", f"{side}{joint}", f"{side.lower()} {place}", meaning, feature)
        for joint, place, meaning, name in (
            ("Elbow", "elbow", "Angle at the elbow; 180 is straight.", "elbow"),
            ("UpperArm", "upper arm", "Elevation of the upper arm from hanging down.", "upper_arm"),
        )
        for side, feature in (("Left", f"{name}_left"), ("Right", f"{name}_right"))
    ),
)  # fmt: skip
"""What is known of everybody at every tick: angles of head, shoulders and arms."""


def _points() -> tuple[Channel, ...]:
    channels = [LATENCY]
    for point in PosePoint:
        words = point.name.lower().split("_")
        label, place = "".join(word.capitalize() for word in words), " ".join(words)
        channels += [
            Channel(f"{label}_{axis}", axis, "POS", label, "m", place, "Body-centred position.", 4)
            for axis in "xyz"
        ]
        seen = "How well the point was seen, 0 to 1; a position that was not seen is a guess."
        channels.append(Channel(f"{label}_visibility", "n/a", "MISC", label, "n/a", place, seen, 3))
    return tuple(channels)


POSE: tuple[Channel, ...] = _points()
"""MediaPipe's body points in metres, and how well each was seen, frame by frame."""


def write_motion(
    stem: Path,
    channels: Sequence[Channel],
    blocks: Iterable[FloatArray],
    about: Mapping[str, Any],
    *,
    rate_hz: float | None = None,
) -> None:
    """Write `STEM_motion.tsv`, `STEM_motion.json`, `STEM_channels.tsv` and `STEM_channels.json`.

    Parameters
    ----------
    stem : Path
        Folder and the beginning of the names; the folder is made if need be.
    channels : sequence of Channel
        The columns, `LATENCY` first.
    blocks : iterable of ndarray, shape (n, n_channels)
        The rows in order of time; NaN where missing. With fewer than two rows in all, nothing is written.
    about : mapping
        What the sidecar says beside counts and sampling frequency.
    rate_hz : float, optional
        The nominal sampling frequency; by default the one found in the rows, to a hundredth.

    Raises
    ------
    OSError
        The files cannot be written.
    """
    stem.parent.mkdir(parents=True, exist_ok=True)
    # As format_rows of the CSV files does it: one format string over all rows.
    line = "\t".join(f"%.{channel.digits}f" for channel in channels) + "\n"
    scale = 10.0 ** np.array([channel.digits for channel in channels])
    times: list[float] = []
    count = 0
    table = stem.with_name(f"{stem.name}_motion.tsv")
    with table.open("w", encoding="ascii", newline="\n") as file:
        for block in blocks:
            rounded = np.rint(block * scale) / scale + 0.0
            text: str = line * len(rounded) % tuple(rounded.ravel().tolist())
            file.write(text.replace("nan", "n/a"))
            times = [*times[:1], *rounded[[0, -1], 0].tolist()]
            count += len(rounded)
    if count < 2:
        table.unlink()
        return
    found_hz = round((count - 1) / (times[-1] - times[0]), 6)
    types = [channel.type.casefold() for channel in channels]
    sidecar = {
        **about,
        "SamplingFrequency": rate_hz or round(found_hz, 2),
        "SamplingFrequencyEffective": found_hz,
        "MissingValues": "n/a",
        "MotionChannelCount": len(channels),
        **{f"{kind}ChannelCount": types.count(kind.casefold()) for kind in CHANNEL_TYPES},
        "TrackedPointsCount": len({channel.point for channel in channels} - {LATENCY.point}),
    }
    write_json(stem.with_name(f"{stem.name}_motion.json"), sidecar)
    rows = [_HEADER, *(channel.row() for channel in channels)]
    write_tsv(stem.with_name(f"{stem.name}_channels.tsv"), rows)
    described = {"reference_frame": {"Levels": _FRAMES}}
    write_json(stem.with_name(f"{stem.name}_channels.json"), described)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file as BIDS asks: UTF-8, one object."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def write_tsv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write cells that hold neither tabs nor line ends."""
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8", newline="\n")
