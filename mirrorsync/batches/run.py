"""A whole batch: features of every recording once, then scores of every dyad, then the tables.

What a stage finds lies in a file under the hash of all that it depends on, so a run that was killed, or one
with other settings, computes only what is not there yet.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mirrorsync.analysis.recordings import files_of_earlier
from mirrorsync.assets import asset_hashes
from mirrorsync.batches.keys import write_atomically
from mirrorsync.batches.local import LocalPool, Outcome, Share
from mirrorsync.batches.manifest import Dyad, Manifest, read_manifest
from mirrorsync.batches.plan import Plan
from mirrorsync.batches.pseudo import candidates, choose
from mirrorsync.batches.results import (
    Scored,
    status_of,
    write_about,
    write_groups,
    write_pseudo,
    write_results,
)
from mirrorsync.batches.tasks import Task
from mirrorsync.engine.exclusion import Exclusion
from mirrorsync.errors import ExportError, UsageError
from mirrorsync.export.config import write_config
from mirrorsync.session.meta import program_versions
from mirrorsync.settings import Settings

__all__ = ["BatchOptions", "BatchResult", "Watch", "run_batch"]

_MARK = ".key"  # in a dyad's folder: the key of the task that wrote its tables

Watch = Callable[[str, float, float], None]
"""Called with the stage ("reading", "features", "scores", "pseudo"), and how much of how much is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """How a batch is run; none of it but `pseudo` and `by` changes a number.

    Attributes
    ----------
    workers : int
        Processes on this machine.
    cluster : str
        Address of a Dask scheduler instead; empty: none.
    tables : bool
        Whether every dyad's folder gets all files of `analyze`, not only its summary.
    pseudo : int, optional
        How many pseudo-dyads; by default as many as there are dyads.
    by : sequence of str
        Covariates whose values are compared as groups.
    all_dyads : bool
        Whether dyads that were hardly seen enter statistics over dyads too.
    models_dir : Path, optional
        Folder of the model files.
    """

    workers: int = 1
    cluster: str = ""
    tables: bool = False
    pseudo: int | None = None
    by: Sequence[str] = ()
    all_dyads: bool = False
    models_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a batch left behind.

    Attributes
    ----------
    folder : Path
        With results.csv, groups.csv, pseudo.csv, columns.csv, config.toml, batch.json, a folder a dyad.
    dyads : int
        How many the manifest names.
    errors : mapping of str to str
        By id, why a dyad could not be scored.
    pseudo : int
        How many pseudo-dyads were scored.
    computed : int
        How many pieces of work were done now; the others were there already.
    statuses : mapping of str to int
        How many dyads have each status: "scored", "hardly seen", "incomplete", "failed".
    """

    folder: Path
    dyads: int
    errors: Mapping[str, str]
    pseudo: int
    computed: int
    statuses: Mapping[str, int] = field(default_factory=dict)


class _Pool(Protocol):
    def run(self, tasks: Sequence[Task], share: Share) -> Iterator[Outcome]: ...


def run_batch(
    manifest: Path,
    out: Path,
    settings: Settings,
    options: BatchOptions | None = None,
    *,
    watch: Watch = lambda *_: None,
) -> BatchResult:
    """Score every dyad of a manifest into `out`; one that fails never stops the others.

    May be killed at any time: the same call goes on. The results are the same bytes however many workers
    there are and however often it was interrupted.

    Parameters
    ----------
    manifest : Path
        See `mirrorsync.batches.manifest.read_manifest`.
    out : Path
        Folder for the results, and for what is kept between runs (`work`).
    settings : Settings
        All that the scores depend on; the manifest's own offsets go before `offset_s`.
    options : BatchOptions, optional
        Workers and the like.
    watch : callable, optional
        Told how far it is.

    Raises
    ------
    UsageError
        The manifest or an option cannot be used.
    MirrorSyncError
        The results cannot be written, or the cluster is gone.
    """
    options = options or BatchOptions()
    read = read_manifest(manifest)
    Exclusion(settings)
    for name in options.by:
        if name not in read.covariates:
            known = ", ".join(read.covariates) or "none"
            raise UsageError(f"--by {name} is no covariate of the manifest; its covariates are: {known}.")
    if options.workers < 1:
        raise UsageError("--workers takes 1 or more.")
    try:
        return _Batch(read, out, settings, options, watch).run()
    except OSError as error:
        raise ExportError(
            f"The results cannot be written to {out} ({error.strerror or error}); choose a folder you may "
            "write to, or free some space, and run it again: it goes on where it stopped."
        ) from error


class _Batch:
    def __init__(
        self, manifest: Manifest, out: Path, settings: Settings, options: BatchOptions, watch: Watch
    ) -> None:
        self._manifest, self._out, self._settings = manifest, out.resolve(), settings
        self._options, self._watch = options, watch
        self._pool = _pool(options)
        self._computed = 0

    def run(self) -> BatchResult:
        at = [0.0]

        def told(size: int) -> None:
            at[0] += size / 1e6
            self._watch("reading", at[0], math.nan)

        options, dyads = self._options, self._manifest.dyads
        plan = Plan(
            self._manifest,
            self._settings,
            self._out,
            tables=options.tables,
            models_dir=options.models_dir,
            told=told,
        )
        plan.lose(self._do("features", plan.feature_tasks()))
        errors = plan.errors
        tasks = plan.score_tasks()
        lost = self._do("scores", list(tasks.values()))
        errors |= {name: lost[task["key"]] for name, task in tasks.items() if task["key"] in lost}
        scored = {name: _read(task) for name, task in tasks.items() if name not in errors}
        # What the files of a dyad can tell is known once it was scored.
        counted = self._counted(scored)
        possible = [
            (i, j)
            for i, j in candidates(plan.people())
            if dyads[i].id in counted and dyads[j].id in counted and _alike(dyads[i], dyads[j], scored)
        ]
        count = len(dyads) if options.pseudo is None else options.pseudo
        pairs = choose(possible, count, seed=self._settings.seed)
        strangers = [plan.pseudo_task(dyads[i], dyads[j]) for i, j in pairs]
        lost = self._do("pseudo", strangers)
        pseudo = [None if task["key"] in lost else _read(task) for task in strangers]
        why = [lost.get(task["key"], "") for task in strangers]
        self._write(scored, errors, pairs, pseudo, why, len(possible))
        plan.tidy()
        return BatchResult(
            folder=self._out,
            dyads=len(dyads),
            statuses=Counter(status_of(scored.get(dyad.id)) for dyad in dyads),
            errors={dyad.id: errors[dyad.id] for dyad in dyads if dyad.id in errors},
            pseudo=sum(one is not None for one in pseudo),
            computed=self._computed,
        )

    def _counted(self, scored: Mapping[str, Scored]) -> Mapping[str, Scored]:
        """Return the dyads that enter statistics over dyads: those whose people were seen well, or all."""
        if self._options.all_dyads:
            return scored
        return {name: of for name, of in scored.items() if status_of(of) != "hardly seen"}

    def _do(self, stage: str, tasks: Sequence[Task]) -> dict[str, str]:
        """Do what is not done yet; return the sentence of each key that failed."""
        todo = [task for task in {task["key"]: task for task in tasks}.values() if not _done(task)]
        total = sum(task["weight"] for task in todo)
        done, running, lost = 0.0, dict[str, float](), dict[str, str]()

        def share(task: Task, part: float) -> None:
            running[task["key"]] = part * task["weight"]
            self._watch(stage, done + sum(running.values()), total)

        self._watch(stage, 0.0, total)
        for outcome in self._pool.run(todo, share):
            task = outcome.task
            if outcome.error is not None:
                lost[task["key"]] = outcome.error
            elif task.get("tables"):
                write_atomically(_mark(task), task["key"])
            self._computed += 1
            running.pop(task["key"], None)
            done += task["weight"]
            self._watch(stage, done + sum(running.values()), total)
        return lost

    def _write(
        self,
        scored: Mapping[str, Scored],
        errors: Mapping[str, str],
        pairs: Sequence[tuple[int, int]],
        pseudo: Sequence[Scored | None],
        why: Sequence[str],
        possible: int,
    ) -> None:
        for dyad in self._manifest.dyads:
            with_tables = self._options.tables and not dyad.is_series
            if dyad.id not in scored or not with_tables:
                _clear(self._out / "dyads" / dyad.id, but=("summary.json",) if dyad.id in scored else ())
        for name, content in scored.items():
            folder = self._out / "dyads" / name
            folder.mkdir(parents=True, exist_ok=True)
            told = {key: value for key, value in content.items() if key not in {"notes", "lost"}}
            text = json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)
            write_atomically(folder / "summary.json", text + "\n")
        write_results(self._manifest, scored, errors, self._out)
        write_pseudo(self._manifest, pairs, pseudo, why, self._out, real=scored.values())
        there = [one for one in pseudo if one is not None]
        by, seed = self._options.by, self._settings.seed
        counted = self._counted(scored)
        write_groups(self._manifest, counted, there, by=by, seed=seed, folder=self._out)
        write_config(self._settings, self._out)
        about = {
            "dyads": len(self._manifest.dyads),
            "failed": len(errors),
            "left_out_of_statistics": [name for name in scored if name not in counted],
            "pseudo_dyads": len(there),
            "pseudo_dyads_possible": possible,
            "seed": seed,
            "by": list(by),
            "notes": {name: of["notes"] for name, of in scored.items() if of.get("notes")},
            "versions": program_versions(),
            "assets": dict(asset_hashes()),
        }
        write_about(self._out, about)


def _clear(folder: Path, *, but: Sequence[str]) -> None:
    """Take away what an earlier run wrote of a dyad and this one does not; nothing else."""
    for name in (*files_of_earlier(folder), _MARK):
        if name not in but:
            (folder / name).unlink(missing_ok=True)
    with suppress(OSError):  # it is not there, or holds something else
        folder.rmdir()


def _alike(one: Dyad, other: Dyad, scored: Mapping[str, Scored]) -> bool:
    """Whether people of two scored dyads can be compared: both filmed, or measured by something in common."""
    if not one.is_series or not other.is_series:
        return one.is_series == other.is_series
    return not scored[one.id]["channels"].keys().isdisjoint(scored[other.id]["channels"])


def _pool(options: BatchOptions) -> _Pool:
    if not options.cluster:
        return LocalPool(options.workers)
    from mirrorsync.batches.cluster import ClusterPool

    return ClusterPool(options.cluster)


def _mark(task: Task) -> Path:
    return Path(task["tables"]) / _MARK


def _done(task: Task) -> bool:
    if not Path(task["out"]).is_file():
        return False
    if not task.get("tables"):
        return True
    mark = _mark(task)
    return mark.is_file() and mark.read_text("utf-8") == task["key"]


def _read(task: Task) -> Scored:
    content: Scored = json.loads(Path(task["out"]).read_text("utf-8"))
    return content
