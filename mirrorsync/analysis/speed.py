"""How fast this machine is: the bare models, and everything from pictures to stored scores, on two feeds."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from mirrorsync.analysis.recordings import SESSION_NAME, new_meta
from mirrorsync.assets import asset_path
from mirrorsync.capture.portrait import PortraitSource
from mirrorsync.capture.source import SourceBase, VideoSource
from mirrorsync.engine.observe import MakeLandmarker
from mirrorsync.engine.offline import analyse
from mirrorsync.engine.status import Reduced
from mirrorsync.engine.step_down import foreseen
from mirrorsync.session.store import SessionWriter
from mirrorsync.settings import Settings
from mirrorsync.types import Frame

__all__ = ["Speed", "bare_pairs_per_s", "measure_speed", "pipeline_pairs_per_s"]

LIVE_FPS = 30.0
"""Pictures a second of a usual camera."""

_WARM_UP = 5  # pictures: the models search before they track


class _Models(Protocol):
    def detect(self, frame: Frame) -> object: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Speed:
    """What a machine does with two feeds of 640×480 at once.

    Attributes
    ----------
    models_pairs_per_s : float
        Pairs of pictures a second through both models and nothing else.
    pairs_per_s : float
        Pairs a second from pictures in memory to stored scores.
    body_share : float
        0–1, share of the work on a picture that finding the body is.
    reduced : "", "body_second", "body_third" or None
        What a live session with cameras of 30 pictures a second leaves out (see
        `mirrorsync.engine.step_down`); None: even then it misses pictures.
    live_pairs_per_s : float
        Pairs a second that such a session keeps, at most 30.
    """

    models_pairs_per_s: float
    pairs_per_s: float
    body_share: float
    reduced: Reduced | None
    live_pairs_per_s: float


class _Held(SourceBase):
    """Pictures in memory as a feed."""

    def __init__(self, frames: Sequence[Frame], fps: float) -> None:
        width, height = frames[0].width, frames[0].height
        super().__init__(
            feed=frames[0].feed, fps=fps, size=(width, height), live=False, frame_count=len(frames),
            duration_s=len(frames) / fps,
        )  # fmt: skip
        self._left: Iterator[Frame] = iter(frames)

    def read(self) -> Frame | None:
        return next(self._left, None)

    def close(self) -> None:
        self._left = iter(())


def bare_pairs_per_s(
    pictures: tuple[Sequence[Frame], Sequence[Frame]], make_models: Callable[[], _Models]
) -> float:
    """Return pairs a second of what `make_models` makes, one thread a feed, set-up left out.

    Parameters
    ----------
    pictures : two sequences of Frame
        A's and B's, in memory.
    make_models : callable
        Makes one feed's models, in the thread that uses them.
    """
    ready = threading.Barrier(3)
    failed: list[BaseException] = []

    def work(frames: Sequence[Frame]) -> None:
        try:
            models = make_models()
        except BaseException as error:  # noqa: BLE001 - carried to the thread that waits
            failed.append(error)
            ready.abort()
            return
        try:
            ready.wait()
            for frame in frames:
                models.detect(frame)
        except threading.BrokenBarrierError:
            pass  # the other feed's models could not be made
        except BaseException as error:  # noqa: BLE001 - carried to the thread that waits
            failed.append(error)
        finally:
            models.close()

    threads = [
        threading.Thread(target=work, args=(frames,), name=f"mirrorsync-bench-{side}")
        for side, frames in zip("ab", pictures, strict=True)
    ]
    for thread in threads:
        thread.start()
    with suppress(threading.BrokenBarrierError):  # told below
        ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - began
    if failed:
        raise failed[0]
    return min(map(len, pictures)) / taken


def pipeline_pairs_per_s(
    a: VideoSource, b: VideoSource, n: int, settings: Settings, make_landmarker: MakeLandmarker
) -> float:
    """Return pairs a second from two sources of `n` pictures each to stored scores, everything left in."""
    with tempfile.TemporaryDirectory(prefix="mirrorsync-") as folder:
        began = time.perf_counter()
        with SessionWriter(Path(folder) / SESSION_NAME, new_meta(a.feed, b.feed, settings)) as writer:
            for snapshot in analyse(a, b, settings, make_landmarker):
                writer.add(snapshot)
        return n / (time.perf_counter() - began)


def measure_speed(
    *, seconds: float = 4.0, models_dir: Path | None = None, told: Callable[[str], None] = lambda _: None
) -> Speed:
    """Measure with the built-in portrait pair, in memory.

    Parameters
    ----------
    seconds : float
        Length of the pair's recordings; it takes a few times as long.
    models_dir : Path, optional
        Folder of the model files.
    told : callable
        Called with what is done next, in a few words.

    Raises
    ------
    AssetError
        A model or the portrait is missing.
    """
    from mirrorsync.landmarks.mediapipe_tasks import MediaPipeLandmarker

    def whole() -> Any:
        return MediaPipeLandmarker(models_dir=models_dir)

    def bare() -> Any:
        return MediaPipeLandmarker(models_dir=models_dir, chest=False, believe_all=True)

    told("painting the pictures")
    portrait = asset_path("astronaut.png", models_dir)
    you, partner = (
        list(PortraitSource(who, seconds=seconds, fps=LIVE_FPS, path=portrait)) for who in ("you", "partner")
    )
    told("the bare models")
    models = bare_pairs_per_s((you, partner), bare)
    told("the body's share")
    share = _body_share(you, whole)
    told("the whole pipeline")
    with ExitStack() as stack:
        made = [stack.enter_context(whole()) for _ in range(2)]  # once a session: no part of the speed
        settings = Settings()
        a, b = _Held(you, LIVE_FPS), _Held(partner, LIVE_FPS)
        pairs = pipeline_pairs_per_s(a, b, len(you), settings, lambda: made.pop())
    reduced, load = foreseen(1.0 / pairs, (1.0 - share) / pairs, interval=1.0 / LIVE_FPS)
    return Speed(models, pairs, share, reduced, min(LIVE_FPS, LIVE_FPS / load))


def _body_share(frames: Sequence[Frame], make: Callable[[], Any]) -> float:
    """Return which share of the work on a picture finding the body is, every second picture without it."""
    took: dict[bool, list[float]] = {True: [], False: []}
    with make() as landmarker:
        for k, frame in enumerate(frames):
            began = time.perf_counter()
            landmarker.detect(frame, body=k % 2 == 0 or k < _WARM_UP)
            if k >= _WARM_UP:
                took[k % 2 == 0].append(time.perf_counter() - began)
    with_body, without = (sorted(took[body])[len(took[body]) // 2] for body in (True, False))
    return min(max(1.0 - without / with_body, 0.0), 1.0)
