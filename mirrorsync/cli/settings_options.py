"""Settings out of the options of `analyze` and `batch`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mirrorsync.errors import UsageError

if TYPE_CHECKING:
    from mirrorsync.settings import Settings

__all__ = ["chosen_settings"]


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
