"""landmarks_a.parquet and landmarks_b.parquet: all that the landmarker found, frame by frame."""

from __future__ import annotations

from pathlib import Path

from mirrorsync.export.parquet_blocks import ParquetWriter
from mirrorsync.tables import BLENDSHAPES
from mirrorsync.types import N_BLENDSHAPES, N_FACE, N_POSE, Observation

__all__ = ["LANDMARK_COLUMNS", "landmarks_writer", "write_landmarks"]

LANDMARK_COLUMNS: dict[str, tuple[str, int]] = {
    "frame": ("int64", 0),
    "time_s": ("float64", 0),
    "width": ("int32", 0),
    "height": ("int32", 0),
    "pose": ("float32", N_POSE * 3),
    "world": ("float32", N_POSE * 3),
    "visibility": ("float32", N_POSE),
    "face": ("float32", N_FACE * 3),
    "blendshapes": ("float32", N_BLENDSHAPES),
    "head": ("float32", 16),
    "chest_flow": ("float32", 0),
}
"""Type and width of each column; points lie x, y, z after one another, as in `mirrorsync.types.Landmarks`."""


def landmarks_writer(folder: Path, side: str, feed: str) -> ParquetWriter:
    """Return what writes the landmarks of "a" or "b" into `folder`."""
    metadata = {"feed": feed, "blendshapes": BLENDSHAPES}
    return ParquetWriter(folder / f"landmarks_{side}.parquet", LANDMARK_COLUMNS, metadata)


def write_landmarks(writer: ParquetWriter, seen: Observation) -> None:
    """Add one frame: its own number and time in the recording, NaN where nothing was found."""
    found = seen.landmarks
    writer.add(
        seen.frame.index, seen.frame.t_ns / 1e9, found.width, found.height, found.pose.ravel(),
        found.world.ravel(), found.visibility, found.face.ravel(), found.blendshapes, found.head.ravel(),
        found.chest_flow,
    )  # fmt: skip
