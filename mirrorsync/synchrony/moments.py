"""The moments of a session worth going back to: best stretches, drops, shared smiles, changes of leader.

They are places to look at, not findings: each is the largest of its kind in this session, and says nothing
about other sessions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.types import FloatArray

__all__ = ["Moment", "best_stretches", "drops", "leader_changes", "shared_smiles"]

_FULL = 0.6  # share of a stretch in which there must be something to say


@dataclass(frozen=True, slots=True)
class Moment:
    """Something worth going back to.

    Attributes
    ----------
    start_s, end_s : float
        Seconds since the start of the session; the same for a point in time.
    kind : str
        "best", "drop", "smile", "leader", and from elsewhere "emotion", "bookmark".
    sentence : str
        What it is, in plain words.
    strength : float
        How much of it: mean level, size of the drop; NaN where that means nothing.
    """

    start_s: float
    end_s: float
    kind: str
    sentence: str
    strength: float = float("nan")


def best_stretches(time_s: FloatArray, level: FloatArray, *, length_s: float = 20.0) -> list[Moment]:
    """Return the stretches in which the level was highest, above chance, one for every five minutes.

    Parameters
    ----------
    time_s, level : ndarray, shape (n,)
        Even steps of time and attunement in them (0.5 is chance); NaN where there was nothing to say.
    length_s : float
        Length of a stretch; shorter sessions are looked at in quarters.
    """
    window = _window(time_s, length_s)
    mean = _moving_mean(level, window)
    step_s = _step_s(time_s)
    found = []
    for at in _tops(np.where(mean > 0.5, mean, np.nan), apart=3 * window, most=_most(time_s)):
        start_s = float(time_s[at])
        found.append(
            Moment(
                start_s, start_s + window * step_s, "best",
                f"Most in tune: attunement {mean[at]:.2f} on average for {window * step_s:.0f} s.",
                float(mean[at]),
            )
        )  # fmt: skip
    return found


def drops(
    time_s: FloatArray, level: FloatArray, *, length_s: float = 8.0, least: float = 0.12
) -> list[Moment]:
    """Return where the level fell most from one stretch to the next, one for every five minutes.

    Parameters
    ----------
    time_s, level : ndarray, shape (n,)
        As for `best_stretches`.
    length_s : float
        Length of the stretches before and after.
    least : float
        Smaller falls are none.
    """
    window = _window(time_s, length_s)
    mean = _moving_mean(level, window)
    if mean.size <= window:
        return []
    fall = mean[:-window] - mean[window:]
    found = []
    for at in _tops(np.where(fall >= least, fall, np.nan), apart=3 * window, most=_most(time_s)):
        at_s = float(time_s[at + window])
        found.append(
            Moment(
                at_s, at_s, "drop",
                f"Attunement fell from {mean[at]:.2f} to {mean[at + window]:.2f}.", float(fall[at]),
            )
        )  # fmt: skip
    return found


def shared_smiles(
    onsets_a: NDArray[np.intp], onsets_b: NDArray[np.intp], *, rate_hz: float, within_s: float = 1.0
) -> list[Moment]:
    """Return the smiles of one person that the other answered within `within_s`, in order of time.

    Parameters
    ----------
    onsets_a, onsets_b : ndarray of int
        Ticks at which smiles began (`mirrorsync.synchrony.events.onsets`), in rising order.
    rate_hz : float
        Ticks a second.
    """
    found = []
    taken: set[int] = set()
    for tick_a in onsets_a.tolist():
        near = [t for t in onsets_b.tolist() if t not in taken and abs(t - tick_a) <= within_s * rate_hz]
        if not near:
            continue
        tick_b = min(near, key=lambda t: abs(t - tick_a))
        taken.add(tick_b)
        late_s = (tick_b - tick_a) / rate_hz
        first_s = min(tick_a, tick_b) / rate_hz
        if abs(late_s) < 0.1:
            sentence = "You smiled together."
        elif late_s > 0:
            sentence = f"You smiled, your partner joined in {late_s:.1f} s later."
        else:
            sentence = f"Your partner smiled, you joined in {-late_s:.1f} s later."
        found.append(Moment(first_s, first_s, "smile", sentence))
    return found


def leader_changes(
    time_s: FloatArray, leader: NDArray[np.str_] | Sequence[str], *, hold_s: float = 4.0, gap_s: float = 20.0
) -> list[Moment]:
    """Return where the lead passed from one person to the other.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Even steps of time.
    leader : sequence of str, shape (n,)
        "a", "b" or "none".
    hold_s : float
        A lead counts that has held this long.
    gap_s : float
        With nobody in the lead for longer than this in between, it is no change but a new beginning.
    """
    leads = np.asarray(leader)
    if leads.size < 2:
        return []
    edges = np.flatnonzero(np.r_[True, leads[1:] != leads[:-1]])
    ends = np.r_[edges[1:], leads.size]
    step_s = _step_s(time_s)
    found: list[Moment] = []
    last, until_s = "none", float("-inf")
    for start, end in zip(edges.tolist(), ends.tolist(), strict=True):
        who = str(leads[start])
        if who == "none" or (end - start) * step_s < hold_s:
            continue
        start_s = float(time_s[start])
        if last not in ("none", who) and start_s - until_s <= gap_s:
            sentence = "You took the lead." if who == "a" else "Your partner took the lead."
            found.append(Moment(start_s, start_s, "leader", sentence))
        last, until_s = who, float(time_s[end - 1]) + step_s
    return found


def _step_s(time_s: FloatArray) -> float:
    return float(time_s[1] - time_s[0]) if time_s.size > 1 else 1.0


def _window(time_s: FloatArray, length_s: float) -> int:
    step_s = _step_s(time_s)
    return max(round(min(length_s, time_s.size * step_s / 4) / step_s), 1)


def _most(time_s: FloatArray) -> int:
    return max(1, round(time_s.size * _step_s(time_s) / 300.0))


def _moving_mean(values: FloatArray, window: int) -> FloatArray:
    """Return the mean of each run of `window` values, shape (n − window + 1,); NaN with too few of them."""
    if values.size < window:
        return np.empty(0)
    there = np.isfinite(values)
    totals = np.cumsum(np.r_[0.0, np.where(there, values, 0.0)])
    counts = np.cumsum(np.r_[0.0, there])
    total, count = totals[window:] - totals[:-window], counts[window:] - counts[:-window]
    return np.where(count >= _FULL * window, total / np.maximum(count, 1.0), np.nan)


def _tops(values: FloatArray, *, apart: int, most: int) -> list[int]:
    """Return the places of the highest values, at least `apart` from each other, in order of place."""
    left = values.copy()
    found: list[int] = []
    while len(found) < most and np.isfinite(left).any():
        at = int(np.nanargmax(left))
        found.append(at)
        left[max(at - apart + 1, 0) : at + apart] = np.nan
    return sorted(found)
