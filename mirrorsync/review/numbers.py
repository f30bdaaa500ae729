"""A session's numbers: statistics against chance, lag profiles, shared smiles; worked out once and kept.

Working them out takes long for an hour, so a process of its own does it (`mirrorsync.cli.review`) and leaves
them in the session file, together with the stretches that were left out.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from mirrorsync.analysis.session_pass import read_session
from mirrorsync.review.moments import Range
from mirrorsync.review.recording import settings_of
from mirrorsync.session.pyramid import keep_bytes
from mirrorsync.session.reader import SessionReader
from mirrorsync.synchrony.events import WITHIN_S
from mirrorsync.synchrony.lag_profile import LagProfile, lag_profile
from mirrorsync.synchrony.moments import Moment, shared_smiles
from mirrorsync.synchrony.session_statistics import session_statistics
from mirrorsync.tables import SYNC_CHANNELS

__all__ = ["SessionNumbers", "exclusion_text", "kept_numbers", "work_out"]

_NAME = "numbers-1"


@dataclass(frozen=True, slots=True)
class SessionNumbers:
    """What was worked out of a session.

    Attributes
    ----------
    excluded : str
        The stretches that were left out, as `exclusion_text` gives them.
    ticks : int
        Length of the session then.
    statistics : mapping
        As `mirrorsync.synchrony.session_statistics.session_statistics` gives them.
    profiles : mapping of str to LagProfile
        By synchrony channel.
    smiles : tuple of Moment
        Smiles of one person that the other answered.
    """

    excluded: str
    ticks: int
    statistics: Mapping[str, Mapping[str, float]]
    profiles: Mapping[str, LagProfile]
    smiles: tuple[Moment, ...]


def exclusion_text(excluded: Sequence[Range]) -> str:
    """Return stretches as the setting `exclude` takes them."""
    return ", ".join(f"{start_s:.3f}-{end_s:.3f}" for start_s, end_s in excluded)


def work_out(path: Path, *, excluded: str = "") -> SessionNumbers | None:
    """Work out the numbers of a session and keep them in its file; None when it has no ticks.

    Parameters
    ----------
    path : Path
        The session.
    excluded : str
        Stretches to leave out, see `exclusion_text`.

    Raises
    ------
    SessionError
        The session cannot be read.
    """
    with SessionReader(path) as reader:
        settings = settings_of(reader.meta).with_(exclude=excluded)
        passed = read_session(reader, settings)
        ticks = reader.ticks
    if passed is None:
        return None
    smiles = shared_smiles(*passed.onsets["smile"], rate_hz=settings.rate_hz, within_s=WITHIN_S["smile"])
    numbers = SessionNumbers(
        excluded,
        ticks,
        session_statistics(passed.scores, settings),
        {name: lag_profile(passed.scores, name, settings) for name in SYNC_CHANNELS},
        tuple(smiles),
    )
    keep_bytes(path, _NAME, _to_bytes(numbers))
    return numbers


def kept_numbers(reader: SessionReader, *, excluded: str = "") -> SessionNumbers | None:
    """Return the numbers that were worked out; None when there are none, or other stretches were left out."""
    data = reader.kept_pyramid(_NAME)
    numbers = None if data is None else _from_bytes(data)
    if numbers is None or numbers.excluded != excluded or numbers.ticks != reader.ticks:
        return None
    return numbers


def _to_bytes(numbers: SessionNumbers) -> bytes:
    head = {
        "excluded": numbers.excluded,
        "ticks": numbers.ticks,
        "statistics": numbers.statistics,
        "smiles": [asdict(smile) for smile in numbers.smiles],
    }
    arrays = {
        f"{name}.{field.name}": np.asarray(getattr(profile, field.name), dtype=np.float32)
        for name, profile in numbers.profiles.items()
        for field in fields(LagProfile)
    }
    file = io.BytesIO()
    np.savez_compressed(file, head=np.array(json.dumps(head)), **arrays)  # type: ignore[arg-type]  # by name
    return file.getvalue()


def _from_bytes(data: bytes) -> SessionNumbers | None:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            head: dict[str, Any] = json.loads(str(kept["head"]))
            profiles = {
                name: LagProfile(
                    *(_array(kept[f"{name}.{field.name}"], field.name) for field in fields(LagProfile))
                )
                for name in SYNC_CHANNELS
            }
        smiles = tuple(Moment(**smile) for smile in head["smiles"])
        return SessionNumbers(head["excluded"], head["ticks"], head["statistics"], profiles, smiles)
    except (ValueError, KeyError, TypeError, OSError, EOFError):
        return None


def _array(stored: Any, name: str) -> Any:
    return stored if name == "windows" else stored.astype(np.float64)
