"""A whole session as the statistics need it: small enough that hours of it fit into memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from mirrorsync.settings import Settings
from mirrorsync.synchrony.gaze import Looking
from mirrorsync.synchrony.movement import movement
from mirrorsync.tables import SYNC_CHANNELS
from mirrorsync.types import FloatArray, WindowRow

__all__ = ["THIN", "Leaders", "Rows", "SessionScores", "Thinned", "count_leaders"]

THIN = 5
"""Forms are kept at every so many ticks: neighbouring ticks say the same."""


class Rows(Protocol):
    """Rows by their places: an array, or what keeps them in less memory."""

    def __getitem__(self, places: Any, /) -> NDArray[np.floating]: ...


@dataclass(frozen=True, slots=True)
class Thinned:
    """One person at every `THIN`th tick, each of shape (n_thin, n_features), of float32 or better.

    `values` are features (NaN where missing), `seen` visibilities (0–1), `neutral` the neutrals in force.
    """

    values: NDArray[np.floating]
    seen: Rows
    neutral: Rows


@dataclass(frozen=True, slots=True)
class Leaders:
    """How many windows of a channel there are, and in how many A or B leads."""

    windows: int = 0
    a: int = 0
    b: int = 0


@dataclass(frozen=True, slots=True)
class SessionScores:
    """A session of n ticks as it was scored.

    Attributes
    ----------
    thin_a, thin_b : Thinned
        Features, visibilities and neutrals.
    signals_a, signals_b : ndarray, shape (n, 8)
        As `mirrorsync.synchrony.movement.movement` gives them.
    looking_a, looking_b : ndarray, shape (n,)
        1 while looking toward the other, 0 while not, NaN where it is not known.
    values, coverages : mapping of str to ndarray, shape (n,)
        By channel.
    leaders : mapping of str to Leaders
        By synchrony channel.
    anatomical : ndarray of bool, shape (n,)
        Where posture was compared anatomically.
    kept : ndarray of bool, shape (n,), optional
        False at ticks that are left out of every statistic; all are kept when it is None.
    pace_a, pace_b : ndarray, shape (n,), optional
        Speeds of moving as the pace meter had them; without them pace has no chance level.
    """

    thin_a: Thinned
    thin_b: Thinned
    signals_a: FloatArray
    signals_b: FloatArray
    looking_a: FloatArray
    looking_b: FloatArray
    values: Mapping[str, FloatArray]
    coverages: Mapping[str, FloatArray]
    leaders: Mapping[str, Leaders]
    anatomical: NDArray[np.bool_]
    kept: NDArray[np.bool_] | None = None
    pace_a: FloatArray | None = None
    pace_b: FloatArray | None = None

    @property
    def ticks(self) -> int:
        """Length of the session in ticks."""
        return int(self.anatomical.size)

    @classmethod
    def of_features(
        cls,
        a: FloatArray,
        b: FloatArray,
        *,
        seen_a: FloatArray,
        seen_b: FloatArray,
        neutral_a: FloatArray,
        neutral_b: FloatArray,
        values: Mapping[str, FloatArray],
        coverages: Mapping[str, FloatArray],
        windows: Iterable[WindowRow],
        anatomical: NDArray[np.bool_],
        settings: Settings,
    ) -> Self:
        """Return a session from all its features at once, each of shape (n, n_features).

        `neutral_a` and `neutral_b` are the neutrals in force at each tick.
        """
        signals_a, signals_b = (
            movement(person, rate_hz=settings.rate_hz, smooth_s=settings.smooth_s) for person in (a, b)
        )
        return cls(
            thin_a=Thinned(a[::THIN], seen_a[::THIN], neutral_a[::THIN]),
            thin_b=Thinned(b[::THIN], seen_b[::THIN], neutral_b[::THIN]),
            signals_a=signals_a,
            signals_b=signals_b,
            looking_a=_looking(a, neutral_a),
            looking_b=_looking(b, neutral_b),
            values=values,
            coverages=coverages,
            leaders=count_leaders(windows),
            anatomical=anatomical,
        )


def count_leaders(windows: Iterable[WindowRow]) -> dict[str, Leaders]:
    """Return how often each person leads, by synchrony channel."""
    counts = {name: [0, 0, 0] for name in SYNC_CHANNELS}
    for row in windows:
        of = counts[row.channel]
        of[0] += 1
        of[1] += row.leader == "a"
        of[2] += row.leader == "b"
    return {name: Leaders(*of) for name, of in counts.items()}


def _looking(values: FloatArray, toward: FloatArray) -> FloatArray:
    looking = Looking()
    return np.array([looking.update(v, t) for v, t in zip(values, toward, strict=True)])
