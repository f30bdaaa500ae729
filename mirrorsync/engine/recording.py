"""What is kept of a live session: its scores, and landmarks and video of those who agreed to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mirrorsync.errors import SessionError
from mirrorsync.session.consent import Consent, allowed
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.store import SessionWriter
from mirrorsync.session.video import VideoWriter
from mirrorsync.types import Observation, SessionEvent, Snapshot

__all__ = ["LiveRecording"]


class LiveRecording:
    """A session file and, where somebody agreed to it, a video beside it.

    Not for several threads at once, but `close` may come from another one than the rest.

    Parameters
    ----------
    path : Path
        A session file that does not exist yet.
    meta : SessionMeta
        Stored at once.
    consents : sequence of Consent
        What the people have agreed to; without any, scores alone are kept.

    Raises
    ------
    SessionError
        From every method: see `SessionWriter` and `VideoWriter`. What was written before stays good.
    """

    def __init__(self, path: Path, meta: SessionMeta, consents: Sequence[Consent] = ()) -> None:
        self._writer = SessionWriter(path, meta, consents=consents)
        self._videos: dict[str, tuple[int, VideoWriter]] = {}
        self._landmarks = {side: allowed(consents, side, "landmarks") for side in ("a", "b")}
        self._pictures = {side: allowed(consents, side, "video") for side in ("a", "b")}

    @property
    def path(self) -> Path:
        """The session file."""
        return self._writer.path

    @property
    def dropped(self) -> int:
        """Pictures that are in no video because encoding was too slow."""
        return sum(video.dropped for _, video in self._videos.values())

    def add(self, snapshot: Snapshot) -> None:
        """Keep one tick."""
        for _, video in self._videos.values():
            if video.error is not None:
                raise video.error
        self._writer.add(snapshot)

    def add_event(self, event: SessionEvent) -> None:
        """Keep an event that is no tick's own."""
        self._writer.add_event(event)

    def see(self, side: str, seen: Observation, t_ns: int) -> None:
        """Keep of a frame of "a" or "b" what that person agreed to; nothing waits for the video.

        Parameters
        ----------
        side : str
            "a" or "b".
        seen : Observation
            The frame and what was found in it.
        t_ns : int
            Its time on the session's clock.
        """
        if self._landmarks[side]:
            self._writer.add_landmarks(side, seen.landmarks, t_ns)
        if not self._pictures[side]:
            return
        if side not in self._videos:
            self._videos[side] = t_ns, VideoWriter(self._writer.begin_video(side, t_ns), name=side)
        start_ns, video = self._videos[side]
        video.add(t_ns - start_ns, seen.frame.rgb)

    def close(self, complete: bool = True) -> None:
        """Finish the videos and the session file; may be called again."""
        failed: SessionError | None = None
        for _, video in self._videos.values():
            try:
                video.close()
            except SessionError as error:
                failed = failed or error
        self._writer.close(complete and failed is None)
        if failed is not None:
            raise failed
