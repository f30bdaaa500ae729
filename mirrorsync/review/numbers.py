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
from mirrorsync.review.deals import Deals, deals_of
from mirrorsync.review.moments import Range
from mirrorsync.review.recording import settings_of
from mirrorsync.session.files import keep_blob
from mirrorsync.session.reader import SessionReader
from mirrorsync.synchrony.events import WITHIN_S
from mirrorsync.synchrony.lag_profile import LagProfile, lag_profile
from mirrorsync.synchrony.moments import Moment, shared_smiles
from mirrorsync.synchrony.session_statistics import session_statistics
from mirrorsync.tables import SYNC_CHANNELS

__all__ = ["SessionNumbers", "exclusion_text", "kept_numbers", "work_out"]

_NAME = "numbers-3"


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
    deals : mapping of str to Deals
        By synchrony channel: where the session stands among its deals.
    smiles : tuple of Moment
        Smiles of one person that the other answered.
    """

    excluded: str
    ticks: int
    statistics: Mapping[str, Mapping[str, float]]
    profiles: Mapping[str, LagProfile]
    deals: Mapping[str, Deals]
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
        {name: deals_of(passed.scores, name, settings) for name in SYNC_CHANNELS},
        tuple(smiles),
    )
    keep_blob(path, _NAME, _to_bytes(numbers))
    return numbers


def kept_numbers(reader: SessionReader, *, excluded: str = "") -> SessionNumbers | None:
    """Return the numbers that were worked out; None when there are none, or other stretches were left out."""
    data = reader.blob(_NAME)
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
        f"{name}.{field.name}": np.asarray(getattr(of, field.name), dtype=np.float32)
        for kept in (numbers.profiles, numbers.deals)
        for name, of in kept.items()
        for field in fields(of)
    }
    file = io.BytesIO()
    np.savez_compressed(file, head=np.array(json.dumps(head)), **arrays)  # type: ignore[arg-type]  # by name
    return file.getvalue()


def _from_bytes(data: bytes) -> SessionNumbers | None:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            head: dict[str, Any] = json.loads(str(kept["head"]))
            profiles = {name: LagProfile(*_stored(kept, name, LagProfile)) for name in SYNC_CHANNELS}
            deals = {name: Deals(*_stored(kept, name, Deals)) for name in SYNC_CHANNELS}
        smiles = tuple(Moment(**smile) for smile in head["smiles"])
        return SessionNumbers(head["excluded"], head["ticks"], head["statistics"], profiles, deals, smiles)
    except (ValueError, KeyError, TypeError, OSError, EOFError):
        return None


def _stored(kept: Any, name: str, form: type[LagProfile] | type[Deals]) -> list[Any]:
    """Return a channel's arrays in the order of a dataclass's fields; the large one stays as it is."""
    found = {field.name: kept[f"{name}.{field.name}"] for field in fields(form)}
    return [one if name == "windows" else one.astype(np.float64) for name, one in found.items()]
