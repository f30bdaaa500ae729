"""The options that `analyze`, `batch` and others have in common, and settings out of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mirrorsync.errors import UsageError

if TYPE_CHECKING:
    from mirrorsync.settings import Settings

__all__ = [
    "Config",
    "Lag",
    "Mirror",
    "ModelsDir",
    "NoChance",
    "Out",
    "Rate",
    "Seconds",
    "Seed",
    "Step",
    "Window",
    "chosen_settings",
]

Config = Annotated[
    Path | None, typer.Option(help="TOML file with settings, such as the config.toml of earlier results.")
]
Lag = Annotated[float | None, typer.Option(help="Longest lag, s.")]
Mirror = Annotated[str | None, typer.Option(help="auto, mirror or anatomical.")]
ModelsDir = Annotated[Path | None, typer.Option(help="Folder of the model files.")]
NoChance = Annotated[bool, typer.Option("--no-chance", help="Spare the comparison with chance.")]
Out = Annotated[Path, typer.Option(help="Folder for the results.", show_default=False)]
Rate = Annotated[float | None, typer.Option(help="Rate of the common clock, Hz.")]
Seconds = Annotated[float | None, typer.Option(help="Analyse only this much from the start.")]
Seed = Annotated[int | None, typer.Option(help="Seed of every random choice.")]
Step = Annotated[float | None, typer.Option(help="A new window this often, s.")]
Window = Annotated[float | None, typer.Option(help="Length of the correlation window, s.")]


def chosen_settings(
    config: Path | None, *, preset: str | None, labels: str | None = None, **given: Any
) -> Settings:
    """Return the settings of `config`, changed by the preset and by every option given (not None)."""
    from mirrorsync.analysis.presets import preset_settings

    changes = {name: value for name, value in given.items() if value is not None}
    if labels is not None:
        names = [name.strip() for name in labels.split(",")]
        if len(names) != 2 or not all(names):
            raise UsageError('--labels takes two names with a comma between, as in --labels "You,Partner".')
        changes["label_a"], changes["label_b"] = names
    return preset_settings(config, preset, **changes)
