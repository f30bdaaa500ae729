"""What stands in the journal: sessions that are spoken of, and entries about them."""

from __future__ import annotations

import json
import math
import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mirrorsync.errors import JournalError

__all__ = ["KINDS", "Entry", "SessionRef", "clean_tags", "clean_text", "new_id", "utc_text"]

KINDS: tuple[str, ...] = (
    "note", "bookmark", "exclusion", "reflection", "practice", "emotion_label", "check_in",
)  # fmt: skip
"""What an entry can be; `docs/journal.md` says what each carries in `data`."""

LONGEST_TAG = 80
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRef:
    """A session or recording that entries speak of; the file itself may have moved or gone.

    Attributes
    ----------
    id : str
        The journal's own name for it, a UUID.
    path : str
        Where it was last seen.
    sha256 : str or None
        Of what identifies it, in hexadecimal; a file that moved is known again by it.
    label : str
        What people call it.
    started_utc : str or None
        ISO 8601 time of its start, in UTC.
    duration_s : float or None
        Its length in seconds.
    attunement : float or None
        Its mean attunement, 0–1, excluded ranges left out; 0.5 is chance. None: not known.
    attunement_coverage : float or None
        The share of the time, 0–1, for which there was an attunement.
    scored : str or None
        Which state of the file and of the excluded ranges that mean belongs to.
    """

    id: str
    path: str
    sha256: str | None = None
    label: str = ""
    started_utc: str | None = None
    duration_s: float | None = None
    attunement: float | None = None
    attunement_coverage: float | None = None
    scored: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was written down.

    Attributes
    ----------
    id : str
        A UUID, the same in every copy and export.
    kind : str
        One of `KINDS`.
    text : str
        Plain text, exactly as written; a reflection's answer, a check-in's own words.
    session : str or None
        `SessionRef.id`; None when it belongs to no session.
    start_s, end_s : float or None
        Seconds from the session's start; None: about the session as a whole, or a moment without end.
    tags : tuple of str
        In alphabetical order.
    data : mapping
        What the kind carries besides: plain JSON values.
    created_utc, updated_utc : str
        ISO 8601 times in UTC, with milliseconds.
    """

    id: str
    kind: str
    text: str = ""
    session: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    tags: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    created_utc: str = ""
    updated_utc: str = ""

    def checked(self) -> Entry:
        """Return the same entry with clean text and tags.

        Raises
        ------
        JournalError
            An unknown kind, an impossible time, an excluded range without range, or data that JSON
            cannot hold.
        """
        if self.kind not in KINDS:
            raise JournalError(f"A journal has no entries of kind {self.kind!r}; use {', '.join(KINDS)}.")
        start_s, end_s = _seconds(self.start_s), _seconds(self.end_s)
        if end_s is not None and (start_s is None or end_s < start_s):
            raise JournalError("A stretch of time must end after it starts; give both ends in order.")
        if start_s is not None and self.session is None:
            raise JournalError("A time means nothing without its session; say which session it is in.")
        if self.kind == "exclusion" and (start_s is None or end_s is None or end_s <= start_s):
            raise JournalError("An excluded range needs a session, a start and a later end.")
        try:
            data = json.loads(json.dumps(dict(self.data), allow_nan=False))
        except (TypeError, ValueError) as error:
            raise JournalError(f"This entry cannot be kept ({error}); leave the odd value out.") from error
        return Entry(
            id=self.id, kind=self.kind, text=clean_text(self.text), session=self.session,
            start_s=start_s, end_s=end_s, tags=clean_tags(self.tags), data=_clean_data(data),
            created_utc=self.created_utc, updated_utc=self.updated_utc,
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Return plain, JSON-ready values by name, in declared order."""
        return {
            "id": self.id,
            "kind": self.kind,
            "text": self.text,
            "session": self.session,
            "start_s": self.start_s,
            "end_s": self.end_s,
            "tags": list(self.tags),
            "data": dict(self.data),
            "created_utc": self.created_utc,
            "updated_utc": self.updated_utc,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Entry:
        """Return the entry that `as_dict` gave; KeyError or TypeError when it is not that."""
        known = {name: values[name] for name in cls.__dataclass_fields__}
        known["tags"] = tuple(known["tags"])
        return cls(**known)

    def same_content(self, other: Entry) -> bool:
        """Whether two entries say the same, whenever that was."""
        return {**self.as_dict(), "updated_utc": ""} == {**other.as_dict(), "updated_utc": ""}


def new_id() -> str:
    """Return a new UUID as text."""
    return str(uuid.uuid4())


def utc_text(moment: datetime | None = None) -> str:
    """Return a moment (default: now) as text in UTC (ISO 8601), such as 2026-11-23T21:00:00.000Z.

    Raises
    ------
    ValueError
        `moment` has no time zone.
    """
    at = datetime.now(UTC) if moment is None else moment
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clean_text(text: str) -> str:
    """Return `text` unchanged, but for halves of characters, which no file can hold (shown as U+FFFD)."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the tags without outer or doubled white space, empty ones and doubles, in order.

    Commas separate tags where they are typed, so one inside a tag becomes a space.
    """
    found: dict[str, str] = {}
    for tag in tags:
        one = unicodedata.normalize("NFC", clean_text(tag)).replace(",", " ").replace("\0", " ")
        one = " ".join(one.split())[:LONGEST_TAG].strip()
        if one:
            found.setdefault(one.casefold(), one)
    return tuple(found[key] for key in sorted(found))


def _clean_data(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean_data(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(key): _clean_data(item) for key, item in value.items()}
    return value


def _seconds(value: float | None) -> float | None:
    if value is None:
        return None
    if not math.isfinite(value):
        raise JournalError(f"{value} is no time; give seconds from the start of the session.")
    return float(value)
