"""The last few video files that were opened, remembered between runs and forgotten on request."""

from __future__ import annotations

from PyQt6.QtCore import QSettings

__all__ = ["RecentFiles"]

_KEY = "recent_files"
_MOST = 6


class RecentFiles:
    """Paths, newest first; kept in `store`, or in memory only when there is none."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store
        kept = store.value(_KEY, [], list) if store is not None else []
        self._paths = [path for path in kept or [] if isinstance(path, str)][:_MOST]

    def paths(self) -> tuple[str, ...]:
        """Return the remembered paths, newest first."""
        return tuple(self._paths)

    def add(self, path: str) -> None:
        """Remember a path as the newest."""
        self._paths = [path, *(old for old in self._paths if old != path)][:_MOST]
        self._keep()

    def forget(self) -> None:
        """Forget them all."""
        self._paths = []
        self._keep()

    def _keep(self) -> None:
        if self._store is not None:
            self._store.setValue(_KEY, self._paths)
