"""Two people's series, whenever each row was measured, on one even clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from mirrorsync.errors import SeriesError
from mirrorsync.readers.row_clock import check_length
from mirrorsync.readers.series_table import SeriesTable
from mirrorsync.settings import Settings
from mirrorsync.synchrony.clock import resample
from mirrorsync.types import FloatArray

__all__ = ["paired"]

_SPARSE_HZ = 8.0  # below this, gestures and nods fall between the rows
_STILL_THE_SAME = 0.05  # share of a step by which two clocks may differ and need no interpolation


def paired(
    a: SeriesTable, b: SeriesTable, *, rate_hz: float | None = None, offset_s: float = 0.0
) -> tuple[SeriesTable, SeriesTable]:
    """Bring two series to one even clock, of one length; rows that fit are taken as they are.

    Parameters
    ----------
    a, b : SeriesTable
        Where both have a clock in their file, that counts, and the pair begins where both have begun.
    rate_hz : float, optional
        Ticks per second; by default the lower rate of the two.
    offset_s : float
        How much later than A's the recording of B began.

    Returns
    -------
    (SeriesTable, SeriesTable)
        Times from 0. Gaps up to `Settings.max_gap_s` (or one and a half rows) are bridged where rows are
        interpolated; longer ones are NaN. `notes` of the first say what is worth telling.

    Raises
    ------
    SeriesError
        Nothing is left, or a clock jumps.
    """
    notes = [*a.notes, *(note for note in b.notes if note not in a.notes)]
    stated = {"stated", "assumed"}
    ends = [(one.times_s[0], one.times_s[-1]) if one.times_s.size else (0.0, 0.0) for one in (a, b)]
    starts = [ends[0][0], ends[1][0]]
    if not stated & {a.clock, b.clock}:
        start, end = max(ends[0][0], ends[1][0] - offset_s), min(ends[0][1], ends[1][1] - offset_s)
        if start < end:
            starts = [start, start + offset_s]
        else:
            starts[1] += offset_s
            notes.append(
                f"The clocks of {a.name} and {b.name} share no moment, so both are taken to begin together."
            )
    else:
        starts[1] += offset_s
    if rate_hz is None:
        same = abs(a.rate_hz - b.rate_hz) * min(a.duration_s, b.duration_s) < 0.5
        rate_hz = a.rate_hz if same else min(a.rate_hz, b.rate_hz)
        if not same:
            notes.append(
                f"{a.name} has {a.rate_hz:.4g} rows per second and {b.name} {b.rate_hz:.4g}; both are "
                f"compared at {rate_hz:.4g} per second."
            )
    for one in dict.fromkeys((a.name, b.name)):
        sparse = next(table for table in (a, b) if table.name == one)
        if sparse.rate_hz < _SPARSE_HZ:
            notes.append(
                f"The rows of {one} are {1 / sparse.rate_hz:.2g} s apart; faster movement is not in them."
            )
    both = [_ticked(one, start, rate_hz) for one, start in zip((a, b), starts, strict=True)]
    n = min((values.size for columns in both for values in columns.values()), default=0)
    if n < 2:
        raise SeriesError(f"{a.name} and {b.name} have no two moments in common.")
    times_s = np.arange(n) / rate_hz
    first, second = (
        replace(
            table, times_s=times_s, rate_hz=rate_hz, even=True,
            columns={name: values[:n] for name, values in columns.items()},
        )
        for table, columns in zip((a, b), both, strict=True)
    )  # fmt: skip
    return replace(first, notes=tuple(notes)), replace(second, notes=())


def _ticked(table: SeriesTable, start_s: float, rate_hz: float) -> Mapping[str, FloatArray]:
    """Return the columns at the ticks of an even clock that begins at `start_s`."""
    times_s = table.times_s - start_s
    late = times_s[0] * rate_hz if times_s.size else 0.0
    drift = abs(table.rate_hz - rate_hz) * table.duration_s
    if table.even and drift < 0.5 and abs(late - round(late)) < _STILL_THE_SAME:
        rows = round(late)
        if rows >= 0:
            gap = np.full(rows, np.nan)
            return {name: np.concatenate([gap, values]) for name, values in table.columns.items()}
        return {name: values[-rows:] for name, values in table.columns.items()}
    check_length(times_s, rate_hz, table.name)
    names = list(table.columns)
    stacked = np.column_stack([table.columns[name] for name in names])
    gap_s = max(Settings().max_gap_s, 1.5 / table.rate_hz)
    ticked = resample(times_s, stacked, rate_hz=rate_hz, max_gap_s=gap_s)
    return {name: ticked[:, k] for k, name in enumerate(names)}
