"""One person's series, whatever measured them, under the names that MirrorSync scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mirrorsync.types import FloatArray

__all__ = ["LEVELS", "MOTION", "PLACES", "SeriesTable"]

LEVELS: dict[str, str] = {
    "head_pitch": "Nod of the head, degrees; positive: chin up.",
    "head_yaw": "Turn of the head, degrees; positive toward own left.",
    "head_roll": "Tilt of the head, degrees; positive toward own left shoulder.",
    "smile": "Lip corners pulled up, 0–1.",
    "jaw": "Jaw dropped, 0–1.",
    "brow_up": "Brows raised, 0–1.",
    "brow_down": "Brows drawn together, 0–1.",
}
"""What is differentiated and then correlated, as in `mirrorsync.synchrony.movement`."""

PLACES: tuple[str, ...] = ("lean_side", "height", "head_x", "head_y")
"""Where the body is; only MirrorSync's own features have it. Their speed is the body's movement."""

MOTION = "motion"
"""Movement itself, in any unit, never below 0: motion energy. Correlated as it is, as the body's movement."""


@dataclass(frozen=True, slots=True)
class SeriesTable:
    """One person's series on one clock.

    Attributes
    ----------
    times_s : ndarray, shape (n,)
        Seconds, rising.
    columns : mapping of str to ndarray, shape (n,)
        The file's own numeric columns under their own names, and what was derived from them under the
        names of `LEVELS`, `PLACES` and `MOTION`. NaN where missing or where the measurement was not sure.
    rate_hz : float
        Rows a second.
    kind : str
        One of `mirrorsync.readers.KINDS`, not "auto".
    name : str
        The file, for messages.
    sure_share : float
        0–1, share of rows in which the program that measured was sure of what it saw.
    clock : str
        Where the times are from: the name of a column, "stated" or "assumed".
    even : bool
        Whether every row is one step after the last.
    notes : tuple of str
        Sentences on how the file was read.
    """

    times_s: FloatArray
    columns: Mapping[str, FloatArray]
    rate_hz: float
    kind: str
    name: str = ""
    sure_share: float = 1.0
    clock: str = "assumed"
    even: bool = True
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        times_s = _read_only(self.times_s)
        columns = {name: _read_only(values) for name, values in self.columns.items()}
        if times_s.ndim != 1 or any(values.shape != times_s.shape for values in columns.values()):
            raise ValueError("every column needs one value for each time")
        object.__setattr__(self, "times_s", times_s)
        object.__setattr__(self, "columns", MappingProxyType(columns))

    @property
    def duration_s(self) -> float:
        """Seconds from the first row to the end of the last; 0 when there is none."""
        return float(self.times_s[-1] - self.times_s[0]) + 1.0 / self.rate_hz if self.times_s.size else 0.0

    @property
    def scored(self) -> tuple[str, ...]:
        """Names of the columns that MirrorSync scores, in its own order."""
        return tuple(name for name in (*LEVELS, *PLACES, MOTION) if name in self.columns)


def _read_only(values: FloatArray) -> FloatArray:
    out = np.asarray(values, dtype=np.float64)
    if out.flags.writeable:
        out = out.view()
        out.flags.writeable = False
    return out
