"""A real portrait, animated by known curves: the built-in demo pair, and ground truth through real pixels.

A public-domain photograph is cut into background, body and head; the curves of `curves.py` move them, so
that a landmarker sees a person whose movement is known exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from mirrorsync.demo.curves import CONTROLS, DEFAULT_SECONDS, LATERAL, WHO, Curve, ground_truth
from mirrorsync.demo.face import FaceAnimator
from mirrorsync.demo.layers import HEAD_BOX, Look, cut_layers, load_mesh
from mirrorsync.errors import UsageError

__all__ = ["FULL_SCALE", "LOOKS", "Painter", "Portrait"]

# What a control of 1 means in the picture; the face's own are in `face.py`.
FULL_SCALE: dict[str, float] = {
    "roll": 12.0,  # degrees
    "lean": 5.5,  # degrees about the hips
    "scale": 0.07,  # share of the size
    "breath": 0.006,  # share of the picture's height
}

LOOKS: dict[str, Look] = {
    "you": Look(),
    "partner": Look(flip=True, brightness=0.9, zoom=1.08, suit_hue_deg=190.0),
}

_NECK = (222.0, 193.0)  # portrait pixels: the head tilts about this point
_HIPS = (222.0, 520.0)  # the body leans about this one
_CHEST = (222.0, 330.0)  # and grows about this one when leaning in
_NECK_FROM, _NECK_TO = 168.0, 200.0  # rows between which the neck bends
_HEAD_DIP = 0.010  # of the picture's height: how far the head as a whole moves with a nod
_HEAD_SHIFT = 0.008  # and with a turn


class Painter:
    """Draws the portrait for given values of all controls.

    Parameters
    ----------
    path : Path
        The photograph.
    look : Look
        Which way round, how bright, how near.
    size : tuple of int
        (width, height) of the pictures in pixels.
    """

    def __init__(self, path: Path, look: Look, size: tuple[int, int]) -> None:
        mesh = load_mesh()
        self._layers = cut_layers(path, mesh, look, size)
        self._face = FaceAnimator(self._layers, mesh)
        self._flip = look.flip
        self._size = size

    def paint(self, controls: Mapping[str, float]) -> NDArray[np.uint8]:
        """Return the picture, RGB (height, width, 3), for one value of each control."""
        # In a flipped picture own left and right change places: undo that beforehand.
        side = -1.0 if self._flip else 1.0
        own = {name: side * value if name in LATERAL else value for name, value in controls.items()}
        picture = self._layers.background.copy()
        body = self._body_matrix(own)
        self._paint_body(picture, body, own["breath"])
        self._paint_head(picture, body, own)
        return np.ascontiguousarray(picture[:, ::-1]) if self._flip else picture

    def _rest(self, point: tuple[float, float]) -> NDArray[np.float64]:
        """Return where a point of the portrait is in the picture when nothing moves."""
        return np.asarray((np.array(point) - np.array(self._layers.origin)) * self._layers.scale)

    def _body_matrix(self, own: Mapping[str, float]) -> NDArray[np.float64]:
        """Return (2, 3): body at rest to body now, both in picture coordinates."""
        size = 1.0 + FULL_SCALE["scale"] * own["scale"]
        # A shear: the shoulders go sideways and stay level, as the body points that MediaPipe finds do.
        sideways = math.tan(math.radians(FULL_SCALE["lean"] * own["lean"]))
        shear = np.array([[1.0, -sideways], [0.0, 1.0]])
        chest, hips = self._rest(_CHEST), self._rest(_HIPS)
        shift = shear @ ((1 - size) * chest - hips) + hips
        return np.column_stack([shear * size, shift])

    def _paint_body(self, picture: NDArray[np.uint8], body: NDArray[np.float64], breath: float) -> None:
        width, height = self._size
        place = np.array(self._layers.origin) * self._layers.scale
        matrix = body.copy()  # layer coordinates to picture
        matrix[:, 2] -= matrix[:, :2] @ place
        matrix[1, 2] -= FULL_SCALE["breath"] * height * breath
        top = max(0, math.floor((matrix @ np.array([[170, 310], [125, 125], [0, 0]]) * self._layers.scale
                                 + matrix[:, 2:])[1].min()))  # fmt: skip
        matrix[1, 2] -= top
        drawn = cv2.warpAffine(self._layers.body, matrix, (width, height - top), flags=cv2.INTER_LINEAR)
        _lay_over(picture[top:], np.asarray(drawn, dtype=np.uint8))

    def _paint_head(
        self, picture: NDArray[np.uint8], body: NDArray[np.float64], own: Mapping[str, float]
    ) -> None:
        width, height = self._size
        scale = self._layers.scale
        neck = body[:, :2] @ self._rest(_NECK) + body[:, 2]
        neck += height * np.array([_HEAD_SHIFT * own["yaw"], -_HEAD_DIP * own["nod"]])
        size = 1.0 + FULL_SCALE["scale"] * own["scale"]
        roll = math.radians(FULL_SCALE["roll"] * own["roll"])

        corners = np.array([(x, y) for x in HEAD_BOX[::2] for y in HEAD_BOX[1::2]]) - np.array(_NECK)
        turn = np.array([[math.cos(roll), -math.sin(roll)], [math.sin(roll), math.cos(roll)]])
        reach = (corners @ turn.T) * (scale * size) + neck
        x0, y0 = np.maximum(np.floor(reach.min(axis=0)), 0).astype(int)
        x1, y1 = np.minimum(np.ceil(reach.max(axis=0)), (width, height)).astype(int)
        if x1 <= x0 or y1 <= y0:
            return

        # Back from picture to layer: the head tilts, its neck bends, the neckband stays.
        dx = ((np.arange(x0, x1, dtype=np.float32) - np.float32(neck[0])) / np.float32(size))[None, :]
        dy = ((np.arange(y0, y1) - neck[1]) / size)[:, None]
        bend = np.clip((dy / scale + _NECK[1] - _NECK_FROM) / (_NECK_TO - _NECK_FROM), 0.0, 1.0)
        angle = roll * (1.0 - bend * bend * (3 - 2 * bend))
        cos, sin = np.cos(angle), np.sin(angle)
        centre = (np.array(_NECK) - np.array(HEAD_BOX[:2])) * scale
        map_x = cos.astype(np.float32) * dx + (sin * dy + centre[0]).astype(np.float32)
        map_y = -sin.astype(np.float32) * dx + (cos * dy + centre[1]).astype(np.float32)
        drawn = cv2.remap(self._face.draw(own), map_x, map_y, cv2.INTER_LINEAR)
        _lay_over(picture[y0:y1, x0:x1], np.asarray(drawn, dtype=np.uint8))


def _lay_over(under: NDArray[np.uint8], layer: NDArray[np.uint8]) -> None:
    """Lay a premultiplied RGBA layer over a picture of the same size, in place."""
    clear = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(layer, 3)), cv2.COLOR_GRAY2RGB)
    shaded = cv2.multiply(under, clear, scale=1 / 255)
    cv2.add(shaded, cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB), dst=under)


class Portrait:
    """One of the demo pair: pictures and the ground truth behind them; the same bytes on every run.

    `mirrorsync.capture.portrait.PortraitSource` is the feed made of it.

    Parameters
    ----------
    who : str
        "you" or "partner": whose curves and whose look.
    seconds : float, optional
        Length; the script's phases fill it (`mirrorsync.demo.curves.script`). 120 s when not given.
    fps : float
        Frames per second.
    size : tuple of int
        (width, height) in pixels.
    path : Path, optional
        The photograph; found among the assets when not given.
    curves : mapping of str to callable or array, optional
        In place of the script's: a function of the times in seconds, or one value a frame, by control.
        What is not named stays as scripted.
    flip : bool, optional
        Show the picture the other way round. Movements keep their meaning: a lean to the own left stays
        one. The person's own look when not given.
    brightness, zoom : float, optional
        Factors; the person's own look when not given.
    breathing_per_min : float, optional
        A steady breathing rate in place of the script's.

    Attributes
    ----------
    controls : mapping of str to ndarray, shape (frame_count,)
        The ground truth: every control's value in every frame.
    frame_count : int
        How many frames there are.
    fps : float
        Frames per second.
    size : tuple of int
        (width, height) of a frame in pixels.

    Raises
    ------
    UsageError
        `who` is nobody, or a curve names no control or has the wrong length.
    AssetError
        The photograph is missing or damaged.
    """

    def __init__(
        self,
        who: str,
        *,
        seconds: float | None = None,
        fps: float = 30.0,
        size: tuple[int, int] = (640, 480),
        path: Path | None = None,
        curves: Mapping[str, Curve | ArrayLike] | None = None,
        flip: bool | None = None,
        brightness: float | None = None,
        zoom: float | None = None,
        breathing_per_min: float | None = None,
    ) -> None:
        if who not in WHO:
            raise UsageError(f"There is no portrait called {who!r}; use portrait:you or portrait:partner.")
        length_s = DEFAULT_SECONDS if seconds is None else seconds
        self.fps = fps
        self.size = size
        self.frame_count = max(1, round(length_s * fps))
        times = np.arange(self.frame_count) / fps
        self.controls = ground_truth(who, times, seconds=length_s, breathing_per_min=breathing_per_min)
        for name, curve in (curves or {}).items():
            self.controls[name] = _sampled(name, curve, times)
        own = LOOKS[who]
        look = Look(
            flip=own.flip if flip is None else flip,
            brightness=own.brightness if brightness is None else brightness,
            zoom=own.zoom if zoom is None else zoom,
            suit_hue_deg=own.suit_hue_deg,
        )
        self._painter = Painter(path or _portrait_path(), look, size)

    def paint(self, index: int) -> NDArray[np.uint8]:
        """Return frame `index`, RGB (height, width, 3)."""
        return self._painter.paint({name: float(values[index]) for name, values in self.controls.items()})


def _portrait_path() -> Path:
    from mirrorsync.assets import asset_path

    return asset_path("astronaut.png")


def _sampled(name: str, curve: Curve | ArrayLike, times: NDArray[np.float64]) -> NDArray[np.float64]:
    if name not in CONTROLS:
        raise UsageError(f"The portrait has no control called {name!r}; they are: {', '.join(CONTROLS)}.")
    values = np.asarray(curve(times) if callable(curve) else curve, dtype=np.float64)
    if values.shape != times.shape or not np.isfinite(values).all():
        raise UsageError(f"The curve {name!r} needs one finite number for each of the {len(times)} frames.")
    return values
