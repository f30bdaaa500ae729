"""Weeks in a row: what was felt at check-ins, beside the attunement of that week's sessions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from statistics import fmean

from mirrorsync.journal.check_in import Feeling, feelings_of
from mirrorsync.journal.entries import SessionRef
from mirrorsync.journal.store import Journal
from mirrorsync.journal.wheel import WHEEL, is_pleasant

__all__ = ["Week", "balance", "weeks"]


@dataclass(frozen=True, slots=True)
class Week:
    """One week; what is not known is NaN.

    Attributes
    ----------
    monday : date
        Its first day.
    check_ins : int
        How many there were.
    intensity : mapping of str to float
        Each of the wheel's eight: the strongest word of it at a check-in, 0–1, averaged over the week's
        check-ins (0: not named). NaN without a check-in.
    balance : float
        −1 (all unpleasant) to 1 (all pleasant), over the words of the wheel.
    own_words : tuple of str
        Feelings in words that are not on the wheel.
    sessions : int
        Sessions with an attunement.
    attunement : float
        Their mean attunement, 0–1, each weighted by its seconds of coverage; 0.5 is chance.
    """

    monday: date
    check_ins: int
    intensity: Mapping[str, float]
    balance: float
    own_words: tuple[str, ...]
    sessions: int
    attunement: float


def weeks(journal: Journal, *, zone: tzinfo | None = None) -> list[Week]:
    """Return every week from the first check-in or session to the last, those without either among them.

    Parameters
    ----------
    journal : Journal
        Its check-ins, and its sessions with the attunement that was noted for them.
    zone : tzinfo, optional
        In which a week begins on Monday at midnight (default: the system's).
    """
    felt: dict[date, list[tuple[Feeling, ...]]] = {}
    for entry in journal.entries(kinds=["check_in"]):
        felt.setdefault(_monday(entry.created_utc, zone), []).append(feelings_of(entry))
    met: dict[date, list[SessionRef]] = {}
    for ref in journal.sessions():
        if ref.started_utc is not None and ref.attunement is not None:
            met.setdefault(_monday(ref.started_utc, zone), []).append(ref)
    if not felt and not met:
        return []
    monday, last = min((*felt, *met)), max((*felt, *met))
    table = []
    while monday <= last:
        table.append(_week(monday, felt.get(monday, []), met.get(monday, [])))
        monday += timedelta(days=7)
    return table


def balance(feelings: Iterable[Feeling]) -> float:
    """Return pleasant minus unpleasant intensity over their sum, −1 to 1; NaN without words of the wheel."""
    signed = [(1.0 if is_pleasant(f.core) else -1.0) * f.intensity for f in feelings if f.core]
    whole = sum(map(abs, signed))
    return sum(signed) / whole if whole > 0 else math.nan


def _week(monday: date, felt: list[tuple[Feeling, ...]], met: list[SessionRef]) -> Week:
    every = [feeling for feelings in felt for feeling in feelings]
    seconds = [(ref.duration_s or 1.0) * (ref.attunement_coverage or 0.0) for ref in met]
    values = [ref.attunement for ref in met if ref.attunement is not None]
    return Week(
        monday=monday,
        check_ins=len(felt),
        intensity={core.word: _mean_intensity(core.word, felt) for core in WHEEL},
        balance=balance(every),
        own_words=tuple(dict.fromkeys(f.word for f in every if not f.core)),
        sessions=len(met),
        attunement=fmean(values, seconds) if sum(seconds) > 0 else math.nan,
    )


def _mean_intensity(core: str, felt: list[tuple[Feeling, ...]]) -> float:
    strongest = [max((f.intensity for f in feelings if f.core == core), default=0.0) for feelings in felt]
    return fmean(strongest) if strongest else math.nan


def _monday(utc: str, zone: tzinfo | None) -> date:
    moment = datetime.fromisoformat(utc)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())
