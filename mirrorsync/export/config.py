"""config.toml: the settings in force, beside the results, ready to be given back with `--config`."""

from __future__ import annotations

import json
from pathlib import Path

from mirrorsync.settings import SETTINGS, Settings

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
                f"{name} = {_toml(getattr(settings, name))}",
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


def _toml(value: object) -> str:
    """Return a value as TOML writes it; of texts, what JSON escapes TOML escapes alike."""
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
