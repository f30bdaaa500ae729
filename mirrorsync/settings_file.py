"""The user's own settings: one TOML file in the configuration folder, with what differs from the defaults."""

from __future__ import annotations

import contextlib
import json
import os
import tomllib
from pathlib import Path

from mirrorsync.errors import SettingsError
from mirrorsync.settings import SETTINGS, Settings

__all__ = ["keep_settings", "own_settings", "settings_path", "toml_value"]


def settings_path() -> Path:
    """Return where the user's settings lie, which may not be there yet."""
    import platformdirs

    return Path(platformdirs.user_config_dir("MirrorSync", appauthor=False)) / "settings.toml"


def keep_settings(settings: Settings, path: Path | None = None) -> None:
    """Keep `settings` for the next time: wholly, or not at all; readable by the user only.

    Raises
    ------
    SettingsError
        The file cannot be written.
    """
    path = settings_path() if path is None else path
    lines = ["# Settings of MirrorSync that differ from its own; written by the settings window."]
    for name, setting in SETTINGS.items():
        value = getattr(settings, name)
        if value != setting.default:
            lines += ["", f"# {setting.help}", f"{name} = {toml_value(value)}"]
    new = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            new.unlink()
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        new.write_text("\n".join(lines) + "\n", encoding="utf-8")
        new.replace(path)
    except OSError as error:
        raise SettingsError(
            f"The settings could not be kept in {path} ({error.strerror}); they count for this time only."
        ) from error


def own_settings(path: Path | None = None) -> tuple[Settings, str]:
    """Return the user's settings, and a sentence on what of the file was left out (empty: nothing).

    A file that is damaged, or was written by another version, never keeps the window from opening: what
    cannot be used stands at its default.
    """
    path = settings_path() if path is None else path
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings(), ""
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return (
            Settings(),
            f"Your settings in {path} could not be read ({error}); the defaults count.",
        )
    settings, left_out = Settings(), []
    for name, value in found.items():
        try:
            settings = settings.with_(**{name: value})
        except SettingsError:
            left_out.append(name)
    if not left_out:
        return settings, ""
    names = ", ".join(left_out)
    return settings, f"Some of your settings in {path} cannot be used and stand at their defaults: {names}."


def toml_value(value: object) -> str:
    """Return a value as TOML writes it; of texts, what JSON escapes TOML escapes alike."""
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
