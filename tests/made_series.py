"""OpenFace, Py-feat and motion energy files, made with the column names that these programs publish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from moving_people import smooth_noise
from numpy.typing import NDArray

from mirrorsync.types import FloatArray

OPENFACE_UNITS = [
    "01",
    "02",
    "04",
    "05",
    "06",
    "07",
    "09",
    "10",
    "12",
    "14",
    "15",
    "17",
    "20",
    "23",
    "25",
    "26",
    "45",
]
PYFEAT_UNITS = [
    "01",
    "02",
    "04",
    "05",
    "06",
    "07",
    "09",
    "10",
    "11",
    "12",
    "14",
    "15",
    "17",
    "20",
    "23",
    "24",
    "25",
    "26",
    "28",
    "43",
]
OPENFACE_HEADER = (
    *("frame", "face_id", "timestamp", "confidence", "success"),
    *(f"gaze_{eye}_{axis}" for eye in "01" for axis in "xyz"),
    *("gaze_angle_x", "gaze_angle_y"),
    *(f"eye_lmk_x_{k}" for k in range(56)),
    *("pose_Tx", "pose_Ty", "pose_Tz", "pose_Rx", "pose_Ry", "pose_Rz"),
    *(f"x_{k}" for k in range(68)),
    *(f"AU{unit}_r" for unit in OPENFACE_UNITS),
    *(f"AU{unit}_c" for unit in (*OPENFACE_UNITS, "28")),
)
PYFEAT_HEADER = (
    *("FaceRectX", "FaceRectY", "FaceRectWidth", "FaceRectHeight", "FaceScore"),
    *(f"x_{k}" for k in range(68)),
    *(f"y_{k}" for k in range(68)),
    *("Pitch", "Roll", "Yaw", "X", "Y", "Z"),
    *(f"AU{unit}" for unit in PYFEAT_UNITS),
    *("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral"),
    *("Identity", "input", "frame", "approx_time"),
)
FACE = ("pitch", "yaw", "roll", "smile", "jaw", "inner", "outer", "frown")


def face(seed: int, n: int) -> dict[str, FloatArray]:
    """A face that moves at random: angles in degrees with MirrorSync's signs, the rest 0–1."""
    noise = smooth_noise(np.random.default_rng(seed), n, len(FACE), width=5.0)
    spread = np.array([8.0, 10.0, 5.0, *[0.12] * 5])
    moved = noise * spread + np.array([0.0, 0.0, 0.0, *[0.4] * 5])
    moved[:, 3:] = np.clip(moved[:, 3:], 0.0, 1.0)
    return dict(zip(FACE, moved.T, strict=True))


def later(
    values: Mapping[str, FloatArray], ticks: int, other: Mapping[str, FloatArray]
) -> dict[str, FloatArray]:
    """`values` shown `ticks` later; `other` fills the beginning."""
    return {
        name: np.concatenate([other[name][:ticks], values[name][: values[name].size - ticks]])
        for name in values
    }


def _write(
    path: Path,
    header: Sequence[str],
    columns: Mapping[str, Sequence[object] | NDArray[np.generic]],
    comma: str,
) -> Path:
    n = len(next(iter(columns.values())))
    lines = [comma.join(header)]
    for row in range(n):
        cells = [columns[name][row] if name in columns else 0 for name in header]
        lines.append(comma.join(cell if isinstance(cell, str) else f"{cell:.6g}" for cell in cells))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def openface_file(
    path: Path, of: Mapping[str, FloatArray], *, rate_hz: float = 25.0, unsure: slice = slice(0, 0),
    without: Sequence[str] = (),
) -> Path:  # fmt: skip
    """An OpenFace 2 CSV, its header with a blank after every comma, as version 2.0 writes it."""
    n = of["pitch"].size
    confidence, success = np.full(n, 0.98), np.ones(n)
    confidence[unsure], success[unsure] = 0.2, 0.0
    columns: dict[str, FloatArray] = {
        "frame": np.arange(1.0, n + 1),
        "timestamp": np.round(np.arange(n) / rate_hz, 3),
        "confidence": confidence,
        "success": success,
        "pose_Rx": -np.radians(of["pitch"]),
        "pose_Ry": -np.radians(of["yaw"]),
        "pose_Rz": np.radians(of["roll"]),
        "AU12_r": 5 * of["smile"],
        "AU26_r": 5 * of["jaw"],
        "AU01_r": 5 * of["inner"],
        "AU02_r": 5 * of["outer"],
        "AU04_r": 5 * of["frown"],
    }
    return _write(path, [name for name in OPENFACE_HEADER if name not in without], columns, ", ")


def pyfeat_file(
    path: Path, of: Mapping[str, FloatArray], *, unsure: slice = slice(0, 0), radians: bool = False,
    without: Sequence[str] = (),
) -> Path:  # fmt: skip
    """A Py-feat fex.csv of one face."""
    n = of["pitch"].size
    score = np.full(n, 0.99)
    score[unsure] = 0.3
    scale = np.pi / 180 if radians else 1.0
    columns: dict[str, Sequence[object] | FloatArray] = {
        "FaceScore": score,
        "Pitch": scale * of["pitch"],
        "Roll": scale * of["roll"],
        "Yaw": scale * of["yaw"],
        "AU12": of["smile"],
        "AU26": of["jaw"],
        "AU01": of["inner"],
        "AU02": of["outer"],
        "AU04": of["frown"],
        "Identity": ["Person_0"] * n,
        "input": ["film.mp4"] * n,
        "frame": np.arange(n, dtype=np.float64),
        "approx_time": [f"00:{k // 25 % 60:02d}" for k in range(n)],
    }
    return _write(path, [name for name in PYFEAT_HEADER if name not in without], columns, ",")


def energy(seed: int, n: int) -> FloatArray:
    """Motion energy: pixels that changed, in bursts."""
    noise = smooth_noise(np.random.default_rng(seed), n, 1, width=4.0)[:, 0]
    moved: FloatArray = np.rint(300.0 * np.maximum(noise, 0.0) ** 2 + 5.0)
    return moved


def motion_energy_file(path: Path, a: FloatArray, b: FloatArray, *, header: bool = False) -> Path:
    """Motion energy of two people as MEA writes it."""
    lines = ['"pat" "th"'] if header else []
    lines += [f"{x:g} {y:g}" for x, y in zip(a, b, strict=True)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
