"""What happened to the feeds and to the measuring, as events for the session and sentences for people."""

from __future__ import annotations

from mirrorsync.engine import texts
from mirrorsync.engine.status import FeedStatus, Reduced
from mirrorsync.types import SessionEvent

__all__ = ["Changes"]


class Changes:
    """Tells what is not as it was at the tick before."""

    def __init__(self) -> None:
        self._feeds: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._reduced: Reduced = ""

    def look(
        self, t_ns: int, a: FeedStatus, b: FeedStatus, reduced: Reduced
    ) -> tuple[tuple[SessionEvent, ...], tuple[str, ...]]:
        """Compare with the tick before; return events at `t_ns` and sentences."""
        events: list[SessionEvent] = []
        said: list[str] = []
        for side, status in (("a", a), ("b", b)):
            now, before = (status.state, status.conditions), self._feeds.get(side)
            if now == before:
                continue
            self._feeds[side] = now
            if before is not None or status.state != "opening":
                events.append(_feed_event(t_ns, side, *now))
            if before is not None and before[0] == "lost" and status.state == "live":
                said.append(texts.PICTURE_BACK[side])
        if reduced != self._reduced:
            self._reduced = reduced
            events.append(SessionEvent(t_ns, "reduced", {"to": reduced}))
            said.append(texts.REDUCED[reduced])
        return tuple(events), tuple(said)

    def now(self, t_ns: int) -> tuple[SessionEvent, ...]:
        """Return how things are as events, for a recording that begins at `t_ns`."""
        feeds = [_feed_event(t_ns, side, *known) for side, known in self._feeds.items()]
        reduced = [SessionEvent(t_ns, "reduced", {"to": self._reduced})] if self._reduced else []
        return (*feeds, *reduced)


def _feed_event(t_ns: int, side: str, state: str, conditions: tuple[str, ...]) -> SessionEvent:
    return SessionEvent(t_ns, "feed", {"side": side, "state": state, "conditions": list(conditions)})
