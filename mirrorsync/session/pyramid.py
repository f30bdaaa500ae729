"""A session's timeline in steps of 1, 4, 16 and 64 s: what a long session is drawn from.

Each step holds minimum, maximum and mean of every channel, so nothing that stands out is lost between two
pixels. It grows with the session (`PyramidBuilder.add`), in memory of 1 s steps only, and is kept in the
session file when the session is whole.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mirrorsync.session.blocks import CHANNEL_NAMES, TimelineBlock
from mirrorsync.session.files import keep_blob
from mirrorsync.session.store import SessionReader
from mirrorsync.types import FloatArray

__all__ = ["PYRAMID", "Pyramid", "PyramidBuilder", "Step", "keep_pyramid", "pyramid_of"]

PYRAMID = "timeline-1"
"""Name under which it is kept; another number: another form."""

_FACTOR = 4
_LEVELS = 4
_BUCKET_NS = 1_000_000_000
# Rows of a step's array, for each of which there are minimum, maximum, sum and count.
_ROWS = (
    *(f"{name}.{what}" for name in CHANNEL_NAMES for what in ("level", "value", "coverage")),
    "lag_s", "a_leads", "b_leads", "found_a", "found_b",
)  # fmt: skip
_AT = {name: row for row, name in enumerate(_ROWS)}


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a pyramid at one width: arrays of shape (n,), NaN where there was nothing.

    Attributes
    ----------
    time_s : ndarray
        Beginning of each step since the start of the session.
    width_s : float
        Width of a step.
    low, high, mean : ndarray
        Of the row's values inside each step.
    """

    time_s: FloatArray
    width_s: float
    low: FloatArray
    high: FloatArray
    mean: FloatArray


class Pyramid:
    """The steps of a session; made by `PyramidBuilder` or read back.

    Parameters
    ----------
    low, high, total, count : ndarray, shape (n_rows, n)
        Of each second and row.
    """

    def __init__(self, low: FloatArray, high: FloatArray, total: FloatArray, count: FloatArray) -> None:
        self._levels = [(low, high, total, count)]
        for _ in range(_LEVELS - 1):
            self._levels.append(_coarser(*self._levels[-1]))

    @property
    def duration_s(self) -> float:
        """Seconds covered."""
        return float(self._levels[0][0].shape[1])

    def step(self, row: str, start_s: float, end_s: float, *, points: int) -> Step:
        """Return a row between two times, in the narrowest steps that give at most `points` of them.

        Parameters
        ----------
        row : str
            "CHANNEL.level", "CHANNEL.value" or "CHANNEL.coverage"; "lag_s"; "a_leads" and "b_leads" (share of
            the ticks); "found_a" and "found_b" (share of the ticks with a body or a face).
        start_s, end_s : float
            Since the start of the session.
        points : int
            Usually the width of the plot in pixels.
        """
        at, level = _AT[row], 0
        while level < _LEVELS - 1 and (end_s - start_s) / _FACTOR**level > points:
            level += 1
        width_s = float(_FACTOR**level)
        low, high, total, count = self._levels[level]
        first = max(int(start_s // width_s), 0)
        last = min(int(np.ceil(end_s / width_s)) + 1, low.shape[1])
        cut = slice(first, max(last, first))
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = total[at, cut] / count[at, cut]
        time_s = width_s * np.arange(cut.start, cut.stop)
        return Step(time_s, width_s, low[at, cut], high[at, cut], mean)

    def to_bytes(self) -> bytes:
        """Return the pyramid as what `from_bytes` reads."""
        low, high, total, count = (one.astype("<f4") for one in self._levels[0])
        file = io.BytesIO()
        np.savez(file, rows=np.array(_ROWS), low=low, high=high, total=total, count=count)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Pyramid | None:
        """Return a kept pyramid; None when it is not one, or one of other channels."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as kept:
                if tuple(kept["rows"].tolist()) != _ROWS:
                    return None
                return cls(*(kept[name].astype(np.float64) for name in ("low", "high", "total", "count")))
        except (ValueError, KeyError, OSError, EOFError):
            return None


class PyramidBuilder:
    """Takes a session block by block, as it is read or while it grows."""

    def __init__(self) -> None:
        self._n = 0
        self._low, self._high, self._total, self._count = _blank(64)

    def add(self, block: TimelineBlock) -> None:
        """Add the ticks of a block; they come after those that were added before, or in the same second."""
        if not len(block):
            return
        at = block.t_ns // _BUCKET_NS
        self._grow(int(at[-1]) + 1)
        starts = np.flatnonzero(np.diff(at, prepend=at[0] - 1))
        places, rows = at[starts], _rows(block)
        there = np.isfinite(rows)
        filled = np.where(there, rows, 0.0)
        self._low[:, places] = np.fmin(self._low[:, places], np.fmin.reduceat(rows, starts, axis=1))
        self._high[:, places] = np.fmax(self._high[:, places], np.fmax.reduceat(rows, starts, axis=1))
        self._total[:, places] += np.add.reduceat(filled, starts, axis=1)
        self._count[:, places] += np.add.reduceat(there.astype(float), starts, axis=1)

    def pyramid(self) -> Pyramid:
        """Return what was added so far."""
        parts = (self._low, self._high, self._total, self._count)
        low, high, total, count = (part[:, : self._n].copy() for part in parts)
        return Pyramid(low, high, total, count)

    def _grow(self, n: int) -> None:
        self._n = max(self._n, n)
        if n <= self._low.shape[1]:
            return
        old = (self._low, self._high, self._total, self._count)
        new = _blank(max(n, 2 * self._low.shape[1]))
        for small, large in zip(old, new, strict=True):
            large[:, : small.shape[1]] = small
        self._low, self._high, self._total, self._count = new


def pyramid_of(reader: SessionReader) -> Pyramid:
    """Return the pyramid of a session: the kept one, or one made from its ticks in constant memory."""
    kept = reader.blob(PYRAMID)
    found = None if kept is None else Pyramid.from_bytes(kept)
    if found is not None:
        return found
    builder = PyramidBuilder()
    for block in reader.timeline():
        builder.add(block)
    return builder.pyramid()


def keep_pyramid(path: Path, pyramid: Pyramid) -> None:
    """Keep the pyramid of a whole session in its file; where that cannot be, it is made again next time."""
    keep_blob(path, PYRAMID, pyramid.to_bytes())


def _blank(n: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    nothing = np.full((len(_ROWS), n), np.nan)
    return nothing, nothing.copy(), np.zeros_like(nothing), np.zeros_like(nothing)


def _rows(block: TimelineBlock) -> FloatArray:
    """Return a block as an array of shape (n_rows, n)."""
    out: list[NDArray[np.float64]] = []
    for name in CHANNEL_NAMES:
        score = block.scores[name]
        out += [score.level, score.value, score.coverage]
    out += [block.lag_s, *(1.0 * (block.leader == side) for side in "ab")]
    return np.array([*out, 1.0 * block.found_a, 1.0 * block.found_b])


def _coarser(
    low: FloatArray, high: FloatArray, total: FloatArray, count: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    n = low.shape[1]
    starts = np.arange(0, n, _FACTOR)
    if not n:
        return low, high, total, count
    return (
        np.fmin.reduceat(low, starts, axis=1),
        np.fmax.reduceat(high, starts, axis=1),
        np.add.reduceat(total, starts, axis=1),
        np.add.reduceat(count, starts, axis=1),
    )
