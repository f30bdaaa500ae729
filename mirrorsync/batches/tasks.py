"""What a worker does: one task in, one small answer out; results go into files, whole or not at all.

A task is a mapping that JSON can hold, so that it travels to a process or a cluster alike.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from mirrorsync.batches.keys import sentence_of, write_atomically
from mirrorsync.batches.series import score_series
from mirrorsync.session.meta import InputInfo, SessionMeta
from mirrorsync.settings import Settings, load_settings
from mirrorsync.tables import CHANNELS, FEATURE_NAMES, N_FEATURES
from mirrorsync.types import Features

__all__ = ["Task", "Tell", "run_task"]

Task = Mapping[str, Any]
Tell = Callable[[float], None]
"""Called now and then with the share of the task that is done, 0–1."""

_FEATURE_COLUMNS = {"t_ns": ("int64", 0), "values": ("float32", N_FEATURES), "seen": ("float32", N_FEATURES)}


def run_task(task: Task, tell: Tell = lambda _: None) -> dict[str, Any]:
    """Do a task; return {} when it is done, {"error": a sentence} when it cannot be done."""
    try:
        _WORK[task["kind"]](task, tell)
    except Exception as error:  # noqa: BLE001 - one bad dyad never stops the others: it becomes its sentence
        return {"error": sentence_of(error)}
    return {}


def _features(task: Task, tell: Tell) -> None:
    """Find a person's features in a recording and store them frame by frame."""
    from mirrorsync.analysis import default_landmarker
    from mirrorsync.analysis.counted import Counted
    from mirrorsync.capture.opening import open_source
    from mirrorsync.engine.observe import observations
    from mirrorsync.export.parquet_blocks import ParquetWriter

    settings = _settings(task)
    models = Path(task["models_dir"]) if task["models_dir"] else None
    out = Path(task["out"])
    partial = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with (
            Counted(open_source(task["feed"], settings, seconds=settings.length_s or None)) as source,
            ParquetWriter(partial, _FEATURE_COLUMNS) as writer,
        ):
            length_ns = source.duration_s * 1e9
            # As many workers as cores keep all of them busy; each by itself keeps to one.
            for seen in observations(source, default_landmarker(models, beside=False)):
                features = seen.features
                writer.add(features.t_ns, features.values, features.visibility)
                if seen.frame.index % 25 == 0 and length_ns > 0:
                    tell(min(features.t_ns / length_ns, 1.0))
            info = source.info(sha256=task["sha256"])
            writer.note(
                {
                    "input": asdict(info),
                    "notes": source.notes,
                    "lost": source.lost,
                    "feature_names": FEATURE_NAMES,
                }
            )
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


def stored_features(path: Path) -> Iterator[Features]:
    """Yield the features of a feed, frame by frame."""
    from mirrorsync.export.parquet_blocks import read_blocks

    for block in read_blocks(path):
        values, seen = block["values"].astype(np.float64), block["seen"].astype(np.float64)
        for t_ns, row, visibility in zip(block["t_ns"].tolist(), values, seen, strict=True):
            yield Features(t_ns, row, visibility)


def _scores(task: Task, tell: Tell) -> None:
    """Score two people from their stored features, as `analyze` would."""
    from mirrorsync.analysis.exporting import export_session, session_summary
    from mirrorsync.analysis.recordings import files_of_earlier
    from mirrorsync.analysis.seen import seen_notes
    from mirrorsync.engine.offline import bridging_gaps, score
    from mirrorsync.export.folder import output_folder
    from mirrorsync.export.parquet_blocks import read_metadata
    from mirrorsync.session.store import SessionReader, SessionWriter

    settings = _settings(task)
    paths = [Path(task[side]) for side in ("features_a", "features_b")]
    told = [read_metadata(path) for path in paths]
    inputs = [InputInfo(**{**of["input"], "feed": task[side]}) for of, side in zip(told, "ab", strict=True)]
    length_s = max((one.duration_s or math.nan for one in inputs), default=math.nan)
    meta = SessionMeta(**task["meta"], inputs=tuple(inputs))
    with tempfile.TemporaryDirectory(prefix="mirrorsync-") as temporary:
        path = Path(temporary) / "session.mirrorsync"
        a, b = (stored_features(path) for path in paths)
        with SessionWriter(path, meta, durable=False) as writer:
            for snapshot in score(a, b, bridging_gaps(settings, [one.fps for one in inputs])):
                writer.add(snapshot)
                if snapshot.pair.tick % 250 == 0:
                    tell(min(snapshot.pair.t_ns * 1e-9 / length_s, 1.0))
        with SessionReader(path) as reader:
            if task["tables"]:
                folder = Path(task["tables"])
                with output_folder(folder, owned=files_of_earlier(folder)) as out:
                    export_session(reader, out, settings)
                    content = json.loads((out / "summary.json").read_text("utf-8"))
            else:
                content = session_summary(reader)
    notes = [note for of in told for note in of["notes"]]
    notes += seen_notes(content["seen"], inputs)
    _store(task, {**content, "notes": notes, "lost": [of.get("lost", 0) for of in told]})


def _pseudo(task: Task, _tell: Tell) -> None:
    """Score two people who never met: the mean of each channel is all that is kept."""
    from mirrorsync.engine.offline import score

    settings = _settings(task)
    total, count = (dict.fromkeys(CHANNELS, 0.0) for _ in range(2))
    people = [stored_features(Path(task[side])) for side in ("features_a", "features_b")]
    for snapshot in score(people[0], people[1], settings):
        for name, of in snapshot.scores.items():
            if math.isfinite(of.value):
                total[name] += of.value
                count[name] += 1
    means = {name: round(total[name] / count[name], 9) if count[name] else None for name in CHANNELS}
    _store(task, {"channels": {name: {"mean": mean} for name, mean in means.items()}})


def _series(task: Task, _tell: Tell) -> None:
    """Score two series that were measured already."""
    found = score_series(
        task["a"], task["b"], task["rates_hz"], _settings(task), which=task["which"], chance=task["chance"]
    )
    _store(task, found)


def _settings(task: Task) -> Settings:
    return load_settings(**task["settings"])


def _store(task: Task, content: Mapping[str, Any]) -> None:
    write_atomically(Path(task["out"]), json.dumps(content, ensure_ascii=False, allow_nan=False))


_WORK: dict[str, Callable[[Task, Tell], None]] = {
    "features": _features,
    "scores": _scores,
    "pseudo": _pseudo,
    "series": _series,
}
