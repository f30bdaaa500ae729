"""The moments of a stored session that its timeline and events tell; the smiles come with its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from mirrorsync.session.pyramid import Pyramid
from mirrorsync.synchrony.moments import Moment, best_stretches, drops, leader_changes
from mirrorsync.types import SessionEvent

__all__ = ["Range", "labelled_emotions", "outside", "timeline_moments"]

Range = tuple[float, float]
"""From and to, in seconds since the start of the session."""

_LABELS = "practice.emotion_label"


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
    stretches = [_counting(one, excluded) for one in best_stretches(level.time_s, mean)]
    found = [*stretches, *drops(level.time_s, mean)]
    return sorted([*found, *leader_changes(level.time_s, leader)], key=lambda one: one.start_s)


def labelled_emotions(events: Iterable[SessionEvent]) -> list[Moment]:
    """Return the invitations to name a feeling that were confirmed or put into other words."""
    found = []
    for event in events:
        if event.kind != _LABELS:
            continue
        entry, at_s = event.data, event.t_ns / 1e9
        if entry.get("outcome") == "confirmed":
            found.append(Moment(at_s, at_s, "emotion", f"“{entry.get('seen', '')}” was confirmed."))
        elif entry.get("outcome") == "clarified":
            words = entry.get("clarified_as", "")
            found.append(Moment(at_s, at_s, "emotion", f"A feeling was named: “{words}”."))
    return found


def outside(time_s: float, excluded: Sequence[Range]) -> bool:
    """Return whether a time lies in none of the ranges."""
    return not any(start_s <= time_s < end_s for start_s, end_s in excluded)


def _counting(moment: Moment, excluded: Sequence[Range]) -> Moment:
    """Return a stretch that begins in what is left out from where it counts again."""
    for start_s, end_s in sorted(excluded):
        if start_s <= moment.start_s < end_s:
            moment = replace(moment, start_s=min(end_s, moment.end_s))
    return moment
