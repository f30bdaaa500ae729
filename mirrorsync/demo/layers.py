"""The still portrait, cut into background, body and head, at the size it will be drawn.

Layers let the person move in front of a background that stays. Their coordinates are those of the
portrait (512 × 512) times `scale`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mirrorsync.errors import AssetError

__all__ = ["HEAD_BOX", "Layers", "Look", "Mesh", "cut_layers", "load_mesh"]

Image = NDArray[np.uint8]

SIDE = 512
HEAD_BOX = (130, 0, 320, 215)  # x0, y0, x1, y1 in portrait pixels
_VIEW_HEIGHT = 350.0  # portrait pixels shown at zoom 1: from above the hair to the chest
_VIEW_TOP = -12.0
_VIEW_CENTRE_X = 228.0
_ANCHOR_Y = 150.0  # zoom keeps this row where it is
# Where the collar passes behind the neck; nothing of the body is above it.
_BEHIND_NECK = ((176, 150), (262, 174), (268, 215), (176, 215))


@dataclass(frozen=True, slots=True)
class Look:
    """How a portrait differs from the photograph.

    `flip` shows it the other way round, `brightness` multiplies all colours, `zoom` above 1 is nearer,
    `suit_hue_deg` turns the colour of the orange suit on the colour circle.
    """

    flip: bool = False
    brightness: float = 1.0
    zoom: float = 1.0
    suit_hue_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Mesh:
    """What the landmarker found in the still portrait, in its pixels, and two soft masks (0–255)."""

    face: NDArray[np.float32]
    pose: NDArray[np.float32]
    person: Image
    head: Image


@dataclass(frozen=True, slots=True)
class Layers:
    """The pictures to compose, RGBA with colours already multiplied by alpha.

    `background` is as large as the output; `body` covers the portrait, `head` covers `HEAD_BOX`. A point
    (x, y) of the portrait rests at (x − origin[0]) · scale, (y − origin[1]) · scale in the output.
    """

    background: Image
    body: Image
    head: Image
    scale: float
    origin: tuple[float, float]


def load_mesh() -> Mesh:
    """Read the committed points and masks of the portrait."""
    with np.load(Path(__file__).with_name("portrait_mesh.npz")) as data:
        return Mesh(data["face"], data["pose"], data["person"], data["head"])


def _read_portrait(path: Path) -> Image:
    try:
        data = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    except OSError as error:
        raise AssetError(
            f"The portrait {path} cannot be read ({error.strerror}); fetch it with 'mirrorsync assets fetch'."
        ) from error
    bgr = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if bgr is None or bgr.shape != (SIDE, SIDE, 3):
        raise AssetError(
            f"{path} is not the demo portrait (a picture of {SIDE} × {SIDE} pixels); "
            "fetch it with 'mirrorsync assets fetch'."
        )
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _recolour_suit(rgb: Image, degrees: float) -> Image:
    """Turn the hue of what is orange; the flag's red and everything pale stay."""
    if degrees == 0:
        return rgb
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
    hue = hsv[..., 0].astype(np.int16)
    orange = (((hue <= 16) | (hue >= 176)) & (hsv[..., 1] > 110)).astype(np.float32)
    share = cv2.GaussianBlur(orange, (0, 0), 0.8)[..., None]
    hsv[..., 0] = (hue + round(degrees / 2)) % 180
    turned = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)
    return np.asarray(rgb * (1 - share) + turned * share, dtype=np.uint8)


def _fill(rgb: Image, hole: NDArray[np.bool_], *, spare: int) -> Image:
    """Paint a hole, widened by `spare` pixels, from its surroundings; half size will do for a rim."""
    small = cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    mask = cv2.dilate(hole.astype(np.uint8), np.ones((2 * spare + 1, 2 * spare + 1), np.uint8))
    small_mask = cv2.resize(mask, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_NEAREST)
    filled = cv2.resize(
        cv2.inpaint(small, small_mask, 4, cv2.INPAINT_TELEA),
        (rgb.shape[1], rgb.shape[0]),
        interpolation=cv2.INTER_CUBIC,
    )
    share = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 2.0)[..., None]
    share[hole] = 1.0
    return np.asarray(rgb * (1 - share) + filled * share, dtype=np.uint8)


def _body_mask(mesh: Mesh) -> Image:
    """Return the person without the head, the collar closed behind the neck."""
    behind = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(behind, [np.array(_BEHIND_NECK, np.int32)], 255)
    behind = np.asarray(cv2.GaussianBlur(behind, (0, 0), 1.0), dtype=np.uint8)
    above = np.clip(mesh.person.astype(np.int16) - mesh.head, 0, 255).astype(np.uint8)
    return np.asarray(np.where(mesh.head > 0, np.maximum(above, behind), mesh.person), dtype=np.uint8)


def _premultiplied(rgb: Image, alpha: Image) -> Image:
    share = alpha[..., None].astype(np.float32) / 255.0
    return np.dstack([np.rint(rgb * share).astype(np.uint8), alpha])


def _scaled(image: Image, scale: float) -> Image:
    """Resize about the portrait's (0, 0), so that coordinates are simply multiplied."""
    height, width = (round(side * scale) for side in image.shape[:2])
    matrix = np.array([[scale, 0, 0], [0, scale, 0]], dtype=np.float64)
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(
        cv2.warpAffine(image, matrix, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE),
        dtype=np.uint8,
    )


def cut_layers(path: Path, mesh: Mesh, look: Look, size: tuple[int, int]) -> Layers:
    """Read the portrait and cut it for pictures of `size` (width, height)."""
    width, height = size
    scale = height / _VIEW_HEIGHT * look.zoom
    rest = height / _VIEW_HEIGHT
    origin = (_VIEW_CENTRE_X - width / 2 / scale, _ANCHOR_Y - (_ANCHOR_Y - _VIEW_TOP) * rest / scale)
    rgb = _read_portrait(path)
    rgb = np.asarray(np.clip(np.rint(rgb * look.brightness), 0, 255), dtype=np.uint8)

    away = np.array([[scale, 0, -origin[0] * scale], [0, scale, -origin[1] * scale]], dtype=np.float64)
    background = cv2.warpAffine(
        _fill(rgb, mesh.person > 8, spare=10),
        away,
        size,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    suit = _recolour_suit(_fill(rgb, mesh.head > 0, spare=4), look.suit_hue_deg)
    x0, y0, x1, y1 = HEAD_BOX
    return Layers(
        background=np.asarray(background, dtype=np.uint8),
        body=_premultiplied(_scaled(suit, scale), _scaled(_body_mask(mesh), scale)),
        head=_premultiplied(
            _scaled(rgb[y0:y1, x0:x1], scale), _scaled(np.ascontiguousarray(mesh.head[y0:y1, x0:x1]), scale)
        ),
        scale=scale,
        origin=origin,
    )
