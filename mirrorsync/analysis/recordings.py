"""From two recordings to a folder of results: engine, session store and export put together."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from mirrorsync.analysis.counted import Counted
from mirrorsync.analysis.exporting import export_session, offset_note
from mirrorsync.analysis.seen import hardly_seen, seen_notes, seen_shares
from mirrorsync.analysis.voice import Mouths, listen
from mirrorsync.assets import asset_hashes
from mirrorsync.capture.feed import parse_feed
from mirrorsync.capture.opening import open_source
from mirrorsync.engine.exclusion import Exclusion
from mirrorsync.engine.observe import MakeLandmarker
from mirrorsync.engine.offline import Keep, analyse
from mirrorsync.errors import UsageError
from mirrorsync.export.config import CONFIG_NAME
from mirrorsync.export.dictionary import COLUMNS
from mirrorsync.export.folder import output_folder
from mirrorsync.session.meta import SessionMeta, program_versions
from mirrorsync.session.places import SESSION_NAME
from mirrorsync.session.store import SessionReader, SessionWriter
from mirrorsync.settings import Settings
from mirrorsync.types import SessionEvent, Snapshot
from mirrorsync.voice.conversation import VOICE_EVENT

__all__ = [
    "ANALYSIS_FILES",
    "SESSION_NAME",
    "Analysis",
    "Watcher",
    "analyse_recordings",
    "default_landmarker",
    "files_of_earlier",
    "new_meta",
]

ANALYSIS_FILES: tuple[str, ...] = (
    *COLUMNS, "columns.csv", "summary.json", CONFIG_NAME, "landmarks_a.parquet", "landmarks_b.parquet",
    SESSION_NAME,
)  # fmt: skip
"""All that an analysis may write into its folder."""

Watcher = Callable[[Snapshot, float], None]
"""Called with every snapshot and the length of the whole in s (NaN: not known), to show how far it is."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an analysis left behind: the folder, its length, and sentences worth telling.

    `complete`: both people were seen in at least half of the time, and no part of a recording is missing.
    """

    folder: Path
    ticks: int
    duration_s: float
    notes: tuple[str, ...]
    complete: bool = True


def default_landmarker(models_dir: Path | None = None, *, beside: bool = True) -> MakeLandmarker:
    """Return what makes a MediaPipe landmarker; mediapipe is imported when the first one is made.

    Without `beside` it keeps to one core, see `mirrorsync.landmarks.mediapipe_tasks.MediaPipeLandmarker`.
    """

    def make() -> object:
        from mirrorsync.landmarks.mediapipe_tasks import MediaPipeLandmarker

        return MediaPipeLandmarker(models_dir=models_dir, beside=beside)

    return make  # type: ignore[return-value]  # the import above must stay lazy


def new_meta(feed_a: str, feed_b: str, settings: Settings, *, created: str | None = None) -> SessionMeta:
    """Return what is stored with a session of these feeds under these settings."""
    return SessionMeta(
        feed_a=feed_a,
        feed_b=feed_b,
        label_a=settings.label_a,
        label_b=settings.label_b,
        created=created,
        parameters=settings.as_dict(scores_only=True),
        versions=program_versions(),
        assets=asset_hashes(),
        seed=settings.seed,
    )


def files_of_earlier(out: Path) -> list[str]:
    """Return which files in a folder an earlier analysis has left there; none when there was none."""
    if not (out / "summary.json").is_file():
        return []  # a session alone is a recording, no result
    return [name for name in ANALYSIS_FILES if (out / name).is_file()]


def analyse_recordings(
    feed_a: str,
    feed_b: str,
    out: Path,
    settings: Settings,
    *,
    make_landmarker: MakeLandmarker,
    keep_session: bool = False,
    tables: bool = True,
    watch: Watcher | None = None,
) -> Analysis:
    """Analyse two recordings and write every file of the contract into `out`.

    The same recordings and settings give the same bytes. When it fails, `out` is as it was before; when it
    is done, what an earlier analysis wrote there and this one does not is gone, so that nothing of two
    analyses is mixed.

    Parameters
    ----------
    feed_a, feed_b : str
        Feed strings of recordings: files, image sequences or portraits.
    out : Path
        Folder for the results; made if need be.
    settings : Settings
        All that the scores depend on, how much is analysed, and what is written.
    make_landmarker : callable
        Makes one landmarker a feed.
    keep_session : bool
        Leave the session itself in `out` too, as `SESSION_NAME`.
    tables : bool
        Write everything else; without it, only what `keep_session` and `settings.landmarks` ask for.
    watch : callable, optional
        Called with every snapshot and the length of the longer recording in s.

    Raises
    ------
    UsageError
        A feed is live, or its string cannot be understood.
    MirrorSyncError
        A feed does not open, a model is missing, or the results cannot be written.
    """
    for feed in (feed_a, feed_b):
        if parse_feed(feed).kind not in {"file", "frames", "portrait"}:
            raise UsageError(
                f"{feed} is live and has no end; analyse recordings, or open it with `mirrorsync live`."
            )
    Exclusion(settings)  # what cannot be understood is told before anything is opened
    meta = new_meta(feed_a, feed_b, settings)
    earlier = files_of_earlier(out)
    with (
        output_folder(out, owned=earlier) as folder,
        tempfile.TemporaryDirectory(prefix="mirrorsync-") as temporary,
        Counted(open_source(feed_a, settings, seconds=settings.length_s or None)) as a,
        Counted(open_source(feed_b, settings, seconds=settings.length_s or None)) as b,
    ):
        lengths = [source.duration_s for source in (a, b) if math.isfinite(source.duration_s)]
        length_s = max(lengths, default=math.nan)
        path = (folder if keep_session else Path(temporary)) / SESSION_NAME
        with SessionWriter(path, meta, durable=keep_session) as writer, ExitStack() as stack:
            keep = _landmark_files(stack, folder, feed_a, feed_b) if settings.landmarks else None
            mouths, ticks = Mouths(), 0
            for snapshot in analyse(a, b, settings, make_landmarker, keep=keep):
                writer.add(snapshot)
                mouths.add(snapshot)
                ticks += 1
                if watch is not None:
                    watch(snapshot, length_s)
            spoken, heard = listen(feed_a, feed_b, mouths, settings, duration_s=ticks / settings.rate_hz)
            if spoken is not None:
                writer.add_event(SessionEvent(0, VOICE_EVENT, spoken.as_dict()))
            writer.update_meta(replace(meta, inputs=(a.info(), b.info())))
        with SessionReader(path) as reader:
            late = export_session(reader, folder, settings) if tables else offset_note(reader)
            ticks, duration_s = reader.ticks, reader.duration_s
            shares = seen_shares(reader)
            unseen = seen_notes(shares, reader.meta.inputs)
        gone = [name for name in earlier if not (folder / name).is_file()]
    told = [f"Removed from {out}, as an earlier analysis had left it: {', '.join(gone)}."] if gone else []
    notes = (*a.notes, *b.notes, *heard, *([late] if late else []), *told, *unseen)
    return Analysis(
        out, ticks, duration_s, notes, complete=not hardly_seen(shares) and not (a.lost or b.lost)
    )


def _landmark_files(stack: ExitStack, folder: Path, feed_a: str, feed_b: str) -> Keep:
    """Open the landmark files, which are closed with `stack`, and return what writes into them."""
    from mirrorsync.export.landmarks_parquet import landmarks_writer, write_landmarks

    feeds = {"a": feed_a, "b": feed_b}
    writers = {
        side: stack.enter_context(landmarks_writer(folder, side, feed)) for side, feed in feeds.items()
    }
    return lambda side, seen: write_landmarks(writers[side], seen)
