"""A journal with a bit of everything, and a clock that the test turns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from mirrorsync.journal import Journal

BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Clock:
    """Gives the moment it stands at."""

    def __init__(self, now: datetime = BEGIN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        """Turn it forward, for instance by ``days=1``."""
        self.now += timedelta(**time)


def fill(journal: Journal) -> str:
    """Write one entry of most kinds; return the id of the session they speak of."""
    session = journal.session("/home/me/role play.mirrorsync", sha256="ab" * 32, label="Role play 1")
    journal.add("note", "She crossed her arms", session=session.id, start_s=12.5, tags=["posture"])
    journal.add("bookmark", "", session=session.id, start_s=30.0)
    journal.add("exclusion", session=session.id, start_s=40.0, end_s=55.0)
    journal.add(
        "reflection", "Warm, in the chest", session=session.id, start_s=70.0,
        data={"question": "What did you feel in your body?"},
    )  # fmt: skip
    journal.add("note", "A thought of no session", tags=["Ideas", "posture"])
    return session.id


def made(path: Path, *, passphrase: str | None = None, clock: Clock | None = None) -> Path:
    """Make a journal file filled by `fill`, and close it."""
    with Journal(path, passphrase=passphrase, clock=clock or Clock()) as journal:
        fill(journal)
    return path
