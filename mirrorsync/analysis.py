"""From two recordings to a folder of results: engine, session store and export put together."""

from __future__ import annotations

import hashlib
import math
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mirrorsync.assets import asset_hashes
from mirrorsync.capture.feed import parse_feed
from mirrorsync.capture.source import VideoSource, WrappedSource, open_source
from mirrorsync.engine.observe import MakeLandmarker
from mirrorsync.engine.offline import analyse
from mirrorsync.errors import UsageError
from mirrorsync.export.folder import output_folder
from mirrorsync.export.summary import write_summary
from mirrorsync.export.tables_csv import write_tables
from mirrorsync.features.baseline import Baseline
from mirrorsync.features.breathing import BreathingRate
from mirrorsync.features.pace import pace_series
from mirrorsync.session.meta import InputInfo, SessionMeta, program_versions
from mirrorsync.session.places import SESSION_SUFFIX
from mirrorsync.session.store import SessionReader, SessionWriter
from mirrorsync.settings import Settings, load_settings
from mirrorsync.synchrony.breathing import coupling_series
from mirrorsync.synchrony.events import session_events
from mirrorsync.synchrony.movement import SIGNALS, movement
from mirrorsync.synchrony.offset import estimate_offset, offset_sentence
from mirrorsync.synchrony.session_statistics import SessionScores, session_statistics, shifts
from mirrorsync.tables import CHANNELS, FEATURE_INDEX, N_FEATURES
from mirrorsync.types import FloatArray, Frame, SessionEvent, Snapshot

__all__ = [
    "Watcher",
    "analyse_recordings",
    "default_landmarker",
    "export_session",
    "file_sha256",
    "new_meta",
    "offset_note",
    "statistics_of",
]

SESSION_NAME = f"session{SESSION_SUFFIX}"

Watcher = Callable[[Snapshot, float], None]
"""Called with every snapshot and the length of the whole in s (NaN: not known), to show how far it is."""


class _Counted(WrappedSource):
    """Counts what it passes on."""

    def __init__(self, inner: VideoSource) -> None:
        super().__init__(inner)
        self.frames = 0
        self.first_ns = self.last_ns = 0

    def read(self) -> Frame | None:
        frame = self.inner.read()
        if frame is not None:
            self.first_ns = self.first_ns if self.frames else frame.t_ns
            self.frames, self.last_ns = self.frames + 1, frame.t_ns
        return frame

    def info(self) -> InputInfo:
        spec = parse_feed(self.feed)
        fps = self.fps
        if self.frames > 1:
            fps = (self.frames - 1) / ((self.last_ns - self.first_ns) * 1e-9)
        known = math.isfinite(fps) and fps > 0
        return InputInfo(
            feed=self.feed,
            sha256=file_sha256(Path(spec.target)) if spec.kind == "file" else None,
            frames=self.frames,
            fps=round(fps, 4) if known else None,
            duration_s=round(self.last_ns * 1e-9 + (1.0 / fps if known else 0.0), 4),
        )


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an analysis left behind: the folder, its length, and sentences worth telling."""

    folder: Path
    ticks: int
    duration_s: float
    notes: tuple[str, ...]


def default_landmarker(models_dir: Path | None = None) -> MakeLandmarker:
    """Return what makes a MediaPipe landmarker; mediapipe is imported when the first one is made."""

    def make() -> object:
        from mirrorsync.landmarks.mediapipe_tasks import MediaPipeLandmarker

        return MediaPipeLandmarker(models_dir=models_dir)

    return make  # type: ignore[return-value]  # the import above must stay lazy


def new_meta(feed_a: str, feed_b: str, settings: Settings, *, created: str | None = None) -> SessionMeta:
    """Return what is stored with a session of these feeds under these settings."""
    return SessionMeta(
        feed_a=feed_a,
        feed_b=feed_b,
        created=created,
        parameters=settings.as_dict(scores_only=True),
        versions=program_versions(),
        assets=asset_hashes(),
        seed=settings.seed,
    )


def analyse_recordings(
    feed_a: str,
    feed_b: str,
    out: Path,
    settings: Settings,
    *,
    make_landmarker: MakeLandmarker,
    seconds: float | None = None,
    keep_session: bool = False,
    watch: Watcher | None = None,
) -> Analysis:
    """Analyse two recordings and write every file of the contract into `out`.

    The same recordings and settings give the same bytes. Nothing is left in `out` when it fails.

    Parameters
    ----------
    feed_a, feed_b : str
        Feed strings of recordings: files or portraits.
    out : Path
        Folder for the results; made if need be.
    settings : Settings
        All that the scores depend on.
    make_landmarker : callable
        Makes one landmarker a feed.
    seconds : float, optional
        Analyse only this much from the start.
    keep_session : bool
        Leave the session itself in `out` too, as `SESSION_NAME`.
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
        if parse_feed(feed).kind not in {"file", "portrait"}:
            raise UsageError(
                f"{feed} is live and has no end; analyse recordings, or open it with `mirrorsync live`."
            )
    meta = new_meta(feed_a, feed_b, settings)
    with (
        output_folder(out) as folder,
        tempfile.TemporaryDirectory(prefix="mirrorsync-") as temporary,
        _Counted(open_source(feed_a, settings, seconds=seconds)) as a,
        _Counted(open_source(feed_b, settings, seconds=seconds)) as b,
    ):
        lengths = [source.duration_s for source in (a, b) if math.isfinite(source.duration_s)]
        length_s = max(lengths, default=math.nan)
        path = (folder if keep_session else Path(temporary)) / SESSION_NAME
        with SessionWriter(path, meta) as writer:
            for snapshot in analyse(a, b, settings, make_landmarker):
                writer.add(snapshot)
                if watch is not None:
                    watch(snapshot, length_s)
            writer.update_meta(replace(meta, inputs=(a.info(), b.info())))
        with SessionReader(path) as reader:
            export_session(reader, folder)
            ticks, duration_s = reader.ticks, reader.duration_s
            late = offset_note(reader)
    return Analysis(out, ticks, duration_s, (*a.notes, *b.notes, *([late] if late else [])))


def export_session(reader: SessionReader, folder: Path) -> None:
    """Write the tables and the summary of a session into a folder."""
    write_tables(reader, folder)
    settings = load_settings(**reader.meta.parameters)
    session = _scores_of(reader, settings)
    if session is None:
        write_summary(reader, {}, folder)
        return
    more: dict[str, Mapping[str, object]] = {
        "events": _events(session, settings),
        "breathing": _breathing(session, settings),
    }
    write_summary(reader, session_statistics(session, settings), folder, more)


def statistics_of(reader: SessionReader) -> dict[str, dict[str, float]]:
    """Return the statistics of every channel of a session, by its own parameters."""
    settings = load_settings(**reader.meta.parameters)
    session = _scores_of(reader, settings)
    return {} if session is None else session_statistics(session, settings)


def offset_note(reader: SessionReader) -> str:
    """Return a sentence that offers a clear constant offset between the feeds; empty when there is none."""
    settings = load_settings(**reader.meta.parameters)
    whole = reader.read()
    a, b = _movements(whole.features_a, whole.features_b, settings)
    found = estimate_offset(a, b, rate_hz=settings.rate_hz)
    return offset_sentence(found, applied_s=settings.offset_s)


def _scores_of(reader: SessionReader, settings: Settings) -> SessionScores | None:
    """Return a stored session as arrays; None when it has no ticks."""
    blocks = list(reader.blocks())
    if not blocks:
        return None
    t_ns = np.concatenate([block.t_ns for block in blocks])
    a = np.concatenate([block.features_a for block in blocks])
    b = np.concatenate([block.features_b for block in blocks])
    changes = list(reader.events("neutral"))
    return SessionScores(
        a=a,
        b=b,
        seen_a=np.concatenate([block.seen_a for block in blocks]),
        seen_b=np.concatenate([block.seen_b for block in blocks]),
        neutral_a=_neutrals("a", changes, t_ns, a, settings),
        neutral_b=_neutrals("b", changes, t_ns, b, settings),
        values={n: np.concatenate([block.scores[n].value for block in blocks]) for n in CHANNELS},
        coverages={n: np.concatenate([block.scores[n].coverage for block in blocks]) for n in CHANNELS},
        windows=list(reader.windows()),
        anatomical=np.concatenate([block.mirror_mode == "anatomical" for block in blocks]),
        pace_a=pace_series(a, rate_hz=settings.rate_hz),
        pace_b=pace_series(b, rate_hz=settings.rate_hz),
    )


def _neutrals(
    side: str, changes: list[SessionEvent], t_ns: NDArray[np.int64], values: FloatArray, settings: Settings
) -> FloatArray:
    """Return the neutral in force at each tick, shape (n, n_features), as it was stored.

    A session that stores no neutral at all has learnt it from its first tick on: learn it again.
    """
    if not changes:
        baseline = Baseline(rate_hz=settings.rate_hz, learn_s=settings.baseline_s)
        return np.array([baseline.update(row) for row in values]).reshape(-1, N_FEATURES)
    own = [change for change in changes if change.data["side"] == side]
    known = np.full((len(own) + 1, N_FEATURES), np.nan)
    for row, change in zip(known[1:], own, strict=True):
        for name, value in change.data["values"].items():
            if name in FEATURE_INDEX:
                row[FEATURE_INDEX[name]] = value
    in_force = np.searchsorted([change.t_ns for change in own], t_ns, side="right")
    neutrals: FloatArray = known[in_force]
    return neutrals


def _movements(a: FloatArray, b: FloatArray, settings: Settings) -> tuple[FloatArray, FloatArray]:
    """Return the movement signals of both, shape (n, 8)."""
    signals_a, signals_b = (
        movement(values, rate_hz=settings.rate_hz, smooth_s=settings.smooth_s) for values in (a, b)
    )
    return signals_a, signals_b


def _events(session: SessionScores, settings: Settings) -> dict[str, dict[str, object]]:
    """Return the smiles and nods of a session and how each person answers the other's."""
    return session_events(
        session.a,
        session.b,
        neutral_a=session.neutral_a,
        neutral_b=session.neutral_b,
        rate_hz=settings.rate_hz,
        shifts=shifts(session.a.shape[0], settings=settings),
    )


def _breathing(session: SessionScores, settings: Settings) -> dict[str, float]:
    """Return both mean breathing rates a minute and how their phases keep together."""
    body, chest = SIGNALS.index("body_speed"), FEATURE_INDEX["chest_velocity"]
    rates = []
    for values, moved in zip((session.a, session.b), _movements(session.a, session.b, settings), strict=True):
        meter = BreathingRate(rate_hz=settings.rate_hz)
        pairs = zip(values[:, chest].tolist(), moved[:, body].tolist(), strict=True)
        rates.append(np.array([meter.update(*pair).rate_per_min for pair in pairs]))
    coupled = coupling_series(
        session.a[:, chest], session.b[:, chest], rates[0], rates[1], rate_hz=settings.rate_hz
    )
    return {
        "rate_a_per_min": _mean(rates[0]),
        "rate_b_per_min": _mean(rates[1]),
        "rate_difference_per_min": _mean(rates[0] - rates[1]),
        "phase_locking": _mean(np.array([one.locking for one in coupled])),
        "coverage": float(np.isfinite(rates[0] + rates[1]).mean()),
    }


def _mean(values: FloatArray) -> float:
    there = values[np.isfinite(values)]
    return float(there.mean()) if there.size else float("nan")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
