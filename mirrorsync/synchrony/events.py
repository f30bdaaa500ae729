"""Smiles and nods as events, and whether the other person answers them.

An onset in one person is *answered* when the other has an onset of the same kind within 1 s (smile: Riehle,
Kempkensteffen & Lincoln 2017, 10.1007/s10919-016-0246-8, found mimicry mostly within a second) or 2 s (nod).
People who smile often answer by accident: the share expected by chance stands beside the share found, from
the same onsets with the answering person's shifted in a circle, or 1 − exp(−rate · window) where the session
is too short for that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import FloatArray

__all__ = [
    "WITHIN_S",
    "NodOnsets",
    "Responses",
    "SmileOnsets",
    "event_responses",
    "onsets",
    "responses",
    "session_events",
]

WITHIN_S: dict[str, float] = {"smile": 1.0, "nod": 2.0}
"""How late an answer may come, by kind of event."""

_SMILE = [FEATURE_INDEX["mouthSmileLeft"], FEATURE_INDEX["mouthSmileRight"]]
_PITCH = FEATURE_INDEX["head_pitch"]


class SmileOnsets:
    """Notices the beginning of a person's smiles, tick by tick.

    A smile begins where the mean of both mouthSmile blendshapes minus the neutral rises above `on` and
    stays there for `hold_s`; the next one can begin after it has fallen below `off`. A smile that was there
    already when the face came into sight has no onset.

    Parameters
    ----------
    rate_hz : float
        Rate of the ticks.
    on, off : float
        In units of the blendshape.
    hold_s : float
        Onsets are told so much later, and shorter flickers are passed over.
    """

    def __init__(self, *, rate_hz: float, on: float = 0.15, off: float = 0.08, hold_s: float = 0.2) -> None:
        self._on, self._off = on, off
        self._hold = max(round(hold_s * rate_hz), 1)
        self._tick = -1
        self._above = 0
        self._armed = False

    def update(self, values: FloatArray, neutral: FloatArray) -> int | None:
        """Add one tick; return the tick at which a smile began once that is certain, else None.

        Parameters
        ----------
        values, neutral : ndarray, shape (n_features,)
            Features now and at rest; NaN where missing or not known.
        """
        self._tick += 1
        left, right = _SMILE
        smile = 0.5 * float(values[left] - neutral[left] + values[right] - neutral[right])
        if smile <= self._off:
            self._armed, self._above = True, 0
        elif smile >= self._on and self._armed:
            self._above += 1
            if self._above == self._hold:
                self._armed = False
                return self._tick - self._hold + 1
        else:  # in between, or missing: not a smile that has begun
            self._above = 0
            if np.isnan(smile):
                self._armed = False
        return None


class NodOnsets:
    """Notices the beginning of a person's nods, tick by tick.

    A nod is a swing of the head's pitch by at least `swing_deg` and back, each way within `half_s`: slower
    movements are looks up or down. Nods listeners make swing at 1–4 Hz (Hadar, Steiner & Rose 1985,
    10.1007/BF00986881). Several in a row, less than `rest_s` apart, are one event.

    Parameters
    ----------
    rate_hz : float
        Rate of the ticks.
    swing_deg : float
        Smallest swing; the pitch of a webcam face jitters by half a degree.
    half_s : float
        Longest time each way.
    rest_s : float
        Quiet between two events.
    smooth_s : float
        Time constant of the causal smoothing against jitter.
    """

    def __init__(
        self, *, rate_hz: float, swing_deg: float = 3.0, half_s: float = 0.5, rest_s: float = 1.0,
        smooth_s: float = 0.05,
    ) -> None:  # fmt: skip
        self._swing = swing_deg
        self._half = max(round(half_s * rate_hz), 2)
        self._rest = round(rest_s * rate_hz)
        self._alpha = float(-np.expm1(-1.0 / (rate_hz * smooth_s))) if smooth_s > 0 else 1.0
        self._past: list[float] = []  # of three halves, newest last
        self._tick = -1
        self._last = -(10**9)

    def update(self, values: FloatArray, neutral: FloatArray | None = None) -> int | None:  # noqa: ARG002 - as SmileOnsets
        """Add one tick; return the tick at which a nod began once it is complete, else None.

        Parameters
        ----------
        values : ndarray, shape (n_features,)
            Features now, NaN where missing.
        neutral : ndarray, optional
            Not needed: a nod is a change.
        """
        self._tick += 1
        pitch = float(values[_PITCH])
        if pitch != pitch:  # NaN: across a gap nothing is known to have swung
            self._past.clear()
            return None
        past = self._past
        past.append(past[-1] + self._alpha * (pitch - past[-1]) if past else pitch)
        if len(past) > 3 * self._half + 1:
            del past[0]
        began = self._turn(past)
        if began is None:
            return None
        fresh = self._tick - self._last > self._rest
        self._last = self._tick
        return began if fresh else None

    def _turn(self, past: list[float]) -> int | None:
        """Return when a swing began that has come back by now; None when none has."""
        recent = past[-self._half - 1 :]
        low, high = min(recent), max(recent)
        for sign, turn in ((1.0, low), (-1.0, high)):  # down and up; up and down
            if sign * (past[-1] - turn) < self._swing:
                continue
            at = len(past) - len(recent) + recent.index(turn)
            first = past[max(at - self._half, 0) : at]
            if not first:
                continue
            top = max(first) if sign > 0 else min(first)
            if sign * (top - turn) < self._swing:
                continue
            earlier = past[: max(at - self._half, 0)] or [top]
            before = max(earlier) if sign > 0 else min(earlier)
            if sign * (before - top) > 0.5 * abs(top - turn):
                continue  # the turn of a longer way, not a swing of its own
            # It began when it had left a fifth of the swing behind: the top itself may be long and flat.
            left = top + 0.2 * (turn - top)
            ago = next(k for k, pitch in enumerate(reversed(first)) if sign * (pitch - left) >= 0)
            return self._tick - (len(past) - 1 - at) - 1 - ago
        return None


_DETECTORS: dict[str, Callable[..., SmileOnsets | NodOnsets]] = {"smile": SmileOnsets, "nod": NodOnsets}


def onsets(kind: str, values: FloatArray, neutral: FloatArray, *, rate_hz: float) -> NDArray[np.intp]:
    """Return the ticks at which events of a kind ("smile" or "nod") began: the batch of the detectors.

    Parameters
    ----------
    values, neutral : ndarray, shape (n, n_features)
        Features and the neutral in force at each tick.
    """
    detector = _DETECTORS[kind](rate_hz=rate_hz)
    found = [detector.update(v, n) for v, n in zip(values, neutral, strict=True)]
    return np.array([at for at in found if at is not None], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Responses:
    """How one person answers the other's events.

    Attributes
    ----------
    onsets : int
        Events of the person who is answered.
    answered : int
        Those with an event of the other after them, at most the window later.
    share : float
        answered / onsets; NaN without onsets.
    latency_s : float
        Median time from event to answer; NaN without answers.
    chance_share, p_value : float
        Mean share when the answering person's events are shifted in time, and (1 + shifts with as many
        answers or more) / (1 + shifts); without shifts chance comes from the rate and p is NaN.
    """

    onsets: int
    answered: int
    share: float
    latency_s: float
    chance_share: float
    p_value: float


def responses(
    asked: NDArray[np.intp],
    answers: NDArray[np.intp],
    *,
    n_ticks: int,
    rate_hz: float,
    within_s: float,
    shifts: Sequence[int] | NDArray[np.intp] = (),
) -> Responses:
    """Return how events at `asked` are followed by events at `answers`.

    An answer comes after its event (never at the same tick) and answers the nearest one before it.

    Parameters
    ----------
    asked, answers : ndarray of int
        Ticks in rising order.
    n_ticks : int
        Length of the session.
    rate_hz : float
        Ticks a second.
    within_s : float
        How late an answer may come.
    shifts : sequence of int
        By how many ticks `answers` are shifted in a circle for chance.
    """
    nan = float("nan")
    within = round(within_s * rate_hz)
    latencies = _latencies(asked, answers, within)
    n = int(asked.size)
    if n == 0:
        return Responses(0, 0, nan, nan, nan, nan)
    chance, p_value = nan, nan
    if len(shifts):
        moved = np.array([_latencies(asked, np.sort((answers + s) % n_ticks), within).size for s in shifts])
        chance = float(moved.mean()) / n
        p_value = float(1 + (moved >= latencies.size).sum()) / (1 + moved.size)
    elif n_ticks:
        chance = float(-np.expm1(-answers.size / n_ticks * within))
    return Responses(
        onsets=n,
        answered=int(latencies.size),
        share=latencies.size / n,
        latency_s=float(np.median(latencies)) / rate_hz if latencies.size else nan,
        chance_share=chance,
        p_value=p_value,
    )


def _latencies(asked: NDArray[np.intp], answers: NDArray[np.intp], within: int) -> NDArray[np.intp]:
    """Return for each answered event how many ticks its first answer came after it."""
    if not asked.size or not answers.size:
        return np.empty(0, dtype=np.intp)
    nearest = np.searchsorted(asked, answers, side="left") - 1  # the last event before each answer
    late = answers - asked[np.maximum(nearest, 0)]
    counts = (nearest >= 0) & (late <= within)
    _, first = np.unique(nearest[counts], return_index=True)
    found: NDArray[np.intp] = late[counts][first]
    return found


def session_events(
    a: FloatArray,
    b: FloatArray,
    *,
    neutral_a: FloatArray,
    neutral_b: FloatArray,
    rate_hz: float,
    shifts: Sequence[int] | NDArray[np.intp] = (),
) -> dict[str, dict[str, object]]:
    """Return the smiles and nods of a session and their answers, by kind.

    Parameters
    ----------
    a, b, neutral_a, neutral_b : ndarray, shape (n, n_features)
        Features and the neutrals in force.
    rate_hz : float
        Ticks a second.
    shifts : sequence of int
        For chance (`mirrorsync.synchrony.session_statistics.shifts`).

    Returns
    -------
    dict
        By kind: `within_s`, and `b_answers_a`, `a_answers_b`, each with the fields of `Responses`.
    """
    found = {
        kind: (onsets(kind, a, neutral_a, rate_hz=rate_hz), onsets(kind, b, neutral_b, rate_hz=rate_hz))
        for kind in WITHIN_S
    }
    return event_responses(found, n_ticks=a.shape[0], rate_hz=rate_hz, shifts=shifts)


def event_responses(
    found: Mapping[str, tuple[NDArray[np.intp], NDArray[np.intp]]],
    *,
    n_ticks: int,
    rate_hz: float,
    shifts: Sequence[int] | NDArray[np.intp] = (),
) -> dict[str, dict[str, object]]:
    """Return what `session_events` does, from the ticks at which A's and B's events of each kind began."""
    out: dict[str, dict[str, object]] = {}
    for kind, within_s in WITHIN_S.items():
        of_a, of_b = found[kind]
        out[kind] = {"within_s": within_s}
        for name, asked, answers in (("b_answers_a", of_a, of_b), ("a_answers_b", of_b, of_a)):
            answered = responses(
                asked, answers, n_ticks=n_ticks, rate_hz=rate_hz, within_s=within_s, shifts=shifts
            )
            out[kind][name] = asdict(answered)
    return out
