"""How a feed string becomes an open source. Nothing heavy is imported before a source is opened."""

from __future__ import annotations

from mirrorsync.capture.camera_facts import facts_of
from mirrorsync.capture.feed import FeedSpec, parse_feed
from mirrorsync.capture.source import LimitedSource, VideoSource
from mirrorsync.settings import Settings

__all__ = ["dressed", "open_bare", "open_source"]


def open_source(
    feed: str, settings: Settings, *, paced: bool = False, seconds: float | None = None
) -> VideoSource:
    """Open the feed that a feed string names.

    Parameters
    ----------
    feed : str
        See `mirrorsync.capture.feed.parse_feed`.
    settings : Settings
        `camera_width` and `camera_height` are asked of a camera; pictures whose longer side exceeds
        `max_side` are shrunk (after cropping).
    paced : bool
        Deliver recordings and portraits in real time, as if they were live; no effect on live feeds.
    seconds : float, optional
        End after this many seconds of the feed; the script of a portrait is fitted into them.

    Raises
    ------
    UsageError
        The string cannot be understood.
    SourceError
        The feed does not open; the sentence says what to do.
    """
    spec = parse_feed(feed)
    max_side = settings.max_side if spec.crop is None else None
    source = open_bare(spec, settings, max_side=max_side, seconds=seconds)
    return dressed(source, spec, settings, paced=paced, seconds=seconds)


def dressed(
    source: VideoSource,
    spec: FeedSpec,
    settings: Settings,
    *,
    paced: bool = False,
    seconds: float | None = None,
) -> VideoSource:
    """Return `source` cropped as `spec` says, limited and paced as asked; closes it when that fails.

    Of a camera that is remembered to flip its picture, the picture is turned back.
    """
    try:
        if spec.crop is not None:
            from mirrorsync.capture.crop import CropSource

            source = CropSource(source, spec.crop, feed=str(spec), max_side=settings.max_side)
        facts = facts_of(spec)
        if facts is not None and facts.flipped:
            from mirrorsync.capture.flip import FlippedSource

            source = FlippedSource(source)
        if seconds is not None:
            source = LimitedSource(source, seconds)
        if paced and not source.live:
            from mirrorsync.capture.pacing import PacedSource

            source = PacedSource(source)
    except BaseException:
        source.close()
        raise
    return source


def open_bare(
    spec: FeedSpec, settings: Settings, *, max_side: int | None, seconds: float | None = None
) -> VideoSource:
    """Open what `spec` names, without its crop; only a portrait makes use of `seconds`."""
    if spec.kind in {"screen", "window"}:
        from mirrorsync.capture import screen

        opening = screen.open_screen if spec.kind == "screen" else screen.open_window
        return opening(spec.target, max_side=max_side)
    if spec.kind == "portrait":
        from mirrorsync.capture.portrait import PortraitSource

        return PortraitSource(spec.target, seconds=seconds)
    if spec.kind == "frames":
        from mirrorsync.capture.frames import ImageSequence

        return ImageSequence(spec.target, max_side=max_side)
    from mirrorsync.capture import opencv

    if spec.kind == "camera":
        return opencv.open_camera(
            spec.target, width=settings.camera_width, height=settings.camera_height, max_side=max_side
        )
    if spec.kind == "stream":
        return opencv.open_stream(spec.target, max_side=max_side)
    return opencv.open_file(spec.target, max_side=max_side)
