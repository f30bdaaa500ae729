"""summary.json: one session in a few numbers, with all that is needed to compute them again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mirrorsync.session.store import SessionReader
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS

__all__ = ["LEADERS", "MEANINGS", "STATISTICS", "SYNC_STATISTICS", "summary", "write_summary"]

STATISTICS: tuple[str, ...] = (
    "mean", "chance_mean", "chance_sd", "effect_size", "effect_low", "effect_high", "p_value", "coverage",
    "surrogate_z", "p_family", "p_family_below",
)  # fmt: skip
SYNC_STATISTICS: tuple[str, ...] = ("peak_lag_s", "a_leads_share", "b_leads_share", "profile_power")
MEANINGS: dict[str, str] = {
    "mean": "mean score over the session",
    "chance_mean": "what A and B at other moments score on average",
    "chance_sd": "how far that scatters (SD)",
    "effect_size": "surrogate_z under its old name, which goes in 0.3",
    "effect_low": "lower end of the effect size's 95 % interval",
    "effect_high": "upper end of it",
    "p_value": (
        "share of chance that reaches the mean; in synchrony channels, share of copies with B's windows "
        "shuffled that reach the peak of the mean lag profile"
    ),
    "surrogate_z": (
        "(observed - mean of the surrogates) / their SD; in synchrony channels of the mean lag profile's "
        "peak; it grows with the length of the recording"
    ),
    "p_family": "p_value corrected for all channels of the session (Holm): decides what may be claimed",
    "p_family_below": "the same for lying below chance",
    "profile_power": (
        "z squared that different windows have in common, 0 for unrelated people whatever the length: "
        "compare dyads by this"
    ),
    "coverage": "share of the data behind it that was there, 0 to 1",
    "peak_lag_s": "lag of the mean lag profile's peak, s; positive: B follows A",
    "a_leads_share": "share of the windows in which A leads, 0 to 1",
    "b_leads_share": "share of the windows in which B leads, 0 to 1",
}
"""What each of the statistics is."""

LEADERS = (
    "leaders: who leads in each synchrony channel ('neither' unless its p_value is below 0.05), confidence: "
    "the share of redrawn sessions that agree, lag_s with its 95 % interval lag_low_s to lag_high_s; "
    "positive: B follows A"
)
"""What stands beside them."""

DIGITS = 6


def summary(
    reader: SessionReader,
    statistics: Mapping[str, Mapping[str, float | None]],
    more: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the content of summary.json, in the order in which it is written.

    Parameters
    ----------
    reader : SessionReader
        The session.
    statistics : mapping of channel to mapping of name to number
        `STATISTICS` of every channel and `SYNC_STATISTICS` of the synchrony channels; NaN, None or absent
        becomes null. Further names are kept behind these.
    more : mapping of name to mapping, optional
        Further objects, put behind the others (`events`, `breathing`).

    Raises
    ------
    ValueError
        A channel is none of `mirrorsync.tables.CHANNELS`.
    """
    if not statistics.keys() <= CHANNELS.keys():
        raise ValueError(f"no such channels: {sorted(statistics.keys() - CHANNELS.keys())}")
    meta = reader.meta.as_dict()
    content = {
        "channels": {name: _channel(name, statistics.get(name, {})) for name in CHANNELS},
        "parameters": meta["parameters"],
        "seed": meta["seed"],
        "versions": dict(sorted(meta["versions"].items())),
        "assets": dict(sorted(meta["assets"].items())),
        "inputs": meta["inputs"],
        "duration_s": reader.duration_s,
        "ticks": reader.ticks,
        **(more or {}),
    }
    rounded: dict[str, Any] = _plain(content)
    return rounded


def write_summary(
    reader: SessionReader,
    statistics: Mapping[str, Mapping[str, float | None]],
    folder: Path,
    more: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Write summary.json into `folder`: UTF-8, LF, at most 6 digits after the point, no time of day in it.

    Raises
    ------
    OSError
        The folder cannot be written (`output_folder` turns it into a sentence).
    """
    text = json.dumps(summary(reader, statistics, more), indent=2, ensure_ascii=False, allow_nan=False)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _channel(name: str, given: Mapping[str, float | None]) -> dict[str, float | None]:
    names = STATISTICS + SYNC_STATISTICS if name in SYNC_CHANNELS else STATISTICS
    counts = {key: int(value) for key, value in given.items() if value is not None and key.startswith("n_")}
    return {**dict.fromkeys(names), **given, **counts}


def _plain(value: Any) -> Any:
    """Return nested values as plain ones: numbers rounded, what is not finite None."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0 if math.isfinite(value) else None
    return value
