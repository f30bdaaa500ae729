"""The newest picture of a live feed, read in a thread of its own while the one before is looked at."""

from __future__ import annotations

import threading

from mirrorsync.capture.mailbox import Mailbox
from mirrorsync.capture.source import VideoSource, WrappedSource
from mirrorsync.types import Frame

__all__ = ["NewestSource"]


class NewestSource(WrappedSource):
    """Reads a live source at its own pace and delivers its newest picture; older ones are dropped.

    A camera that nobody reads from keeps its pictures, and hands out old ones late, under the time at which
    they were asked for. Read all the time, its times are right however slow the landmarkers are; and they
    need not wait for a picture to be decoded.

    Parameters
    ----------
    inner : VideoSource
        A live source; owned and closed by this one.
    name : str
        Of the thread.

    Attributes
    ----------
    dropped : int
        Pictures that nobody took so far.
    """

    def __init__(self, inner: VideoSource, *, name: str) -> None:
        super().__init__(inner)
        self._mailbox: Mailbox[Frame] = Mailbox()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Pictures that nobody took so far."""
        return self._mailbox.dropped

    def read(self) -> Frame | None:
        """Wait for a picture that was not delivered yet and return it; None at the end and after closing.

        Raises
        ------
        SourceError
            The feed broke off; its last picture was delivered before.
        """
        frame = self._mailbox.get()
        if frame is None and self._error is not None:
            raise self._error
        return frame

    def close(self) -> None:
        """Close the inner source and wait for the thread; may be called again."""
        self._mailbox.close()
        self.inner.close()
        self._thread.join()

    def _work(self) -> None:
        try:
            for frame in self.inner:
                if self._mailbox.closed:
                    return
                self._mailbox.put(frame)
        except BaseException as error:  # noqa: BLE001 - carried to whoever reads
            self._error = error
        finally:
            self._mailbox.close()
