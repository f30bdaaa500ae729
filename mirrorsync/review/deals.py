"""How high a channel stands among deals: B's windows dealt out anew to A's, as the report shows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirrorsync.errors import SeriesError
from mirrorsync.settings import Settings
from mirrorsync.synchrony.chance import synchrony_test
from mirrorsync.synchrony.movement import MIRROR_SIGNS, SIGNAL_CHANNEL
from mirrorsync.synchrony.session_scores import SessionScores
from mirrorsync.types import FloatArray

__all__ = ["Deals", "deals_of"]


@dataclass(frozen=True, slots=True)
class Deals:
    """A synchrony channel's score against chance.

    Attributes
    ----------
    observed : ndarray, shape (1,)
        Height of the session's mean lag profile (Fisher z); NaN when there is too little to tell.
    surrogates : ndarray, shape (n,)
        The same of each deal; empty when there is too little.
    """

    observed: FloatArray
    surrogates: FloatArray

    @property
    def known(self) -> bool:
        """Whether there is something to compare."""
        return bool(self.surrogates.size) and bool(np.isfinite(self.observed).all())


def deals_of(session: SessionScores, channel: str, settings: Settings) -> Deals:
    """Return where a session stands among its deals.

    Parameters
    ----------
    session : SessionScores
        The whole session.
    channel : str
        One of `mirrorsync.tables.SYNC_CHANNELS`.
    settings : Settings
        Those that it was scored with; the deals are drawn with its seed, so that they are always the same.
    """
    nothing = Deals(np.array([np.nan]), np.empty(0))
    if not settings.chance:
        return nothing
    members = [k for k, name in enumerate(SIGNAL_CHANNEL) if name == channel]
    signs = np.where(session.anatomical[:, None], 1.0, MIRROR_SIGNS[members])
    try:
        test = synchrony_test(
            session.signals_a[:, members], session.signals_b[:, members] * signs, rate_hz=settings.rate_hz,
            window_s=settings.window_s, lag_s=settings.lag_s, seed=settings.seed,
            min_coverage=settings.min_coverage,
        )  # fmt: skip
    except SeriesError:
        return nothing
    return Deals(np.array([test.observed]), test.surrogates)
