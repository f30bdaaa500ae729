"""What there is to do: the tasks of a batch, each with the key under which its result is kept."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mirrorsync.assets import asset_hashes
from mirrorsync.batches.keys import FeatureJob, FileHashes, digest, feature_job
from mirrorsync.batches.manifest import Dyad, Manifest
from mirrorsync.batches.tasks import Task
from mirrorsync.errors import MirrorSyncError
from mirrorsync.readers import split_part
from mirrorsync.session.meta import SessionMeta, program_versions
from mirrorsync.settings import Settings

__all__ = ["Plan"]

_SCORE_WEIGHT = 1.0
_BYTES_A_WEIGHT = 1e6  # of a recording: its features are most of the work, and grow with it


class Plan:
    """The tasks of a batch.

    Parameters
    ----------
    manifest : Manifest
        The dyads.
    settings : Settings
        All that the scores depend on.
    out : Path
        Folder of the results; what is kept between runs lies in its folder `work`.
    tables : bool
        Whether every dyad's folder gets all files of an analysis.
    models_dir : Path or None
        Folder of the model files.
    told : callable
        Called with the size of each file that is about to be read for its hash, in bytes.

    Attributes
    ----------
    errors : dict of str to str
        By id, why a dyad cannot be scored: its files are not there, or its feeds make no sense.
    """

    def __init__(
        self,
        manifest: Manifest,
        settings: Settings,
        out: Path,
        *,
        tables: bool,
        models_dir: Path | None,
        told: Callable[[int], None],
    ) -> None:
        self._manifest, self._settings, self._out = manifest, settings, out
        self._tables, self._models_dir = tables, models_dir
        self._work = out / "work"
        for folder in ("features", "scores"):
            (self._work / folder).mkdir(parents=True, exist_ok=True)
        self._hashes = FileHashes(self._work / "hashes.json", told)
        self._jobs: dict[str, tuple[FeatureJob, FeatureJob]] = {}
        self.errors: dict[str, str] = {}
        for dyad in manifest.dyads:
            try:
                self._look_up(dyad)
            except MirrorSyncError as error:
                self.errors[dyad.id] = str(error)
        self._hashes.save()

    def feature_tasks(self) -> list[Task]:
        """Return a task for every recording, once, longest first: the last ones to run should be short."""
        every = {job.key: job for pair in self._jobs.values() for job in pair}
        return [self._feature_task(job) for job in sorted(every.values(), key=lambda job: -job.size)]

    def lose(self, lost: Mapping[str, str]) -> None:
        """Note which features could not be had, by key: the dyads that need them cannot be scored."""
        for name, pair in self._jobs.items():
            for job in pair:
                if job.key in lost:
                    self.errors.setdefault(name, lost[job.key])

    def tidy(self) -> None:
        """Take away what runs that were killed had begun to write, once it is there whole."""
        for name in ("features", "scores"):
            for partial in (self._work / name).glob(".*"):
                if partial.with_name(partial.name[1:].rpartition(".")[0]).exists():
                    partial.unlink(missing_ok=True)
        for folder in (self._out / "dyads").glob("*/.partial-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def people(self) -> list[tuple[str, str] | None]:
        """Return what identifies A and B of each dyad; None for one that cannot be scored."""
        return [self._people(dyad) for dyad in self._manifest.dyads]

    def _look_up(self, dyad: Dyad) -> None:
        if dyad.is_series:
            for one in (dyad.a, dyad.b):
                self._series_hash(one)
            return
        a, b = (
            feature_job(self._manifest.place(one), self._settings, self._hashes) for one in (dyad.a, dyad.b)
        )
        self._jobs[dyad.id] = (a, b)

    def _people(self, dyad: Dyad) -> tuple[str, str] | None:
        if dyad.id in self.errors:
            return None
        if all(dyad.persons):
            return (f"person {dyad.persons[0]}", f"person {dyad.persons[1]}")
        if dyad.dyad:
            return (f"A of dyad {dyad.dyad}", f"B of dyad {dyad.dyad}")
        if not dyad.is_series:
            a, b = self._jobs[dyad.id]
            return a.key, b.key
        a_key, b_key = (f"series {self._series_hash(one)}" for one in (dyad.a, dyad.b))
        return (a_key, b_key) if a_key != b_key else (f"{a_key}#1", f"{b_key}#2")

    def _series_hash(self, one: str) -> str:
        """Return what identifies a series: the bytes of its file, and its column."""
        file, part = split_part(Path(self._manifest.place(one)))
        return self._hashes.of(file) + ("" if part is None else f"#{part}")

    def _features_path(self, job: FeatureJob) -> Path:
        return self._work / "features" / f"{job.key}.parquet"

    def _feature_task(self, job: FeatureJob) -> Task:
        models = self._models_dir
        return {
            "kind": "features",
            "key": job.key,
            "feed": job.feed,
            "sha256": job.sha256,
            "settings": self._settings.as_dict(),
            "models_dir": str(models.resolve()) if models else "",
            "out": str(self._features_path(job)),
            "weight": max(job.size / _BYTES_A_WEIGHT, _SCORE_WEIGHT),
        }

    def score_tasks(self) -> dict[str, Task]:
        """Return the task of scoring each dyad, by id; one that makes no sense is an error of its own."""
        tasks = {}
        for dyad in self._manifest.dyads:
            if dyad.id not in self.errors:
                try:
                    tasks[dyad.id] = self._score_task(dyad)
                except MirrorSyncError as error:
                    self.errors[dyad.id] = str(error)
        return tasks

    def _score_task(self, dyad: Dyad) -> Task:
        settings = self._settings
        if not math.isnan(dyad.offset_s):
            settings = settings.with_(offset_s=dyad.offset_s)
        if dyad.is_series:
            return self._series_task(dyad, dyad, settings, chance=settings.chance)
        if any(dyad.labels):
            settings = settings.with_(label_a=dyad.labels[0], label_b=dyad.labels[1])
        a, b = self._jobs[dyad.id]
        meta = SessionMeta(
            feed_a=dyad.a,
            feed_b=dyad.b,
            label_a=settings.label_a,
            label_b=settings.label_b,
            parameters=settings.as_dict(scores_only=True),
            versions=program_versions(),
            assets=dict(asset_hashes()),
            seed=settings.seed,
        ).as_dict()
        del meta["inputs"]
        tables = str(self._out / "dyads" / dyad.id) if self._tables else ""
        return self._task("scores", [a, b], settings, a=dyad.a, b=dyad.b, meta=meta, tables=tables)

    def pseudo_task(self, one: Dyad, other: Dyad) -> Task:
        """Return the task of scoring A of `one` with B of `other`, whom they never met."""
        settings = self._settings.with_(offset_s=0.0, chance=False, preset="none")
        if one.is_series:
            return self._series_task(one, other, settings, chance=False)
        return self._task("pseudo", [self._jobs[one.id][0], self._jobs[other.id][1]], settings)

    def _series_task(self, one: Dyad, other: Dyad, settings: Settings, *, chance: bool) -> Task:
        a, b = (self._manifest.place(side) for side in (one.a, other.b))
        # Of a file with both people, a stranger meets the one that is meant.
        which = (
            [0 if one.a == one.b else None, 1 if other.a == other.b else None] if one is not other else None
        )
        rates_hz = [None if math.isnan(dyad.rate_hz) else dyad.rate_hz for dyad in (one, other)]
        key = digest(
            stage="series", a=self._series_hash(one.a), b=self._series_hash(other.b), parts=[a == b],
            columns=[split_part(Path(side))[1] or "" for side in (a, b)], which=which, rates_hz=rates_hz,
            chance=chance,
            settings=settings.as_dict(scores_only=True), versions=program_versions(),
        )  # fmt: skip
        out = self._work / "scores" / f"{key}.json"
        return {
            "kind": "series", "key": key, "a": a, "b": b, "which": which, "rates_hz": rates_hz,
            "chance": chance,
            "settings": settings.as_dict(), "out": str(out), "tables": "", "weight": _SCORE_WEIGHT,
        }  # fmt: skip

    def _task(self, kind: str, jobs: Sequence[FeatureJob], settings: Settings, **more: Any) -> Task:
        tables = more.get("tables", "")
        key = digest(
            stage=kind, features=[job.key for job in jobs], settings=settings.as_dict(scores_only=True),
            versions=program_versions(), **{k: v for k, v in more.items() if k != "tables"},
        )  # fmt: skip
        paths = [str(self._features_path(job)) for job in jobs]
        return {
            "kind": kind, "key": key, "features_a": paths[0], "features_b": paths[1],
            "settings": settings.as_dict(), "out": str(self._work / "scores" / f"{key}.json"),
            "weight": sum(max(job.size / _BYTES_A_WEIGHT, _SCORE_WEIGHT) for job in jobs) / 20, **more,
            "tables": tables,
        }  # fmt: skip
