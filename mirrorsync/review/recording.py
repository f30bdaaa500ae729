"""A recording becomes a session: analysed once, continued where it stopped, scored again with an offset.

The models' findings are kept frame by frame in the session file. All scores follow from them, so an
analysis that was stopped or killed goes on with the same result, and a nudged offset needs no model.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from mirrorsync.analysis import new_meta
from mirrorsync.capture.feed import FeedSpec, parse_feed
from mirrorsync.capture.opening import open_source
from mirrorsync.capture.source import VideoSource
from mirrorsync.checksums import file_sha256
from mirrorsync.engine.observe import MakeLandmarker, piece_start_ns
from mirrorsync.engine.offline import Earlier, analyse, score
from mirrorsync.errors import SessionError, UsageError
from mirrorsync.features.extract import FeatureExtractor
from mirrorsync.features.posture import MIN_VISIBILITY
from mirrorsync.landmarks.topology import FACE_EDGES
from mirrorsync.session.files import keep_blob
from mirrorsync.session.frames import KeptFrames
from mirrorsync.session.meta import InputInfo, SessionMeta
from mirrorsync.session.places import new_session_path
from mirrorsync.session.pyramid import keep_pyramid, pyramid_of
from mirrorsync.session.reader import SessionReader
from mirrorsync.session.recording import RecordingWriter
from mirrorsync.settings import Settings, load_settings
from mirrorsync.types import Features, Snapshot

__all__ = ["Progress", "analyse_recording", "new_recording", "rescore", "settings_of", "source_notes"]

Progress = Callable[[float, float], bool]
"""Called with how far the work is and the length of the whole, in s (NaN: not known); False asks to stop."""

FACE_POINTS: tuple[int, ...] = tuple(np.unique(FACE_EDGES).tolist())
_NOTES = "source-notes-1"
_SHOULDERS = slice(11, 13)
_REMEMBERED = 256  # frames with both shoulders: as many as the running shoulder width looks back


def new_recording(feed_a: str, feed_b: str, settings: Settings, *, folder: Path | None = None) -> Path:
    """Make the session file of a recording, in the user's sessions or in `folder`; nothing is analysed yet.

    Parameters
    ----------
    feed_a, feed_b : str
        Two video files, or two parts of one (``call.mp4#left``). Remembered with their whole path.
    settings : Settings
        All that the scores depend on, `offset_s` among them.

    Raises
    ------
    UsageError
        A feed is not a recording, or both are the same.
    SessionError
        The file cannot be made.
    """
    feeds = [str(_absolute(parse_feed(feed))) for feed in (feed_a, feed_b)]
    if feeds[0] == feeds[1]:
        raise UsageError(
            "Both people are the same picture; choose two files, or two parts of one such as "
            "call.mp4#left and call.mp4#right."
        )
    now = datetime.now().astimezone()
    path = new_session_path(now, folder)
    meta = new_meta(feeds[0], feeds[1], settings, created=now.isoformat(timespec="seconds"))
    with RecordingWriter(path, meta, face_points=FACE_POINTS) as writer:
        writer.close(complete=False)
    return path


def settings_of(meta: SessionMeta) -> Settings:
    """Return the settings that a session was scored with."""
    return load_settings(**meta.parameters)


def analyse_recording(path: Path, *, make_landmarker: MakeLandmarker, progress: Progress) -> bool:
    """Analyse the recording of a session from wherever it stopped; return whether it is whole now.

    The result is the same however often it was interrupted. May be killed at any time.

    Raises
    ------
    SessionError
        The session cannot be written, or a recording has changed since the analysis began.
    MirrorSyncError
        A recording does not open, or a model is missing.
    """
    with SessionReader(path) as reader:
        meta = reader.meta
        if reader.complete:
            return True
    settings = settings_of(meta)
    inputs = _inputs(meta)
    with RecordingWriter(path, meta, face_points=FACE_POINTS) as writer, KeptFrames(path) as kept:
        writer.update_meta(replace(meta, inputs=inputs))
        with open_source(meta.feed_a, settings) as a, open_source(meta.feed_b, settings) as b:
            lengths = [source.duration_s for source in (a, b) if math.isfinite(source.duration_s)]
            length_s = max(lengths, default=math.nan)
            earlier = (_earlier(kept, "a"), _earlier(kept, "b"))
            for snapshot in analyse(a, b, settings, make_landmarker, keep=writer.add_frame, earlier=earlier):
                writer.add(snapshot)
                if not progress(snapshot.pair.t_ns * 1e-9, length_s):
                    kept.close()
                    writer.close(complete=False)
                    return False
            noted = [*_noted(a), *_noted(b)]
        writer.flush()
        found = tuple(_measured(kept, side, info) for side, info in zip("ab", inputs, strict=True))
        kept.close()
        writer.update_meta(replace(meta, inputs=found))
    _keep_timeline(path)
    if noted:
        keep_blob(path, _NOTES, json.dumps(list(dict.fromkeys(noted))).encode())
    return True


def source_notes(reader: SessionReader) -> tuple[str, ...]:
    """Return what was odd about a session's recordings when they were analysed, in plain sentences."""
    kept = reader.blob(_NOTES)
    try:
        return () if kept is None else tuple(str(note) for note in json.loads(kept))
    except ValueError:
        return ()


def rescore(path: Path, *, offset_s: float, progress: Progress) -> None:
    """Score a session again with another offset, from the features that were kept: no models, no pictures.

    Whoever reads meanwhile sees the old scores; they change all at once. An analysis that is not through
    keeps only the new offset: continuing it scores everything anew.

    Parameters
    ----------
    path : Path
        A session that `analyse_recording` made.
    offset_s : float
        How late B is against A.
    progress : callable
        False leaves everything as it was.

    Raises
    ------
    SessionError
        The session has no frames to score from, or cannot be written.
    """
    with SessionReader(path) as reader:
        meta, complete, length_s = reader.meta, reader.complete, reader.duration_s
        noted = reader.blob(_NOTES)
    changed = replace(meta, parameters={**meta.parameters, "offset_s": float(offset_s)})
    settings = settings_of(changed)
    with RecordingWriter(path, changed, face_points=FACE_POINTS) as writer, KeptFrames(path) as kept:
        if kept.last_ns("a") < 0 and kept.last_ns("b") < 0 and complete:
            writer.close(complete)
            raise SessionError(
                f"{path} was recorded live and keeps no single frames; its offset cannot be changed any more."
            )

        def snapshots() -> Iterator[Snapshot]:
            for snapshot in score(_features(kept, "a"), _features(kept, "b"), settings):
                if not progress(snapshot.pair.t_ns * 1e-9, length_s):
                    raise _Stopped
                yield snapshot

        with contextlib.suppress(_Stopped):
            writer.rewrite(changed, snapshots() if complete else ())
        writer.close(complete)
    if complete:
        _keep_timeline(path)
    if noted is not None:
        keep_blob(path, _NOTES, noted)


def _noted(source: VideoSource) -> list[str]:
    """Return a source's notes, with the file's name instead of its whole path."""
    target = parse_feed(source.feed).target
    return [note.replace(target, Path(target).name) for note in source.notes]


class _Stopped(Exception):  # noqa: N818 - not an error
    """The caller has had enough."""


def _absolute(spec: FeedSpec) -> FeedSpec:
    if spec.kind != "file":
        if spec.kind == "portrait":
            return spec
        if spec.kind == "frames":
            raise UsageError(
                f"{spec} is an image sequence; analyse it with `mirrorsync analyze`, or make a video of it."
            )
        raise UsageError(f"{spec} is live; open a video file here, or use the live window.")
    return replace(spec, target=str(Path(spec.target).resolve()))


def _inputs(meta: SessionMeta) -> tuple[InputInfo, ...]:
    """Return both inputs with their SHA-256; SessionError when a file is not the one it was."""
    known = {info.feed: info.sha256 for info in meta.inputs}
    hashes: dict[str, str] = {}
    out = []
    for feed in (meta.feed_a, meta.feed_b):
        spec, found = parse_feed(feed), None
        if spec.kind == "file" and Path(spec.target).is_file():
            if spec.target not in hashes:
                hashes[spec.target] = file_sha256(Path(spec.target))
            found = hashes[spec.target]
            if known.get(feed) not in (None, found):
                raise SessionError(
                    f"{spec.target} has changed since its analysis began; open it again as a new recording."
                )
        out.append(InputInfo(feed, found))
    return tuple(out)


def _measured(kept: KeptFrames, side: str, info: InputInfo) -> InputInfo:
    frames, first_ns, last_ns = kept.extent(side)
    fps = (frames - 1) / ((last_ns - first_ns) * 1e-9) if frames > 1 else None
    length_s = last_ns * 1e-9 + (1.0 / fps if fps else 0.0)
    return replace(
        info, frames=frames, fps=None if fps is None else round(fps, 4), duration_s=round(length_s, 4)
    )


def _features(kept: KeptFrames, side: str) -> Iterator[Features]:
    return (frame.features for frame in kept.before(side, 2**62))


def _earlier(kept: KeptFrames, side: str) -> Earlier:
    """Return what is known of a feed up to the beginning of the piece in which it broke off."""
    until_ns = piece_start_ns(max(kept.last_ns(side), 0))
    if until_ns == 0:
        return Earlier()
    recent = deque(
        (
            frame.landmarks
            for frame in kept.before(side, until_ns)
            if frame.landmarks.pose_found and frame.landmarks.visibility[_SHOULDERS].min() >= MIN_VISIBILITY
        ),
        maxlen=_REMEMBERED,
    )
    extract = FeatureExtractor()
    for landmarks in recent:
        extract.recall(landmarks)
    return Earlier((frame.features for frame in kept.before(side, until_ns)), until_ns, extract)


def _keep_timeline(path: Path) -> None:
    with SessionReader(path) as reader:
        pyramid = pyramid_of(reader)
    keep_pyramid(path, pyramid)
