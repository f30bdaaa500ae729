"""When every picture of a recording is shown: read from its packets, without decoding any.

The times are those of the analysis (`mirrorsync.capture.opencv`): the same presentation times, through the
same `RisingClock`, so that a row of data and a picture that carry one time are one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mirrorsync.capture.timestamps import JUMP_S, RisingClock

__all__ = ["FrameIndex", "PacketTimes", "build_index"]

_RESTART_S = 1.0
_MOST_TIMED = 0.9  # share of pictures whose times are stated, below which all are counted


@dataclass(frozen=True, slots=True)
class PacketTimes:
    """What is known of one picture before it is decoded; times in units of the track's time base.

    Attributes
    ----------
    pts, dts : int or None
        When it is shown and when it is decoded.
    key : bool
        Whether decoding can start here.
    hidden : bool
        Whether it is decoded only for the sake of others (before the start of an edit).
    """

    pts: int | None
    dts: int | None
    key: bool
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class FrameIndex:
    """Every picture of a recording in the order in which they are shown.

    Attributes
    ----------
    times_ns : ndarray of int64, shape (n,)
        When each is shown, nanoseconds from the first, strictly rising.
    pts : ndarray of int64, shape (n,)
        The same as the container states it; the number of the picture when `counted`.
    keys : ndarray of int64, shape (k,)
        `pts` of the pictures from which decoding can start, rising; empty when `counted`.
    key_dts : ndarray of int64, shape (k,)
        When these are decoded; their `pts` where that is not stated.
    counted : bool
        The container states no usable times (raw video, joined recordings, some AVI): pictures can only
        be found by counting from the start.
    """

    times_ns: NDArray[np.int64]
    pts: NDArray[np.int64]
    keys: NDArray[np.int64]
    key_dts: NDArray[np.int64]
    counted: bool


def build_index(
    packets: Iterable[PacketTimes],
    *,
    time_base: Fraction,
    start_pts: int | None,
    first_pts: int | None,
    fps: float,
    counted: bool = False,
    origin_ms: float = math.nan,
    jump_s: float = JUMP_S,
) -> FrameIndex:
    """Return the index of a recording.

    Parameters
    ----------
    packets : iterable of PacketTimes
        In the order of decoding.
    time_base : Fraction
        Seconds in one unit.
    start_pts : int or None
        The track's stated start; OpenCV counts its times from it.
    first_pts : int or None
        `pts` of the first picture that can be decoded; what would be shown before it is left out.
    fps : float
        Nominal rate, NaN when unknown.
    counted : bool
        Whether it is known already that the stated times cannot be used.
    origin_ms : float
        Where the recording's clock has its 0, ms; NaN: at the first picture.
    jump_s : float
        See `RisingClock`.
    """
    rows = list(packets)
    first_key = next((i for i, row in enumerate(rows) if row.key), 0)
    rows = rows[first_key:]
    shown = [row for row in rows if not row.hidden]
    timed = [row for row in shown if row.pts is not None]
    if counted or start_pts is None or len(timed) < _MOST_TIMED * len(shown):
        return _counted(len(shown), fps)
    shown = timed
    if _starts_again(shown, time_base):
        return _joined(shown, time_base, RisingClock(fps, origin_ms=origin_ms, jump_s=jump_s))
    pts = np.array(sorted({row.pts for row in shown if row.pts is not None}), dtype=np.int64)
    if first_pts is not None:
        pts = pts[pts >= first_pts]
    clock = RisingClock(fps, origin_ms=origin_ms, jump_s=jump_s)
    unit_s = time_base.numerator / time_base.denominator
    ticks = [clock.tick(value * unit_s * 1000.0) for value in pts.tolist()]
    kept = np.array([tick is not None for tick in ticks], dtype=np.bool_)
    keys = {r.pts: r.pts if r.dts is None else r.dts for r in rows if r.key and r.pts is not None}
    return FrameIndex(
        times_ns=np.array([tick for tick in ticks if tick is not None], dtype=np.int64),
        pts=pts[kept],
        keys=np.array(sorted(keys), dtype=np.int64),
        key_dts=np.array([keys[pts] for pts in sorted(keys)], dtype=np.int64),
        counted=False,
    )


def _starts_again(rows: list[PacketTimes], time_base: Fraction) -> bool:
    dts = np.array([row.dts for row in rows if row.dts is not None], dtype=np.int64)
    return bool((np.diff(dts) * float(time_base) < -_RESTART_S).any())


def _counted(count: int, fps: float) -> FrameIndex:
    """Return an index by number, at the nominal rate."""
    clock = RisingClock(fps)
    return _by_number([clock.tick(math.nan) or 0 for _ in range(count)])


def _joined(rows: list[PacketTimes], time_base: Fraction, clock: RisingClock) -> FrameIndex:
    """Return an index by number, whose times start again on the way: in order within each part."""
    unit_ms = 1000.0 * time_base.numerator / time_base.denominator
    parts: list[list[int]] = [[]]
    last: int | None = None
    for row in rows:
        if last is not None and row.dts is not None and (row.dts - last) * float(time_base) < -_RESTART_S:
            parts.append([])
        last = row.dts if row.dts is not None else last
        parts[-1].append(row.pts or 0)
    ticks = [clock.tick(pts * unit_ms) for part in parts for pts in sorted(part)]
    return _by_number([tick for tick in ticks if tick is not None])


def _by_number(times_ns: list[int]) -> FrameIndex:
    return FrameIndex(
        times_ns=np.array(times_ns, dtype=np.int64),
        pts=np.arange(len(times_ns), dtype=np.int64),
        keys=np.empty(0, dtype=np.int64),
        key_dts=np.empty(0, dtype=np.int64),
        counted=True,
    )
