"""Opening the review window."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import QSettings, QTimer

from mirrorsync.settings import Settings
from mirrorsync.ui import texts
from mirrorsync.ui.application import application
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review.window import ReviewWindow

__all__ = ["run_review"]

_CTRL_C_MS = 300


def run_review(files: Sequence[Path], settings: Settings, *, models_dir: Path | None = None) -> int:
    """Open the window, with a session or recordings if there are any; return Qt's exit code.

    Parameters
    ----------
    files : sequence of Path
        Nothing, a session file, one recording of both people, or two recordings.
    settings : Settings
        For recordings that are opened.
    models_dir : Path, optional
        Folder of the model files.
    """
    app = application()
    window = ReviewWindow(
        settings, JournalModel(), models_dir=models_dir, store=QSettings(texts.APP, texts.APP)
    )
    before = signal.signal(signal.SIGINT, lambda *_: window.close())
    listening = QTimer()
    listening.timeout.connect(lambda: None)
    listening.start(_CTRL_C_MS)
    window.show()
    if files:
        QTimer.singleShot(0, lambda: window.open_files(files))
    try:
        return app.exec()
    finally:
        listening.stop()
        signal.signal(signal.SIGINT, before)
