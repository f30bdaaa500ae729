"""The kinds of figures, and how one becomes a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from mirrorsync.errors import ExportError, UsageError
from mirrorsync.export.figures.data import FigureData
from mirrorsync.export.figures.distribution import alt_distribution, draw_distribution
from mirrorsync.export.figures.lags import alt_heatmap, alt_lagprofile, draw_heatmap, draw_lagprofile
from mirrorsync.export.figures.recurrence import alt_recurrence, draw_recurrence
from mirrorsync.export.figures.style import styled
from mirrorsync.export.figures.timeline import alt_timeline, draw_timeline

__all__ = ["KINDS", "alt_text", "draw", "save"]


@dataclass(frozen=True, slots=True)
class _Kind:
    draw: Callable[[FigureData], Figure]
    alt: Callable[[FigureData], str]


_FIGURES: dict[str, _Kind] = {
    "timeline": _Kind(draw_timeline, alt_timeline),
    "heatmap": _Kind(draw_heatmap, alt_heatmap),
    "lagprofile": _Kind(draw_lagprofile, alt_lagprofile),
    "distribution": _Kind(draw_distribution, alt_distribution),
    "recurrence": _Kind(draw_recurrence, alt_recurrence),
}
KINDS: tuple[str, ...] = tuple(_FIGURES)

_HYPHEN = re.compile(r"(?<!\w)-(?=\d)")  # of a number, not of a name

# Whatever would differ between two runs is left out.
_METADATA: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": "MirrorSync"},
    ".pdf": {"CreationDate": None, "Creator": "MirrorSync", "Producer": None},
}


def draw(data: FigureData, kind: str) -> Figure:
    """Return a figure of one of `KINDS`.

    Raises
    ------
    ExportError
        The session is too short: not even one window with its lags fits in.
    """
    shortest_s = data.settings.window_s + data.settings.lag_s + 1.0
    if data.duration_s < shortest_s:
        raise ExportError(
            f"{data.duration_s:.1f} s are too short for a figure; it takes {shortest_s:g} s or more."
        )
    with styled():
        return _FIGURES[kind].draw(data)


def alt_text(data: FigureData, kind: str) -> str:
    """Return what a figure of one of `KINDS` shows, as one sentence for those who do not see it."""
    return _HYPHEN.sub("\N{MINUS SIGN}", _FIGURES[kind].alt(data))


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG (200 dots an inch), SVG or PDF, by the name's ending; the same bytes every time.

    Raises
    ------
    UsageError
        Another ending.
    ExportError
        The file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in _METADATA:
        raise UsageError(f"{path} must end in {', '.join(_METADATA)}, which say what to write.")
    with styled():
        try:
            figure.savefig(path, format=suffix[1:], dpi=200, metadata=_METADATA[suffix])
        except OSError as error:
            raise ExportError(
                f"{path} cannot be written ({error.strerror}); choose a folder you may write to."
            ) from error
