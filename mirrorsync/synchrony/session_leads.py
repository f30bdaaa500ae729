"""Who leads over a whole session, channel by channel, as `windows` of it were scored."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mirrorsync.settings import Settings
from mirrorsync.synchrony.leading import LeadVerdict, lead_of_windows
from mirrorsync.synchrony.peaks import LeaderShares
from mirrorsync.synchrony.session_scores import Leaders, SessionScores
from mirrorsync.synchrony.session_statistics import EVERY_S, window_profiles
from mirrorsync.tables import SYNC_CHANNELS

__all__ = ["session_leads"]


def session_leads(
    session: SessionScores, statistics: Mapping[str, Mapping[str, float]], settings: Settings
) -> dict[str, LeadVerdict]:
    """Return who leads in each synchrony channel, see `mirrorsync.synchrony.leading.who_leads`.

    Parameters
    ----------
    session : SessionScores
        The whole session.
    statistics : mapping
        Its `session_statistics`: where a channel's p-value is unknown or not below 0.05, nobody is named.
    settings : Settings
        Those that it was scored with.
    """
    lag = round(settings.lag_s * settings.rate_hz)
    lags_s = np.arange(-lag, lag + 1) / settings.rate_hz
    verdicts = {}
    for name in SYNC_CHANNELS:
        z, _, _ = window_profiles(name, session.signals_a, session.signals_b, session.anatomical, settings)
        p_value = statistics.get(name, {}).get("p_value", float("nan"))
        verdicts[name] = lead_of_windows(
            z,
            lags_s,
            block=round(settings.window_s / EVERY_S),
            shares=_shares(session.leaders[name]),
            p_value=p_value if np.isfinite(p_value) else 1.0,
            seed=settings.seed,
        )
    return verdicts


def _shares(of: Leaders) -> LeaderShares:
    if not of.windows:
        return LeaderShares(float("nan"), float("nan"), float("nan"), 0)
    a, b = of.a / of.windows, of.b / of.windows
    return LeaderShares(a, b, 1.0 - a - b, of.windows)
