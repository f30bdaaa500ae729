"""What is being typed, kept each half second, so that a crash costs at most that."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Draft", "all_of", "drop", "keep"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is not an entry yet, or a change of one.

    Attributes
    ----------
    key : str
        The caller's name for where it is typed; the entry's id for a change.
    text : str
        As far as it was typed.
    data : mapping
        What belongs to it: plain JSON values.
    updated_utc : str
        When it was last kept.
    """

    key: str
    text: str
    data: Mapping[str, Any]
    updated_utc: str


def keep(connection: sqlite3.Connection, draft: Draft) -> None:
    """Write a draft in place of the one with its key."""
    connection.execute(
        "INSERT OR REPLACE INTO drafts (key, text, data, updated_utc) VALUES (?, ?, ?, ?)",
        (draft.key, draft.text, json.dumps(dict(draft.data), ensure_ascii=False), draft.updated_utc),
    )


def drop(connection: sqlite3.Connection, key: str | None) -> None:
    """Delete a draft, if there is one."""
    if key is not None:
        connection.execute("DELETE FROM drafts WHERE key = ?", (key,))


def all_of(connection: sqlite3.Connection) -> list[Draft]:
    """Return all drafts, newest first."""
    rows = connection.execute(
        "SELECT key, text, data, updated_utc FROM drafts ORDER BY updated_utc DESC, key"
    )
    return [Draft(key, text, json.loads(data), at) for key, text, data, at in rows]
