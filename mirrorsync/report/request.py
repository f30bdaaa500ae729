"""What a window asks of the process that makes its report: all of it as one JSON text, on standard input."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from mirrorsync.errors import UsageError
from mirrorsync.journal.entries import Entry
from mirrorsync.review.moments import Range

__all__ = ["fulfil", "request_text"]


def request_text(
    session: Path, out: Path, *, notes: Sequence[Entry], pictures: Sequence[float], excluded: Sequence[Range]
) -> str:
    """Return the request for `mirrorsync.report.making.make_report` with these arguments."""
    return json.dumps(
        {
            "session": str(session),
            "out": str(out),
            "notes": [asdict(note) for note in notes],
            "pictures": list(pictures),
            "excluded": [list(one) for one in excluded],
        }
    )


def fulfil(text: str, reached: Callable[[str], None] = lambda _: None) -> None:
    """Make the report that `request_text` asks for; `reached` gets the name of each step that begins.

    Raises
    ------
    UsageError
        It is no such request.
    MirrorSyncError
        See `mirrorsync.report.making.make_report`.
    """
    from mirrorsync.report.making import make_report

    try:
        asked = json.loads(text)
        notes = [Entry(**{**note, "tags": tuple(note["tags"])}) for note in asked["notes"]]
        excluded = [(float(start_s), float(end_s)) for start_s, end_s in asked["excluded"]]
        session, out, pictures = Path(asked["session"]), Path(asked["out"]), asked["pictures"]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"This is no request for a report; use mirrorsync report ({error}).") from error
    make_report(session, out, notes=notes, pictures=pictures, excluded=excluded, reached=reached)
