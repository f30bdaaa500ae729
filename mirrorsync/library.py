"""MirrorSync from Python, ``import mirrorsync as ms``: what stands in ``mirrorsync.__all__`` is stable."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from mirrorsync.analysis.presets import preset_settings
from mirrorsync.engine.offline import score as score_features
from mirrorsync.errors import SeriesError, UsageError
from mirrorsync.recorded_session import Session
from mirrorsync.session.meta import SessionMeta, program_versions
from mirrorsync.session.places import SESSION_NAME, session_file
from mirrorsync.session.reader import SessionReader
from mirrorsync.session.store import SessionWriter
from mirrorsync.settings import Settings, load_settings
from mirrorsync.synchrony.clock import tick_ns
from mirrorsync.tables import N_FEATURES
from mirrorsync.types import Features

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mirrorsync.analysis.recordings import Watcher
    from mirrorsync.batches.run import BatchResult
    from mirrorsync.engine.observe import MakeLandmarker

__all__ = ["Result", "analyze", "batch", "load", "score"]

Result = Session
"""The name of `Session` in 0.1; it goes in 0.3."""


def analyze(
    a: str | Path,
    b: str | Path,
    *,
    settings: Settings | None = None,
    config: str | Path | None = None,
    preset: str | None = None,
    progress: bool | Watcher = False,
    models_dir: str | Path | None = None,
    make_landmarker: MakeLandmarker | None = None,
    **given: Any,
) -> Session:
    """Analyse two recordings, or two parts of one.

    Parameters
    ----------
    a, b : str or Path
        Feeds of A and B: video files, parts of one (``"call.mp4#left"``), or ``"portrait:you"``.
    settings : Settings, optional
        Settings to start from, instead of `config` and `preset`.
    config : path, optional
        TOML file with settings, such as the config.toml of earlier results.
    preset : {"rmea", "susy", "wcc"}, optional
        The field's customary windows.
    progress : bool or callable
        True: a bar on standard error. A function is called with every snapshot and the length of the whole
        in s (NaN: not known).
    models_dir : path, optional
        Folder of the model files.
    make_landmarker : callable, optional
        Makes another landmarker than MediaPipe's.
    **given
        Any setting by its name (`mirrorsync.settings.SETTINGS`), as in ``window_s=10.0``; it wins.

    Raises
    ------
    MirrorSyncError
        A feed does not open, a setting is impossible, a model is missing: the message says what to do.

    Examples
    --------
    >>> import mirrorsync as ms
    >>> session = ms.analyze("portrait:you", "portrait:partner", length_s=1.0)
    >>> session.scores["posture_alignment"].shape
    (25,)
    """
    from mirrorsync.analysis.recordings import analyse_recordings, default_landmarker
    from mirrorsync.progress import Progress

    chosen = _chosen(settings, config, preset, given)
    make = make_landmarker or default_landmarker(Path(models_dir) if models_dir else None)
    folder = Path(tempfile.mkdtemp(prefix="mirrorsync-"))
    session = Session(folder / "out" / SESSION_NAME, chosen, temporary=folder)
    with Progress("analysing") if progress is True else nullcontext() as bar:
        watch = bar.watch if bar is not None else progress if callable(progress) else None
        done = analyse_recordings(
            str(a), str(b), folder / "out", chosen,
            make_landmarker=make, keep_session=True, tables=False, watch=watch,
        )  # fmt: skip
    session.notes = done.notes
    return session


def score(
    features_a: ArrayLike,
    features_b: ArrayLike,
    *,
    visibility_a: ArrayLike | None = None,
    visibility_b: ArrayLike | None = None,
    settings: Settings | None = None,
    preset: str | None = None,
    **given: Any,
) -> Session:
    """Score features that were measured already, without any video.

    Parameters
    ----------
    features_a, features_b : array_like, shape (n, 75)
        One row a tick of the common clock (`rate_hz`, 25 a second by default), in the order of
        `mirrorsync.tables.FEATURE_NAMES`; NaN where missing. What `Session.features_a` holds.
    visibility_a, visibility_b : array_like, shape (n, 75), optional
        0–1; by default 1 wherever there is a value.
    settings, preset, **given
        As in `analyze`.

    Raises
    ------
    MirrorSyncError
        The arrays have another shape, or a setting is impossible.

    Examples
    --------
    >>> import numpy as np
    >>> import mirrorsync as ms
    >>> walk = np.cumsum(np.random.default_rng(1).normal(size=(1500, 75)), axis=0)
    >>> me, you = walk[20:1500], walk[:1480]  # you do what I did 0.8 s ago
    >>> head = ms.score(me, you, mirror="anatomical").statistics["head_synchrony"]
    >>> round(head.peak_lag_s, 1), head.p_value < 0.05
    (0.8, True)
    """
    chosen = _chosen(settings, None, preset, given)
    a, b = _rows(features_a, visibility_a, chosen, "A"), _rows(features_b, visibility_b, chosen, "B")
    meta = SessionMeta(
        feed_a="features",
        feed_b="features",
        label_a=chosen.label_a,
        label_b=chosen.label_b,
        parameters=chosen.as_dict(scores_only=True),
        versions=program_versions(),
        seed=chosen.seed,
    )
    folder = Path(tempfile.mkdtemp(prefix="mirrorsync-"))
    session = Session(folder / SESSION_NAME, chosen, temporary=folder)
    with SessionWriter(folder / SESSION_NAME, meta, durable=False) as writer:
        for snapshot in score_features(a, b, chosen):
            writer.add(snapshot)
    return session


def load(session: str | Path) -> Session:
    """Open a session that MirrorSync recorded or kept.

    Parameters
    ----------
    session : path
        A `.mirrorsync` file, or a folder that holds one (as `analyze --keep-session` leaves it).

    Raises
    ------
    MirrorSyncError
        There is no such file, or it is damaged.
    """
    path = session_file(Path(session))
    with SessionReader(path) as reader:
        meta = reader.meta
    return Session(path, load_settings(**meta.parameters).with_(label_a=meta.label_a, label_b=meta.label_b))


def batch(
    manifest: str | Path,
    out: str | Path,
    *,
    workers: int = 1,
    cluster: str = "",
    tables: bool = False,
    pseudo: int | None = None,
    by: Sequence[str] = (),
    all_dyads: bool = False,
    settings: Settings | None = None,
    config: str | Path | None = None,
    preset: str | None = None,
    models_dir: str | Path | None = None,
    **given: Any,
) -> BatchResult:
    """Score every dyad of a manifest, as `mirrorsync batch` does; may be called again after a stop.

    Parameters
    ----------
    manifest, out : path
        CSV with id, a, b; folder for the results.
    workers : int
        Processes on this machine.
    cluster : str
        Address of a Dask scheduler instead, as in ``"tcp://10.0.0.5:8786"``.
    tables, pseudo, by, all_dyads, models_dir
        See `BatchOptions`.
    settings, config, preset, **given
        As in `analyze`.

    Raises
    ------
    MirrorSyncError
        The manifest cannot be used, or the results cannot be written. A dyad that fails raises nothing: it
        stands in `BatchResult.errors`.
    """
    from mirrorsync.batches.run import BatchOptions, run_batch

    chosen = _chosen(settings, config, preset, given)
    options = BatchOptions(
        workers=workers,
        cluster=cluster,
        tables=tables,
        pseudo=pseudo,
        by=tuple(by),
        all_dyads=all_dyads,
        models_dir=Path(models_dir) if models_dir else None,
    )
    return run_batch(Path(manifest), Path(out), chosen, options)


def _chosen(
    settings: Settings | None, config: str | Path | None, preset: str | None, given: Mapping[str, Any]
) -> Settings:
    if settings is None:
        return preset_settings(Path(config) if config else None, preset, **given)
    if config is not None or preset is not None:
        raise UsageError("Give settings, or config and preset; both at once would contradict each other.")
    return settings.with_(**given)


def _rows(
    values: ArrayLike, visibility: ArrayLike | None, settings: Settings, who: str
) -> Iterator[Features]:
    """Return checked features, row by row."""
    rows = np.asarray(values, dtype=np.float64)
    seen = np.isfinite(rows).astype(float) if visibility is None else np.asarray(visibility, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != N_FEATURES or seen.shape != rows.shape:
        raise SeriesError(
            f"The features of {who} need the shape (n, {N_FEATURES}), one column for each of "
            f"mirrorsync.tables.FEATURE_NAMES, and so their visibilities; got {rows.shape} and {seen.shape}."
        )
    seen = np.where(np.isnan(rows), 0.0, seen)
    return (
        Features(tick_ns(tick, settings.rate_hz), row, visible)
        for tick, (row, visible) in enumerate(zip(rows, seen, strict=True))
    )
