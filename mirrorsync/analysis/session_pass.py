"""One pass over a stored session: all that its statistics need, in memory that hardly grows with it.

Stretches that are left out are taken out of what was seen, as when a recording is analysed without them; of
scores that were stored before the stretch was left out, those go too that remember it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirrorsync.analysis.kept_rows import RepeatedRows, Shares
from mirrorsync.analysis.left_out import LeftOut
from mirrorsync.engine.exclusion import Exclusion
from mirrorsync.features.baseline import Baseline
from mirrorsync.features.breathing import BreathingRate
from mirrorsync.features.pace import PaceMeter
from mirrorsync.session.blocks import TickBlock
from mirrorsync.session.store import SessionReader
from mirrorsync.settings import Settings
from mirrorsync.synchrony.breathing import BreathCoupling
from mirrorsync.synchrony.events import NodOnsets, SmileOnsets
from mirrorsync.synchrony.gaze import Looking
from mirrorsync.synchrony.movement import SIGNALS, Movement
from mirrorsync.synchrony.session_scores import THIN, SessionScores, Thinned, count_leaders
from mirrorsync.tables import CHANNELS, FEATURE_INDEX, N_FEATURES
from mirrorsync.types import FloatArray, SessionEvent

__all__ = ["Breathing", "SessionPass", "read_session"]

_CHEST, _BODY = FEATURE_INDEX["chest_velocity"], SIGNALS.index("body_speed")


@dataclass(frozen=True, slots=True)
class Breathing:
    """Breathing rates a minute and phase locking at every tick, each of shape (n,); NaN where unknown."""

    rate_a: FloatArray
    rate_b: FloatArray
    locking: FloatArray


@dataclass(frozen=True, slots=True)
class SessionPass:
    """What one pass over a session found.

    Attributes
    ----------
    scores : SessionScores
        For `mirrorsync.synchrony.session_statistics`.
    onsets : dict of str to (ndarray, ndarray)
        Ticks at which A's and B's events of a kind began.
    breathing : Breathing
        Of both.
    """

    scores: SessionScores
    onsets: dict[str, tuple[NDArray[np.intp], NDArray[np.intp]]]
    breathing: Breathing


class _Person:
    """What is followed of one person, tick by tick."""

    def __init__(
        self, n_ticks: int, neutral: Callable[[int, FloatArray], FloatArray], rate_hz: float
    ) -> None:
        self._neutral = neutral
        self._looking, self._pace = Looking(), PaceMeter(rate_hz=rate_hz)
        self._breath = BreathingRate(rate_hz=rate_hz)
        self._events: dict[str, SmileOnsets | NodOnsets] = {
            "smile": SmileOnsets(rate_hz=rate_hz),
            "nod": NodOnsets(rate_hz=rate_hz),
        }
        n_thin = -(-n_ticks // THIN)
        self._values = np.empty((n_thin, N_FEATURES), dtype=np.float32)
        self._seen, self._neutrals = Shares(n_thin, N_FEATURES), RepeatedRows(n_thin)
        self.looking, self.pace, self.rate = np.empty((3, n_ticks))
        self.onsets: dict[str, list[int]] = {kind: [] for kind in self._events}

    @property
    def thinned(self) -> Thinned:
        return Thinned(self._values, self._seen, self._neutrals)

    def update(self, at: int, t_ns: int, values: FloatArray, seen: FloatArray, body_speed: float) -> None:
        neutral = self._neutral(t_ns, values)
        if at % THIN == 0:
            self._values[at // THIN] = values
            self._seen.put(at // THIN, seen)
            self._neutrals.put(at // THIN, neutral)
        self.looking[at] = self._looking.update(values, neutral)
        self.pace[at] = self._pace.update(values).speed
        self.rate[at] = self._breath.update(float(values[_CHEST]), body_speed).rate_per_min
        for kind, detector in self._events.items():
            began = detector.update(values, neutral)
            if began is not None:
                self.onsets[kind].append(began)


def read_session(reader: SessionReader, settings: Settings) -> SessionPass | None:
    """Go through a stored session once; None when it has no ticks.

    Parameters
    ----------
    reader : SessionReader
        The session.
    settings : Settings
        Those that it was scored with; `exclude` may name further stretches to leave out.
    """
    n, rate_hz = reader.ticks, settings.rate_hz
    if not n:
        return None
    changes = list(reader.events("neutral"))
    people = [_Person(n, _neutral(side, changes, settings), rate_hz) for side in ("a", "b")]
    mover = Movement(rate_hz=rate_hz, smooth_s=settings.smooth_s)
    coupling = BreathCoupling(rate_hz=rate_hz)
    signals = np.empty((2, n, len(SIGNALS)))
    locking = np.empty(n)
    values, coverages = ({name: np.empty(n) for name in CHANNELS} for _ in range(2))
    anatomical = np.empty(n, dtype=bool)
    kept = np.empty(n, dtype=bool)
    exclusion = Exclusion(settings)
    later = LeftOut(str(reader.meta.parameters.get("exclude", "")), settings)
    at = 0
    for block in reader.blocks():
        part = slice(at, at + len(block))
        for name in CHANNELS:
            values[name][part], coverages[name][part] = block.scores[name].value, block.scores[name].coverage
            values[name][part][later.remembered(name, block.t_ns)] = np.nan
        anatomical[part] = block.mirror_mode == "anatomical"
        kept[part] = ~exclusion.holds(block.t_ns)
        for t_ns, both, seen in _ticks(block, kept[part]):
            moved = mover.update(both)
            signals[:, at] = moved
            for k, person in enumerate(people):
                person.update(at, t_ns, both[k], seen[k], float(moved[k, _BODY]))
            rates = (float(person.rate[at]) for person in people)
            locking[at] = coupling.update(float(both[0, _CHEST]), float(both[1, _CHEST]), *rates).locking
            at += 1
    a, b = people
    scores = SessionScores(
        thin_a=a.thinned,
        thin_b=b.thinned,
        signals_a=signals[0],
        signals_b=signals[1],
        looking_a=a.looking,
        looking_b=b.looking,
        values=values,
        coverages=coverages,
        leaders=count_leaders(row for row in reader.windows() if not later.met(row)),
        anatomical=anatomical,
        kept=kept if exclusion else None,
        pace_a=a.pace,
        pace_b=b.pace,
    )
    onsets = {kind: (_ticks_of(a.onsets[kind]), _ticks_of(b.onsets[kind])) for kind in a.onsets}
    return SessionPass(scores, onsets, Breathing(a.rate, b.rate, locking))


def _ticks(block: TickBlock, kept: NDArray[np.bool_]) -> Iterator[tuple[int, FloatArray, FloatArray]]:
    """Yield time, features and visibilities of both, shape (2, n_features), at each tick."""
    both = np.stack([block.features_a, block.features_b], axis=1)
    seen = np.stack([block.seen_a, block.seen_b], axis=1)
    both[~kept], seen[~kept] = np.nan, 0.0
    yield from zip(block.t_ns.tolist(), both, seen, strict=True)


def _ticks_of(onsets: list[int]) -> NDArray[np.intp]:
    return np.array(onsets, dtype=np.intp)


def _neutral(
    side: str, changes: Sequence[SessionEvent], settings: Settings
) -> Callable[[int, FloatArray], FloatArray]:
    """Return what gives the neutral in force at a time, as it was stored, shape (n_features,).

    A session that stores no neutral at all has learnt it from its first tick on: learn it again.
    """
    if not changes:
        baseline = Baseline(rate_hz=settings.rate_hz, learn_s=settings.baseline_s)
        return lambda _, values: baseline.update(values)
    own = [change for change in changes if change.data["side"] == side]
    known = np.full((len(own) + 1, N_FEATURES), np.nan)
    for row, change in zip(known[1:], own, strict=True):
        for name, value in change.data["values"].items():
            if name in FEATURE_INDEX:
                row[FEATURE_INDEX[name]] = value
    times = np.array([change.t_ns for change in own], dtype=np.int64)
    return lambda t_ns, _: known[np.searchsorted(times, t_ns, side="right")]
