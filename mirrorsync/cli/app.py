"""The Typer application: it only gathers the command groups, one file each."""

from __future__ import annotations

import importlib
from typing import Annotated, Any

import typer

from mirrorsync import __version__

__all__ = ["app", "run"]

app = typer.Typer(
    name="mirrorsync",
    help="See how two people attune to each other, on your own machine.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

# One module a command group; each has `register(app)`. They import nothing heavy at the top.
_GROUPS = ("live", "demo", "analyze", "series", "assets", "devices", "doctor")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mirrorsync {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """See how two people attune to each other, on your own machine. Without a command: the window."""
    if context.invoked_subcommand is None:
        from mirrorsync.cli.live import live

        live()


for _group in _GROUPS:
    importlib.import_module(f"mirrorsync.cli.{_group}").register(app)


def run(words: list[str]) -> int:
    """Run the command line on `words`; return the exit code. MirrorSyncError passes through."""
    result: Any = app(args=words, prog_name="mirrorsync", standalone_mode=False)
    return result if isinstance(result, int) else 0
