"""The field's own statistics, by its own definitions, beside ours: rMEA, SUSY or wcc on each channel."""

from __future__ import annotations

from typing import Any

import numpy as np

from mirrorsync.errors import SeriesError
from mirrorsync.settings import Settings
from mirrorsync.synchrony.movement import SIGNAL_CHANNEL
from mirrorsync.synchrony.rmea import rmea, scale_by_sd
from mirrorsync.synchrony.session_scores import SessionScores
from mirrorsync.synchrony.susy import susy
from mirrorsync.synchrony.wcc import wcc
from mirrorsync.tables import SYNC_CHANNELS
from mirrorsync.types import FloatArray

__all__ = ["peer_numbers", "peer_statistics"]

_NUMBERS = {
    "rmea": ("grand_average", "lag_zero_mean", "a_leads_mean", "b_leads_mean"),
    "susy": (
        "n_segments", "z", "z_pseudo", "sd_z_pseudo", "es", "percent_above_pseudo", "z_signed", "es_signed",
    ),
    "wcc": ("mean", "zero_lag_mean"),
}  # fmt: skip


def peer_statistics(scores: SessionScores, settings: Settings) -> dict[str, Any]:
    """Return `method`, and by synchrony channel the numbers of the peer that `settings.preset` names.

    The series of a channel is the amount of its movement: the root mean square of its signals. Null where
    the session is too short for the peer's windows.
    """
    out: dict[str, Any] = {"method": settings.preset}
    for name in SYNC_CHANNELS:
        amounts = [_amount(signals, name) for signals in (scores.signals_a, scores.signals_b)]
        out[name] = peer_numbers(amounts[0], amounts[1], settings, rate_hz=settings.rate_hz)
    return out


def _amount(signals: FloatArray, name: str) -> FloatArray:
    members = [k for k, channel in enumerate(SIGNAL_CHANNEL) if channel == name]
    amount: FloatArray = np.sqrt(np.mean(np.square(signals[:, members]), axis=1))
    return amount


def peer_numbers(
    a: FloatArray, b: FloatArray, settings: Settings, *, rate_hz: float
) -> dict[str, float | None]:
    """Return the numbers of the peer that `settings.preset` names, of two series at `rate_hz`, shape (n,).

    All None where the series are too short for the peer's windows.
    """
    try:
        return dict(_numbers(a, b, settings, rate_hz))
    except SeriesError:
        return dict.fromkeys(_NUMBERS[settings.preset])


def _numbers(a: FloatArray, b: FloatArray, settings: Settings, rate_hz: float) -> dict[str, float]:
    lag_s, window_s, step_s = settings.lag_s, settings.window_s, settings.step_s
    result: object
    if settings.preset == "rmea":
        a, b = scale_by_sd(a), scale_by_sd(b)
        result = rmea(a, b, rate_hz=rate_hz, lag_s=lag_s, window_s=window_s, step_s=step_s)
    elif settings.preset == "susy":
        result = susy(a, b, rate_hz=rate_hz, segment_s=window_s, lag_s=lag_s)
    else:
        result = wcc(a, b, rate_hz=rate_hz, lag_s=lag_s, window_s=window_s, step_s=step_s)
    return {name: getattr(result, name) for name in _NUMBERS[settings.preset]}
