"""Recordings through the pipeline: both feeds in parallel, in lock step, nothing dropped."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from mirrorsync.capture.source import VideoSource
from mirrorsync.engine.engine import Engine
from mirrorsync.engine.exclusion import Exclusion
from mirrorsync.engine.pairing import file_pairs
from mirrorsync.engine.prefetch import Prefetch
from mirrorsync.engine.turns import take_short_turns
from mirrorsync.features.extract import FeatureExtractor
from mirrorsync.settings import Settings
from mirrorsync.types import Features, Observation, Snapshot

if TYPE_CHECKING:
    from mirrorsync.engine.observe import MakeLandmarker

__all__ = ["Earlier", "Keep", "analyse", "bridging_gaps", "score"]

_LEAST_HZ = 1.0

Keep = Callable[[str, Observation], None]
"""Called with "a" or "b" and every observation that the models made, in order of time."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run found in a feed.

    Attributes
    ----------
    features : iterable of Features
        Of every frame before `until_ns`, in order.
    until_ns : int
        The beginning of a piece, see `mirrorsync.engine.observe.piece_start_ns`.
    extract : FeatureExtractor
        That remembers those frames.
    """

    features: Iterable[Features] = ()
    until_ns: int = 0
    extract: FeatureExtractor = field(default_factory=FeatureExtractor)


def analyse(
    a: VideoSource,
    b: VideoSource,
    settings: Settings,
    make_landmarker: MakeLandmarker,
    *,
    keep: Keep | None = None,
    earlier: tuple[Earlier, Earlier] | None = None,
) -> Iterator[Snapshot]:
    """Yield a snapshot a tick; the same sources and settings give the same snapshots.

    Both sources are closed at the end, also when the caller stops early or something fails.

    Parameters
    ----------
    a, b : VideoSource
        Not live; each is read in a thread of its own and looked at in another.
    settings : Settings
        All that the scores depend on.
    make_landmarker : callable
        Makes the landmarkers of a feed.
    keep : callable, optional
        Is given every observation.
    earlier : (Earlier, Earlier), optional
        What is known of each feed already; the models go on after it, and the scores are the same as
        without an interruption.
    """
    from mirrorsync.engine.observe import observations  # OpenCV with it, which `score` does without

    take_short_turns()
    with ExitStack() as stack:
        stack.enter_context(a)
        stack.enter_context(b)
        feeds: list[Iterator[Observation | Features]] = []
        for name, source, known in zip("ab", (a, b), earlier or (Earlier(), Earlier()), strict=True):
            frames = stack.enter_context(Prefetch(iter(source), name=f"mirrorsync-decode-{name}"))
            found = observations(frames, make_landmarker, from_ns=known.until_ns, extract=known.extract)
            fresh = stack.enter_context(Prefetch(found, name=f"mirrorsync-analyse-{name}"))
            feeds.append(chain(known.features, fresh if keep is None else _kept(name, fresh, keep)))
        yield from _scored(feeds[0], feeds[1], bridging_gaps(settings, (a.fps, b.fps)))


def bridging_gaps(settings: Settings, rates_hz: Sequence[float | None]) -> Settings:
    """Return settings under which the time between two frames is no gap, however few there are per second.

    Parameters
    ----------
    rates_hz : sequence of (float or None)
        Frames per second of both recordings; None or NaN where nobody knows.
    """
    known = [rate for rate in rates_hz if rate is not None and math.isfinite(rate) and rate >= _LEAST_HZ]
    between_s = 1.5 / min(known) if known else 0.0
    return settings.with_(max_gap_s=between_s) if between_s > settings.max_gap_s > 0 else settings


def score(a: Iterable[Features], b: Iterable[Features], settings: Settings) -> Iterator[Snapshot]:
    """Yield what `analyse` yields, from features that were kept: no models, no pictures."""
    return _scored(iter(a), iter(b), settings)


def _scored(
    a: Iterator[Observation | Features], b: Iterator[Observation | Features], settings: Settings
) -> Iterator[Snapshot]:
    """Score two feeds; the stretches of `settings.exclude` are gaps in which nothing is scored."""
    exclusion = Exclusion(settings)
    for snapshot in Engine(settings).run(exclusion.blind(file_pairs(a, b, settings))):
        yield exclusion.mute(snapshot)


def _kept(name: str, found: Iterator[Observation], keep: Keep) -> Iterator[Observation]:
    for one in found:
        keep(name, one)
        yield one
