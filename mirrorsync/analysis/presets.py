"""The field's customary windows, as settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mirrorsync.errors import UsageError
from mirrorsync.settings import Settings, load_settings

__all__ = ["PRESETS", "preset_settings"]

PRESETS: dict[str, dict[str, Any]] = {
    # smooth_s of rMEA: the causal smoother that delays as much as half its moving average of 0.5 s
    "rmea": {"preset": "rmea", "window_s": 60.0, "lag_s": 5.0, "step_s": 30.0, "smooth_s": 0.25},
    "susy": {"preset": "susy", "window_s": 30.0, "lag_s": 5.0, "step_s": 30.0, "smooth_s": 0.0},
    "wcc": {"preset": "wcc", "window_s": 10.0, "lag_s": 5.0, "step_s": 1.0, "smooth_s": 0.0},
    "none": {"preset": "none"},
}
"""What each preset stands for."""


def preset_settings(config: Path | None = None, preset: str | None = None, **given: Any) -> Settings:
    """Return the settings of a TOML file, changed by a preset and then by what is `given`.

    Raises
    ------
    UsageError
        There is no such preset, or a setting is unknown or impossible.
    """
    if preset is not None and preset not in PRESETS:
        raise UsageError(f"There is no preset {preset!r}; choose one of {', '.join(PRESETS)}.")
    return load_settings(config, **{**PRESETS.get(preset or "", {}), **given})
