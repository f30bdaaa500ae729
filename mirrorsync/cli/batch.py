"""`mirrorsync batch MANIFEST.csv --out DIR`: many dyads, resumable."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from mirrorsync.cli import settings_options as shared
from mirrorsync.errors import BatchError, UsageError

__all__ = ["batch", "register"]

_EPILOG = "Example: mirrorsync batch dyads.csv --out results --workers 4 --by condition"


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(batch)


def batch(
    manifest: Annotated[
        Path,
        typer.Argument(metavar="MANIFEST.csv", help="One line a dyad: id, a, b; offset, labels, covariates."),
    ],
    out: shared.Out,
    workers: Annotated[
        int | None, typer.Option(help="Processes on this machine. [default: one a core]")
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="tcp://HOST:PORT", help="Scheduler of a Dask cluster to use instead."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="COVARIATE", help="Compare the groups of this column; may be repeated."),
    ] = None,
    pseudo: Annotated[
        int | None,
        typer.Option(help="Pairs of people who never met, for comparison. [default: as many as dyads]"),
    ] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="Write every dyad's CSVs too, as analyze does.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 when any dyad was hardly seen or is incomplete.")
    ] = False,
    all_dyads: Annotated[
        bool, typer.Option("--all-dyads", help="Count dyads that were hardly seen in statistics over dyads.")
    ] = False,
    preset: Annotated[str | None, typer.Option(help="rmea, susy or wcc, as for analyze.")] = None,
    rate: shared.Rate = None,
    window: shared.Window = None,
    lag: shared.Lag = None,
    step: shared.Step = None,
    mirror: shared.Mirror = None,
    seconds: shared.Seconds = None,
    no_chance: shared.NoChance = False,
    seed: shared.Seed = None,
    config: shared.Config = None,
    models_dir: shared.ModelsDir = None,
) -> None:
    """Score every dyad of a manifest; run it again after a stop, and it goes on where it was.

    A dyad that cannot be scored stands in results.csv with the reason, never stops the others, and makes
    the exit code 1; with --strict, so does one that was hardly seen or whose frames are not all there. Dyads
    that were hardly seen are left out of statistics over dyads, unless --all-dyads asks for them. Features
    are kept in DIR/work: another window or lag costs scoring only.
    """
    from mirrorsync.batches.run import BatchOptions, run_batch
    from mirrorsync.cli.batch_progress import BatchProgress

    if workers is not None and cluster is not None:
        raise UsageError("Give --workers or --cluster, not both: a cluster has its own workers.")
    if (pseudo is not None and pseudo < 0) or (seconds is not None and not seconds > 0):
        raise UsageError("--pseudo takes 0 or more, --seconds a number above 0.")
    settings = shared.chosen_settings(
        config,
        preset=preset,
        rate_hz=rate,
        window_s=window,
        lag_s=lag,
        step_s=step,
        mirror=mirror,
        length_s=seconds,
        chance=False if no_chance else None,
        seed=seed,
    )
    options = BatchOptions(
        workers=workers if workers is not None else (os.cpu_count() or 1),
        cluster=cluster or "",
        tables=tables,
        pseudo=pseudo,
        by=tuple(by or ()),
        models_dir=models_dir,
        all_dyads=all_dyads,
    )
    with BatchProgress() as progress:
        done = run_batch(manifest, out, settings, options, watch=progress.watch)
    counts = ", ".join(f"{count} {status}" for status, count in sorted(done.statuses.items()))
    typer.echo(
        f"{done.dyads - len(done.errors)} of {done.dyads} dyads and {done.pseudo} pseudo-dyads scored "
        f"({counts}); the results are in {done.folder}.",
        err=True,
    )
    if done.errors:
        first = next(iter(done.errors))
        more = f" ({len(done.errors) - 1} more in results.csv)" if len(done.errors) > 1 else ""
        raise BatchError(f"{first} could not be scored: {done.errors[first]}{more}")
    if strict and done.statuses.get("scored", 0) < done.dyads:
        raise BatchError(
            "Not every dyad was seen well and whole (--strict); see status and notes in results.csv."
        )
