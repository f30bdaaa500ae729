"""Opening the window, and painting it into a file where there is no screen."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PyQt6.QtCore import QSettings, QTimer
from PyQt6.QtWidgets import QApplication

from mirrorsync.capture.cameras import Camera, CameraWatch, list_cameras
from mirrorsync.engine.status import FeedStatus, LiveStatus
from mirrorsync.errors import ExportError
from mirrorsync.settings import Settings
from mirrorsync.types import Snapshot
from mirrorsync.ui import texts
from mirrorsync.ui.application import application
from mirrorsync.ui.live.bridge import ControllerFactory, LiveController
from mirrorsync.ui.live.main_window import MainWindow

__all__ = ["grab_window_png", "run_window"]

# Python sees Ctrl-C only when it gets to run; this often is enough.
_CTRL_C_MS = 300
_CAMERAS_MS = 2000  # how often it is looked whether a camera has come or gone


def run_window(
    feed_a: str,
    feed_b: str,
    settings: Settings,
    make_controller: ControllerFactory,
    *,
    cameras: Sequence[Camera] | None = None,
    start: bool = False,
    keep_settings: Callable[[Settings], None] | None = None,
    notice: str = "",
) -> int:
    """Open the window and return Qt's exit code when it is closed.

    Parameters
    ----------
    feed_a, feed_b : str
        Feed strings that stand in the pickers; may be empty.
    settings : Settings
        Handed to every session.
    make_controller : callable
        ``make_controller(feed_a, feed_b, settings)`` makes the session behind Start.
    cameras : sequence of Camera, optional
        Offered in the pickers; by default those the system lists.
    start : bool
        Whether to start at once.
    keep_settings : callable, optional
        Keeps settings that were changed in the window.
    notice : str
        A sentence for the status line.
    """
    app = application()
    window = MainWindow(
        feed_a,
        feed_b,
        settings,
        make_controller,
        cameras=list_cameras() if cameras is None else cameras,
        watch=CameraWatch() if cameras is None else None,
        store=QSettings(texts.APP, texts.APP),
        keep_settings=keep_settings,
    )
    before = signal.signal(signal.SIGINT, lambda *_: app.closeAllWindows())  # the journal's, too
    listening = QTimer()
    listening.timeout.connect(lambda: None)
    listening.start(_CTRL_C_MS)
    looking = QTimer()
    looking.timeout.connect(window.pictures.look_for_cameras)
    looking.start(_CAMERAS_MS)
    window.show()
    if notice:
        window.status_bar.say(notice)
    if start:
        QTimer.singleShot(0, window.toggle_running)
    try:
        return app.exec()
    finally:
        listening.stop()
        looking.stop()
        signal.signal(signal.SIGINT, before)


def grab_window_png(
    snapshots: Iterable[Snapshot],
    path: Path,
    *,
    feed_a: str = "portrait:you",
    feed_b: str = "portrait:partner",
    settings: Settings | None = None,
    dark: bool = False,
    size: tuple[int, int] = (1280, 800),
) -> None:
    """Paint the real window, after `snapshots`, into a PNG; needs no screen.

    Parameters
    ----------
    snapshots : iterable of Snapshot
        In order of time; taken one by one, so a generator needs no memory. The last ones' frames are
        the pictures, the last two minutes fill the strip.
    path : Path
        The PNG to write.
    feed_a, feed_b : str
        What stands in the pickers.
    settings : Settings, optional
        Those of the session (weights of attunement).
    dark : bool
        Paint the dark theme.
    size : tuple of int
        Width and height in pixels.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    if QApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application()
    window = MainWindow(feed_a, feed_b, settings or Settings(), _no_session)
    window.resize(*size)
    if dark != (window.theme.name == "dark"):
        window.toggle_theme()
    window.ensurePolished()
    newest: Snapshot | None = None
    for newest in snapshots:
        window.bridge.show_snapshot(newest)
    if newest is not None:
        window.bridge.status_changed.emit(_status_of(newest))
        window.status_bar.say(newest.messages[-1] if newest.messages else "")
    picture = window.grab()
    window.close()
    window.deleteLater()
    if not picture.save(str(path), "PNG"):
        raise ExportError(f"The picture {path} could not be written; check the folder and the free space.")


def _status_of(snapshot: Snapshot) -> LiveStatus:
    return LiveStatus(
        running=True,
        a=FeedStatus("live", fps=snapshot.fps_a, dropped=snapshot.dropped_a),
        b=FeedStatus("live", fps=snapshot.fps_b, dropped=snapshot.dropped_b),
    )


def _no_session(feed_a: str, feed_b: str, settings: Settings) -> LiveController:  # noqa: ARG001 - the factory's form
    raise ExportError("A painted window starts no session.")
