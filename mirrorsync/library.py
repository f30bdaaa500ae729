"""MirrorSync from Python, ``import mirrorsync as ms``: what stands in ``mirrorsync.__all__`` is stable."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from mirrorsync.analysis.exporting import session_summary
from mirrorsync.analysis.presets import preset_settings
from mirrorsync.analysis.recordings import (
    SESSION_NAME,
    analyse_recordings,
    default_landmarker,
    files_of_earlier,
)
from mirrorsync.batches.run import BatchOptions, BatchResult, run_batch
from mirrorsync.engine.observe import MakeLandmarker
from mirrorsync.engine.offline import score as score_features
from mirrorsync.errors import MirrorSyncError, SeriesError, UsageError
from mirrorsync.export.config import write_config
from mirrorsync.export.folder import output_folder
from mirrorsync.export.tables_csv import TableWriter
from mirrorsync.session.blocks import TickBlock
from mirrorsync.session.meta import SessionMeta, program_versions
from mirrorsync.session.reader import SessionReader
from mirrorsync.session.store import SessionWriter
from mirrorsync.settings import Settings, load_settings
from mirrorsync.synchrony.clock import tick_ns
from mirrorsync.tables import CHANNELS, FEATURE_NAMES, N_FEATURES
from mirrorsync.types import Features, FloatArray, WindowRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

__all__ = ["BatchResult", "MirrorSyncError", "Result", "Settings", "analyze", "batch", "load", "score"]


@dataclass(frozen=True, slots=True)
class Result:
    """A session as NumPy arrays; n ticks of the common clock.

    Attributes
    ----------
    times_s : ndarray, shape (n,)
        Seconds since the start.
    scores : mapping of str to ndarray, shape (n,)
        By channel (`posture_alignment`, `head_synchrony`, …); NaN where there was too little to say.
    coverage : mapping of str to ndarray, shape (n,)
        By channel, 0–1: share of the data behind the score that was there.
    lag_s : ndarray, shape (n,)
        Lag behind whoever leads; positive: B follows A.
    features_a, features_b : ndarray, shape (n, 75)
        In the order of `feature_names`; NaN where missing.
    windows : tuple of WindowRow
        Every window of every synchrony channel.
    summary : dict
        The content of summary.json: statistics against chance, parameters, versions, inputs.
    settings : Settings
        All that the scores depend on.
    notes : tuple of str
        Sentences worth telling.
    block : TickBlock
        The session's own form, with everything else that is kept of a tick.
    """

    times_s: FloatArray
    scores: Mapping[str, FloatArray]
    coverage: Mapping[str, FloatArray]
    lag_s: FloatArray
    features_a: FloatArray
    features_b: FloatArray
    windows: tuple[WindowRow, ...]
    summary: dict[str, Any]
    settings: Settings
    notes: tuple[str, ...]
    block: TickBlock

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the columns of `features_a` and `features_b`."""
        return FEATURE_NAMES

    def to_pandas(self, table: str = "frames") -> pd.DataFrame:
        """Return a table as a DataFrame: "frames" (all scores), "features_a", "features_b" or "windows".

        Raises
        ------
        UsageError
            There is no such table, or pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise UsageError(
                "to_pandas() needs pandas; install it with: pip install 'mirrorsync[pandas]'."
            ) from error
        if table == "windows":
            names = list(WindowRow.__dataclass_fields__)
            return pd.DataFrame(
                [[getattr(row, name) for name in names] for row in self.windows], columns=names
            )
        if table in {"features_a", "features_b"}:
            frame = pd.DataFrame(getattr(self, table), columns=list(FEATURE_NAMES))
            frame.insert(0, "time_s", self.times_s)
            return frame
        if table != "frames":
            raise UsageError(
                f"There is no table {table!r}; choose frames, features_a, features_b or windows."
            )
        return pd.DataFrame({"time_s": self.times_s, **self.scores, "lag_s": self.lag_s})

    def write(self, folder: str | Path) -> Path:
        """Write the files of `mirrorsync analyze` into a folder and return it; the bytes are the same.

        What an earlier analysis left in the folder is replaced or removed.

        Raises
        ------
        MirrorSyncError
            The folder cannot be written.
        """
        with output_folder(Path(folder), owned=files_of_earlier(Path(folder))) as partial:
            with TableWriter(partial) as tables:
                if len(self.block):
                    tables.add(self.block)
                tables.add_windows(self.windows)
            write_config(self.settings, partial)
            text = json.dumps(self.summary, indent=2, ensure_ascii=False, allow_nan=False)
            (partial / "summary.json").write_text(text + "\n", encoding="utf-8", newline="\n")
        return Path(folder)


def analyze(
    a: str | Path,
    b: str | Path,
    *,
    config: str | Path | None = None,
    preset: str | None = None,
    models_dir: str | Path | None = None,
    make_landmarker: MakeLandmarker | None = None,
    **settings: Any,
) -> Result:
    """Analyse two recordings, or two parts of one.

    Parameters
    ----------
    a, b : str or Path
        Feeds of A and B: video files, parts of one (``"call.mp4#left"``), or ``"portrait:you"``.
    config : path, optional
        TOML file with settings, such as the config.toml of earlier results.
    preset : {"rmea", "susy", "wcc"}, optional
        The field's customary windows.
    models_dir : path, optional
        Folder of the model files.
    make_landmarker : callable, optional
        Makes another landmarker than MediaPipe's.
    **settings
        Any setting by its name (`mirrorsync.settings.SETTINGS`), as in ``window_s=10.0``.

    Raises
    ------
    MirrorSyncError
        A feed does not open, a setting is impossible, a model is missing: the message says what to do.

    Examples
    --------
    >>> import mirrorsync as ms
    >>> result = ms.analyze("portrait:you", "portrait:partner", length_s=1.0)
    >>> result.scores["posture_alignment"].shape
    (25,)
    """
    chosen = preset_settings(Path(config) if config else None, preset, **settings)
    models = Path(models_dir) if models_dir else None
    with tempfile.TemporaryDirectory(prefix="mirrorsync-") as folder:
        out = Path(folder) / "out"
        make = make_landmarker or default_landmarker(models)
        done = analyse_recordings(str(a), str(b), out, chosen, make_landmarker=make, keep_session=True)
        summary = json.loads((out / "summary.json").read_text("utf-8"))
        with SessionReader(out / SESSION_NAME) as reader:
            return _result(reader, chosen, summary, done.notes)


def score(
    features_a: ArrayLike,
    features_b: ArrayLike,
    *,
    visibility_a: ArrayLike | None = None,
    visibility_b: ArrayLike | None = None,
    preset: str | None = None,
    **settings: Any,
) -> Result:
    """Score features that were measured already, without any video.

    Parameters
    ----------
    features_a, features_b : array_like, shape (n, 75)
        One row a tick of the common clock (`rate_hz`, 25 a second by default), in the order of
        `mirrorsync.tables.FEATURE_NAMES`; NaN where missing. What `Result.features_a` holds.
    visibility_a, visibility_b : array_like, shape (n, 75), optional
        0–1; by default 1 wherever there is a value.
    preset, **settings
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
    >>> head = ms.score(me, you, mirror="anatomical").summary["channels"]["head_synchrony"]
    >>> round(head["peak_lag_s"], 1), head["p_value"] < 0.05
    (0.8, True)
    """
    chosen = preset_settings(None, preset, **settings)
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
    with tempfile.TemporaryDirectory(prefix="mirrorsync-") as folder:
        path = Path(folder) / SESSION_NAME
        with SessionWriter(path, meta, durable=False) as writer:
            for snapshot in score_features(a, b, chosen):
                writer.add(snapshot)
        with SessionReader(path) as reader:
            return _result(reader, chosen, session_summary(reader), ())


def load(session: str | Path) -> Result:
    """Read a session file that MirrorSync recorded or kept, with its statistics.

    Parameters
    ----------
    session : path
        A `.mirrorsync` file.

    Raises
    ------
    MirrorSyncError
        There is no such file, or it is damaged.
    """
    with SessionReader(Path(session)) as reader:
        meta = reader.meta
        settings = load_settings(**meta.parameters).with_(label_a=meta.label_a, label_b=meta.label_b)
        return _result(reader, settings, session_summary(reader), ())


def batch(
    manifest: str | Path,
    out: str | Path,
    *,
    workers: int = 1,
    cluster: str = "",
    tables: bool = False,
    pseudo: int | None = None,
    by: Sequence[str] = (),
    config: str | Path | None = None,
    preset: str | None = None,
    models_dir: str | Path | None = None,
    **settings: Any,
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
    tables, pseudo, by, models_dir
        See `BatchOptions`.
    config, preset, **settings
        As in `analyze`.

    Raises
    ------
    MirrorSyncError
        The manifest cannot be used, or the results cannot be written. A dyad that fails raises nothing: it
        stands in `BatchResult.errors`.
    """
    chosen = preset_settings(Path(config) if config else None, preset, **settings)
    options = BatchOptions(
        workers=workers,
        cluster=cluster,
        tables=tables,
        pseudo=pseudo,
        by=tuple(by),
        models_dir=Path(models_dir) if models_dir else None,
    )
    return run_batch(Path(manifest), Path(out), chosen, options)


def _result(
    reader: SessionReader, settings: Settings, summary: dict[str, Any], notes: tuple[str, ...]
) -> Result:
    block = reader.read()
    return Result(
        times_s=block.time_s,
        scores={name: block.scores[name].value for name in CHANNELS},
        coverage={name: block.scores[name].coverage for name in CHANNELS},
        lag_s=block.lag_s,
        features_a=block.features_a,
        features_b=block.features_b,
        windows=tuple(reader.windows()),
        summary=summary,
        settings=settings,
        notes=notes,
        block=block,
    )


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
