"""Sound beside the pictures: of you, of your partner, or both; silently absent without a loudspeaker."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QIODevice, QObject, Qt, QTimer
from PyQt6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices

from mirrorsync.capture.feed import parse_feed
from mirrorsync.capture.sound import sound_chunks
from mirrorsync.errors import MirrorSyncError

__all__ = ["SoundFeed", "SoundPlayer", "mixed"]

RATE_HZ = 48_000
_BLOCK_S = 0.1
_AHEAD = 8  # blocks
_WRITE_MS = 20
_DRIFT_S = 0.12


def mixed(
    files: tuple[str | None, str | None], offset_s: float, start_s: float, speed: float
) -> Iterator[NDArray[np.int16]]:
    """Yield the sound of one or two recordings in blocks of `_BLOCK_S`, as it is heard at a speed.

    Parameters
    ----------
    files : (str or None, str or None)
        A's and B's recording; None is not heard, and a recording without sound is silence.
    offset_s : float
        How late B is.
    start_s : float
        Where in the session to begin.
    speed : float
        Seconds of the session a second; other speeds change the pitch.

    Yields
    ------
    ndarray of int16, shape (n, 2)
        Left and right.
    """
    length = round(_BLOCK_S * RATE_HZ * speed)  # samples of the recording that fill a block
    sides = [
        _blocks(file, start_s + late_s, length)
        for file, late_s in zip(files, (0.0, offset_s), strict=True)
        if file is not None
    ]
    heard = np.linspace(0, length - 1, round(_BLOCK_S * RATE_HZ))
    while sides:
        parts = [part for part in (next(side, None) for side in sides) if part is not None]
        if not parts:
            return
        total = np.sum(parts, axis=0) / len(sides)
        if speed != 1.0:
            at = np.arange(length)
            total = np.column_stack([np.interp(heard, at, total[:, k]) for k in range(2)])
        yield np.asarray(np.clip(total, -1.0, 1.0) * 32767, dtype=np.int16)


def _blocks(file: str, start_s: float, length: int) -> Iterator[NDArray[np.float32]]:
    """Yield a recording's sound in blocks of `length` samples, silence before its start."""
    rest = np.zeros((max(round(-start_s * RATE_HZ), 0), 2), np.float32)
    try:
        chunks = sound_chunks(file, rate_hz=RATE_HZ, channels=2, start_s=max(start_s, 0.0))
        for chunk in chunks:
            rest = np.concatenate([rest, chunk.samples])
            while len(rest) >= length:
                yield rest[:length]
                rest = rest[length:]
    except MirrorSyncError:
        return  # a recording without sound, or one whose picture already says that it is gone


class SoundFeed:
    """Decodes ahead in a thread of its own, a second at most."""

    def __init__(self, blocks: Iterator[NDArray[np.int16]]) -> None:
        self._blocks = blocks
        self._queue: queue.Queue[bytes] = queue.Queue(maxsize=_AHEAD)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="mirrorsync-sound", daemon=True)
        self._thread.start()

    def take(self) -> bytes:
        """Return the next block, empty when there is none yet."""
        try:
            return self._queue.get_nowait()
        except queue.Empty:
            return b""

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        for block in self._blocks:
            while not self._stop.is_set():
                try:
                    self._queue.put(block.tobytes(), timeout=0.05)
                    break
                except queue.Full:
                    continue
            if self._stop.is_set():
                return


class SoundPlayer(QObject):
    """Plays the sound of a session's recordings from where playback is.

    Parameters
    ----------
    feed_a, feed_b : str
        Feed strings; parts of one file have one sound.
    """

    def __init__(self, feed_a: str, feed_b: str) -> None:
        super().__init__()
        specs = [parse_feed(feed) for feed in (feed_a, feed_b)]
        files = [spec.target if spec.kind == "file" else None for spec in specs]
        if files[0] == files[1]:
            files[1] = None  # the sound of one recording is heard once
        self._files = (files[0], files[1])
        device = QMediaDevices.defaultAudioOutput()
        self.available = not device.isNull() and any(files)
        self._choice = "both"
        self._feed: SoundFeed | None = None
        self._rest = b""
        self._sink: QAudioSink | None = None
        self._output: QIODevice | None = None
        self._began_s = 0.0
        self._speed = 1.0
        if self.available:
            form = QAudioFormat()
            form.setSampleRate(RATE_HZ)
            form.setChannelCount(2)
            form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
            self._sink = QAudioSink(device, form, self)
            self._sink.setBufferSize(round(0.2 * RATE_HZ) * 4)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_WRITE_MS)
        self._timer.timeout.connect(self._write)

    def choose(self, choice: str) -> None:
        """Choose whose sound is heard: "both", "a", "b" or "none"; begins with the next `start`."""
        self._choice = choice

    def start(self, position_s: float, speed: float, offset_s: float) -> None:
        """Play from a position."""
        self.stop()
        if self._sink is None or self._choice == "none":
            return
        one = self._files[1] is None
        files = (
            self._files[0] if self._choice in ("both", "a") or one else None,
            self._files[1] if self._choice in ("both", "b") else None,
        )
        self._feed = SoundFeed(mixed(files, offset_s, position_s, speed))
        self._began_s, self._speed, self._rest = position_s, speed, b""
        self._output = self._sink.start()
        self._timer.start()

    def stop(self) -> None:
        """Be silent."""
        self._timer.stop()
        if self._sink is not None:
            self._sink.stop()
        self._output = None
        if self._feed is not None:
            self._feed.close()
            self._feed = None

    def drifted(self, position_s: float) -> bool:
        """Return whether what is heard has come too far from where playback is."""
        if self._sink is None or self._output is None:
            return False
        heard_s = self._began_s + self._sink.processedUSecs() / 1e6 * self._speed
        return abs(heard_s - position_s) > _DRIFT_S * max(self._speed, 1.0) + 0.2

    def _write(self) -> None:
        if self._sink is None or self._output is None or self._feed is None:
            return
        while self._sink.bytesFree() > 0:
            if not self._rest:
                self._rest = self._feed.take()
            if not self._rest:
                return
            written = self._output.write(self._rest[: self._sink.bytesFree()])
            if written <= 0:
                return
            self._rest = self._rest[written:]
