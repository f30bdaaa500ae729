"""Image sequences: a folder of numbered pictures, or a pattern such as frames/%05d.png, as a recording.

The numbers are the clock: picture n is shown (n − first) / rate seconds after the first one, so that a
picture that is not there is a gap, as it is in a video.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mirrorsync.capture.picture import fitted_size, to_rgb
from mirrorsync.capture.source import SourceBase
from mirrorsync.checksums import file_sha256
from mirrorsync.errors import SourceError
from mirrorsync.types import Frame

__all__ = ["FrameFiles", "ImageSequence", "frames_sha256"]

DEFAULT_FPS = 25.0
_MOST_FPS = 1000.0
_PICTURES = {".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
_NUMBER = re.compile(r"%(?:0(\d+))?d")
_RATE = re.compile(r"(.+)@(\d+(?:\.\d+)?|\.\d+)")
_LAST_NUMBER = re.compile(r"(.*?)(\d+)(\D*)")
_MOST_NUMBERS = 100  # per picture, above which they are no frame numbers


class FrameFiles:
    """The pictures of an image sequence, by number.

    Parameters
    ----------
    target : str
        A folder with pictures of one series, or a path with one %d (or %05d) where the number stands;
        with @RATE behind it the pictures per second, as in frames@30.

    Attributes
    ----------
    files : list of Path
        Rising by number.
    numbers : list of int
        Of each picture.
    fps : float
        Pictures per second.
    assumed : bool
        Whether nobody stated that.

    Raises
    ------
    SourceError
        There are no such pictures, their names hold no number, or are of several series; or the rate is none.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        place, self.fps, self.assumed = _rated(target)
        if not 0 < self.fps <= _MOST_FPS:
            raise SourceError(
                f"{target} states {self.fps:g} pictures per second; state more than 0 and at most "
                f"{_MOST_FPS:g}, as in {place}@30."
            )
        path = Path(place)
        try:
            found = _in_folder(path) if path.is_dir() else _by_pattern(path)
        except OSError as error:
            raise SourceError(f"{place} cannot be looked at; check the path and who may read it.") from error
        self.numbers = sorted(found)
        self.files = [found[number] for number in self.numbers]
        if self.numbers[-1] - self.numbers[0] > _MOST_NUMBERS * (len(self.numbers) + 10):
            raise SourceError(
                f"The numbers of the pictures in {place} go from {self.numbers[0]} to "
                f"{self.numbers[-1]}, but there are {len(self.numbers)}; number them by frame, as in "
                "00001.png, 00002.png."
            )

    def t_ns(self, at: int) -> int:
        """Return when the picture at a place in `files` is shown, from the first one, in ns."""
        return round((self.numbers[at] - self.numbers[0]) * 1e9 / self.fps)


class ImageSequence(SourceBase):
    """An image sequence as a recording.

    Parameters
    ----------
    target : str
        See `FrameFiles`.
    max_side : int, optional
        Larger pictures are shrunk.

    Raises
    ------
    SourceError
        See `FrameFiles`; or none of the pictures can be read.
    """

    def __init__(self, target: str, *, max_side: int | None = None) -> None:
        self._frames = FrameFiles(target)
        self._max_side = max_side
        self._at = self._index = 0
        self._unreadable: list[Path] = []
        self._pending = self._picture()
        if self._pending is None:
            raise SourceError(
                f"None of the {len(self._frames.files)} pictures of {target} can be read; make them again."
            )
        height, width = self._pending[1].shape[:2]
        numbers = self._frames.numbers
        super().__init__(
            feed=target, fps=self._frames.fps, size=fitted_size(width, height, max_side), live=False,
            frame_count=len(numbers), duration_s=(numbers[-1] - numbers[0] + 1) / self._frames.fps,
        )  # fmt: skip

    @property
    def notes(self) -> tuple[str, ...]:
        """What rate was assumed, which pictures are not there, and which could not be read."""
        frames, notes = self._frames, []
        if frames.assumed:
            notes.append(
                f"{self.feed}: an image sequence has no clock, and {frames.fps:g} pictures per second were "
                "assumed; state the rate behind its name, as in frames@30."
            )
        holes = _holes(frames.numbers)
        if holes:
            notes.append(f"{self.feed}: {holes}; the times go by the numbers.")
        if self._unreadable:
            notes.append(
                f"{self.feed}: pictures that cannot be read, and are gaps: {len(self._unreadable)}, the "
                f"first is {self._unreadable[0].name}."
            )
        return tuple(notes)

    def read(self) -> Frame | None:
        """Return the next picture that can be read; None at the end."""
        shown, self._pending = self._pending or self._picture(), None
        if shown is None:
            return None
        t_ns, picture = shown
        frame = Frame(self.feed, self._index, t_ns, to_rgb(picture, self._max_side))
        self._index += 1
        return frame

    def close(self) -> None:
        """Read nothing more."""
        self._at, self._pending = len(self._frames.files), None

    def _picture(self) -> tuple[int, NDArray[np.uint8]] | None:
        while self._at < len(self._frames.files):
            at, self._at = self._at, self._at + 1
            picture = _decoded(self._frames.files[at])
            if picture is not None:
                return self._frames.t_ns(at), picture
            self._unreadable.append(self._frames.files[at])
        return None


def frames_sha256(target: str, hash_of: Callable[[Path], str] = file_sha256) -> str:
    """Return one SHA-256 of all pictures of an image sequence and their names; SourceError as above."""
    frames = FrameFiles(target)
    lines = [f"{frames.fps!r}", *(f"{file.name} {hash_of(file)}" for file in frames.files)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _holes(numbers: list[int]) -> str:
    """Return which numbers have no picture, in words; empty when each has one."""
    steps = np.diff(numbers)
    if not (steps > 1).any():
        return ""
    if (steps == steps[0]).all():
        return f"one picture in {steps[0]} is there"
    first = numbers[int(np.argmax(steps > 1))] + 1
    return f"numbers without a picture: {int((steps - 1).sum())}, the first is {first}"


def _rated(target: str) -> tuple[str, float, bool]:
    """Return the place without its rate, the rate, and whether that is assumed."""
    rated = _RATE.fullmatch(target)
    if rated is None or Path(target).is_dir():
        return target, DEFAULT_FPS, True
    return rated[1], float(rated[2]), False


def _in_folder(folder: Path) -> dict[int, Path]:
    """Return the pictures of a folder by number."""
    pictures = [one for one in folder.iterdir() if _is_picture(one)]
    if not pictures:
        raise SourceError(
            f"{folder} is a folder without pictures; name a video file inside it, or a folder of frames."
        )
    series: dict[tuple[str, str], dict[int, Path]] = {}
    for one in pictures:
        parts = _LAST_NUMBER.fullmatch(one.stem)
        if parts is None:
            raise SourceError(f"{one} has no number in its name; name pictures by frame, as in 00001.png.")
        before, number, after = parts.groups()
        found = series.setdefault((before, f"{after}{one.suffix}"), {})
        if int(number) in found:
            raise SourceError(
                f"{found[int(number)]} and {one.name} have the same number; keep one of the two."
            )
        found[int(number)] = one
    if len(series) > 1:
        names = ["%d".join(ends) for ends in sorted(series)]
        raise SourceError(
            f"{folder} holds {len(series)} series of pictures ({names[0]}, {names[1]}); name the one that is "
            f"meant, as in {folder / names[0]}."
        )
    return next(iter(series.values()))


def _by_pattern(path: Path) -> dict[int, Path]:
    """Return the pictures of a pattern by number."""
    mark = _NUMBER.search(path.name)
    if mark is None:
        raise SourceError(f"There is no folder {path}; check the spelling.")
    digits = r"\d+" if mark[1] is None else rf"\d{{{int(mark[1])},}}"
    name = re.compile(
        re.escape(path.name[: mark.start()]) + f"({digits})" + re.escape(path.name[mark.end() :])
    )
    if not path.parent.is_dir():
        raise SourceError(f"There is no folder {path.parent}; check the spelling.")
    found: dict[int, Path] = {}
    for one in path.parent.iterdir():
        number = name.fullmatch(one.name)
        if number is not None and one.is_file():
            found[int(number[1])] = one
    if not found:
        raise SourceError(f"There are no pictures {path}; check the spelling and the numbers.")
    return found


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in _PICTURES and not path.name.startswith(".") and path.is_file()


def _decoded(file: Path) -> NDArray[np.uint8] | None:
    """Return a picture, upright by its own metadata, blue first; None when it cannot be read."""
    try:
        data = np.fromfile(file, dtype=np.uint8)  # cv2.imread takes no names beyond ASCII on Windows
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    except (OSError, cv2.error):
        return None
    return None if picture is None else np.asarray(picture, dtype=np.uint8)
