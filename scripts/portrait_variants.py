"""The portrait in many variants: what `validate_pixels` looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from mirrorsync.capture.portrait import PortraitSource
from mirrorsync.capture.source import VideoSource, WrappedSource
from mirrorsync.demo.curves import CONTROLS, LATERAL, Curve, noise_curve
from mirrorsync.types import FloatArray, Frame

__all__ = [
    "MARGIN_S",
    "SECONDS",
    "VARIANTS",
    "Variant",
    "breathing",
    "curves",
    "first_person",
    "partner",
    "stranger",
]

SECONDS = 30.0
MARGIN_S = 1.25  # the partner's feed begins so much earlier and ends so much later, to be shown at any lag


@dataclass(frozen=True)
class Variant:
    """How the partner's feed differs from the plain one.

    `fps`: its frame rate. `mirrored`: lateral movement to the other own side, as in a mirror. `turned`: the
    finished picture is flipped left to right. `moved` and `scale`: the finished picture is shifted by shares
    of its size, what leaves it is lost, and enlarged about its middle. `missing`: share of the frames lost.
    """

    fps: float = 30.0
    mirrored: bool = True
    turned: bool = False
    brightness: float | None = None
    zoom: float | None = None
    moved: tuple[float, float] = (0.0, 0.0)
    missing: float = 0.0

    @property
    def fits_mirrored(self) -> bool:
        """Whether the mirror-image form is the one that fits."""
        return self.mirrored != self.turned


VARIANTS: dict[str, Variant] = {
    "plain": Variant(),
    "same side": Variant(mirrored=False),
    "picture flipped": Variant(turned=True),
    "zoomed": Variant(zoom=1.35),
    "darkened": Variant(brightness=0.45),
    "moved, partly outside": Variant(moved=(0.18, 0.10)),
    "24 a second": Variant(fps=24.0),
    "25 a second": Variant(fps=25.0),
    "29.97 a second": Variant(fps=30000 / 1001),
    "59.94 a second": Variant(fps=60000 / 1001),
    "a fifth missing": Variant(missing=0.2),
}


class Altered(WrappedSource):
    """Flips, moves and drops finished pictures."""

    def __init__(self, inner: VideoSource, variant: Variant) -> None:
        super().__init__(inner)
        self._variant = variant
        self._rng = np.random.default_rng(8)

    def read(self) -> Frame | None:
        """Return the next frame that is not missing."""
        frame = self.inner.read()
        while frame is not None and self._rng.random() < self._variant.missing:
            frame = self.inner.read()
        if frame is None:
            return None
        rgb = frame.rgb[:, ::-1] if self._variant.turned else frame.rgb
        dx, dy = (round(share * n) for share, n in zip(self._variant.moved, rgb.shape[1::-1], strict=True))
        if dx or dy:
            rgb = np.pad(rgb, ((dy, 0), (dx, 0), (0, 0)), mode="edge")[: rgb.shape[0], : rgb.shape[1]]
        return Frame(frame.feed, frame.index, frame.t_ns, np.ascontiguousarray(rgb))


def curves(seed: int, *, mirrored: bool = False, before_s: float = 0.0) -> dict[str, Curve]:
    """Return one person's curve of every control, begun `before_s` before time 0."""
    out: dict[str, Curve] = {}
    for k, control in enumerate(CONTROLS.values()):
        own = noise_curve(seed + k, slope=control.slope, low=control.low, bias=control.bias)
        sign = -1.0 if mirrored and control.name in LATERAL else 1.0
        out[control.name] = partial(_shown, own, sign, before_s)
    return out


def _shown(own: Curve, sign: float, before_s: float, t_s: FloatArray) -> FloatArray:
    return sign * own(t_s - before_s)


def first_person(seconds: float = SECONDS) -> VideoSource:
    return PortraitSource("you", seconds=seconds, curves=curves(100))


def partner(variant: Variant, seconds: float = SECONDS) -> VideoSource:
    """Return the partner at lag 0, from `MARGIN_S` before time 0 to `MARGIN_S` after the end."""
    return Altered(
        PortraitSource(
            "partner",
            seconds=seconds + 2 * MARGIN_S,
            fps=variant.fps,
            curves=curves(100, mirrored=variant.mirrored, before_s=MARGIN_S),
            brightness=variant.brightness,
            zoom=variant.zoom,
        ),
        variant,
    )


def stranger(number: int) -> VideoSource:
    return PortraitSource(("you", "partner")[number % 2], seconds=SECONDS, curves=curves(1000 * (number + 1)))


def breathing(per_min: float) -> VideoSource:
    """Return somebody who breathes and otherwise hardly moves."""
    quiet = {
        name: partial(_quiet, noise_curve(500 + k, low=control.low))
        for k, (name, control) in enumerate(CONTROLS.items())
        if name != "breath"
    }
    return PortraitSource("you", seconds=SECONDS, fps=25.0, curves=quiet, breathing_per_min=per_min)


def _quiet(own: Curve, t_s: FloatArray) -> FloatArray:
    return 0.1 * own(t_s)
