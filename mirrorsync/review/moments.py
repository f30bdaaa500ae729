"""The moments of a stored session, found in constant memory; what the user marked comes in beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from mirrorsync.session.pyramid import Pyramid
from mirrorsync.session.reader import SessionReader
from mirrorsync.settings import Settings
from mirrorsync.synchrony.events import WITHIN_S, SmileOnsets
from mirrorsync.synchrony.moments import Moment, best_stretches, drops, leader_changes, shared_smiles
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import FloatArray, SessionEvent

__all__ = ["Range", "labelled_emotions", "outside", "session_moments", "timeline_moments"]

Range = tuple[float, float]
"""From and to, in seconds since the start of the session."""

_LABELS = "practice.emotion_labelling"


def timeline_moments(pyramid: Pyramid, *, excluded: Sequence[Range] = ()) -> list[Moment]:
    """Return best stretches, drops and changes of leader; quick, also for hours.

    Parameters
    ----------
    pyramid : Pyramid
        The session's timeline.
    excluded : sequence of (float, float)
        What is left out.
    """
    n = int(pyramid.duration_s)
    level = pyramid.step("attunement.level", 0, n, points=n + 1)
    kept = np.array([outside(t + 0.5, excluded) for t in level.time_s], dtype=bool)
    mean = np.where(kept, level.mean, np.nan)
    leads = [pyramid.step(row, 0, n, points=n + 1).mean for row in ("a_leads", "b_leads")]
    with np.errstate(invalid="ignore"):
        leader = np.where(leads[0] > 0.5, "a", np.where(leads[1] > 0.5, "b", "none"))
    leader = np.where(kept, leader, "none")
    found = [*best_stretches(level.time_s, mean), *drops(level.time_s, mean)]
    return sorted([*found, *leader_changes(level.time_s, leader)], key=lambda one: one.start_s)


def session_moments(
    reader: SessionReader,
    settings: Settings,
    *,
    excluded: Sequence[Range] = (),
    going_on: Callable[[], bool] = lambda: True,
) -> list[Moment]:
    """Return the shared smiles and labelled emotions of a session; reads every tick, block by block.

    Parameters
    ----------
    reader : SessionReader
        The session.
    settings : Settings
        It was scored with.
    excluded : sequence of (float, float)
        What is left out.
    going_on : callable
        Asked between blocks; False ends early with what was found so far.
    """
    changes = list(reader.events("neutral"))
    detectors = {side: SmileOnsets(rate_hz=settings.rate_hz) for side in "ab"}
    neutrals = {side: _Neutral(side, changes) for side in "ab"}
    onsets: dict[str, list[int]] = {"a": [], "b": []}
    for block in reader.blocks(rows=1_000):
        if not going_on():
            break
        for side, values in (("a", block.features_a), ("b", block.features_b)):
            update, neutral = detectors[side].update, neutrals[side]
            for t_ns, row in zip(block.t_ns.tolist(), values, strict=True):
                at = update(row, neutral.at(t_ns))
                if at is not None:
                    onsets[side].append(at)
    smiles = shared_smiles(
        np.array(onsets["a"], dtype=np.intp),
        np.array(onsets["b"], dtype=np.intp),
        rate_hz=settings.rate_hz,
        within_s=WITHIN_S["smile"],
    )
    found = [*smiles, *labelled_emotions(reader.events())]
    return sorted((one for one in found if outside(one.start_s, excluded)), key=lambda one: one.start_s)


def labelled_emotions(events: Iterable[SessionEvent]) -> list[Moment]:
    """Return the invitations to name a feeling that were confirmed or put into other words."""
    found = []
    for event in events:
        if event.kind != _LABELS:
            continue
        for entry in event.data.get("entries", [event.data]):
            at_s = float(entry.get("at_s", event.t_ns / 1e9))
            if entry.get("outcome") == "confirmed":
                found.append(Moment(at_s, at_s, "emotion", f"“{entry.get('seen', '')}” was confirmed."))
            elif entry.get("outcome") == "clarified":
                words = entry.get("clarified_as", "")
                found.append(Moment(at_s, at_s, "emotion", f"A feeling was named: “{words}”."))
    return found


def outside(time_s: float, excluded: Sequence[Range]) -> bool:
    """Return whether a time lies in none of the ranges."""
    return not any(start_s <= time_s < end_s for start_s, end_s in excluded)


class _Neutral:
    """A person's neutral in force, as time goes on."""

    def __init__(self, side: str, changes: Sequence[SessionEvent]) -> None:
        self._coming = [change for change in changes if change.data.get("side") == side][::-1]
        self._now: FloatArray = np.full(N_FEATURES, np.nan)

    def at(self, t_ns: int) -> FloatArray:
        """Return the neutral at a time; times must rise."""
        while self._coming and self._coming[-1].t_ns <= t_ns:
            self._now = np.full(N_FEATURES, np.nan)
            for name, value in self._coming.pop().data["values"].items():
                if name in FEATURE_INDEX:
                    self._now[FEATURE_INDEX[name]] = value
        return self._now
