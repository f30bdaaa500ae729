"""Recordings through the pipeline: both feeds in parallel, in lock step, nothing dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from mirrorsync.capture.source import VideoSource
from mirrorsync.engine.engine import Engine
from mirrorsync.engine.observe import MakeLandmarker, observations
from mirrorsync.engine.pairing import file_pairs
from mirrorsync.engine.prefetch import Prefetch
from mirrorsync.settings import Settings
from mirrorsync.types import Snapshot

__all__ = ["analyse"]


def analyse(
    a: VideoSource, b: VideoSource, settings: Settings, make_landmarker: MakeLandmarker
) -> Iterator[Snapshot]:
    """Yield a snapshot a tick; the same sources and settings give the same snapshots.

    Both sources are closed at the end, also when the caller stops early or something fails.

    Parameters
    ----------
    a, b : VideoSource
        Not live; each is read in a thread of its own.
    settings : Settings
        All that the scores depend on.
    make_landmarker : callable
        Makes one landmarker a feed.
    """
    with ExitStack() as stack:
        stack.enter_context(a)
        stack.enter_context(b)
        feeds = [
            stack.enter_context(
                Prefetch(observations(source, make_landmarker), name=f"mirrorsync-analyse-{name}")
            )
            for name, source in (("a", a), ("b", b))
        ]
        yield from Engine(settings).run(file_pairs(feeds[0], feeds[1], settings))
