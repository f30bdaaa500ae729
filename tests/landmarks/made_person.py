"""A person in numbers: body points, metres and face mesh of an upper body, wherever a test wants them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

W, H = 640, 480

# Metres, x to the picture's right, y down; the rows that matter for presence.
_METRES = {
    0: (0.0, -0.60), 2: (0.035, -0.64), 5: (-0.035, -0.64), 3: (0.045, -0.64), 6: (-0.045, -0.64),
    7: (0.075, -0.62), 8: (-0.075, -0.62), 9: (0.03, -0.55), 10: (-0.03, -0.55),
    11: (0.17, -0.42), 12: (-0.17, -0.42),
}  # fmt: skip
_FIVE_OF_MESH, _FIVE_OF_BODY = [1, 263, 33, 291, 61], [0, 3, 6, 9, 10]


@dataclass
class Person:
    """Body points, world points and mesh as MediaPipe would give them in a W × H picture."""

    pose: NDArray[np.float32]
    world: NDArray[np.float32]
    face: NDArray[np.float32]


def person(x: float = 320.0, y: float = 150.0, *, px_per_m: float = 450.0) -> Person:
    """Return a person whose nose is at (x, y) pixels."""
    world = np.zeros((33, 3))
    for row, (right, down) in _METRES.items():
        world[row, :2] = right, down
    pixels = (world[:, :2] - world[0, :2]) * px_per_m + (x, y)
    pose = np.zeros((33, 3))
    pose[:, :2] = pixels / (W, H)
    turn = np.linspace(0, 2 * np.pi, 478, endpoint=False)
    mesh = np.stack([x + 0.07 * px_per_m * np.cos(turn), y + 0.09 * px_per_m * np.sin(turn)], axis=1)
    mesh[_FIVE_OF_MESH] = pixels[_FIVE_OF_BODY]
    face = np.zeros((478, 3))
    face[:, :2] = mesh / (W, H)
    return Person(pose.astype(np.float32), world.astype(np.float32), face.astype(np.float32))
