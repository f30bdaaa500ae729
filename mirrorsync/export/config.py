"""config.toml: the settings in force, beside the results, ready to be given back with `--config`."""

from __future__ import annotations

from pathlib import Path

from mirrorsync.settings import SETTINGS, Settings
from mirrorsync.settings_file import toml_value

__all__ = ["CONFIG_NAME", "config_text", "write_config"]

CONFIG_NAME = "config.toml"


def config_text(settings: Settings) -> str:
    """Return the settings that an analysis depends on as TOML, each under its help."""
    lines = ["# What this analysis was made with; mirrorsync analyze A B --config config.toml repeats it."]
    for name, setting in SETTINGS.items():
        if setting.affects_scores or setting.group == "analysis":
            unit = f" ({setting.unit})" if setting.unit else ""
            lines += [
                "",
                f"# {setting.help.rstrip('.')}{unit}.",
                f"{name} = {toml_value(getattr(settings, name))}",
            ]
    return "\n".join(lines) + "\n"


def write_config(settings: Settings, folder: Path) -> None:
    """Write config.toml into `folder`.

    Raises
    ------
    OSError
        The folder cannot be written (`output_folder` turns it into a sentence).
    """
    (folder / CONFIG_NAME).write_text(config_text(settings), encoding="utf-8", newline="\n")
