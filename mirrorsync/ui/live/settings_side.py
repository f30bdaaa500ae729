"""Settings from the window's side: shown, changed, kept, and told to whoever follows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QDialog, QWidget

from mirrorsync.errors import MirrorSyncError
from mirrorsync.settings import Settings
from mirrorsync.ui.live.settings_dialog import SettingsDialog

__all__ = ["SettingsSide"]


class SettingsSide(QObject):
    """Holds the settings in force.

    Parameters
    ----------
    settings : Settings
        Those at first.
    keep : callable or None
        Keeps changed settings for the next time.
    open_dialog : callable
        Shows a dialog in front of the window.
    front : callable
        Returns the window that is in front now.

    Signals
    -------
    changed(Settings)
        Others are in force; what changes scores waits for the next start.
    told(str)
        A sentence for the status line.
    """

    changed = pyqtSignal(object)
    told = pyqtSignal(str)

    def __init__(
        self,
        settings: Settings,
        keep: Callable[[Settings], None] | None,
        *,
        open_dialog: Callable[[QDialog], None],
        front: Callable[[], QWidget],
    ) -> None:
        super().__init__()
        self.value = settings
        self._keep, self._open, self._front = keep, open_dialog, front

    def show(self) -> None:
        """Open the settings."""
        dialog = SettingsDialog(self._front(), self.value)
        dialog.accepted.connect(lambda: self.take(dialog.settings))
        self._open(dialog)

    def change(self, **changes: Any) -> None:
        """Change settings by name."""
        self.take(self.value.with_(**changes))

    def take(self, settings: Settings) -> None:
        """Put `settings` in force and keep them; if that fails, they count until the end."""
        if settings == self.value:
            return
        self.value = settings
        self.changed.emit(settings)
        if self._keep is not None:
            try:
                self._keep(settings)
            except MirrorSyncError as error:
                self.told.emit(str(error))
