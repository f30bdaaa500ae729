"""Landmarks as compact rows of a session: about 3.5 KB a person and frame, some 750 MB an hour for two."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from mirrorsync.types import N_BLENDSHAPES, N_FACE, N_POSE, Landmarks

__all__ = ["pack_landmarks", "unpack_landmarks"]

_HEADER = struct.Struct("<HHBf")  # width, height, what was found, chest flow
_STEPS = 8192.0  # image coordinates are kept in steps of 1/8192 of the picture, from −4 to 4
_MISSING = -32768
_BODY, _FACE, _HELD = 1, 2, 4


def pack_landmarks(found: Landmarks) -> bytes:
    """Return landmarks as bytes; `t_ns` is not among them.

    Image coordinates are rounded to 1/8192 of the picture, world coordinates, visibilities and blendshapes
    to float16, the head's matrix to float32. What was not found takes no room.
    """
    flags = _BODY * found.pose_found | _FACE * found.face_found | _HELD * found.body_held
    parts = [_HEADER.pack(found.width, found.height, flags, found.chest_flow)]
    if found.pose_found:
        parts += [_steps(found.pose), _half(found.world), _half(found.visibility)]
    if found.face_found:
        parts += [_steps(found.face), _half(found.blendshapes), found.head.astype("<f4").tobytes()]
    return b"".join(parts)


def unpack_landmarks(data: bytes, t_ns: int) -> Landmarks:
    """Return the landmarks that `pack_landmarks` packed; ValueError when it is not that."""
    if len(data) < _HEADER.size:
        raise ValueError("stored landmarks are too short")
    width, height, flags, chest_flow = _HEADER.unpack_from(data)
    parts: dict[str, NDArray[np.float32]] = {}
    at = _HEADER.size

    def take(name: str, dtype: str, *shape: int) -> None:
        nonlocal at
        count = int(np.prod(shape))
        values = np.frombuffer(data, dtype, count, at).astype(np.float32)
        at += count * np.dtype(dtype).itemsize
        if dtype == "<i2":
            values = np.where(values == _MISSING, np.float32("nan"), values / np.float32(_STEPS))
        parts[name] = values.reshape(shape)

    if flags & _BODY:
        take("pose", "<i2", N_POSE, 3)
        take("world", "<f2", N_POSE, 3)
        take("visibility", "<f2", N_POSE)
    if flags & _FACE:
        take("face", "<i2", N_FACE, 3)
        take("blendshapes", "<f2", N_BLENDSHAPES)
        take("head", "<f4", 4, 4)
    if at != len(data):
        raise ValueError("stored landmarks have another length than they should")
    held = bool(flags & _HELD)
    return Landmarks(t_ns, width, height, chest_flow=chest_flow, body_held=held, **parts)


def _steps(points: NDArray[np.float32]) -> bytes:
    placed = np.clip(np.rint(points * _STEPS), -32767, 32767)
    return np.where(np.isnan(points), _MISSING, placed).astype("<i2").tobytes()


def _half(values: NDArray[np.float32]) -> bytes:
    return np.clip(values, -65504, 65504).astype("<f2").tobytes()
