"""The face of the animated portrait: fields for smile, brows, turn and nod, and a jaw that opens."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from mirrorsync.demo.layers import HEAD_BOX, Layers, Mesh

__all__ = ["FaceAnimator"]

Field = NDArray[np.float32]

# MediaPipe's face mesh: own right is the picture's left.
_MOUTH_RIGHT, _MOUTH_LEFT, _UPPER_LIP, _LOWER_LIP = 61, 291, 13, 14
_CHIN, _NOSE_TIP = 152, 1
_BROWS = ((70, 63, 105, 66, 107), (300, 293, 334, 296, 336))
_EYE_OUTER = (33, 263)
_EYE_INNER = (133, 362)
_FACE_EDGE = (234, 454)

# How far things go at full control, in eye distances (between the middles of the eyes).
_SMILE_UP, _SMILE_OUT, _SMILE_REST = 0.17, 0.11, 0.62  # the photograph smiles at 0.62 of full
# A dropped jaw and a lowered face look like more of a smile to MediaPipe; taken back at the corners.
_SMILE_FROM_JAW, _SMILE_FROM_NOD = -0.25, 0.14
_LIPS_CLOSE = 0.10
_JAW_DOWN = 0.26
_BROWS_UP = 0.13
_TURN, _NOD = 0.20, 0.12
_MOUTH_DARK = np.array([54, 20, 22], dtype=np.float32)
_TONGUE = np.array([142, 66, 66], dtype=np.float32)
_TONGUE_HEIGHT = 0.13


class FaceAnimator:
    """Draws the head layer with a given expression, in the layer's own coordinates.

    Fields map the pixels of the drawn head back to the still head; each is built once, and a frame is
    their sum, weighted by the controls.
    """

    def __init__(self, layers: Layers, mesh: Mesh) -> None:
        self._still = layers.head
        height, width = layers.head.shape[:2]
        points = (mesh.face[:, :2] - np.array(HEAD_BOX[:2], np.float32)) * np.float32(layers.scale)
        self._x, self._y = np.meshgrid(
            np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
        )
        self._grid = np.stack([self._x, self._y])
        eyes = [(points[o] + points[i]) / 2 for o, i in zip(_EYE_OUTER, _EYE_INNER, strict=True)]
        self._unit = float(np.hypot(*(eyes[1] - eyes[0])))
        fields = {
            "smile": self._smile(points),
            "brows": self._brows(points),
            **self._turns(points, mesh.face[:, 2]),
        }
        self._names = tuple(fields)
        self._fields = np.stack([np.stack(f).ravel() for f in fields.values()])
        self._set_up_jaw(points)

    def _bump(self, centre: NDArray[np.float32], wide: float, high: float) -> Field:
        """Return a Gaussian hill of height 1; its widths are in eye distances."""
        dx = (self._x - centre[0]) / (wide * self._unit)
        dy = (self._y - centre[1]) / (high * self._unit)
        return np.asarray(np.exp(-0.5 * (dx * dx + dy * dy)), dtype=np.float32)

    def _smile(self, points: NDArray[np.float32]) -> tuple[Field, Field]:
        """Corners up and out, cheeks after them; below the photograph's smile the lips close."""
        zero = np.zeros_like(self._x)
        out, up = zero.copy(), zero.copy()
        for corner, side in ((_MOUTH_RIGHT, -1.0), (_MOUTH_LEFT, 1.0)):
            hill = self._bump(points[corner], 0.24, 0.20)
            out += side * _SMILE_OUT * hill
            up += _SMILE_UP * hill
        upper = points[_UPPER_LIP] - np.array([0, 0.06 * self._unit], np.float32)
        lower = points[_LOWER_LIP] + np.array([0, 0.06 * self._unit], np.float32)
        up += _LIPS_CLOSE * 0.5 * self._bump(upper, 0.26, 0.10)
        up -= _LIPS_CLOSE * self._bump(lower, 0.26, 0.12)
        return -out * self._unit, up * self._unit

    def _brows(self, points: NDArray[np.float32]) -> tuple[Field, Field]:
        up = np.zeros_like(self._x)
        for brow in _BROWS:
            middle = points[list(brow)].mean(axis=0) - np.array([0, 0.05 * self._unit], np.float32)
            up += self._bump(middle, 0.30, 0.16)
        return np.zeros_like(up), up * (_BROWS_UP * self._unit)

    def _turns(
        self, points: NDArray[np.float32], depth: NDArray[np.float32]
    ) -> dict[str, tuple[Field, Field]]:
        """Parallax: the nearer a part of the face, the further it goes when the head turns or nods."""
        edge = float(depth[list(_FACE_EDGE)].mean())
        near = np.clip((edge - depth) / (edge - float(depth[_NOSE_TIP])), 0.0, 1.0)
        total = np.full_like(self._x, 0.15)  # away from the face the nearness sinks to zero
        summed = np.zeros_like(self._x)
        for k in range(len(points)):
            hill = self._bump(points[k], 0.2, 0.2)
            total += hill
            summed += hill * np.float32(near[k])
        nearness = summed / total
        zero = np.zeros_like(nearness)
        return {
            "yaw": (-nearness * (_TURN * self._unit), zero),
            "nod": (zero, nearness * (_NOD * self._unit)),
        }

    def _set_up_jaw(self, points: NDArray[np.float32]) -> None:
        """Lay out the line at which the lips part, and how far each pixel goes down with the jaw."""
        right, left = points[_MOUTH_RIGHT], points[_MOUTH_LEFT]
        middle = (right + left) / 2
        half = (left[0] - right[0]) / 2
        across = (self._x - middle[0]) / half
        lens = np.clip(1.0 - across * across, 0.0, 1.0)
        corner_line = right[1] + (left[1] - right[1]) / (2 * half) * (self._x - right[0])
        sag = points[_LOWER_LIP][1] - 0.02 * self._unit - middle[1]
        self._lip_line = (corner_line + sag * lens).astype(np.float32)
        chin = points[_CHIN][1]
        down = np.clip((self._y - self._lip_line) / (chin - self._lip_line), 0.0, 1.0)
        smooth = down * down * (3 - 2 * down)
        sideways = np.exp(-0.5 * (across / 1.5) ** 4)
        under = np.clip((self._y - chin) / (0.75 * self._unit), 0.0, 1.0)
        neck = 1.0 - under * under * (3 - 2 * under)
        weight = sideways * (lens + (1 - lens) * smooth) * neck
        jaw = (weight * (_JAW_DOWN * self._unit)).astype(np.float32)
        # Only a box around the lower face moves with the jaw; the rest is left alone.
        rows, columns = np.nonzero((jaw > 0.01) & (self._y > self._lip_line - 0.3 * self._unit))
        self._box = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
        self._jaw = np.dstack([jaw, self._lip_line])

    def draw(self, controls: Mapping[str, float]) -> NDArray[np.uint8]:
        """Return the head layer (RGBA, premultiplied) with the expression of `controls`."""
        levels = np.array([controls[name] for name in self._names], dtype=np.float32)
        levels[self._names.index("smile")] += (
            _SMILE_FROM_JAW * controls["jaw"] + _SMILE_FROM_NOD * controls["nod"] - _SMILE_REST
        )
        map_x, map_y = self._grid + (levels @ self._fields).reshape(self._grid.shape)
        # Lips that part: below the line a pixel comes from further up, but never from across the line.
        in_x, in_y = map_x[self._box], map_y[self._box]
        down, line = cv2.split(
            cv2.remap(self._jaw, in_x, in_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        )
        down = np.where(in_y > line, down * np.float32(controls["jaw"]), np.float32(0))
        parted = np.where(down > 0, np.maximum(line - (in_y - down), 0), np.float32(0))
        in_y += parted - down
        drawn = cv2.remap(self._still, map_x, map_y, cv2.INTER_LINEAR)
        mouth = drawn[self._box]
        rows, columns = np.nonzero(parted)
        depth = parted[rows, columns, None]  # pixels above the lower lip
        share = np.minimum(depth * np.float32(0.5), 1.0)
        tongue = 0.7 * np.maximum(1.0 - depth / (_TONGUE_HEIGHT * self._unit), 0.0)
        inside = _MOUTH_DARK + (_TONGUE - _MOUTH_DARK) * tongue
        mouth[rows, columns, :3] = mouth[rows, columns, :3] * (1 - share) + inside * share
        return np.asarray(drawn, dtype=np.uint8)
