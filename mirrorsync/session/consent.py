"""Who was asked before something was kept of them, when, and for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mirrorsync.errors import SessionError

__all__ = ["Consent", "allowed", "check_consents", "consents_now"]

What = Literal["scores", "landmarks", "video"]


@dataclass(frozen=True, slots=True)
class Consent:
    """One person's answer.

    Attributes
    ----------
    person : str
        "a" or "b".
    asked_at : str
        When they were asked, ISO 8601 with the offset from UTC.
    scores : bool
        Whether scores, features and events of them may be kept.
    landmarks : bool
        Whether the points of their body and face may be kept as well.
    video : bool
        Whether their picture may be kept as well.
    """

    person: str
    asked_at: str
    scores: bool
    landmarks: bool = False
    video: bool = False

    def __post_init__(self) -> None:
        if self.person not in ("a", "b"):
            raise ValueError(f"a person is 'a' or 'b', not {self.person!r}")
        if datetime.fromisoformat(self.asked_at).tzinfo is None:
            raise ValueError("asked_at needs its offset from UTC")


def consents_now(*, landmarks: bool = False, video: bool = False) -> tuple[Consent, Consent]:
    """Return that both people have just agreed to scores, and to what else is said."""
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    return Consent("a", now, True, landmarks, video), Consent("b", now, True, landmarks, video)


def allowed(consents: Sequence[Consent], person: str, what: What) -> bool:
    """Whether a person's last answer allows `what` of them to be kept; who was not asked allows nothing."""
    own = [one for one in consents if one.person == person]
    return bool(own) and own[-1].scores and bool(getattr(own[-1], what))


def check_consents(consents: Sequence[Consent]) -> None:
    """Refuse a recording of somebody who was asked and did not agree.

    Raises
    ------
    SessionError
        Somebody said no to scores: then nothing at all is recorded, since every score is of both.
    """
    if any(not allowed(consents, one.person, "scores") for one in consents):
        raise SessionError("Somebody has not agreed to be recorded, so nothing is recorded; ask them again.")
