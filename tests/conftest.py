"""What every test gets: no display, no stray log, no thread left behind."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from patience import patience, patient_s
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
settings.register_profile("mirrorsync", deadline=None)  # how long a test takes is no finding
settings.load_profile("mirrorsync")

_THREAD_GRACE_S = 5.0


class _Listener(logging.Handler):
    """Keeps what is logged at WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.levelname} {record.name}: {record.getMessage()}")


class _PatientBot(QtBot):
    """Waits longer where the machine is slow; the tests name times of a fast one."""

    def waitUntil(self, callback: Any, *, timeout: int = 5000) -> None:
        super().waitUntil(callback, timeout=round(timeout * patience()))

    def waitSignal(self, signal: Any, *, timeout: int = 5000, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=round(timeout * patience()), **more)

    def waitSignals(self, signals: Any, *, timeout: int = 5000, **more: Any) -> Any:
        return super().waitSignals(signals, timeout=round(timeout * patience()), **more)


@pytest.fixture
def qtbot(qapp: Any, request: pytest.FixtureRequest) -> QtBot:
    """Return pytest-qt's robot with the patience that this machine needs."""
    return _PatientBot(request)


@pytest.fixture(autouse=True)
def _no_stray_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning or an error, unless it takes `caplog` and so looks for it itself."""
    listener = _Listener()
    logging.getLogger().addHandler(listener)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(listener)
    if listener.heard and "caplog" not in request.fixturenames:
        pytest.fail("stray log: " + "; ".join(listener.heard))


@pytest.fixture(autouse=True)
def _no_living_threads() -> Iterator[None]:
    """Fail a test after which a thread that it started still runs."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + patient_s(_THREAD_GRACE_S)
    left = []
    for thread in set(threading.enumerate()) - before:
        if isinstance(thread, threading._DummyThread):
            continue  # a thread of Qt's or MediaPipe's that Python has merely met
        thread.join(max(0.0, deadline - time.monotonic()))
        if thread.is_alive():
            left.append(thread.name)
    if left:
        pytest.fail("threads left alive: " + ", ".join(sorted(left)))


@pytest.fixture(autouse=True)
def _no_closed_windows() -> Iterator[None]:
    """Delete the windows that a test closed, before the next test begins.

    `deleteLater` waits for an event loop that no test runs. Without this, closed windows live on until the
    garbage collector takes them apart, in whatever order and while whatever test it happens to be.
    """
    yield
    core = sys.modules.get("PyQt6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)


@pytest.fixture(scope="session", autouse=True)
def _nobodys_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests out of the journal and the sessions of whoever runs them."""
    nowhere = str(tmp_path_factory.mktemp("nobody"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("platformdirs.user_data_dir", lambda *_, **__: nowhere)
        yield


@pytest.fixture(scope="session")
def shared_media() -> Path:
    """Return the folder with real clips; skip where it is not there."""
    named = os.environ.get("MIRRORSYNC_SHARED")
    shared = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    media = shared / "media"
    if not media.is_dir():
        pytest.skip(f"no real clips: {media} is not there (MIRRORSYNC_SHARED names another place)")
    return media
