"""How figures look: the window's colours on white paper, nothing that is decoration only."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mirrorsync.types import FloatArray

__all__ = [
    "BAND",
    "BOTH",
    "CHANNEL_COLOURS",
    "INK",
    "PARTNER",
    "SOFT",
    "YOU",
    "clock_axis",
    "new_figure",
    "styled",
]

# The window's light theme: A blue, B orange, both bluish green (Okabe & Ito 2008).
YOU, PARTNER, BOTH = "#0072B2", "#E69F00", "#007A5E"
INK, SOFT, LINE, BAND = "#1F2429", "#5B646E", "#DEDBD4", "#C6CBCF"
CHANNEL_COLOURS: dict[str, str] = {
    "posture_alignment": "#CC79A7",
    "expression_alignment": "#8F7BD6",
    "head_synchrony": "#AA4499",
    "body_synchrony": "#4B3F9E",
    "expression_synchrony": "#5B646E",
    "breathing_match": "#0072B2",
    "mutual_gaze": "#A8815A",
    "attunement": BOTH,
}
_STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib: the same everywhere
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": BAND,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "text.color": INK,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "hatch.linewidth": 0.5,
    "hatch.color": BAND,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "svg.hashsalt": "mirrorsync",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "path.simplify": True,
}


@contextmanager
def styled() -> Iterator[None]:
    """Set the style for what is drawn or saved inside, and put back what was there."""
    with mpl.rc_context(), warnings.catch_warnings():
        # A name in a script that the font lacks becomes boxes; the words beside the figure still say it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)  # type: ignore[arg-type]  # the stubs want literal keys
        yield


def new_figure(width_in: float, height_in: float) -> Figure:
    """Return an empty figure that lays itself out; nothing is registered anywhere."""
    return Figure(figsize=(width_in, height_in), layout="constrained", dpi=150)


def clock_axis(axes: Axes, duration_s: float, *, start_s: float = 0.0) -> None:
    """Make x a time axis: seconds up to three minutes, minutes beyond."""
    axes.set_xlim(start_s, start_s + max(duration_s, 1e-6))
    if duration_s <= 180.0:
        axes.set_xlabel("Time (s)")
        return
    step_min = next(s for s in (0.5, 1, 2, 5, 10, 15, 30, 60, 1e9) if duration_s / 60 / s <= 12)
    ticks: FloatArray = np.arange(0.0, (start_s + duration_s) / 60 + 1e-9, step_min)
    axes.set_xticks(ticks * 60, [f"{tick:g}" for tick in ticks])
    axes.set_xlim(start_s, start_s + duration_s)
    axes.set_xlabel("Time (min)")
