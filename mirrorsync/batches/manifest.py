"""The manifest: which dyads there are, one row each."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mirrorsync.errors import SettingsError, UsageError
from mirrorsync.export.summary import STATISTICS, SYNC_STATISTICS
from mirrorsync.settings import SETTINGS
from mirrorsync.tables import CHANNELS

__all__ = ["Dyad", "Manifest", "read_manifest"]

_NEEDED = ("id", "a", "b")
_OWN = (*_NEEDED, "offset", "labels", "rate")
_ID = re.compile(r"[^\s/\\:*?\"<>|.\x00-\x1f][^/\\:*?\"<>|\x00-\x1f]{0,99}")
_SERIES = {".csv", ".tsv", ".txt", ".dat"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


@dataclass(frozen=True, slots=True)
class Dyad:
    """One row of the manifest.

    Attributes
    ----------
    id : str
        Also the name of its folder.
    a, b : str
        Feeds or series as they stand in the manifest.
    offset_s : float
        How late B is against A; NaN: as in the settings.
    labels : (str, str)
        What the two are called; empty: as in the settings.
    rate_hz : float
        Rows a second of series without times; NaN: not said.
    covariates : mapping of str to str
        Every other column; `dyad`, `session`, `person_a` and `person_b` among them.
    dyad, session : str
        Which two people these are, and which of their sessions; empty: not said.
    persons : (str, str)
        Who A and B are, in all of the manifest; empty: not said.
    """

    id: str
    a: str
    b: str
    offset_s: float = math.nan
    labels: tuple[str, str] = ("", "")
    rate_hz: float = math.nan
    covariates: Mapping[str, str] = field(default_factory=dict)
    dyad: str = ""
    session: str = ""
    persons: tuple[str, str] = ("", "")

    @property
    def is_series(self) -> bool:
        """Whether A and B are series that were measured already, not pictures."""
        return all(_is_series(one) for one in (self.a, self.b))


def _is_series(feed: str) -> bool:
    """Whether a feed is a text file, with or without a column behind its name."""
    name = Path(feed).name
    return any(Path(one).suffix.lower() in _SERIES for one in (name, name.rpartition("#")[0]))


@dataclass(frozen=True, slots=True)
class Manifest:
    """All dyads of a manifest, in its order, and the names of its covariates."""

    path: Path
    dyads: tuple[Dyad, ...]
    covariates: tuple[str, ...]

    def place(self, feed: str) -> str:
        """Return a feed with its path taken from the manifest's folder; other feeds as they are."""
        if _SCHEME.match(feed) and not (self.path.parent / feed).exists():
            return feed
        return str(self.path.resolve().parent / feed)


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Parameters
    ----------
    path : Path
        UTF-8 CSV with comma, semicolon or tab, and a header. `id`, `a` and `b` are needed; `offset` (s),
        `labels` ("You,Partner") and `rate` (Hz, of series) are known; every other column is a covariate. Of
        these, `dyad`, `session`, `person_a` and `person_b` also say who is who.
        Paths count from the manifest's folder.

    Raises
    ------
    UsageError
        The file cannot be read, lacks a column or any row, a covariate is called like a result, or a row
        has an unusable or repeated id, lacks a feed, or holds what is no number where one is needed, or a
        number that cannot be.
    """
    if not path.is_file():
        raise UsageError(f"There is no manifest {path}; check the name.")
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The manifest {path} could not be read ({error}); save it as UTF-8 CSV.") from error
    first = text.partition("\n")[0]
    separator = max((",", ";", "\t"), key=first.count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines(), delimiter=separator)]
    header = rows[0] if rows else []
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise UsageError(
            f"The manifest {path} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; "
            "its first line must name id, a and b."
        )
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated or "" in header:
        raise UsageError(f"The manifest {path} has columns without a name of their own: {repeated or ['']}.")
    taken = [name for name in header if name not in _OWN and _is_result(name)]
    if taken:
        raise UsageError(
            f"The manifest {path} has the column {taken[0]}, which results.csv has of its own; give the "
            f"covariate another name, as in {taken[0]}_given."
        )
    dyads: list[Dyad] = []
    for number, row in enumerate(rows[1:], 2):
        if any(row):
            dyads.append(_dyad(path, number, header, row, {dyad.id.casefold() for dyad in dyads}))
    if not dyads:
        raise UsageError(f"The manifest {path} names no dyads; give it one line for each.")
    _check_sessions(path, dyads)
    return Manifest(path, tuple(dyads), tuple(name for name in header if name not in _OWN))


def _dyad(path: Path, number: int, header: list[str], row: list[str], known: set[str]) -> Dyad:
    where = f"Line {number} of {path}"
    if len(row) != len(header):
        raise UsageError(
            f"{where} has {len(row)} columns where the first line has {len(header)}; put what holds the "
            'separator into quotes, as in "call.mp4#0,0,640,480".'
        )
    cells = dict(zip(header, row, strict=True))
    name = cells["id"]
    if not _ID.fullmatch(name):
        raise UsageError(
            f"{where} has the id {name!r}; an id names a folder: up to 100 characters, none of "
            '/ \\ : * ? " < > |, and no full stop at its start.'
        )
    if name.casefold() in known:
        raise UsageError(f"{where} has the id {name} again; ids must differ by more than capital letters.")
    if not cells["a"] or not cells["b"]:
        raise UsageError(f"{where} ({name}) lacks a feed; both a and b are needed.")
    labels = (
        tuple(part.strip() for part in cells.get("labels", "").split(","))
        if cells.get("labels")
        else ("", "")
    )
    if len(labels) != 2:
        raise UsageError(f'{where} ({name}) has labels {cells["labels"]!r}; write two, as in "You,Partner".')
    return Dyad(
        id=name,
        a=cells["a"],
        b=cells["b"],
        offset_s=_offset(f"{where} ({name})", cells.get("offset", "")),
        labels=labels,
        rate_hz=_rate(f"{where} ({name})", cells.get("rate", "")),
        covariates={key: value for key, value in cells.items() if key not in _OWN},
        dyad=cells.get("dyad", ""),
        session=cells.get("session", ""),
        persons=_persons(f"{where} ({name})", cells),
    )


def _persons(where: str, cells: Mapping[str, str]) -> tuple[str, str]:
    """Return who A and B are."""
    a, b = cells.get("person_a", ""), cells.get("person_b", "")
    if bool(a) != bool(b):
        raise UsageError(f"{where} names only one of person_a and person_b; name both, or neither.")
    if a and a == b:
        raise UsageError(f"{where} has {a} as both person_a and person_b; two people make a dyad.")
    return a, b


def _check_sessions(path: Path, dyads: Sequence[Dyad]) -> None:
    """Refuse a session of a dyad that stands twice, and a dyad whose people change."""
    seen: dict[tuple[str, str], str] = {}
    people: dict[str, frozenset[str]] = {}
    for dyad in dyads:
        if not dyad.dyad:
            continue
        if dyad.session and (dyad.dyad, dyad.session) in seen:
            other = seen[dyad.dyad, dyad.session]
            raise UsageError(
                f"{path} has session {dyad.session} of dyad {dyad.dyad} twice ({other} and {dyad.id}); give "
                "each its own."
            )
        seen[dyad.dyad, dyad.session] = dyad.id
        both = frozenset(dyad.persons)
        if people.setdefault(dyad.dyad, both) != both:
            raise UsageError(f"{path} has other people in {dyad.id} than in the rest of dyad {dyad.dyad}.")


_RESULT_COLUMNS = {"status", "error", "notes", "duration_s", "ticks"} | {
    f"{name}_{side}" for name in ("frames_expected", "frames_decoded", "seen") for side in "ab"
}


def _is_result(name: str) -> bool:
    """Whether results.csv has a column of this name whatever the manifest holds."""
    channel, _, statistic = name.rpartition("_synchrony_")
    known = STATISTICS + SYNC_STATISTICS
    return (
        name in _RESULT_COLUMNS
        or (channel != "" and statistic in known)
        or any(name == f"{one}_{key}" for one in CHANNELS for key in known)
    )


def _offset(where: str, cell: str) -> float:
    number = _number(where, "offset", cell)
    if not math.isnan(number):
        try:
            SETTINGS["offset_s"].check(number)
        except SettingsError as error:
            allowed = SETTINGS["offset_s"].describe()
            raise UsageError(f"{where} has the offset {cell}; it must be {allowed}.") from error
    return number


def _rate(where: str, cell: str) -> float:
    number = _number(where, "rate", cell)
    if number <= 0:
        raise UsageError(f"{where} has the rate {cell}; it must be above 0: rows a second.")
    return number


def _number(where: str, name: str, cell: str) -> float:
    if not cell:
        return math.nan
    try:
        number = float(cell)
    except ValueError:
        number = math.inf
    if not math.isfinite(number):
        raise UsageError(f"{where} has the {name} {cell!r}; it must be a number.")
    return number
