"""The Typer application: it only gathers the command groups, one file each."""

from __future__ import annotations

import importlib
from typing import Annotated, Any

import typer

from mirrorsync.errors import MirrorSyncError, UsageError
from mirrorsync.version import __version__

__all__ = ["app", "run"]

app = typer.Typer(
    name="mirrorsync",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

# One module a command group; each has `register(app)`. They import nothing heavy at the top.
_GROUPS = (
    "live", "demo", "analyze", "batch", "series", "review", "report", "export", "plot", "assets", "devices",
    "doctor", "bench", "journal",
)  # fmt: skip

_PARSERS_WORDS = "Value error, "  # what it puts before its sentence on a choice that there is not
_INTERRUPTED = 130  # what Typer makes of Ctrl+C


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mirrorsync {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    _show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """See how two people attune to each other, on your own machine. Without a command: the window.

    Any command takes --debug, which shows the full traceback when something goes wrong.

    Example: mirrorsync demo
    """
    if context.invoked_subcommand is None:
        from mirrorsync.cli.live import live

        live()


for _group in _GROUPS:
    importlib.import_module(f"mirrorsync.cli.{_group}").register(app)


def run(words: list[str]) -> int:
    """Run the command line on `words`; return the exit code.

    Raises
    ------
    UsageError
        Wrong usage: an unknown command or option, a missing or impossible argument.
    MirrorSyncError
        Whatever a command raised, unchanged.
    KeyboardInterrupt
        The user pressed Ctrl+C.
    """
    try:
        result: Any = app(args=words, prog_name="mirrorsync", standalone_mode=False)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "mirrorsync"
        told = error.format_message().replace(_PARSERS_WORDS, "")
        message = f"{told.rstrip('.')} (see '{command} --help')."
        kind = UsageError if error.exit_code == 2 else MirrorSyncError
        raise kind(message) from error
    if result == _INTERRUPTED:
        raise KeyboardInterrupt
    return result if isinstance(result, int) else 0
